"""The LibreOffice that the other client tests rely on does what a person at it would see."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from support.office import Office, OfficeError, RefusedError, installation

pytestmark = pytest.mark.client


@pytest.fixture
def form(tmp_path: Path) -> Path:
    """A small protected form: a Text cell, ordinary inputs, a sum with a wrong cached result, a merge."""
    path = tmp_path / "表.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("自评表")
        text = book.add_format({"num_format": "@", "locked": False})
        plain = book.add_format({"locked": False})
        sheet.write_column("A1", ["指标值", "年初", "全年", "合计"])
        sheet.write_blank("B1", None, text)
        sheet.write_column("B2", [1, 2], plain)
        sheet.write_formula("B4", "=SUM(B2:B3)", None, 99)
        sheet.merge_range("D1:E2", None, plain)
        sheet.protect("", {"insert_rows": True})
    return path


def read(office: Office, path: Path, *cells: str) -> list[dict[str, Any]]:
    (found,) = office.run({"open": str(path), "steps": [{"read": cells}]})
    assert isinstance(found, list)
    return found


def test_typing_means_what_it_means_to_a_person(office: Office, form: Path, tmp_path: Path) -> None:
    filled = office.fill(form, {"自评表": {"B1": "95%", "B2": "1,616.43", "B3": Decimal("0.1")}}, tmp_path / "填.xlsx")
    text, number, other, total = read(office, filled, "B1", "B2:B4")
    assert (text["value"], text["format"]) == ("95%", "@")
    assert (number["value"], other["value"]) == (Decimal("1616.43"), Decimal("0.1"))
    assert (total["value"], total["formula"]) == (Decimal("1616.53"), "=SUM(B2:B3)")


@pytest.mark.parametrize(
    ("typed", "value", "displayed"),
    [
        ("95%", Decimal("0.95"), "95.00%"),
        ("≥95%", "≥95%", "≥95%"),
        ("2024-01-16", Decimal(45307), "2024-01-16"),
        ("2024年1月16日", Decimal(45307), None),
        ("'007", "007", "007"),
        ("=1/0", None, "#DIV/0!"),
        ("=ROUND(1.005, 2)", Decimal("1.01"), "1.01"),
    ],
)
def test_an_ordinary_cell_takes_what_is_typed_as_a_chinese_office_does(
    office: Office, form: Path, tmp_path: Path, typed: str, value: object, displayed: str | None
) -> None:
    (cell,) = read(office, office.fill(form, {"自评表": {"B3": typed}}, tmp_path / "填.ods"), "B3")
    assert cell["value"] == value
    assert cell["text"] == (displayed or cell["text"])


def test_opening_does_not_recalculate_and_recalculating_does(office: Office, form: Path) -> None:
    assert office.displayed(form)["自评表"]["B4"] == 99
    assert office.recalculated(form)["自评表"] == {
        "A1": "指标值",
        "A2": "年初",
        "A3": "全年",
        "A4": "合计",
        "B2": 1,
        "B3": 2,
        "B4": 3,
    }


def test_rows_can_be_inserted_where_the_form_allows_it(office: Office, form: Path, tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [{"insert_rows": 2, "before": 3}, {"cell": "B3", "type": 10}]
    longer = office.edit(form, steps, tmp_path / "长.xlsx")
    assert office.displayed(longer)["自评表"]["B6"] == 13


@pytest.mark.parametrize(
    "step",
    [
        {"cell": "A1", "type": "改标题"},
        {"cell": "E2", "type": "盖住的"},
        {"clear": "A1:B2"},
        {"delete_rows": 1, "from": 2},
        {"copy_rows": 1, "from": 2, "to": 3},
        {"sheet": "没有", "cell": "B2", "type": 1},
    ],
)
def test_what_a_person_cannot_do_is_refused_and_nothing_is_saved(
    office: Office, form: Path, tmp_path: Path, step: dict[str, Any]
) -> None:
    with pytest.raises(RefusedError):
        office.edit(form, [step], tmp_path / "不存.xlsx")
    assert not (tmp_path / "不存.xlsx").exists()


def test_without_protection_rows_can_be_copied_and_deleted(office: Office, form: Path, tmp_path: Path) -> None:
    steps: list[dict[str, Any]] = [
        {"unprotect": ""},
        {"copy_rows": 1, "from": 2, "to": 6},
        {"clear": "B3"},
        {"delete_rows": 1, "from": 1},
        {"rename": "另一表"},
        {"recalculate": True},
    ]
    sheets = office.displayed(office.edit(form, steps, tmp_path / "改.xls"))
    assert sheets == {"另一表": {"A1": "年初", "B1": 1, "A2": "全年", "A3": "合计", "B3": 1, "A5": "年初", "B5": 1}}


def test_a_form_is_printed_and_a_damaged_file_is_refused(office: Office, form: Path, tmp_path: Path) -> None:
    assert office.convert(form, "pdf").read_bytes().startswith(b"%PDF-")
    damaged = tmp_path / "坏.xlsx"
    damaged.write_bytes(form.read_bytes()[:2000])
    with pytest.raises(RefusedError):
        office.displayed(damaged)


def test_it_comes_back_after_it_was_ended(office: Office, form: Path) -> None:
    office.stop()
    assert office.displayed(form)["自评表"]["B2"] == 1


def test_what_takes_too_long_is_ended_and_leaves_nothing_running(form: Path, tmp_path: Path) -> None:
    installed = installation()
    assert installed
    hurried = Office(installed, tmp_path, seconds=0.05)
    with pytest.raises(OfficeError, match="no answer after"):
        hurried.displayed(form)
    assert not hurried.running


def test_a_step_that_does_not_exist_is_our_mistake(office: Office, form: Path) -> None:
    with pytest.raises(OfficeError):
        office.run({"open": str(form), "steps": [{"shout": "合计"}]})
    assert office.displayed(form)["自评表"]["B2"] == 1
