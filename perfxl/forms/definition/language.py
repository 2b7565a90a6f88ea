"""The definition language: one frozen struct for each construct of form.yaml, one field for each key.

What each key means to an author stands in docs/authoring.md; what is made of it in perfxl.forms.definition.build.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Self, TypeAlias

import msgspec
from msgspec import Struct

from perfxl.forms.definition.decode import Refused, Scalar
from perfxl.forms.definition.problem import Place
from perfxl.model.address import column_number, parse_cell
from perfxl.model.carry import Only, YearSpan
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.font import BOLD, Font, is_face, is_size
from perfxl.model.form import Columns, Look, Paper

NOWHERE = Place()


class At(Scalar, frozen=True):
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


class Corner(Scalar, frozen=True):
    """A cell as in Excel: ``B2``; rows and columns count from 1."""

    row: int = 1
    column: int = 1

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``B2``. Raises Refused."""
        try:
            row, column = parse_cell(text)
        except ValueError:
            raise Refused(f"“{text}”不是单元格", "写成 B2 这样，大写字母在前，行号在后") from None
        return cls(row, column)


class Length(Scalar, frozen=True):
    """How many characters a text has: ``100`` at most, ``20-200``, ``20-`` at least, ``=18`` exactly."""

    least: int | None
    most: int | None

    def __str__(self) -> str:
        if self.least is None:
            return str(self.most)
        return f"={self.most}" if self.least == self.most else f"{self.least}-{self.most or ''}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``100``, ``20-200``, ``20-`` or ``=18``. Raises Refused."""
        found = _LENGTH.fullmatch(text)
        if found is None:
            raise Refused(f"“{text[:_QUOTED]}”不是字数", "写成 100（最多）、20-200、20-（至少）或 =18（正好）")
        exact, least, dash, most = (found[name] for name in ("exact", "least", "dash", "most"))
        if exact:
            return cls(int(exact), int(exact))
        if not dash:
            return cls(None, int(least))
        return cls(int(least), int(most) if most else None)


class FontSpec(Scalar, frozen=True):
    """A font: ``黑体 22 加粗``; each part may be left out."""

    font: Font

    def __str__(self) -> str:
        return str(self.font)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``黑体 22 加粗``, ``仿宋``, ``12`` or ``加粗``. Raises Refused."""
        words = text.split(" ")
        bold = words[-1] == BOLD
        rest = words[: len(words) - bold]
        size = rest.pop() if rest and _POINTS.fullmatch(rest[-1]) else ""
        face = " ".join(rest)
        if (face and not is_face(face)) or not (face or size or bold):
            raise Refused(
                f"“{text[:_QUOTED]}”不是字体",
                "写成 黑体 22 加粗：字体、字号（磅）、加粗，各隔一个空格，可以只写其中几样",
            )
        if size and not is_size(float(size)):
            raise Refused(f"字号不能是“{size}”", "写 5 到 72 磅，可以有半磅，如 10.5")
        return cls(Font(face, float(size or 0), bold))


class Asked(Scalar, frozen=True):
    """Whether a cell must be filled in: ``true``, ``false``, or the condition under which it must."""

    always: bool = False
    when: str = ""

    def __bool__(self) -> bool:
        return self.always or bool(self.when)

    def __str__(self) -> str:
        return self.when or str(self.always).lower()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``true``, ``false`` or an expression. Raises Refused."""
        if text.lower() in _NO_TRUTHS:
            raise Refused(f"“required”不能是“{text}”", "是写 true，否写 false，看情形的写算式")
        return cls(text == "true") if text in {"true", "false"} else cls(when=text)


_NO_TRUTHS = frozenset({"yes", "no", "on", "off", "y", "n", "1", "0", "是", "否"})
_QUOTED = 20
"""How much of what is wrong a message repeats."""
NOT_ASKED = Asked()
ALWAYS = Asked(always=True)

