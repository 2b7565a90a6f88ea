"""The definition language: one frozen dataclass for each construct of form.yaml, one field for each key.

What each key means to an author stands in docs/authoring.md; what is made of it in perfxl.forms.build.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Self, TypeAlias

from perfxl.forms.decode import KEY, Refused, Scalar
from perfxl.forms.problem import Place
from perfxl.model.address import column_number
from perfxl.model.finding import Severity
from perfxl.model.form import Columns, Look, Stage
from perfxl.model.value import Type


@dataclass(frozen=True, slots=True)
class At(Scalar):
    """Columns of the sheet as in Excel: ``A`` or ``B:E``."""

    columns: Columns

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``A`` or ``B:E``. Raises Refused."""
        first, colon, last = text.partition(":")
        try:
            columns = Columns(column_number(first), column_number(last if colon else first))
        except ValueError:
            raise Refused(f"“{text}”不是列号", "写成 A 或 B:E，大写字母") from None
        if columns.first > columns.last:
            raise Refused(f"“{text}”左右写反了", f"写成 {last}:{first}")
        return cls(columns)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSpec:
    """How the sheet is printed."""

    orientation: str = "portrait"
    margins: tuple[Decimal, ...] = ()
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellSpec:
    """A cell: printed text (label), a place for a value (field), or an empty box (neither)."""

    at: At
    label: str | None = None
    field: str | None = None
    alias: tuple[str, ...] = ()
    names: str = ""
    look: Look | None = None
    name: str = ""
    caption: str = ""
    type: Type | None = None
    required: bool = False
    missing: str = ""
    formula: str = ""
    preset: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    length: int | None = None
    choices: tuple[str, ...] = ()
    hint: str = ""
    level: int = 0
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleBand:
    """The form's title over all columns."""

    title: str
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class RowBand:
    """One row that stands once."""

    row: tuple[CellSpec, ...]
    lines: Decimal = Decimal(1)
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """A row of a matrix: its label stands in the head's cell without field; ``sum`` adds up other rows."""

    label: str
    field: str
    alias: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixBand:
    """Heads above, labels on the left, a value for each pair."""

    matrix: str
    head: tuple[CellSpec, ...]
    rows: tuple[MatrixRow, ...]
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableBand:
    """A growing table. ``rows`` is the number of rows of the blank, for each 二级 where there are groups."""

    table: str
    columns: tuple[CellSpec, ...]
    rows: int
    groups: dict[str, tuple[str, ...]] = field(default_factory=dict)
    lines: Decimal = Decimal(1)
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionBand:
    """Bands with a common label down the left."""

    section: str
    at: At
    bands: tuple[BandSpec, ...]
    alias: tuple[str, ...] = ()
    place: Place = Place()


BandSpec: TypeAlias = TitleBand | RowBand | MatrixBand | TableBand | SectionBand


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSpec:
    """A rule: an expression that must hold (must), or a check of perfxl's own over fields or a table (over)."""

    code: str
    must: str = ""
    each: str = ""
    over: str = ""
    at: str = ""
    say: str = ""
    severity: Severity | None = None
    limit: Decimal | None = None
    words: tuple[str, ...] = ()
    reverse: str = ""
    place: Place = Place()


@dataclass(frozen=True, slots=True, kw_only=True)
class FormSpec:
    """A whole form.yaml."""

    id: str = field(metadata={KEY: "form"})
    version: str
    title: str
    region: str
    stage: Stage
    year_basis: str
    sheet: str
    columns: dict[str, Decimal]
    bands: tuple[BandSpec, ...]
    money: str = "万元"
    unit: str = ""
    year: str = ""
    page: PageSpec = PageSpec()
    rules: tuple[RuleSpec, ...] = ()
    place: Place = Place()

