"""What --help says, in Chinese and set as Chinese is; and what is wrong with a command that was typed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any, NamedTuple

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from perfxl.cli.commands import COMMANDS, function, purpose
from perfxl.cli.console import meant

_WIDTH = 100
_NAMES = 26
"""Columns that names take at most before their help stands on a line of its own."""
_HELP = ("-h, --help", "显示这些说明。")


class HelpEntry(NamedTuple):
    """A command, an argument or an option, and what it is for."""

    names: str
    said: str


class Command(TyperCommand):
    """A command whose help is Chinese."""

    def get_help(self, ctx: Any) -> str:
        """Return the help of a command."""
        arguments = [one for one in self.params if one.param_type_name == "argument"]
        options = [one for one in self.params if one.param_type_name == "option"]
        usage = " ".join([ctx.command_path, *(_argument(one) for one in arguments), "[选项]"])
        listed = [HelpEntry(str(one.metavar), _purpose(one)) for one in arguments]
        return _page(usage, self.help, {"参数": listed, "选项": [*map(_option, options), HelpEntry(*_HELP)]})


class HelpGroup(TyperGroup):
    """The program itself. Typer would make out the options of every command before one of them is called."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of the commands."""
        del ctx
        return [*COMMANDS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command as Typer makes it of its function, None where there is none of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
        alone.command(cmd_name, cls=Command)(function(cmd_name))
        return get_command(alone)

    def get_help(self, ctx: Any) -> str:
        """Return the help of the program: its commands and its own options."""
        commands = [HelpEntry(name, purpose(name)) for name in COMMANDS]
        options = [HelpEntry(*_HELP), *(_option(one) for one in self.params)]
        page = _page(f"{ctx.command_path} 命令 …", self.help, {"命令": commands, "选项": options})
        return f"{page}\n\n一个命令怎么用，见 {ctx.command_path} 命令 --help，如 {ctx.command_path} generate --help。"


def _argument(parameter: Any) -> str:
    return str(parameter.metavar) if parameter.required else f"[{parameter.metavar}]"


def _option(parameter: Any) -> HelpEntry:
    names = ", ".join(parameter.opts)
    metavar = f" {parameter.metavar}" if parameter.metavar and not parameter.is_flag else ""
    return HelpEntry(names + metavar, _purpose(parameter))


def _purpose(parameter: Any) -> str:
    said = parameter.help or ""
    given = parameter.default
    if getattr(parameter, "is_flag", False) or parameter.required or not isinstance(given, str | int | PurePath):
        return said
    return f"{said}默认为当前文件夹。" if given == PurePath() else f"{said}默认为 {given}。"


def _page(usage: str, said: str | None, parts: dict[str, Sequence[HelpEntry]]) -> str:
    lines = [f"用法：{usage}", "", *(said or "").strip().split("\n")]
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


def mistake(error: typer.TyperException, typed: Sequence[str], commands: Sequence[str]) -> str:
    """Say what is wrong with a command that was ``typed``, with the argument or option that it is about."""
    parameter = getattr(error, "param", None)
    name = "参数"
    if parameter is not None:
        argument = parameter.param_type_name == "argument"
        name = f"“{str(parameter.metavar).rstrip('.')}”" if argument else f"选项 {parameter.opts[-1]}"
    option = getattr(error, "option_name", "")
    match type(error).__name__:
        case "NoSuchOption":
            said = f"没有“{option}”这个选项{meant(option, getattr(error, 'possibilities', None) or ())}"
        case "MissingParameter":
            said = f"缺少{name}"
        case "BadOptionUsage" if any(word.startswith(f"{option}=") for word in typed):
            said = f"选项 {option} 后面不用写内容"
        case "BadOptionUsage":
            said = f"选项 {option} 后面要有内容"
        case "BadParameter":
            said = f"{name}填得不对"
        case _ if (words := [word for word in typed if not word.startswith("-")]) and words[0] not in commands:
            said = f"没有“{words[0]}”这个命令{meant(words[0], commands)}"
        case _:
            more = error.format_message().rpartition("(")[2].rstrip(")")
            said = f"多写了“{more}”，这个命令用不到它；文件名里有空格的，要加上引号"
    known = [word for word in typed[:1] if word in commands]
    return f"{said}。用法见 {' '.join(['perfxl', *known])} --help"
