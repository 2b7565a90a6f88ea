from __future__ import annotations

from decimal import Decimal

import pytest
from forms_sample import COMMON, HUNAN, HUNAN_FORM, SMALL, WIDE_FORM, formed

from perfxl.expr.evaluate import references
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.form import Block, Choice, Entry, Form, Label, Look, Required, Row, Section

LABELS = [
    (HUNAN_FORM, "year", "年度"),
    (HUNAN_FORM, "unit_name", "预算部门名称"),
    (HUNAN_FORM, "funds.total.initial", "年度预算申请 › 年度资金总额 › 年初预算数"),
    (HUNAN_FORM, "funds.by_income.general", "年度预算申请 › 按收入性质分 › 一般公共预算"),
    (HUNAN_FORM, "goal.expected", "年度总体目标 › 预期目标"),
    (HUNAN_FORM, "indicators[].target", "绩效指标 › 年度指标值"),
    (HUNAN_FORM, "total.weight", "总分 › 分值"),
    (WIDE_FORM, "funds.income.fiscal.amount", "资金 › 收入 › 财政拨款 › 当年金额"),
    (WIDE_FORM, "tasks[].total", "预算资金 › 合计"),
    (WIDE_FORM, "goals[].indicators[].likelihood", "指标 › 完成可能性"),
]


@pytest.mark.parametrize(("form", "path", "label"), LABELS)
def test_a_field_is_called_by_what_is_printed_around_it(form: Form, path: str, label: str) -> None:
    assert form.fields[path].label == label


def test_fields_hold_what_the_cells_say() -> None:
    fields = HUNAN_FORM.fields
    assert fields["year"].type is Type.YEAR
    assert fields["unit_name"].required is Required.ALWAYS
    assert fields["indicators[].target"].required is Required.IN_USE
    assert (fields["indicators[].target"].missing, fields["unit_name"].missing) == ("G04", "V01")
    assert (fields["funds.total.weight"].preset, fields["funds.total.weight"].maximum) == (Decimal(10), Decimal(100))
    assert fields["funds.total.initial"].minimum == 0
    assert fields["total.weight"].minimum is None
    assert [fields[f"indicators[].{key}"].level for key in ("level1", "level2", "name")] == [1, 2, 0]
    assert fields["goal.expected"].length == 2000
    assert WIDE_FORM.fields["tasks[].category"].choices == (Choice("人员类", ("人员",)), Choice("特定目标"))
    assert WIDE_FORM.fields["_sum"].hidden
    assert WIDE_FORM.fields["tasks[].no"].serial
    assert WIDE_FORM.fields["common[].explanation"].spread


def test_a_formula_reads_its_own_row_first() -> None:
    rate, score = (HUNAN_FORM.fields[f"funds.total.{key}"].formula for key in ("rate", "score"))
    assert rate is not None
    assert score is not None
    assert references(rate) == ("funds.total.executed", "funds.total.budget")
    assert references(score) == ("funds.total.rate", "funds.total.weight")


def test_a_sum_of_rows_adds_its_column_and_a_formula_of_its_own_goes_first() -> None:
    fields = WIDE_FORM.fields
    amount, prev2 = (fields[f"funds.income.total.{key}"].formula for key in ("amount", "prev2"))
    assert amount is not None
    assert prev2 is not None
    assert references(amount) == ("funds.income.fiscal.amount", "funds.income.own.amount")
    assert references(prev2) == ("funds.income.fiscal.prev2",)
    assert "funds.income.own.prev2" not in fields
    share = fields["funds.income.own.share"].formula
    assert share is not None
    assert references(share) == ("funds.income.own.amount", "funds.income.total.amount")
    assert fields["funds.income.total.amount"].required is Required.NO


def test_groups_are_the_printed_text_and_the_value_in_the_data() -> None:
    first = HUNAN_FORM.table("indicators").groups[0]
    assert (first.text, first.value) == ("产出指标\n(50分)", "产出指标")
    assert first.below == ("数量指标", "质量指标", "时效指标", "成本指标")
    national = WIDE_FORM.table("mid").groups
    assert [group.value for group in national] == list(COMMON.spec.classifications["national"])


def test_rules_come_with_their_shared_lists_opened() -> None:
    codes = [rule.code for rule in HUNAN_FORM.rules]
    assert codes[:3] == ["M05", "M06", "M06"]
    shared = [rule for rule in HUNAN_FORM.rules if rule.code in {"V11", "G03", "C04"}]
    assert {rule.over for rule in shared} == {"indicators"}
    line = HUNAN[: HUNAN.index("- {use: indicators")].count("\n") + 1
    assert shared[0].line == line
    own = WIDE_FORM.rules[0]
    assert (own.each, own.at, own.severity) == ("tasks", "tasks[].fiscal", Severity.WARNING)
    assert WIDE_FORM.rules[-1].limit == Decimal("0.3")


def test_a_code_can_be_left_out_of_a_shared_list() -> None:
    without = formed(
        HUNAN.replace("{use: indicators, over: indicators}", "{use: indicators, over: indicators, without: [V15]}")
    )
    assert {rule.code for rule in HUNAN_FORM.rules} - {rule.code for rule in without.rules} == {"V15"}


def test_bands_stand_as_they_were_written() -> None:
    title, year, unit, funds, *_ = HUNAN_FORM.bands
    assert isinstance(title, Row)
    assert isinstance(title.pieces[0], Label)
    assert (title.pieces[0].look, title.pieces[0].columns) == (Look.TITLE, (1, 9))
    assert isinstance(year, Row)
    assert isinstance(year.pieces[0], Entry)
    assert isinstance(unit, Row)
    assert isinstance(funds, Section)
    assert funds.spine.columns == (1, 1)
    blocks = [band for band in WIDE_FORM.bands if isinstance(band, Block)]
    assert [(block.path, block.count, block.spine is not None) for block in blocks] == [
        ("goals", 2, False),
        ("functions", 2, True),
    ]


def test_a_head_with_others_below_it_is_as_wide_as_they_are() -> None:
    heads = WIDE_FORM.table("tasks").heads
    assert len(heads) == 2
    texts = {piece.text: piece for row in heads for piece in row.pieces if isinstance(piece, Label)}
    assert texts["预算资金"].columns == (5, 7)
    assert (texts["序号"].deep, texts["预算资金"].deep, texts["财政"].deep) == (2, 1, 1)
    assert texts["财政"].names == "tasks[].fiscal"


def test_settings_of_the_sheet() -> None:
    assert WIDE_FORM.page.landscape
    assert WIDE_FORM.page.margins == (Decimal(2), Decimal("1.5"), Decimal(2), Decimal("1.8"))
    assert (WIDE_FORM.many, WIDE_FORM.issued, HUNAN_FORM.many) == (True, False, False)
    assert (WIDE_FORM.unit_path, WIDE_FORM.year_path) == ("unit_name", "year")
    small = formed(SMALL)
    assert (small.unit_path, small.year_path, small.money) == ("", "", "万元")
