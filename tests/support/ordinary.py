"""What a unit usually types into a blank form: names and goals of ordinary length, some rows of each table, most of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.model.value import IndicatorValue, Value
from perfxl.writer.places import column_of

NAMES = (
    "培训教师人次",
    "新建改扩建校舍面积",
    "困难学生资助资金发放及时率",
    "验收合格率",
    "各项工作按计划进度完成",
    "服务对象满意度",
)
TARGETS = ("≥1200人次", "≥95%", "≥3.2万平方米", "100%", "≤90万元", "12月底前", "持续改善")
REASON = "受雨季影响，部分校舍维修工程延期开工，已督促施工单位倒排工期。"
SENTENCE = "保障全区义务教育学校正常运转，落实困难学生资助政策，改善办学条件，提高教师队伍素质，促进教育均衡发展。"
"""50 characters."""
_LONG = {"functions": 5, "tasks": 4, "organization": 3, "text": 2, "content": 1}
"""Sentences in a text by the name of its field, 2 where it is not said; a text that stands in a row's column has one."""
_ROWS_OF_PLAIN_TABLE = 0.6
_ROWS_OF_GROUP = (2, 1, 2, 1, 1, 2, 1, 1, 1)
"""How many rows are used in the 二级 of a table, one after the other."""


def ordinary(layout: Layout) -> dict[str, str | int]:
    """Return what is typed into a blank, by cell."""
    return dict(_typed(layout))


def as_typed(blank: Layout, filled: Layout) -> dict[str, str | float]:
    """Return what a filled layout holds as it is typed into the blank, by cell, as far as the blank has room for it."""
    places = {path: cell.box.name for path, cell in _places(blank).items() if cell.role is Role.INPUT}
    found: dict[str, str | float] = {}
    for path, cell in _places(filled).items():
        value = cell.value
        if path in places and value is not None and not cell.option:
            before = cell.caption.before if cell.caption is not None and cell.text else ""
            found[places[path]] = float(value) if isinstance(value, Decimal) else before + _shown(value)
    return found


def _shown(value: Value) -> str:
    return value.text if isinstance(value, IndicatorValue) else str(value)


def _places(layout: Layout) -> dict[str, PlacedCell]:
    """Return the cells of fields; those of table rows by their 二级 and their number in it."""
    rows = {row.number: row for row in layout.rows if row.kind is RowKind.TABLE}
    levels: dict[int, str] = {}
    for cell in layout.cells:
        if cell.field is not None and cell.field.level == 2:
            levels |= dict.fromkeys(range(cell.box.row, cell.box.last_row + 1), cell.text)
    counted: Counter[tuple[str, str]] = Counter()
    names: dict[int, str] = {}
    for number, row in rows.items():
        table = row.record.rpartition("[")[0]
        counted[table, levels.get(number, "")] += 1
        names[number] = f"{table} {levels.get(number, '')} {counted[table, levels.get(number, '')]}"
    return {
        f"{names[cell.box.row]} {cell.box.column}" if cell.box.row in names else cell.path: cell
        for cell in layout.cells
        if cell.field is not None and not cell.field.level
    }


def _typed(layout: Layout) -> Iterator[tuple[str, str | int]]:
    used = set(_used_rows(layout))
    tables = {row.number for row in layout.rows if row.record and row.table}
    count = 0
    for cell in layout.cells:
        if cell.role is not Role.INPUT or cell.field is None or cell.field.level or cell.option:
            continue
        row = cell.box.row
        if row in tables and row not in used:
            continue
        count += 1
        yield from ((cell.box.name, value) for value in [_value(cell, row, count)] if value is not None)


def _used_rows(layout: Layout) -> Iterator[int]:
    """The rows of growing tables that get something: of each 二级 the first one or two, else the first of a table."""
    level2 = [c for c in layout.cells if c.field is not None and c.field.level == 2 and c.role is Role.PRINTED]
    grouped: set[int] = set()
    for number, cell in enumerate(level2):
        rows = range(cell.box.row, cell.box.last_row + 1)
        grouped.update(rows)
        yield from rows[: _ROWS_OF_GROUP[number % len(_ROWS_OF_GROUP)]]
    plain: dict[str, list[int]] = {}
    for placed in layout.rows:
        if placed.table and placed.record and placed.number not in grouped:
            plain.setdefault(placed.record.partition("[")[0] + column_of(placed.table), []).append(placed.number)
    for rows_of_table in plain.values():
        yield from rows_of_table[: max(1, int(len(rows_of_table) * _ROWS_OF_PLAIN_TABLE))]


def _value(cell: PlacedCell, row: int, count: int) -> str | int | None:
    field = cell.field
    assert field is not None
    key = field.key
    if field.type is Type.YEAR:
        return 2024
    if field.type is Type.DATE:
        return "2024-1-16"
    if field.type.numeric:
        return 5 if field.type is Type.NUMBER else 1200 + count
    if field.type is Type.CHOICE:
        return field.choices[0].value
    if field.type is Type.TICK:
        return None
    if field.type is Type.VALUE:
        return TARGETS[row % len(TARGETS)]
    if key == "name":
        return NAMES[row % len(NAMES)]
    if key in {"reason", "remark"}:
        return REASON if row % 9 == 0 else None
    if cell.look is Look.TEXT and not key.endswith("name"):
        before = cell.caption.before if cell.caption is not None else ""
        sentences = 1 if "[" in cell.path and "text" not in key else _LONG.get(key, 2)
        return before + "\n".join([SENTENCE] * sentences)
    return "某某市青溪区教育局" if cell.box.last_column - cell.box.column > 1 else "教育支出"
