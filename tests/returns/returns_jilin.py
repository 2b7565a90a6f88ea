"""One workbook of a district with its department's table and one sheet for each of four projects, each laid out anew.

The department's table repeats its heads after a page break; on two project sheets the name and the unit stand in one
cell with their labels; the sheets are called as their projects.
"""

from __future__ import annotations

from typing import NamedTuple

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from returns_pen import Pen, Shown, Typed, percent, saved

_TASKS = (
    ("教育行政管理", "负责事业规划、经费、人事等行政管理。", "课后服务实现全覆盖。"),
    ("基础教育教学管理及条件改善", "推进基础教育高质量发展。", "教学质量稳步上升。"),
    ("职业教育教学管理及条件改善", "推动现代职业教育发展。", "新校区4栋单体完成主体封顶。"),
    ("职业教育教学发展", "推动现代职业教育发展。", "新校区4栋单体完成主体封顶。"),
    ("教师及人才队伍建设", "加强教师队伍和人才队伍建设。", "共引进高水准教师59人。"),
    ("学生资助", "健全学生资助制度，应助尽助。", "全年资助10945人次，发放及减免资金1177.29万元。"),
    ("综合管理及条件改善", "填列以前年度纳入基本支出的项目。", "4个重点项目和29个校舍维修项目有序推进。"),
)
_INDICATORS: tuple[tuple[str, str, str, str, Typed], ...] = (
    ("产出指标", "数量指标", "生均公用经费", "不低于国家规定的标准", "不低于国家规定的标准"),
    ("", "质量指标", "验收合格率", ">=95%", percent(1)),
    ("", "时效指标", "按时完成率", ">=95%", percent(1)),
    ("效益指标", "社会效益指标", "九年义务教育巩固率", ">=98%", "99%"),
    ("", "可持续影响指标", "教育教学质量", "得到提升", "得到提升"),
    ("", "满意度指标", "公众满意度", ">=92%", "95%"),
    ("", "", "师生满意度", ">=95%", percent(0.95)),
)


class Project(NamedTuple):
    """A project's sheet: its name, its unit, its money, what was meant and done, its indicators."""

    sheet: str
    name: str
    unit: str
    initial: Typed
    spent: Typed
    rate: Typed
    expected: str
    actual: str
    indicators: tuple[tuple[str, str, str, str, Typed], ...]


_SUMMED = "长春市双阳区教育局（汇总）"
PROJECTS = (
    Project(
        "综合管理",
        "2022年综合管理及条件改善",
        _SUMMED,
        "705.70",
        "427.07",
        "100.00%",
        "做好教育经费保障工作。",
        "保障了各级各类学校的教育经费。",
        (
            ("产出指标", "质量指标", "采购设备合格率", ">=95%", percent(1)),
            ("", "时效指标", "项目完成及时率", ">=90%", percent(1)),
            ("效益指标", "可持续影响指标", "教育教学质量", "得到提升", "得到提升"),
            ("", "满意度指标", "师生满意度", ">=90%", percent(0.9)),
        ),
    ),
    Project(
        "学生资助",
        "2022年学生资助",
        _SUMMED,
        72.82,
        38.51,
        Shown(1, "0.00%"),
        "做好学生资助经费发放工作。",
        "完成了全年学生资助工作。",
        (
            ("产出指标", "质量指标", "生源地信用助学贷款覆盖率", ">=95%", "100%"),
            ("", "", "资助金额发放准确率", ">=98%", "100%"),
            ("", "时效指标", "奖学金发放及时率", ">=98%", "100%"),
            ("效益指标", "可持续影响指标", "学生资助工作水平", "得到提升", "得到提升"),
            ("", "满意度指标", "受助群体满意度", ">=95%", "100%"),
        ),
    ),
    Project(
        "基础教育",
        "2022年基础教育教学管理及条件改善",
        "长春市双阳区教育局(汇总)",
        "4367.73",
        "14571.46",
        "100.00%",
        "保障基础教育工作正常运转。",
        "重点项目有序推进，教学质量不断攀升。",
        (
            ("产出指标", "数量指标", "生均公用经费拨款水平", "不低于国家规定标准", "不低于国家规定标准"),
            ("", "质量指标", "采购设备合格率", "≥95%", "100%"),
            ("", "", "维修维护验收合格率", "≥95%", "100%"),
            ("效益指标", "可持续影响指标", "教育教学质量", "≥80%", "95%"),
            ("", "", "各类设施和平台可持续运行年限", "≥5年", "6年"),
            ("", "满意度指标", "师生满意度", "≥90%", "95%"),
        ),
    ),
    Project(
        "职业教育",
        "2022年职业教育教学管理及条件改善",
        _SUMMED,
        43.37,
        0,
        Shown(0, "0.00%"),
        "保障职业教育工作正常运转。",
        "此项为免学费补助资金区配套部分，资金未解冻。",
        (
            ("产出指标", "质量指标", "项目验收合格率", "≥95%", percent(0.95)),
            ("", "", "软硬件建设质量标准", "不低于国家相关标准", "不低于国家相关标准"),
            ("", "时效指标", "完成率", "≥90%", percent(0.9)),
            ("效益指标", "可持续影响指标", "工程项目使用期限", "≥5年", "5年"),
            ("", "满意度指标", "师生满意度", "≥90%", percent(0.9)),
        ),
    ),
)


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    _department(sheet)
    for number, project in enumerate(PROJECTS):
        _project(book.create_sheet(project.sheet), project, together=number % 3 == 0)
    return saved(book)


