from __future__ import annotations

from decimal import Decimal

import pytest

from perfxl.forms.compute import compute
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.grade import grade, is_total, total_score
from support.cases import shipped_form


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        ("100", "优"),
        ("90", "优"),
        ("89.996", "良"),
        ("80", "良"),
        ("79.99", "中"),
        ("60", "中"),
        ("59.99", "差"),
        ("0", "差"),
    ],
)
def test_grades_are_half_open(total: str, expected: str) -> None:
    assert grade(Decimal(total)) == expected


@pytest.mark.parametrize(
    ("total", "graded"), [("-0.01", False), ("0", True), ("0.5", True), ("100", True), ("100.01", False)]
)
def test_only_a_total_from_0_to_100_is_graded(total: str, graded: bool) -> None:  # noqa: FBT001 - what is expected
    assert is_total(Decimal(total)) == graded


def scored(*scores: str) -> Record:
    values: dict[str, Value] = {}
    for index, score in enumerate(scores):
        values[f"indicators[{index}].score"] = Decimal(score)
        values[f"indicators[{index}].weight"] = Decimal(50)
    return Record(values, {"indicators": len(scores)})


def test_the_total_is_graded_before_it_is_rounded_for_print() -> None:
    form = shipped_form("mof-project-self-eval")
    record = compute(form, scored("49.996", "40")).record
    assert record["total.score"] == Decimal("90.00")
    assert total_score(form, record) == Decimal("89.996")


def test_a_form_without_scores_typed_has_no_total() -> None:
    form = shipped_form("mof-project-self-eval")
    assert total_score(form, compute(form, Record()).record) is None


def test_a_form_that_is_not_scored_has_no_total() -> None:
    assert total_score(shipped_form("jilin-dept-self-eval"), scored("50")) is None
