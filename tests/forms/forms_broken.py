"""Mistakes that authors make, each put into a sound definition: what is replaced by what, and what must be said.

In the new text ``⌖`` stands in front of the place where the mistake is to be reported; it is taken out again.
"""

from __future__ import annotations

from typing import NamedTuple

import forms_sample

MARK = "⌖"


class Broken(NamedTuple):
    """A broken definition; ``more`` is how many further mistakes follow from the same one."""

    old: str
    new: str
    message: str
    more: int = 0
    whole: str = forms_sample.HUNAN

    @property
    def marked(self) -> str:
        assert self.whole.count(self.old) >= 1, self.old
        return self.whole.replace(self.old, self.new, 1)

    @property
    def text(self) -> str:
        return self.marked.replace(MARK, "")

    @property
    def place(self) -> tuple[int, int]:
        """Line and column of the mark."""
        before, mark, _ = self.marked.partition(MARK)
        assert mark, self.old
        return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1


def paper(old: str, new: str, message: str, more: int = 0) -> Broken:
    return Broken(old, new, message, more, forms_sample.PAPER)


def wide(old: str, new: str, message: str, more: int = 0) -> Broken:
    return Broken(old, new, message, more, forms_sample.WIDE)


BROKEN = (
    # the head of the file
    Broken("form: hunan", "form: ⌖Hunan", "form 的“Hunan-dept-self-eval”不合规定"),
    Broken("form: hunan-dept", "form: ⌖湖南-dept", "form 的“湖南-dept-self-eval”不合规定"),
    Broken("form: hunan-dept-self-eval\nversion", "⌖version", "“表样”缺少“form”"),
    Broken('version: "2023"', 'version: ⌖""', "“version”没有写内容"),
    Broken("title: 部门整体支出绩效自评表\nregion", "title:⌖\nregion", "“title”没有写内容"),
    Broken("region: 湖南\n", "region: 湖南\n⌖regoin: 湖南\n", "“表样”里没有“regoin”这一项"),
    Broken("region: 湖南\n", "region: 湖南\n⌖region: 湖北\n", "“region”写了两次"),
    Broken("stage: self-evaluation", "stage: ⌖自评", "“stage”不能是“自评”"),
    Broken("stage: self-evaluation", "stage: ⌖self-evaluaton", "“stage”不能是“self-evaluaton”"),
    Broken("sheet: 自评表", "sheet: ⌖自评表/2023", "sheet 的“自评表/2023”不能作工作表名"),
    Broken("sheet: 自评表", "sheet: ⌖" + "表" * 32, "不能作工作表名"),
    Broken("sheet: 自评表", "sheet: ⌖History", "sheet 的“History”不能作工作表名"),
    Broken("sheet: 自评表", "sheet: ⌖自评!表", "sheet 的“自评!表”不能作工作表名"),
    Broken("sheet: 自评表", "sheet: ⌖填报自检", "sheet 的“填报自检”不能作工作表名"),
    Broken("sheet: 自评表", "sheet: ⌖_PERFXL_rows", "sheet 的“_PERFXL_rows”不能作工作表名"),
    Broken("sheet: 自评表", 'sheet: ⌖"自评\\n表"', "不能作工作表名"),
    Broken("unit: unit_name", "unit: ⌖unit_nam", "unit 的“unit_nam”不是这张表的项"),
    Broken("unit: unit_name", "unit: ⌖year", "unit 的“year”不能用"),
    Broken("unit: unit_name", "unit: ⌖indicators[].name", "unit 的“indicators[].name”不能用"),
    Broken("year: year\n", "year: ⌖jahr\n", "year 的“jahr”不是这张表的项"),
    Broken("year: year\n", "year: ⌖unit_name\n", "year 的“unit_name”不能用"),
    Broken("year: year\n", "year: year\nmany: ⌖是\n", "“many”只能是 true 或 false"),
    Broken("year: year\n", "year: year\nmany: ⌖true\n", "写了 many，没有写 project"),
    Broken("year: year\n", "year: year\nproject: ⌖unit_name\n", "没有 many，project 不起作用"),
    Broken("year: year\n", "year: year\nmany: true\nproject: ⌖year\n", "project 的“year”不能用"),
    Broken("year: year\n", "year: year\nsupervisor: ⌖indicators[].name\n", "supervisor 的“indicators[].name”不能用"),
    Broken("year: year\n", "year: year\nfilled: ⌖unit_name\n", "filled 的“unit_name”不能用"),
    Broken("year: year\n", "year: year\nfilled: ⌖date\n", "filled 的“date”不是这张表的项"),
    Broken("orientation: portrait", "orientation: ⌖横向", "orientation 不能是“横向”"),
    Broken("{orientation: portrait}", "{margins: ⌖[1, 2, 3]}", "margins 要写四个数"),
    Broken("{orientation: portrait}", "{margins: [1, 2, ⌖三, 4]}", "“margins”要写数字", 1),
    Broken("{orientation: portrait}", "{margins: ⌖[12, 10, 2, 2]}", "margins 不对"),
    Broken("{orientation: portrait}", "{margins: ⌖[-1, 2, 2, 2]}", "margins 不对"),
    Broken("page: {orientation: portrait}", "page: ⌖portrait", "“page”要写成“名称: 内容”的形式"),
    Broken("{A: 6.6, B: 9, C: 9.6,", "⌖{A: 6.6, C: 9, B: 9.6,", "columns 要从 A 起依次写出各列的宽度"),
    Broken("columns: {A: 6.6,", "columns: {A: ⌖宽,", "“A”要写数字"),
    Broken("columns: {A: 6.6,", "columns: ⌖{A: 300,", "A 列的宽度不对"),
    Broken("columns: {A: 6.6,", "columns: ⌖{A: 0,", "A 列的宽度不对"),
    Broken("columns: {A: 6.6,", "columns: {A: ⌖６.6,", "“A”要写数字，现在是“６.6”"),
    # cells
    Broken("{at: A:C, label: 预算部门名称", "{at: ⌖C:A, label: 预算部门名称", "“C:A”左右写反了", 1),
    Broken("{at: A:C, label: 预算部门名称", "{at: ⌖a:c, label: 预算部门名称", "“a:c”不是列号", 1),
    Broken("{at: A:C, label: 预算部门名称", "{at: ⌖1:3, label: 预算部门名称", "“1:3”不是列号", 1),
    Broken("{at: A:C, label: 预算部门名称", "{at: ⌖[A, C], label: 预算部门名称", "“at”只能写一个值", 1),
    Broken("{at: A:C, label: 预算部门名称", "⌖{label: 预算部门名称", "这一格没有写在哪一列"),
    Broken("{at: D:I, field: unit_name", "{at: ⌖C:I, field: unit_name", "这一格与同一行的另一格重叠"),
    Broken("{at: D:I, field: unit_name", "{at: ⌖D:J, field: unit_name", "这一格超出了可用的列"),
    Broken("{at: B:E, field: goal.expected", "{at: ⌖A:E, field: goal.expected", "这一格超出了可用的列"),
    Broken("{at: A:C, label: 预算", "{at: A:C, ⌖labell: 预算", "“row”里没有“labell”这一项"),
    Broken("alias: [部门名称, 预算部门]", "alias: ⌖部门名称", "“alias”要写成列表"),
    Broken("length: 100, required", "length: ⌖-1, required", "不是字数"),
    Broken("length: 100, required", "length: ⌖0, required", "“unit_name”的 length 不对"),
    Broken("length: 100, required", "length: ⌖" + "9" * 5000 + ", required", "不是字数"),
    Broken("required: true, hint: 填写", "required: ⌖yes, hint: 填写", "“required”不能是“yes”"),
    Broken("hint: 填写部门全称。", "hint: ⌖" + "请" * 256, "“unit_name”的 hint 太长"),
    Broken("field: unit_name, type: text", "field: unit_name, type: ⌖txt", "“type”不能是“txt”", 1),
    Broken("- {at: D:I, field: unit_name, type: text,", "- ⌖{at: D:I, field: unit_name,", "“unit_name”缺少 type"),
    Broken("field: unit_name, type: text", "field: ⌖单位, type: text", "数据名称“单位”不合规定"),
    Broken(
        "field: unit_name, type: text", "field: unit_name, label: ⌖甲, type: text", "一格里不能又有 label 又有 field"
    ),
    Broken("label: 预算部门名称, alias", "label: 预算部门名称, required: ⌖true, alias", "required 不起作用"),
    Broken("label: 预算部门名称, alias", "label: 预算部门名称, type: ⌖text, alias", "type 不起作用"),
    Broken("field: goal.actual, type", "field: ⌖goal.expected, type", "“goal.expected”在第", 1),
    Broken("field: goal.actual, type", "field: ⌖goal, type", "“goal”是一格，又是“goal.expected”的开头", 1),
    Broken("lines: 8", "lines: ⌖0", "lines 不对"),
    Broken("lines: 8", "lines: ⌖100", "lines 不对"),
    Broken("lines: 8", "lines: ⌖1e3", "“lines”要写数字"),
    Broken("（____年度）", "⌖（年度）", "caption 里要有一处 ____"),
    Broken("caption: （____年度）", 'caption: ⌖（____"年度"）', "caption 里不能有英文双引号"),
    Broken("caption: （____年度）", "caption: ⌖'（____{jahr}年度）'", "“{jahr}”不能用在印好的文字里"),
    Broken("caption: （____年度）", "caption: ⌖（____" + "年" * 250 + "）", "caption 太长"),
    Broken("title: 部门整体支出绩效自评表\n- row", 'title: ⌖"{m}月自评表"\n- row', "“{m}”不能用在印好的文字里"),
    Broken("names: funds.by_income", "names: ⌖funds.by_incom", "没有以“funds.by_incom”开头的项", 1),
    Broken("missing: G04", "missing: ⌖缺", "missing 的“缺”不是代码"),
    Broken("preset: 10, min: 0, max: 100", "preset: ⌖十, min: 0, max: 100", "preset 的“十”不是数字"),
    Broken("preset: 10, min: 0, max: 100", "preset: ⌖110, min: 0, max: 100", "preset 的“110”不在 min 和 max 之间"),
    Broken("preset: 10, min: 0, max: 100", "preset: 10, min: ⌖100, max: 0", "的 min 大于 max", 1),
    Broken("type: number, preset: 10", "type: number, choices: ⌖[甲, 乙], preset: 10", "choices 与 type 不相配", 1),
    # what is set as on paper
    Broken("{orientation: portrait}", "{paper: ⌖A5}", "“paper”不能是“A5”"),
    Broken("{orientation: portrait}", '{header: ⌖"{year}"}', "不能用在 header 里"),
    Broken("{orientation: portrait}", "{footer: ⌖" + "页" * 201 + "}", "footer 太长"),
    paper("origin: B3", "origin: ⌖3B", "“3B”不是单元格"),
    paper("  rows: 4\n  lines: 6", "  rows: ⌖0\n  lines: 6", "rows 不对"),
    paper("  rows: 4\n  lines: 6", "  rows: ⌖51\n  lines: 6", "rows 不对"),
    paper('title: "单位基本情况统计表{{', 'title: ⌖"单位基本情况统计表{表}{{', "“{表}”不能用在印好的文字里"),
    paper("caption: 联系电话：____", "caption: ⌖联系电话____", "印好的字要各不相同，以冒号结尾"),
    paper("caption: 联系电话：____", "caption: ⌖填报人：____", "印好的字要各不相同，以冒号结尾"),
    paper("field: phone, type: text", "field: phone, type: ⌖number", "只能填文字或日期"),
    paper("places: [\n", "places: ⌖[{caption: 甲：____, field: a, type: text, length: 201},\n", "length 合计超过 200"),
    paper(
        "- {at: B:H, look: plain, places", "- ⌖{at: B:H, label: 甲, look: plain, places", "就不能又有 label 或 field"
    ),
    paper("prints: unit}", "prints: ⌖unit, field: unit, type: text}", "一栏不能又有 prints 又有 field"),
    paper("texts: {unit: 人}}", "texts: ⌖{units: 人}}", "texts 里的“units”不在这张表上"),
    paper("cells: {last: {preset: 0}}", "cells: ⌖{lst: {preset: 0}}", "cells 里的“lst”不在这张表上"),
    paper("cells: {last: {preset: 0}}", "cells: {last: {at: ⌖B}}", "“编外人员”的 last 由表头决定"),
    paper("cells: {last: {preset: 0}}", "cells: {last: {preset: ⌖零}}", "preset 的“零”不是数字"),
    paper("    rows: 4\n", "    rows: ⌖0\n", "rows 至少为 1"),
    # formulas
    Broken('formula: "ROUND(executed / budget, 6)"', 'formula: ⌖"ROUND(executed / budge, 6)"', "没有“budge”这一栏"),
    Broken('formula: "ROUND(executed / budget, 6)"', 'formula: ⌖"RUND(executed / budget, 6)"', "没有函数“RUND”"),
    Broken('formula: "ROUND(executed / budget, 6)"', 'formula: ⌖"ROUND(executed / budget"', "左括号没有配上右括号"),
    Broken('formula: "ROUND(executed / budget, 6)"', 'formula: ⌖"ROUND(executed ÷ budget, 6)"', "全角符号"),
    Broken('formula: "ROUND(executed / budget, 6)"', "formula: ⌖executed > budget", "公式得出的不是这一格要的内容"),
    Broken('formula: "ROUND(executed / budget, 6)"', "formula: ⌖score / 10", "“funds.total.rate”的公式绕回了自身", 1),
    Broken('formula: "ROUND(executed / budget, 6)"', "formula: ⌖rate + 0", "“funds.total.rate”的公式绕回了自身"),
    Broken(
        'type: number,\n     formula: "IF(COUNT(indicators.weight)',
        'type: number, required: ⌖true,\n     formula: "IF(COUNT(indicators.weight)',
        "由公式得出，不能写 required",
    ),
    Broken(
        'type: number,\n     formula: "IF(COUNT(indicators.weight)',
        'type: number, preset: ⌖1,\n     formula: "IF(COUNT(indicators.weight)',
        "由公式得出，不能写 preset",
    ),
    # tables
    Broken("field: target, type: value", "field: ⌖name, type: value", "“indicators[].name”在第"),
    Broken(
        "    columns:\n    - {at: B, label: 一级指标, field: level1, type: text, level: 1}",
        "    columns:\n    ⌖- {at: B, label: 一级指标, field: level1, type: text, level: 2}",
        "level 要从左到右依次为 1、2",
    ),
    Broken("field: level1, type: text, level: 1", "field: level1, type: number, level: ⌖1", "有 level 的列要是文本"),
    Broken("    rows: 3\n", "    rows: ⌖三\n", "“rows”要写整数"),
    Broken("    rows: 3\n", "    rows: ⌖0\n", "rows 至少为 1"),
    Broken("    rows: 3\n", "    rows: ⌖999999999\n", "rows 太大"),
    Broken("    rows: 3\n", "    rows: 3\n    classification: ⌖national\n", "groups 和 classification 只能写一个"),
    Broken("    rows: 3\n    groups:", "    rows: 3\n    groups: ⌖[产出]\n    gruppen:", "要写成“名称: 内容”的形式", 1),
    Broken(
        '      "产出指标\\n(50分)": [数量指标, 质量指标, 时效指标, 成本指标]\n      "效益指标\\n（30分）"',
        '      ⌖"产出指标\\n(50分)": [数量指标, 质量指标, 时效指标, 成本指标]\n      "产出指标\\n（30分）"',
        "groups 里有两个一级相同",
    ),
    Broken(
        '      "产出指标\\n(50分)": [数量指标, 质量',
        '      ⌖"产出指标\\n(50分)": [质量指标, 质量',
        "“产出指标”下面的二级不对",
    ),
    Broken("- table: indicators\n    columns:", "- ⌖table: indicators\n    colums:", "“table”缺少“columns”", 1),
    Broken("  - table: indicators", "  - ⌖tabel: indicators", "“bands”里有一项看不出是什么"),
    Broken("rows:\n    - {label: 年度资金总额, field: total}", "rows: ⌖[]", "“funds”没有行", 9),
    Broken("    head:\n    - {at: B:C}", "    head:\n    ⌖- {at: B:C, field: x, type: text}", "正好有一格没有 field"),
    # rules
    Broken("- code: M05", "- code: ⌖M5", "“M5”不是代码"),
    Broken("- code: M05", "- ⌖cod: M05", "“rules”里有一项看不出是什么"),
    Broken("must: funds.total.executed <=", "must: ⌖funds.total.exectued <=", "没有“funds.total.exectued”这一栏"),
    Broken("must: total.weight = 100", "must: ⌖total.weight + 100", "的 must 不是可以成立或不成立的式子"),
    Broken("must: total.weight = 100", "must: ⌖total.weight = 一百", "没有“一百”这一栏"),
    Broken("must: total.weight = 100", 'must: ⌖total.weight = "100"', "数不能和文字比较"),
    Broken("  at: funds.by_income\n", "  at: ⌖funds.by_incomes\n", "at 的“funds.by_incomes”不是这张表的项"),
    Broken(
        "must: total.weight = 100\n  at: total.weight\n  say: 分值合计",
        "must: ISBLANK(total.weight)\n  at: total.weight\n  say: ⌖分值合计",
        "say 里的 {left}、{right}、{gap} 没有数可写",
    ),
    Broken('formula: "ROUND(executed / budget, 6)"', "formula: ⌖ROUND(executed / budget, 6)", "没有加引号"),
    Broken("alias: [部门名称, 预算部门]}", "hint: ⌖见名录, 附件 1}", "“见名录, 附件 1”里有逗号，没有加引号"),
    Broken("  say: 分值合计 {left}，应为", "  say: ⌖分值合计 {links}，应为", "say 里不能有 {links}"),
    Broken("- code: P01\n  must: total.weight = 100\n", "- ⌖code: P01\n", "P01 要写 must、over、pairs 之一"),
    Broken(
        "- code: P01\n  must: total.weight = 100\n  at: total.weight\n  say: 分值合计 {left}，应为 {right}，相差 {gap}\n",
        "- ⌖code: P01\n  must: total.weight = 100\n  at: total.weight\n",
        "P01 写了 must，还要写 at 和 say",
    ),
    Broken("{code: C07, over: goal}", "{code: C07, over: ⌖goals}", "over 的“goals”不是这张表的项"),
    Broken("{use: national,", "{use: ⌖nationale,", "没有名为“nationale”的一组规则"),
    Broken(
        "{code: M08, over: funds.total, limit: 10%}", "{code: M08, over: funds.total, limit: ⌖一成}", "“limit”要写数字"
    ),
    Broken("{code: M10, over: funds}", "{code: M10, over: funds, severity: ⌖严重}", "“severity”不能是“严重”"),
    Broken("{code: M10, over: funds}", "{code: M10, over: funds, reverse: ⌖linaer}", "reverse 不能是“linaer”"),
    Broken("{code: M10, over: funds}", "{code: M10, over: funds, each: ⌖indicators}", "each 不起作用"),
    Broken("- code: P01\n", "- code: P01\n  each: ⌖indikators\n", "each 的“indikators”不是可增行的表"),
    # writing YAML
    Broken("region: 湖南", "⌖\tregion: 湖南", "缩进里有制表符"),
    Broken("region: 湖南", "region：湖南\n⌖sort: 省", "或缺少冒号"),
    Broken("region: 湖南", "region: 湖南⌖: 省", "这里不该有冒号"),
    Broken("region: 湖南", "region: ⌖'湖南", "引号没有配对"),
    Broken("region: 湖南", 'region: ⌖"湖\\南"', "引号没有配对，或引号里有不能用的反斜杠"),
    Broken("region: 湖南", "region: ⌖@湖南", "文字不能以“@”开头"),
    Broken("region: 湖南", "region: ⌖%湖南", "文字不能以“%”开头"),
    Broken("region: 湖南", "region: ⌖!湖南", "文字不能以“!”开头"),
    Broken("region: 湖南", "region: ⌖!!str 湖南", "文字不能以英文感叹号开头"),
    Broken("region: 湖南", "region: ⌖*湖南", "文字不能以“*”开头"),
    Broken("region: 湖南", "region: ⌖&x 湖南", "这里不能用 &x 起名"),
    Broken("region: 湖南", "region: 湖南\n<<: ⌖*x", "这里不能用 * 引用别处的内容"),
    Broken("region: 湖南", "region: 湖南\n⌖--- ", "一个文件里只能有一份内容"),
    Broken("region: 湖南", "region: 湖⌖\x08南", "不可见的控制字符"),
    Broken("region: 湖南", "region: 湖南\n? ⌖[甲]\n: 乙", "项目名称要写成一个词"),
    Broken("columns: {A: 6.6,", "columns: {A: 6.6⌖: 7,", "“{”后面的内容读不下去"),
    Broken("hint: 填写部门全称。}\n\n- section", "hint: 填写部门全称。\n\n- section⌖", "行的“{”后面的内容读不下去"),
    Broken('- section: "年度\\n总体', ' ⌖- section: "年度\\n总体', "这一行与上面对不齐"),
    Broken('version: "2023"\ntitle', 'alias: [\nversion: "2023"\n⌖title', "第 5 行的“[”后面的内容读不下去"),
    # what only the wide form has
    wide("group: 收入\n      at: B", "group: 收入\n      at: ⌖C", "“收入”的列放不下"),
    wide("omit: [prev2]", "omit: ⌖[prev9]", "omit 里的“prev9”不在这张表上"),
    wide("sum: [income.fiscal, income.own]", "sum: ⌖[income.fiscal, own]", "sum 里的“own”不在这张表上", 2),
    wide("formulas: {prev2: funds", "formulas: ⌖{prev9: funds", "formulas 里的“prev9”不在这张表上"),
    wide("{label: 支出, field: expense, omit: [share]}", "⌖{label: 支出, omit: [share]}", "“label”缺少“field”"),
    wide("choices: [人员类|人员, 特定目标]", "choices: ⌖[人员类|人员, 人员类]", "的 choices 有重复"),
    wide(
        "choices: [人员类|人员, 特定目标]", 'choices: ⌖["人员类,运转类", 特定目标]', "choices 的“人员类,运转类”不能用"
    ),
    wide("choices: [人员类|人员, 特定目标]", "choices: ⌖[人员类|, 特定目标]", "choices 的“人员类|”不能用"),
    wide("choices: [人员类|人员, 特定目标]", "choices: ⌖[" + "甲" * 150 + ", " + "乙" * 150 + "]", "的 choices 太长"),
    wide("choices: [人员类|人员, 特定目标]", "preset: ⌖运转类, choices: [人员类|人员, 特定目标]", "不在 choices 里"),
    Broken(
        "        columns:\n        - {at: H, label: 能, option: certain}",
        "        columns:\n        ⌖- {at: H, label: 能, option: sure}",
        "各列的 option 与 choices 不一致",
        0,
        forms_sample.WIDE,
    ),
    wide("type: text, spread: true", "type: number, spread: ⌖true", "有 spread 的列要是文本"),
    Broken(
        "  printed:\n  - {level1: 履职效能, level2: 决策, name: 制度健全, explanation",
        "  printed:\n  ⌖- {level1: 履职效能, level2: 决策, name: 制度健全, expl",
        "printed 里的“expl”不是这张表的列",
        0,
        forms_sample.WIDE,
    ),
    wide("  printed:\n  - {level1", "  printed:\n  ⌖- {open: 是, level1", "printed 里的 open 不能是“是”"),
    wide(
        "  printed:\n  - {level1", "  rows: 1\n  printed:\n  ⌖- {rows: 两行, level1", "printed 里的 rows 不能是“两行”"
    ),
    Broken(
        "  printed:\n  - {level1",
        "  classification: national\n  printed:\n  ⌖- {level1",
        "printed 和一级、二级的分类只能写一个",
        0,
        forms_sample.WIDE,
    ),
    wide("classification: national", "classification: ⌖natonal", "没有名为“natonal”的分类"),
    wide("shared: [level1]", "shared: ⌖[level9]", "shared 里的“level9”不是左边表的列"),
    Broken(
        'names: "functions[].indicators[].level1"',
        'names: ⌖"functions[].indicators[].level9"',
        "没有以“functions[].indicators[].level9”开头的项",
        0,
        forms_sample.WIDE,
    ),
    wide("- block: functions\n  count: 2", "- block: functions\n  count: ⌖0", "count 至少为 1"),
    wide("- block: functions\n  count: 2", "- block: functions\n  count: ⌖5000", "count 太大"),
    wide("spine: {at: A:B, field: name, type: text, caption", "spine: ⌖{at: A:B, caption", "spine 缺少 field"),
    wide("  must: fiscal <= total", "  must: ⌖fiscal <= names", "没有“names”这一栏"),
    wide("  must: fiscal <= total", "  must: ⌖tasks.fiscal <= tasks.total", "这里只能是一格，不能是整列或一组"),
    wide("- table: mid", "- table: ⌖tasks", "表“tasks”写了两次", 1),
    wide('title: "{year}', 'title: ⌖"{yaer}', "“{yaer}”不能用在印好的文字里"),
)