def _department(sheet: Worksheet) -> None:
    sheet.title = "部门"
    pen = Pen(sheet, 3)
    pen.title("A", "部门整体支出绩效自评表")
    pen.write({"A": "部门名称：", "C": "长春市双阳区教育局（汇总）"}, "A:B", "C:H")
    pen.write({"A": "年度目标", "C": "围绕立德树人，办好更加公平、更高质量的教育。"}, "A:B", "C:H")
    pen.write({"A": "绩效目标 实际完成情况", "C": "基建项目有序推进，惠民政策全部落实。"}, "A:B", "C:H")
    heads: dict[str, Typed] = {"C": "序 号", "D": "任务名称", "E": "主要内容", "G": "实际完成\n情况"}
    first = pen.write({"A": "年度主要任务", **heads}, "G:H")
    for number, (name, content, result) in enumerate(_TASKS, start=1):
        if number == 6:  # the next page
            pen.write({**heads}, "G:H")
        pen.write({"C": number, "D": name, "E": content, "G": result}, "G:H")
    sheet.merge_cells(start_row=first, end_row=pen.row - 1, start_column=1, end_column=2)
    heads = {"C": "一级指标", "D": "二级指标", "E": "三级指标", "G": "目标值", "H": "完成值"}
    pen.write({"A": "年度绩效", **heads}, "E:F")
    for level1, level2, name, target, actual in _INDICATORS:
        pen.write({"C": level1 or None, "D": level2 or None, "E": name, "G": target, "H": actual}, "E:F")


def _project(sheet: Worksheet, project: Project, *, together: bool) -> None:
    pen = Pen(sheet, 1 + len(project.sheet) % 3)
    pen.title("B", "项目支出绩效自评表", "I")
    if together:
        pen.write({"B": f"项目名称：{project.name}"}, "B:I")
        pen.write({"B": f"实施单位：{project.unit}"}, "B:I")
    else:
        pen.write({"B": "项目名称", "D": project.name}, "B:C", "D:I")
        pen.write({"B": "实施单位", "D": project.unit}, "B:C", "D:I")
    _funds(pen, project)
    pen.write({"B": "年度总体目标", "C": "预期目标", "F": "实际完成情况"}, "C:E", "F:I")
    pen.write({"C": project.expected, "F": project.actual}, "C:E", "F:I")
    heads = {"C": "一级指标", "D": "二级指标", "E": "三级指标", "F": "年度指标值", "G": "实际完成值"}
    top = pen.write({"B": "绩效\n指标", **heads, "H": "偏差原因分析及改进措施"}, "H:I")
    for level1, level2, name, target, actual in project.indicators:
        row = {"C": level1 or None, "D": level2 or None, "E": name, "F": target, "G": actual, "H": None}
        pen.write(row, "H:I")
    pen.down("B", top, pen.row - 1)


def _funds(pen: Pen, project: Project) -> None:
    heads = {"C": "项目资金", "E": "年初预算数", "F": "全年预算数", "G": "全年执行数", "H": "执行率"}
    top = pen.write({"B": "资金情况（万元）", **heads}, "C:D")
    none: tuple[Typed, Typed, Typed, Typed] = ("0.00", "0.00", "0.00", "0.00%")
    money = (project.initial, project.spent, project.spent, project.rate)
    rows = (("当年财政拨款", money), ("上年结转资金", none), ("其他资金", none), ("年度资金总和", money))
    for label, (initial, budget, executed, rate) in rows:
        pen.write({"C": label, "E": initial, "F": budget, "G": executed, "H": rate}, "C:D")
    pen.down("B", top, pen.row - 1)
