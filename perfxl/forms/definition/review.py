"""What a decoded definition says that Excel cannot do, that has no effect, or that nobody can have meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct

from perfxl.expr import patterns
from perfxl.forms.definition.build import told
from perfxl.forms.definition.language import (
    BlockBand,
    CellSpec,
    FormSpec,
    HeadBand,
    MatrixBand,
    MatrixGroup,
    PageSpec,
    RowBand,
    RuleSpec,
    TableBand,
)
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.printed_text import HOLE
from perfxl.model.field_type import Type
from perfxl.model.form import MOST_BLOCKS, MOST_ROWS, Field, Paper
from perfxl.model.period import Part
from perfxl.values.label_text import flat, level

MOST_TOGETHER = 200
"""Characters typed into one cell with several places: it is read as a line of captions."""
MOST_GRID_ROWS = 50
"""Rows of the sheet over which one row of the form is merged."""
MOST_LINES = Decimal(27)
"""Excel allows rows of 409 points."""
MOST_COLUMNS = 200
MOST_SHEETS = 20
"""Sheets of one form."""
FORMAT_LENGTH = 255
"""A caption around a number is its number format, which Excel limits."""

_PAPER = {"landscape": (Decimal("29.7"), Decimal("21.0")), "portrait": (Decimal("21.0"), Decimal("29.7"))}
_TO_A3 = Decimal("1.414")
_LEAST_PRINTED = Decimal(5)
_FIGURE = "#,##0.00"
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)
_OPEN_ROWS = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_ONLY_WITH_FIELD = (
    *("name", "caption", "type", "required", "missing", "formula", "preset", "min", "max", "length"),
    "blank",
    *("pattern", "decimals", "unique"),
    *("choices", "option", "hint", "level", "spread", "serial"),
)
_ONLY_IN_TABLES = ("level", "spread", "serial", "option", "unique")
_NOT_BY_ROW = ("at", "label", "field", "columns", "alias", "names", "places", "prints", *_ONLY_IN_TABLES)
"""What a row of a matrix cannot say of its own cell."""
_TOLD = {"year": Type.YEAR, "filled": Type.DATE}
"""What the fields are that say whose form it is, those that are no text."""


def review(spec: FormSpec, fields: Mapping[str, Field], problems: Problems) -> None:
    """Report what is wrong with a definition all of which can be read; ``fields`` are those built from it."""
    _Review(problems, fields).form(spec)


class _Review(Struct, frozen=True):
    problems: Problems
    fields: Mapping[str, Field]

    def form(self, spec: FormSpec) -> None:
        if len(spec.sheets) >= MOST_SHEETS:
            self.add(spec.place.of("sheets"), f"工作表太多，超过 {MOST_SHEETS} 张", "分成几张表，各写一个 form.yaml")
        for sheet in spec.each_sheet:
            if not sheet.bands:
                self.add(sheet.place.of("bands"), "表里没有内容", "在 bands: 下写出各行")
            if len(sheet.columns) > MOST_COLUMNS:
                self.add(sheet.place.of("columns"), f"列太多，超过 {MOST_COLUMNS} 列", "合并一些列")
        for key, path in told(spec):
            field, kind = self.fields.get(path), _TOLD.get(key, Type.TEXT)
            if field is not None and key not in {*Part} and (field.type is not kind or "[]" in path):
                self.add(spec.place.of(key), f"{key} 的“{path}”不能用", f"要写不在可增行的表里、type 为 {kind} 的一格")
        if spec.many and not spec.project:
            self.add(spec.place.of("many"), "写了 many，没有写 project", "写明项目名称是哪一项，写它的 field")
        if spec.project and not spec.many:
            self.add(spec.place.of("project"), "没有 many，project 不起作用", "一个项目交一份的表写 many: true")
        for construct in _constructs(spec):
            self.construct(construct)

    def construct(self, spec: object) -> None:
        match spec:
            case PageSpec():
                self.page(spec)
            case RowBand():
                self.row(spec)
            case HeadBand():
                self.names(spec.heads)
            case MatrixBand():
                self.matrix(spec)
            case TableBand():
                self.table(spec)
            case BlockBand():
                self.count(spec.place.of("count"), "count", spec.count, MOST_BLOCKS)
                if spec.spine is not None and spec.spine.field is None:
                    self.add(spec.spine.place, "spine 缺少 field", "写明这一格在数据里的名称")
            case CellSpec():
                self.cell(spec)
            case RuleSpec(must="", each=each) if each:
                self.add(spec.place.of("each"), "没有 must，each 不起作用", "删去 each，表名写在 over")
            case _:
                pass

    def add(self, place: Place, message: str, remedy: str) -> None:
        self.problems.add(place, message, remedy)

    def page(self, spec: PageSpec) -> None:
        if len(spec.margins) != 4 or spec.orientation not in _PAPER:
            return
        left, right, top, bottom = spec.margins
        sides = _PAPER[spec.orientation]
        width, height = (side * _TO_A3 for side in sides) if spec.paper is Paper.A3 else sides
        roomy = width - left - right >= _LEAST_PRINTED and height - top - bottom >= _LEAST_PRINTED
        if min(spec.margins) < 0 or not roomy:
            self.add(spec.place.of("margins"), "margins 不对，纸上印不下内容", "依次写左、右、上、下，单位厘米")

    def count(self, at: Place, key: str, number: int, most: int = MOST_ROWS) -> None:
        if number > most:
            self.add(at, f"{key} 太大，不能超过 {most}", "填报单位可以自己增行，空白表留够常用的行数即可")

    def lines(self, at: Place, number: Decimal) -> None:
        if not 0 < number <= MOST_LINES:
            self.add(at, "lines 不对", f"写大于 0、不超过 {MOST_LINES} 的行数")

    # -- cells ------------------------------------------------------------------------------------------------------

    def row(self, spec: RowBand) -> None:
        self.lines(spec.place.of("lines"), spec.lines)
        if not spec.row:
            self.add(spec.place.of("row"), "这一行没有格", "写出各格，或删去这一行")
        self.names(spec.row)
        if not 1 <= spec.rows <= MOST_GRID_ROWS:
            self.add(spec.place.of("rows"), "rows 不对", f"写 1 到 {MOST_GRID_ROWS} 的整数，表示占工作表的几行")
        for cell in spec.row:
            self.without_effect(cell, ("prints",), "这一格不是固定表的表头")
            if cell.places:
                self.several(cell)
            if cell.field is None:
                self.without_effect(cell, _ONLY_WITH_FIELD, "这一格没有 field，不填写内容")
                continue
            self.without_effect(cell, _ONLY_IN_TABLES, "这一格不是表格的列")
            self.without_effect(cell, ("columns",), "单独的一行里没有下级表头")
            if cell.label is not None:
                remedy = "印在同一格的字用 caption 写，印在另一格的字另写一格"
                self.add(cell.place.of("label"), "一格里不能又有 label 又有 field", remedy)

    def several(self, cell: CellSpec) -> None:
        """Report what cannot be told apart in a cell with several places."""
        if cell.label is not None or cell.field is not None:
            self.add(cell.place, "一格里写了 places，就不能又有 label 或 field", "都写在 places 的各处")
        if len(cell.places) < 2:
            self.add(cell.place.of("places"), "places 至少写两处", "只有一处的，直接写 caption 和 field")
        if sum((inner.length.most or 0) if inner.length else 0 for inner in cell.places) > MOST_TOGETHER:
            self.add(cell.place.of("places"), f"一格里各处的 length 合计超过 {MOST_TOGETHER}", "长的内容另用一格")
        begun: list[str] = []
        for inner in cell.places:
            self.without_effect(inner, ("at", "label", "formula", "columns", *_ONLY_IN_TABLES), "这是一格里的一处")
            before = flat(inner.caption.partition(HOLE)[0])
            if inner.field is None:
                self.add(inner.place, "places 的一处缺少 field", "写明这一处在数据里的名称")
            if not before.endswith(":") or before in begun:
                self.add(
                    inner.place.of("caption"),
                    "一格里的各处，印好的字要各不相同，以冒号结尾",
                    f"写成 联系电话：{HOLE} 这样，读取时凭这几个字找到内容",
                )
            if inner.type not in {Type.TEXT, Type.DATE, None}:
                self.add(inner.place.of("type"), "一格里有几处的，只能填文字或日期", "数字、选项另用一格")
            begun.append(before)

    def without_effect(self, cell: CellSpec, keys: Collection[str], reason: str) -> None:
        for key in keys:
            if key in cell.place.keys:
                self.add(cell.place.of(key), f"{reason}，{key} 不起作用", f"删去 {key}")

    def names(self, cells: Sequence[CellSpec]) -> None:
        """Report names that lead to no field: of a group, or of a column that is headed."""
        for cell in _flat(cells):
            if cell.names and not self.leads(cell.names):
                remedy = "写几项共同的开头，或表头所在列的名称"
                self.problems.lack(cell.place.of("names"), f"没有以“{cell.names}”开头的项", remedy)

    def leads(self, name: str) -> bool:
        """Tell whether a name, whole or behind the path of a block, begins the path of a field."""
        begins = re.compile(rf"(^|\[\]\.){re.escape(name)}($|[.\[])")
        return any(begins.search(path) for path in self.fields)

    def cell(self, cell: CellSpec) -> None:
        for choice in cell.choices:
            if "," in choice or not all(part.strip() for part in choice.split("|")):
                self.add(cell.place.of("choices"), f"choices 的“{choice}”不能用", "不能是空白，也不能有半角逗号")
        if cell.preset is not None:
            self.preset(cell, cell.preset)
        if not (cell.type is not None and cell.type.traits.in_words) and len(cell.caption) > FORMAT_LENGTH - len(
            _FIGURE
        ):
            most = FORMAT_LENGTH - len(_FIGURE)
            self.add(cell.place.of("caption"), "caption 太长", f"数字格前后的文字合计不超过 {most} 个字")
        for key, given in (("level", cell.level), ("spread", cell.spread)):
            if given and cell.type not in {Type.TEXT, None}:
                self.add(cell.place.of(key), f"有 {key} 的列要是文本", "把 type 写成 text，或删去")
        options = [inner.option for inner in cell.columns if inner.option]
        offered = [choice.split("|")[0] for choice in cell.choices]
        if options and sorted(options) != sorted(offered):
            remedy = f"choices 里的每一项正好写一列：{'、'.join(offered) or '先写 choices'}"
            self.add(cell.place.of("columns"), "各列的 option 与 choices 不一致", remedy)

    def preset(self, cell: CellSpec, text: str) -> None:
        at, remedy = cell.place.of("preset"), "改 preset，或改限制"
        if cell.choices and text not in [choice.split("|")[0] for choice in cell.choices]:
            self.add(at, f"preset 的“{text}”不在 choices 里", remedy)
        most = cell.length.most if cell.length is not None else None
        if most is not None and len(text) > most:
            self.add(at, f"preset 超过 {most} 个字", remedy)
        if cell.pattern and not patterns.wrong(cell.pattern) and not patterns.fits(text, cell.pattern):
            self.add(at, f"preset 的“{text}”不符合 pattern", remedy)
        if cell.type is not None and cell.type.numeric and _NUMBER.fullmatch(text):
            low, high = cell.min, cell.max
            if (low is not None and Decimal(text) < low) or (high is not None and Decimal(text) > high):
                self.add(at, f"preset 的“{text}”不在 min 和 max 之间", remedy)

    # -- tables -----------------------------------------------------------------------------------------------------

    def matrix(self, spec: MatrixBand) -> None:
        if not spec.rows:
            self.add(spec.place.of("rows"), f"“{spec.matrix}”没有行", "在 rows: 下写出各行")
        for item in spec.rows:
            if isinstance(item, MatrixGroup) and not item.rows:
                self.add(item.place.of("rows"), f"“{item.group}”没有行", "在 rows: 下写出各行")
        for cell in _flat(spec.head):
            if cell.serial and cell.field is None:
                continue
            self.without_effect(cell, _ONLY_IN_TABLES, "这一格不是可增行的表的列")
            if cell.prints and cell.field is not None:
                self.add(cell.place.of("prints"), "一栏不能又有 prints 又有 field", "只印字的写 prints，要填的写 field")
        rows = [row for item in spec.rows for row in (item.rows if isinstance(item, MatrixGroup) else (item,))]
        for row in rows:
            for name, cell in row.cells.items():
                self.without_effect(cell, _NOT_BY_ROW, f"“{row.label}”的 {name} 由表头决定")

    def table(self, spec: TableBand) -> None:
        if spec.beside is not None and spec.beside.rows is not None:
            self.count(spec.beside.place.of("rows"), "rows", spec.beside.rows)
            if spec.beside.rows < 1:
                self.add(spec.beside.place.of("rows"), "rows 至少为 1", "写右边的空白表上的行数")
        self.count(spec.place.of("rows"), "rows", spec.rows)
        self.lines(spec.place.of("lines"), spec.lines)
        for cell in _flat(spec.columns):
            if cell.field == "name" and (cell.formula or cell.lookup):
                self.add(
                    cell.place.of("field"), "name 一栏说明这一行用没用，不能由公式得出", "field 换一个名称，如 title"
                )
        if not spec.columns:
            self.add(spec.place.of("columns"), f"“{spec.table}”没有列", "在 columns: 下写出各列")
        at = spec.place.of("printed")
        if spec.printed and (spec.groups or spec.classification):
            self.add(at, "printed 和一级、二级的分类只能写一个", "要印的各行都写在 printed")
        self.groups(spec.groups, spec.place.of("groups"))
        keys = [cell.field for cell in _flat(spec.columns)]
        for row in spec.printed:
            if "hint" in row and "target" not in keys:
                self.add(at, "printed 里写了 hint，表上却没有 target 一列", "删去 hint")
            if row.get("open", "true") not in {"true", "false"}:
                self.add(at, f"printed 里的 open 不能是“{row['open']}”", "写 true 或 false")
            if "rows" in row and not _OPEN_ROWS.fullmatch(row["rows"]):
                self.add(at, f"printed 里的 rows 不能是“{row['rows']}”", "写 1 到 999 的整数，表示留几行")

    def groups(self, groups: Mapping[str, Sequence[str]], at: Place) -> None:
        values = [level(text) for text in groups]
        if len(set(values)) < len(values):
            self.add(at, "groups 里有两个一级相同", "合成一个")
        for text, below in groups.items():
            if not below or len(set(below)) < len(below) or not all(name.strip() for name in below):
                self.add(at, f"“{level(text)}”下面的二级不对", "至少写一个，不能重复或空白")


def _constructs(spec: object) -> Iterator[object]:
    """Yield a construct and all inside it."""
    if isinstance(spec, tuple):
        for item in spec:
            yield from _constructs(item)
    elif isinstance(spec, Struct):
        yield spec
        for name in spec.__struct_fields__:
            yield from _constructs(getattr(spec, name))


def _flat(cells: Sequence[CellSpec]) -> Iterator[CellSpec]:
    """Yield heads and those below them."""
    for cell in cells:
        yield cell
        yield from _flat(cell.columns)
