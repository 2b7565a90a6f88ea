"""M: money, and how its figures hang together."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "资金"

RULES = (
    Rule(
        code="M01",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="合计与各项之和不符",
        meaning=(
            "合计数应等于各分项之和，每一列都要相符。四舍五入造成的出入，每个分项允许 0.005，"
            "合起来不足 0.01 的进到 0.01：在此以内是警告，超过是错误。"
        ),
        example="三个分项为 120.00、30.00、15.00，合计填 165.50。审核意见：合计 165.50 与各项之和 165.00 相差 0.50。",
        remedy="请核对各分项和合计，改正填错的数。合计由公式计算的，只改分项，不改公式。",
    ),
    Rule(
        code="M02",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="收入与支出合计不等",
        meaning="收入合计应等于支出合计，按两位小数比较。本年度不等是错误；往年可能因结转而不等，是警告。",
        example="本年收入合计 182.50，支出合计 180.00。审核意见：收入合计 182.50 与支出合计 180.00 相差 2.50。",
        remedy="请逐项核对收入和支出，补上漏填的资金。往年因结转而不等的，核实后可以不改。",
    ),
    Rule(
        code="M03",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="占比计算不符",
        meaning=(
            "占比应等于该项金额除以合计，允许相差 0.01 个百分点。各项占比相加应为 100.00%，也允许相差 0.01 个百分点。"
        ),
        example=(
            "合计 200.00，其中人员类 50.00，占比填 26.00%。审核意见："
            "占比 26.00% 与按金额计算的 25.00% 相差 1.00 个百分点。"
        ),
        remedy="请按金额重新计算占比，不要为凑成 100% 而改动其中一项。",
    ),
    Rule(
        code="M04",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="项目预算与支出构成不符",
        meaning=(
            "各项目的本年度预算按类别相加，应等于支出构成中同一类别的金额。特定目标类必须逐项列出，不符是错误；"
            "其他类别列了项目而不符，是警告。只因四舍五入相差少许的，也是警告。"
        ),
        example=(
            "特定目标类的三个项目共 640.00，支出构成中填 655.00。审核意见："
            "项目之和 640.00 与支出构成 655.00 相差 15.00。"
        ),
        remedy="请补上漏列的项目，或改正项目的类别和金额，使两处一致。",
    ),
    Rule(
        code="M05",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="部分大于总额",
        meaning=(
            "项目本年度预算不应大于项目总预算，“其中”项不应大于合计，执行数不应大于全年预算数。"
            "使用了上年结转资金的，作警告。年终的执行数也不应小于监控时已经执行的数。"
        ),
        example=(
            "全年预算数 300.00，全年执行数 320.00。审核意见：全年执行数 320.00 大于全年预算数 300.00，多出 20.00。"
        ),
        remedy="请核对两个数是否填反，是否漏填了追加的预算。使用了结转资金的，请填在相应的栏目中。",
    ),
    Rule(
        code="M06",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="收支性质合计不符",
        meaning=(
            "按收入性质分的各项之和应等于全年预算数，按支出性质分的各项之和应等于全年预算数或全年执行数。"
            "四舍五入造成的出入，每个分项允许 0.005，合起来不足 0.01 的进到 0.01：在此以内是警告，超过是错误。"
        ),
        example=(
            "收入各项为 812.36、40.00、15.15，全年预算数 867.50。审核意见："
            "收入性质合计 867.51 与全年预算数 867.50 相差 0.01。"
        ),
        remedy="请对照预算批复和决算逐项核对，改正填错的数。确因四舍五入相差的，可以不改。",
    ),
    Rule(
        code="M07",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="执行率计算不符",
        meaning=(
            "全年预算数大于 0 时，执行率应等于全年执行数除以全年预算数，允许相差 0.01 个百分点，超过是错误。"
            "预算和执行都是 0 的，执行率留空或填“—”、0%、100% 都可以，不计得分；但年初有预算的，总额行作警告。"
            "没有预算却有执行数是错误，监控表中作警告。"
        ),
        example=(
            "全年预算数 400.00，全年执行数 300.00，执行率填 80.00%。审核意见：执行率 80.00% 与计算结果 75.00% 不符。"
        ),
        remedy="请核对预算数和执行数，执行率按执行数除以预算数填写。没有预算却有执行的，请补填调整后的预算数。",
    ),
    Rule(
        code="M08",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="预算与执行分毫不差",
        meaning=(
            "全年预算数与全年执行数完全相同，而全年预算数比年初预算数增减超过 10%（两者都大于 0）。"
            "这样的情形需要说明调整的依据。"
        ),
        example=(
            "年初预算数 700.00，全年预算数和全年执行数都是 427.35。审核意见：全年预算数与执行数相同，"
            "比年初减少 38.95%，请说明原因。"
        ),
        remedy="请核对全年预算数是不是经批准调整后的数。确实如此的，请写明调整的时间、依据和原因。",
    ),
    Rule(
        code="M09",
        severities=(Severity.WARNING, Severity.ERROR),
        group=GROUP,
        title="执行率偏低未说明",
        meaning="自评表的执行率低于 90%，而整张表中没有写明原因。表中要求填写原因的，是错误；其他的，是警告。",
        example="执行率 72.50%，原因栏空着。审核意见：执行率 72.50% 低于 90%，没有说明原因。",
        remedy="请在偏差原因栏写明执行率低的原因和改进措施。",
    ),
    Rule(
        code="M10",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="金额单位或小数点可疑",
        meaning=(
            "一个金额放大或缩小十倍、百倍、千倍、万倍之后，原来对不上的合计就对上了：可能把元当成万元填了，"
            "或者漏了小数点。审核意见中给出建议的数，不会自动改动。"
        ),
        example="应填万元的一格填了 1205000，改为 120.50 后合计就相符。审核意见：疑按元填写，建议改为 120.50。",
        remedy="请核对金额单位和小数点。建议的数正确的，请照填。",
    ),
    Rule(
        code="M11",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="比上年变动过大",
        meaning="与上年相比，增减超过 30%。",
        example="上年 100.00，本年 146.00。审核意见：比上年增加 46.00%，超过 30%。",
        remedy="请核对两年的数。确实如此的，请写明变动的原因。",
    ),
    Rule(
        code="M12",
        severities=(Severity.INFO,),
        group=GROUP,
        title="空白按零计入合计",
        meaning="求和的几个分项中有的填了、有的空着，空着的按 0 计算。全部空着的不求和。",
        example="“其他资金”空着，其余分项都已填。审核意见：“其他资金”空白，按 0 计入合计。",
        remedy="确实没有金额的，不必处理，也可以填 0。漏填的，请补上。",
    ),
)
