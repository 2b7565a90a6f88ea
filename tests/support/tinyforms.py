"""Four tiny forms that have every kind of rule, and a return of each with which nothing is wrong."""

from __future__ import annotations

from collections.abc import Mapping

from support.cases import Typed, form_of

EVALUATION = form_of("""
form: tiny-evaluation
version: "1"
title: 自评表
region: 试验
stage: self-evaluation
year_basis: 被评价年度
sheet: 表
money: 万元
unit: unit_name
year: year
columns: {A: 8, B: 8, C: 8, D: 8, E: 8, F: 8, G: 8, H: 8}
bands:
- row:
  - {at: A, label: 年度}
  - {at: B, field: year, type: year}
  - {at: C, label: 部门名称}
  - {at: D:H, field: unit_name, type: text, length: 10, required: true}
- section: 资金
  at: A
  bands:
  - matrix: funds
    head:
    - {at: B}
    - {at: C, label: 年初预算数, field: initial, type: money}
    - {at: D, label: 全年预算数, field: budget, type: money}
    - {at: E, label: 全年执行数, field: executed, type: money}
    - {at: F, label: 分值, field: weight, type: number, min: 0}
    - {at: G, label: 执行率, field: rate, type: percent, formula: "ROUND(executed / budget, 6)"}
    - {at: H, label: 得分, field: score, type: number, formula: "ROUND(MIN(rate, 1) * weight, 2)"}
    rows:
    - {label: 年度资金总额, field: total}
  - row:
    - {at: B:D, look: note, label: 按收入性质分, names: funds.by_income}
    - {at: E:H}
  - row:
    - {at: B, label: 一般公共预算}
    - {at: C, field: funds.by_income.general, type: money}
    - {at: D, label: 其他资金}
    - {at: E:H, field: funds.by_income.other, type: money}
- section: 目标
  at: A
  bands:
  - row:
    - {at: B:D, look: head, label: 预期目标, names: goal.expected}
    - {at: E:H, look: head, label: 实际完成情况, names: goal.actual}
  - row:
    - {at: B:D, field: goal.expected, type: text}
    - {at: E:H, field: goal.actual, type: text}
- table: indicators
  columns:
  - {at: A, label: 一级指标, field: level1, type: text, level: 1}
  - {at: B, label: 二级指标, field: level2, type: text, level: 2}
  - {at: C, label: 三级指标, field: name, type: text}
  - {at: D, label: 指标值, field: target, type: value, required: true, missing: G04}
  - {at: E, label: 完成值, field: actual, type: value, required: true, missing: C02}
  - {at: F, label: 分值, field: weight, type: number, required: true, min: 0, max: 100}
  - {at: G, label: 得分, field: score, type: number, required: true, min: 0, max: 100}
  - {at: H, label: 偏差原因, field: reason, type: text}
  rows: 1
  groups:
    产出指标(50分): [数量指标, 质量指标, 成本指标]
    效益指标(40分): [社会效益指标]
- row:
  - {at: A:E, label: 总分}
  - {at: F, field: total.weight, name: 分值, type: number,
     formula: "IF(COUNT(indicators.weight) = 0, BLANK, ROUND(SUM(funds.total.weight, indicators.weight), 2))"}
  - {at: G, field: total.score, name: 得分, type: number,
     formula: "IF(COUNT(indicators.score) = 0, BLANK, ROUND(SUM(funds.total.score, indicators.score), 2))"}
  - {at: H}
rules:
- code: M05
  must: funds.total.executed <= funds.total.budget
  at: funds.total.executed
  say: 全年执行数 {left} 大于全年预算数 {right}，多 {gap}
- code: M06
  must: SUM(funds.by_income) = funds.total.budget
  at: funds.by_income
  say: 收入性质合计 {left} 与全年预算数 {right} 相差 {gap}
- {code: M07, over: funds}
- {code: M08, over: funds.total, limit: 10%}
- {code: M09, over: funds.total, limit: 90%}
- {code: V01, over: funds}
- {code: M10, over: funds}
- {code: M13, over: funds}
- {code: V11, over: indicators}
- {code: V12, over: indicators}
- {code: V13, over: indicators}
- {code: V14, over: indicators}
- {code: V15, over: indicators}
- {code: V16, over: indicators}
- {code: V17, over: indicators}
- {code: G01, over: indicators}
- {code: G03, over: indicators}
- {code: G04, over: indicators}
- {code: G05, over: indicators}
- {code: G06, over: indicators, limit: 40}
- {code: G07, over: indicators}
- {code: C02, over: indicators}
- {code: C03, over: indicators}
- {code: C04, over: indicators, limit: 130%}
- {code: C05, over: indicators}
- {code: C06, over: indicators}
- {code: C07, over: goal}
- code: P01
  must: total.weight = 100
  at: total.weight
  say: 分值合计 {left}，应为 {right}，相差 {gap}
- {code: P01, over: indicators}
- {code: P02, over: indicators}
- {code: P03, over: indicators}
- {code: P04, over: indicators}
- {code: P05, over: total}
- {code: P06, over: indicators}
""")

