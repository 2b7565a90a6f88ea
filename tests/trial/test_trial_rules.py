"""The trial of a form's rules, and that it finds each fault that it was made for when that is put back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from perfxl.align import pattern, shape
from perfxl.forms.definition import rules
from perfxl.forms.definition.load import lint
from perfxl.forms.layout import set_out
from perfxl.forms.layout.pages import Pages
from perfxl.model.address import Box
from perfxl.model.expression import Operator
from perfxl.model.layout import PlacedCell
from perfxl.rules import expression, live, run
from perfxl.rules.catalog import CATALOG
from perfxl.trial import proof, return_trip
from perfxl.trial.proof import try_form, try_looks
from perfxl.writer import cells
from support.cases import form_of
from support.trials import HEAD, line_of

BANDS = """
- row:
  - {at: A, label: 计划执行期}
  - {at: B, field: since, type: date}
  - {at: C, field: until, type: date}
  - {at: D, label: 系数}
  - {at: E:F, field: coefficient, type: percent, min: 0, max: 1}
- row:
  - {at: A, label: 收入}
  - {at: B, field: funds.general, type: money}
  - {at: C, field: funds.other, type: money}
  - {at: D, label: 支出}
  - {at: E:F, field: spent, type: money}
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, label: 数量, field: number, type: integer, min: 0}
  - {at: C, label: 单价, field: price, type: money}
  - {at: D, label: 方式, field: way, type: choice, choices: [公开招标, 询价]}
  - {at: E:F, label: 金额, field: amount, type: money, formula: number * price}
  rows: 4
"""


def told(*rules: str) -> list[str]:
    listed = "".join(f"- {rule}\n" for rule in rules)
    text = f"{HEAD}{BANDS}rules:{chr(10) + listed if rules else ' []'}"
    fresh = replace(form_of(text))  # nothing is kept with it that was worked out before something was planted
    return [f"{problem.line - line_of(text, 'rules:')} {problem.message}" for problem in try_form(fresh)]


def rule(must: str, more: str = "") -> str:
    return f'{{code: M05, {more} must: "{must}", at: spent, say: 请核对}}'


def row_rule(must: str) -> str:
    return f'{{code: M05, each: items, must: "{must}", at: name, say: 请核对}}'


SENSIBLE = (
    rule("SUM(funds) = spent"),
    rule("since <= until"),
    rule("coefficient < 1"),
    rule("IF(spent > 1000, SUM(funds) > 500, BLANK)"),
    rule("SUM(items.amount) <= funds.general"),
    rule("SUMIF(items.way, '询价', items.amount) < 50"),
    rule("COUNTA(items.name) = 0 or COUNTA(items.name) >= 2"),
    row_rule("way <> '询价' or amount < 100"),
    row_rule("NOT(ISBLANK(name))"),
    row_rule("name <> '其他材料'"),
    row_rule("amount = number * price and number > 0"),
)
SILENT = (
    rule("spent >= 0"),
    rule("coefficient <= 1"),
    row_rule("number >= 0 or price > 0"),
    row_rule("amount = number * price"),
)
LOUD = (rule("spent < 0"), rule("since = until + 500"), row_rule("number > 5 and number < 5"))


@pytest.mark.parametrize("one", SENSIBLE)
def test_a_rule_that_can_hold_and_be_broken_is_none_to_speak_of(one: str) -> None:
    assert told(one) == []


@pytest.mark.slow
@pytest.mark.parametrize("one", SILENT)
def test_a_rule_that_nothing_breaks_is_named_with_its_line(one: str) -> None:
    assert told(rule("SUM(funds) = spent"), one) == ["2 规则 M05 怎么填都成立，什么也审核不出来"]


@pytest.mark.parametrize("one", LOUD)
def test_a_rule_that_everything_breaks_is_named_with_its_line(one: str) -> None:
    assert told(one) == ["1 规则 M05 怎么填都不成立，每份表都会有这条意见"]


def test_a_rule_without_any_outcome_is_named() -> None:
    assert told(rule("spent / 0 > 1")) == ["1 规则 M05 怎么填都没有结果，从来审核不到"]


# -- the faults that it was made for, put back ---------------------------------------------------------------------------


def first_only(
    labels: Sequence[PlacedCell], entries: Sequence[PlacedCell], others: Sequence[PlacedCell]
) -> Mapping[Box, list[PlacedCell]]:
    return {box: cells[:1] for box, cells in shape.on_the_right(labels, entries, others).items()}


def test_a_second_value_that_is_not_looked_for_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pattern, "on_the_right", first_only)
    assert [one.split("“")[0].split()[1] for one in told()] == ["C3", "C4"]
    monkeypatch.setattr(return_trip, "unread", lambda _layout: ())
    lost = [one for one in told() if "没有读到" in one]
    assert [one.split("“")[0].split()[1] for one in lost] == ["C3", "C4"]


def test_a_form_that_cannot_be_generated_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> bytes:
        raise KeyError("C04")

    monkeypatch.setattr(proof, "write", fails)
    (found,) = told()
    assert "生成空白表时程序出了错" in found


def test_a_strict_comparison_that_lets_something_pass_at_the_import_only_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    strict = rule("coefficient < 1")
    assert told(strict) == []
    monkeypatch.setattr(expression, "tolerant", lambda must, _: replace(must, operator=Operator.AT_MOST))
    assert told(strict)[1:] == ["1 规则 M05 两处说得不一样：同样的数，填报自检说有误，交回后却不说"]


def test_errors_on_rows_that_nobody_filled_in_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_in_use", lambda _form, _table, must: must)
    assert told(row_rule("NOT(ISBLANK(name))")) == [
        "1 空白表上填报自检就报 M05：请核对",
        "1 规则 M05 在没有填的行上，填报自检就说有误，交回后却不说",
    ]


def test_a_rule_that_is_broken_on_a_blank_is_found() -> None:
    text = (
        f"{HEAD}{BANDS}".replace("field: spent, type: money}", "field: spent, type: money, preset: 10}")
        + "rules:\n- {code: P01, must: spent = 100, at: spent, say: 合计不是 100}\n"
    )
    (found,) = try_form(form_of(text))
    assert found.message == "空白表上填报自检就报 P01：合计不是 100"
    assert found.line == line_of(text, "- {code: P01")


TOTALS = (
    BANDS.replace("items\n", "items\n", 1)
    + """
