"""Formulas of a return: worked out where their results are missing or of long ago, and said where they leave something out."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import cast

import openpyxl
import pytest

import perfxl
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.finding import Finding
from perfxl.model.submission import Submission
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from support import corpus

NAME = "jilin-project-self-eval"
FISCAL, TOTAL = "D5", "D8"


@cache
def _blank() -> bytes:
    form = load_forms()[NAME]
    data = json.loads((shipped() / NAME / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    return perfxl.generate(form, data=data, year=2023)


def returned(typed: Mapping[str, str]) -> Submission:
    """Return what is read of a workbook that a program has saved which works nothing out."""
    book = openpyxl.load_workbook(io.BytesIO(_blank()))
    sheet = book[load_forms()[NAME].sheet]
    for cell, value in typed.items():
        sheet[cell] = value
    file = io.BytesIO()
    book.save(file)
    return corpus.read(file.getvalue())


def at(submission: Submission, path: str) -> list[Finding]:
    return [finding for finding in submission.findings if finding.path == path]


def data(submission: Submission) -> Mapping[str, object]:
    funds = cast("Mapping[str, Mapping[str, object]]", submission.forms[0].data["funds"])
    return funds["fiscal"]


def test_arithmetic_in_an_input_is_worked_out() -> None:
    found = returned({FISCAL: "=4000+367.73", "E5": "=D5*2"})
    assert (data(found)["initial"], data(found)["budget"]) == (Decimal("4367.73"), Decimal("8735.46"))
    (finding,) = at(found, "funds.fiscal.initial")
    assert (finding.code, finding.severity.value, finding.cell) == ("S05", "info", FISCAL)
    assert finding.expected == Decimal("4367.73")


def test_a_formula_that_nobody_can_work_out_is_no_blank() -> None:
    found = returned({FISCAL: "=VLOOKUP(1,A1:B2,2)"})
    assert data(found)["initial"] is None
    (finding,) = at(found, "funds.fiscal.initial")
    assert (finding.code, finding.cell) == ("V02", FISCAL)
    assert "VLOOKUP" not in finding.message


def test_what_is_up_to_date_is_not_told() -> None:
    sheet = _with_results({FISCAL: "4367.73"}, {FISCAL: "4000+367.73"})
    assert not at(corpus.read(sheet), "funds.fiscal.initial")


def test_a_stored_result_of_long_ago_is_not_taken() -> None:
    found = corpus.read(_with_results({FISCAL: "0"}, {FISCAL: "4000+367.73"}))
    assert data(found)["initial"] == Decimal("4367.73")
    assert [finding.code for finding in at(found, "funds.fiscal.initial")] == ["S05"]


def test_a_total_that_leaves_out_what_is_typed_as_text_is_a_warning() -> None:
    """The formula is up to date: what it shows is printed and filed."""
    found = corpus.read(_with_results({TOTAL: "0"}, {}, texts={FISCAL: "4367.73"}))
    (finding,) = at(found, "funds.total.initial")
    assert (finding.code, finding.severity.value, finding.cell) == ("M01", "warning", TOTAL)
    assert FISCAL in finding.message
    assert (finding.value, finding.expected) == (Decimal(0), Decimal("4367.73"))
    assert finding.related == (f"{load_forms()[NAME].sheet}!{FISCAL}",)
    assert data(found)["initial"] == Decimal("4367.73")


def test_a_total_that_is_only_stale_is_an_info() -> None:
    found = corpus.read(_with_results({TOTAL: "12"}, {}))
    (finding,) = at(found, "funds.total.initial")
    assert (finding.code, finding.severity.value) == ("S05", "info")


def test_a_formula_that_was_changed_is_a_warning() -> None:
    found = corpus.read(_with_results({TOTAL: "0"}, {TOTAL: "SUM(D6:D7)"}))
    (finding,) = at(found, "funds.total.initial")
    assert (finding.code, finding.severity.value) == ("M01", "warning")
    assert "SUM" not in finding.message


@pytest.mark.parametrize(("formula", "codes"), [("SUM(D5:D7)", ["S05"]), ("SUM(D6:D7)", ["M01"])])
def test_formulas_of_others_give_what_they_give_not_what_is_stored(formula: str, codes: list[str]) -> None:
    """A workbook that perfxl did not make, by a program that stores 0 for every result."""
    stamped = _with_results({TOTAL: "0"}, {TOTAL: formula})
    package = Package.open(stamped, DEFAULT)
    sheet = next(name for name in package.names if name.endswith("sheet1.xml"))
    found = corpus.read(
        package.rebuilt({"xl/workbook.xml": _anonymous(package), sheet: package.read(sheet)}, ["docProps/custom.xml"])
    )
    assert found.forms[0].by.value == "layout"
    assert [finding.code for finding in at(found, "funds.total.initial")] == codes


def _anonymous(package: Package) -> bytes:
    workbook = package.read("xl/workbook.xml").decode()
    return workbook.replace("_perfxl", "_nobody").encode()


def _with_results(
    results: Mapping[str, str], formulas: Mapping[str, str], texts: Mapping[str, str] | None = None
) -> bytes:
    """Return the filled-in form with other results stored, other formulas, and numbers typed as text."""
    package = Package.open(_blank(), DEFAULT)
    sheet = "xl/worksheets/sheet1.xml"
    xml = package.read(sheet).decode()
    for cell in {*results, *formulas, *(texts or {})}:
        start = xml.index(f'<c r="{cell}"')
        end = xml.index("</c>", start) + 4
        written = xml[start:end]
        style = written[written.index(" s=") : written.index('"', written.index(" s=") + 4) + 1]
        own = written[written.index("<f>") + 3 : written.index("</f>")] if "<f>" in written else ""
        formula = formulas.get(cell, own)
        if texts and cell in texts:
            made = f'<c r="{cell}"{style} t="inlineStr"><is><t>{texts[cell]}</t></is></c>'
        else:
            made = f'<c r="{cell}"{style}>{f"<f>{formula}</f>" if formula else ""}<v>{results[cell]}</v></c>'
        xml = xml[:start] + made + xml[end:]
    return package.rebuilt({sheet: xml.encode()})
