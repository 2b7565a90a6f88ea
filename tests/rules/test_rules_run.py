"""All checks together: order, knock-on findings, the Hunan seed, sound and absurd returns."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from random import Random
from types import MappingProxyType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.address import parse_cell
from perfxl.model.finding import Finding, FixKind, Severity
from perfxl.model.form import Form
from perfxl.model.value import IndicatorValue
from perfxl.rules.run import check
from support.cases import Typed, case_of, cell_of, shipped_form
from support.effort import examples
from support.extreme import NUMBERS
from support.filled import record
from support.hunan import ONCE, ROWS
from support.tinyforms import DECLARATION, EVALUATION, SOUND

HUNAN = shipped_form("hunan-dept-self-eval")
CAPTIONS = {"产出指标": "产出指标\n(50分)", "效益指标": "效益指标\n（30分）", "满意度指标": "满意度指标\n（10分）"}
LEVELS = {below: group.value for group in HUNAN.table("indicators").groups for below in group.below}
CENT = Decimal("0.01")


def seed() -> dict[str, Typed]:
    typed: dict[str, Typed] = {**ONCE, "funds.total.weight": 10}
    for index, (level2, name, target, actual, points) in enumerate(ROWS):
        columns = {"level1": CAPTIONS[LEVELS[level2]], "level2": level2, "name": name}
        columns |= {"target": target, "actual": actual}
        typed |= {f"indicators[{index}].{key}": value for key, value in columns.items()}
        typed |= {f"indicators[{index}].{key}": points for key in ("weight", "score")}
    return typed


def changed(changes: Mapping[str, Typed] = MappingProxyType({})) -> tuple[Finding, ...]:
    return check(case_of(HUNAN, {**seed(), **changes}))


def facts(findings: tuple[Finding, ...]) -> set[tuple[str, Severity, str | None]]:
    return {(found.code, found.severity, found.cell) for found in findings}


def test_the_facts_of_the_hunan_seed_come_out_and_nothing_else() -> None:
    case = case_of(HUNAN, seed())
    found = check(case)
    assert not [finding for finding in found if finding.severity is Severity.ERROR]
    assert {finding.code for finding in found} == {"M06", "M08", "C05", "V16", "G06", "V11"}
    (income,) = [finding for finding in found if finding.code == "M06"]
    assert income.severity is Severity.WARNING
    assert income.cell == case.reading.places["funds.by_income"]
    assert (income.value, income.expected) == (Decimal("6558.51"), Decimal("6558.50"))
    assert income.message == "收入性质合计 6558.51 与全年预算数 6558.50 相差 0.01"
    assert [f.path for f in found if f.code == "V16"] == ["indicators[4].name"]
    assert [f.path for f in found if f.code == "V11"] == ["indicators[8].target"]


def planted(changes: Mapping[str, Typed]) -> set[tuple[str, Severity, str | None]]:
    """The findings that a change of the seed adds."""
    return facts(changed(changes)) - facts(changed())


def test_five_errors_planted_in_the_seed_come_out_one_by_one() -> None:
    def at(path: str) -> str:
        return cell_of(HUNAN, path)

    error = Severity.ERROR
    assert planted({"indicators[1].score": 25}) == {("P02", error, at("indicators[1].score"))}
    assert planted({"indicators[1].actual": None}) == {("C02", error, at("indicators[1].actual"))}
    assert planted({"unit_name": None}) == {("V01", error, at("unit_name"))}
    assert planted({"funds.total.executed": "约六千"}) == {("V02", error, at("funds.total.executed"))}
    assert planted({"indicators[1].weight": 15, "indicators[1].score": 15}) == {("P01", error, at("total.weight"))}
    assert planted({"total.score": 95}) == {("P05", error, at("total.score"))}


def test_the_total_of_the_weights_says_which_levels_are_to_blame() -> None:
    (total,) = [f for f in changed({"indicators[1].weight": 15, "indicators[1].score": 15}) if f.code == "P01"]
    assert total.message == "分值合计 95，应为 100，相差 5；其中产出指标标题为 50 分、各行合计 45 分"
    both: dict[str, Typed] = {"indicators[1].weight": 15, "indicators[1].score": 15, "indicators[8].weight": 14}
    (total,) = [f for f in changed(both) if f.code == "P01"]
    assert total.message.endswith("产出指标标题为 50 分、各行合计 45 分；满意度指标标题为 10 分、各行合计 14 分")


def test_levels_that_do_not_explain_the_total_are_said_beside_it() -> None:
    found = changed({"indicators[1].weight": 15, "indicators[1].score": 15, "funds.total.weight": 11})
    assert {f.path for f in found if f.code == "P01"} == {"indicators[0].level1", "total.weight"}


def test_a_blank_weight_is_one_finding_however_much_hangs_on_it() -> None:
    assert {code for code, _, _ in planted({"indicators[1].weight": None})} == {"V01"}


def test_yuan_for_ten_thousand_yuan_is_suggested_even_where_a_rounding_gap_stays() -> None:
    found = [f for f in changed({"funds.total.budget": 65585000}) if f.code == "M10"]
    assert [(f.path, f.fix.kind, f.fix.value) for f in found] == [
        ("funds.total.budget", FixKind.SUGGESTED, Decimal("6558.5000"))
    ]
    assert "疑似以元填报" in found[0].message


def test_a_typed_total_is_no_second_finding_where_a_score_is_impossible() -> None:
    typed = {**seed(), "total.score": 100, "total.weight": 100, "indicators[1].score": 25}
    found = check(case_of(HUNAN, typed, stamped=False))
    assert [f.code for f in found if f.severity is Severity.ERROR] == ["P02"]


def test_a_missed_target_without_a_reason_is_not_also_a_lost_point_without_one() -> None:
    found = planted({"indicators[1].actual": "90%", "indicators[1].score": 18})
    assert {code for code, _, _ in found} == {"C04"}


def test_the_order_is_by_place_then_code_and_what_has_no_place_comes_first() -> None:
    broken: dict[str, Typed] = {
        "unit_name": None,
        "indicators[1].score": 25,
        "funds.by_income.other": 99,
        "goal.actual": None,
    }
    found = changed(broken)
    places = [(parse_cell(f.cell) if f.cell else (0, 0), f.code) for f in found]
    assert places == sorted(places)
    assert len(set(found)) == len(found)


def test_a_rule_without_a_check_is_passed_over() -> None:
    form = replace(EVALUATION, rules=tuple(replace(rule, code="X01") for rule in EVALUATION.rules if not rule.must))
    assert check(case_of(form, SOUND[form.id])) == ()


@st.composite
def sound_returns(draw: st.DrawFn) -> dict[str, Typed]:
    """Returns of the Hunan form in which the figures of money and points hang together."""
    income = [draw(st.integers(0, 10**8)) for _ in range(4)]
    budget = sum(income) + (1 if sum(income) == 0 else 0)
    income[0] += budget - sum(income)
    basic = draw(st.integers(0, budget))
    executed = draw(st.integers(0, budget))
    typed: dict[str, Typed] = {"year": 2024, "unit_name": "某局", "funds.total.weight": 10}
    typed |= {"goal.expected": "完成年度任务", "goal.actual": "均已办结，款项因质保期未满尚未支付"}
    typed |= {"funds.total.initial": budget * CENT, "funds.total.budget": budget * CENT}
    typed |= {"funds.total.executed": executed * CENT, "funds.by_expense.basic": basic * CENT}
    typed |= {"funds.by_expense.project": (budget - basic) * CENT}
    for key, amount in zip(("general", "gov_fund", "special_account", "other"), income, strict=True):
        typed[f"funds.by_income.{key}"] = amount * CENT
    index = 0
    for (level1, caption), points in zip(CAPTIONS.items(), (50, 30, 10), strict=True):
        below = [level2 for level2, level in LEVELS.items() if level == level1]
        first = draw(st.integers(1, points - 1))
        for weight in (first, points - first):
            target = draw(st.integers(1, 500))
            actual = draw(st.integers(0, 600))
            score = weight if actual >= target else (Decimal(actual) / target * weight).quantize(CENT)
            columns = {"level1": caption, "level2": draw(st.sampled_from(below)), "name": f"甲{index}完成数"}
            columns |= {"target": f"≥{target}个", "actual": f"{actual}个", "reason": "按实际需求开展"}
            typed |= {f"indicators[{index}].{key}": value for key, value in columns.items()}
            typed |= {f"indicators[{index}].weight": weight, f"indicators[{index}].score": score}
            index += 1
    return typed


@given(sound_returns())
@settings(max_examples=examples(40))
def test_sound_returns_have_no_error_of_money_or_points(typed: dict[str, Typed]) -> None:
    found = check(case_of(HUNAN, typed))
    assert [f.message for f in found if f.severity is Severity.ERROR and f.code[0] in "MPV"] == []


@given(sound_returns(), st.integers(0, 5), st.integers(2, 40))
@settings(max_examples=examples(25))
def test_a_score_that_is_far_from_earned_is_found(typed: dict[str, Typed], index: int, off: int) -> None:
    path = f"indicators[{index}].score"
    score = Decimal(str(typed[path]))
    wrong = {**typed, path: score + off if score < off else score - off}
    codes = {(f.code, f.path) for f in check(case_of(HUNAN, wrong)) if f.severity is Severity.ERROR}
    surpassed = Decimal(str(typed[path])) == typed[f"indicators[{index}].weight"]
    assert codes & {("P02", path), ("P03", path)} or surpassed


JUNK = st.one_of(
    st.none(),
    st.text("0123456789.-—%％万元个≥≤<>~无/ 　#REF!约达成目标１２年月日", max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**40), max_value=10**40),
    st.sampled_from(["1E+300", "-1E-300", "≥1E9个", "9" * 200, "#DIV/0!", "无", "产出指标(50分)", "=1+1", "0", "\n"]),
)


@given(st.sampled_from([EVALUATION, DECLARATION, HUNAN]), st.data())
@settings(max_examples=examples(120))
def test_whatever_is_typed_nothing_is_raised(form: Form, data: st.DataObject) -> None:
    paths = [path.replace("[]", f"[{index}]") for path in form.fields for index in range(3)]
    typed = data.draw(st.dictionaries(st.sampled_from(paths), JUNK, max_size=40))
    base = SOUND.get(form.id, seed())
    for found in check(case_of(form, {**base, **typed}, stamped=data.draw(st.booleans()))):
        assert found.message
        assert found.sheet == "表"


@pytest.mark.parametrize("form", [EVALUATION, DECLARATION], ids=lambda form: form.id)
def test_a_blank_form_lacks_what_is_required_and_nothing_else(form: Form) -> None:
    assert {found.code for found in check(case_of(form, {}))} <= {"V01", "G01"}


@pytest.mark.slow
@pytest.mark.parametrize("form", load_forms())
def test_numbers_of_any_size_are_no_fault_of_the_program(form: str) -> None:
    rng = Random(form)
    for _ in range(12):
        filled = record(shipped_form(form), rng, most=6)
        typed: dict[str, Typed] = {}
        for path, value in filled.values.items():
            if isinstance(value, Decimal) and rng.random() < 0.7:
                typed[path] = Decimal(rng.choice(NUMBERS))
            elif isinstance(value, IndicatorValue):
                typed[path] = f"≥{Decimal(rng.choice(NUMBERS)):f}个" if rng.random() < 0.3 else value.text
            elif isinstance(value, str | Decimal):
                typed[path] = value
        found = check(case_of(shipped_form(form), typed))
        assert all(len(finding.message) < 3000 for finding in found)