_POINTS = re.compile(r"[0-9]{1,4}(?:\.[0-9]{1,4})?", re.ASCII)
_LENGTH = re.compile(r"=(?P<exact>[0-9]{1,5})|(?P<least>[0-9]{1,5})(?P<dash>-)?(?P<most>[0-9]{1,5})?", re.ASCII)


class PageSpec(Struct, frozen=True, kw_only=True):
    """How the sheet is printed."""

    orientation: str = "portrait"
    margins: tuple[Decimal, ...] = ()
    paper: Paper = Paper.A4
    header: str = ""
    footer: str | None = None
    single: bool = False
    place: Place = NOWHERE


class CellSpec(Struct, frozen=True, kw_only=True):
    """A cell: printed text (label), a place for a value (field), several of them (places), or an empty box.

    In a head, ``columns`` are the heads below this one; then it needs no ``at`` of its own. In a head of a matrix,
    ``prints`` names a column in which each row prints a text of its own.
    """

    at: At | None = None
    label: str | None = None
    field: str | None = None
    alias: tuple[str, ...] = ()
    names: str = ""
    look: Look | None = None
    font: FontSpec | None = None
    name: str = ""
    caption: str = ""
    type: Type | None = None
    required: Asked = NOT_ASKED
    blank: str = ""
    missing: str = ""
    formula: str = ""
    preset: str | None = None
    min: Decimal | None = None
    max: Decimal | None = None
    length: Length | None = None
    pattern: str = ""
    decimals: int | None = None
    unique: bool = False
    choices: tuple[str, ...] = ()
    option: str = ""
    hint: str = ""
    level: int = 0
    spread: bool = False
    serial: bool = False
    columns: tuple[CellSpec, ...] = ()
    places: tuple[CellSpec, ...] = ()
    prints: str = ""
    list: str = ""
    within: str = ""
    lookup: str = ""
    place: Place = NOWHERE


class TitleBand(Struct, frozen=True, kw_only=True):
    """The form's title over all columns."""

    title: str
    alias: tuple[str, ...] = ()
    font: FontSpec | None = None
    height: Decimal | None = None
    place: Place = NOWHERE


class RowBand(Struct, frozen=True, kw_only=True):
    """One row that stands once, its cells merged down over ``rows`` rows of the sheet; ``height`` is that of all of them."""

    row: tuple[CellSpec, ...]
    lines: Decimal = Decimal(1)
    height: Decimal | None = None
    rows: int = 1
    keep: bool = False
    place: Place = NOWHERE


class HeadBand(Struct, frozen=True, kw_only=True):
    """Heads of columns that stand by themselves, above a block whose tables have none of their own."""

    heads: tuple[CellSpec, ...]
    head_heights: tuple[Decimal, ...] = ()
    place: Place = NOWHERE


class MatrixRow(Struct, frozen=True, kw_only=True):
    """A row of a matrix: its label stands in the head's cell without field; ``sum`` adds up other rows.

    ``omit`` are columns in which this row has no value, which a sum passes over. By column: ``formulas`` are its own,
    ``texts`` what it prints, ``cells`` in what its cell differs from the head.
    """

    label: str
    field: str
    alias: tuple[str, ...] = ()
    sum: tuple[str, ...] = ()
    omit: tuple[str, ...] = ()
    formulas: dict[str, str] = msgspec.field(default_factory=dict)
    texts: dict[str, str] = msgspec.field(default_factory=dict)
    cells: dict[str, CellSpec] = msgspec.field(default_factory=dict)
    height: Decimal | None = None
    place: Place = NOWHERE


class MatrixGroup(Struct, frozen=True, kw_only=True):
    """Rows of a matrix with a common label on their left, in the columns ``at``."""

    group: str
    at: At
    rows: tuple[MatrixRow, ...]
    names: str = ""
    alias: tuple[str, ...] = ()
    formulas: dict[str, str] = msgspec.field(default_factory=dict)
    place: Place = NOWHERE


class MatrixBand(Struct, frozen=True, kw_only=True):
    """Heads above, labels on the left, a value for each pair."""

    matrix: str
    head: tuple[CellSpec, ...]
    rows: tuple[MatrixRow | MatrixGroup, ...]
    name: str = ""
    head_heights: tuple[Decimal, ...] = ()
    place: Place = NOWHERE


