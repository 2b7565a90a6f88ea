"""Forms that are handed in every month or quarter: the places for year and part are found, and returns are told apart by them."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Border, Font, Side

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.captions import year_and_part_in
from perfxl.forms.definition.load import read_common, shipped
from perfxl.model.field_type import Type
from perfxl.model.period import Part

_LINE = Side(style="thin")


def adopted(line: str, *, last: str = "D2", pair: tuple[str, ...] = ()) -> AdoptedForm:
    """Return the form of a blank with a line below its title that is merged up to a cell."""
    book: Any = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"] = "经费统计表", line
    sheet["A1"].font = Font(size=18)
    sheet.merge_cells("A1:D1")
    sheet.merge_cells(f"A2:{last}")
    rows = [("单位名称", "联系电话"), ("期初结余", "期末结余"), *([pair] if pair else [])]
    for row, labels in enumerate(rows, start=3):
        for column, text in zip("AC", labels, strict=True):
            sheet[f"{column}{row}"] = text
        for column in "ABCD":
            sheet[f"{column}{row}"].border = Border(left=_LINE, right=_LINE, top=_LINE, bottom=_LINE)
    buffer = BytesIO()
    book.save(buffer)
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(buffer.getvalue(), "blank.xlsx", common, form="statistics").forms
    assert one.proof == ()
    return one


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("（    年第 季度）", Part.QUARTER),
        ("（2025年第二季度）", Part.QUARTER),
        ("20__年__月", Part.MONTH),
        ("　　年　　月", Part.MONTH),
    ],
)
def test_a_line_for_year_and_part_becomes_two_places(line: str, part: Part) -> None:
    form = adopted(line).form
    assert form.fields["year"].type is Type.YEAR
    field = form.fields[part.value]
    assert field.type is Type.INTEGER
    assert [field.minimum, field.maximum] == [1, part.most]
    assert form.identity.parts == {part: part.value}


def test_in_one_column_the_year_is_printed() -> None:
    made = adopted("（    年第 季度）", last="A2")
    assert "（{year}年第____季度）" in made.text
    assert made.form.identity.parts == {Part.QUARTER: "quarter"}


@pytest.mark.parametrize(("label", "part", "first"), [("季度", Part.QUARTER, "一季度"), ("月份", Part.MONTH, "1月")])
def test_a_label_before_a_blank_gives_a_choice(label: str, part: Part, first: str) -> None:
    form = adopted("（    年度）", pair=(label, "填表人")).form
    assert form.fields[part.value].choices[0].value == first
    assert form.identity.parts == {part: part.value}


def test_a_yearly_form_is_told_apart_by_year_only() -> None:
    assert adopted("（    年度）").form.identity.parts == {}


@pytest.mark.parametrize(
    "text", ["（    年度）", "填报日期：    年  月  日", "    年   月   日", "2024年执行数", "第一季度"]
)
def test_other_lines_have_no_part(text: str) -> None:
    assert year_and_part_in(text) == ()
