"""Notices as documents of Word: all in one, or each by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from perfxl.documents.master import fill_in
from perfxl.documents.values import NOTHING, MergedRows, Part, ReportSection, Words, number
from perfxl.outputs import write_whole
from perfxl.send.naming import NameParts, file_names, named_together
from perfxl.year.notices.outcome import Notice, Point

SUFFIX = ".docx"
TITLE = "退回通知"


def write_together(notices: Sequence[Notice], master: Path, output: Path, deadline: dt.date | None) -> None:
    """Write all notices into one document. Raises MasterError, OSError."""
    write_whole(output, fill_in(master.read_bytes(), master, values(notices, deadline)))


def write_each(notices: Sequence[Notice], master: Path, folder: Path, deadline: dt.date | None) -> tuple[Path, ...]:
    """Write each notice into a document of its own; return the files. Raises MasterError, OSError."""
    data = master.read_bytes()
    names = file_names([_named(notice) for notice in notices], suffix=SUFFIX)
    for name, notice in zip(names, notices, strict=True):
        write_whole(folder / name, fill_in(data, master, values([notice], deadline)))
    return tuple(folder / name for name in names)


def _named(notice: Notice) -> NameParts:
    titles = named_together([form.title for form in notice.forms], "、") if notice.forms else Path(notice.file).stem
    years = {str(form.year) for form in notice.forms if form.year is not None}
    return NameParts(
        form="",
        title=f"{titles}-{TITLE}",
        year=years.pop() if len(years) == 1 else "",
        unit=notice.unit.name or notice.unit.code or "",
        code=notice.unit.code or "",
        project=notice.forms[0].project if len(notice.forms) == 1 else "",
    )


def values(notices: Sequence[Notice], deadline: dt.date | None) -> dict[str, object]:
    """Return what the master may speak of: ``notices``, each with its unit, forms, points and ``deadline``."""
    until = NOTHING if deadline is None else Words(f"{deadline.year}年{deadline.month}月{deadline.day}日")
    return {"notices": MergedRows([_section(notice, until) for notice in notices])}


def _section(notice: Notice, deadline: Part) -> ReportSection:
    return ReportSection(
        {
            "unit": _words(notice.unit.name or notice.unit.code or ""),
            "code": _words(notice.unit.code or ""),
            "form": _words(notice.form),
            "title": _words(_title(notice)),
            "project": _words(notice.project),
            "file": _words(notice.file),
            "marked": _words(notice.marked),
            "deadline": deadline,
            "errors": MergedRows([_point(point) for point in notice.errors]),
            "warnings": MergedRows([_point(point) for point in notice.warnings]),
            "error_count": number(notice.error_count),
            "warning_count": number(notice.warning_count),
            "more_errors": number(notice.more_errors) if notice.more_errors else NOTHING,
            "more_warnings": number(notice.more_warnings) if notice.more_warnings else NOTHING,
        }
    )


def _title(notice: Notice) -> str:
    """Return the forms as a title names them: the year on a line of its own, of several forms the first."""
    if not notice.forms:
        return ""
    first, count = notice.forms[0], len({form.said for form in notice.forms})
    named = f"《{first.title}》{f'等{count}张表' if count > 1 else ''}"
    return f"{first.when}\n{named}" if first.when else named


def _point(point: Point) -> ReportSection:
    return ReportSection(
        {
            "place": _words(point.place),
            "message": _words(point.message),
            "suggestion": _words(point.suggestion),
            "remedy": _words(point.remedy),
            "count": number(point.count),
        }
    )


def _words(text: str) -> Part:
    return Words(text) if text else NOTHING