class BesideSpec(Struct, frozen=True, kw_only=True):
    """A second table on the right of a table; ``shared`` columns are the left one's, ``rows`` where it has fewer or more."""

    table: str
    columns: tuple[CellSpec, ...]
    name: str = ""
    shared: tuple[str, ...] = ()
    rows: int | None = None
    place: Place = NOWHERE


class TableBand(Struct, frozen=True, kw_only=True):
    """A growing table. ``rows`` is the number of rows of the blank, for each 二级 where there are groups.

    ``groups`` are the printed 一级 and 二级, or ``classification`` the name of shared ones; ``printed`` are rows whose
    names the form prints. ``own_heads`` false: its heads stand above, in a heads band. ``name`` is what it is called
    where no section's label says it, or says it of two.
    """

    table: str
    columns: tuple[CellSpec, ...]
    name: str = ""
    rows: int = 1
    groups: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    classification: str = ""
    printed: tuple[dict[str, str], ...] = ()
    beside: BesideSpec | None = None
    own_heads: bool = True
    unique: tuple[str, ...] = ()
    lines: Decimal = Decimal(1)
    height: Decimal | None = None
    head_heights: tuple[Decimal, ...] = ()
    place: Place = NOWHERE


class SectionBand(Struct, frozen=True, kw_only=True):
    """Bands with a common label down the left."""

    section: str
    at: At
    bands: tuple[BandSpec, ...]
    alias: tuple[str, ...] = ()
    place: Place = NOWHERE


class BlockBand(Struct, frozen=True, kw_only=True):
    """Bands that repeat as a whole, ``count`` times in the blank; ``spine`` is a value down their left.

    ``name`` is what they are called where no section's label says it.
    """

    block: str
    count: int
    bands: tuple[BandSpec, ...]
    name: str = ""
    spine: CellSpec | None = None
    place: Place = NOWHERE


BandSpec: TypeAlias = TitleBand | RowBand | HeadBand | MatrixBand | TableBand | SectionBand | BlockBand


class RuleSpec(Struct, frozen=True, kw_only=True):
    """A rule: an expression that must hold (must), a check of perfxl's own (over), or figures beside others (pairs).

    The others are those of another form of the unit: of the form or stage that ``beside`` names.
    """

    code: str
    must: str = ""
    each: str = ""
    over: str = ""
    at: str = ""
    want: str = ""
    say: str = ""
    severity: Severity | None = None
    limit: Decimal | None = None
    words: tuple[str, ...] = ()
    reverse: str = ""
    points: dict[str, Decimal] = msgspec.field(default_factory=dict)
    bands: dict[str, str] = msgspec.field(default_factory=dict)
    beside: str = ""
    pairs: dict[str, str] = msgspec.field(default_factory=dict)
    place: Place = NOWHERE


class CodeSpec(Struct, frozen=True, kw_only=True):
    """A finding code of the form's own: Z and two digits, with what people read of it."""

    code: str
    title: str
    meaning: str
    remedy: str
    example: str = ""
    severity: Severity = Severity.ERROR
    place: Place = NOWHERE


class StageSpec(Struct, frozen=True, kw_only=True):
    """A stage of a chain: what people call it, which earlier ones it repeats, what its word is worth."""

    stage: str
    label: str
    sheet: str = ""
    repeats: tuple[str, ...] = ()
    approves: bool = False
    interim: bool = False
    final: bool = False
    place: Place = NOWHERE


class ChainSpec(Struct, frozen=True, kw_only=True):
    """The stages of a line of work, in their order."""

    chain: str
    title: str
    stages: tuple[StageSpec, ...]
    place: Place = NOWHERE


class UseRules(Struct, frozen=True, kw_only=True):
    """A shared list of rules by name, over a table of this form, ``without`` some of its codes."""

    use: str
    over: str
    without: tuple[str, ...] = ()
    place: Place = NOWHERE


