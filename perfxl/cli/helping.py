"""What --help says, in Chinese and set as Chinese is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import PurePath
from typing import NamedTuple

from perfxl.cli.commands import COMMANDS, PROGRAM, purpose
from perfxl.cli.parameters import HELP, Parameter, parameters_of

_WIDTH = 100
_NAMES = 26
"""Columns that names take at most before their help stands on a line of its own."""


class HelpEntry(NamedTuple):
    """A command, an argument or an option, and what it is for."""

    names: str
    said: str


def command_page(name: str, function: Callable[..., object]) -> str:
    """Return the help of a command."""
    parameters = parameters_of(function)
    arguments = [one for one in parameters if not one.names]
    options = [one for one in parameters if one.names]
    usage = " ".join([PROGRAM, name, *map(_argument, arguments), "[选项]"])
    listed = [HelpEntry(one.declared.metavar, _purpose(one)) for one in arguments]
    return _page(usage, function.__doc__, {"参数": listed, "选项": [*map(_option, [*options, HELP])]})


def program_page(function: Callable[..., object]) -> str:
    """Return the help of the program, whose own options a function takes: these and the commands."""
    commands = [HelpEntry(name, purpose(name)) for name in COMMANDS]
    options = [*map(_option, [HELP, *parameters_of(function)])]
    page = _page(f"{PROGRAM} 命令 …", function.__doc__, {"命令": commands, "选项": options})
    return f"{page}\n\n一个命令怎么用，见 {PROGRAM} 命令 --help，如 {PROGRAM} generate --help。"


def _argument(parameter: Parameter) -> str:
    metavar = parameter.declared.metavar
    return metavar if parameter.required else f"[{metavar}]"


def _option(parameter: Parameter) -> HelpEntry:
    names = ", ".join(parameter.names)
    metavar = parameter.declared.metavar
    return HelpEntry(f"{names} {metavar}" if metavar else names, _purpose(parameter))


def _purpose(parameter: Parameter) -> str:
    said, default = parameter.declared.help, parameter.default
    return f"{said}默认为 {default}。" if isinstance(default, str | PurePath) else said


def _page(usage: str, said: str | None, parts: Mapping[str, Sequence[HelpEntry]]) -> str:
    lines = [f"用法：{usage}", "", *(line.strip() for line in (said or "").strip().split("\n"))]
    for title, entries in parts.items():
        if entries:
            lines += ["", f"{title}：", *_listed(entries)]
    return "\n".join(lines)


def _listed(entries: Iterable[HelpEntry]) -> list[str]:
    from perfxl.reporting.typeset import columns, padded, wrap

    known = list(entries)
    width = min(max(columns(entry.names) for entry in known), _NAMES)
    lines: list[str] = []
    for names, said in known:
        first, *rest = wrap(said, _WIDTH - width - 4)
        lines += (
            [f"  {names}", f"  {' ' * width}  {first}"]
            if columns(names) > width
            else [f"  {padded(names, width)}  {first}"]
        )
        lines += [f"  {' ' * width}  {line}" for line in rest]
    return lines
