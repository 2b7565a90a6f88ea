"""F: the file itself and whose form it is. (F01–F03 come from opening it, F11, F13 and F14 from the work on the pile.)"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Stamp
from perfxl.model.period import Period
from perfxl.model.reading import Candidate, Oddity, Reading
from perfxl.model.roster import Expected
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule

_NAMED = 4
"""How many missing labels a message names."""

F01 = Rule(
    code="F01",
    severities=(Severity.ERROR,),
    title="不是工作簿或已损坏",
    meaning=(
        "交回的文件无法作为工作簿打开：它其实是别的东西，例如 Word 文档、PDF、图片、压缩包、纯文本，"
        "或者文件在保存、传送时损坏了。审核意见中写明它实际是什么文件。"
    ),
    example="交回“自评表.xlsx”，内容其实是一份 PDF。审核意见：这个文件是 PDF，不是 Excel 工作簿。",
    remedy="请用下发的 Excel 表填报，保存为 .xlsx 文件后交回。在本机也打不开的，请找出备份，或用空表重新填报。",
)

F02 = Rule(
    code="F02",
    severities=(Severity.ERROR,),
    title="文件设有打开密码",
    meaning="文件加了打开密码，无法读取。工作表保护、工作簿结构保护不在此列，不影响读取。",
    example="交回的文件双击后要先输入密码。审核意见：文件设有打开密码，无法读取。",
    remedy="请打开文件，在“文件”菜单的加密选项中清空密码，保存后重新交回。",
)

F03 = Rule(
    code="F03",
    severities=(Severity.ERROR,),
    title="文件超过允许的大小",
    meaning=(
        "文件本身、文件解压后的内容或填有内容的单元格超过了允许的上限，文件没有读取。"
        "审核意见中写明超过的是哪一项、上限是多少。"
    ),
    example="表中贴了上百张现场照片，文件有 86 MB。审核意见：文件大小 86 MB，超过上限 50 MB。",
    remedy="请删去图片、附件和表外多余的内容，另存后交回。仍然过大的，请把填好的内容复制到新的空表中再交。",
)


def with_macros() -> Finding:
    """Return the finding on a workbook with macros, which are never run."""
    return F04.finding("文件里带有宏，没有运行；填报不需要宏，请另存为不带宏的 .xlsx 再交")


F04 = Rule(
    code="F04",
    severities=(Severity.WARNING,),
    title="文件中含有宏",
    meaning="文件中带有宏。宏不会运行，表中的数据照常读取。",
    example="交回的是“自评表.xlsm”。审核意见：文件中含有宏，宏没有运行。",
    remedy="数据不必重填。请审核人员确认文件来源可靠；下次请另存为不含宏的 .xlsx 文件。",
)


def with_external_links() -> Finding:
    """Return the finding on a workbook with links, which are never followed."""
    return F05.finding("文件里有指向其他文件的链接，没有读取；请把这些单元格改成实际的数或文字")


F05 = Rule(
    code="F05",
    severities=(Severity.WARNING,),
    title="文件中含有外部链接",
    meaning="表中的公式引用了别的文件。链接不会打开，只读取本文件中保存的结果，这些结果可能不是最新的。",
    example="“全年执行数”一格引用了本机上的“决算.xlsx”。审核意见：文件中含有指向“决算.xlsx”的链接，没有打开。",
    remedy="请复制引用了别的文件的单元格，在原处粘贴为数值，核对无误后保存。",
)


def no_form(tried: Sequence[tuple[Grid, Sequence[Candidate]]], forms: Mapping[str, Form]) -> Finding:
    """Return the finding that no sheet is one of the forms: the nearest one and what it lacks."""
    nearest = max(
        ((grid, ranking[0]) for grid, ranking in tried if ranking),
        key=lambda pair: pair[1].reading.confidence,
        default=None,
    )
    if nearest is None:
        return F06.finding("文件里没有一张工作表是要填报的表，请用下发的表填报后交回")
    grid, candidate = nearest
    title = forms[candidate.form].title
    lacking = lacks(candidate.reading)
    without = f"，但缺少{lacking}" if lacking else ""
    message = f"没有认出要填报的表。工作表“{grid.name}”最接近《{title}》{without}；请用下发的表填报后交回"
    return F06.finding(message, sheet=grid.name)


def lacks(reading: Reading) -> str:
    """Name the labels that a sheet lacks, a few of them."""
    labels = [notice.label for notice in reading.notices if notice.oddity is Oddity.MISSING]
    names = [name for label in labels for name in label.split("、") if name]
    shown = "、".join(f"“{name}”" for name in names[:_NAMED])
    return f"{shown}等" if len(names) > _NAMED else shown


F06 = Rule(
    code="F06",
    severities=(Severity.ERROR,),
    title="没有认出任何表",
    meaning=(
        "文件中没有一张工作表与已知的表式相符，什么数据也没有读到。审核意见中写明最接近的是哪张表，还缺哪些栏目。"
    ),
    example=(
        "交回的是一张课程表。审核意见：没有认出任何表，最接近的是部门整体支出绩效自评表，缺少“年度资金总额”等栏目。"
    ),
    remedy="请核对是否交错了文件。没有交错的，请用下发的空表填报，不要删改表头和栏目名称。",
)


def stranger(grid: Grid) -> Finding:
    """Return the finding on a sheet beside the forms that is none of them; an empty or hidden one is only noted."""
    if grid.damaged and not grid.hidden:
        message = f"工作表“{grid.name}”在文件里已损坏，没有读取；如是填报内容请在新的空表中重新填写，不是则删去"
        return F07.finding(message, sheet=grid.name)
    if not grid.cells:
        return F07.finding(severity=Severity.INFO, message=f"工作表“{grid.name}”是空的，没有读取", sheet=grid.name)
    if grid.hidden:
        return F07.finding(
            severity=Severity.INFO, message=f"工作表“{grid.name}”是隐藏的，不是要填报的表，没有读取", sheet=grid.name
        )
    message = f"工作表“{grid.name}”不是要填报的表，没有读取；如是填报内容请改用下发的表，不是则删去"
    return F07.finding(message, sheet=grid.name)


F07 = Rule(
    code="F07",
    severities=(Severity.WARNING, Severity.INFO),
    title="有工作表没有认出",
    meaning="文件中另有一张工作表不是已知的表式，其中的内容没有读取。空白的或隐藏的工作表只作提示。",
    example="文件中除自评表外还有一张“测算底稿”。审核意见：工作表“测算底稿”没有认出，内容没有读取。",
    remedy="属于附带材料的，不必处理。属于应当填报的表，请恢复表头和栏目名称后重新交回。",
)


def strangers(book: Book, findings: Iterable[Finding]) -> tuple[str, ...]:
    """Return the names of the sheets that hold something and are, by the findings, none of the forms."""
    told = {finding.sheet for finding in findings if finding.code == F07.code}
    return tuple(grid.name for grid in book.sheets if grid.cells and grid.name in told)


def claimed_twice(sheet: str, first: str, form: Form, period: str = "") -> Finding:
    """Return the finding on two sheets that are one form, of one period, of which there can be only one."""
    when = f" {period}的" if period else ""
    message = f"工作表“{first}”和“{sheet}”都是{when}《{form.title}》，只能有一张；请删去多余的一张"
    return F08.finding(message, sheet=sheet)


F08 = Rule(
    code="F08",
    severities=(Severity.ERROR,),
    title="同一张表出现两份",
    meaning="这种表每个文件只应有一张，文件中却有两张工作表都是它，无法判断以哪一张为准。",
    example=("工作表“自评表”和“自评表（2）”都是部门整体支出绩效自评表。审核意见：两张工作表是同一张表，只能保留一张。"),
    remedy="请留下填写正确的一张，删除另一张，保存后重新交回。",
)


def origin(case: Case, stamp: Stamp | None, asked_year: int | None, year: int | None) -> Iterator[Finding]:
    """Yield the findings that a form was made from another version, or for another year, than asked for."""
    form = case.form
    if stamp is not None and stamp.form == form.id and stamp.version != form.version:
        message = f"这张表是 {stamp.version} 版，现在用的是 {form.version} 版，已按现在的版本读取，请核对"
        yield F09.finding(message, sheet=case.sheet)
    if asked_year is not None and year is not None and year != asked_year:
        message = f"这张表是 {year} 年度的，要的是 {asked_year} 年度，请核对是否交错了表"
        yield F09.finding(message, sheet=case.sheet)


def older(case: Case, newest: Form, gone: Sequence[str] | None) -> Finding:
    """Return the finding that a form was read by an older version of it.

    ``gone`` are the values that the newest has no place for, by path; None where the data keeps the older one's names.
    """
    form = case.form
    said = f"这张表是 {form.version} 版，已按 {form.version} 版读取；现在用的是 {newest.version} 版，请核对是否交错了表"
    if gone is None:
        return F09.finding(f"{said}。两版的栏目不同，读出的数据按 {form.version} 版", sheet=case.sheet)
    if gone:
        labels = list(dict.fromkeys(case.label(path) for path in gone))
        named = "、".join(f"“{label}”" for label in labels[:_NAMED]) + ("等" if len(labels) > _NAMED else "")
        said = f"{said}。{newest.version} 版没有{named}，填的内容没有采用"
    return F09.finding(said, sheet=case.sheet)


F09 = Rule(
    code="F09",
    severities=(Severity.WARNING,),
    title="版本、年度或单位不符",
    meaning=(
        "交回的文件由另一版本、另一年度的空表填成，与本次要求交回的不一致；或者填报的单位不是这张表发给的单位"
        "（项目表的主管部门是表发给的单位，实施单位填下属单位的，不算）。"
    ),
    example=("本次收取 2024 年度的表，交回的文件由 2023 年度的空表填成。审核意见：应为 2024 年度，文件为 2023 年度。"),
    remedy="请核对是否交错了文件。交错的，请改交正确的文件；没有交错的，由审核人员确认。",
)


def in_doubt(grid: Grid, ranking: Sequence[Candidate], forms: Mapping[str, Form]) -> Finding:
    """Return the finding that another form fits nearly as well."""
    nearest, runner_up = (_tried_as(one, forms[one.form]) for one in ranking[:2])
    message = f"工作表“{grid.name}”按{nearest}读取，也可能是{runner_up}，请核对"
    return F10.finding(message, sheet=grid.name)


def _tried_as(candidate: Candidate, form: Form) -> str:
    """Return what a sheet was tried as: a form, of one on several sheets which of them."""
    name = form.sheets[candidate.part - 1].name if 1 <= candidate.part <= len(form.sheets) else ""
    return f"《{form.title}》（{form.region}）{f'的“{name}”' if name else ''}"


F10 = Rule(
    code="F10",
    severities=(Severity.WARNING,),
    title="表式难以确定",
    meaning=(
        "这张工作表与两种表式都很相像，已按更像的一种读取，另一种写在审核意见中。多半是能区分两种表式的栏目被删掉了。"
    ),
    example="自评表缺少“分值”“得分”两列。审核意见：已按甲表读取，与乙表也很相像。",
    remedy="请核对读取所用的表式是否正确。不正确的，请恢复被删的栏目后重新交回。",
)


def attached(file: str, what: str, whose: str) -> Finding:
    """Return the finding on a scan or a report that comes with a return; its value is what kind of file it is."""
    gap = " " if what[0].isascii() else ""
    return F11.finding(f"“{file}”是{gap}{what}，作为“{whose}”的附件收下，没有读取", value=what)


F11 = Rule(
    code="F11",
    severities=(Severity.INFO,),
    title="已跳过的文件",
    meaning=(
        "文件夹中有系统或办公软件自动生成的文件，例如表格打开时产生的锁定文件；或者有随表交来的扫描件、Word 报告等附件："
        "它们与已交回的表同名，名称中有那个单位，或者放在只有那个单位的文件夹、压缩包里。它们不是填报的表，已经跳过。"
    ),
    example="文件夹中有“~$自评表.xlsx”。审核意见：这是表格打开时的锁定文件，已跳过。",
    remedy="不必处理。若是锁定文件，请先关闭正在编辑的表再复制，以免漏掉没有保存的内容。",
)


def converted(suffix: str) -> Finding:
    """Return the finding on a format that few programs save as others do."""
    message = f"这是 .{suffix} 文件，已读取；少数格式可能与原文件有出入，请对照原文件核对，下次请另存为 .xlsx 再交"
    return F12.finding(message)


F12 = Rule(
    code="F12",
    severities=(Severity.WARNING,),
    title="其他格式的表格文件",
    meaning="文件格式较少使用，例如 .xlsb 或 .ods，各软件的写法不尽相同，个别格式可能与原文件有出入。",
    example="交回“自评表.ods”。审核意见：这是 .ods 文件，已读取，请对照原文件核对。",
    remedy="请对照原文件核对读出的数据。最好用 Excel 或 WPS 另存为 .xlsx 文件后重新交回。",
)

F13 = Rule(
    code="F13",
    severities=(Severity.ERROR,),
    title="读取超时或中断",
    meaning="读取这个文件用时超过上限，或者读取到一半程序中断，只好放弃。其他文件不受影响。",
    example="文件打开后长时间没有结果。审核意见：读取用时超过上限，文件没有读取。",
    remedy="请把填好的内容复制到新的空表中，保存后重新交回。",
)

F14 = Rule(
    code="F14",
    severities=(Severity.WARNING,),
    title="无法在原文件上标注",
    meaning=(
        "文件带有数字签名，或者按“严格”格式保存，在上面标注会使签名失效或文件损坏，因此原文件不动。"
        "审核本身照常进行，标注件是按填报内容另做的一份，错误清单在其中第一张表。"
    ),
    example="交回的自评表加了数字签名。审核意见：文件带有数字签名，不能在上面标注，问题见另做的标注件。",
    remedy="请对照标注件里的清单改正。想在原件上看到标注的，请去掉签名，另存为普通的 .xlsx 文件后交回。",
)


def unexpected(
    sheet: str, form: Form, period: Period, expected: Sequence[Expected], forms: Mapping[str, Form]
) -> Finding:
    """Return the finding on a form, or one of a year or a part of it, that is not what is being collected."""
    wanted = "、".join(_called(forms[one.form], one.period) for one in expected)
    message = f"这张表是{_called(form, period)}，这次收的是{wanted}，不算已报；请核对是否交错了表，改交要收的表"
    return F15.finding(message, sheet=sheet)


def _called(form: Form, period: Period) -> str:
    return f"{f' {period.said}的' if period.said else ''}《{form.title}》（{form.region}）"


F15 = Rule(
    code="F15",
    severities=(Severity.ERROR,),
    title="不是这次要收的表",
    meaning=(
        "指定了这次要收哪些表、哪个年度，交回的是另一张表或另一个年度的表。这样的表不算已报，也不再审核它的内容；"
        "同一工作簿里其他的表照常审核。"
    ),
    example="这次收 2024 年度的自评表，交回的是 2023 年度的。审核意见：这张表是 2023 年度的，这次收的是 2024 年度的。",
    remedy="请核对是否拿错了文件，改交这次要收的表。",
)

RULES = (F01, F02, F03, F04, F05, F06, F07, F08, F09, F10, F11, F12, F13, F14, F15)
