"""P: weights and scores, in scored self-evaluations."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "评分"

RULES = (
    Rule(
        code="P01",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="分值合计不符",
        meaning=(
            "各指标的分值加上预算执行率的分值，应等于 100 分或本表规定的总分，不符是错误。"
            "每个一级指标之下的分值之和也应与规定的相符：名称中印有分值的，不符是错误；没有印的，"
            "按一般的 50、30、10 分（另有成本指标的为 40、20、10 和 20 分）比较，是警告。"
        ),
        example="各项分值相加为 95。审核意见：分值合计 95，应为 100，相差 5。",
        remedy="请调整各指标的分值，使每个一级指标和总分都与规定相符。",
    ),
    Rule(
        code="P02",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="得分超出分值",
        meaning="得分应在 0 和本项分值之间。",
        example="分值 5，得分填 6。审核意见：得分 6 大于分值 5。",
        remedy="请核对本项的分值和得分，把填错的改正。",
    ),
    Rule(
        code="P03",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="得分计算不符",
        meaning=(
            "预算执行率和能用数计量的指标，得分按评分办法计算。所填得分与应得分的差，既超过所填末位的半个单位，"
            "又超过 0.01 分的，是错误。完成值超过目标 130% 的，可以少得分。"
        ),
        example="目标“≥80场次”，完成 60 场次，分值 10，得分填 9。审核意见：得分 9 与按完成比例计算的 7.50 不符。",
        remedy="请按评分办法重新计算得分，或核对目标值、完成值和分值。",
    ),
    Rule(
        code="P04",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="定性指标得分不在档内",
        meaning=(
            "完成值写“达成”的，得分应为分值的 80% 至 100%；写“部分达成”的，为 60% 至不满 80%；写“未达成”的，不满 60%。"
        ),
        example="分值 10，完成值“部分达成”，得分填 9。审核意见：部分达成的得分应不低于 6、低于 8。",
        remedy="请按完成情况所在的档次评分，或改正完成情况。",
    ),
    Rule(
        code="P05",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="总分不符",
        meaning="总分应等于各项得分之和，预算执行率的得分也计算在内。",
        example="各项得分之和为 93.50，总分填 95。审核意见：总分 95 与各项得分之和 93.50 相差 1.50。",
        remedy="请核对各项得分，按合计填写总分。总分由公式计算的，不要改动公式。",
    ),
    Rule(
        code="P06",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="扣分或满分未说明",
        meaning="指标的得分低于分值而没有写原因，是错误。写了存在问题却得满分，是警告。",
        example="分值 5，得分 4，原因栏空着。审核意见：扣了 1 分，没有说明原因。",
        remedy="扣了分的，请在原因栏写明原因和改进措施。写了问题却得满分的，请核对得分。",
    ),
)
