"""Computed cells whose formula shows something else than the data hold."""

from __future__ import annotations

import io
from collections.abc import Mapping
from decimal import Decimal

import openpyxl
import pytest
from msgspec.structs import replace

from perfxl.api import generate, read
from perfxl.model.finding import Severity
from perfxl.rules.funds.shown import shown_otherwise
from perfxl.rules.run import check
from perfxl.values.bind import BoundValue
from support.cases import Typed, case_of, form_of
from support.tinyforms import DECLARATION, EVALUATION, SOUND

RATE, TOTAL = "funds.total.rate", "total.score"
BUDGET = "funds.total.budget"


def shown(
    path: str,
    gives: str,
    stated: Typed,
    *,
    percentages: bool,
    stamped: bool = True,
    texts: bool = False,
    typed: Mapping[str, Typed] = SOUND[EVALUATION.id],
) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is told of a computed cell that shows ``stated``, and whose formula gives something."""
    case = case_of(EVALUATION, typed, formulas={path: stated}, stamped=stamped)
    left_out = (BUDGET,) if texts else ()
    case = replace(case, given={path: BoundValue(Decimal(gives), left_out)})
    return [(one.path, one.texts) for one in shown_otherwise(case, percentages=percentages)]


@pytest.mark.parametrize(("path", "percentages"), [(RATE, True), (TOTAL, False)])
def test_a_cell_of_our_own_that_shows_what_its_formula_gives(path: str, *, percentages: bool) -> None:
    assert shown(path, "0.5", 0.5, percentages=percentages) == [(path, ())]
    assert shown(path, "0.5", 0.5, percentages=not percentages) == []
    assert shown(path, "0.5", 0.6, percentages=percentages) == []  # what is stored is not what the formula gives now


def test_in_a_foreign_workbook_it_is_told_where_texts_are_left_out() -> None:
    assert shown(RATE, "0.5", 0.5, percentages=True, stamped=False) == []
    assert shown(RATE, "0.5", 0.5, percentages=True, stamped=False, texts=True) == [(RATE, (BUDGET,))]
    assert shown(RATE, "0.5", 0.5, percentages=True, texts=True) == [(RATE, (BUDGET,))]


def test_nothing_is_told_of_what_depends_on_a_cell_that_cannot_be_read() -> None:
    assert shown(RATE, "0.5", 0.5, percentages=True, typed={**SOUND[EVALUATION.id], BUDGET: "约五百"}) == []


def test_a_total_that_leaves_something_out_is_a_warning() -> None:
    path = "funds.total.amount"
    case = case_of(DECLARATION, SOUND[DECLARATION.id], formulas={path: 100})
    case = replace(case, given={path: BoundValue(Decimal(100))})
    (found,) = [one for one in check(case) if one.code == "M01"]
    assert (found.severity, found.path, found.value, found.expected) == (Severity.WARNING, path, 100, 150)


def test_a_share_that_shows_otherwise_is_told_where_the_form_asks_for_shares() -> None:
    without = replace(EVALUATION, rules=tuple(rule for rule in EVALUATION.rules if rule.code != "M07"))
    for form, told in ((EVALUATION, [RATE]), (without, [])):
        case = case_of(form, SOUND[EVALUATION.id], formulas={RATE: 0.5})
        case = replace(case, given={RATE: BoundValue(Decimal("0.5"))})
        assert [one.path for one in check(case) if one.code == "M07"] == told


SUPPLY = form_of("""\
form: supply-sample
version: "1"
title: 供水月报
region: 测试
stage: report
year_basis: 年度
sheet: 供水月报
columns: {A: 10, B: 10, C: 10, D: 10}
bands:
- title: 供水月报
- matrix: supply
  name: 供水量
  head:
  - {at: A}
  - {at: B, label: 城区, field: town, type: number}
  - {at: C, label: 乡镇, field: country, type: number}
  - {at: D, label: 合计, field: whole, type: number, formula: town + country}
  rows:
  - {label: 居民用水, field: home}
""")


def test_a_total_that_shows_nothing_for_a_text_says_which_text() -> None:
    """The formula is as it was: to restore it, as is said where nothing else explains the gap, would not help."""
    book = openpyxl.load_workbook(io.BytesIO(generate(SUPPLY)))
    book["供水月报"]["B3"], book["供水月报"]["C3"] = "12.5", 3
    saved = io.BytesIO()
    book.save(saved)
    found = {one.code: one for one in read(saved.getvalue(), forms={SUPPLY.id: SUPPLY}).findings}
    assert (found["M01"].cell, found["M01"].related) == ("D3", ("供水月报!B3",))
    assert (
        found["M01"].message
        == "居民用水的合计显示的 空白 没有算上 B3 里写成文字的数，系统按 15.5 计算；请把那里改填数字"
    )
