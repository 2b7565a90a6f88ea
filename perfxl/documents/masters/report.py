"""The master of Hunan's self-evaluation report: order and headings of the official text, the scored table at its end."""

from __future__ import annotations

from perfxl.documents.masters.paper import AREA, TableCell, package, paragraph, table, table_row, tail

_SHARES = (79, 97, 79, 173, 102, 102, 54, 73, 124)
"""The columns of the table, as wide to each other as on the form."""
_WIDTHS = tuple(AREA * share // sum(_SHARES) for share in _SHARES)


def report() -> bytes:
    """Return the master."""
    return package("".join((*_opening(), *_basics(), *_spending(), *_achievements(), *_attached())), _TITLE)


_TITLE = "{{ unit_name }}{{ year }}年绩效自评报告"


def _lines(of: str) -> tuple[str, ...]:
    """Return the paragraphs of a text, one for each line that was typed."""
    return (paragraph(f"{{%p for line in {of} %}}"), paragraph("{{ line }}"), paragraph("{%p endfor %}"))


def _opening() -> tuple[str, ...]:
    return (
        paragraph(_TITLE, "Title"),
        paragraph("", "Gap"),
        paragraph(
            "为提高部门整体支出绩效评价质量，强化绩效管理，根据财政部门关于开展{{ year }}年度财政资金绩效自评工作的要求，"
            "我单位认真组织开展自评，现将{{ year }}年度部门预算整体绩效评价工作情况报告如下："
        ),
    )


def _basics() -> tuple[str, ...]:
    return (
        paragraph("一、基本情况", "Heading1"),
        paragraph("（一）部门基本情况", "Heading2"),
        paragraph("1、机构设置", "Heading3"),
        *_lines("organization"),
        paragraph("2、人员编制情况", "Heading3"),
        paragraph("{%p part %}"),
        paragraph(
            "截至{{ year }}年12月31日，我单位{% part %}在职在编人员{{ staff.on_duty }}人，{% endpart %}"
            "{% part %}退休人员{{ staff.retired }}人{% endpart %}。"
        ),
        paragraph("{%p endpart %}"),
        paragraph("3、部门主要职能", "Heading3"),
        *_lines("functions"),
        paragraph("（二）部门整体支出绩效目标，专项资金绩效目标", "Heading2"),
        *_lines("goals"),
    )


def _spending() -> tuple[str, ...]:
    return (
        paragraph("二、一般公共预算支出情况", "Heading1"),
        paragraph("1、整体支出情况", "Heading3"),
        paragraph("{%p part %}"),
        paragraph(
            "{{ unit_name }}{{ year }}年{% part %}年初预算金额为{{ spending.initial }}万元，{% endpart %}"
            "{% part %}{% if spending.added < 0 %}年中调减预算金额为{{ spending.added | abs }}万元，"
            "{% else %}年中追加预算金额为{{ spending.added }}万元，{% endif %}{% endpart %}"
            "{% part %}年终决算支出{{ spending.final }}万元，{% endpart %}"
            "{% part %}年末结余金额{{ spending.carryover }}万元，{% endpart %}"
            "{% part %}全年预算执行率{{ spending.rate }}{% endpart %}。"
        ),
        paragraph("{%p endpart %}"),
        paragraph("{%p part %}"),
        paragraph(
            "{{ unit_name }}的部门整体支出主要用于单位的正常运转及项目支出等方面，其中："
            "{% part %}基本支出{{ spending.basic.amount }}万元{% part %}，占支出总额{{ spending.basic.share }}{% endpart %}；"
            "{% endpart %}"
            "{% part %}{% if spending.basic.amount %}包括：{% endif %}{% part %}人员经费支出{{ spending.personnel.amount }}万元"
            "{% part %}，占总支出的{{ spending.personnel.share }}{% endpart %}；{% endpart %}"
            "{% part %}公用经费支出{{ spending.public.amount }}万元"
            "{% part %}，占总支出的{{ spending.public.share }}{% endpart %}；{% endpart %}{% endpart %}"
            "{% part %}项目支出{{ spending.project.amount }}万元"
            "{% part %}，占支出总额{{ spending.project.share }}{% endpart %}{% endpart %}。"
        ),
        paragraph("{%p endpart %}"),
        paragraph("2、一般公共预算支出结构情况", "Heading3"),
        paragraph("{%p if by_function %}"),
        paragraph("{%p part %}"),
        paragraph(
            "{{ year }}年度财政拨款支出{{ _by_function.total }}万元，主要用于以下方面："
            "{% for function in by_function %}{% part %}{{ function.name }}{{ function.amount }}万元"
            "{% part %}，占{{ function.share }}{% endpart %}；{% endpart %}{% endfor %}。"
        ),
        paragraph("{%p endpart %}"),
        paragraph("{%p endif %}"),
        paragraph("3、资金管理情况", "Heading3"),
        *_lines("fund_management"),
    )


def _achievements() -> tuple[str, ...]:
    return (
        paragraph("三、部门整体支出绩效情况", "Heading1"),
        paragraph("{%p if results %}"),
        paragraph("{{ year }}年，我单位围绕年度绩效目标履行职责，具体成效体现在以下方面："),
        paragraph("{%p for result in results %}"),
        paragraph("{%p part %}"),
        paragraph("{{ loop.index }}.{{ result.theme }}", "Heading3"),
        paragraph("{%p endpart %}"),
        *_lines("result.text"),
        paragraph("{%p endfor %}"),
        paragraph("{%p endif %}"),
        paragraph("四、存在问题", "Heading1"),
        *_lines("problems"),
        paragraph("五、下一步改进措施", "Heading1"),
        *_lines("measures"),
    )


def _attached() -> tuple[str, ...]:
    return (
        paragraph("{%p if table %}"),
        paragraph("部门整体支出绩效自评表", "TableTitle", breaks=True),
        paragraph("（{{ table.year }}年度）", "TableNote"),
        table(_WIDTHS, [*_funds(), *_goals(), *_indicators()]),
        tail(),
        paragraph("{%p endif %}"),
    )


def _row(*cells: TableCell, whole: bool = True) -> str:
    return table_row(_WIDTHS, cells, whole=whole)


def _left(text: str, span: int) -> TableCell:
    return TableCell(text, span, centered=False)


def _funds() -> list[str]:
    spine = TableCell("", merge="continue")
    total = "table.funds.total"
    pairs = (
        ("按收入性质分：", "按支出性质分："),
        (
            "其中：一般公共预算：{% part %}{{ table.funds.by_income.general }}万元{% endpart %}",
            "其中：基本支出：{% part %}{{ table.funds.by_expense.basic }}万元{% endpart %}",
        ),
        (
            "政府性基金拨款：{% part %}{{ table.funds.by_income.gov_fund }}万元{% endpart %}",
            "项目支出：{% part %}{{ table.funds.by_expense.project }}万元{% endpart %}",
        ),
        ("纳入专户管理的非税收入拨款：{% part %}{{ table.funds.by_income.special_account }}万元{% endpart %}", ""),
        ("其他资金：{% part %}{{ table.funds.by_income.other }}万元{% endpart %}", ""),
    )
    heads = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    keys = ("initial", "budget", "executed", "weight", "rate", "score")
    return [
        _row(TableCell("预算部门名称", 3), TableCell("{{ table.unit_name }}", 6)),
        _row(TableCell("年度预算申请（万元）", merge="restart"), TableCell("", 2), *map(TableCell, heads)),
        _row(spine, TableCell("年度资金总额", 2), *(TableCell(f"{{{{ {total}.{key} }}}}") for key in keys)),
        *(_row(spine, _left(income, 4), _left(expense, 4)) for income, expense in pairs),
    ]


def _goals() -> list[str]:
    return [
        _row(TableCell("年度总体目标", merge="restart"), TableCell("预期目标", 4), TableCell("实际完成情况", 4)),
        _row(
            TableCell("", merge="continue"),
            _left("{{ table.goal.expected }}", 4),
            _left("{{ table.goal.actual }}", 4),
            whole=False,
        ),
    ]


def _indicators() -> list[str]:
    spine = TableCell("", merge="continue")
    heads = (
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    keys = ("level1", "level2", "name", "target", "actual", "weight", "score", "reason")
    row = [TableCell(f"{{{{ row.{key} }}}}", centered=key not in {"name", "reason"}) for key in keys]
    return [
        _row(TableCell("绩效指标", merge="restart"), *map(TableCell, heads)),
        _row(TableCell("{%tr for row in table.indicators %}", 9)),
        _row(spine, *row),
        _row(TableCell("{%tr endfor %}", 9)),
        _row(
            TableCell("总分", 6),
            TableCell("{{ table.total.weight }}"),
            TableCell("{{ table.total.score }}"),
            TableCell(""),
        ),
    ]
