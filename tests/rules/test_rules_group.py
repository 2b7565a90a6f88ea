"""Whose figures make up those of a department, and what is said where they do not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.period import Period
from perfxl.model.record import Record
from perfxl.model.roster import name_key
from perfxl.model.submission import By, FormReturn, Unit
from perfxl.model.value import Value
from perfxl.model.words import OWN, WHOLE
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.group import FormSums, Kin, consolidated
from perfxl.rules.group import part as of_form

BUREAU = "青溪区教育局"
NAMED = 3


def part(
    name: str, amount: str | int, *, scope: str = "", code: str = "", file: str = "", above: str = "", about: str = "表"
) -> FormSums:
    called = f"{name}（{scope}）" if scope else name
    figures = {"executed": Decimal(amount)}
    return FormSums(
        file or f"{called}.xlsx",
        "表",
        (about, Period(2024), ""),
        code,
        name_key(called),
        called,
        scope,
        name_key(above),
        figures,
    )


def whole(amount: str | int, **more: str) -> FormSums:
    return part(BUREAU, amount, scope=WHOLE, **more)


def own(amount: str | int, **more: str) -> FormSums:
    return part(BUREAU, amount, scope=OWN, **more)


def codes(total: FormSums, *parts: FormSums) -> list[str]:
    return [said.rule.code for said in consolidated(total, Kin([total, *parts]))]


SCHOOLS: Mapping[str, Callable[[int, int], FormSums]] = {
    "code": lambda amount, number: part(f"第{number}小学", amount, code=f"43000{number}"),
    "above": lambda amount, number: part(f"第{number}小学", amount, above=BUREAU),
    "name": lambda amount, number: part(f"{BUREAU}第{number}小学", amount),
    "folder": lambda amount, number: part(f"第{number}小学", amount, file=f"教育/{number}.xlsx"),
}


@pytest.mark.parametrize("told", SCHOOLS)
def test_who_belongs_to_a_department_is_told_by_what_the_returns_say(told: str) -> None:
    school = SCHOOLS[told]
    at = {"code": "430"} if told == "code" else {"file": "教育/汇总.xlsx"} if told == "folder" else {}
    schools = [school(200, 1), school(300, 2)]
    stranger = part("某某局", 900, code="431" if told == "code" else "")
    assert codes(whole(500, **at), *schools, stranger) == []
    assert codes(whole(510, **at), *schools, stranger) == ["X01"]


def test_its_own_figures_are_a_part_where_they_are_there() -> None:
    schools = [part(f"{BUREAU}第1小学", 200)]
    assert codes(whole(300), own(100), *schools) == []
    assert codes(whole(200), own(100), *schools) == ["X01"]


def test_where_nothing_tells_all_others_are_its_units_as_long_as_none_is_larger() -> None:
    others = [part("一中", 200), part("二中", 300)]
    assert codes(whole(600), own(100), *others) == []
    assert codes(whole(650), own(100), *others) == ["X01"]
    assert codes(whole(650), own(100), *others, part("某某局", 900)) == []
    assert codes(whole(650), own(100), *others, part("某某局", 90, scope=OWN)) == []


def test_without_units_below_nothing_is_said() -> None:
    assert codes(whole(650)) == []
    assert codes(whole(650), own(100)) == []
    assert codes(whole(650), part("一中", 200), part("二中", 300)) == []
    assert codes(part(BUREAU, 650), own(100), part(f"{BUREAU}第1小学", 200)) == []


def test_forms_of_another_year_or_kind_are_no_parts() -> None:
    assert codes(whole(500), part(f"{BUREAU}第1小学", 200, about="另一张表")) == []


def test_a_unit_with_a_whole_of_its_own_counts_with_that_and_its_parts_do_not() -> None:
    centre = f"{BUREAU}中心校"
    below = [
        part(centre, 300, scope=WHOLE),
        part(centre, 100, scope=OWN),
        part(f"{centre}分校", 200),
        part(f"{BUREAU}第1小学", 50),
    ]
    assert codes(whole(350), *below) == []
    assert codes(whole(450), *below) == ["X02"]
    assert codes(whole(360), *below) == ["X01"]


def test_a_sum_that_has_one_of_its_parts_twice_says_which() -> None:
    parts = [own(100), part(f"{BUREAU}第1小学", 200)]
    (said,) = consolidated(whole(400), Kin(parts))
    assert (said.rule.code, said.value, said.expected) == ("X02", Decimal(400), Decimal(300))
    assert "“青溪区教育局（本级）”" in said.message


def test_of_two_returns_of_one_unit_nobody_knows_which_counts() -> None:
    twice = [part(f"{BUREAU}第1小学", amount, file=f"{amount}.xlsx") for amount in (200, 210)]
    assert codes(whole(500), own(100), *twice) == []


def test_what_rounding_explains_is_passed_over() -> None:
    parts = [own("100.00"), *(part(f"{BUREAU}第{number}小学", "200.00") for number in (1, 2))]
    assert codes(whole("500.02"), *parts) == []
    assert codes(whole("500.03"), *parts) == ["X01"]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=9), st.integers(0, 10**9))
def test_a_department_that_is_the_sum_of_its_parts_is_never_told_otherwise(amounts: list[int], first: int) -> None:
    cents = [Decimal(amount) / 100 for amount in amounts]
    schools = [part(f"{BUREAU}第{number}小学", str(amount)) for number, amount in enumerate(cents)]
    total = sum(cents, Decimal(first) / 100)
    assert codes(whole(str(total)), own(str(Decimal(first) / 100)), *schools) == []


def figures(one: FormSums, **amounts: int) -> FormSums:
    return replace(one, figures={path: Decimal(amount) for path, amount in amounts.items()})


def test_each_figure_is_added_up_by_itself() -> None:
    schools = [figures(part(f"{BUREAU}第{n}小学", 0), budget=300, executed=200 + n) for n in (1, 2)]
    total = figures(whole(0), lacking=7, budget=600, executed=410, other=5)
    (said,) = consolidated(total, Kin([total, *schools]))
    assert (said.rule.code, said.path) == ("X01", "executed")
    assert (said.value, said.expected) == (Decimal(410), Decimal(403))


@pytest.mark.parametrize("number", [1, 3, 4, 9])
def test_some_of_the_parts_are_named(number: int) -> None:
    schools = [part(f"{BUREAU}第{n}小学", 100) for n in range(number)]
    total = whole(1)
    (said,) = consolidated(total, Kin([total, *schools]))
    named = said.message.count("小学”")
    assert named == min(number, NAMED)
    assert f"{'等' if number > NAMED else '共'} {number} 个单位" in said.message


def test_codes_tell_only_where_both_have_one() -> None:
    named = [part(f"{BUREAU}第{n}小学", 250) for n in (1, 2)]
    assert codes(whole(510, code="430"), *named) == ["X01"]
    coded = [part(f"{BUREAU}第{n}小学", 250, code=f"43000{n}") for n in (1, 2)]
    assert codes(whole(510), *coded) == ["X01"]
    assert codes(whole(510, code="431"), *coded) == []  # names alike, codes of others
    assert codes(whole(510, code="430"), part(f"{BUREAU}第1小学", 250, code="430")) == []


def test_what_a_sum_needs_of_a_form() -> None:
    form = load_forms()["hunan-dept-self-eval"]
    values: dict[str, Value] = {
        "unit_name": f"{BUREAU}（本级）",
        "funds.total.executed": Decimal(7),
        "total.score": Decimal(9),
    }
    returned = FormReturn(form, form.version, "表", By.STAMP, 1.0, 2024, Unit(None, "0304"), Record(values))
    got = of_form(AcceptedForm("一.xlsx", returned))
    assert (got.called, got.name, got.scope, got.code) == (f"{BUREAU}（本级）", BUREAU, OWN, "0304")
    assert got.figures == {"funds.total.executed": Decimal(7)}
    assert got.about == (form.id, Period(2024), "")
    nameless = replace(returned, record=Record({}), unit=Unit("某局", None))
    assert (of_form(AcceptedForm("一.xlsx", nameless)).called, of_form(AcceptedForm("一.xlsx", nameless)).scope) == (
        "某局",
        "",
    )
