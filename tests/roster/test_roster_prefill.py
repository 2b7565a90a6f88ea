from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.value import NumberValue, Value
from perfxl.roster.prefill import prefills
from perfxl.roster.read import RosterError

FORMS = load_forms()
HUNAN, MOF = FORMS["hunan-dept-self-eval"], FORMS["mof-project-goal"]


def values(form: str, **columns: str) -> dict[str, Value]:
    heads = {head.replace("__", "."): text for head, text in columns.items()}
    ((own,),) = prefills(Roster((RosterUnit("甲局", "01", 2, heads),)), [FORMS[form]]).owns
    assert (own.unit, own.code) == ("甲局", "01")
    return dict(own.values)


def problems(*units: dict[str, str], forms: tuple[str, ...] = ("hunan-dept-self-eval",)) -> list[str]:
    roster = Roster(tuple(RosterUnit("甲局", f"{row}", row, heads) for row, heads in enumerate(units, start=2)))
    with pytest.raises(RosterError) as caught:
        prefills(roster, [FORMS[form] for form in forms])
    return [str(problem) for problem in caught.value.problems]


def test_what_is_typed_is_read_as_an_officer_would_type_it() -> None:
    assert values(
        "hunan-dept-self-eval", year="２０２４年", funds__total__initial="1,616.43万元", funds__by_income__other="无"
    ) == {"year": Decimal(2024), "funds.total.initial": Decimal("1616.43")}


def test_rows_of_a_table_are_named_by_number() -> None:
    found = values("hunan-dept-self-eval", **{"indicators[1].name": "惠及人数", "indicators[1].target": "≥560人"})
    assert found["indicators[1].name"] == "惠及人数"
    target = found["indicators[1].target"]
    assert isinstance(target, NumberValue)
    assert target.value == 560


def test_a_label_names_a_field_where_no_other_is_called_so() -> None:
    assert values("hunan-dept-self-eval", 年初预算数="5", **{"年度预算申请›年度资金总额›全年预算数": "6"}) == {
        "funds.total.initial": Decimal(5),
        "funds.total.budget": Decimal(6),
    }


def test_several_forms_take_what_they_have() -> None:
    roster = Roster((RosterUnit("甲局", None, 2, {"year": "2024", "funds.total.initial": "5"}),))
    ((one, other),) = prefills(roster, [HUNAN, MOF]).owns
    assert set(one.values) == {"year", "funds.total.initial"}
    assert set(other.values) == {"year"}


def test_every_wrong_column_is_told() -> None:
    heads = [
        "indicators[].name",
        "indicators[20000].name",
        "分值",
    ]
    told = problems(dict.fromkeys(heads, "1") | {"年初预算数": "1", "funds.total.initial": "1"})
    assert [problem.split("”一列")[0].removeprefix("“") for problem in told[:-1]] == heads
    assert "第一行写成 indicators[0].name" in told[0]
    assert "funds.total.weight（年度预算申请 › 年度资金总额 › 分值）" in told[2]
    assert told[-1] == "“年初预算数”和“funds.total.initial”两列是同一项，请删去一列"


def notes(*forms: str, **columns: str) -> tuple[str, ...]:
    roster = Roster((RosterUnit("甲局", "01", 2, {head.replace("__", "."): text for head, text in columns.items()}),))
    return prefills(roster, [FORMS[form] for form in forms]).notes


def test_columns_that_no_form_has_are_named_once_with_what_may_be_meant() -> None:
    assert notes("hunan-dept-self-eval", 年初预算数="1", year="2024") == ()
    assert notes("hunan-dept-self-eval", 片区="一") == (
        "“片区”一列不是这次的表中的项，没有用到（各项的名称见 perfxl show）",
    )
    assert notes("hunan-dept-self-eval", 片区="一", funds__total__initail="1", 年初预算="2") == (
        (
            "“片区”、“funds.total.initail”、“年初预算” 3 列不是这次的表中的项，没有用到；"
            "“funds.total.initail”是否想写 funds.total.initial；“年初预算”是否想写 年初预算数（各项的名称见 perfxl show）"
        ),
    )


def test_one_roster_serves_forms_of_which_each_has_only_some_of_the_columns() -> None:
    columns = {"年初预算数": "5", "project_name": "校舍维修"}
    assert notes("hunan-dept-self-eval", "mof-project-goal", **columns) == ()
    assert len(notes("hunan-dept-self-eval", **columns)) == len(notes("mof-project-goal", **columns)) == 1
    roster = Roster((RosterUnit("甲局", None, 2, columns),))
    ((one, other),) = prefills(roster, [HUNAN, MOF]).owns
    assert dict(one.values) == {"funds.total.initial": Decimal(5)}
    assert dict(other.values) == {"project_name": "校舍维修"}


def test_a_column_that_a_form_computes_or_that_is_the_unit_is_not_used_and_said() -> None:
    assert notes("hunan-dept-self-eval", funds__total__rate="1", unit_name="乙局") == (
        "“funds.total.rate”一列由表里的公式算出，没有用到",
        "“unit_name”一列就是单位名称，没有用到",
    )
    assert values("hunan-dept-self-eval", unit_name="乙局") == {}


def test_every_wrong_cell_is_told_with_its_row_once() -> None:
    told = problems(
        {"funds.total.initial": "很多", "year": "2024"},
        {"goal.expected": "待填", "year": "x"},
        {"goal.expected": "字" * 40_000},
        forms=("hunan-dept-self-eval", "hunan-self-eval-report"),
    )
    assert told == [
        "第 2 行：“funds.total.initial”一列：“很多”填不进“年度预算申请 › 年度资金总额 › 年初预算数”，不是数字",
        "第 3 行：“goal.expected”一列：“待填”填不进“年度总体目标 › 预期目标”，是占位文字，还没有填写实际内容",
        "第 3 行：“year”一列：“x”填不进“年度”，不是年份",
        "第 4 行：“goal.expected”一列：文字太长，一格最多 32767 个字",
    ]


def test_dates_are_dates() -> None:
    dated = {
        name: path
        for name, form in FORMS.items()
        for path, spec in form.fields.items()
        if spec.type == "date" and "[" not in path
    }
    name, path = next(iter(dated.items()))
    assert values(name, **{path: "2024年1月16日"}) == {path: dt.date(2024, 1, 16)}
