"""The scored table and the report's figures of a district in one workbook, beside a sheet of another kind.

Of the table: amounts in captions typed as text, with other brackets and blanks; actuals with line breaks and full-width
blanks around them; the report's sheet is a list of labels and figures in two columns more than ours.
"""

from __future__ import annotations

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from returns_pen import Pen, Shown, Typed, percent, saved

_ALL = "　\n 100%\n　"
_INDICATORS: tuple[tuple[str, str, str, Typed, Typed, Typed | None], ...] = (
    (
        "产出指标\n(50分)",
        "数量\n指标",
        "设施建设及设备采购合格率100%；专项资金支出占比95%以上。",
        "100%  \n　 ",
        " 100%  \n　",
        "　10",
    ),
    ("", "质量\n指标", "基本满足在职人员和离退休的正常办公、生活要求；", "　100%\n　", _ALL, "　20"),
    ("", "时效\n指标", "各项资金支出按进度完成，工资薪金按时发放。", "　100%\n　", _ALL, "　\n  10\n　"),
    ("", "成本\n指标", "严格执行年初预算，“三公经费”与上年相比减少。", percent(1), percent(1), 10),
    ("效益指标\n（30分）　", "经济效\n益指标", "无", "无", "无", None),
    ("", "社会效\n益指标", "保障师生生命、财产安全；降低贫困学生失学率；提升教育质量", _ALL, _ALL, "　10"),
    ("", "生态效\n益指标", "为创建文明城市做出应有的贡献。", "　100%\n　", _ALL, "　\n  10\n　"),
    ("", "可持续影响指标", "促进全区各类教育事业有序、协调发展。", "　100%\n　", _ALL, "　\n 10\n　"),
    ("满意度\n\n指标\n\n（10分）", "服务对象满意度指标", "家庭对教育满意度", "　\n90%\n　", percent(0.9), 10),
)
_FUNCTIONS: tuple[tuple[str, Typed], ...] = (
    ("一般公共服务支出", 0.15),
    ("教育支出", "5996.30"),
    ("文化旅游体育与传媒支出", "3.00"),
    ("社会保障和就业（类）支出", "101.89"),
    ("卫生健康（类）支出", "127.95"),
    ("住房保障（类）支出", 76.73),
    ("其他（类）支出", 157.07),
)
_SHARES = ("0.002%", "92.78%", "0.05%", "1.58%", "1.98%", "1.19%", "2.43%")


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    _table(sheet)
    _report(book.create_sheet("报告数据"))
    _contacts(book.create_sheet("联系人"))
    return saved(book)


def _table(sheet: Worksheet) -> None:
    sheet.title = "2023年自评"
    pen = Pen(sheet, 4)
    pen.title("B", "部门整体支出绩效自评表", "K")
    pen.write({"B": "（ 2023年度）"}, "B:K")
    pen.write({"B": "预算部门名称", "D": "石鼓区教育局　"}, "B:C", "D:K")
    heads = {"E": "年初\n\n预算数", "F": "全年预算数", "G": "全年\n\n执行数", "H": "分值", "I": "执行率", "J": "得分"}
    first = pen.write({"B": "年度预算申请\n（万元）", **heads}, "C:D", "J:K")
    row: dict[str, Typed] = {
        "C": "年度资金总额",
        "E": "1616.43",
        "F": "6558.50",
        "G": 6558.5,
        "H": 10,
        "I": "100% ",
        "J": 10,
    }
    pen.write({**row}, "C:D", "J:K")
    for left, right in (
        ("按收入性质分：", "按支出性质分："),
        ("  其中：  一般公共预算：6463.09万元", "其中：基本支出：1051.64万元"),
        ("政府性基金拨款:0万元", "项目支出: 5506.86 万元"),
        ("纳入专户管理的非税收入拨款：0万元", None),
        ("其他资金：95.42万元", None),
    ):
        pen.write({"C": left, "G": right}, "C:F", "G:K")
    pen.down("B", first, pen.row - 1)
    pen.write({"B": "年度总体目标", "C": "预期目标", "G": "实际完成情况　"}, "C:F", "G:K")
    goal = "目标1：保障人员工资和福利待遇。\n目标2：完成重点工作任务。\n目标3：完成各项常规工作。"
    pen.write({"C": goal, "G": "　全年人员经费足额到位，重点工作和常规工作均已完成。\n"}, "C:F", "G:K")
    heads = {"C": "一级指标", "D": "二级指标", "E": "三级指标", "F": "年度\n\n指标值", "G": "实际\n\n完成值"}
    points = {"H": "分值", "I": "得分", "J": "偏差原因\n\n分析及\n\n改进措施"}
    pen.write({"B": "绩\n\n效\n\n指\n\n标", **heads, **points}, "J:K")
    for level1, level2, name, target, actual, weight in _INDICATORS:
        cells: dict[str, Typed | None] = {"C": level1 or None, "D": level2, "E": name, "F": target, "G": actual}
        pen.write({**cells, "H": weight, "I": weight, "J": None if weight is None else "　\n\n　"}, "J:K")
    pen.write({"B": "总分  ", "H": 100, "I": "　100"}, "B:G", "J:K")


