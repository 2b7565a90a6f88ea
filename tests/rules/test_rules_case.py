"""What the rules are told of a return: rows in use, printed rows, what is unsound, names and labels."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from perfxl.model.finding import FixKind, Severity
from perfxl.model.reading import Reading
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.case import in_use, is_nothing, limit
from perfxl.rules.labels import block_at
from perfxl.rules.run import check
from perfxl.values.bind import bind
from perfxl.values.indicator import parse_indicator
from support.cases import Typed, case_of, cell_of, form_of, shipped_form
from support.tinyforms import DECLARATION, EVALUATION, SOUND

PRINTED = form_of("""
form: tiny-printed
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8, E: 8}
bands:
- table: indicators
  columns:
  - {at: A, label: 一级指标, field: level1, type: text, level: 1}
  - {at: B, label: 二级指标, field: level2, type: text, level: 2}
  - {at: C, label: 三级指标, field: name, type: text}
  - {at: D, label: 指标值, field: target, type: value, required: true, missing: G04}
  - {at: E, label: 指标解释, field: definition, type: text}
  printed:
  - {level1: 管理效率, level2: 预算管理, name: 预算编制完整性, definition: 收支全部列入预算。}
  - {level1: 管理效率, level2: 改革创新, name: 重点创新事项, open: "true"}
