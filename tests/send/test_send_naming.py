from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.send.naming import NameParts, PatternError, file_names, named_together

FORM = NameParts("form", "自评表", "2024")


def named(unit: str = "甲局", code: str = "") -> NameParts:
    return NameParts("form", "自评表", "2024", unit, code)


def test_a_file_is_called_after_what_is_known() -> None:
    assert file_names([named(), FORM]) == ["甲局-自评表-2024.xlsx", "自评表-2024.xlsx"]


def test_a_pattern_names_the_files() -> None:
    assert file_names([named(code="01")], "{{code}}_{{unit}}.xlsx") == ["01_甲局.xlsx"]
    assert file_names([named(code="01")], "{{form}}/{{title|replace('表','')}}") == ["form_自评.xlsx"]


@pytest.mark.parametrize(
    "pattern", ["{{", "{{nit}}", "{{unit.nothing}}", "{{1/0}}", "{% for i in range(10**9) %}x{% endfor %}"]
)
def test_a_pattern_that_cannot_be_used_is_told(pattern: str) -> None:
    with pytest.raises(PatternError, match="“"):
        file_names([named()], pattern)


@pytest.mark.parametrize(
    ("unit", "name"),
    [
        ("a/b\\c:d", "a_b_c_d"),
        ("CON", "_CON"),
        ("com1.x", "_com1.x"),
        ("nul .txt", "_nul .txt"),
        ("~$甲", "$甲"),
        ("..", "_"),
        (" 甲. ", "甲"),
        ("甲\u202e局", "甲局"),
        ("e\u0301", "é"),
        ("甲.XLSX", "甲"),
    ],
)
def test_odd_names_are_made_safe(unit: str, name: str) -> None:
    assert file_names([named(unit)], "{{unit}}") == [f"{name}.xlsx"]


def test_a_long_name_is_cut_at_a_character() -> None:
    (name,) = file_names([named("局" * 300)])
    assert name == "局" * 66 + ".xlsx"


def test_equal_names_get_the_code_or_a_number() -> None:
    school = [named("小学", "1"), named("中学"), named("小学", "2")]
    assert file_names(school, "{{unit}}") == ["小学-1.xlsx", "中学.xlsx", "小学-2.xlsx"]
    assert file_names([named("A"), named("a")], "{{unit}}") == ["A.xlsx", "a(2).xlsx"]
    assert file_names(school, "表") == ["表-1.xlsx", "表.xlsx", "表-2.xlsx"]


def test_a_number_does_not_make_a_new_clash() -> None:
    assert file_names([named("A(2)"), named("A"), named("A")], "{{unit}}") == ["A(2).xlsx", "A.xlsx", "A(3).xlsx"]
    long = file_names([named("局" * 300, "1"), named("局" * 301, "2")])
    assert len(set(long)) == 2
    assert long[0].endswith("局-1.xlsx")


TEXT = st.text(st.characters(exclude_categories=()), max_size=90) | st.sampled_from(
    ["", "con", "~$a", "NUL.", ".", "局" * 90]
)


@given(st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=8), st.sampled_from([None, "{{unit}}", "x"]))
def test_names_are_safe_and_each_of_its_own(units: list[tuple[str, str]], pattern: str | None) -> None:
    names = file_names([named(unit, code) for unit, code in units], pattern)
    assert len({name.casefold() for name in names}) == len(units)
    for name in names:
        assert len(name.encode()) <= 210
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f]', name)
        assert not re.match(r"(?i)(con|nul)\s*(\.|$)|~|\.", name)


def test_several_forms_are_named_once_each_and_many_by_their_number() -> None:
    assert named_together(["自评表", "自评表"], "、") == "自评表"
    assert named_together(["自评表", "目标表", "自评表"], "、") == "自评表、目标表"
    assert named_together(
        ["部门整体支出绩效自评表", "部门整体支出绩效目标申报表", "项目支出绩效自评表", "执行监控表"], "、"
    ) == ("部门整体支出绩效自评表等4种表")