def _report(sheet: Worksheet) -> None:
    pen = Pen(sheet, 2)
    pen.title("A", "石鼓区教育局2023年绩效自评报告", "H")
    pen.write({"A": "(2023年度)"}, "A:H")
    pen.write({"H": "单位:万元"})
    pen.write({"A": "部门名称", "D": "石鼓区教育局"}, "A:C", "D:H")
    pen.write({"A": "一、基本情况", "B": "机构设置", "D": "1个行政单位、6个二级机构及8个内设股室。"}, "B:C", "D:H")
    staff: dict[str, Typed] = {"B": "人员编制情况", "D": "在职在编人员", "E": "52人", "F": "退休人员", "G": 38}
    pen.write({**staff}, "B:C", "G:H")
    pen.write({"B": "部门主要职能", "D": "贯彻落实教育工作方针，管理全区各类教育。"}, "B:C", "D:H")
    pen.write({"B": "部门整体支出绩效目标", "D": "全额保障人员经费，完成重点工作任务。"}, "B:C", "D:H")
    spent = {"A": "二、一般公共预算支出情况", "B": "1、整体支出情况"}
    pen.write({**spent, "D": "年初预算", "E": 1616.43, "F": "年中追加", "G": "4942.07"}, "B:C", "G:H")
    pen.write({"D": "年终决算支出", "E": "6558.50", "F": "年末结余", "G": 0}, "G:H")
    pen.write({"D": "全年预算执行率", "E": percent(1)})
    pen.write({"E": "金 额", "F": "占支出总额的比例"}, "F:H")
    rows: tuple[tuple[str, Typed, Typed], ...] = (
        ("基本支出", "1051.47", "16.03%"),
        ("其中:人员经费", 945, "14.41%"),
        ("公用经费", 106.47, "1.62%"),
        ("项目支出", "5506.86", Shown(0.8397, "0.00%")),
    )
    for label, amount, share in rows:
        pen.write({"D": label, "E": amount, "F": share}, "F:H")
    pen.write(
        {"B": "2、一般公共预算支出结构情况", "D": "支出功能分类", "E": "金额", "F": "占财政拨款支出的比例"}, "F:H"
    )
    for (name, amount), share in zip(_FUNCTIONS, _SHARES, strict=True):
        pen.write({"D": name, "E": amount, "F": share}, "F:H")
    pen.write({"D": "财政拨款支出合计", "E": 6463.09})
    pen.write({"B": "3、资金管理情况", "D": "建立内部控制制度，严格授权审批。"}, "B:C", "D:H")
    pen.write({"A": "三、部门整体支出绩效情况", "B": "主要成效", "D": "具体情况"}, "B:C", "D:H")
    for theme, text in (
        ("坚持党建引领，教育发展凝聚动力", "建立14个教师工作坊。"),
        ("坚持内涵发展，素质教育深入实施", "确立5个重点研究课题。"),
        ("坚持统筹兼顾，教育均衡取得实效", "学前三年毛入园率113.68％。"),
        ("坚持重点突破，教育事业惠民利民", "购买民办学位1179个，投入235.8万元。"),
    ):
        pen.write({"B": theme, "D": text}, "B:C", "D:H")
    pen.write({"A": "四、存在问题", "B": "预算编制的精确性有待提高。"}, "B:H")
    pen.write({"A": "五、下一步改进措施", "B": "1.加强部门预算编制工作。\n2.科学设置绩效目标。"}, "B:H")


def _contacts(sheet: Worksheet) -> None:
    """A sheet that is no form."""
    pen = Pen(sheet)
    pen.write({"A": "股室", "B": "姓名", "C": "电话"})
    pen.write({"A": "计划财务股", "B": "谭雨", "C": "0734-8000123"})
