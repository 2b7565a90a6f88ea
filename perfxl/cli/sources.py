"""What the commands of the year share: looking through what an import wrote, and saying what of it is not used."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from perfxl.cli.console import say, usage
from perfxl.cli.progress import Tally, watched

if TYPE_CHECKING:
    from collections.abc import Mapping

    from perfxl.model.form import Form
    from perfxl.year.sources import FoundDocuments, LeftOut, Opened, Survey

Results = Annotated[
    list[Path], typer.Argument(metavar="结果...", help="导入得到的 .json 文件，或放它们的文件夹。", show_default=False)
]
_TALLY = Tally("正在读取", ("可用", "没有采用"))
_NAMED = 20
"""What is left out for one reason is named one by one up to this number; the rest is counted."""


def find_sources(paths: Sequence[Path]) -> FoundDocuments:
    """Find the documents at some paths; one that leads nowhere is wrong usage, and so are paths without any."""
    from perfxl.year.sources import find

    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        usage(f"找不到：{'、'.join(missing)}")
    found = find(paths)
    if not found.documents and not found.left_out:
        named = "、".join(f"“{path.as_posix()}”" for path in paths)
        usage(f"{named}里没有导入的结果（.json 文件）；请指出 perfxl import 的结果所在的文件夹")
    return found


def open_sources(found: FoundDocuments, known: Mapping[str, Form], *, quiet: bool) -> Iterator[Opened]:
    """Open documents one after another, with a bar where a person watches."""
    from perfxl.year.sources import open_documents

    opened = open_documents(found.documents, known)
    return watched(opened, len(found.documents), _TALLY, _kind, quiet=quiet)


def survey_sources(paths: Sequence[Path], known: Mapping[str, Form], *, quiet: bool) -> Survey:
    """Find and look through what lies at some paths; folders that could not be opened are among what is left out."""
    from msgspec.structs import replace

    from perfxl.year.sources import survey

    found = find_sources(paths)
    surveyed = survey(open_sources(found, known, quiet=quiet), known)
    return replace(surveyed, left_out=(*found.left_out, *surveyed.left_out))


def tell_left_out(left_out: Sequence[LeftOut]) -> None:
    """Say on stderr what is not used, and why, reason by reason."""
    groups: dict[str, list[LeftOut]] = defaultdict(list)
    for one in left_out:
        groups[one.reason].append(one)
    for group in groups.values():
        for one in group[:_NAMED]:
            say(one.message)
        if len(group) > _NAMED:
            say(f"……还有 {len(group) - _NAMED} 项也是这样，没有采用")


def is_unreadable(left_out: Sequence[LeftOut]) -> bool:
    """Tell whether the disk did not give something (exit code 3)."""
    from perfxl.year.sources import Reason

    return Counter(one.reason for one in left_out)[Reason.UNREADABLE] > 0


def _kind(opened: Opened) -> str:
    return _TALLY.kinds[not opened.counting]
