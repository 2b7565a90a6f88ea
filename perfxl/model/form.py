"""A form as loaded from its definition: bands from top to bottom, the fields in them, the rules over them.

Paths are generic here: ``indicators[].weight`` is the column of a growing table. Columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.carry import Carry
from perfxl.model.code_list import CodeList
from perfxl.model.expression import Expr
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.font import Font
from perfxl.model.period import Identity
from perfxl.model.stage import BUDGET, Chain, Stage
from perfxl.model.value import Value

MOST_ROWS, MOST_BLOCKS = 20_000, 1000
"""Rows of a table in a blank, repetitions of a block: more than any form in use has, few enough to be placed at once."""


class Look(StrEnum):
    """How a cell is printed; the writer knows the faces and borders."""

    TITLE = "title"
    CAPTION = "caption"
    PLAIN = "plain"
    PLAIN_RIGHT = "plain-right"
    NOTE = "note"
    HEAD = "head"
    LABEL = "label"
    SPINE = "spine"
    TEXT = "text"
    SHORT = "short"
    FIGURE = "figure"
    LISTED = "listed"


AT = "@"
"""What stands between a form's id and a version of it, in names of files too: ``form@2023.yaml``."""


class Required(StrEnum):
    """When a field must be filled: never, always, or in every row that is in use (its name is not 无)."""

    NO = "no"
    ALWAYS = "always"
    IN_USE = "in-use"


class Columns(NamedTuple):
    """The columns of the sheet that a cell covers, ends included."""

    first: int
    last: int


class Caption(Struct, frozen=True):
    """Printed text around a value in one cell: ``其中：基本支出：`` … ``万元``."""

    before: str
    after: str


class Choice(Struct, frozen=True):
    """One of the values that a choice field offers, and other spellings that mean it."""

    value: str
    aliases: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """What people call it: its value, but where that is a name for programs (certain: 确定能) and no code (A0101)."""
        return self.aliases[0] if self.aliases and self.value.isascii() and self.value.islower() else self.value


class Field(Struct, frozen=True):
    """One value of the form's data, or one column of a growing table.

    ``parts`` are the labels that lead to it on the form (年度预算申请 › 年度资金总额 › 年初预算数). ``level`` is 1, 2 or 3
    for 一级/二级/三级 of a nested table, else 0. ``missing`` is the code raised where a required value is blank.
    A text has at most ``length`` characters and at least ``least``, and fits ``pattern`` (perfxl.expr.patterns); a number has at
    most ``decimals``. ``needed`` is the condition under which it must be filled in, ``barred`` that under which it stays
    blank. Money is at least 0 unless the definition says otherwise; a formula makes the field computed. A ``spread`` value
    may be merged down over several rows and holds for each; a ``serial`` one is the row's number; a ``hidden`` one is
    printed but not in the data.
    """

    path: str
    parts: tuple[str, ...]
    type: Type
    required: Required = Required.NO
    needed: Expr | None = None
    barred: Expr | None = None
    missing: str = "V01"
    formula: Expr | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    length: int | None = None
    least: int | None = None
    pattern: str = ""
    decimals: int | None = None
    choices: tuple[Choice, ...] = ()
    hint: str = ""
    preset: Value = None
    caption: Caption | None = None
    level: int = 0
    spread: bool = False
    serial: bool = False
    hidden: bool = False
    identifies: bool = False
    """Whether it is one of those that tell two returns apart: its figures are not added up."""
    list: str = ""
    """The list that a choice is from, by its name."""
    within: str = ""
    """The field (generic path) whose choice says which group of the list is offered."""
    lookup: str = ""
    """The field (generic path) whose choice's name stands here."""
    line: int = 1
    """The line of the definition that says it."""

    @property
    def label(self) -> str:
        return " › ".join(self.parts)

    @property
    def key(self) -> str:
        """The last part of the path: ``weight``."""
        return self.path.rpartition(".")[2]

    @property
    def summed(self) -> bool:
        """Whether its figures are added up: amounts and counts, but not the numbers of rows nor of quarters."""
        return self.type.traits.summed and not self.serial and not self.identifies

    @property
    def computed(self) -> bool:
        return self.formula is not None or self.serial or bool(self.lookup)


class Label(Struct, frozen=True):
    """Printed text. ``names`` is the generic path of the column that it heads, or of the group that it opens.

    ``body``: it stands below heads, where other rows have values, and leads to none.
    """

    columns: Columns
    text: str
    look: Look
    aliases: tuple[str, ...] = ()
    names: str = ""
    deep: int = 1
    body: bool = False
    font: Font | None = None
    """Its own font, None where it is set as every form is."""


