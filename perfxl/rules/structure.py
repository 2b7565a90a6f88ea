"""S01–S05, S07, S08, S12, S13: what became of the form's structure and of its formulas."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.address import Box, column_letter
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import CellKind
from perfxl.model.path import generic
from perfxl.model.reading import Oddity, ReadingNotice
from perfxl.model.value import Value
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule
from perfxl.rules.words import number_or_text, quantity, short
from perfxl.values.bind import agree
from perfxl.values.typed import CellProblem

FIGURES = frozenset({"M01", "M03", "M07", "P02", "P03", "P05"})
"""What is said of a computed figure that is wrong: that it has no formula any more, or an old result, is then no news."""


def _missing(case: Case) -> Iterator[Finding]:
    for name in case.lost:
        message = f"少了工作表“{name}”，里面的内容无法读取；请用下发的表重新填报，各张工作表都不要删去"
        if case.spare:
            message = f"《{case.form.title}》的另一份少了工作表“{name}”；有几份的，请一份用一个文件交回，多余的删去"
        yield S01.finding(message, label=name)
    for sheet, notice in _notices(case, Oddity.MISSING):
        message = f"表上找不到“{short(notice.label)}”这一行，请用下发的表重新填报，不要删改表上印好的文字"
        yield S01.finding(message, sheet=sheet, cell=notice.cell, label=notice.label or None)


S01 = Rule(
    code="S01",
    severities=(Severity.ERROR,),
    title="缺少栏目",
    meaning=(
        "必需的栏目名称或一整块表格被删除，或改得认不出来，其中的内容无法读取。审核意见中写明缺少哪个栏目。"
        "一张表分在几张工作表上的，少了一张工作表也是。"
    ),
    example="“全年执行数”一列被删除。审核意见：缺少栏目“全年执行数”。",
    remedy="请从下发的空表中把这个栏目复制回原处再填写，或把填好的内容移到新的空表中。",
    always=_missing,
)


def _reworded(case: Case) -> Iterator[Finding]:
    for sheet, notice in _notices(case, Oddity.REWORDED):
        text, label = short(notice.text), short(notice.label)
        yield _of(S02, sheet, notice, f"“{text}”这一格的文字与表样不同，按“{label}”读取，请改回原来的文字")


S02 = Rule(
    code="S02",
    severities=(Severity.WARNING,),
    title="栏目名称被改写",
    meaning="一个栏目的名称与表式不同，但前后左右的栏目都对得上，因此按位置认作原来的栏目，内容已经读取。",
    example="“全年预算数”被改写成“调整后数额”。审核意见：“调整后数额”按“全年预算数”读取。",
    remedy="请核对认得是否正确，并把栏目名称改回表式上的写法。",
    always=_reworded,
)


def _moved(case: Case) -> Iterator[Finding]:
    for sheet, notice in _notices(case, Oddity.MOVED, Oddity.MERGED):
        if notice.oddity is Oddity.MOVED:
            yield _of(S03, sheet, notice, f"“{short(notice.text)}”所在的行与表样的位置不同，已按内容读取")
            continue
        message = (
            f"“{short(notice.text)}”这一行归在了上面的“{short(notice.label)}”之下，表上看不出分界；"
            "如另属一组或另一个目标，请在这一行写明"
        )
        yield _of(S03, sheet, notice, message, Severity.WARNING)


S03 = Rule(
    code="S03",
    severities=(Severity.INFO, Severity.WARNING),
    title="增删或移动了行",
    meaning=(
        "在允许的地方插入、删除或移动了行，内容已按栏目名称读取。"
        "如果两组指标或两个目标的内容可能因此并到了一起，则作警告。"
    ),
    example="在数量指标下插入了两行。审核意见：此处插入了 2 行，内容已读取。",
    remedy="只作提示的，不必处理。作警告的，请核对各组指标、各个目标的内容是否分得清楚。",
    always=_moved,
)


def _replaced(case: Case) -> Iterator[Finding]:
    """Yield the formulas of a stamped workbook that somebody typed over."""
    for path, seen in case.worked_out if case.stamped else ():
        if seen.cell is not None and seen.cell.formula is not None:
            continue
        if seen.content is None or (isinstance(seen.content, str) and not seen.content.strip()):
            continue
        field = case.form.fields[generic(path)]
        stated, value = case.bound.stated.get(path), case.record[path]
        typed = f" {quantity(stated, field.type)}" if stated is not None else f"“{short(str(seen.content))}”"
        message = f"{case.name(path)}原来是公式，现在填的是{typed}，系统按公式计算，请恢复公式"
        plain = number_or_text(stated)
        shown = str(seen.content) if plain is None else plain
        yield S04.at(case, path, message, value=shown, expected=number_or_text(value))


S04 = Rule(
    code="S04",
    severities=(Severity.WARNING,),
    title="公式被改成了填写的数",
    meaning=(
        "空表中由公式自动计算的单元格，交回时成了直接填写的数。数据以重新计算的结果为准；填写的数算得不对的，"
        "由资金和评分的规则指出，不再另列。"
    ),
    example="“执行率”一格的公式被覆盖，填了 98%。审核意见：此格应由公式计算，填写的 98% 未被采用。",
    remedy="标注件里已把公式放回；在自己的表上改的，请从空表中把公式复制回来，不要在自动计算的单元格中填数。",
    always=_replaced,
    explained_by=FIGURES,
)


def _stale(case: Case) -> Iterator[Finding]:
    """Yield the formulas whose stored result is stale or absent."""
    for path, remark in case.bound.remarks.items():
        if remark.problem is CellProblem.RECALCULATED:
            stored = remark.typed if isinstance(remark.typed, Decimal | str) else None
            yield S05.at(
                case, path, _recalculated(case, path, stored), value=stored, expected=number_or_text(case.record[path])
            )
    for path, seen in case.worked_out:
        if seen.cell is None or seen.cell.formula is None:
            continue
        stated, value = case.bound.stated.get(path), case.record[path]
        if not case.sound(path) or seen.cell.kind is CellKind.ERROR or agree(stated, value):
            continue
        given = case.given.get(path)
        if given is None or not agree(given.value, stated):
            yield S05.at(
                case,
                path,
                _recalculated(case, path, stated),
                value=number_or_text(stated),
                expected=number_or_text(value),
            )


def _recalculated(case: Case, path: str, stored: Value) -> str:
    """Return what is said of a formula whose stored result is not what the formula gives."""
    field = case.form.fields[generic(path)]
    value = case.record[path]
    right = "算出的是空白" if value is None else f"已重新算出 {quantity(value, field.type)}"
    if stored is None:
        return f"{case.name(path)}的公式没有存下计算结果，系统{right.replace('重新', '')}"
    return f"{case.name(path)}显示的 {quantity(stored, field.type)} 没有随填报更新，系统{right}"


S05 = Rule(
    code="S05",
    severities=(Severity.INFO,),
    title="公式结果不是最新的",
    meaning="公式单元格没有保存结果，或者保存的结果与重新计算的不同。已采用重新计算的结果。",
    example="改了分项金额而合计仍显示旧数。审核意见：合计已重新计算，为 165.00。",
    remedy="不必处理。想让表中显示新的结果，请在 Excel 或 WPS 中打开后重新计算，再保存。",
    always=_stale,
    explained_by=FIGURES,
)


def _copies(case: Case) -> Iterator[Finding]:
    for sheet, notice in _notices(case, Oddity.COPY):
        yield _of(S07, sheet, notice, f"合并单元格里还留有一份“{short(notice.text)}”，没有重复读取")


S07 = Rule(
    code="S07",
    severities=(Severity.INFO,),
    title="合并单元格下藏有内容",
    meaning="合并单元格只显示左上角一格的内容，被盖住的格里还留有复制来的内容，没有采用。",
    example="“产出指标”合并了三行，被盖住的第二、三行里也有文字。审核意见：被合并盖住的内容没有采用。",
    remedy="一般不必处理。若被盖住的才是要填报的内容，请取消合并，移到左上角一格。",
    always=_copies,
)


def _outside(case: Case) -> Iterator[Finding]:
    for sheet, notice in _notices(case, Oddity.OUTSIDE):
        message = f"“{short(notice.text)}”不在任何填报栏内，没有读取；如属填报内容请移到相应的栏，不属则删去"
        yield _of(S08, sheet, notice, message)


S08 = Rule(
    code="S08",
    severities=(Severity.WARNING,),
    title="表外填有内容",
    meaning="在所有栏目以外的单元格里填了内容，这些内容不计入数据。",
    example="在表的右侧写了“含追加 20 万元”。审核意见：此处不属于任何栏目，内容没有采用。",
    remedy="需要上报的，请移到相应的栏目中；不需要的，请删除。",
    always=_outside,
)


def nothing_filled_in(case: Case) -> Finding:
    """Return the finding on a form that came back as it was sent out; nothing else is said of it."""
    message = f"“{short(case.sheet)}”还是空表，什么都没有填写，请填好后重新交回"
    return S12.finding(message, sheet=case.sheet)


def spare(case: Case) -> Finding:
    """Return the finding on a blank form next to others of its kind that are filled in."""
    message = f"“{short(case.sheet)}”没有填写，按多余的空表处理；用不着的请删去这张工作表"
    return S12.finding(message, severity=Severity.INFO, sheet=case.sheet)


S12 = Rule(
    code="S12",
    severities=(Severity.ERROR, Severity.INFO),
    title="整张表没有填写",
    meaning=(
        "整张表什么都没有填写，这时不再审核别的。同一个文件里另有同样的表已经填好的，多余的空表只作提示。"
        "只有单位、年度、项目名称、主管部门和印好的内容的，也算没有填写。"
    ),
    example="单位把空表原样交回。审核意见：“自评表”还是空表，什么都没有填写。",
    remedy="请填好后重新交回。多余的空表请删去。",
)


def _hidden(case: Case) -> Iterator[Finding]:
    """Yield the hidden sheets, rows and columns in which something was typed, each at the first such cell."""
    said: set[tuple[str, str]] = set()
    if not (case.unseen.rows or case.unseen.columns or case.states):
        return
    for path, seen in sorted(case.reading.seen.items(), key=lambda item: item[1].box):
        if seen.cell is None or case.form.fields[generic(path)].computed or not case.filled_in(path):
            continue
        sheet = case.sheet_of(path)
        for name in _concealed(case, path, seen.box):
            if (sheet, name) not in said:
                said.add((sheet, name))
                typed = short(str(seen.content))
                message = f"{name}被隐藏，里面填有“{typed}”等内容，已照常读取；请取消隐藏，核对后再交"
                yield S13.at(case, path, message, value=typed)


def _concealed(case: Case, path: str, box: Box) -> Iterator[str]:
    """Yield the hidden sheet, row and column that a cell begins in, as an officer calls them; not where the rest is shown.

    What a hidden sheet hides besides is not told.
    """
    sheet, unseen = case.sheet_of(path), case.unseen_around(path)
    if sheet in case.states and case.states[sheet].hidden:
        yield f"工作表“{sheet}”"
        return
    if unseen.rows.issuperset(range(box.row, box.last_row + 1)):
        yield f"第 {box.row} 行"
    if unseen.columns.issuperset(range(box.column, box.last_column + 1)):
        yield f"{column_letter(box.column)} 列"


S13 = Rule(
    code="S13",
    severities=(Severity.WARNING,),
    title="隐藏的行列中填有内容",
    meaning="被隐藏的行或列里填有内容。这些内容照常读取、计入合计，但打开表格、打印出来都看不到。",
    example="第 12 行被隐藏，其中填有“其他资金”30.00。审核意见：第 12 行被隐藏，里面填有“30.00”等内容。",
    remedy="请选中上下两行，右键“取消隐藏”，核对里面的内容；不该有的请清除。",
    always=_hidden,
)


def _notices(case: Case, *oddities: Oddity) -> Iterator[tuple[str, ReadingNotice]]:
    """Yield the oddities of some kinds, each with the sheet that it is on."""
    for sheet, reading in case.sheets:
        yield from ((sheet, notice) for notice in reading.notices if notice.oddity in oddities)


def _of(rule: Rule, sheet: str, notice: ReadingNotice, message: str, severity: Severity | None = None) -> Finding:
    return rule.finding(
        message,
        severity=severity,
        sheet=sheet,
        cell=notice.cell,
        label=notice.label or None,
        value=notice.text or None,
    )


RULES = (S01, S02, S03, S04, S05, S07, S08, S12, S13)
