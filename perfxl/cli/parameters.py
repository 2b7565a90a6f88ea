"""What a command takes: the arguments and options that its function's hints declare, and what was typed for them.

A command is a function. ``Annotated[Path, Option("-o --output", …)]`` declares a parameter; its kind says the rest:
``bool`` takes no value, a list takes several, and what has no default has to be given.
"""

from __future__ import annotations

import os
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, TypeAlias, Union, get_args, get_origin, get_type_hints

from msgspec import Struct

from perfxl.cli.console import meant

Offers: TypeAlias = Callable[[], Iterable[tuple[str, str]]]
"""What gives the words that an argument or option may be, each with what it is."""


class UsageError(Exception):
    """What was typed is no call of the command; its text says why."""


class NoValueError(UsageError):
    """An option stands last, and the value that it takes is not there."""

    def __init__(self, parameter: Parameter, name: str) -> None:
        super().__init__(f"选项 {name} 后面要有内容")
        self.parameter = parameter


class Argument(Struct, frozen=True):
    """A parameter that is known by its place. ``reads`` makes a value of a word, of the parameter's kind without it."""

    metavar: str
    help: str
    reads: Callable[[str], object] | None = None
    offers: Offers | None = None


class Option(Struct, frozen=True):
    """A parameter that is known by one of its names, which stand next to each other."""

    names: str
    metavar: str = ""
    help: str = ""
    reads: Callable[[str], object] | None = None
    offers: Offers | None = None


class Parameter(Struct, frozen=True):
    """A parameter of a command's function, ``name`` there."""

    name: str
    declared: Argument | Option
    kind: type
    several: bool
    required: bool
    default: object

    @property
    def names(self) -> list[str]:
        """Return the names of an option, none of an argument."""
        return self.declared.names.split() if isinstance(self.declared, Option) else []

    @property
    def flag(self) -> bool:
        """Tell whether it is an option that takes no value."""
        return self.kind is bool

    @property
    def said(self) -> str:
        """Return what it is called in a message."""
        return f"选项 {self.names[-1]}" if self.names else f"“{self.declared.metavar.rstrip('.')}”"

    def value(self, typed: Sequence[str]) -> object:
        """Return the value of what was typed, the last of several for what takes one; what it is not ends the command."""
        if self.flag:
            return True
        read = self.declared.reads or self.kind
        return [read(word) for word in typed] if self.several else read(typed[-1])


HELP = Parameter("help", Option("-h --help", help="显示这些说明。"), bool, False, False, False)


def parameters_of(function: Callable[..., object]) -> list[Parameter]:
    """Return what a command's function declares, in its order."""
    hints = get_type_hints(function, include_extras=True)
    own: types.FunctionType = function  # type: ignore[assignment]
    places = own.__code__.co_varnames[: own.__code__.co_argcount]
    defaults = own.__defaults__ or ()
    given = dict(zip(places[len(places) - len(defaults) :], defaults, strict=True)) | (own.__kwdefaults__ or {})
    return [_parameter(name, hint, given) for name, hint in hints.items() if get_origin(hint) is Annotated]


def _parameter(name: str, hint: Any, defaults: Mapping[str, object]) -> Parameter:
    kind, declared = get_args(hint)
    if get_origin(kind) in {Union, types.UnionType}:  # a kind, or None where it is not given
        kind = get_args(kind)[0]
    several = get_origin(kind) is list
    single = get_args(kind)[0] if several else kind
    return Parameter(name, declared, single, several, name not in defaults, defaults.get(name))


def expanded(words: Iterable[str]) -> Iterator[str]:
    """Yield words as other systems' shells would hand them over: Windows leaves ``*.xlsx`` and ``%USERPROFILE%`` to us."""
    import re
    from glob import glob

    for word in words:
        plain = os.path.expandvars(os.path.expanduser(word))  # noqa: PTH111 - a word need not be a path
        try:
            found = sorted(glob(plain, recursive=True))  # noqa: PTH207 - likewise
        except re.error:  # a name with brackets, as it stands
            found = []
        yield from found or [plain]


def scan(parameters: Iterable[Parameter], words: Iterator[str]) -> Iterator[tuple[Parameter | None, str]]:
    """Yield each option that was typed with its value, "" for a flag, and with None each other word.

    Words are taken one at a time, as far as the caller goes. Raises UsageError at what is none of these options.
    """
    known = {name: one for one in parameters for name in one.names}
    for word in words:
        if word == "--":
            yield from ((None, rest) for rest in words)
        elif not word.startswith("-") or word == "-":
            yield None, word
        else:
            yield _option(known, word, words)


def _option(known: Mapping[str, Parameter], word: str, words: Iterator[str]) -> tuple[Parameter, str]:
    """Return the option that a word names, and its value: in the word after ``=``, after a short name, or the next word."""
    name, equals, value = word.partition("=")
    if name not in known and not word.startswith("--") and word[:2] in known and not known[word[:2]].flag:
        name, equals, value = word[:2], "=", word[2:].removeprefix("=")
    option = known.get(name)
    if option is None:
        raise UsageError(f"没有“{name}”这个选项{meant(name, known)}")
    if option.flag:
        if equals:
            raise UsageError(f"选项 {name} 后面不用写内容")
        return option, ""
    if not equals:
        following = next(words, None)
        if following is None:
            raise NoValueError(option, name)
        value = following
    return option, value


def values(parameters: Sequence[Parameter], typed: Iterable[tuple[Parameter | None, str]]) -> dict[str, object]:
    """Return the values of a command's parameters by name, of those that were typed.

    Raises UsageError where one is missing or a word too many.
    """
    options: dict[str, tuple[Parameter, list[str]]] = {}
    loose: list[str] = []
    for option, value in typed:
        if option is None:
            loose.append(value)
        else:
            options.setdefault(option.name, (option, []))[1].append(value)
    found = {name: option.value(words) for name, (option, words) in options.items()}
    for argument in (one for one in parameters if not one.names):
        taken = loose[:] if argument.several else loose[:1]
        del loose[: len(taken)]
        if taken:
            found[argument.name] = argument.value(taken)
    missing = next((one for one in parameters if one.required and one.name not in found), None)
    if missing is not None:
        raise UsageError(f"缺少{missing.said}")
    if loose:
        more = " ".join(loose)
        raise UsageError(f"多写了“{more}”，这个命令用不到它；文件名里有空格的，要加上引号")
    return found
