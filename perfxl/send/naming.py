"""Names of generated workbooks, safe on every file system and each of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeAlias

from msgspec import Struct
from msgspec.structs import asdict

from perfxl.model.error import Error
from perfxl.outputs import cut_name, safe_name

SUFFIX = ".xlsx"
_LONGEST_TOGETHER = 120
"""Bytes of several titles in a name that is still to hold unit and year."""

Stem: TypeAlias = Callable[["NameParts"], str]


class PatternError(Error, ValueError):
    """A pattern for file names that cannot be used; says in Chinese why."""


class NameParts(Struct, frozen=True):
    """What a file name may be made of; "" where unknown. Of several forms in a workbook ``form`` and ``title`` name all.

    ``project`` is that of a form that is about one, ``period`` the year with the part of it that a form is about.
    """

    form: str
    title: str
    year: str = ""
    unit: str = ""
    code: str = ""
    project: str = ""
    period: str = ""


def file_names(named: Sequence[NameParts], pattern: str | None = None, suffix: str = SUFFIX) -> list[str]:
    """Return the file names of workbooks: unit, project, title and year as far as known, or what a Jinja2 pattern gives.

    Whatever they are made of, each is one name without folders, and no two are equal, in small letters either: names that
    would be get the unit's code behind, or a number where that is not enough. ``suffix`` is another one for other
    documents. Raises PatternError.
    """
    stem = _usual if pattern is None else _pattern(pattern)
    return [
        name + suffix
        for name in _distinct([_safe(stem(one), suffix) for one in named], [_safe(one.code, suffix) for one in named])
    ]


def named_together(words: Iterable[str], mark: str) -> str:
    """Return the forms of a workbook in one word, each named once; where that is too long the first, and how many."""
    each = list(dict.fromkeys(words))
    whole = mark.join(each)
    return whole if len(each) == 1 or len(whole.encode()) <= _LONGEST_TOGETHER else f"{each[0]}等{len(each)}种表"


def _usual(named: NameParts) -> str:
    return "-".join(part for part in (named.unit, named.project, named.title, named.period or named.year) if part)


def _safe(text: str, suffix: str) -> str:
    return safe_name(text[: -len(suffix)] if text.lower().endswith(suffix) else text)


def _distinct(names: Sequence[str], codes: Sequence[str]) -> list[str]:
    """Tell equal names apart, by code where there is one."""
    count = Counter(name.casefold() for name in names)
    taken = {name for name, times in count.items() if times == 1}
    found = []
    for name, code in zip(names, codes, strict=True):
        own, number = name, 1
        if count[name.casefold()] > 1:
            own = cut_name(name, f"-{code}") if code.strip("_") else name
            while own.casefold() in taken:
                number += 1
                own = cut_name(name, f"({number})")
            taken.add(own.casefold())
        found.append(own)
    return found


def _pattern(pattern: str) -> Stem:
    import jinja2  # noqa: PLC0415 - only a pattern needs it, and it takes its time to load
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    mistaken = PatternError(f"“{pattern}”写得不对，写成 {{{{unit}}}}-{{{{year}}}} 这样")
    # A pattern can go wrong in any way that an expression can: the person who typed it is told, whatever it is.
    try:
        template = SandboxedEnvironment(undefined=jinja2.StrictUndefined).from_string(pattern)
    except Exception as error:
        raise mistaken from error

    def stem(named: NameParts) -> str:
        values = asdict(named)
        try:
            return template.render(values)
        except jinja2.UndefinedError:
            raise PatternError(f"“{pattern}”里用了没有的名称，可用：{'、'.join(values)}") from None
        except Exception as error:
            raise mistaken from error

    return stem
