"""X: several returns beside each other."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "汇总"

RULES = (
    Rule(
        code="X01",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="下属之和与汇总不符",
        meaning=(
            "本级和各下属单位的数相加，应等于汇总表中的数；四舍五入造成的出入不算。下属单位按单位代码、主管部门、"
            "单位名称认定。与以前通过的结果核对时，或者同一批中都交齐时审核。"
        ),
        example=(
            "五个下属单位的全年执行数共 860.00，汇总表填 880.00。审核意见：下属之和 860.00 与汇总 880.00 相差 20.00。"
        ),
        remedy="请核对是否漏了或多了下属单位，再核对各单位的数。",
    ),
    Rule(
        code="X02",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="汇总与本级重复相加",
        meaning="汇总表已经包括本级。汇总数比本级和各下属单位之和多出来的，正好是其中一家的数，说明这一家加了两次。",
        example="同一部门的“（汇总）”和“（本级）”同时列入合计。审核意见：汇总已包含本级，不能一起相加。",
        remedy="请只留汇总，或只留本级和各下属单位。",
    ),
    Rule(
        code="X03",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="缺报或重复报送",
        meaning=(
            "名册中的单位没有交回；或者同一单位、同一年度、同一张表交回了几份。几份中较晚的代替较早的，"
            "两份都写在审核意见中；分不出先后的，都保留。"
        ),
        example="青溪区教育局先后交回两份自评表。审核意见：“自评表（改）.xlsx”代替了“自评表.xlsx”。",
        remedy="没有交回的，请催报。重复报送的，请核对采用的是不是正确的一份，删去另一份。",
    ),
    Rule(
        code="X04",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="报告与表中数字不符",
        meaning="自评报告中的数与自评表中同一项的数，相差超过所写末位的半个单位。两张表在同一个文件里，或者自评表以前已经通过的，都作比较。",
        example="报告写基本支出 945.20 万元，自评表为 945.37。审核意见：报告中的 945.20 与表中的 945.37 相差 0.17。",
        remedy="请以核对无误的一处为准，改正另一处。",
    ),
)
