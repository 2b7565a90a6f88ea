"""The proof that a form works finds what does not come back, and nothing in the forms that are shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.trial.proof import try_form, try_inputs
from support.cases import form_of
from support.command import Run
from support.trials import HEAD, line_of

CELL = re.compile(r": ([A-Z]\d+)“")


def lost(bands: str) -> list[str]:
    """Return the cells that the linter says cannot be read."""
    return [found[1] for problem in try_inputs(form_of(HEAD + bands)) if (found := CELL.search(str(problem)))]


@pytest.mark.parametrize(
    "name",
    [
        name if name == "jilin-dept-self-eval" else pytest.param(name, marks=pytest.mark.slow)
        for name in sorted(load_forms())
    ],
)
def test_what_is_typed_into_a_shipped_form_comes_back_to_its_place(name: str) -> None:
    assert try_form(load_forms()[name]) == ()


FOUND = {
    "several values after a label": """
- row:
  - {at: A, label: 计划执行期}
  - {at: B, field: since, type: date, required: true}
  - {at: C, field: until, type: date, required: true}
  - {at: D, field: by, type: text}
  - {at: E, label: 金额}
  - {at: F, field: amount, type: money}
""",
    "a printed dash between two values": """
- row:
  - {at: A, label: 计划执行期}
  - {at: B, field: since, type: date}
  - {at: C, label: —}
  - {at: D, field: until, type: date}
  - {at: E, label: 金额}
  - {at: F, field: amount, type: money}
""",
    "two totals under one head": """
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B:C, label: 数量, field: number, type: number}
  - {at: D:F, label: 金额, field: amount, type: money}
  rows: 3
- row:
  - {at: A, label: 合计}
  - {at: B, field: total.bought, type: number}
  - {at: C, field: total.hired, type: number}
  - {at: D:F, field: total.amount, type: money}
""",
    "a value beside a label down the left": """
- section: 说明
  at: A
  bands:
  - row:
    - {at: B:C, field: note, type: text}
    - {at: D:F, field: more, type: text}
""",
    "answers below their heads": """
- row:
  - {at: A:C, look: head, label: 预期, names: goal.a}
  - {at: D:F, look: head, label: 实际, names: goal.b}
- row:
  - {at: A:C, field: goal.a, type: text}
  - {at: D:F, field: goal.b, type: text}
""",
    "an answer below a line of text": """
- row:
  - {at: A:F, look: note, label: 存在的问题：}
- row:
  - {at: A:F, field: trouble, type: text}
""",
    "captions": """
- row:
  - {at: A:C, caption: 填报人：____, field: who, type: text}
  - {at: D:F, caption: 填报日期：____, field: day, type: date}
""",
    "equal labels in several rows": """
- row:
  - {at: A, label: 姓名}
  - {at: B:C, field: first.name, type: text}
  - {at: D, label: 姓名}
  - {at: E:F, field: second.name, type: text}
- row:
  - {at: A, label: 姓名}
  - {at: B:C, field: third.name, type: text}
  - {at: D, label: 电话}
  - {at: E:F, field: third.phone, type: text}
""",
    "blocks told apart by what is typed down their left": """
- heads:
  - {at: A, label: 职能, names: "functions[].name"}
  - {at: B:C, label: 名称, names: "functions[].items[].name"}
  - {at: D:F, label: 金额, names: "functions[].items[].amount"}
- block: functions
  count: 2
  spine: {at: A, field: name, type: text}
  bands:
  - table: items
    own_heads: false
    columns:
    - {at: B:C, label: 名称, field: name, type: text}
    - {at: D:F, label: 金额, field: amount, type: money}
    rows: 3
""",
    "ticks": """
- row:
  - {at: A:B, label: 是否涉密}
  - {at: C, field: secret, type: tick}
  - {at: D, field: urgent, type: tick}
- table: monitored
  columns:
  - {at: A:B, label: 三级指标, field: name, type: text}
  - label: 可能性
    field: likelihood
    type: choice
    choices: [certain|确定能, possible|有可能, impossible|完全不可能]
    columns:
    - {at: C, label: 确定能, option: certain}
    - {at: D, label: 有可能, option: possible}
    - {at: E, label: 完全不可能, option: impossible}
  - {at: F, label: 重点, field: key, type: tick}
  rows: 5
