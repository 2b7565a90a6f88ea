"""The forms that were written from docs/authoring.md, stripped and adopted, are the same sheets."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest
from adopt_blanks import YEAR, bare_of, equal, grid, stripped_of
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.worksheet.cell_range import CellRange

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.guess import Remark
from perfxl.api import generate
from perfxl.forms.definition.load import lint, read_common, shipped
from perfxl.model.form import Form

HERE = Path(__file__).parents[1] / "authored"
BEYOND = {"gov-purchase-plan", "school-equipment-plan", "chongqing-self-eval", "project-on-sheets"}
"""Forms with formulas that the language says shorter: names looked up in a list, figures that may be missing from a sum,
figures of another sheet."""
_BELOW = "这一列下面各格也是"
OWN = sorted(path.parent.name for path in HERE.rglob("form.yaml"))
EACH = [pytest.param(form, marks=() if form == "monthly-statistics" else pytest.mark.slow) for form in OWN]


@cache
def forms() -> Mapping[str, Form]:
    return lint([HERE, HERE / "school-statistics"])[0]


def adopted(data: bytes) -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(data, "original.xlsx", common, form="adopted").forms
    return one


def blank(form: Form) -> bytes:
    return stripped_of(generate(form, year=YEAR), form.sheet)


def _covered(place: tuple[int, int], sheet: dict[tuple[int, int], tuple[str, bool, str]]) -> set[tuple[int, int]]:
    """Return the places of a cell, those of its merge among them."""
    merge = sheet[place][2] if place in sheet else ""
    return {place, *(CellRange(merge).cells if merge else ())}


def _told(remark: Remark, places: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Return the places that a remark is about: its cell, and those below it where it says so."""
    row, column = coordinate_to_tuple(remark.cell.split(":")[0])
    below = {place for place in places if place[1] == column and place[0] > row} if _BELOW in remark.text else set()
    return {(row, column), *below}


@pytest.mark.parametrize("name", EACH)
def test_generates_the_same_sheet(name: str) -> None:
    original = blank(forms()[name])
    made = adopted(original)
    one, other = grid(original), grid(generate(made.form, year=YEAR))
    places = {place for place in one.keys() | other.keys() if one.get(place) != other.get(place)}
    said = {place for remark in made.remarks if remark.cell for place in _told(remark, places)}
    unsaid = [place for place in places if not said & _covered(place, other)]
    assert unsaid == []
    assert not places or name in BEYOND
    assert made.proof == ()


def test_a_matrix_has_its_printed_columns_and_months() -> None:
    text = adopted(blank(forms()["monthly-statistics"])).text
    assert "label: 行次, serial: true" in text
    assert "label: 单位, prints: unit" in text
    assert "{label: 1 月, field: m1, texts: {unit: 万元}}" in text
    assert "{label: 第一季度, field: q1, sum: [m1, m2, m3], texts: {unit: 万元}}" in text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["monthly-statistics", "guangxi-summary", "shaanxi-dept-goal"])
def test_without_locks_it_is_nearly_the_same(name: str) -> None:
    original = blank(forms()[name])
    assert equal(original, generate(adopted(bare_of(original)).form, year=YEAR)) >= 0.97
