"""What comes out of one returned file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct, field

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.period import WHOLE_YEAR, Part, Period, Span
from perfxl.model.record import Record, to_data


class Status(StrEnum):
    """Whether a return goes back to the officer."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


UNEXPECTED = "F15"
UNREADABLE = frozenset({"F01", "F02", "F03", "F13"})
"""Codes of files that could not be read at all (CONTRACT, exit code 3)."""


class By(StrEnum):
    """How a form was recognised."""

    STAMP = "stamp"
    LAYOUT = "layout"
    OPTION = "option"


class Source(Struct, frozen=True):
    """The returned file: its name as given (with ``/``), its hash and size, its format told by content.

    ``modified`` is when it was saved last, in UTC, as the file itself has it; None where it does not say. ``made_from``
    is the hash of the return that it is a marked copy of, None where it is none.
    """

    file: str
    sha256: str
    bytes: int
    format: str
    modified: dt.datetime | None = None
    made_from: str | None = None


class Unit(Struct, frozen=True):
    """A reporting unit; the code is text (leading zeros stay) or None where unknown."""

    name: str | None = None
    code: str | None = None


class FormReturn(Struct, frozen=True):
    """One form found in a return, read.

    ``definition`` has the names of its data; ``version`` is that of the definition which it was read by, an older one for
    a return of an earlier year. ``superseded_by`` is the file with a later version, None where this one counts.
    ``cells`` names the cell that each value of the record was read from, by path; what stands nowhere on the sheet has
    none. ``span`` is the part of the year that it is about, as :func:`span_of` has it. ``sheets`` are those on which a form
    on several stands, in the form's order, "" for one that is not there; ``sheet`` is the first of them, and the cells say
    theirs (``附表2!C9``).
    """

    definition: Form
    version: str
    sheet: str
    by: By
    confidence: float
    year: int | None
    unit: Unit
    record: Record
    superseded_by: str | None = None
    cells: Mapping[str, str] = field(default_factory=dict)
    span: Span = WHOLE_YEAR
    sheets: tuple[str, ...] = ()

    @property
    def every_sheet(self) -> tuple[str, ...]:
        """The sheets on which it stands in the workbook."""
        return tuple(filter(None, self.sheets)) or (self.sheet,)

    @property
    def period(self) -> Period:
        """The time that it is about; without a year where the form's returns are not told apart by it."""
        return Period(self.year if self.definition.identity.dated else None, *self.span)

    @property
    def form(self) -> str:
        """The id of the form."""
        return self.definition.id

    @property
    def read_by(self) -> Form:
        """The definition that it was read by, with the layout that the return has."""
        return self.definition.edition(self.version) or self.definition

    @property
    def data(self) -> dict[str, object]:
        """The nested ``data`` object of the form, as in the JSON (numbers are Decimal), made anew for each call."""
        return to_data(self.definition, self.record)


def span_of(form: Form, record: Record) -> Span:
    """Return the part of the year that a form is about, from 1 to 36 times of ten days; 0, 0 where it does not say."""

    def number(part: Part, path: str) -> int | None:
        value = record[path]
        if isinstance(value, Decimal):
            return int(value) if value == int(value) and 1 <= value <= part.most else None
        return part.number(value) if isinstance(value, str) else None

    period = Period.of(None, {part: number(part, path) for part, path in form.identity.parts.items()})
    return period.first, period.last


class Submission(Struct, frozen=True):
    """A returned file, read and checked."""

    source: Source
    forms: tuple[FormReturn, ...]
    findings: tuple[Finding, ...]

    @property
    def status(self) -> Status:
        return Status.REJECTED if self.count(Severity.ERROR) else Status.ACCEPTED

    @property
    def unexpected(self) -> frozenset[str]:
        """The sheets that are not what is being collected (F15): they do not count as handed in."""
        return frozenset(one.sheet for one in self.findings if one.code == UNEXPECTED and one.sheet is not None)

    @property
    def unreadable(self) -> bool:
        return any(finding.code in UNREADABLE for finding in self.findings)

    def count(self, severity: Severity) -> int:
        return sum(finding.severity is severity for finding in self.findings)
