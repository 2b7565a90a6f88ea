"""What a cell with a formula holds: what the formula gives now, else what was stored."""

from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.model.address import Box
from perfxl.model.grid import CellKind, Content, GridCell
from perfxl.model.reading import Reading, Sighting
from perfxl.model.record import Record
from perfxl.values.bind import agree, bind, given
from perfxl.values.coerce import CellProblem
from perfxl.values.formulas.calculator import Result
from support.tinyforms import EVALUATION

PLAIN, COMPUTED = "funds.total.executed", "funds.total.rate"


def seen(path: str, stored: Content, kind: CellKind = CellKind.NUMBER) -> Reading:
    cell = GridCell(5, 5, kind, stored, "General", "A1+A2")
    return Reading({path: Sighting(Box(5, 5, 5, 5), cell, stored)}, {}, {}, (), 1.0)


def number(value: str) -> Result:
    return Result(CellKind.NUMBER, Decimal(value))


@pytest.mark.parametrize(
    ("stored", "gives", "value", "problem"),
    [
        ("7", number("7"), "7", CellProblem.NONE),
        ("7", number("8"), "8", CellProblem.RECALCULATED),
        ("7", None, "7", CellProblem.NONE),
        ("7", Result(CellKind.ERROR, "#REF!"), "7", CellProblem.NONE),
        (None, number("8"), "8", CellProblem.RECALCULATED),
        (None, None, None, CellProblem.NO_RESULT),
        (None, Result(CellKind.ERROR, "#REF!"), None, CellProblem.NO_RESULT),
        # the noise of binary numbers: a millionth, of large numbers a millionth part
        ("0.000001", number("0"), "0.000001", CellProblem.NONE),
        ("0.0000011", number("0"), "0", CellProblem.RECALCULATED),
        ("100.0001", number("100"), "100.0001", CellProblem.NONE),
        ("100.00011", number("100"), "100", CellProblem.RECALCULATED),
        ("99.9999", number("100"), "99.9999", CellProblem.NONE),
    ],
)
def test_the_formula_of_an_input_cell(
    stored: str | None, gives: Result | None, value: str | None, problem: CellProblem
) -> None:
    kept = None if stored is None else Decimal(stored)
    kind = CellKind.BLANK if kept is None else CellKind.NUMBER
    bound = bind(EVALUATION, seen(PLAIN, kept, kind), lambda _: gives)
    assert bound.record[PLAIN] == (None if value is None else Decimal(value))
    assert (bound.remarks[PLAIN].problem if PLAIN in bound.remarks else CellProblem.NONE) is problem
    assert bound.unreadable == ({PLAIN} if problem is CellProblem.NO_RESULT else set())


def test_an_error_cell_stays_one_whatever_its_formula_would_give() -> None:
    bound = bind(EVALUATION, seen(PLAIN, "#REF!", CellKind.ERROR), lambda _: number("8"))
    assert bound.remarks[PLAIN].problem is CellProblem.ERROR_CELL
    assert bound.unreadable == {PLAIN}


def test_a_computed_cell_is_stated_and_its_formula_looked_at_where_that_is_not_what_it_should_be() -> None:
    reading = seen(COMPUTED, Decimal("0.5"))
    bound = bind(EVALUATION, reading, lambda _: number("8"))
    assert (bound.record[COMPUTED], bound.stated[COMPUTED], bound.remarks) == (None, Decimal("0.5"), {})
    right, wrong = Record({COMPUTED: Decimal("0.5")}), Record({COMPUTED: Decimal("0.6")})

    def texts(_: GridCell) -> tuple[str, ...]:
        return (PLAIN,)

    assert given(EVALUATION, reading, bound, right, lambda _: number("8"), texts) == {}
    found = given(EVALUATION, reading, bound, wrong, lambda _: number("0.7"), texts)
    assert found[COMPUTED].value == Decimal("0.7")
    assert found[COMPUTED].texts == (PLAIN,)
    assert given(EVALUATION, reading, bound, wrong, lambda _: None, texts) == {}
    assert given(EVALUATION, reading, bound, wrong, lambda _: Result(CellKind.ERROR, "#REF!"), texts) == {}


@pytest.mark.parametrize(
    ("stated", "same"), [("0.5000009", True), ("0.4999991", True), ("0.500001", False), ("0.499999", False)]
)
def test_results_agree_but_for_the_noise_of_binary_numbers(stated: str, *, same: bool) -> None:
    assert agree(Decimal(stated), Decimal("0.5")) is same


def test_other_results_agree_where_they_are_equal() -> None:
    assert agree("优", "优")
    assert not agree("优", "良")
    assert agree(None, None)
    assert not agree(None, Decimal(0))


@pytest.mark.parametrize(("whole", "remarked"), [("２０２４", True), ("（２０２４年度）", False)])
def test_what_is_put_right_inside_a_caption_is_not_told(whole: str, *, remarked: bool) -> None:
    cell = GridCell(2, 1, CellKind.TEXT, whole, "General")
    reading = Reading({"year": Sighting(Box(2, 1, 2, 1), cell, "２０２４")}, {}, {}, (), 1.0)
    bound = bind(EVALUATION, reading)
    assert bound.record["year"] == 2024
    assert ("year" in bound.remarks) is remarked
