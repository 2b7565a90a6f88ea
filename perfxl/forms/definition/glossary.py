"""What each key of the definition language means, in the words of those who write definitions.

docs/authoring.md and docs/form.schema.json are made from it, so that the page, the editor and the loader agree.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from perfxl.forms.definition import language
from perfxl.model.carry import Only, YearSpan
from perfxl.model.expression import Function
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.form import Look, Paper
from perfxl.model.stage import BUDGET


class Construct(Struct, frozen=True):
    """A construct: its heading, what it is for, and its keys in the order of the language."""

    title: str
    purpose: str
    keys: Mapping[str, str]


CONSTRUCTS: Mapping[type, Construct] = {
    language.FormSpec: Construct(
        "整张表",
        "form.yaml 的最外层。",
        {
            "form": "表式编号：小写英文、数字和短横线，与所在文件夹同名",
            "version": "版本，一般写发文的年份，加引号；改了表样就换一个版本",
            "title": "表的全称",
            "region": "哪里用的，如 湖南、全国",
            "stage": "用在哪个环节，如 self-evaluation；写了 chain 的，是那条链里的环节",
            "year_basis": "表上的年度指哪一年，如 被评价年度、预算年度",
            "sheet": "工作表的名称，不超过 31 个字",
            "columns": "各列的宽度（字符数），从 A 起一列不漏",
            "bands": "表的内容，自上而下",
            "origin": "左边、上面留空的，写左上角第一格，如 B2；不写是 A1",
            "sheets": "一张表分在几张工作表上的，第二张起的各张工作表",
            "money": "金额的单位",
            "unit": "单位名称是哪一项，写它的 field",
            "year": "年度是哪一项，写它的 field；表上不填年度的不写",
            "project": "项目名称是哪一项，写它的 field；写了 many 的表要写",
            "supervisor": "主管部门是哪一项，写它的 field；表上没有的不写",
            "filled": "填报日期是哪一项，写它的 field；表上没有的不写",
            "half": "上半年、下半年是哪一项，写它的 field；半年报一次的表要写",
            "quarter": "第几季度是哪一项，写它的 field；按季报的表要写",
            "month": "几月是哪一项，写它的 field；按月、按旬报的表要写",
            "ten_days": "上旬、中旬、下旬是哪一项，写它的 field；按旬报的表要写",
            "identity": "凭哪几项认出是哪一份，如 [unit, year, quarter]；不写是单位、年度、期、项目",
            "many": "一个单位可以交几份（一个项目一份）的写 true",
            "issued": "财政部门填好下发、单位不填的写 true，全部单元格锁定",
            "chain": "环节链的名称，如 purchase；预算绩效管理的五个环节不用写",
            "page": "打印设置",
            "fonts": "字体：“body: 仿宋 12”，title、head 等写 look 的名称；见“字体和行高”",
            "heights": "行高（磅）：“body: 22”，另有 title 标题、head 表头；可增行的表不在内；见“字体和行高”",
            "cover": "封面，印在单独的一张工作表上，放在表的前面",
            "contents": "要目录的写 true：单独一张工作表，列出工作簿里的各张表，点了就跳到那一张",
            "notes": "这张表的填表说明，一条一段；印在“填表说明”工作表的最前面",
            "lists": "从文件读取的选项清单，如采购品目、学校代码",
            "carry": "从哪些表带入，带入什么",
            "codes": "自定的代码",
            "chains": "只有这张表用的环节链；几张表共用的写在 common.yaml 里",
            "rules": "审核规则",
        },
    ),
    language.PageSpec: Construct(
        "打印设置",
        "写在 page 里。宽度总是一页。一页放得下的放在一页上，放不下的把列放宽、行排紧（最小印到 85 %），再放不下的分页。",
        {
            "orientation": "portrait 纵向，landscape 横向",
            "margins": "页边距，依次为左、右、上、下，单位厘米",
            "paper": "纸张，A4 或 A3；不写是 A4",
            "header": "页眉，居中；{page} 是页码，{pages} 是总页数",
            "footer": '页脚，不写是“第 {page} 页，共 {pages} 页”；不要页脚的写 ""',
            "single": "整张表缩在一页上的写 true",
        },
    ),
    language.SheetSpec: Construct(
        "另一张工作表",
        "写在 sheets 里。与第一张工作表合成一张表：一份数据，算式和规则可以用各张工作表上的项。",
        {
            "sheet": "工作表的名称，不超过 31 个字，各张不同",
            "columns": "这张工作表各列的宽度（字符数），从 A 起一列不漏",
            "bands": "这张工作表的内容，自上而下",
            "origin": "左边、上面留空的，写左上角第一格，如 B2；不写是 A1",
            "page": "这张工作表的打印设置",
            "fonts": "这张工作表的字体与整张表不同的地方",
            "heights": "这张工作表的行高与整张表不同的地方",
        },
    ),
    language.CoverSpec: Construct(
        "封面",
        "写在 cover 里。填写人不在封面上填：花括号里写 field，填表时自动显示表上填的内容；{year} 是年度。",
        {
            "title": '封面中间的大字，如 "{year}年部门整体支出绩效自评"；换行写 \\n',
            "lines": '下面的各行，如 "填报单位：{unit_name}"',
        },
    ),
    language.ListSpec: Construct(
        "选项清单",
        "写在 lists 里：表样文件夹里的一个 .csv 或 .xlsx，第一行是列名。可以有几千项。",
        {
            "list": "清单的名称，小写英文",
            "file": "文件名，与 form.yaml 在同一个文件夹",
            "code": "哪一列是填在表上的代码或名称；不写是第一列",
            "name": "哪一列是名称，供 lookup 填入；不写就没有",
            "under": "哪一列写明归属于上一级的哪一项，供 within 选用",
            "until": "哪一列写明最后可以用到哪一年，如 2024；空着的一直可用",
        },
    ),
    language.TitleBand: Construct(
        "标题行",
        "占满各列的标题，大字居中。",
        {
            "title": "印的字；{year} 是年度",
            "alias": "交回的表上可能出现的别的写法",
            "font": "这一行的字体，与别的标题不同时才写",
            "height": "行高（磅），与 heights 的 title 不同时才写",
        },
    ),
    language.RowBand: Construct(
        "单独的一行",
        "只出现一次的一行，自左至右写出各格。",
        {
            "row": "各格",
            "lines": "至少几行字高；长文字的格多留几行",
            "height": "行高（磅），占工作表几行的写合计；写了就不写 lines",
            "rows": "这一行占工作表的几行，各格向下合并；不写是 1",
            "keep": "与上一行印在同一页上的写 true，如签字、盖章的几行",
        },
    ),
    language.CellSpec: Construct(
        "一格",
        "印的字（label），或填写的地方（field），或几处填写的地方（places）；都不写是一个空框。在表头里，一格就是一列。",
        {
            "at": "占哪些列：A，或 B:E（合并）。有下级表头的不写",
            "label": "印在格里的字，与公文一致；换行写 \\n，整段加双引号",
            "field": "填在这一格的数据叫什么：小写英文，层次用点隔开，如 funds.total。以 _ 开头的只印在表上，不进数据",
            "alias": "label 的别的写法，交回的表改了字也认得",
            "names": "label 管着哪几项：写它们共同的开头，如 funds.by_income；意见里会提到这个 label",
            "look": "印成什么样，一般不用写",
            "font": "这一格（可增行的表、固定表里是这一列下面各格）的字体，与 fonts 不同时才写，如 黑体 16、加粗",
            "name": "意见里怎么称呼这一格；不写就用左边或上面的 label",
            "caption": "与数据印在同一格的字，____ 是填写的位置，如 其他资金：____万元",
            "type": "填什么：见“数据的类型”",
            "required": "必填写 true；在可增行的表里，指用到的每一行都要填。写算式的，成立时才必填，如 for_small = '是'",
            "blank": "写算式，成立时这一格不填，变灰；填了是错误 V07",
            "missing": "必填而空白时用哪个代码，不写是 V01",
            "formula": "由公式得出，填写人不能改；写法见“算式”",
            "preset": "预先填好的内容，可以改",
            "min": "最小值；金额不写就是 0",
            "max": "最大值",
            "length": "几个字：100 最多，20-200，20- 至少，=18 正好",
            "pattern": "哪一种号码、编码，如 身份证号、A######，见“号码和编码”",
            "decimals": "数最多几位小数",
            "unique": "可增行的表里，这一列各行不能相同的写 true",
            "choices": "可选的内容；“特定目标|特定目标类”表示后一种写法也算前一种",
            "option": "用打 ✔ 代替选择时，这一列代表 choices 里的哪一项",
            "hint": "选中这一格时出现的提示，不超过 255 个字",
            "level": "一级指标写 1，二级指标写 2，还有一级的写 3，向下合并",
            "spread": "上下几行相同就合并的说明栏写 true，合并的每一行都有这段话",
            "serial": "序号栏写 true，自动编号",
            "columns": "下级表头；自己就不写 at",
            "places": "一格里有几处要填的，依次写各处，每处写 caption、field、type",
            "prints": "固定表的表头里，印好的一栏的名称，如 unit；各行印什么写在行的 texts 里",
            "list": "选项来自哪个清单，写 lists 里的名称；type 写 choice",
            "within": "选项由同一行（或表上）哪一项决定，写它的 field：只列出清单里归属于它的各项",
            "lookup": "由哪一项的代码得出名称，写它的 field；自动填入，不用写 formula",
        },
    ),
    language.SectionBand: Construct(
        "左边有竖排名称的一段",
        "左边一格竖着管住右边的几行。右边的内容只能用剩下的列。",
        {
            "section": "竖排的字，一般每个字后写 \\n",
            "at": "竖排的字占哪些列，在最左边",
            "bands": "右边的内容，自上而下",
            "alias": "别的写法",
        },
    ),
    language.MatrixBand: Construct(
        "行列都固定的表",
        "上面是表头，左边是行名称，行和列都不增减，如资金表。数据名称由表名、行名、列名连成：funds.total.budget。",
        {
            "matrix": "表名，是各项数据名称的开头",
            "head": "表头各格；正好有一格不写 field，行名称印在它下面",
            "rows": "各行",
            "name": "意见里怎么称呼这张表；左边没有竖排名称，或同一段里有两张表时才写",
            "head_heights": "表头各行的行高（磅），有几行写几个，如 [30]；与 heights 的 head 不同时才写",
        },
    ),
    language.MatrixRow: Construct(
        "固定表的一行",
        "写在 rows 里。",
        {
            "label": "行名称",
            "field": "行名，在数据名称里",
            "alias": "行名称的别的写法",
            "sum": "这一行是哪几行的合计：写它们的 field",
            "omit": "这一行不填哪几列：写列的 field，印成空框",
            "formulas": "这一行某列自己的公式：“列: 公式”",
            "texts": "这一行某列印的字：“列: 字”；这一格就不填写",
            "cells": "这一行某列与表头不同的地方：“列: {type: integer, preset: 0}”",
            "height": "行高（磅），与 heights 的 body 不同时才写",
        },
    ),
    language.MatrixGroup: Construct(
        "固定表里合在一起的几行",
        "行名称左边还有一格，如“收入构成”。",
        {
            "group": "左边一格印的字",
            "at": "它占的列，在行名称那一格的左半边",
            "rows": "这一组的各行",
            "names": "这一组数据名称的共同开头",
            "alias": "别的写法",
            "formulas": "这一组各行共用的公式：“列: 公式”",
        },
    ),
    language.TableBand: Construct(
        "可增行的表",
        "上面是表头，下面的行单位可以自己增减，如指标表、项目表。数据是一列清单，一行一项。",
        {
            "table": "表名",
            "columns": "各列，自左至右；没有 field 只有 label 的列是印好的字",
            "name": "意见里怎么称呼这张表；左边没有竖排名称，或同一段里有两张表时才写",
            "rows": "空白表留几行；有一级、二级的，是每个二级留几行",
            "groups": "印好的一级和二级：“一级: [二级, 二级]”；一级后面的分值照印",
            "classification": "用 common.yaml 里写好的一级和二级，写它的名称",
            "printed": "印好的各行，见“印好的行”",
            "beside": "右边并排的另一张表",
            "own_heads": "表头写在上面 heads 里的，写 false",
            "unique": "哪几列合起来各行不能相同，写列的 field",
            "lines": "每行至少几行字高",
            "height": "每行的行高（磅）；写了就不写 lines",
            "head_heights": "表头各行的行高（磅），有几行写几个，如 [30]；与 heights 的 head 不同时才写",
        },
    ),
    language.BesideSpec: Construct(
        "右边并排的表",
        "两张表共用同样的行，如中期指标和年度指标。",
        {
            "table": "右边那张表的表名",
            "columns": "右边的各列",
            "name": "意见里怎么称呼右边那张表",
            "shared": "两张表共用的列，写左边的 field，如 level1",
            "rows": "右边的空白表留几行，与左边不同时才写；多出来的地方印成空框",
        },
    ),
    language.HeadBand: Construct(
        "单独的表头",
        "印在重复块的上面、块里各表共用的表头。",
        {
            "heads": "表头各格；最下一级写 names，说明它是哪张表的哪一列",
            "head_heights": "表头各行的行高（磅），有几行写几个，如 [30]；与 heights 的 head 不同时才写",
        },
    ),
    language.BlockBand: Construct(
        "整块重复的内容",
        "几行合成一块，整块重复，如每个年度目标连同它的指标表。里面的数据名称都接在块名之后。{n} 是第几块。",
        {
            "block": "块名",
            "count": "空白表上重复几次",
            "bands": "一块的内容，自上而下",
            "name": "意见里怎么称呼这一块；左边没有竖排名称时才写",
            "spine": "左边竖着管住整块、由单位填写的一格，如 职能{n}：____",
        },
    ),
    language.RuleSpec: Construct(
        "一条规则",
        "写 must 是必须成立的算式；写 over 是用 perfxl 现成的一项审核；写 pairs 是与同一单位的另一张表核对。"
        "代码的含义见 docs/rules.md。",
        {
            "code": "代码，如 M06",
            "must": "必须成立的算式，如 SUM(funds.by_income) = funds.total.budget",
            "each": "对哪张表的每一行都要成立，must 里就可以直接写列名",
            "over": "现成的审核查哪一项、哪一组或哪张表",
            "at": "不成立时标出哪一格",
            "want": "应当怎样，给填表的人看：显示在 填报自检 里和这一格的提示里，如 收入性质各项合计等于全年预算数",
            "say": "意见怎么说；{left}、{right} 是算式左右两边的数，{gap} 是相差多少",
            "severity": "级别与通用的不同时才写",
            "limit": "界限，如 10%、100；不写用通用的",
            "words": "用到的词，如 V14 里不受 100% 限制的词",
            "reverse": "反向指标怎么计分：linear 或 ratio",
            "points": "P01 用：每个一级指标多少分，如 {产出指标: 50, 效益指标: 40}；写了就不看标题里印的分值",
            "bands": "P04 用：每一档得分是分值的百分之几，如 {达成: 90-100, 部分达成: 50-90, 未达成: 0-50}",
            "beside": "pairs 与哪张表核对：表式编号，或一个环节（如 monitoring）",
            "pairs": "“本表的项: 那张表的项”，如 spending.initial: funds.total.initial",
        },
    ),
    language.CarrySpec: Construct(
        "从一张表带入",
        "perfxl carry 从那张表通过的数据里带入哪些内容。带入的每一格都记得取自哪里。",
        {
            "from": "那张表的表式编号",
            "year": "same 两张表是同一年度（同一期）；next 这张表是下一年度；following 这张表是接着的一期，如下一季度",
            "take": "“本表的项: 那张表的项”，右边也可以是那张表的算式；new_year 是本表的年度",
            "lock": "take 里哪些是批准了的：带入后锁定，填写人不能改；没有带入内容的不锁",
            "tables": "可增行的表",
        },
    ),
    language.RowTakeSpec: Construct(
        "从一张表带入各行",
        "写在 tables 里。几份来源里 match 各列都相同的行合成一行，一处也不相加；同一份里相同的行各是一行。",
        {
            "table": "本表的哪张可增行的表",
            "match": "凭哪几列认出同一行：标点、空白、全角半角不同不算不同。套在块里的表，只在对应的块里找",
            "take": "“本表的列: 那张表的列”，右边也可以是算式",
            "rows": "那张表的哪张可增行的表；不写，一份来源是一行",
            "lock": "take 里哪些列是批准了的，带入后锁定",
            "only": "本表印好了一些行的，printed 只管印好的行，own 只管单位自己的行",
            "add": "写 false：只补入已经有的行，没有的行不添，作为提示列出",
        },
    ),
    language.CodeSpec: Construct(
        "一个自定的代码",
        "perfxl 的代码都不合适的规则，用自己的代码，写在 codes 里；审核意见、报告和 perfxl rules 里都照这里写的说。",
        {
            "code": "Z 和两位数字，如 Z01",
            "title": "名称，不超过 16 个字",
            "meaning": "何时出现",
            "remedy": "怎么办，给填表的人看",
            "example": "举例",
            "severity": "不写是 error",
        },
    ),
    language.ChainSpec: Construct(
        "一条环节链",
        "采购、资产、统计等别的业务，有自己的环节和先后，写在 chains 里；表样里用 chain 说明是哪一条。",
        {
            "chain": "名称：小写英文、数字和短横线，如 purchase",
            "title": "叫什么，如 政府采购",
            "stages": "各个环节，按先后写",
        },
    ),
    language.StageSpec: Construct(
        "一个环节",
        "写在 stages 里。",
        {
            "stage": "名称：小写英文、数字和短横线，表样的 stage 写它",
            "label": "审核意见里怎么称呼，如 计划、验收",
            "sheet": "这个环节的表简称什么，如 采购计划表；不写是 label 加“表”",
            "repeats": "指标要与前面哪几个环节一致（C01），最算数的写在最前",
            "approves": "定下来以后别的环节都要照办的（如批复）写 true：带入时几份不一致，以它为准",
            "interim": "年度还没有结束的环节（如监控）写 true：还没有预算就有支出的是警告，不是错误",
            "final": "写明完成得怎样的环节（如自评）写 true：年度对比的完成值取它的",
        },
    ),
    language.UseRules: Construct(
        "用一组现成的规则",
        "规则写在 common.yaml 里，几张表共用。",
        {
            "use": "这组规则的名称",
            "over": "用在哪张表上",
            "without": "其中哪几个代码不用",
        },
    ),
    language.CommonSpec: Construct(
        "公用部分",
        "与各表样并列的 common.yaml。",
        {
            "classifications": "分类：“名称: {一级: [二级]}”",
            "rules": "规则：“名称: [规则]”",
            "codes": "各表共用的自定代码",
            "chains": "各表共用的环节链",
        },
    ),
}

TYPES: Mapping[Type, str] = {kind: kind.traits.meaning for kind in Type}

STAGES: Mapping[str, str] = {stage.name: stage.label for stage in BUDGET.stages}

LOOKS: Mapping[Look, str] = {
    Look.TITLE: "标题",
    Look.CAPTION: "标题下的年度，居中无框",
    Look.PLAIN: "无框，靠左",
    Look.PLAIN_RIGHT: "无框，靠右，如 单位：万元",
    Look.NOTE: "有框，靠左，如 按收入性质分：",
    Look.HEAD: "表头",
    Look.LABEL: "行名称，有框居中",
    Look.SPINE: "左边的竖排名称",
    Look.TEXT: "长文字，靠左",
    Look.SHORT: "短内容，居中",
    Look.FIGURE: "金额，靠右",
    Look.LISTED: "有框靠左，前后有字的金额",
}

PAPERS: Mapping[Paper, str] = {Paper.A4: "A4 纸", Paper.A3: "A3 纸"}

SEVERITIES: Mapping[Severity, str] = {
    Severity.ERROR: "错误，退回",
    Severity.WARNING: "警告，不退回",
    Severity.INFO: "提示",
}

SPANS: Mapping[YearSpan, str] = {
    YearSpan.SAME: "同一年度",
    YearSpan.NEXT: "那张表的下一年度",
    YearSpan.FOLLOWING: "那张表的下一期",
}

ONLY: Mapping[Only, str] = {
    Only.OWN: "单位自己的行",
    Only.PRINTED: "本表印好的行",
}

PRINTED: Mapping[str, str] = {
    "hint": "指标值的参考标准，出现在提示里，不替单位填写",
    "rows": "这样的行印几行，加引号",
    "open": "印了名称、但单位没有可以不填的写 true，加引号",
}
"""What a printed row may have besides the fields of its table."""

FUNCTIONS: Mapping[Function, str] = {
    Function.SUM: "合计。空白当 0，全部空白则得空白",
    Function.SUMIF: "类别相符的各行金额的合计。没有这样的行则得空白",
    Function.SUMPRODUCT: "各列逐行相乘，再合计，如数量乘单价。只算各列都填了数的行，没有这样的行则得空白",
    Function.COUNT: "填了数的有几格",
    Function.COUNTA: "填了内容的有几格，文字也算",
    Function.COUNTIF: "与所给文字相同的有几格；数写条件，如 COUNTIF(indicators.score, '>=60')",
    Function.SAID: "写了实际内容的有几格，填“无”“—”一类的不算",
    Function.MIN: "最小的数，最早的日期。整列里的空白不算；单独写的一格空白则得空白",
    Function.MAX: "最大的数，最晚的日期。空白同 MIN",
    Function.AVERAGE: "填了数的各格的平均数，全部空白则得空白",
    Function.ROUND: "四舍五入",
    Function.ABS: "绝对值",
    Function.DECIMALS: "有几位小数，末尾的 0 不算，最多算到 6 位",
    Function.IF: "条件成立时取前一个，否则取后一个。结果要空白时写 BLANK",
    Function.AND: "各条件都成立",
    Function.OR: "至少一个条件成立",
    Function.NOT: "条件不成立",
    Function.ISBLANK: "这一格是空白",
    Function.LEN: "有几个字",
    Function.TRIM: "去掉前后的半角空格，中间的几个并成一个",
    Function.UPPER: "字母改成大写",
    Function.LEFT: "前面几个字",
    Function.RIGHT: "后面几个字",
    Function.MID: "从第几个字起的几个字，没有这么多字则得空白",
    Function.DATE: "某年某月某日；年可以写数据名称，如 DATE(year, 12, 31)",
    Function.YEAR: "日期的年份",
    Function.MONTH: "日期的月份",
    Function.DAY: "日期的日",
    Function.FITS: "这段文字是不是某一种号码、编码，见“号码和编码”",
    Function.SAMEROWS: "同一张表里，这几栏与本行都相同的有几行，本行也算；只能逐行（each）用",
}
