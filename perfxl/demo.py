"""The whole loop on the shipped sample: generate, fill in as an officer would, import, say what was found."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType

import openpyxl

from perfxl.api import generate, layout, marked
from perfxl.forms.data import from_data
from perfxl.forms.layout.row_heights import height
from perfxl.forms.stock import load_forms, shipped
from perfxl.model.form import Form
from perfxl.model.layout import Layout, Role
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value
from perfxl.outputs import write_whole
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json
from perfxl.reporting.terminal import render

FORM = "hunan-dept-self-eval"
UNIT_CODE = "430407"
SAMPLE = "sample.json"


def demo(output: Path, *, color: bool, width: int) -> Iterator[str]:
    """Run the loop below a folder and yield what there is to tell, step by step. Raises OSError if it cannot write."""
    forms = load_forms()
    form = forms[FORM]
    sample = json.loads((shipped() / FORM / SAMPLE).read_text(encoding="utf-8"), parse_float=Decimal)
    record, _ = from_data(form, sample)
    year, unit = int(sample["year"]), str(sample["unit_name"])
    blank, returned = output / "demo" / "下发.xlsx", output / "demo" / "交回.xlsx"

    write_whole(blank, generate(form, year=year, unit=unit, unit_code=UNIT_CODE))
    yield f"一、下发：《{form.title}》空白表\n    {blank.as_posix()}\n\n"

    placed = layout(form, year=year, unit=unit, unit_code=UNIT_CODE)
    typed = fill(placed, form, record)
    write_whole(returned, type_in(blank.read_bytes(), placed.sheet, typed, grown(placed, typed)))
    yield f"二、填报：照{unit}公开的 {year} 年度自评表，逐格填入 {len(typed)} 格\n    {returned.as_posix()}\n\n"

    data = returned.read_bytes()
    submission = process(data, returned.name, Library.of(forms))
    document, copy = returned.with_suffix(".json"), returned.with_suffix(".marked.xlsx")
    write_whole(document, submission_json(submission))
    write_whole(copy, marked(data, submission))
    yield "三、收回、审核：\n\n"
    yield render(submission, color=color, width=width) + "\n"
    yield f"四、结果：\n    数据　　{document.as_posix()}\n"
    yield f"    标注件　{copy.as_posix()}（错处标了颜色，附“错误清单”）\n\n"
    yield f"接下来可以试试：\n    perfxl show {FORM}\n    perfxl generate {FORM} --year {year} --unit 某某局\n"
    yield f"    perfxl import {returned.as_posix()}\n    perfxl rules M06\n"


def fill(placed: Layout, form: Form, record: Record) -> dict[str, str | float | dt.date]:
    """Return what is typed into which cell of a blank. An officer types into the first free row of each 二级."""
    cells = {cell.path: cell.box.name for cell in placed.cells if cell.role is Role.INPUT}
    found = {cells[path]: _typed(value) for path, value in record.values.items() if path in cells and "[" not in path}
    for table in (path.partition("[]")[0] for path in form.fields if path.endswith("[].level2")):
        free = _free_rows(placed, table)
        for row in record.rows(table):
            place = free[str(record[f"{row}.level2"])].pop(0)
            for path, value in record.values.items():
                if path.startswith(f"{row}.") and f"{place}{path[len(row) :]}" in cells and ".level" not in path:
                    found[cells[f"{place}{path[len(row) :]}"]] = _typed(value)
    return found


def _free_rows(placed: Layout, table: str) -> Mapping[str, list[str]]:
    """The rows of the blank below each printed 二级."""
    free: dict[str, list[str]] = {}
    records = {row.number: row.record for row in placed.rows if row.table == table}
    for cell in placed.cells:
        if cell.field is not None and cell.field.path == f"{table}[].level2":
            rows = range(cell.box.row, cell.box.last_row + 1)
            free.setdefault(cell.text, []).extend(records[row] for row in rows)
    return free


def _typed(value: Value) -> str | float | dt.date:
    if isinstance(value, IndicatorValue):
        return value.text
    if isinstance(value, Decimal):
        return float(value)
    return value if isinstance(value, dt.date) else str(value or "")


def grown(placed: Layout, typed: Mapping[str, str | float | dt.date]) -> dict[int, float]:
    """Return the heights to which rows grow while texts are typed into them, as Excel has it; other rows stay."""
    boxes = {cell.box.name: cell.box for cell in placed.cells}
    heights = {row.number: row.height for row in placed.rows}
    found: dict[int, float] = {}
    for cell, value in typed.items():
        box = boxes[cell]
        needed = height(str(value), (box.column, box.last_column), placed.widths)
        if isinstance(value, str) and needed > max(heights[box.row], Decimal(found.get(box.row, 0))):
            found[box.row] = float(needed)
    return found


def type_in(
    workbook: bytes,
    sheet: str,
    typed: Mapping[str, str | float | dt.date],
    heights: Mapping[int, float] = MappingProxyType({}),
) -> bytes:
    """Return a workbook with values typed into cells through openpyxl: not our own program, as an officer's is not."""
    book = openpyxl.load_workbook(io.BytesIO(workbook))
    for cell, value in typed.items():
        book[sheet][cell] = value
    for row, high in heights.items():
        book[sheet].row_dimensions[row].height = high
    book.properties.modified = dt.datetime(2024, 1, 16, tzinfo=dt.UTC).replace(tzinfo=None)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