rules: []
""")


def printed_row(index: int, **columns: Typed) -> dict[str, Typed]:
    return {f"indicators[{index}].{key}": value for key, value in columns.items()}


def blanks(typed: dict[str, Typed]) -> list[tuple[str, Severity, str | None]]:
    return [(found.code, found.severity, found.path) for found in check(case_of(PRINTED, typed))]


def test_a_printed_name_without_a_value_is_a_warning_one_of_the_unit_s_own_an_error() -> None:
    assert blanks(printed_row(0, name="预算编制完整性")) == [("G04", Severity.WARNING, "indicators[0].target")]
    assert blanks(printed_row(0, name="本单位指标")) == [("G04", Severity.ERROR, "indicators[0].target")]
    assert blanks(printed_row(0, name="预算编制完整性", target="≥90%")) == []


def test_an_open_printed_row_may_stay_blank_until_something_is_put_in() -> None:
    assert blanks(printed_row(0, name="重点创新事项")) == []
    begun = printed_row(0, name="重点创新事项", definition="数字化改革")
    assert blanks(begun) == [("G04", Severity.WARNING, "indicators[0].target")]


@pytest.mark.parametrize("name", ["无", " 无 ", "-", "——", "/", "／", "", None])
def test_a_row_is_not_in_use_without_a_name_that_names_something(name: Value) -> None:
    assert not in_use(Record({"indicators[0].name": name}), "indicators[0]")


def test_a_row_with_a_name_is_in_use() -> None:
    assert in_use(Record({"indicators[0].name": "无校舍安全事故"}), "indicators[0]")


def test_nothing_is_a_blank_or_what_is_written_for_one() -> None:
    assert is_nothing(None)
    assert is_nothing("无")
    assert is_nothing(parse_indicator("/"))
    assert not is_nothing(parse_indicator("无校舍安全事故"))
    assert not is_nothing(Decimal(0))


def test_the_end_of_a_range_that_a_number_lies_beyond() -> None:
    assert limit(Decimal(-1), Decimal(0), Decimal(9)) == 0
    assert limit(Decimal(10), Decimal(0), Decimal(9)) == 9
    assert limit(Decimal(9), Decimal(0), Decimal(9)) is None
    assert limit(Decimal(-9), None, None) is None


def test_what_is_computed_from_an_unsound_cell_is_unsound_too() -> None:
    typed = {**SOUND[EVALUATION.id], "funds.total.executed": "约三百", "indicators[0].weight": None}
    unsound = case_of(EVALUATION, typed).unsound
    executed = {"funds.total.executed", "funds.total.rate", "funds.total.score", "total.score"}
    assert unsound == executed | {"indicators[0].weight", "total.weight"}


def test_a_cell_that_is_computed_is_worked_out_anew_whatever_stands_there() -> None:
    typed = {**SOUND[EVALUATION.id], "funds.total.rate": "#DIV/0!"}
    case = case_of(EVALUATION, typed, stamped=False)
    assert case.unsound == frozenset()
    assert case.number("total.score") == Decimal("99.61")


def test_in_a_foreign_workbook_a_formula_is_the_officer_s_own_figure() -> None:
    cached: dict[str, Typed] = {"total.score": 98}
    typed = SOUND[EVALUATION.id]
    own = case_of(EVALUATION, typed, formulas=cached)
    foreign = case_of(EVALUATION, typed, formulas=cached, stamped=False)
    assert own.typed_over("total.score") is None
    assert foreign.typed_over("total.score") == 98
    assert [found.code for found in check(own)] == ["S05"]
    assert [found.code for found in check(foreign)] == ["P05"]


def test_labels_and_names_are_in_the_words_of_the_form() -> None:
    case = case_of(EVALUATION, SOUND[EVALUATION.id])
    assert case.label("funds.total.executed") == "资金 › 年度资金总额 › 全年执行数"
    assert case.name("funds.total.executed") == "年度资金总额的全年执行数"
    assert case.label("funds.by_income") == "资金 › 按收入性质分"
    assert case.name("unit_name") == "部门名称"
    assert case.name("indicators[1].score") == "“验收合格率”的得分"
    assert str(case.label("indicators[1].score")).endswith("验收合格率 › 得分")
    assert case.label(None) is None
    assert case.cell(None) is None
    nested = case_of(DECLARATION, SOUND[DECLARATION.id])
    assert nested.name("goals[1].indicators[0].target") == "“培训教师人数”的指标值"


def test_the_label_of_a_row_in_a_block_names_the_block_as_it_is_printed() -> None:
    hubei = case_of(shipped_form("hubei-dept-goal"), {"annual_goals[1].indicators[2].name": "新增学位"})
    assert hubei.label("annual_goals[1].indicators[2].basis") == "年度目标2 › 年度绩效指标 › 新增学位 › 指标值确定依据"
    assert hubei.label("annual_goals[1].indicators[0].target") == (
        "年度目标2 › 年度绩效指标 › 第 10100 行 › 指标值 › 预期当年实现值"
    )
    assert hubei.label("annual_goals[2].statement") == hubei.name("annual_goals[2].statement") == "年度目标3"
    assert hubei.name("annual_goals[1].indicators[0].target") == "第 10100 行的预期当年实现值"
    assert hubei.name("funds.income.total.prev1") == "收入构成合计的上年"
    qinghai = case_of(shipped_form("qinghai-dept-approval"), {"core_functions[1].indicators[0].name": "学生“资助”人数"})
    assert str(qinghai.label("core_functions[1].indicators[0].target")).startswith("职能2 › 年度绩效指标 › ")
    assert qinghai.name("core_functions[1].indicators[0].target") == "“学生‘资助’人数”的指标值"
    henan = case_of(shipped_form("henan-dept-goal"), {"goals[1].text": "提高质量"})
    assert henan.label("goals[1].text") == "目标2 › 年度总体目标"


def test_a_block_is_named_by_the_number_on_the_sheet_and_by_its_place_where_there_is_none() -> None:
    form = shipped_form("hubei-dept-goal")
    reading = Reading({}, {}, {}, (), 1.0, numbers={"annual_goals[1]": 7})
    assert block_at(form, "annual_goals[1]", reading) == "年度目标7"
    assert block_at(form, "annual_goals[0]", reading) == block_at(form, "annual_goals[0]") == "年度目标1"
    assert block_at(form, "annual_goals[0].indicators[1]", reading) == ""


SHARED = form_of("""
form: tiny-shared
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8}
bands:
- section: 单位
  at: A
  bands:
  - row:
    - {at: B, label: 姓名}
    - {at: C:D, field: person, type: text}
  - row:
    - {at: B, label: 电话}
    - {at: C:D, field: phone, type: text}