""",
    "tables with equal heads": """
- table: bought
  columns:
  - {at: A:C, label: 名称, field: name, type: text}
  - {at: D:F, label: 金额, field: amount, type: money}
  rows: 3
- table: hired
  columns:
  - {at: A:C, label: 名称, field: name, type: text}
  - {at: D:F, label: 金额, field: amount, type: money}
  rows: 3
""",
}


@pytest.mark.parametrize("what", FOUND)
def test_a_value_is_read_wherever_printed_text_leads_to_it(what: str) -> None:
    assert try_form(form_of(HEAD + FOUND[what])) == ()


LOST = {
    "before the first label": (
        ["A3"],
        """
- row:
  - {at: A, field: day, type: text}
  - {at: B, label: 日}
  - {at: C, field: hour, type: text}
""",
    ),
    "a row without any label": (
        ["A3", "D3"],
        """
- row:
  - {at: A:C, field: loose.a, type: text}
  - {at: D:F, field: loose.b, type: money}
""",
    ),
    "a column without a head": (
        ["B4"],
        """
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B, field: number, type: number}
  - {at: C:F, label: 金额, field: amount, type: money}
  rows: 3
""",
    ),
    "two columns under one head": (
        ["B5"],
        """
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - label: 数量
    columns:
    - {at: B, field: bought, type: number}
    - {at: C, field: hired, type: number}
  - {at: D:F, label: 金额, field: amount, type: money}
  rows: 3
""",
    ),
    "one more row under a table": (
        ["A7", "B7"],
        """
- table: items
  columns:
  - {at: A, label: 名称, field: name, type: text}
  - {at: B:F, label: 金额, field: amount, type: money}
  rows: 3
- row:
  - {at: A, field: last.name, type: text}
  - {at: B:F, field: last.amount, type: money}
""",
    ),
    "a column of a matrix without a head": (
        ["C4"],
        """
- matrix: funds
  head:
  - {at: A}
  - {at: B, label: 预算, field: budget, type: money}
  - {at: C, field: used, type: money}
  - {at: D:F, label: 备注, field: note, type: text}
  rows:
  - {label: 财政拨款, field: fiscal}
""",
    ),
    "after a caption": (
        ["D3"],
        """
- row:
  - {at: A:C, caption: 其中：基本支出____万元, field: basic, type: money}
  - {at: D:F, field: other, type: money}
""",
    ),
    "in each block": (
        ["A4"],
        """
- block: goals
  count: 2
  bands:
  - row:
    - {at: A, label: "目标{n}"}
    - {at: B:F, field: statement, type: text}
  - row:
    - {at: A:F, field: more, type: text}
""",
    ),
    "rows beside one label": (
        ["B3", "B4"],
        """
- section: 说明
  at: A
  bands:
  - row:
    - {at: B:F, field: note, type: text}
  - row:
    - {at: B:F, field: more, type: text}
""",
    ),
    "a table without heads": (
        ["A4", "D4"],
        """
- block: goals
  count: 2
  bands:
  - row:
    - {at: A, label: 目标}
    - {at: B:F, field: statement, type: text}
  - table: items
    own_heads: false
    columns:
    - {at: A:C, field: name, type: text}
    - {at: D:F, field: amount, type: money}
    rows: 3
""",
    ),
}


@pytest.mark.parametrize("what", LOST)
def test_an_input_that_nothing_leads_to_is_refused(what: str) -> None:
    cells, bands = LOST[what]
    assert lost(bands) == cells


def test_lint_names_the_line_and_generate_makes_no_form_that_loses_something(run: Run, tmp_path: Path) -> None:
    text = HEAD + LOST["before the first label"][1]
    (tmp_path / "plan").mkdir()
    (tmp_path / "plan" / "form.yaml").write_text(text, encoding="utf-8")
    ran = run("lint", tmp_path)
    assert ran.code == 2
    assert f"form.yaml:{line_of(text, 'field: day')}:1: A3“" in ran.out
    assert "caption" in ran.out
    made = run("generate", "plan", "--templates", tmp_path, "-o", tmp_path / "out")
    assert made.code == 2
    assert "A3“" in made.err
    assert not (tmp_path / "out").exists()
