"""Every form in LibreOffice: opens without repair, its formulas give what we wrote as their results, and they live."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.field_type import Type
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from support.office import Office

pytestmark = pytest.mark.client

FORMS = load_forms()
CLOSE = Decimal("0.000001")


def sample(name: str) -> dict[str, object]:
    text = (shipped() / name / "sample.json").read_text(encoding="utf-8")
    given: dict[str, object] = json.loads(text, parse_float=Decimal)
    return given


def cached(workbook: bytes, sheet: str) -> Iterator[tuple[str, Decimal | str]]:
    formulas = openpyxl.load_workbook(io.BytesIO(workbook))[sheet]
    values = openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)[sheet]
    for row in formulas.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                value = values[cell.coordinate].value
                yield cell.coordinate, value if isinstance(value, str) else Decimal(str(value or 0))


def agree(ours: Decimal | str, theirs: Decimal | str | None) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) < CLOSE
    return (ours or None) == (theirs or None)


@pytest.mark.parametrize("given", ["blank", "sample"])
@pytest.mark.parametrize("name", FORMS)
def test_recalculated_results_are_the_cached_ones(name: str, given: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    workbook = generate(form, year=2024, data=sample(name) if given == "sample" else None)
    path = tmp_path / "a.xlsx"
    path.write_bytes(workbook)
    theirs = office.recalculated(path)[form.sheet]
    wrong = {at: (ours, theirs.get(at)) for at, ours in cached(workbook, form.sheet) if not agree(ours, theirs.get(at))}
    assert not wrong


def sums_of_columns(placed: Layout) -> list[tuple[PlacedCell, PlacedCell]]:
    """A computed cell outside tables with the last number of a growing table that it may sum: tried, not guessed."""
    rows = {row.number: row for row in placed.rows}
    last: dict[str, PlacedCell] = {}
    for cell in placed.cells:
        in_table = rows[cell.box.row].kind is RowKind.TABLE
        if (
            cell.role is Role.INPUT
            and cell.field is not None
            and in_table
            and cell.field.type in {Type.MONEY, Type.NUMBER}
        ):
            last[cell.field.path] = cell
    computed = [c for c in placed.cells if c.role is Role.COMPUTED and rows[c.box.row].kind is not RowKind.TABLE]
    return [
        (total, number)
        for total in computed
        for number in last.values()
        if total.field is not None and total.field.formula is not None and number.field is not None
        if number.field.path in str(total.field.formula)
    ]


@pytest.mark.parametrize("name", [name for name in FORMS if sums_of_columns(layout(FORMS[name]))])
def test_totals_follow_rows_inserted_behind_the_last(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(generate(form, year=2024))
    total, number = sums_of_columns(layout(form, year=2024))[0]
    column, behind = number.box.name.rstrip("0123456789"), number.box.last_row + 1
    steps: list[dict[str, object]] = [
        {"sheet": form.sheet, "unprotect": ""},
        {"sheet": form.sheet, "cell": number.box.name, "type": 3},
        {"sheet": form.sheet, "insert_rows": 1, "before": behind},
        {"sheet": form.sheet, "cell": f"{column}{behind}", "type": 4},
    ]
    at = f"{total.box.name.rstrip('0123456789')}{total.box.row + 1}" if total.box.row >= behind else total.box.name
    before = office.recalculated(office.edit(path, steps[:2], tmp_path / "b.xlsx"))[form.sheet][total.box.name]
    after = office.recalculated(office.edit(path, steps, tmp_path / "c.xlsx"))[form.sheet][at]
    assert isinstance(before, Decimal)
    assert isinstance(after, Decimal)
    assert after - before == 4
