"""C: how far targets were reached, in self-evaluations."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "完成情况"

RULES = (
    Rule(
        code="C01",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="与批复的指标不一致",
        meaning=(
            "自评表、监控表中的指标或指标值，与此前批复的不同：多了、少了、名称改了或者指标值改了。没有批复表的，与申报表比较。"
            "按单位、年度、项目对应，只在有以前通过的结果可以核对时审核。"
        ),
        example="批复的目标值为“≥300人”，自评表填“≥200人”。审核意见：目标值应与批复的“≥300人”一致。",
        remedy="请按批复的指标和目标值填写。经批准调整过的，请附上调整文件。",
    ),
    Rule(
        code="C02",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="完成值未填",
        meaning="填了目标值，实际完成值却空着。",
        example="指标“培训场次”目标“≥12场次”，完成值空着。审核意见：“培训场次”的实际完成值未填。",
        remedy="请填写实际完成的数或情况。一点也没有完成的，请填 0 或“未达成”，不要留空。",
    ),
    Rule(
        code="C03",
        severities=(Severity.WARNING, Severity.ERROR),
        group=GROUP,
        title="完成值与目标口径不同",
        meaning=(
            "完成值的种类或计量单位与目标值不同，是警告；一个是百分比、一个是数量，是错误。完成值省略单位的不算，"
            "例如目标“≥18个”，完成值“18”。"
        ),
        example="目标“≥95%”，完成值填“380人”。审核意见：目标是百分比，完成值是数量，无法比较。",
        remedy="请按目标值的口径和单位填写完成值。",
    ),
    Rule(
        code="C04",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="未达目标或超额未说明",
        meaning=(
            "完成值没有达到目标又没有写原因，是错误；表中没有原因栏的，是警告。完成值超过目标的 130% 又没有写原因，"
            "也是警告。目标值没有比较符号的，按不少于判断，成本指标按不超过判断。"
        ),
        example="目标“≥12场次”，完成值 9 场次，原因栏空着。审核意见：完成 9 场次，未达到目标 12 场次，没有说明原因。",
        remedy="请核对完成值。确实如此的，请在原因栏写明原因和改进措施。",
    ),
    Rule(
        code="C05",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="完成值全部等于目标值",
        meaning="所有指标的完成值都与目标值一模一样。实际工作中很少这样，请确认填的是实际数。",
        example="十五个指标的完成值逐项与目标值相同。审核意见：全部 15 项完成值都等于目标值，请核实。",
        remedy="请按实际完成情况填写。确实如此的，由审核人员确认。",
    ),
    Rule(
        code="C06",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="没有支出却全部完成",
        meaning="全年执行数为 0，所有指标却都填了完成。没有说明原因是错误，说明了原因是警告。",
        example="全年执行数 0.00，五个指标全部达到目标。审核意见：没有支出，指标却全部完成，请说明原因。",
        remedy="请核对执行数和完成值。用其他资金完成或尚未付款的，请在原因栏写明。",
    ),
    Rule(
        code="C07",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="完成情况照抄目标",
        meaning="“实际完成情况”的文字与“预期目标”相同，看不出完成了什么。",
        example="两栏都写“新建校舍两所，改善办学条件”。审核意见：实际完成情况与预期目标相同。",
        remedy="请写明实际完成了什么、完成到什么程度。",
    ),
)
