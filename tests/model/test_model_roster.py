from __future__ import annotations

import pickle

import pytest

from perfxl.model.roster import Roster, RosterUnit, code_key, name_key

ROSTER = Roster(
    (
        RosterUnit("石鼓区教育局", "0430407", 2),
        RosterUnit("石鼓区 财政局（本级）", None, 3),
        RosterUnit("示范小学", "1", 4),
        RosterUnit("示范小学", "2", 5),
    )
)


@pytest.mark.parametrize("typed", ["0430407", " ０４３０４０７ ", "0430407.0"])
def test_a_code_is_found_however_it_is_spelled(typed: str) -> None:
    assert ROSTER.by_code(typed) == ROSTER.units[0]


@pytest.mark.parametrize("typed", ["430407", "", "04304070"])
def test_another_code_is_not_found(typed: str) -> None:
    assert ROSTER.by_code(typed) is None


def test_blanks_and_the_kind_of_return_are_no_difference_between_names() -> None:
    assert ROSTER.by_name("石鼓区教育局（汇总）") == ROSTER.units[:1]
    assert ROSTER.by_name("石鼓区财政局") == ROSTER.units[1:2]
    assert ROSTER.by_name("石鼓区　教育局(本级)") == ROSTER.units[:1]
    assert ROSTER.by_name("石鼓区卫生局") == ()


def test_units_of_one_name_are_told_apart_by_their_codes() -> None:
    assert ROSTER.by_name("示范小学") == ROSTER.units[2:]


def test_the_nearest_name_is_a_guess_or_nothing() -> None:
    assert ROSTER.nearest("石鼓区教肓局") == ROSTER.units[0]
    assert ROSTER.nearest("南岳气象台") is None


def test_keys_and_what_they_compare() -> None:
    assert code_key("430407.50") == "430407.50"
    assert code_key("A-01") == "A-01"
    assert name_key("（汇总）表局") == "(汇总)表局"


def test_a_roster_goes_to_another_process() -> None:
    ROSTER.by_name("")
    assert pickle.loads(pickle.dumps(ROSTER)) == ROSTER  # noqa: S301 - our own bytes
