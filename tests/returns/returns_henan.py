"""The declaration of a city: 55 tasks over several pages, with the heads on each of them; a department's own indicators.

Amounts are typed as text; 一级 stands again on each page, the rest once; explanations are merged down over their rows.
The 55 contents are in words of our own.
"""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from returns_pen import Pen, Typed, saved

_PAGE = 12

TASKS = (
    ("设备购置专项工作", "24,577.43"),
    ("修缮专项工作", "21,331.78"),
    ("内涵提升专项工作", "20,217.87"),
    ("教师素质提升工作", "3,793.85"),
    ("国际班专项工作", "5,403.10"),
    ("疆班专项工作", "1,573.20"),
    ("租赁专项工作", "1,664.00"),
    ("党建工作", "4.50"),
    ("“千人教育名家”培育工程", "500.00"),
    ("“新优质初中”创建和培育三年行动计划", "7,000.00"),
    ("财务资助管理工作", "187.66"),
    ("财务资助管理人员培训", "103.98"),
    ("成人教育工作", "239.05"),
    ("城乡义务教育保障工作", "21,000.00"),
    ("地方高校管理工作", "586.72"),
    ("督政奖励工作", "800.00"),
    ("发展规划督导评估工作", "177.72"),
    ("各类培训及师德建设工作", "1,293.74"),
    ("管理干部培训工作", "49.35"),
    ("机关及二级机构集中办公场地物业", "376.00"),
    ("寄宿制普通高中教师生活补贴工作", "5,018.12"),
    ("教育教学及教育管理课题专项工作", "262.90"),
    ("教育教学研究工作", "2,700.05"),
    ("教育信息化建设工作", "7,082.78"),
    ("教育宣传工作", "649.35"),
    ("考试考务工作", "5,367.00"),
    ("美育工作专项工作", "3.00"),
    ("民办学校财务状况审计工作", "155.00"),
    ("名师工作室建设及运行工作", "45.00"),
    ("普通高校艺术类招生郑州市106中学考点考务工作", "300.00"),
    ("普通高中国家助学贷款工作", "257.60"),
    ("普通高中建档立卡贫困家庭经济困难学生免学杂费工作", "11.20"),
    ("社区教育发展工作", "393.00"),
    ("生源地信用助学贷款贴息及风险补偿工作", "750.00"),
    ("实验教学及装备管理工作", "392.16"),
    ("提前启动项目库准备工作", "3,700.00"),
    ("体育卫生艺术专项工作", "93.74"),
    ("外聘教师工作", "18,870.00"),
    ("小升初工作", "35.20"),
    ("学前教育发展专项工作", "3,775.00"),
    ("学前教育管理人员培训工作", "61.70"),
    ("学前教育信息管理系统运维工作", "13.80"),
    ("学前教育专项工作", "122.00"),
    ("学生社会实践活动课程工作", "3,179.11"),
    ("学生体检保障工作", "21.39"),
    ("原民办教师养老补助工作", "536.00"),
    ("原双塔宾馆人员安置工作", "299.00"),
    ("郑州市乡村教师生活补助工作", "12,140.08"),
    ("郑州市义务教育城乡一体化消除大班额专项工作", "6,000.00"),
    ("中小学三年发展规划评估督导专项工作", "152.42"),
    ("中小学生健康保健专项工作", "535.55"),
    ("中职学生国家助学贷款工作", "1,677.60"),
    ("中职学生免学费工作", "6,562.00"),
    ("其他专项活动工作", "918.65"),
    ("专项考试工作", "3,287.47"),
)

_COPIED = Path(__file__).with_name("henan.tsv").read_text(encoding="utf-8")
"""The indicators with their printed explanations: 一级, 二级, 三级, 指标值, 指标解释, 指标说明; ⏎ is a line break."""


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "申报表（定稿）"
    pen = Pen(sheet, 2)
    pen.title("B", "市级部门整体绩效目标申报表", "L")
    pen.write({"B": "( 2020 年度 )"}, "B:L")
    pen.write({"B": "部门名称：", "D": "郑州市教育局"}, "B:C", "D:L")
    first = pen.row
    for number, goal in enumerate(("办好城市美好教育。", "建设区域性教育中心，统筹资金保障。"), start=1):
        begins: dict[str, Typed] = {"B": "年度 总体 目标"} if number == 1 else {}
        pen.write({**begins, "C": f"目标{number}：{goal}"}, "C:L")
    pen.write({"C": "目标 3:", "D": "促进各类教育优质均衡发展。"}, "D:L")
    pen.down("B", first, pen.row - 1)
    for start in range(0, len(TASKS), _PAGE):
        _tasks(pen, TASKS[start : start + _PAGE])
    _indicators(pen)
    pen.write({"B": "填报说明：指标值未列的由财政部门核定。"}, "B:L")
    return saved(book)


def _tasks(pen: Pen, tasks: tuple[tuple[str, str], ...]) -> None:
    """One page of the tasks: the heads, and the label down the left, stand on each."""
    heads = {"C": "任务名称", "E": "主要内容", "H": "预算资金", "K": "备注"}
    top = pen.write({"B": "年度\n主要\n任务", **heads}, "C:D", "E:G", "H:I", "K:L")
    pen.write({"H": "合计", "I": "其中：财政资金"})
    for name, amount in tasks:
        pen.write({"C": name, "E": f"按年度计划实施{name}。", "H": amount, "I": amount, "K": None}, "C:D", "E:G", "K:L")
    pen.down("B", top, pen.row - 1)


def _indicators(pen: Pen) -> None:
    heads = {"B": "一级指标", "C": "二级指标", "D": "三级 指标", "F": "指标值", "G": "指标解释", "H": "指标说明"}
    pen.write(heads, "D:E", "H:L")
    begun: dict[str, int] = {}
    for line in _COPIED.splitlines():
        level1, level2, name, target, definition, explanation = line.replace("⏎", "\n").split("\t")
        cells = {"B": level1, "C": level2, "D": name, "F": target, "G": definition, "H": explanation}
        at = pen.write({column: text or None for column, text in cells.items()}, "D:E")
        for column, text in (("G", definition), ("H", explanation)):
            if text or level2:
                pen.down(column, begun.get(column, at), at - 1)
                begun[column] = at
    for column in "GH":
        pen.down(column, begun[column], pen.row - 1)
