"""Arguments and options that several commands share, and how what is typed for one becomes its value."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from perfxl.cli.console import meant, usage
from perfxl.model.regex import deferred

_TITLE = deferred(r"^title: *(.+)$", re.MULTILINE)


class ScreenFormat(StrEnum):
    """What goes to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class FailOn(StrEnum):
    """From which severity on the exit code tells of findings."""

    ERROR = "error"
    WARNING = "warning"


_Choice = TypeVar("_Choice", bound=StrEnum)
_SCHEDULER = deferred(
    r"(?:(?P<by>tcp|tls|ws|wss)://)?(?P<host>[A-Za-z0-9_.-]+|\[[0-9A-Fa-f:.]+\]):(?P<port>[0-9]{1,5})"
)
_PORTS = 65536
_LONGEST = 9
"""Digits of the longest number that an option takes."""


def number(option: str, least: int, most: int, like: str) -> Callable[[object], int]:
    """Return what reads a whole number for an option; ``like`` says what it is. Another one ends the command."""

    def read(given: object) -> int:
        plain = unicodedata.normalize("NFKC", str(given)).strip().removesuffix("度").removesuffix("年")
        whole = plain.isascii() and plain.isdigit() and len(plain) <= _LONGEST
        if not whole or not least <= int(plain) <= most:
            usage(f"选项 {option} 填的是“{given}”，应是{like}")
        return int(plain)

    return read


def one_of(option: str, kind: type[_Choice]) -> Callable[[object], _Choice]:
    """Return what reads one of a few words for an option. Another one ends the command."""

    def read(given: object) -> _Choice:
        word = unicodedata.normalize("NFKC", str(given)).strip().lower()
        known = [choice.value for choice in kind]
        if word not in known:
            usage(f"选项 {option} 填的是“{given}”，只能是 {'、'.join(known)}{meant(word, known)}")
        return kind(word)

    return read


def words(option: str) -> Callable[[object], str]:
    """Return what takes a text for an option as it is. A blank one, or one that is no text, ends the command."""

    def read(given: object) -> str:
        text = _not_blank(option, given)
        if not text.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in text):
            usage(f"选项 {option} 里有认不出的字符，请检查命令行的编码后重新输入")
        return text

    return read


def _not_blank(option: str, given: object) -> str:
    if not str(given).strip():
        usage(f"选项 {option} 后面是空的")
    return str(given)


def scheduler(option: str) -> Callable[[object], str]:
    """Return what takes the address of a scheduler for an option. Another text ends the command."""

    def read(given: object) -> str:
        found = _SCHEDULER.fullmatch(unicodedata.normalize("NFKC", _not_blank(option, given)).strip())
        if found is None or not 0 < int(found["port"]) < _PORTS:
            usage(f"选项 {option} 填的是“{given}”，应是调度程序的地址，如 tcp://10.1.2.3:8786")
        return f"{found['by'] or 'tcp'}://{found['host']}:{found['port']}"

    return read


def path(option: str) -> Callable[[object], Path]:
    """Return what takes a path for an option. A blank one, which would be the folder at hand, ends the command."""
    return lambda given: Path(_not_blank(option, given))


def completing(names: Callable[[], Iterator[tuple[str, str]]]) -> Callable[[str], list[tuple[str, str]]]:
    """Return what offers names, each with what it is, that begin with what is typed so far."""
    return lambda incomplete: [(name, said) for name, said in names() if name.startswith(incomplete)]


def choices(kind: type[StrEnum]) -> Callable[[str], list[str]]:
    """Return what offers the words of an option that begin with what is typed so far."""
    return lambda incomplete: [choice.value for choice in kind if choice.value.startswith(incomplete)]


def _forms() -> Iterator[tuple[str, str]]:
    """Yield the ids and titles of the shipped forms without loading them: whoever presses Tab does not wait."""
    from perfxl.forms.stock import definitions, shipped

    for file in definitions([shipped()]):
        title = _TITLE.search(file.read_text(encoding="utf-8"))
        yield file.parent.name, title[1].strip() if title else ""


