"""Notices, and what comes of writing them."""

from __future__ import annotations

from pathlib import Path

from msgspec import Struct

from perfxl.model.period import spoken_period
from perfxl.model.submission import Unit
from perfxl.year.sources import LeftOut


class Point(Struct, frozen=True):
    """Something to be corrected or looked at: the cells, what is wrong, what to do; "" where there is none.

    ``count`` is how many findings it stands for.
    """

    place: str
    message: str
    suggestion: str = ""
    remedy: str = ""
    count: int = 1


class NoticeForm(Struct, frozen=True):
    """A form in a return, as the notice names it."""

    title: str
    year: int | None
    project: str = ""
    part: str = ""
    """Which part of the year it is about, in Chinese, "" for the whole."""

    @property
    def when(self) -> str:
        return spoken_period(self.year, self.part)

    @property
    def said(self) -> str:
        return f"{self.when}《{self.title}》"


class Notice(Struct, frozen=True):
    """What is said to a unit of a return that goes back.

    ``document`` is where it stands (``教育/a.json``), ``file`` the workbook as it came, ``marked`` the name of its marked
    copy ("": there is none). ``errors`` and ``warnings`` are grouped as people read them, in the order of the report page;
    ``more_errors``, ``more_warnings`` say how many findings are not listed, so that a notice takes two pages at most.
    """

    document: str
    file: str
    unit: Unit
    forms: tuple[NoticeForm, ...]
    marked: str
    errors: tuple[Point, ...]
    warnings: tuple[Point, ...]
    error_count: int
    warning_count: int
    more_errors: int = 0
    more_warnings: int = 0

    @property
    def form(self) -> str:
        """All forms in the return, as the notice names them; "" where none was recognised."""
        return "、".join(dict.fromkeys(form.said for form in self.forms))

    @property
    def project(self) -> str:
        """The projects that the forms are about, "" where they are about the whole unit."""
        return "、".join(dict.fromkeys(form.project for form in self.forms if form.project))


class Notifying(Struct, frozen=True):
    """The notices in the order of their documents, the files written, and what was left out."""

    notices: tuple[Notice, ...]
    files: tuple[Path, ...]
    left_out: tuple[LeftOut, ...]
