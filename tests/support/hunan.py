"""The Hunan seed's table as an officer types it: by cell, into the blank. Long texts are our own words."""

from __future__ import annotations

from collections.abc import Mapping

from perfxl.model.layout import Layout

SHEET = "自评表"

ONCE: Mapping[str, str | float] = {
    "year": 2023,
    "unit_name": "石鼓区教育局",
    "funds.total.initial": 1616.43,
    "funds.total.budget": 6558.50,
    "funds.total.executed": 6558.50,
    "funds.by_income.general": 6463.09,
    "funds.by_income.gov_fund": 0,
    "funds.by_income.special_account": 0,
    "funds.by_income.other": 95.42,
    "funds.by_expense.basic": 1051.64,
    "funds.by_expense.project": 5506.86,
    "goal.expected": "目标1：保障机关人员工资福利和日常运转。\n目标2：完成全年重点工作。\n目标3：做好其他交办事项。",
    "goal.actual": "机关人员工资福利按时足额发放，全年重点工作和交办事项均已办结。",
}

ROWS: tuple[tuple[str, str, str, str, float | None], ...] = (
    ("数量指标", "设施建设及设备采购合格率100%；专项资金支出占比95%以上。", "100%", "100%", 10),
    ("质量指标", "基本满足在职人员和离退休的正常办公、生活要求；", "100%", "100%", 20),
    ("时效指标", "各项资金支出按进度完成，工资薪金按时发放。", "100%", "100%", 10),
    ("成本指标", "严格执行年初预算，“三公经费”与上年相比减少。", "100%", "100%", 10),
    ("经济效益指标", "无", "无", "无", None),
    ("社会效益指标", "保障师生生命、财产安全；保障学校校舍安全", "100%", "100%", 10),
    ("生态效益指标", "为创建文明城市做出应有的贡献。", "100%", "100%", 10),
    ("可持续影响指标", "促进全区各类教育事业有序、协调发展。", "100%", "100%", 10),
    ("服务对象满意度指标", "家庭对教育满意度", "90%", "90%", 10),
)
"""二级, 三级, target, actual, points (weight and score alike), in the seed's order."""


def typed(blank: Layout) -> dict[str, str | float]:
    """Return what is typed into which cell of a blank, as the seed has it filled in."""
    cells = {cell.path: cell.box.name for cell in blank.cells if cell.field is not None}
    found: dict[str, str | float] = {cells[path]: value for path, value in ONCE.items()}
    rows = {
        cell.text: cell.path.rpartition(".")[0]
        for cell in blank.cells
        if cell.field is not None and cell.field.level == 2
    }
    for level, name, target, actual, points in ROWS:
        row = rows[level]
        found |= {cells[f"{row}.name"]: name, cells[f"{row}.target"]: target, cells[f"{row}.actual"]: actual}
        if points is not None:
            found |= {cells[f"{row}.weight"]: points, cells[f"{row}.score"]: points}
    return found
