"""Periods: parts of a year, in the words in which forms and people say them, and how they lie to each other."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model.period import Part, Period, read_period


def periods() -> st.SearchStrategy[Period]:
    lengths = st.sampled_from([36, 18, 9, 3, 1])
    return st.builds(
        lambda year, length, n: Period(year, n % (36 // length) * length + 1, (n % (36 // length) + 1) * length),
        st.integers(2000, 2099),
        lengths,
        st.integers(0, 35),
    )


@pytest.mark.parametrize(
    ("part", "number", "texts"),
    [
        (Part.HALF, 2, ["下半年", "下", "2", "H2", "二"]),
        (Part.QUARTER, 3, ["三季度", "第三季度", "第3季度", "3季", "Q3", "３", " 三 季度"]),
        (Part.MONTH, 11, ["11月", "十一月", "11", "十一月份", "11月份"]),
        (Part.MONTH, 3, ["3月", "03月", "三月"]),
        (Part.TEN_DAYS, 2, ["中旬", "中", "2", "第2旬"]),
    ],
)
def test_a_part_is_read_in_the_words_that_people_use(part: Part, number: int, texts: list[str]) -> None:
    assert [part.number(text) for text in texts] == [number] * len(texts)


@pytest.mark.parametrize(
    ("part", "texts"),
    [
        (Part.HALF, ["半年", "3", "全年", ""]),
        (Part.QUARTER, ["五季度", "5", "1-3月", "季度", "全年"]),
        (Part.MONTH, ["13月", "0", "十三月", "1-6月", "一季度"]),
        (Part.TEN_DAYS, ["4", "全月"]),
    ],
)
def test_what_is_no_such_part_is_none(part: Part, texts: list[str]) -> None:
    assert [part.number(text) for text in texts] == [None] * len(texts)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("2024", "2024"),
        ("2024年一季度", "2024年一季度"),
        ("2024Q1", "2024年一季度"),
        ("2024-03", "2024年3月"),
        ("2024年3月", "2024年3月"),
        ("2024年12月", "2024年12月"),
        ("2024H2", "2024年下半年"),
        ("2024年3月下旬", "2024年3月下旬"),
    ],
)
def test_a_period_is_read_and_said(text: str, name: str) -> None:
    period = read_period(text)
    assert period is not None
    assert period.name == name


@pytest.mark.parametrize("text", ["", "24", "2024年", "2024年五季度", "2024-13", "二〇二四", "2024年3月末旬", "本年"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_period(text) is None


@given(periods())
def test_what_is_said_is_read_again(period: Period) -> None:
    assert read_period(period.name) == period


@given(periods())
def test_the_next_one_follows_without_a_gap(period: Period) -> None:
    after = period.after
    assert after.length == period.length
    assert not period.meets(after)
    assert after.rank > period.rank
    assert (after.year, after.first) == (
        (period.year, period.last + 1) if period.last < 36 else ((period.year or 0) + 1, 1)
    )


@given(periods(), st.sampled_from([36, 18, 9, 3, 1]))
def test_a_longer_one_holds_the_whole_of_it(period: Period, length: int) -> None:
    longer = period.of_length(length)
    if longer is None:
        assert length < period.length
    else:
        assert longer.length == length
        assert longer.first <= period.first <= period.last <= longer.last
        assert longer.meets(period)


@given(periods())
def test_its_parts_make_it_again(period: Period) -> None:
    parts = period.parts()
    last = list(parts)[-1:]
    wanted = [Part.MONTH, *last] if last == [Part.TEN_DAYS] else last
    shortest: dict[Part, int | None] = {part: parts[part] for part in wanted}
    assert Period.of(period.year, shortest) == period


def test_what_is_not_known_is_no_part_and_meets_all() -> None:
    unknown = Period.of(2024, {Part.QUARTER: None})
    assert not unknown.known
    assert unknown.meets(Period(2024, 1, 9))
    assert unknown != Period(2024)
    assert unknown.said == "2024 年（哪一期不详）"