- section: 领导
  at: A
  bands:
  - row:
    - {at: B, label: 姓名}
    - {at: C:D, field: head, type: text}
- table: staff
  columns:
  - {at: A, label: 三级指标, field: name, type: text}
  - {at: "B:D", label: 电话, field: phone, type: text}
  rows: 2
rules: []
""")


def test_words_that_two_single_cells_share_get_what_stands_before_them() -> None:
    case = case_of(SHARED, {"staff[0].name": "甲"})
    assert case.name("person") == "单位的姓名"
    assert case.name("head") == "领导的姓名"
    assert case.name("phone") == "电话"  # a column of a table is named with its row


def test_a_cell_of_a_matrix_is_named_by_its_row_and_its_column() -> None:
    form = form_of("""
form: tiny-matrix
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8}
bands:
- matrix: funds
  head:
  - {at: A}
  - {at: B, label: 预算数, field: budget, type: money}
  - {at: C, label: 执行数, field: executed, type: money}
  rows:
  - {label: 财政拨款, field: fiscal}
  - {label: 合计, field: total}
rules: []
""")
    case = case_of(form, {})
    assert case.name("funds.fiscal.budget") == "财政拨款的预算数"
    assert case.name("funds.total.executed") == "合计的执行数"


def test_a_row_without_a_name_goes_by_its_row_and_a_long_name_is_cut() -> None:
    case = case_of(EVALUATION, {"indicators[0].name": "甲" * 30, "indicators[2].name": "无"})
    assert case.row_name("indicators[0]") == "甲" * 19 + "…"
    assert case.row_name("indicators[2]") == "第 102 行"


def test_a_date_that_could_be_guessed_is_suggested_as_text() -> None:
    form = form_of("""
form: tiny-date
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8}
bands:
- row:
  - {at: A, label: 填报日期}
  - {at: B, field: fill_date, type: date}
rules: []
""")
    (found,) = check(case_of(form, {"fill_date": "2024-1-32"}))
    assert (found.code, found.cell) == ("V02", cell_of(form, "fill_date"))
    (found,) = check(case_of(form, {"fill_date": "20240116"}))
    assert found.fix.kind in {FixKind.APPLIED, FixKind.SUGGESTED}
    assert found.fix.value in {None, "2024-01-16"}


def test_a_formula_without_a_result_is_no_blank() -> None:
    path = "funds.total.executed"
    case = case_of(EVALUATION, SOUND[EVALUATION.id], formulas={path: None})
    case = replace(case, bound=bind(EVALUATION, case.reading, lambda _: None))
    (found,) = [one for one in check(case) if one.path == path]
    assert (found.code, found.cell) == ("V02", cell_of(EVALUATION, path))
    assert "没有存下计算结果" in found.message


SIGNED = form_of("""
form: tiny-signed
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
columns: {A: 8, B: 8, C: 8, D: 8}
bands:
- row:
  - {at: A, label: 编制日期}
  - {at: B, field: made, type: date}
  - {at: C, label: 编制日期}
  - {at: D, field: again, type: date}
rules: []
""")


def test_a_name_that_two_fields_have_stays_where_nothing_stands_above_it() -> None:
    case = case_of(SIGNED, {})
    assert [case.name(path) for path in ("made", "again")] == ["编制日期", "编制日期"]


def test_each_actual_value_that_lost_its_percent_sign_is_told() -> None:
    typed = {**SOUND[EVALUATION.id], "indicators[1].actual": 0.97, "indicators[2].actual": 0.85}
    found = [(one.path, one.fix.value) for one in check(case_of(EVALUATION, typed)) if one.code == "C03"]
    assert found == [("indicators[1].actual", "97%"), ("indicators[2].actual", "85%")]
