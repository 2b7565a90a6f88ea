from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

import pytest

from perfxl.model.finding import Finding, Severity
from perfxl.model.value import IndicatorValue, WordValue
from perfxl.rules.budget import GATHERED, IN_ALL, ON_A_SHEET, More, gathered, in_all, on_a_sheet

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


def many(count: int, code: str = "S08", severity: Severity = WARNING) -> list[Finding]:
    return [
        Finding(code, severity, "在表外", "表", f"K{number}", value=f"杂{number}") for number in range(1, count + 1)
    ]


def counts(findings: tuple[Finding, ...]) -> dict[str, int]:
    return dict(Counter(finding.code for finding in findings))


def test_the_budgets_are_those_of_the_rules() -> None:
    assert (ON_A_SHEET, IN_ALL, GATHERED) == (200, 2_000, 5_000)


def test_few_are_told_as_they_are() -> None:
    found = many(ON_A_SHEET)
    assert on_a_sheet(found, "表", Counter()) == tuple(found) == in_all(found)


def test_of_many_the_first_are_told_and_the_others_counted() -> None:
    found = on_a_sheet([*many(ON_A_SHEET + 7), *many(3, "V01", ERROR)], "表", Counter())
    assert counts(found) == {"S08": ON_A_SHEET + 1, "V01": 3}
    assert found[:ON_A_SHEET] == tuple(many(ON_A_SHEET))
    last = found[-1]
    assert (last.code, last.severity, last.sheet, last.cell) == ("S08", WARNING, "表", None)
    assert "另有 7 处" in last.message


def test_beyond_all_measure_they_are_not_even_kept() -> None:
    made = 0

    def flood() -> Iterator[Finding]:
        nonlocal made
        for made in range(1, GATHERED + 101):
            yield Finding("S08", WARNING, "在表外", "表", f"K{made}")
        yield Finding("V01", ERROR, "未填", "表", "A1")

    more: More = Counter()
    kept = list(gathered(flood(), more))
    assert (len(kept), made, more) == (GATHERED + 1, GATHERED + 100, {("S08", WARNING): 100})
    told = on_a_sheet(kept, "表", more)
    assert f"另有 {GATHERED - ON_A_SHEET + 100} 处" in told[-1].message


def test_of_a_whole_return_the_gravest_are_told_in_their_order() -> None:
    found = [*many(IN_ALL, "V10", INFO), *many(5, "V01", ERROR), *many(20)]
    told = in_all(found)
    assert counts(told) == {"V10": IN_ALL - 25 + 1, "V01": 5, "S08": 20}
    assert [one.code for one in told[-26:]] == ["V01"] * 5 + ["S08"] * 20 + ["V10"]
    assert "另有 25 处" in told[-1].message
    assert {finding.severity for finding in in_all(many(3, "V01", ERROR), 1)} == {ERROR}


@pytest.mark.parametrize("indicator", [False, True])
def test_what_was_typed_stands_there_once_in_full(*, indicator: bool) -> None:
    text = "绩效" * 5000
    value = WordValue(text) if indicator else text
    found = [Finding("V10", INFO, "已整理", "表", f"A{row}", value=value, expected=Decimal(1)) for row in (1, 2, 3)]
    first, *others = in_all(found)
    assert first.value == value
    for other in others:
        cut = other.value.text if isinstance(other.value, IndicatorValue) else other.value
        assert isinstance(cut, str)
        assert len(cut) < 150
        assert "共 10000 字" in cut
        assert other.expected == 1


def test_many_long_texts_are_not_all_there_in_full() -> None:
    told = in_all([Finding("V10", INFO, "改", "表", "A1", value=f"{row}" + "字" * 30_000) for row in range(500)])
    assert sum(len(str(finding.value)) for finding in told) < 1_200_000


@pytest.mark.parametrize(("length", "said"), [(999, "9" * 999), (1000, "9" * 1000), (1001, "9" * 999 + "…")])
def test_a_message_has_an_end(length: int, said: str) -> None:
    (told,) = in_all([Finding("V10", INFO, "9" * length)])
    assert told.message == said


@pytest.mark.parametrize(("length", "said"), [(199, "9" * 199), (200, "9" * 200), (201, f"{'9' * 100}…（共 201 字）")])
def test_a_text_of_some_length_is_long(length: int, said: str) -> None:
    text = "9" * length
    first, second = in_all([Finding("V10", INFO, "改", value=text), Finding("V10", INFO, "改", value=text)])
    assert (first.value, second.value) == (text, said)


@pytest.mark.parametrize(("last", "in_full"), [(999_700, True), (999_701, False)])
def test_the_room_for_long_texts_is_used_to_the_last_character(last: int, *, in_full: bool) -> None:
    texts = ["a" * 300, "b" * last, "a" * 300, "c" * 200]
    told = in_all([Finding("V10", INFO, "改", value=text) for text in texts])
    assert [one.value == text for one, text in zip(told, texts, strict=True)] == [True, in_full, False, True]


@pytest.mark.parametrize("count", [1_999, 2_000, 2_001])
def test_so_many_are_told_of_a_return(count: int) -> None:
    assert [len(in_all(many(count))), len(in_all(many(count))[:2_000])] == [min(count, 2_001), min(count, 2_000)]
    assert ("另有 1 处" in in_all(many(count))[-1].message) is (count > 2_000)
