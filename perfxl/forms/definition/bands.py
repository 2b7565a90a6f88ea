"""From the bands of a definition to the bands of a form: matrices opened, heads laid out, fields noted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.forms.definition.entries import Where, entry, own_font
from perfxl.forms.definition.fields import Fields, check_holes
from perfxl.forms.definition.fonts import BODY, HEAD, TITLE, height_in
from perfxl.forms.definition.heads import columns, depth, leaves, plain, with_heads
from perfxl.forms.definition.language import (
    BandSpec,
    BesideSpec,
    BlockBand,
    CellSpec,
    CommonSpec,
    HeadBand,
    Length,
    MatrixBand,
    RowBand,
    SectionBand,
    TableBand,
    TitleBand,
)
from perfxl.forms.definition.matrix import Matrix, names_rows
from perfxl.forms.definition.printed import classification, printed
from perfxl.forms.definition.problem import Problems
from perfxl.forms.printed_text import HOLE, words
from perfxl.model.field_type import Type
from perfxl.model.form import (
    Band,
    Block,
    Columns,
    Entry,
    Label,
    Look,
    Piece,
    Row,
    Section,
    Table,
)

_HEAD_LINES = 2.0
_LINES_OF_HEAD = 1.2
DEEPEST_LEVEL = 3
_SHORT = 50
"""Characters of a text that stands in one cell with others, where the form does not say."""


class Bands(Struct):
    """Builds bands; fields, groups and tables come together on the way."""

    problems: Problems
    common: CommonSpec
    fields: Fields
    groups: dict[str, str] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)

    def build(self, specs: Iterable[BandSpec], where: Where) -> tuple[Band, ...]:
        """Return the bands of some specs, in order."""
        built: list[Band] = []
        for spec in specs:
            match spec:
                case TitleBand():
                    check_holes(spec.title, spec.place.of("title"), self.problems)
                    label = Label(where.columns, spec.title, Look.TITLE, spec.alias, font=own_font(spec.font))
                    built.append(Row((label,), lines=2, height=self.height(spec, where.heights.get(TITLE, 0.0))))
                case RowBand():
                    built.append(self.row(spec, where))
                case HeadBand():
                    built += self.heads(spec, spec.heads, where, self.table_of(spec.heads))
                case MatrixBand():
                    built += self.matrix(spec, where)
                case TableBand():
                    built.append(self.table(spec, where))
                case SectionBand():
                    built.append(self.section(spec, where))
                case BlockBand():
                    built.append(self.block(spec, where))
                case _:
                    assert_never(spec)
        return tuple(built)

    # -- single rows ------------------------------------------------------------------------------------------------

    def row(self, spec: RowBand, where: Where) -> Row:
        self.spans(spec.row, where.columns)
        pieces: list[Piece] = []
        left = ""
        for cell in spec.row:
            if cell.label is not None:
                left = words(cell.label)
                check_holes(cell.label, cell.place.of("label"), self.problems)
                if cell.names:
                    self.groups.setdefault(where.path(cell.names), " › ".join((*where.above, left)))
            if cell.field is not None:
                path = where.path(cell.field)
                pieces.append(entry(self.fields, cell, path, self.parts(cell, path, where.above, left), where.prefix))
            elif cell.places:
                pieces.append(self.several(cell, where))
            else:
                names = where.path(cell.names) if cell.names else ""
                look, font = cell.look or Look.LABEL, own_font(cell.font)
                pieces.append(Label(columns(cell), cell.label or "", look, cell.alias, names, font=font))
        head = bool(pieces) and all(piece.look is Look.HEAD for piece in pieces)
        deep = max(spec.rows, 1)
        height = self.height(spec, deep * where.heights.get(HEAD if head else BODY, 0.0))
        return Row(tuple(pieces), float(spec.lines), head, deep=deep, kept=spec.keep, height=height)

    def height(self, spec: TitleBand | RowBand | TableBand, usual: float = 0.0) -> float:
        """Return the height in points that a band states, else the usual one; 0 where it goes by its lines."""
        stated = height_in(spec.height, spec.place.of("height"), self.problems)
        if isinstance(spec, TitleBand) or spec.lines == 1:
            return stated or usual
        if stated:
            self.problems.add(spec.place.of("lines"), "写了 height，就不用写 lines", "删去 lines，行高由 height 决定")
        return stated

    def several(self, cell: CellSpec, where: Where) -> Entry:
        """Return a cell in which several values stand, each behind a caption of its own."""
        found: list[Entry] = []
        for inner in cell.places:
            path = where.path(inner.field or "")
            length = inner.length or (Length(None, _SHORT) if inner.type is Type.TEXT else None)
            spec = replace(inner, at=cell.at, look=cell.look or Look.PLAIN, font=cell.font, length=length)
            found.append(entry(self.fields, spec, path, self.parts(inner, path, where.above, ""), where.prefix))
        return replace(found[0], others=tuple(other.path for other in found[1:]))

    def parts(self, cell: CellSpec, path: str, above: tuple[str, ...], left: str) -> tuple[str, ...]:
        """The labels that lead to a field: its group's, else those above and on its left."""
        own = cell.name or words(cell.caption.partition(HOLE)[0])
        for group in (path, path.rpartition(".")[0]):
            if group in self.groups and not group.endswith("]"):
                return (*self.groups[group].split(" › "), *([own] if own else []))
        return (*above, *[part for part in dict.fromkeys((left, own)) if part]) or (path,)

    # -- heads ------------------------------------------------------------------------------------------------------

    def heads(
        self, spec: HeadBand | MatrixBand | TableBand, cells: Sequence[CellSpec], where: Where, table: str
    ) -> list[Row]:
        """Lay out heads in as many rows as they are deep; a head without others below it reaches down to the last."""
        self.spans(leaves(cells), where.columns)
        deepest = depth(cells)
        rows: list[list[Piece]] = [[] for _ in range(deepest)]

        def lay(level: int, specs: Sequence[CellSpec]) -> None:
            for cell in specs:
                check_holes(cell.label or "", cell.place.of("label"), self.problems)
                names = cell.names or (f"{table}[].{cell.field}" if table and cell.field and not cell.columns else "")
                if cell.option:
                    names = f"{names}={cell.option}"
                deep = 1 if cell.columns else deepest - level
                at = columns(cell)
                rows[level].append(Label(at, cell.label or "", Look.HEAD, cell.alias, names, deep))
                lay(level + 1, cell.columns)

        lay(0, cells)
        lines = _HEAD_LINES if deepest == 1 else _LINES_OF_HEAD
        heights = self.head_heights(spec, deepest) or [where.heights.get(HEAD, 0.0)] * deepest
        return [
            Row(tuple(pieces), lines, head=True, table=table, height=height)
            for pieces, height in zip(rows, heights, strict=True)
        ]

    def head_heights(self, spec: HeadBand | MatrixBand | TableBand, depth: int) -> list[float]:
        """Return the heights in points that heads state, one for each row of them; none where they state none."""
        at = spec.place.of("head_heights")
        if spec.head_heights and len(spec.head_heights) != depth:
            self.problems.add(at, "head_heights 的个数不对", f"表头有 {depth} 行，写 {depth} 个数")
            return []
        return [height_in(points, at, self.problems) for points in spec.head_heights]

    @staticmethod
    def table_of(cells: Sequence[CellSpec]) -> str:
        """The table that heads by themselves are about: the longest that they name."""
        tables = [cell.names.rpartition("[]")[0] for cell in leaves(cells)]
        return max(tables, key=len, default="")

    # -- matrices ---------------------------------------------------------------------------------------------------

    def matrix(self, spec: MatrixBand, where: Where) -> list[Band]:
        cells = leaves(spec.head)
        if sum(names_rows(cell) for cell in cells) != 1:
            self.problems.add(spec.place.of("head"), "matrix 的 head 里要正好有一格没有 field", "行名称印在这一格下面")
            self.problems.incomplete = True
            return []
        path = where.path(spec.matrix)
        self.call(path, where.below(spec.name), spec.head)
        head = self.heads(spec, [plain(cell) for cell in spec.head], where, path)
        return [*head, *Matrix(self.problems, self.fields, self.groups, path, cells).rows(spec.rows, where)]

    # -- growing tables ---------------------------------------------------------------------------------------------

    def table(self, spec: TableBand, where: Where) -> Table:
        path = where.path(spec.table)
        heads: Sequence[CellSpec] = spec.columns
        if spec.beside is not None:
            heads = (*spec.columns, *spec.beside.columns)
        laid = self.side_heads(spec, where) if spec.own_heads else []
        self.spans(leaves(heads), where.columns)
        table = self.side(spec, spec.columns, path, where.below(spec.name), tuple(laid))
        if spec.beside is not None:
            table = replace(table, beside=self.beside(spec.beside, spec, where), shared=spec.beside.shared)
        self.tables[path] = table
        self.apart(spec, path)
        return table

    def apart(self, spec: TableBand, path: str) -> None:
        """Note the columns that no two rows may have alike together."""
        known = [cell.field for cell in leaves(spec.columns) if cell.field is not None]
        for name in spec.unique:
            if name not in known:
                self.problems.add(
                    spec.place.of("unique"), f"unique 里的“{name}”不是这张表的列", f"可用：{'、'.join(known)}"
                )
        if spec.unique:
            self.fields.apart.append(tuple(f"{path}[].{name}" for name in spec.unique if name in known))

    def side_heads(self, spec: TableBand, where: Where) -> list[Row]:
        """The heads of a table and of the one beside it, in the same rows."""
        rows = self.heads(spec, spec.columns, where, where.path(spec.table))
        if spec.beside is None:
            return rows
        right = self.heads(replace(spec, head_heights=()), spec.beside.columns, where, where.path(spec.beside.table))
        if len(rows) != len(right):
            self.problems.add(spec.beside.place, "左右两张表的表头行数不同", "两边写成同样多层的 columns")
        return [replace(a, pieces=(*a.pieces, *b.pieces)) for a, b in zip(rows, right, strict=False)]

    def beside(self, spec: BesideSpec, left: TableBand, where: Where) -> Table:
        path = where.path(spec.table)
        shared = [cell for cell in leaves(left.columns) if cell.field in spec.shared]
        for name in spec.shared:
            if name not in [cell.field for cell in shared]:
                self.problems.add(spec.place.of("shared"), f"shared 里的“{name}”不是左边表的列", "写左边表中的 field")
        here = where.below(spec.name)
        for cell in shared:
            self.fields.add(cell, f"{path}[].{cell.field}", (*here.above, words(cell.label or "")), f"{path}[]")
        rows = left.rows if spec.rows is None else spec.rows
        table = replace(
            self.side(replace(left, rows=max(rows, 1)), spec.columns, path, here, ()), apart=spec.rows is not None
        )
        self.tables[path] = table
        return table

    def side(
        self, spec: TableBand, cells: Sequence[CellSpec], path: str, where: Where, heads: tuple[Row, ...]
    ) -> Table:
        if path in self.tables:
            self.problems.add(spec.place.of("table"), f"表“{path}”写了两次", "换一个名称")
        self.call(path, where, cells)
        entries: list[Entry] = []
        labels: list[Label] = []
        for cell, above in with_heads(cells):
            if cell.field is None and cell.label is not None and cell.columns == ():
                if not spec.own_heads:
                    check_holes(cell.label, cell.place.of("label"), self.problems)
                    font = own_font(cell.font)
                    labels.append(Label(columns(cell), cell.label, cell.look or Look.LABEL, cell.alias, font=font))
                continue
            if cell.field is None:
                self.problems.add(cell.place, f"“{path}”有一列没有 field", "写明这一列在数据里的名称")
                continue
            parts = (*where.above, *above, words(cell.name or cell.label or cell.field))
            if cell.option:
                parts = parts[:-1]
            look = cell.look or (Look.LABEL if cell.level or cell.serial else None)
            entries.append(entry(self.fields, replace(cell, look=look), f"{path}[].{cell.field}", parts, f"{path}[]"))
        levels = [cell.level for cell in leaves(spec.columns) if cell.level]
        if levels != list(range(1, len(levels) + 1)) or len(levels) > DEEPEST_LEVEL:
            self.problems.add(spec.place.of("columns"), "level 要从左到右依次为 1、2、3", "检查各列的 level")
        if spec.rows < 1:
            self.problems.add(spec.place.of("rows"), "rows 至少为 1", "写空白表上的行数")
        return Table(
            path=path,
            heads=heads,
            entries=tuple(entries),
            rows=spec.rows,
            groups=classification(spec, levels, self.common, self.problems),
            printed=printed(spec, cells, self.problems),
            lines=float(spec.lines),
            height=self.height(spec),
            labels=tuple(labels),
        )

    # -- bands that hold bands --------------------------------------------------------------------------------------

    def section(self, spec: SectionBand, where: Where) -> Section:
        at = spec.at.columns
        if at.first != where.columns.first or at.last >= where.columns.last:
            self.problems.add(
                spec.place.of("at"),
                f"“{words(spec.section)}”的列放不下",
                "section 的 at 要在最左边，右边留出列给里面的内容",
            )
        if not spec.bands:
            self.problems.lack(spec.place, f"“{words(spec.section)}”里没有内容", "在 bands: 下写出各行")
        inner = replace(
            where, above=(*where.above, words(spec.section)), columns=Columns(at.last + 1, where.columns.last)
        )
        return Section(Label(at, spec.section, Look.SPINE, spec.alias), self.build(spec.bands, inner))

    def block(self, spec: BlockBand, where: Where) -> Block:
        path = where.path(spec.block)
        if where.prefix:
            self.problems.add(spec.place, "block 里不能再有 block", "把里面的一层改成表")
        if spec.count < 1:
            self.problems.add(spec.place.of("count"), "count 至少为 1", "写空白表上重复的次数")
        if not spec.bands:
            self.problems.lack(spec.place, f"“{spec.block}”里没有内容", "在 bands: 下写出各行")
        first = [cell for band in spec.bands[:1] if isinstance(band, RowBand) for cell in band.row]
        self.call(path, where.below(spec.name), [*([spec.spine] if spec.spine is not None else []), *first])
        inner = replace(where, prefix=f"{path}[]")
        spine = None
        if spec.spine is not None and spec.spine.field is not None:
            cell = replace(spec.spine, look=spec.spine.look or Look.SPINE)
            at = columns(cell)
            spine = entry(
                self.fields, cell, f"{path}[].{cell.field}", self.parts(cell, path, where.above, ""), f"{path}[]"
            )
            inner = replace(inner, columns=Columns(at.last + 1, where.columns.last))
        return Block(path, spec.count, self.build(spec.bands, inner), spine)

    def call(self, path: str, where: Where, cells: Iterable[CellSpec]) -> None:
        """Note what a table or block is called in messages: the labels above it and its name, else its first label."""
        own = (words(cell.name or cell.label or cell.caption.partition(HOLE)[0]) for cell in cells)
        self.groups.setdefault(path, " › ".join(where.above) or next((label for label in own if label), path))

    # -- cells ------------------------------------------------------------------------------------------------------

    def spans(self, cells: Iterable[CellSpec], free: Columns) -> None:
        """Report cells of one row without columns, that overlap, or that lie outside the columns they may use."""
        used: set[int] = set()
        for cell in cells:
            if cell.at is None:
                self.problems.add(cell.place, "这一格没有写在哪一列", "补上 at，如 at: B 或 at: B:E")
                continue
            at = cell.at.columns
            if at.first < free.first or at.last > free.last:
                self.problems.add(
                    cell.place.of("at"),
                    "这一格超出了可用的列",
                    "检查 at；section 左边占用的列不能再用，右边不能超过 columns",
                )
            taken = set(range(at.first, at.last + 1))
            if taken & used:
                self.problems.add(cell.place.of("at"), "这一格与同一行的另一格重叠", "检查 at，同一行各格不能共用一列")
            used |= taken