class RowTakeSpec(Struct, frozen=True, kw_only=True):
    """Rows of a growing table that are taken over. Without ``rows`` each source is one row.

    ``match`` are the columns by which rows are the same; ``add`` false: rows that are not there are not made; ``only``
    own or printed rows where this form prints some.
    """

    table: str
    match: tuple[str, ...]
    take: dict[str, str]
    rows: str = ""
    lock: tuple[str, ...] = ()
    only: Only | None = None
    add: bool = True
    place: Place = NOWHERE


class CarrySpec(Struct, frozen=True, kw_only=True):
    """What this form takes over from another one: ``take`` has an expression over that form for each of its own values."""

    source: str = msgspec.field(name="from")
    year: YearSpan
    take: dict[str, str] = msgspec.field(default_factory=dict)
    lock: tuple[str, ...] = ()
    tables: tuple[RowTakeSpec, ...] = ()
    place: Place = NOWHERE


class ListSpec(Struct, frozen=True, kw_only=True):
    """A list of codes in a file next to the definition; the others are heads of columns in it."""

    list: str
    file: str
    code: str = ""
    name: str = ""
    under: str = ""
    until: str = ""
    place: Place = NOWHERE


class CoverSpec(Struct, frozen=True, kw_only=True):
    """The cover before the form: a title, and lines with the values of fields in braces."""

    title: str
    lines: tuple[str, ...] = ()
    place: Place = NOWHERE


class SheetSpec(Struct, frozen=True, kw_only=True):
    """A further sheet of a form: its name, columns and bands, and how it is printed."""

    sheet: str
    columns: dict[str, Decimal]
    bands: tuple[BandSpec, ...]
    origin: Corner = Corner()
    page: PageSpec = PageSpec()
    fonts: dict[str, FontSpec] = msgspec.field(default_factory=dict)
    heights: dict[str, Decimal] = msgspec.field(default_factory=dict)
    place: Place = NOWHERE


class FormSpec(Struct, frozen=True, kw_only=True):
    """A whole form.yaml."""

    id: str = msgspec.field(name="form")
    version: str
    title: str
    region: str
    stage: str
    year_basis: str
    sheet: str
    columns: dict[str, Decimal]
    bands: tuple[BandSpec, ...]
    origin: Corner = Corner()
    sheets: tuple[SheetSpec, ...] = ()
    money: str = "万元"
    unit: str = ""
    year: str = ""
    project: str = ""
    supervisor: str = ""
    filled: str = ""
    half: str = ""
    quarter: str = ""
    month: str = ""
    ten_days: str = ""
    identity: tuple[str, ...] = ()
    many: bool = False
    issued: bool = False
    chain: str = ""
    page: PageSpec = PageSpec()
    fonts: dict[str, FontSpec] = msgspec.field(default_factory=dict)
    heights: dict[str, Decimal] = msgspec.field(default_factory=dict)
    cover: CoverSpec | None = None
    contents: bool = False
    notes: tuple[str, ...] = ()
    lists: tuple[ListSpec, ...] = ()
    carry: tuple[CarrySpec, ...] = ()
    codes: tuple[CodeSpec, ...] = ()
    chains: tuple[ChainSpec, ...] = ()
    rules: tuple[RuleSpec | UseRules, ...] = ()
    place: Place = NOWHERE

    @property
    def each_sheet(self) -> tuple[FormSpec | SheetSpec, ...]:
        """What says how each of the form's sheets is: the form itself is its first."""
        return (self, *self.sheets)


class CommonSpec(Struct, frozen=True, kw_only=True):
    """A common.yaml: pieces that several forms use by name."""

    classifications: dict[str, dict[str, tuple[str, ...]]] = msgspec.field(default_factory=dict)
    rules: dict[str, tuple[RuleSpec, ...]] = msgspec.field(default_factory=dict)
    codes: tuple[CodeSpec, ...] = ()
    chains: tuple[ChainSpec, ...] = ()
    place: Place = NOWHERE
