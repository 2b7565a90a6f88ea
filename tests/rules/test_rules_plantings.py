"""One mistake planted in a sound return gives one finding, at its cell; a change like it that is none gives none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.reading import Oddity, ReadingNotice
from perfxl.rules.catalog import CATALOG
from perfxl.rules.run import check
from support.cases import Typed, case_of
from support.tinyforms import DECLARATION, EVALUATION, MONITORING, PURCHASE, SOUND

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
Changes = Mapping[str, Typed]

FEW = {"level1": "效益指标(40分)", "level2": "社会效益指标"}


@dataclass(frozen=True, slots=True, eq=False)
class Planting:
    """Changes of a sound return after which a finding must come out at the cell ``at``, and nothing else new.

    ``near`` are changes after which the code must not come out. ``beside``: further codes that are then true as well.
    ``cached`` are cells with a formula and its result.
    """

    code: str
    severity: Severity
    at: str
    changes: Changes
    near: tuple[Changes, ...]
    beside: frozenset[str] = frozenset()
    form: Form = EVALUATION
    stamped: bool = True
    cached: tuple[tuple[str, Typed], ...] = ()


def row(index: int, **columns: Typed) -> dict[str, Typed]:
    return {f"indicators[{index}].{key}": value for key, value in columns.items()}


def goal(index: int, number: int = 0, **columns: Typed) -> dict[str, Typed]:
    return {f"goals[{index}].indicators[{number}].{key}": value for key, value in columns.items()}


def funds(initial: Typed, budget: Typed, executed: Typed) -> dict[str, Typed]:
    """The total row, with an income that fits the budget."""
    total = {"funds.total.initial": initial, "funds.total.budget": budget, "funds.total.executed": executed}
    return {**total, "funds.by_income.general": budget, "funds.by_income.other": 0}


NONE_AT_ALL = {
    f"indicators[{index}].{key}": None
    for index in range(3)
    for key in ("level1", "level2", "name", "target", "actual", "weight", "score")
}
COPIES = {**row(0, actual="≥2所"), **row(1, actual="95%"), **row(2, actual="80%")}
LEVELS_SWAPPED = {**row(0, weight=25, score=25), **row(2, weight=45, score=45)}
UNPRINTED = {**row(0, level1="产出指标"), **row(1, level1="产出指标"), **row(2, level1="效益指标")}
NO_EFFECT = row(2, level1="满意度指标", level2="服务对象满意度指标")
ANOTHER = row(3, **FEW, name="社区认可", target="≥60%", actual="62%", weight=0, score=0)
TWICE = row(3, **FEW, name="家长满意度", actual="85%", weight=0, score=0)
COSTS = {"level2": "成本指标", "name": "维修成本", "target": "≤100万元", "actual": "110万元", "reason": "材料涨价"}

QUARTER: Changes = {
    "funds.personnel.amount": 20,
    "funds.special.amount": 60,
    "funds.personnel.prev1": 20,
    "funds.special.prev1": 60,
    "income": 80,
}

CELLS = (
    Planting("V01", ERROR, "unit_name", {"unit_name": "　"}, ({"unit_name": "某局"}, {"goal.actual": None})),
    Planting(
        "V01",
        ERROR,
        "funds.by_income.general",
        {"funds.by_income.general": None, "funds.by_income.other": None},
        ({"funds.by_income.general": "-", "funds.by_income.other": None}, {"funds.by_income.other": None}),
    ),
    Planting(
        "V01",
        ERROR,
        "funds.total.initial",
        {"funds.total.initial": None},
        ({"funds.total.initial": 0}, {"funds.total.initial": "无"}),
    ),
    Planting("V01", ERROR, "indicators[0].weight", row(0, weight=None), (row(0, weight=30),)),
    Planting("V02", ERROR, "indicators[0].score", row(0, score="约三十"), (row(0, score="30"),)),
    Planting(
        "V02", ERROR, "funds.total.executed", {"funds.total.executed": "约三百"}, ({"funds.total.executed": None},)
    ),
    Planting(
        "V03",
        ERROR,
        "projects[0].category",
        {"projects[0].category": "公用类"},
        ({"projects[0].category": "人员类"},),
        form=DECLARATION,
    ),
    Planting("V04", ERROR, "funds.total.executed", {"funds.total.executed": -5}, ({"funds.total.executed": 480},)),
    Planting("V04", ERROR, "indicators[0].score", row(0, score=130), (row(0, score=30),)),
    Planting(
        "V05", WARNING, "unit_name", {"unit_name": "某某市某某区教育和体育局"}, ({"unit_name": "某区教育体育局"},)
    ),
    Planting(
        "V10", INFO, "funds.by_income.other", {"funds.by_income.other": "２０万元"}, ({"funds.by_income.other": 20},)
    ),
    Planting("S04", WARNING, "funds.total.rate", {"funds.total.rate": 0.960615}, ({"funds.total.rate": None},)),
    Planting("S04", WARNING, "funds.total.rate", {"funds.total.rate": "九成"}, ({"funds.total.rate": " "},)),
    Planting("S05", INFO, "total.score", {}, ({"total.score": None},), cached=(("total.score", 90),)),
    Planting("S05", INFO, "total.score", {}, ({"total.score": None},), cached=(("total.score", None),)),
    Planting("S06", ERROR, "funds.total.initial", {"funds.total.initial": "#REF!"}, ({"funds.total.initial": 510},)),
    Planting("S06", WARNING, "total.weight", {}, ({"total.weight": None},), cached=(("total.weight", "#REF!"),)),
    Planting("S10", ERROR, "goal.actual", {"goal.actual": "目标1："}, ({"goal.actual": "目标1：已建成。"},)),
)

FUNDS = (
    Planting(
        "M01",
        ERROR,
        "funds.total.amount",
        {"funds.total.amount": 150.5},
        ({"funds.total.amount": 150}, {"funds.total.amount": 150.01}, {"funds.total.amount": None}),
        form=DECLARATION,
    ),
    Planting(
        "M01",
        WARNING,
        "funds.total.amount",
        {"funds.total.amount": 150.01},
        ({"funds.total.amount": 150.004},),
        form=DECLARATION,
    ),
    Planting(
        "M03",
        WARNING,
        "funds.personnel.share",
        {**QUARTER, "funds.personnel.share": "25.01%", "funds.special.share": "75.01%"},
        (
            {**QUARTER, "funds.personnel.share": "25.01%", "funds.special.share": "75%"},
            {**QUARTER, "funds.personnel.share": "25.01%", "funds.special.share": "74.99%"},
        ),
        frozenset({"M04"}),
        DECLARATION,
        stamped=False,
    ),
    Planting(
        "M10",
        WARNING,
        "funds.personnel.prev1",
        {"funds.personnel.prev1": 900000, "funds.total.prev1": 135},
        ({"funds.personnel.prev1": 90, "funds.total.prev1": 135},),
        frozenset({"M01", "M11"}),
        DECLARATION,
        stamped=False,
    ),
    Planting(
        "M10",
        WARNING,
        "funds.total.prev1",
        {"funds.total.prev1": 1350000},
        ({"funds.total.prev1": 136},),
        frozenset({"M01"}),
        DECLARATION,
        stamped=False,
    ),
    Planting(
        "M13",
        WARNING,
        "funds.total.budget",
        {**funds(5000000, 5205000, 5000000), "funds.by_income.general": 5005000, "funds.by_income.other": 200000},
        (
            {**funds(5000, 5205, 5000), "funds.by_income.general": 5005, "funds.by_income.other": 200},
            {**funds(19999, 19999, 19999), "funds.by_income.general": 18000, "funds.by_income.other": 1999},
            {**funds(20460, 20460, 20460), "funds.by_income.general": 18000, "funds.by_income.other": 2460},
            {**funds(50000, 52050.5, 50000), "funds.by_income.other": 0},
        ),
    ),
    Planting(
        "M13",
        WARNING,
        "funds.total.budget",
        {**funds(18000, 19000, 18000), "goal.actual": "两所校舍投入使用，花费 1.9万元。"},
        ({**funds(18000, 19000, 18000), "goal.actual": "两所校舍投入使用，花费 19000万元。"},),
    ),
    Planting(
        "M13",
        ERROR,
        "funds.total.rate",
        {**funds(50, 50, 100.5), "funds.by_income.general": 50},
        ({**funds(50, 50, 100), "funds.by_income.general": 50},),
        frozenset({"M05"}),
    ),
    Planting(
        "M13",
        WARNING,
        "funds.total.initial",
        {"funds.total.initial": 5000000},
        ({"funds.total.initial": 2500000},),
    ),
    Planting("M02", ERROR, "income", {"income": 160}, ({"income": 150.004},), form=DECLARATION),
    Planting(
        "M03",
        INFO,
        "funds.special.share",
        {"funds.special.share": 0.33},
        ({"funds.special.share": 0.3333}, {"funds.special.share": None}),
        form=DECLARATION,
    ),
    Planting(
        "M03",
        WARNING,
        "funds.special.share",
        {"funds.special.share": 0.34},
        ({"funds.special.share": 0.3333},),
        form=DECLARATION,
    ),
    Planting(
        "M04",
        ERROR,
        "funds.special.amount",
        {"projects[0].year_budget": 45},
        ({"projects[0].year_budget": 50.004},),
        form=DECLARATION,
    ),
    Planting(
        "M05",
        ERROR,
        "funds.total.executed",
        {"funds.total.executed": 530},
        ({"funds.total.executed": 520.5}, {"funds.total.executed": 520.504}, {"funds.total.executed": None}),
    ),
    Planting(
        "M05",
        ERROR,
        "projects[0].year_budget",
        {"projects[0].total_budget": 40},
        ({"projects[0].total_budget": 50}, {"projects[0].total_budget": None}),
        form=DECLARATION,
    ),
    Planting("M06", ERROR, "funds.by_income", {"funds.by_income.other": 21}, ({"funds.by_income.other": 20.004},)),
    Planting(
        "M06",
        WARNING,
        "funds.by_income",
        {"funds.by_income.other": 20.01},
        ({"funds.by_income.general": None, "funds.by_income.other": None},),
    ),
    Planting(
        "M07",
        ERROR,
        "funds.total.rate",
        {"funds.total.rate": "96%"},
        ({"funds.total.rate": "96.06%"}, {"funds.total.rate": "96.07%"}),
        stamped=False,
    ),
    Planting("M07", ERROR, "funds.total.executed", funds(0, 0, 5), (funds(0, 5, 5), funds(0, 0, 0))),
    Planting("M07", WARNING, "funds.total.rate", funds(40, 0, 0), (funds(0, 0, 0),), frozenset({"C06"})),
    Planting(
        "M07",
        ERROR,
        "funds.total.rate",
        {**funds(0, 0, 0), "funds.total.rate": "50%"},
        ({**funds(0, 0, 0), "funds.total.rate": "100%"}, {**funds(0, 0, 0), "funds.total.rate": "—"}),
        frozenset({"C06"}),
        stamped=False,
    ),
    Planting(
        "M08",
        WARNING,
        "funds.total.budget",
        funds(400, 520.5, 520.5),
        (funds(480, 520.5, 520.5), funds(400, 520.5, 520.4), funds(None, 520.5, 520.5), funds(0, 520.5, 520.5)),
    ),
    Planting(
        "M09",
        WARNING,
        "funds.total.rate",
        {"funds.total.executed": 460},
        (
            {"funds.total.executed": 470},
            {"funds.total.executed": 460, **row(0, reason="跨年度项目，款项次年支付")},
            {"funds.total.executed": 460, "goal.actual": "两所校舍已建成，尾款因质保期未满尚未支付。"},
        ),
    ),
    Planting(
        "M10",
        WARNING,
        "funds.total.budget",
        {"funds.total.budget": 5205000},
        ({"funds.total.budget": 5206}, {"funds.total.budget": 777.77}, {"funds.total.budget": 520.51}),
        frozenset({"M06"}),
    ),
    Planting(
        "M10",
        WARNING,
        "income",
        {"income": 15},
        ({"income": 16}, {"income": 150}),
        frozenset({"M02"}),
        DECLARATION,
    ),
    Planting(
        "M11",
        WARNING,
        "funds.special.amount",
        {"funds.special.prev1": 20},
        ({"funds.special.prev1": 40},),
        form=DECLARATION,
    ),
    Planting(
        "M12",
        INFO,
        "funds.by_income.other",
        {"funds.by_income.general": 520.5, "funds.by_income.other": None},
        (
            {"funds.by_income.general": 520.5, "funds.by_income.other": 0},
            {"funds.by_income.general": 520.5, "funds.by_income.other": "无"},
            {"funds.by_income.general": None, "funds.by_income.other": None},
        ),
    ),
)

TARGETS = (
    Planting(
        "V11",
        WARNING,
        "indicators[2].target",
        row(2, target="80%"),
        (
            row(2, target="100%", actual="100%"),
            row(2, target="0次", actual="0次"),
            row(2, target="约80%"),
            row(2, target="80%以上"),
        ),
    ),
    Planting(
        "V12",
        WARNING,
        "indicators[0].target",
        row(0, target="≥2"),
        (row(0, target="≥2幢", actual="2幢"), row(0, name="灌溉水有效利用系数", target="≥0.58", actual="0.6")),
    ),
    Planting(
        "V12",
        WARNING,
        "indicators[1].target",
        row(1, name="师生占比", target="≥2", actual="2.1"),
        (row(1, name="师生比", target="≥2", actual="2.1"),),
    ),
    Planting(
        "V12",
        WARNING,
        "indicators[0].target",
        row(0, name="家访次数", target="≥30人次", actual="31人次"),
        (
            row(0, name="家访次数", target="≥30次", actual="31次"),
            row(0, name="家访次数（次）", target="≥30", actual="31"),
        ),
    ),
    Planting("V12", WARNING, "indicators[1].target", row(1, target="≥95人", actual="96人"), (row(1, target="≥95‰"),)),
    Planting("V13", INFO, "indicators[0].target", row(0, target=">2所"), (row(0, target="≤2所"),)),
    Planting(
        "V14",
        WARNING,
        "indicators[1].actual",
        row(1, actual="113%"),
        (row(1, actual="100%"), row(1, name="毛入园率", actual="113.68%"), row(1, target="≥20人", actual="113人")),
    ),
    Planting("V14", WARNING, "indicators[2].target", row(2, target="≥-1%", actual="-1%"), (row(2, target="≥1%"),)),
    Planting(
        "V15",
        WARNING,
        "indicators[1].target",
        row(1, target="持续推进", actual="已推进三个阶段"),
        (
            row(1, target="推进3个阶段", actual="推进3个阶段"),
            row(1, target="验收合格", actual="验收合格"),
            row(2, target="持续推进", actual="已推进三个阶段"),
        ),
    ),
    Planting(
        "V15",
        WARNING,
        "indicators[0].target",
        row(0, target="进一步加强校舍建设", actual="校舍建设已加强"),
        (row(0, target="完成", actual="完成"),),
    ),
    Planting(  # said at the end: with a word of how much, after however many words
        "V15",
        WARNING,
        "indicators[1].target",
        row(1, target=f"{'校舍' * 30}安全水平持续提升。", actual="验收合格"),
        (row(1, target="校舍安全水平持续提升到合格", actual="验收合格"),),
    ),
    Planting(
        "V15",
        WARNING,
        "indicators[1].target",
        row(1, target="安全提升", actual="合格"),
        (row(1, target="安全，提", actual="合格"),),
    ),
    Planting(
        "V16",
        WARNING,
        "indicators[3].name",
        row(3, **FEW, name="无", target="无", actual="无"),
        (
            row(3, **FEW),
            row(3, **FEW, name="无"),
            row(3, **FEW, name="无", target="无", actual="无", weight=0, score=0),
        ),
    ),
    Planting(
        "V16",
        WARNING,
        "indicators[2].target",
        row(2, target="无", actual="无"),
        (row(2, target="无安全事故", actual="无安全事故"),),
    ),
    Planting(
        "V17",
        WARNING,
        "indicators[0].target",
        row(0, target="完成", actual="建成2所"),
        (
            row(0, target="新建2所", actual="新建2所"),
            row(1, name="验收校舍", target="完成", actual="完成"),
            row(1, name="验收效率", target="完成", actual="完成"),
            row(0, target="每月1次", actual="每月1次"),
        ),
    ),
    Planting(
        "V18",
        WARNING,
        "goals[0].indicators[0].prev1",
        goal(0, prev1="≥2所"),
        (goal(0, prev1=2), goal(0, prev1="无"), goal(0, prev1=None)),
        form=DECLARATION,
    ),
    Planting(
        "V18",
        WARNING,
        "goals[0].indicators[0].prev2",
        goal(0, prev2="90%"),
        (goal(0, prev2="3所"),),
        form=DECLARATION,
    ),
)

INDICATORS = (
    Planting(
        "G01",
        ERROR,
        "goals[1].statement",
        goal(1, level1=None, level2=None, name="无", target=None),
        ({**goal(1, level1=None, level2=None, name=None, target=None), "goals[1].statement": None},),
        form=DECLARATION,
    ),
    Planting("G01", ERROR, "indicators", NONE_AT_ALL, (row(0, name="新建校舍"),)),
    Planting(
        "G02",
        WARNING,
        "overall",
        {"overall": "1.改善办学条件；2.提高教学质量；3.化解学校债务"},
        (
            {"overall": "1.提高教学质量；2.改善办学条件"},
            {"overall": "一是改善全区办学条件。二是提高教学质量，办人民满意的教育。"},
            {"overall": "围绕立德树人做好全年工作。"},
            {"overall": None},
        ),
        form=DECLARATION,
    ),
    Planting(  # four letters are a goal; three of five words alike are the same one
        "G02",
        WARNING,
        "overall",
        {"overall": "1.改善办学条件；2.提高教学质量；3.化解债务"},
        (
            {"overall": "1.改善办学条件；2.提高教学质量；3.还债务"},
            {"overall": "1.改善办房；2.提高教学质量"},
            {"overall": "改善办学条件。"},
        ),
        form=DECLARATION,
    ),
    Planting(  # what stands before the first colon or full stop says which goal it is
        "G02",
        WARNING,
        "overall",
        {
            "overall": "1.化解学校债务；2.提高教学质量",
            "goals[0].statement": "改善办学条件：新建校舍两所，维修运动场三处，更新课桌椅四百套",
        },
        (
            {
                "overall": "1.改善本区办学条件；2.提高教学质量",
                "goals[0].statement": "改善办学条件：新建校舍两所，维修运动场三处，更新课桌椅四百套",
            },
        ),
        form=DECLARATION,
    ),
    Planting(
        "G02",
        WARNING,
        "goals[1].statement",
        {"overall": "目标1：改善办学条件"},
        ({"overall": "目标1：改善办学条件\n目标2：教学质量提高"},),
        form=DECLARATION,
    ),
    Planting(
        "G02",
        WARNING,
        "overall",
        {"overall": "（一）化解学校债务\n（二）引进骨干教师"},
        ({"overall": "（一）提高教学质量\n（二）改善办学条件"},),
        form=DECLARATION,
    ),
    Planting(
        "G03",
        ERROR,
        "indicators[1].level2",
        row(1, level2="社会效益指标"),
        (
            row(1, level2="办学条件指标"),
            row(1, level2="时效指标"),
            row(1, level1="成本指标(50分)", level2="经济成本指标"),
            row(1, level1="产出"),
        ),
    ),
    Planting("G04", ERROR, "indicators[0].target", row(0, target=None), (row(0, target="≥2所"),)),
    Planting(
        "G04",
        ERROR,
        "indicators[3].name",
        row(3, **FEW, target="≥3场", actual="3场"),
        (row(3, **FEW), row(3, **FEW, name="宣讲", target="≥3场", actual="3场", weight=0, score=0)),
    ),
    Planting("G05", WARNING, "indicators[3].name", {**TWICE, **row(3, target="≥80%")}, (ANOTHER,)),
    Planting(
        "G05",
        ERROR,
        "indicators[3].name",
        {**TWICE, **row(3, target="≥85%")},
        (ANOTHER, {**TWICE, **row(3, target=">=80％")}, {**TWICE, **row(3, target=None)}),
    ),
    Planting(
        "G05",
        WARNING,
        "indicators[2].name",
        row(2, name="1、验收合格率", target="≥80%"),
        (row(2, name="验收及时率", target="≥80%"),),
    ),
    Planting(
        "G05",
        INFO,
        "goals[1].indicators[0].name",
        goal(1, name="新建校舍数量", target="≥2所"),
        (goal(1, name="新建校舍数量", target="≥3所"),),
        form=DECLARATION,
    ),
    Planting("G06", WARNING, "indicators[2].name", row(2, name="家长满意度" * 9), (row(2, name="家长满意度" * 8),)),
    Planting(
        "G06",
        WARNING,
        "indicators[2].name",
        row(2, name="家长十分满意；学校十分安全"),
        (row(2, name="家长十分满意；"), row(2, name="家长、学生满意；放心")),
    ),
    Planting(
        "G06",
        WARNING,
        "indicators[1].name",
        row(1, name="入学率和学生巩固率"),
        (row(1, name="学生和家长满意率"),),
    ),
    Planting(  # words of their own: at least one before the first, at least two before the second
        "G06",
        WARNING,
        "indicators[1].name",
        row(1, name="入学率和巩固率"),
        (row(1, name="入学率和升率"), row(1, name="率和学生巩固率"), row(1, name="入学率和巩固率高")),
    ),
    Planting(
        "G06",
        WARNING,
        "indicators[2].name",
        row(2, name="家长满意；学校安全"),
        (row(2, name="家长满意；学校安"), row(2, name="家长满；学校安全")),
    ),
    Planting("G07", WARNING, "indicators", NO_EFFECT, (row(2, level1="效益"),), frozenset({"P01"})),
)

COMPLETION = (
    Planting("C02", ERROR, "indicators[1].actual", row(1, actual=None), (row(1, actual="96%"), row(3, **FEW))),
    Planting(
        "C03",
        ERROR,
        "indicators[1].actual",
        row(1, actual="380人"),
        (row(1, actual="96"), row(0, actual="2"), row(1, target="≥95‰")),
    ),
    Planting(
        "C03",
        WARNING,
        "indicators[0].actual",
        row(0, actual="已完成"),
        (row(0, actual="新建2所，另改造1所"), row(0, actual="2"), row(0, target="≤0所", actual="无")),
    ),
    Planting("C03", WARNING, "indicators[1].actual", row(1, actual=0.98), (row(1, actual="98"),)),
    Planting(
        "C03",
        WARNING,
        "indicators[1].actual",
        row(1, target="≥95", actual="0.98"),
        (row(1, target="≥95", actual="98"), row(1, target="≥2", actual="0.98", reason="推迟")),
        frozenset({"V12"}),
    ),
    Planting(
        "C04",
        ERROR,
        "indicators[2].actual",
        row(2, actual="79%", score=39.5),
        (row(2, actual="79%", score=39.5, reason="样本中新生家长较多"), row(2, actual="80%")),
    ),
    Planting(
        "C04",
        WARNING,
        "indicators[0].actual",
        row(0, actual="3所"),
        (row(0, actual="3所", reason="合并了上年项目"), row(0, target="≤2所", actual="1所")),
    ),
    Planting(
        "C04",
        ERROR,
        "indicators[1].actual",
        row(1, **{**COSTS, "target": "90万元", "actual": "99万元", "reason": None}, score=18),
        (row(1, **{**COSTS, "target": "90万元", "actual": "81万元", "reason": None}),),
        frozenset({"V11"}),
    ),
    Planting(
        "C08",
        WARNING,
        "indicators[0].forecast",
        row(0, forecast="40%", likelihood="impossible"),
        (
            row(0, forecast="40%", likelihood="impossible", reason="设备到货推迟"),
            row(0, forecast="40%", **{"cause.funding": "✔"}),
            row(0, forecast="95%"),
        ),
        form=MONITORING,
    ),
    Planting(
        "C08",
        WARNING,
        "indicators[0].forecast",
        row(0, likelihood="possible"),
        (row(0, likelihood="certain"), row(0, likelihood=None)),
        form=MONITORING,
    ),
    Planting(
        "C03",
        WARNING,
        "indicators[1].actual",
        row(1, name="受益学生数", target="显著", actual="达成预期"),
        (row(1, name="受益学生情况", target="显著", actual="显著"),),
        frozenset({"V17"}),
    ),
    Planting("C05", WARNING, "indicators", COPIES, ({**COPIES, **row(2, actual="81%")},)),
    Planting(
        "C06",
        ERROR,
        "funds.total.executed",
        funds(400, 520.5, 0),
        (
            funds(400, 520.5, 0.01),
            {**funds(400, 520.5, 0), **row(1, actual="94%", score=19.8)},
            {**funds(400, 520.5, 0), **row(0, reason="尚未付款")},
        ),
        frozenset({"M09"}),
    ),
    Planting(
        "C06",
        WARNING,
        "funds.total.executed",
        {**funds(400, 520.5, 0), **row(0, reason="尚未付款")},
        ({**funds(400, 520.5, 5), **row(0, reason="尚未付款")},),
    ),
    Planting(
        "C07",
        WARNING,
        "goal.actual",
        {"goal.actual": "1.新建两所校舍;改善办学条件"},
        (
            {"goal.actual": "新建三所校舍，改善办学条件。"},
            {"goal.expected": "见附件。", "goal.actual": "见附件"},
            {"goal.actual": None},
        ),
    ),
)

POINTS = (
    Planting("P01", ERROR, "total.weight", row(1, weight=15, score=15), (row(1, weight="20", score="20"),)),
    Planting(
        "P01",
        ERROR,
        "indicators[0].level1",
        LEVELS_SWAPPED,
        ({**row(0, weight=31, score=31), **row(1, weight=19, score=19)},),
    ),
    Planting("P01", WARNING, "indicators[0].level1", {**LEVELS_SWAPPED, **UNPRINTED}, (UNPRINTED,)),
    Planting(
        "P02", ERROR, "indicators[0].score", row(0, score=30.5), (row(0, score=30), row(0, score=0, reason="未做"))
    ),
    Planting(
        "P02", ERROR, "funds.total.score", {"funds.total.score": 10.5}, ({"funds.total.score": 10},), stamped=False
    ),
    Planting(
        "P03",
        ERROR,
        "indicators[2].score",
        row(2, actual="60%", score=32, reason="样本少"),
        (
            row(2, actual="60%", score=30, reason="样本少"),
            row(2, actual="60.5%", score=30, reason="样本少"),
            row(2, actual="120%", score=36, reason="目标偏低"),
            row(2, target="良好", actual="较好", score=32, reason="样本少"),
        ),
    ),
    Planting("P03", ERROR, "indicators[1].score", row(1, **COSTS, score=19.5), (row(1, **COSTS, score=18),)),
    Planting(
        "P03", ERROR, "funds.total.score", {"funds.total.score": 9}, ({"funds.total.score": 9.61},), stamped=False
    ),
    Planting(
        "P04",
        ERROR,
        "indicators[2].score",
        row(2, target="良好", actual="部分达成", score=35, reason="样本少"),
        (
            row(2, target="良好", actual="部分达成", score=24, reason="样本少"),
            row(2, target="良好", actual="达成", score=32, reason="样本少"),
            row(2, target="良好", actual="未达成", score=23.9, reason="样本少"),
        ),
    ),
    Planting(
        "P04",
        ERROR,
        "indicators[2].score",
        row(2, target="良好", actual="达成", score=31, reason="样本少"),
        (row(2, target="良好", actual="达成", score=40, reason="样本少"),),
    ),
    Planting(
        "P05",
        ERROR,
        "total.score",
        {"total.score": 98},
        ({"total.score": 99.61}, {"total.score": None}),
        stamped=False,
    ),
    Planting(
        "P06",
        ERROR,
        "indicators[2].reason",
        row(2, target="良好", actual="较好", score=38),
        (
            row(2, target="良好", actual="较好", score=38, reason="样本少"),
            row(2, target="良好", actual="较好", score=40),
        ),
    ),
    Planting(
        "P06",
        WARNING,
        "indicators[2].score",
        row(2, reason="宣传力度不够，有待加强"),
        (row(2, reason="无偏差，未发现问题"), row(2, score=39, reason="宣传力度不够，有待加强")),
    ),
)

SHAPES = (
    Planting("V02", ERROR, "code", {"code": "12430000AB12345C7X"}, ({"code": None},), form=PURCHASE),
    Planting("V02", ERROR, "post", {"post": "41000"}, ({"post": "410000"},), form=PURCHASE),
    Planting("V04", ERROR, "items[0].share", {"items[0].share": 0.3055}, ({"items[0].share": 0.305},), form=PURCHASE),
    Planting(
        "V01",
        ERROR,
        "reserved",
        {"reserved": None},
        ({"for_small": "否", "reserved": None}, {"for_small": None, "reserved": None}),
        form=PURCHASE,
    ),
    Planting(
        "V01",
        ERROR,
        "people[0].from_unit",
        {"people[0].from_unit": None},
        ({"people[0].from_unit": None, "people[0].kind": "在编"},),
        form=PURCHASE,
    ),
    Planting("V07", ERROR, "reserved", {"for_small": "否"}, ({"for_small": None},), form=PURCHASE),
    Planting("V07", ERROR, "people[0].no", {"people[0].no": "9"}, ({"people[0].no": None},), form=PURCHASE),
    Planting(
        "V06",
        ERROR,
        "items[1].name",
        {"items[1].method": "公开招标"},
        ({"items[1].method": None}, {"items[1].name": "电脑桌", "items[1].method": "公开招标"}),
        form=PURCHASE,
    ),
)

PLANTINGS = (*CELLS, *SHAPES, *FUNDS, *TARGETS, *INDICATORS, *COMPLETION, *POINTS)


def findings(planting: Planting, changes: Changes) -> tuple[Finding, ...]:
    typed = {**SOUND[planting.form.id], **changes}
    return check(case_of(planting.form, typed, stamped=planting.stamped, formulas=dict(planting.cached)))


@cache
def planted(planting: Planting) -> tuple[Finding, ...]:
    """What is found after the change; several tests look at it."""
    return findings(planting, planting.changes)


def cell(planting: Planting) -> str | None:
    return case_of(planting.form, {**SOUND[planting.form.id], **planting.changes}).cell(planting.at)


each_planting = pytest.mark.parametrize("planting", PLANTINGS, ids=lambda p: f"{p.code}-{p.at}")


@pytest.mark.parametrize("form", [EVALUATION, DECLARATION, MONITORING, PURCHASE], ids=lambda form: form.id)
def test_nothing_is_wrong_with_the_sound_returns(form: Form) -> None:
    assert check(case_of(form, SOUND[form.id])) == ()


@each_planting
def test_a_planted_mistake_is_found_at_its_cell_and_nothing_else(planting: Planting) -> None:
    found = planted(planting)
    places = {(finding.code, finding.severity, finding.path, finding.cell) for finding in found}
    assert (planting.code, planting.severity, planting.at, cell(planting)) in places
    assert {f.code for f in found} == {planting.code, *planting.beside}, [f.message for f in found]


@each_planting
def test_a_change_that_is_no_mistake_is_not_found(planting: Planting) -> None:
    assert planting.near
    for changes in planting.near:
        found = findings(replace(planting, cached=()), changes)
        assert not [f.message for f in found if f.code == planting.code and f.severity is planting.severity], changes


def test_every_code_that_a_form_can_have_is_planted() -> None:
    listed = {rule.code for form in load_forms().values() for rule in form.rules if not rule.pairs}
    beside_others = {"C01"}
    named = {code for code, rule in CATALOG.items() if rule.named is not None}
    assert sorted({*named, *listed} - beside_others - {planting.code for planting in PLANTINGS}) == []


@each_planting
def test_messages_are_plain(planting: Planting) -> None:
    for finding in planted(planting):
        assert not set("{}[]_") & set(finding.message)
        assert "None" not in finding.message
        assert "Decimal" not in finding.message
        assert not finding.message.endswith(("，", "。"))
        assert finding.label
        assert all(other.startswith("表!") for other in finding.related)


@pytest.mark.parametrize(
    ("oddity", "code", "severity"),
    [
        (Oddity.MISSING, "S01", ERROR),
        (Oddity.REWORDED, "S02", WARNING),
        (Oddity.MOVED, "S03", INFO),
        (Oddity.MERGED, "S03", WARNING),
        (Oddity.COPY, "S07", INFO),
        (Oddity.OUTSIDE, "S08", WARNING),
    ],
)
def test_what_was_strange_about_the_sheet_becomes_a_finding(oddity: Oddity, code: str, severity: Severity) -> None:
    notice = ReadingNotice(oddity, None if oddity is Oddity.MISSING else "K9", "审批意见", "部门名称")
    (found,) = check(case_of(EVALUATION, SOUND[EVALUATION.id], notices=(notice,)))
    assert (found.code, found.severity, found.cell) == (code, severity, notice.cell)
    assert "审批意见" in found.message or "部门名称" in found.message


def test_words_of_a_reason_outside_the_fields_count_as_one() -> None:
    low = {**SOUND[EVALUATION.id], "funds.total.executed": 460}
    notice = ReadingNotice(Oddity.OUTSIDE, "K9", "因校舍验收推迟，尾款结转次年")
    assert {found.code for found in check(case_of(EVALUATION, low, notices=(notice,)))} == {"S08"}