class Entry(Struct, frozen=True):
    """A place for the value of a field; ``path`` is generic. ``option`` is the choice that a tick here means.

    ``others`` are the fields whose captions follow in the same cell.
    """

    columns: Columns
    path: str
    look: Look
    option: str = ""
    others: tuple[str, ...] = ()
    font: Font | None = None


Piece: TypeAlias = Label | Entry


class Row(Struct, frozen=True):
    """A row of the form that stands exactly once. ``lines`` is its least height in lines of text.

    Its cells are merged down over ``deep`` rows of the sheet. ``kept``: it stands on the page of the row before it.
    ``height`` is that of all these rows in points where the form states one, 0 where it goes by ``lines``.
    """

    pieces: tuple[Piece, ...]
    lines: float = 1.0
    head: bool = False
    table: str = ""
    """The table or matrix that a head belongs to."""
    deep: int = 1
    kept: bool = False
    height: float = 0.0


class Group(Struct, frozen=True):
    """A printed 一级 with its 二级: the text as printed (points included) and the value in the data."""

    text: str
    value: str
    below: tuple[str, ...]


class Printed(Struct, frozen=True):
    """A row that the form prints: the texts of its levels, the values that it prints by key, hints for what is typed.

    ``open``: a unit that has nothing to put in it may leave it blank.
    """

    levels: tuple[str, ...]
    values: Mapping[str, str]
    hints: Mapping[str, str]
    open: bool = False


class Table(Struct, frozen=True):
    """A growing table: heads, then rows of equal entries.

    ``rows`` is the number of rows in the blank, for each 二级 if there are groups. ``printed`` are rows that the form
    prints. ``beside`` is a second table whose rows stand on the right; ``shared`` are its levels that are this one's.
    ``labels`` are printed in every row; a counter in them starts anew in each 二级. ``apart``: it stands beside another
    one, and has as many rows as it says; what is left over on either side is closed. ``height`` is that of each row, as of a Row.
    """

    path: str
    heads: tuple[Row, ...]
    entries: tuple[Entry, ...]
    rows: int
    groups: tuple[Group, ...] = ()
    printed: tuple[Printed, ...] = ()
    beside: Table | None = None
    shared: tuple[str, ...] = ()
    lines: float = 1.0
    labels: tuple[Label, ...] = ()
    apart: bool = False
    height: float = 0.0


class Section(Struct, frozen=True):
    """Bands with a common label down the left."""

    spine: Label
    bands: tuple[Band, ...]


class Block(Struct, frozen=True):
    """Bands that repeat as a whole, ``count`` times in the blank; ``spine`` is a value that stands down their left."""

    path: str
    count: int
    bands: tuple[Band, ...]
    spine: Entry | None = None


Band: TypeAlias = Row | Table | Section | Block


class FormRule(Struct, frozen=True):
    """A rule as the form asks for it: a finding code with what it needs.

    ``must`` is an expression that has to hold (``each`` names the table whose rows it is about); without one the code
    is a check of perfxl's own, over ``over``. ``at`` is the generic path whose cell is marked. ``say`` is the message,
    with {left}, {right} and {gap} for the two sides and their difference; ``want`` says in an officer's words what must
    hold. ``severity`` overrides the catalogue's;
    ``limit``, ``words`` and ``reverse`` are the threshold, the word list and the reverse formula (linear, ratio) of
    the checks that have one. ``points`` are those of each 一级, ``bands`` the parts of the weight for what is said in words.
    ``pairs`` are figures with those of another form that they are held against (by generic
    path), ``beside`` is that form's id or its stage.
    """

    code: str
    line: int
    must: Expr | None = None
    each: str = ""
    over: str = ""
    at: str = ""
    say: str = ""
    want: str = ""
    severity: Severity | None = None
    limit: Decimal | None = None
    words: tuple[str, ...] = ()
    reverse: str = ""
    points: Mapping[str, Decimal] = field(default_factory=dict)
    bands: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    beside: str = ""
    pairs: Mapping[str, str] = field(default_factory=dict)


class Paper(StrEnum):
    """The sizes of paper that forms are printed on."""

    A4 = "A4"
    A3 = "A3"


class OwnCode(Struct, frozen=True):
    """A finding code of a form's own (Z01 … Z99): what people read of it."""

    code: str
    title: str
    meaning: str
    remedy: str
    example: str = ""
    severity: Severity = Severity.ERROR


class Page(Struct, frozen=True):
    """How a sheet is printed; margins in centimetres (left, right, top, bottom).

    ``header`` and ``footer`` have {page} and {pages} in them; ``single``: all of it on one page, however small.
    """

    landscape: bool = False
    margins: tuple[Decimal, Decimal, Decimal, Decimal] = (
        Decimal("1.8"),
        Decimal("1.5"),
        Decimal("1.5"),
        Decimal("1.5"),
    )
    paper: Paper = Paper.A4
    header: str = ""
    footer: str = "第 {page} 页，共 {pages} 页"
    single: bool = False


