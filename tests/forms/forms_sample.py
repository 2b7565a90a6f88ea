"""Definitions for the tests of the definition language: the shipped one, and one with every construct."""

from __future__ import annotations

from pathlib import Path

from perfxl.forms.load import NOTHING_COMMON, Common, load_forms, parse, read_common
from perfxl.model.form import Form

TEMPLATES = Path(__file__).parents[2] / "templates"
FORMS = load_forms()
HUNAN = (TEMPLATES / "hunan-dept-self-eval" / "form.yaml").read_text(encoding="utf-8")
COMMON = read_common(TEMPLATES / "common.yaml")[0]

WIDE = """\
form: wide-sample
version: "2024"
title: 综合样表
region: 测试
stage: declaration
year_basis: 预算年度
sheet: 样表
unit: unit_name
year: year
many: true
page: {orientation: landscape, margins: [2, 1.5, 2, 1.8]}
columns: {A: 5, B: 8, C: 10, D: 14, E: 10, F: 10, G: 10, H: 10, I: 10, J: 12}

bands:
- title: "{year}年综合样表"
- row:
  - {at: A:E, look: caption, caption: （____年度）, field: year, name: 年度, type: year, required: true}
  - {at: F:J, label: 单位：万元, look: plain-right}
- row:
  - {at: A:C, label: 部门名称}
  - {at: D:J, field: unit_name, type: text, required: true}

- section: 资金
  at: A
  bands:
  - matrix: funds
    head:
    - {at: B:D, label: 项目}
    - {at: E:F, label: 当年金额, field: amount, type: money}
    - {at: G, label: 占比, field: share, type: percent}
    - label: 近两年
      columns:
      - {at: H, label: "{year-2}年", field: prev2, type: money}
      - {at: I:J, label: "{year-1}年", field: prev1, type: money}
    rows:
    - group: 收入
      at: B
      names: funds.income
      formulas: {share: "ROUND(amount / funds.income.total.amount, 6)"}
      rows:
      - {label: 财政拨款, field: income.fiscal}
      - {label: 单位资金, field: income.own, omit: [prev2]}
      - {label: 合计, field: income.total, sum: [income.fiscal, income.own], formulas: {prev2: funds.income.fiscal.prev2}}
    - {label: 支出, field: expense, omit: [share]}

- table: tasks
  columns:
  - {at: A, label: 序号, field: no, serial: true}
  - {at: B:C, label: 任务名称, field: name, type: text}
  - {at: D, label: 类别, field: category, type: choice, choices: [人员类|人员, 特定目标]}
  - label: 预算资金
    columns:
    - {at: E:F, label: 合计, field: total, type: money, required: true}
    - {at: G, label: 财政, field: fiscal, type: money}
  - {at: H:J, label: 起始, field: start, type: date}
  rows: 3

- block: goals
  count: 2
  bands:
  - row:
    - {at: A:J, field: statement, caption: "目标{n}：____", type: text, required: true}
  - section: 指标
    at: A
    bands:
    - table: indicators
      columns:
      - {at: B, label: 一级指标, field: level1, type: text, level: 1}
      - {at: C, label: 二级指标, field: level2, type: text, level: 2}
      - {at: D:E, label: 三级指标, field: name, type: text}
      - {at: F:G, label: 指标值, field: target, type: value, required: true, missing: G04}
      - label: 完成可能性
        field: likelihood
        type: choice
        choices: [certain, possible]
        columns:
        - {at: H, label: 能, option: certain}
        - {at: I, label: 可能, option: possible}
      - {at: J, label: 偏差, field: deviates, type: tick}
      rows: 2
      groups:
        产出指标(50分): [数量指标, 质量指标]
        效益指标: [社会效益指标]

- table: common
  columns:
  - {at: A, label: 一级, field: level1, type: text, level: 1}
  - {at: B, label: 二级, field: level2, type: text, level: 2}
  - {at: C:D, label: 三级, field: name, type: text}
  - {at: E:F, label: 指标值, field: target, type: value}
  - {at: G:J, label: 解释, field: explanation, type: text, spread: true}
  printed:
  - {level1: 履职效能, level2: 决策, name: 制度健全, explanation: 有制度, hint: 健全}
  - {level1: 履职效能, level2: 决策, name: 目标合理, explanation: 有制度}
  - {level1: 管理效率, level2: 预算, explanation: 自行填写, rows: "2"}

- table: mid
  columns:
  - {at: A, label: 一级指标, field: level1, type: text, level: 1}
  - {at: B, label: 二级指标, field: level2, type: text, level: 2}
  - {at: C:D, label: 三级指标, field: name, type: text}
  - {at: E, label: 指标值, field: target, type: value}
  rows: 2
  classification: national
  beside:
    table: annual
    shared: [level1]
    columns:
    - {at: F, label: 二级指标, field: level2, type: text, level: 2}
    - {at: G:H, label: 三级指标, field: name, type: text}
    - {at: I:J, label: 指标值, field: target, type: value}

- heads:
  - {at: A:B, label: 职能}
  - {at: C:E, label: 一级, names: "functions[].indicators[].level1"}
  - {at: F:J, label: 三级, names: "functions[].indicators[].name"}
- block: functions
  count: 2
  spine: {at: A:B, field: name, type: text, caption: "职能{n}：____"}
  bands:
  - table: indicators
    own_heads: false
    columns:
    - {at: C:E, label: 一级, field: level1, type: text, level: 1}
    - {at: F:J, label: 三级, field: name, type: text}
    rows: 2
- row:
  - {at: A:D, label: 合计}
  - {at: E:J, field: _sum, name: 合计, type: money, formula: SUM(tasks.total)}

rules:
- code: M05
  must: fiscal <= total
  each: tasks
  at: fiscal
  say: 其中 {left} 大于合计 {right}，多 {gap}
  severity: warning
- {use: indicators, over: "goals[].indicators"}
- {code: M10, over: funds, limit: 30%}
"""


def formed(text: str, common: Common = COMMON) -> Form:
    """The form of a definition that has to be sound."""
    form, problems = parse(text, "form.yaml", common)
    assert form is not None, "\n".join(map(str, problems))
    return form


WIDE_FORM = formed(WIDE)
SMALL = """\
form: small-sample
version: "1"
title: 小样表
region: 测试
stage: report
year_basis: 年度
sheet: 小样
columns: {A: 10, B: 20}
bands:
- row:
  - {at: A, label: 名称}
  - {at: B, field: name, type: text}
"""
SMALL_FORM = formed(SMALL, NOTHING_COMMON)
