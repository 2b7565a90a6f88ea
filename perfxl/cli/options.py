"""Arguments and options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Format(StrEnum):
    """What goes to stdout."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"


class FailOn(StrEnum):
    """From which severity on the exit code tells of findings."""

    ERROR = "error"
    WARNING = "warning"


FormName = Annotated[str, typer.Argument(metavar="表式", help="表式的编号，见 perfxl forms。", show_default=False)]
Paths = Annotated[list[Path], typer.Argument(metavar="文件或文件夹...", help="交回的工作簿，或放它们的文件夹。")]
Output = Annotated[Path, typer.Option("-o", "--output", metavar="文件夹", help="结果放在哪里。")]
Templates = Annotated[
    list[Path] | None, typer.Option("--templates", metavar="文件夹", help="另外的表样所在的文件夹，可写多次。")
]
Jobs = Annotated[int | None, typer.Option("--jobs", metavar="个数", min=1, help="同时用几个处理器，默认全部。")]
Force = Annotated[bool, typer.Option("--force", help="没有变化的文件也重新读取。")]
Roster = Annotated[
    Path | None,
    typer.Option("--roster", metavar="名册", help="单位名册（CSV 或 Excel）：核对单位名称，谁交了，谁还没有交。"),
]
Earlier = Annotated[
    Path | None,
    typer.Option("--against", metavar="文件夹", help="以前导入、已经通过的结果：核对指标、目标值、数字是否一致。"),
]
OutputFormat = Annotated[Format, typer.Option("--output-format", metavar="text|json|jsonl", help="屏幕输出的格式。")]
Quiet = Annotated[bool, typer.Option("--quiet", help="不显示过程和说明。")]
NoColor = Annotated[bool, typer.Option("--no-color", help="不用颜色。")]
Year = Annotated[int | None, typer.Option("--year", metavar="年度", min=2000, max=2100, help="表的年度。")]
OnlyForm = Annotated[str | None, typer.Option("--form", metavar="表式", help="不识别，一律按这个表式读取。")]
Strict = Annotated[FailOn, typer.Option("--fail-on", metavar="error|warning", help="有哪一级意见时退出码为 1。")]