FormName = Annotated[
    str,
    typer.Argument(
        metavar="表式", help="表式的编号，见 perfxl forms。", show_default=False, autocompletion=completing(_forms)
    ),
]
FormNames = Annotated[
    list[str],
    typer.Argument(
        metavar="表式...",
        help="表式的编号；几个表式合成一个工作簿，表式:4 为同样的 4 张。",
        autocompletion=completing(_forms),
    ),
]
Paths = Annotated[
    list[str],
    typer.Argument(
        metavar="文件或文件夹...",
        help="交回的工作簿，或放它们的文件夹；也可以是 s3://… 这样的地址。",
    ),
]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="文件夹", help="结果放在哪里。", parser=path("-o"))]
Templates = Annotated[
    list[Path] | None,
    typer.Option(
        "--templates", metavar="文件夹", help="另外的表样所在的文件夹，可写多次。", parser=path("--templates")
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option(
        "--jobs",
        metavar="个数",
        help="同时用几个处理器，默认全部。",
        parser=number("--jobs", 1, 256, " 1 到 256 的整数"),
    ),
]
OnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        metavar="地址",
        help="用几台机器一起读：Dask 调度程序的地址，如 tcp://10.1.2.3:8786。",
        parser=scheduler("--cluster"),
    ),
]
Force = Annotated[bool, typer.Option("--force", help="没有变化的文件也重新读取。")]
Roster = Annotated[
    Path | None,
    typer.Option(
        "--roster",
        metavar="名册",
        help="单位名册（CSV 或 Excel）：核对单位名称，谁交了，谁还没有交。",
        parser=path("--roster"),
    ),
]
Earlier = Annotated[
    Path | None,
    typer.Option(
        "--against",
        metavar="文件夹",
        help="以前导入、已经通过的结果：核对指标、目标值、数字是否一致。",
        parser=path("--against"),
    ),
]
OutputFormat = Annotated[
    ScreenFormat,
    typer.Option(
        "--output-format",
        metavar="text|json|jsonl",
        help="屏幕输出的格式。",
        parser=one_of("--output-format", ScreenFormat),
        autocompletion=choices(ScreenFormat),
    ),
]
Quiet = Annotated[bool, typer.Option("--quiet", help="不显示过程和说明。")]
NoColor = Annotated[bool, typer.Option("--no-color", help="不用颜色。")]
Year = Annotated[
    int | None,
    typer.Option(
        "--year",
        metavar="年度",
        help="表的年度，如 2024。",
        parser=number("--year", 2000, 2100, " 2000 到 2100 的年度，写四位，如 2024"),
    ),
]
AskedPeriod = Annotated[
    str | None,
    typer.Option(
        "--period",
        metavar="哪一期",
        help="按季、按月等报的表是哪一期，如 2025年一季度；写了就不用写 --year。",
        parser=words("--period"),
    ),
]
OnlyForm = Annotated[
    str | None,
    typer.Option(
        "--form",
        metavar="表式",
        help="不识别，一律按这个表式读取。",
        parser=words("--form"),
        autocompletion=completing(_forms),
    ),
]
ComparedForm = Annotated[
    str | None,
    typer.Option(
        "--form",
        metavar="表式",
        help="与 --compare 一起用：与哪个表式比较，写它的编号，见 perfxl forms。",
        parser=words("--form"),
        autocompletion=completing(_forms),
    ),
]
ToForm = Annotated[
    str,
    typer.Option(
        "--to",
        metavar="表式",
        help="带入哪个表式，写它的编号，见 perfxl forms。",
        show_default=False,
        parser=words("--to"),
        autocompletion=completing(_forms),
    ),
]
Pattern = Annotated[
    str | None,
    typer.Option("--name", metavar="样式", help="文件名的样式，如 {{code}}-{{unit}}，见文档。", parser=words("--name")),
]
Expect = Annotated[
    list[str] | None,
    typer.Option(
        "--expect",
        metavar="表式[:年度]",
        help="这次要收的表，如 mof-project-goal:2024，可写多次；按季、按月报的可写 2024年一季度；别的不算已报。",
        parser=words("--expect"),
        autocompletion=completing(_forms),
    ),
]
Strict = Annotated[
    FailOn,
    typer.Option(
        "--fail-on",
        metavar="error|warning",
        help="有哪一级意见时退出码为 1。",
        parser=one_of("--fail-on", FailOn),
        autocompletion=choices(FailOn),
    ),
]
