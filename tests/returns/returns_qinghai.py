"""The approval table as a county's clerk copied it: 一级 and 二级 on every row, 指标n： in front of the names in one cell.

The counter and the goals' numbers stay in front of the texts, names are padded, one column is empty, notes stand below.
"""

from __future__ import annotations

from openpyxl import Workbook
from returns_pen import Pen, Typed, percent, saved

_OUT, _EFFECT, _CONTENT = "产出指标", "效益指标", "满意度指标"
_COUNT, _GOOD, _TIME = "数量指标", "质量指标", "时效指标"
_SOCIETY, _LASTING, _SERVED = "社会效益指标", "可持续影响指标", "服务对象满意度指标"

FUNCTIONS: tuple[tuple[str, tuple[tuple[str, str, str, Typed | None], ...]], ...] = (
    (
        "教育督导",
        (
            (_OUT, _COUNT, "创新创业课程开设数量", "≥560个"),
            (_OUT, _COUNT, "检查频次", "≥100次"),
            (_OUT, _COUNT, "支持学科课题数量", "≥200次"),
            (_OUT, _GOOD, "课题抽检覆盖率", percent(1)),
            (_OUT, _GOOD, "创新创业课程开设率", "100%"),
            (_OUT, _TIME, "年度课题数量完成率", "≥90%"),
            (_OUT, _TIME, "年度检查任务按时完成", percent(1)),
            (_EFFECT, _SOCIETY, "检查结果公开率", "100%"),
            (_EFFECT, _SOCIETY, "课题公开率", "≥95%"),
            (_EFFECT, _LASTING, "问题整改落实率", "100%"),
            (_CONTENT, _SERVED, "教师满意度", "≥90%"),
        ),
    ),
    (
        "教育基本信息的统计",
        (
            (_OUT, _COUNT, "支持信息系统建设数量", "≥18个"),
            (_OUT, _COUNT, "学校统计人员培训次数", "≥30人次"),
            (_OUT, _GOOD, "项目落地实施率", percent(1)),
            (_OUT, _GOOD, "学校统计人员培训合格率", percent(1)),
            (_OUT, _TIME, "统计平台维护、统计人员培训时限", "10-11月份"),
            (_EFFECT, _SOCIETY, "学校统计人员培训合格率", "100%"),
            (_CONTENT, _SERVED, "学校满意度", "≥95%"),
        ),
    ),
    (
        "实施教育基础项目建设",
        (
            (_OUT, _COUNT, "受益学校数", "≥18所"),
            (_OUT, _GOOD, "项目落地实施率", "100%"),
            (_OUT, _GOOD, "维修工程验收率", "100%"),
            (_OUT, _TIME, "维修工程完成时限", "5月--10月"),
            (_EFFECT, _SOCIETY, "受益学生数", "≥11800人"),
            (_EFFECT, _LASTING, "保障学校校舍安全", "长期"),
            (_CONTENT, _SERVED, "学校满意度", percent(1)),
        ),
    ),
    (
        "师生资助工作、教育援助",
        (
            (_OUT, _COUNT, "受益学校数", "≥18所"),
            (_OUT, _COUNT, "项目落地实施率", percent(1)),
            (_OUT, _GOOD, "受益学生数", "≥3560人次"),
            (_OUT, _TIME, "各项任务完成及时率", percent(1)),
            (_EFFECT, _SOCIETY, "受益学生数", "≥11800人"),
            (_EFFECT, _LASTING, "项目资金发挥率", percent(1)),
            (_CONTENT, _SERVED, "学生满意度", None),
            (_CONTENT, _SERVED, "家长满意度", percent(1)),
        ),
    ),
    (
        "学前、小学、中学教育教学",
        (
            (_OUT, _COUNT, "受益学校数", "≥18所"),
            (_OUT, _GOOD, "项目落地实施率", "100%"),
            (_OUT, _TIME, "各项任务完成及时率", "100%"),
            (_EFFECT, _SOCIETY, "学生收益率", "100%"),
            (_EFFECT, _LASTING, "保障学校正常运转", "长期"),
            (_CONTENT, _SERVED, "学校满意度", "100%"),
        ),
    ),
    (
        "义务教育均衡发展和促进教育公平",
        (
            (_OUT, _COUNT, "受益学校数", "≥18所"),
            (_OUT, _GOOD, "项目落地实施率", "100%"),
            (_OUT, _TIME, "各项任务完成及时率", "100%"),
            (_OUT, _TIME, "各项任务完成及时率", "100%"),
            (_EFFECT, _SOCIETY, "学生收益率", "100%"),
            (_EFFECT, _LASTING, "保障学校正常运转", "长期"),
            (_CONTENT, _SERVED, "师生满意度", "100%"),
            (_CONTENT, _SERVED, "家长满意度", "100%"),
        ),
    ),
)


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "批复"
    pen = Pen(sheet)
    pen.write({"B": "附件2"})
    pen.title("B", "2024年部门整体支出绩效目标批复表", "H")
    pen.write({"B": "（2024 年度）"}, "B:H")
    pen.write({"B": "部门（单位）名称", "C": "潢源县教育局", "E": "主管 部门", "F": "潢源县教育局　"}, "C:D", "F:H")
    pen.write({"B": "部门职能\n概述", "C": "1. 组织实施教育改革与发展规划。 2. 指导和管理全县各类学校。"}, "C:H")
    pen.write({"B": "年度整体绩效目标", "C": "目标1: 校舍安全有保障。 目标2: 公用经费按规定使用。"}, "C:H", rows=2)
    top = pen.write({"B": "核心职能", "C": "年度绩效指标"}, "C:H")
    below = pen.write({"C": "一级指标", "D": "二级指标", "E": "三级指标", "H": "指标值"}, "E:G")
    pen.down("B", top, below)
    for number, (name, indicators) in enumerate(FUNCTIONS, start=1):
        _function(pen, f"职能{number}：{name}", indicators)
    pen.row += 1
    pen.write({"B": "注：本表一式三份，财政部门、主管部门、单位各执一份。"}, "B:H")
    return saved(book)


def _function(pen: Pen, name: str, indicators: tuple[tuple[str, str, str, Typed | None], ...]) -> None:
    first, counter, before = pen.row, 0, ""
    for level1, level2, indicator, target in indicators:
        counter = counter + 1 if level2 == before else 1
        before = level2
        begins = {"B": name} if pen.row == first else {}
        row = {**begins, "C": level1, "D": level2, "E": f"指标{counter}：{indicator}", "H": target}
        pen.write(row, "E:G")
    pen.down("B", first, pen.row - 1)
