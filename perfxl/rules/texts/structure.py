"""S: what became of the form's own cells, rows and labels."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "结构"

RULES = (
    Rule(
        code="S01",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="缺少栏目",
        meaning="必需的栏目名称或一整块表格被删除，或改得认不出来，其中的内容无法读取。审核意见中写明缺少哪个栏目。",
        example="“全年执行数”一列被删除。审核意见：缺少栏目“全年执行数”。",
        remedy="请从下发的空表中把这个栏目复制回原处再填写，或把填好的内容移到新的空表中。",
    ),
    Rule(
        code="S02",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="栏目名称被改写",
        meaning="一个栏目的名称与表式不同，但前后左右的栏目都对得上，因此按位置认作原来的栏目，内容已经读取。",
        example="“全年预算数”被改写成“调整后数额”。审核意见：“调整后数额”按“全年预算数”读取。",
        remedy="请核对认得是否正确，并把栏目名称改回表式上的写法。",
    ),
    Rule(
        code="S03",
        severities=(Severity.INFO, Severity.WARNING),
        group=GROUP,
        title="增删或移动了行",
        meaning=(
            "在允许的地方插入、删除或移动了行，内容已按栏目名称读取。"
            "如果两组指标或两个目标的内容可能因此并到了一起，则作警告。"
        ),
        example="在数量指标下插入了两行。审核意见：此处插入了 2 行，内容已读取。",
        remedy="只作提示的，不必处理。作警告的，请核对各组指标、各个目标的内容是否分得清楚。",
    ),
    Rule(
        code="S04",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="公式被改成了填写的数",
        meaning=(
            "空表中由公式自动计算的单元格，交回时成了直接填写的数。数据以重新计算的结果为准；填写的数对不对，"
            "由资金和评分的规则另行审核。"
        ),
        example="“执行率”一格的公式被覆盖，填了 98%。审核意见：此格应由公式计算，填写的 98% 未被采用。",
        remedy="请从空表中把公式复制回来，不要在自动计算的单元格中填数。",
    ),
    Rule(
        code="S05",
        severities=(Severity.INFO,),
        group=GROUP,
        title="公式结果不是最新的",
        meaning="公式单元格没有保存结果，或者保存的结果与重新计算的不同。已采用重新计算的结果。",
        example="改了分项金额而合计仍显示旧数。审核意见：合计已重新计算，为 165.00。",
        remedy="不必处理。想让表中显示新的结果，请在 Excel 或 WPS 中打开后重新计算，再保存。",
    ),
    Rule(
        code="S06",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="单元格是错误值",
        meaning=(
            "单元格显示的是 #REF!、#DIV/0!、#VALUE! 之类的错误值。出现在填报栏的是错误；出现在自动计算栏的是警告，"
            "数值已重新计算。"
        ),
        example="删除一行后，“项目支出”一格显示 #REF!。审核意见：单元格是错误值 #REF!，应填金额。",
        remedy="填报栏请直接填写正确的内容。自动计算栏请从空表中把公式复制回来。",
    ),
    Rule(
        code="S07",
        severities=(Severity.INFO,),
        group=GROUP,
        title="合并单元格下藏有内容",
        meaning="合并单元格只显示左上角一格的内容，被盖住的格里还留有复制来的内容，没有采用。",
        example="“产出指标”合并了三行，被盖住的第二、三行里也有文字。审核意见：被合并盖住的内容没有采用。",
        remedy="一般不必处理。若被盖住的才是要填报的内容，请取消合并，移到左上角一格。",
    ),
    Rule(
        code="S08",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="表外填有内容",
        meaning="在所有栏目以外的单元格里填了内容，这些内容不计入数据。",
        example="在表的右侧写了“含追加 20 万元”。审核意见：此处不属于任何栏目，内容没有采用。",
        remedy="需要上报的，请移到相应的栏目中；不需要的，请删除。",
    ),
    Rule(
        code="S09",
        severities=(Severity.ERROR, Severity.WARNING),
        group=GROUP,
        title="单位不在名册中",
        meaning=(
            "与单位名册比对：代码和名称在名册中都找不到的，是错误，审核意见中写明最接近的单位；"
            "只是名称不同的，是警告。名称后的“（汇总）”“（本级）”不算不同。"
            "项目表的实施单位或主管部门有一个在名册中即可。"
        ),
        example=(
            "单位名称填“青溪区教育体育局”，名册中是“青溪区教育局”。审核意见：名册中没有“青溪区教育体育局”，"
            "最接近的是“青溪区教育局”。"
        ),
        remedy="请按名册填写单位名称和代码。单位已经更名的，由审核人员更新名册。",
    ),
    Rule(
        code="S10",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="仍是占位文字",
        meaning="整个单元格只有“XX”“待填”“目标1：”“……”之类的占位文字，没有填写实际内容。",
        example="预期目标一格只有“目标1：”。审核意见：“目标1：”是占位文字，应填写目标内容。",
        remedy="请换成实际内容。没有内容可填的行，请整行清空。",
    ),
    Rule(
        code="S11",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="年度前后不一致",
        meaning="标题、表头上的年度与这张表的年度不同，或者长期目标的截止年份早于这张表的年度。正文文字中的年份不作比较。",
        example="2024 年度的表，长期目标写“截止2023年”。审核意见：截止年份 2023 早于本表年度 2024。",
        remedy="请核对年度，改正表头的年份或长期目标的截止年份。",
    ),
)