DECLARATION = form_of("""
form: tiny-declaration
version: "1"
title: 申报表
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 8, B: 8, C: 8, D: 8, E: 8, F: 8, G: 8}
bands:
- row:
  - {at: A, label: 部门名称}
  - {at: B:G, field: unit_name, type: text, required: true}
- section: 资金
  at: A
  bands:
  - matrix: funds
    head:
    - {at: B}
    - {at: C, label: 当年金额, field: amount, type: money}
    - {at: D, label: 占比, field: share, type: percent, formula: "ROUND(amount / funds.total.amount, 6)"}
    - {at: E, label: 上年, field: prev1, type: money}
    rows:
    - {label: 人员类, field: personnel}
    - {label: 特定目标类, field: special}
    - {label: 合计, field: total, sum: [personnel, special]}
- row:
  - {at: A, label: 收入合计}
  - {at: B, field: income, type: money}
- table: projects
  columns:
  - {at: A, label: 项目名称, field: name, type: text}
  - {at: B, label: 类别, field: category, type: choice, choices: [人员类, 特定目标]}
  - {at: C, label: 项目总预算, field: total_budget, type: money}
  - {at: D, label: 本年度预算, field: year_budget, type: money}
  rows: 2
- row:
  - {at: A, label: 总目标}
  - {at: B:G, field: overall, name: 总目标, type: text}
- block: goals
  count: 2
  bands:
  - row:
    - {at: A, label: "目标{n}："}
    - {at: B:G, field: statement, type: text}
  - table: indicators
    columns:
    - {at: A, label: 一级指标, field: level1, type: text, level: 1}
    - {at: B, label: 二级指标, field: level2, type: text, level: 2}
    - {at: C, label: 三级指标, field: name, type: text}
    - {at: D, label: 前年, field: prev2, type: value}
    - {at: E, label: 上年, field: prev1, type: value}
    - {at: F, label: 指标值, field: target, type: value, required: true, missing: G04}
    rows: 1
    groups:
      产出指标: [数量指标]
      效益指标: [社会效益指标]
rules:
- {code: M01, over: funds}
- {code: M03, over: funds}
- code: M02
  must: income = funds.total.amount
  at: income
  say: 收入合计 {left} 与支出合计 {right} 相差 {gap}
- code: M04
  must: SUM(0, SUMIF(projects.category, "特定目标", projects.year_budget)) = funds.special.amount
  at: funds.special.amount
  say: 项目之和 {left} 与支出构成 {right} 相差 {gap}
- code: M05
  each: projects
  must: year_budget <= total_budget
  at: year_budget
  say: 本年度预算 {left} 大于总预算 {right}，多 {gap}
- {code: M11, over: funds, limit: 50%}
- {code: M10, over: funds}
- {code: G02, over: goals, at: overall}
- {code: G01, over: "goals[].indicators"}
- {code: G05, over: "goals[].indicators"}
- {code: V18, over: "goals[].indicators"}
""")

MONITORING = form_of("""
form: tiny-monitoring
version: "1"
title: 监控表
region: 试验
stage: monitoring
year_basis: 预算年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 8, B: 8, C: 8, D: 8, E: 8, F: 8, G: 8, H: 8}
bands:
- row:
  - {at: A, label: 部门名称}
  - {at: B:H, field: unit_name, type: text, required: true}
- table: indicators
  columns:
  - {at: A, label: 三级指标, field: name, type: text}
  - {at: B, label: 指标值, field: target, type: value, required: true, missing: G04}
  - {at: C, label: 全年预计, field: forecast, type: value}
  - {at: D, label: 经费保障, field: cause.funding, type: tick}
  - {at: E, label: 原因说明, field: reason, type: text}
  - label: 完成目标可能性
    field: likelihood
    type: choice
    choices: [certain|确定能, possible|有可能, impossible|完全不可能]
    columns:
    - {at: F, label: 确定能, option: certain}
    - {at: G, label: 有可能, option: possible}
    - {at: H, label: 完全不可能, option: impossible}
  rows: 2
rules:
- {code: C08, over: indicators}
""")