class FormSheet(NamedTuple):
    """One of several sheets on which a form stands: the bands from ``first`` to before ``last`` are on it."""

    name: str
    widths: tuple[Decimal, ...]
    page: Page
    origin: tuple[int, int]
    first: int
    last: int


CoverLine: TypeAlias = tuple[str, ...]
"""A line of a cover: printed texts and the paths of fields in turn, a text first."""


class Cover(Struct, frozen=True):
    """What is printed on a sheet before a form; fields' values stand in it as they are typed into the form."""

    title: CoverLine
    lines: tuple[CoverLine, ...] = ()


class Nested(Struct, frozen=True):
    """A group of fields in a form's data, or, where it repeats, a growing table."""

    below: dict[str, Nested | None]
    repeats: bool


class Form(Struct, frozen=True, dict=True):
    """One form, loaded and checked.

    ``unit_path``, ``year_path``, ``project_path``, ``supervisor_path`` and ``filled_path`` are the fields that hold the
    unit's name, the year, the project's name, the department above the unit and the date of filling in; "" where there
    is none.
    ``digest`` is the hash of the definition that it was loaded from. ``widths`` are the columns' widths in characters.
    ``origin`` is the row and column in which it begins: what is above and on the left is an empty margin.
    ``sheets`` are those on which it stands where they are several; ``sheet``, ``widths``, ``page`` and ``origin`` are then
    those of the first, ``bands`` those of all.
    """

    id: str
    version: str
    title: str
    region: str
    stage: Stage
    year_basis: str
    sheet: str
    money: str
    digest: str
    widths: tuple[Decimal, ...]
    page: Page
    bands: tuple[Band, ...]
    fields: Mapping[str, Field]
    rules: tuple[FormRule, ...]
    origin: tuple[int, int] = (1, 1)
    unit_path: str = ""
    year_path: str = ""
    project_path: str = ""
    supervisor_path: str = ""
    filled_path: str = ""
    identity: Identity = field(default_factory=Identity)
    """What tells two returns of it apart, besides the unit."""
    many: bool = False
    """Whether a unit may hand in several of it, one for each project."""
    issued: bool = False
    """Whether the bureau issues it filled in, with every cell locked."""
    computed: tuple[str, ...] = ()
    """Paths of the computed fields, each after those that its formula reads."""
    groups: Mapping[str, str] = field(default_factory=dict)
    """Label of each group of fields: ``funds.by_income`` → 年度预算申请 › 按收入性质分."""
    chain: Chain = BUDGET
    """The chain that its stage is one of."""
    lists: Mapping[str, CodeList] = field(default_factory=dict)
    """The lists that its choices are from, by name."""
    carries: tuple[Carry, ...] = ()
    """What it takes over from other forms, one for each."""
    codes: Mapping[str, OwnCode] = field(default_factory=dict)
    """Its own finding codes."""
    cover: Cover | None = None
    contents: bool = False
    """Whether a sheet lists the forms of its workbook."""
    notes: tuple[str, ...] = ()
    """What its own 填表说明 says, a text a paragraph."""
    apart: tuple[tuple[str, ...], ...] = ()
    """Columns of a growing table (generic paths) that no two rows have alike, one or several together."""
    older: tuple[Form, ...] = ()
    """Its older versions, by which returns of earlier years are read, the newest of them first."""
    sheets: tuple[FormSheet, ...] = ()
    """The sheets on which it stands, () where it is one."""

    @property
    def editions(self) -> tuple[Form, ...]:
        """All versions of it that are known, the newest first."""
        return (self, *self.older)

    def edition(self, version: str) -> Form | None:
        """Return a version of it, None where that is not known."""
        return next((one for one in self.editions if one.version == version), None)

    @cached_property
    def parts(self) -> tuple[Form, ...]:
        """The form as it stands on each of its sheets: only the bands of that sheet, and all fields; no rules."""
        if not self.sheets:
            return (self,)
        bare = replace(self, rules=(), carries=(), older=(), sheets=(), cover=None, contents=False, notes=())
        first, *others = (
            replace(
                bare,
                sheet=one.name,
                widths=one.widths,
                page=one.page,
                origin=one.origin,
                bands=self.bands[one.first : one.last],
            )
            for one in self.sheets
        )
        return (replace(first, cover=self.cover, contents=self.contents, notes=self.notes), *others)

    def part_of(self, path: str) -> int:
        """Return the number from 0 of the sheet on which a field, a table or a group of fields (generic path) stands."""
        if not self.sheets:
            return 0
        above = path
        while above:
            if above in self._homes:
                return self._homes[above]
            above = above.rpartition(".")[0].removesuffix("[]") if "." in above else ""
        return 0

    @cached_property
    def _homes(self) -> Mapping[str, int]:
        found: dict[str, int] = {}
        for number, part in enumerate(self.parts):
            for path in _said(part):
                found.setdefault(path, number)
                # A group of fields is where the first of them stands.
                above = path
                while "." in above:
                    above = above.rpartition(".")[0].removesuffix("[]")
                    found.setdefault(above, number)
        return found

    def __repr__(self) -> str:
        return f"Form(id={self.id!r}, version={self.version!r})"

    @cached_property
    def worked_out(self) -> frozenset[str]:
        """The fields (generic paths) that nobody fills in: computed ones, numbers of rows, names of what is chosen."""
        return frozenset(path for path, one in self.fields.items() if one.computed)

    @cached_property
    def nested(self) -> Mapping[str, Nested | None]:
        """Its fields as its data has them, by the parts of their paths: None a field, else what lies in a group or a row."""
        top: dict[str, Nested | None] = {}
        for path, one in self.fields.items():
            *groups, last = path.split(".")
            level = top
            for group in () if one.hidden else groups:
                key = group.removesuffix("[]")
                found = level.setdefault(key, Nested({}, repeats=key != group))
                level = found.below if found is not None else {}
            if not one.hidden:
                level[last] = None
        return top

    @cached_property
    def bounded(self) -> Mapping[str, Field]:
        """The fields of numbers with a least or a greatest one."""
        return {path: one for path, one in self.fields.items() if one.minimum is not None or one.maximum is not None}

    @cached_property
    def longest(self) -> Mapping[str, int]:
        """The greatest lengths of texts that people type, but of those that have one length only."""
        typed = ((path, one) for path, one in self.fields.items() if not one.computed)
        return {path: one.length for path, one in typed if one.length is not None and one.length != one.least}

    @cached_property
    def listed(self) -> Mapping[str, Field]:
        """The choices from lists."""
        return {path: one for path, one in self.fields.items() if one.list in self.lists}

    def table(self, path: str) -> Table:
        """Return the growing table at a path. Raises KeyError where there is none."""
        return self._tables[path]

    def printed_as(self, table: str, name: Value) -> Printed | None:
        """Return the row that a table (generic path) prints with a name, None where it prints no such row."""
        return self._printed.get((table, name))

    def ticked(self, path: str) -> bool:
        """Tell whether a choice (generic path) is made by a tick in one of several cells."""
        return path in self._ticked

    def block(self, path: str) -> Block | None:
        """Return the repeated block at a path, None where there is none."""
        return self._blocks.get(path)

    def flat(self) -> tuple[Row | Table, ...]:
        """Return the rows and tables from top to bottom, sections and blocks opened."""
        return self._flat

    @cached_property
    def _flat(self) -> tuple[Row | Table, ...]:
        return tuple(_opened(self.bands))

    @cached_property
    def _tables(self) -> Mapping[str, Table]:
        return {band.path: band for band in reversed(self._flat) if isinstance(band, Table)}

    @cached_property
    def _blocks(self) -> Mapping[str, Block]:
        return {block.path: block for block in _repeated(self.bands)}

    @cached_property
    def _printed(self) -> Mapping[tuple[str, Value], Printed]:
        rows = ((table.path, own) for table in self._tables.values() for own in table.printed)
        found: dict[tuple[str, Value], Printed] = {}
        for path, own in rows:
            found.setdefault((path, own.values.get("name")), own)
        return found

    @cached_property
    def _ticked(self) -> frozenset[str]:
        pieces = (piece for band in self._flat for piece in (band.entries if isinstance(band, Table) else band.pieces))
        return frozenset(piece.path for piece in pieces if isinstance(piece, Entry) and piece.option)


def _said(form: Form) -> Iterator[str]:
    """Yield the paths of the fields and groups that a form has places for."""
    for band in form.flat():
        if isinstance(band, Table):
            yield band.path
        for piece in band.entries if isinstance(band, Table) else band.pieces:
            if isinstance(piece, Entry):
                yield from (piece.path, *piece.others)
            elif piece.names:
                yield piece.names.partition("=")[0]
    yield from _spines(form.bands)


def _spines(bands: Iterable[Band]) -> Iterator[str]:
    for band in bands:
        if isinstance(band, Block):
            yield band.path
            if band.spine is not None:
                yield band.spine.path
        if isinstance(band, Section | Block):
            yield from _spines(band.bands)


def _opened(bands: Iterable[Band]) -> Iterator[Row | Table]:
    for band in bands:
        if isinstance(band, Section | Block):
            yield from _opened(band.bands)
        else:
            yield band
            if isinstance(band, Table) and band.beside is not None:
                yield band.beside


def _repeated(bands: Iterable[Band]) -> Iterator[Block]:
    for band in bands:
        if isinstance(band, Block):
            yield band
        if isinstance(band, Section | Block):
            yield from _repeated(band.bands)
