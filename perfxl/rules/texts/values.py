"""V: each value by itself."""

from __future__ import annotations

from perfxl.model.finding import Severity
from perfxl.rules.rule import Rule

GROUP = "填报值"

RULES = (
    Rule(
        code="V01",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="必填项未填",
        meaning="必须填写的栏目是空白。只有空格的也算空白。",
        example="“预算部门名称”没有填。审核意见：预算部门名称未填。",
        remedy="请填写这一栏。金额确实没有的请填 0，不要留空。",
    ),
    Rule(
        code="V02",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="内容不能识别",
        meaning=(
            "填写的内容与栏目要求的类型不同：该填数的填了文字，该填日期的认不出日期，等等。这一格暂按空白处理，"
            "原来填写的内容保留在审核意见中。"
        ),
        example="“全年执行数”填了“约三百”。审核意见：“约三百”不是数字，应填金额。",
        remedy="请按栏目要求重新填写：金额只填数字，不写“约”“左右”；日期写成 2024年1月16日 的样子。",
    ),
    Rule(
        code="V03",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="不在可选项之内",
        meaning=(
            "这一栏只能从给定的选项中选择，填写的内容不是其中之一。约定的同义写法视为相同，"
            "例如“特定目标类”与“特定目标”。"
        ),
        example="支出项目类别填了“其他”。审核意见：“其他”不是可选项，应为人员类、运转类、特定目标之一。",
        remedy="请从单元格的下拉列表中选择。",
    ),
    Rule(
        code="V04",
        severities=(Severity.ERROR,),
        group=GROUP,
        title="超出允许的范围",
        meaning="数值超出了栏目允许的范围。金额一般不得小于 0，栏目另有规定的除外。",
        example="“全年执行数”填了 -12.50。审核意见：-12.50 小于 0，金额不得为负。",
        remedy="请核对数值和正负号后改正。",
    ),
    Rule(
        code="V05",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="文字超过字数上限",
        meaning="文字超过了这一栏的字数上限，打印时可能显示不全。",
        example="偏差原因写了 620 字，上限为 500 字。审核意见：共 620 字，超过上限 120 字。",
        remedy="请精简文字，把详细说明放到自评报告中。",
    ),
    Rule(
        code="V10",
        severities=(Severity.INFO,),
        group=GROUP,
        title="写法已自动规范",
        meaning=(
            "填写的内容能够确定，只是写法不规范，已自动转换：全角数字、千位分隔符、多余的空格、写成文字的数、"
            "金额后的单位、表示没有金额的“-”或“无”、写法不同的比较符号。原来的写法保留在审核意见中。"
        ),
        example="“基本支出”填了“１，０５０．６０万元”。审核意见：已按 1050.60 读取。",
        remedy="请看一眼转换结果。正确的，不必处理；不正确的，请改填数字。",
    ),
    Rule(
        code="V11",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="指标值缺少比较符号",
        meaning="指标值只有一个数，没有写明是不少于、不超过还是等于。填 100% 的不算。",
        example="指标“培训场次”的指标值填了“12场次”。审核意见：“12场次”没有写明比较方式。",
        remedy="请在数前加上“≥”“≤”或“＝”，例如“≥12场次”。",
    ),
    Rule(
        code="V12",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="计量单位缺失或不符",
        meaning="指标值没有写计量单位，或者单位与指标名称不相称：次数应以次计，人数应以人计，各种率应以 % 计。",
        example="指标“家访次数”的指标值填了“≥30人次”。审核意见：单位“人次”与“次数”不相称。",
        remedy="请补上或改正计量单位，例如“≥30次”。",
    ),
    Rule(
        code="V13",
        severities=(Severity.INFO,),
        group=GROUP,
        title="用了大于或小于",
        meaning="指标值用的是大于或小于，恰好等于这个数时不算完成。",
        example="指标值填了“＞300人”。审核意见：用的是大于，正好 300 人不算完成。",
        remedy="确实如此的，不必处理。包括这个数的，请改用“≥”或“≤”。",
    ),
    Rule(
        code="V14",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="百分比超出常规",
        meaning="百分比小于 0 或大于 100%。指标名称中有增长、变动、毛入、完成、超额、巩固、入学等字样的，可以超过。",
        example="指标“设备完好率”的完成值填了“105%”。审核意见：105% 大于 100%。",
        remedy="请核对小数点和计算方法。确实可以超过 100% 的，由审核人员确认。",
    ),
    Rule(
        code="V15",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="指标值过于笼统",
        meaning="产出指标的指标值只有提升、加强、推进之类的说法，没有能够检验的标准。",
        example="指标“校舍维修”的指标值填了“持续推进”。审核意见：“持续推进”没有可以检验的标准。",
        remedy="请写明数量、比例、时限或其他能够检验的标准，例如“≥8所”“12月底前完工”。",
    ),
    Rule(
        code="V16",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="“无”与同行内容不符",
        meaning="指标填“无”却给了分值，或者一行里填了“无”，完成值、分值却空着。没有指标的行应当整行不填。",
        example="三级指标、指标值都填“无”，分值空着。审核意见：这一行没有指标，应整行清空。",
        remedy="没有这项指标的，请把整行清空，分值分到其他指标。有指标的，请填上名称和指标值。",
    ),
    Rule(
        code="V17",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="数量指标没有数字",
        meaning="数量指标的指标值中没有能够计量的数。",
        example="数量指标“改造校舍”的指标值填了“完成”。审核意见：数量指标应填数字。",
        remedy="请填写带单位的数，例如“≥8所”。不能计量的，请移到质量指标或时效指标。",
    ),
    Rule(
        code="V18",
        severities=(Severity.WARNING,),
        group=GROUP,
        title="往年值写法不一致",
        meaning=(
            "往年的指标值带有“≥”之类的符号，或者种类、单位与今年的指标值不同。往年值是已经发生的实际数，不应带符号。"
        ),
        example="上年值填“≥280人”，今年的指标值为“≥300人”。审核意见：上年值应填实际数，不带符号。",
        remedy="请填往年的实际完成数，单位与今年的指标值一致。",
    ),
)