- row:
  - {at: "A:D", label: 合计}
  - {at: "E:F", field: total, type: money, formula: "ROUND(SUM(items.amount), 2)"}
- row:
  - {at: "A:D", label: 其中：下半年}
  - {at: "E:F", field: later, type: money, formula: "total / 2"}
"""
)


def short(formula: str) -> list[str]:
    bands = TOTALS.replace("number * price", f'"{formula}"')
    return [problem.message for problem in try_form(form_of(f"{HEAD}{bands}rules: []\n"))]


@pytest.mark.parametrize("formula", ["number * price", "ROUND(number * price, 1)"])
def test_totals_of_inserted_rows_are_right_or_warned_of(formula: str) -> None:
    assert short(formula) == []


def test_a_total_that_leaves_an_inserted_row_out_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "from_inputs", lambda expr, _: expr)
    total, later = short("number * price")
    assert "E12“合计”在表上显示" in total
    assert "E13“下半年”" in later


def test_a_total_that_nothing_is_said_of_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = {**CATALOG, "M01": replace(CATALOG["M01"], always=None)}
    monkeypatch.setattr(run, "CATALOG", silent)
    assert [one.rpartition("，")[2] for one in short("ROUND(number * price, 1)")] == ["交回后也不说"] * 2


def test_a_message_without_a_figure_where_it_has_a_place_for_one_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    said = rule("since <= until").replace("say: 请核对", 'say: "差 {left}"')
    monkeypatch.setattr(rules, "has_figures", lambda _: True)
    assert told(said) == ["1 规则 M05 不成立时，say 里的 {left} 没有数可写"]


@pytest.mark.parametrize("formula", ["ROUND(number * price, 2)", "IF(number > 1, price, 0)", "MIN(number, price) * 2"])
def test_a_formula_without_quotation_marks_is_to_be_put_in_some(tmp_path: Path, formula: str) -> None:
    (tmp_path / "plan").mkdir()
    text = f"{HEAD}{BANDS}rules: []\n".replace("formula: number * price", f"formula: {formula}")
    (tmp_path / "plan" / "form.yaml").write_text(text, encoding="utf-8")
    _, (first, *_) = lint([tmp_path])
    assert first.line == line_of(text, "formula:")
    assert "加上引号" in first.remedy


ABOUT = """
- row:
  - {{at: "{at}", look: caption, caption: （____年度）, field: year, type: year}}
  - {{at: "E:F", look: plain-right, label: 单位：万元}}
"""


@pytest.mark.parametrize(("at", "wrong"), [("A:D", ["A3“（　　年度）”不在表的正中"]), ("C:D", [])])
def test_a_year_that_is_off_the_middle_is_found(at: str, wrong: list[str]) -> None:
    row = ABOUT.format(at=at).replace("- row:\n", "- row:\n" + '  - {at: "A:B", look: plain}\n' * (at != "A:D"))
    assert [problem.message for problem in try_looks(form_of(f"{HEAD}{row}rules: []\n"))] == wrong


def test_a_year_with_a_quarter_next_to_it_shares_its_row() -> None:
    row = ABOUT.format(at="A:B").replace(
        '  - {at: "E:F", look: plain-right, label: 单位：万元}',
        "  - {at: C, look: plain-right, label: 季度}\n"
        '  - {at: "D:F", look: short, field: quarter, type: choice, choices: [一季度, 二季度]}',
    )
    assert try_looks(form_of(f"{HEAD}{row}rules: []\n")) == ()


def test_a_note_that_is_left_over_for_a_page_of_its_own_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    bands = BANDS.replace("rows: 4", "rows: 90") + '- row:\n  - {at: "A:F", look: plain, label: 说明：一式三份。}\n'
    form = form_of(f"{HEAD}{bands}rules: []\n")
    assert try_looks(form) == ()
    monkeypatch.setattr(set_out, "parted", lambda sheet, *_: Pages((len(sheet.rows) - 1,), 0.0))
    assert [problem.message for problem in try_looks(form)] == ["最后一页上只有“说明：一式三份。”等印好的字"]