PURCHASE_TEXT = """\
form: tiny-purchase
version: "1"
title: 采购计划
region: 试验
stage: declaration
year_basis: 预算年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 12, B: 20, C: 12, D: 20}
bands:
- row:
  - {at: A, label: 单位名称}
  - {at: B, field: unit_name, type: text, length: 2-20}
  - {at: C, label: 统一社会信用代码}
  - {at: D, field: code, type: text, pattern: 统一社会信用代码}
- row:
  - {at: A, label: 邮编}
  - {at: B, field: post, type: text, length: =6}
  - {at: C, label: 单价}
  - {at: D, field: price, type: money, decimals: 2}
- table: items
  unique: [name, method]
  columns:
  - {at: A, label: 编号, field: no, type: text, pattern: "CG##", unique: true}
  - {at: B, label: 名称, field: name, type: text}
  - {at: C, label: 方式, field: method, type: text}
  - {at: D, label: 比例, field: share, type: percent, decimals: 1}
  rows: 3
- row:
  - {at: A, label: 面向中小企业}
  - {at: B, field: for_small, type: choice, choices: [是, 否]}
  - {at: C, label: 预留比例}
  - {at: D, field: reserved, type: percent, required: "for_small = '是'", blank: "for_small = '否'"}
- table: people
  columns:
  - {at: A, label: 姓名, field: name, type: text}
  - {at: B, label: 身份, field: kind, type: choice, choices: [在编, 外聘]}
  - {at: C, label: 单位, field: from_unit, type: text, required: "kind = '外聘'"}
  - {at: D, label: 编号, field: no, type: text, blank: "kind = '外聘'"}
  rows: 2
"""
PURCHASE = form_of(PURCHASE_TEXT)

SOUND: Mapping[str, Mapping[str, Typed]] = {
    EVALUATION.id: {
        "year": 2023,
        "unit_name": "某区教育局",
        "funds.total.initial": 500,
        "funds.total.budget": 520.5,
        "funds.total.executed": 500,
        "funds.total.weight": 10,
        "funds.by_income.general": 500.5,
        "funds.by_income.other": 20,
        "goal.expected": "目标1：新建两所校舍，改善办学条件。",
        "goal.actual": "两所校舍已于九月投入使用，新增学位三百个。",
        "indicators[0].level1": "产出指标(50分)",
        "indicators[0].level2": "数量指标",
        "indicators[0].name": "新建校舍数量",
        "indicators[0].target": "≥2所",
        "indicators[0].actual": "2所",
        "indicators[0].weight": 30,
        "indicators[0].score": 30,
        "indicators[1].level1": "产出指标(50分)",
        "indicators[1].level2": "质量指标",
        "indicators[1].name": "验收合格率",
        "indicators[1].target": "≥95%",
        "indicators[1].actual": "100%",
        "indicators[1].weight": 20,
        "indicators[1].score": 20,
        "indicators[2].level1": "效益指标(40分)",
        "indicators[2].level2": "社会效益指标",
        "indicators[2].name": "家长满意度",
        "indicators[2].target": "≥80%",
        "indicators[2].actual": "85%",
        "indicators[2].weight": 40,
        "indicators[2].score": 40,
    },
    PURCHASE.id: {
        "unit_name": "某区教育局",
        "price": 12.34,
        "items[0].no": "CG01",
        "items[0].name": "电脑",
        "items[0].method": "公开招标",
        "items[0].share": 0.305,
        "items[1].no": "CG02",
        "items[1].name": "电脑",
        "items[1].method": "询价",
        "items[2].no": "CG03",
        "for_small": "是",
        "reserved": 0.3,
        "people[0].name": "甲",
        "people[0].kind": "外聘",
        "people[0].from_unit": "某公司",
        "people[1].name": "乙",
        "people[1].kind": "在编",
        "people[1].no": "7",
    },
    MONITORING.id: {
        "unit_name": "某区教育局",
        "indicators[0].name": "验收合格率",
        "indicators[0].target": "≥95%",
        "indicators[0].forecast": "96%",
        "indicators[0].likelihood": "certain",
    },
    DECLARATION.id: {
        "unit_name": "某区教育局",
        "income": 150,
        "funds.personnel.amount": 100,
        "funds.special.amount": 50,
        "funds.personnel.prev1": 90,
        "funds.special.prev1": 45,
        "projects[0].name": "校舍维修",
        "projects[0].category": "特定目标",
        "projects[0].total_budget": 80,
        "projects[0].year_budget": 50,
        "overall": "目标1：改善办学条件\n目标2：提高教学质量",
        "goals[0].statement": "改善办学条件",
        "goals[0].indicators[0].level1": "产出指标",
        "goals[0].indicators[0].level2": "数量指标",
        "goals[0].indicators[0].name": "新建校舍数量",
        "goals[0].indicators[0].prev2": "1所",
        "goals[0].indicators[0].prev1": "2所",
        "goals[0].indicators[0].target": "≥2所",
        "goals[1].statement": "提高教学质量",
        "goals[1].indicators[0].level1": "产出指标",
        "goals[1].indicators[0].level2": "数量指标",
        "goals[1].indicators[0].name": "培训教师人数",
        "goals[1].indicators[0].target": "≥30人",
    },
}
"""Returns with which nothing is wrong, by form: not even an info."""
