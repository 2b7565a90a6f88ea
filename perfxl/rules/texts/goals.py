"""G: goals and their indicators."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "目标与指标"

RULES = (
    Rule(
        code="G01",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="目标没有指标",
        meaning="写了一个目标，下面却没有一个指标。",
        example="年度目标3写了内容，指标表空着。审核意见：年度目标3没有绩效指标。",
        remedy="请为这个目标至少填写一个三级指标和指标值。不再需要这个目标的，请把目标一并清空。",
    ),
    Rule(
        code="G02",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="目标前后对不上",
        meaning="总目标中列出的各个目标，与后面逐个展开的目标对不上。比较的是文字内容，编号和先后不同没有关系。",
        example="总目标中有“提高保障能力”，后面没有展开这个目标。审核意见：没有找到与“提高保障能力”对应的目标。",
        remedy="请使两处的目标一一对应、文字一致。",
    ),
    Rule(
        code="G03",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="二级指标归类有误",
        meaning=(
            "采用全国统一分类的表中，统一分类里的二级指标放到了别的一级指标之下。单位自己拟定的二级指标不受限制。"
        ),
        example="“质量指标”放在了“效益指标”之下。审核意见：“质量指标”应归入“产出指标”。",
        remedy="请把这一行移到正确的一级指标之下。",
    ),
    Rule(
        code="G04",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="指标名称与指标值缺一",
        meaning=(
            "有三级指标名称而没有指标值，或者有指标值而没有名称，是错误。名称由表上印好而没有填指标值的，是警告；"
            "印好而没有使用的备用行不算。"
        ),
        example="三级指标“图书更新数量”的指标值空着。审核意见：“图书更新数量”没有指标值。",
        remedy="请补全名称和指标值。不需要这个指标的，请把整行清空。",
    ),
    Rule(
        code="G05",
        severities=(Severity.WARNING, Severity.ERROR, Severity.INFO),
        group=GROUP,
        title="三级指标重复",
        meaning=(
            "同一目标、同一二级指标下有同名的三级指标，是警告；两处的指标值还不相同，是错误。"
            "同一目标下重复在不同的二级指标中，是警告。几个目标共用一个指标而指标值相同，只作一次提示。"
        ),
        example=(
            "数量指标下两次出现“培训教师人数”，一处“≥300人”，一处“≥200人”。审核意见：三级指标重复，指标值不一致。"
        ),
        remedy="请保留一行，删去重复的行。确是两项不同内容的，请在名称中写明区别。",
    ),
    Rule(
        code="G06",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="指标名称过长或含两项",
        meaning="指标名称超过 100 字，或者一个名称里写了两项内容，无法用一个指标值衡量。",
        example="三级指标填了“培训场次及参训人数”。审核意见：名称含有两项内容，应分成两个指标。",
        remedy="请缩短名称。含有两项内容的，请分成两行，各填各的指标值。",
    ),
    Rule(
        code="G07",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="缺少产出或效益指标",
        meaning="采用全国统一分类的表中，没有产出指标，或者没有效益指标。",
        example="只填了产出指标和满意度指标。审核意见：没有效益指标。",
        remedy="请补上缺少的一类指标，至少一项。",
    ),
)
