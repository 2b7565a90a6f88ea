"""Each threshold of the rules: what is said just at it, just below and just above."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest
from test_rules_plantings import Changes, funds, row

from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.rules.funds.scale import M13
from perfxl.rules.run import check
from support.cases import Typed, case_of, cell_of
from support.tinyforms import DECLARATION, EVALUATION, MONITORING, SOUND

NONE, INFO, WARNING, ERROR = None, Severity.INFO, Severity.WARNING, Severity.ERROR


@dataclass(frozen=True, slots=True)
class Limit:
    """A threshold: values of one cell (with the rest of ``given``) and how grave the finding of the code is there."""

    code: str
    at: str
    said: Mapping[Typed, Severity | None]
    typed: str = ""
    """Where the values are typed, if not where the finding is."""
    given: Changes | None = None
    form: Form = EVALUATION
    stamped: bool = True

    def __str__(self) -> str:
        return f"{self.code}-{self.typed or self.at}"


MISSED = row(2, actual="60%", reason="样本少")
WORDS = {"target": "良好", "reason": "样本少"}
LIMITS = (
    # money: half a cent is rounded up, each part may be off by 0.005
    Limit(
        "M01",
        "funds.total.amount",
        {
            150.004: NONE,
            149.995: NONE,
            150.005: WARNING,
            149.994: WARNING,
            150.014: WARNING,
            150.015: ERROR,
            149.98: ERROR,
        },
        form=DECLARATION,
    ),
    Limit("M02", "income", {150.004: NONE, 149.995: NONE, 150.005: ERROR, 149.994: ERROR}, form=DECLARATION),
    Limit("M05", "funds.total.executed", {520.5: NONE, 520.504: NONE, 520.505: ERROR, 520.51: ERROR}),
    Limit(
        "M06",
        "funds.by_income",
        {20.004: NONE, 19.995: NONE, 20.005: WARNING, 20.014: WARNING, 20.015: ERROR, 19.99: WARNING, 19.984: ERROR},
        typed="funds.by_income.other",
    ),
    # 50 are half as much again as 33.33, and half of 100
    Limit(
        "M11",
        "funds.special.amount",
        {33.34: NONE, 33.33: WARNING, 100: NONE, 100.01: WARNING},
        typed="funds.special.prev1",
        form=DECLARATION,
    ),
    # rates: 500 of 520.5 are 0.960615, a hundredth of a percent is let pass
    Limit(
        "M07",
        "funds.total.rate",
        {0.960615: NONE, 0.960715: NONE, 0.960716: ERROR, 0.960515: NONE, 0.960514: ERROR},
        stamped=False,
    ),
    Limit("M08", "funds.total.budget", {550: NONE}, typed="funds.total.executed", given=funds(500, 550, 550)),
    Limit(
        "M08",
        "funds.total.budget",
        {550.01: WARNING, 550: NONE},
        typed="funds.total.executed",
        given=funds(500, 550.01, 0),
    ),
    Limit("M08", "funds.total.budget", {450: NONE}, typed="funds.total.executed", given=funds(500, 450, 450)),
    Limit(
        "M08",
        "funds.total.budget",
        {449.99: WARNING, 449.98: NONE},
        typed="funds.total.executed",
        given=funds(500, 449.99, 0),
    ),
    Limit(
        "M09",
        "funds.total.rate",
        {450: NONE, 450.01: NONE, 449.99: WARNING},
        typed="funds.total.executed",
        given=funds(500, 500, 0),
    ),
    Limit(
        "M13",
        "funds.total.rate",
        {100: NONE, 100.01: ERROR},
        typed="funds.total.executed",
        given={**funds(50, 50, 0), "funds.by_income.general": 50},
    ),
    Limit(
        "M13",
        "funds.total.initial",
        {1000: WARNING, 1001: WARNING, 999: NONE, 1000.5: NONE, 0: WARNING},
        typed="funds.by_income.other",
        given={**funds(20000, 20000, 20000), "funds.by_income.general": 19000},
    ),
    Limit(
        "M13",
        "funds.total.budget",
        {20000: WARNING, 19999: NONE, 20100: WARNING, 20050: NONE},
        typed="funds.total.budget",
        given=dict.fromkeys(("funds.total.initial", "funds.total.executed", "funds.by_income.general"), 15000)
        | {"funds.by_income.other": 2000},
    ),
    # ... a round one, or one beyond any budget of a county
    *(
        Limit(
            "M13",
            "funds.total.budget",
            {most: severity},
            given=dict.fromkeys(("funds.total.initial", "funds.total.executed", "funds.by_income.general"), most - 2000)
            | {"funds.by_income.other": 2000},
        )
        for most, severity in ((20_460, NONE), (20_500, WARNING), (999_999, NONE), (1_000_001, WARNING))
    ),
    # an amount is far from its neighbours from 5,000 times on, where it is 1,000 or more
    Limit(
        "M13",
        "funds.total.budget",
        {4999.99: NONE, 5000: WARNING, 5000.01: WARNING},
        given={**funds(1, 1, 1), "funds.by_income.general": 5000},
    ),
    Limit(
        "M13",
        "funds.total.budget",
        {999.99: NONE, 1000: WARNING},
        given={**funds(0.1, 1, 0.1), "funds.by_income.general": 1000},
    ),
    Limit(
        "M13",
        "funds.total.budget",
        {1000: WARNING, 999: NONE},
        given={**funds(0.0001, 1, 0.0001), "funds.by_income.general": 1000},
    ),
    # ... or where what is written names an amount that the one in 元 is half to twice of
    Limit(
        "M13",
        "funds.total.initial",
        {
            "≤2.4万元": WARNING,
            "≤2.41万元": NONE,
            "≤0.6万元": WARNING,
            "≤0.59万元": NONE,
            "≤1.2万元": WARNING,
            "≤1.2亿元": NONE,
            "≤0.024百万元": WARNING,
            "≤0.0242百万元": NONE,
            "≤0.0024千万元": WARNING,
            "≤0.00242千万元": NONE,
            "≤0.00024亿元": WARNING,
            "≤0.000242亿元": NONE,
        },
        typed="indicators[1].target",
        given={**funds(12000, 11000, 11000), "funds.by_income.general": 10000, "funds.by_income.other": 1000},
    ),
    Limit(
        "M13",
        "funds.total.initial",
        {"用款2.4万元": WARNING, "用款2.41万元": NONE, "用款0.6万元": WARNING, "用款0.59万元": NONE},
        typed="goal.expected",
        given={**funds(12000, 11000, 11000), "funds.by_income.general": 10000, "funds.by_income.other": 1000},
    ),
    # a slipped point: 20 are right, a rounding gap is let pass; at most four places
    Limit(
        "M10",
        "funds.by_income.other",
        {
            200: WARNING,
            200.14: WARNING,
            200.15: NONE,
            199.85: WARNING,
            199.84: NONE,
            2000: WARNING,
            20000: WARNING,
            200000: WARNING,
            2000000: NONE,
            2: WARNING,
            0.002: WARNING,
            0.0002: NONE,
        },
    ),
    Limit("M10", "funds.total.amount", {1500: WARNING, 150: NONE, 1600: NONE, 15: WARNING}, form=DECLARATION),
    # what a cell may hold
    Limit("V04", "indicators[0].score", {0: NONE, -0.01: ERROR, 100: NONE, 100.01: ERROR}, given=row(0, weight=100)),
    Limit("V05", "unit_name", {"局" * 10: NONE, "局" * 11: WARNING}),
    Limit("V14", "indicators[1].actual", {"0%": NONE, "-0.01%": WARNING, "100%": NONE, "100.01%": WARNING}),
    # points: a score is between nothing and its weight
    Limit("P02", "indicators[0].score", {30: NONE, 30.01: ERROR, 0: NONE}, given=row(0, reason="未做")),
    Limit("P02", "funds.total.score", {0: NONE, -0.01: ERROR, 10: NONE, 10.01: ERROR}, stamped=False),
    # ... and off by no more than 0.01, or half of its last typed place: 30 are earned here
    Limit(
        "P03",
        "indicators[2].score",
        {30: NONE, 30.01: NONE, 29.99: NONE, 30.02: ERROR, 29.98: ERROR, 30.1: ERROR, 29: ERROR},
        given=MISSED,
    ),
    Limit(
        "P03",
        "indicators[2].score",
        {"61%": NONE, "61.01%": ERROR, "60.1%": NONE},
        typed="indicators[2].actual",
        given={**MISSED, **row(2, score=30)},
    ),
    # above 130 % of its target a score may be lowered
    Limit(
        "P03",
        "indicators[2].score",
        {"104%": ERROR, "104.1%": NONE},
        typed="indicators[2].actual",
        given=row(2, score=36, reason="目标偏低"),
    ),
    Limit("C04", "indicators[2].actual", {"80%": NONE, "79.99%": ERROR, "104%": NONE, "104.01%": WARNING}),
    Limit(
        "P04",
        "indicators[2].score",
        {24: NONE, 23.99: ERROR, 31.99: NONE, 32: ERROR},
        given=row(2, **WORDS, actual="部分达成"),
    ),
    Limit("P04", "indicators[2].score", {32: NONE, 31.99: ERROR, 40: NONE}, given=row(2, **WORDS, actual="达成")),
    Limit("P04", "indicators[2].score", {0: NONE, 23.99: NONE, 24: ERROR}, given=row(2, **WORDS, actual="未达成")),
    Limit(
        "P05",
        "total.score",
        {99.61: NONE, 99.614: NONE, 99.605: NONE, 99.615: ERROR, 99.604: ERROR},
        stamped=False,
    ),
    Limit("P06", "indicators[2].reason", {40: NONE, 39.99: ERROR}, typed="indicators[2].score"),
    # 一级 with its points in the caption
    Limit(
        "P01",
        "indicators[0].level1",
        {20: NONE, 20.004: NONE, 20.005: ERROR},
        typed="indicators[1].weight",
    ),
    Limit("P01", "total.weight", {20: NONE, 20.004: NONE, 19.99: ERROR}, typed="indicators[1].weight"),
    # texts
    Limit(
        "C07",
        "goal.actual",
        {"校" * 9: NONE, "校" * 8: NONE},
        given={"goal.expected": "校" * 9},
    ),
    Limit("C07", "goal.actual", {"校" * 10: WARNING, "校" * 11: NONE}, given={"goal.expected": "校" * 10}),
    # 无 is a good answer to how many accidents there were, none to how many schools were built
    Limit(
        "C03",
        "indicators[0].actual",
        {"≤2所": NONE, "0所": NONE, "≥2所": WARNING},
        typed="indicators[0].target",
        given=row(0, actual="无"),
    ),
    # a bare rate is a percentage, another bare number has the unit of its name
    Limit("V12", "indicators[1].target", {"≥95%": NONE, "≥95": WARNING, "≥0.95": WARNING}),
    # all, most, half of what was reached though nothing was spent
    Limit(
        "C06",
        "funds.total.executed",
        {"85%": ERROR, "70%": WARNING},
        typed="indicators[2].actual",
        given=funds(500, 520.5, 0),
    ),
    Limit(
        "C06",
        "funds.total.executed",
        {"90%": NONE, "95%": WARNING},
        typed="indicators[1].actual",
        given={**funds(500, 520.5, 0), **row(2, actual="70%")},
    ),
    Limit(
        "C05",
        "indicators",
        {"≥80%": WARNING, "85%": NONE},
        typed="indicators[2].actual",
        given={**row(0, actual="≥2所"), **row(1, actual="≥95%")},
    ),
    Limit(  # two rows are enough
        "C05",
        "indicators",
        {"≥95%": WARNING, "96%": NONE},
        typed="indicators[1].actual",
        given={**row(0, actual="≥2所"), **dict.fromkeys(row(2, **dict.fromkeys(("name", "target", "actual"), 0)))},
    ),
    Limit(  # of nothing there is no rate, of however little there is
        "M07",
        "funds.total.rate",
        {0.5: NONE, 0.5001: NONE, 0.5002: ERROR},
        given=funds(0.5, 0.5, 0.25),
        stamped=False,
    ),
    Limit(
        "M10",
        "funds.by_income.other",
        {0.1: WARNING},
        given={"funds.by_income.general": 520.49},
    ),
    Limit("S04", "total.score", {99.61: WARNING, " ": NONE}),
    Limit("G06", "indicators[0].name", {"校" * 40: NONE, "校" * 41: WARNING}),
)
TRIED = [(limit, value) for limit in LIMITS for value in limit.said]


@pytest.mark.parametrize(("limit", "value"), TRIED, ids=[f"{limit}-{str(value)[-8:]}" for limit, value in TRIED])
def test_what_is_said_next_to_a_threshold(limit: Limit, value: Typed) -> None:
    typed = {**SOUND[limit.form.id], **(limit.given or {}), limit.typed or limit.at: value}
    found = check(case_of(limit.form, typed, stamped=limit.stamped))
    severities = [finding.severity for finding in found if (finding.code, finding.path) == (limit.code, limit.at)]
    assert severities == ([] if limit.said[value] is None else [limit.said[value]]), [f.message for f in found]


@pytest.mark.parametrize(("executed", "in_yuan"), [(4999.99, False), (5000, True)])
def test_what_is_spent_5000_times_over_is_in_yuan(executed: float, *, in_yuan: bool) -> None:
    typed = {**SOUND[EVALUATION.id], **funds(1, 1, executed), "funds.by_income.general": 1}
    (rate,) = [one for one in check(case_of(EVALUATION, typed)) if one.path == "funds.total.rate" and one.code == "M13"]
    assert ("疑似执行数以元填报" in rate.message) is in_yuan


@pytest.mark.parametrize(
    ("columns", "meant"),
    [
        ({"name": "合格率", "target": "≥0.95", "actual": "达成"}, "疑为“≥95%”"),
        ({"name": "合格率", "target": "≥95", "actual": "达成"}, "疑为“≥95%”"),
        ({"name": "合格率", "target": "≥1", "actual": "达成"}, "疑为“≥100%”"),
        ({"name": "合格率", "target": "≥1.5", "actual": "达成"}, "疑为“≥1.5%”"),
        ({"name": "家访次数", "target": "≥12", "actual": "12次"}, "疑为“≥12次”"),
        ({"name": "验收情况", "target": "≥0.95", "actual": "95%"}, "疑为“≥95%”"),
        ({"name": "验收情况", "target": "≥95", "actual": "96"}, "请补上"),
        ({"name": "合格率", "target": "95", "actual": "96%"}, "应以“%”计"),
    ],
)
def test_what_a_target_without_a_unit_is_said_to_be(columns: dict[str, str], meant: str) -> None:
    found = check(case_of(EVALUATION, {**SOUND[EVALUATION.id], **row(1, **columns)}))
    assert [meant in one.message for one in found if one.code == "V12"] == [True]


def test_a_row_with_a_reason_does_not_hide_the_doubt_in_the_next() -> None:
    doubt = {"target": "≥10所", "forecast": "4所", "likelihood": "impossible"}
    typed = {
        **SOUND[MONITORING.id],
        **row(0, name="新建", **doubt, reason="设备到货推迟"),
        **row(1, name="维修", **doubt),
    }
    found = [one.path for one in check(case_of(MONITORING, typed)) if one.code == "C08"]
    assert found == ["indicators[1].forecast"]


def test_a_target_in_words_does_not_hide_the_bare_number_in_the_next() -> None:
    typed = {**SOUND[EVALUATION.id], **row(0, target="良好"), **row(1, target="≥95"), **row(2, target="≥80")}
    found = [one.path for one in check(case_of(EVALUATION, typed)) if one.code == "V12"]
    assert found == ["indicators[1].target", "indicators[2].target"]


def test_each_threshold_is_tried_on_both_sides() -> None:
    sides: dict[str, set[bool]] = {}
    for limit in LIMITS:
        sides.setdefault(limit.code, set()).update(severity is None for severity in limit.said.values())
    assert [code for code, found in sides.items() if len(found) < 2] == []


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (50, 100.001, "50.00 比上年的 100.00 减少超过 50%，请"),
        (50, 200, "50.00 比上年的 200.00 减少 75%，超过 50%，请"),
        (0, 200, "0.00 比上年的 200.00 减少 100%，超过 50%，请"),
        (300.002, 200, "300.00 比上年的 200.00 增加超过 50%，请"),
        (400, 200, "400.00 比上年的 200.00 增加 100%，超过 50%，请"),
    ],
)
def test_what_is_just_above_a_limit_is_not_said_to_be_the_limit(now: float, before: float, said: str) -> None:
    case = case_of(DECLARATION, {**SOUND[DECLARATION.id], "funds.special.amount": now, "funds.special.prev1": before})
    assert [said in finding.message for finding in check(case) if finding.code == "M11"] == [True]


@pytest.mark.parametrize(
    ("weight", "score", "said"),
    [
        (40, 39.99, "的得分 39.99 低于分值 40，扣了 0.01 分，"),
        (40, 0, "的得分 0 低于分值 40，扣了 40 分，"),
    ],
)
def test_how_many_points_are_said_to_be_lost(weight: float, score: float, said: str) -> None:
    case = case_of(EVALUATION, {**SOUND[EVALUATION.id], **row(2, weight=weight, score=score)})
    assert [said in finding.message for finding in check(case) if finding.code == "P06"] == [True]


@pytest.mark.parametrize(
    ("at", "score", "said", "expected"),
    [
        ("indicators[2]", 40.01, "的得分 40.01 大于分值 40，", 40),
        ("funds.total", 10.01, "预算执行率的得分 10.01 大于分值 10，", 10),
        ("funds.total", -0.01, "预算执行率的得分 -0.01 小于 0，", 0),
    ],
)
def test_what_a_score_beyond_its_weight_should_be(at: str, score: float, said: str, expected: float) -> None:
    case = case_of(EVALUATION, {**SOUND[EVALUATION.id], f"{at}.score": score}, stamped=False)
    found = [(said in finding.message, finding.expected) for finding in check(case) if finding.code == "P02"]
    assert found == [(True, expected)]


@pytest.mark.parametrize("others", [0, 1, 99, 100, 101])
def test_a_finding_names_the_first_hundred_other_cells(others: int) -> None:
    rows = dict.fromkeys((f"indicators[{number}].name" for number in range(others + 1)), "培训人数")
    case, first = case_of(EVALUATION, rows), "indicators[0].name"
    finding = M13.at(case, first, "请核对", related=list(rows)[1:])
    assert finding.related == tuple(f"表!{cell_of(EVALUATION, path)}" for path in list(rows)[1:101])


def test_a_finding_names_each_other_cell_once_and_not_its_own() -> None:
    case = case_of(EVALUATION, SOUND[EVALUATION.id])
    budget, spent = "funds.total.budget", "funds.total.executed"
    finding = M13.at(case, budget, "请核对", related=[spent, budget, spent, "nowhere"])
    assert finding.related == (f"表!{cell_of(EVALUATION, spent)}",)
