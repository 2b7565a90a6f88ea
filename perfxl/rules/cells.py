"""V01–V05, V10, S06, S10: what stands in single cells, whatever the form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.finding import APPLIED, NO_FIX, Finding, Fix, FixKind, Severity, Shown
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import generic, in_row, row_of
from perfxl.model.value import Value
from perfxl.rules.case import Case, beyond, limit
from perfxl.rules.funds.together import amounts_together
from perfxl.rules.needs import amounts
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.shapes import misshapen
from perfxl.rules.watching import watched
from perfxl.rules.words import figure, short
from perfxl.values.typed import CellProblem, Coerced


def _watch_blank(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    for group in amounts_together(form, asked.over):
        must, want = f"COUNTA({', '.join(group.paths)}) > 0", f"{group.name}已填写（没有金额的填 0）"
        yield watched(V01, form, asked, must, group.paths[0], want, left=True)


def _blank_together(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the columns of fund tables, and the lists of amounts, in which nothing at all was typed."""
    for group in amounts_together(case.form, asked.over):
        seen = [path for path in group.paths if path in case.reading.seen]
        # A dash, or a text that cannot be read, is no blank: it has a finding of its own.
        if seen and all(case.record[path] is None and path not in case.bound.remarks for path in group.paths):
            rest = "各项都没有填写" if len(group.paths) > 1 else "没有填写"
            message = f"{group.name}{rest}，请填写金额，没有金额的填 0"
            yield V01.at(case, seen[0], message, asked=asked, related=seen[1:])


V01 = Rule(
    code="V01",
    severities=(Severity.ERROR,),
    title="必填项未填",
    meaning=(
        "必须填写的栏目是空白。只有空格的也算空白。资金表中一整列金额都空着的，“按收入性质分”之类的一组金额都空着的，"
        "也是没有填写。"
    ),
    example="“预算部门名称”没有填。审核意见：预算部门名称未填。",
    remedy="请填写这一栏。金额确实没有的请填 0，不要留空。",
    named=Named(needs=amounts, check=_blank_together, live=LiveHalf(_watch_blank)),
)
"""A required field that is blank is told with the code that the form has for it (perfxl.rules.run)."""


def _unreadable(case: Case) -> Iterator[Finding]:
    for path, remark in _remarked(case, CellProblem.UNREADABLE):
        wanted = case.form.fields[generic(path)].type.traits.wanted.format(money=case.form.money)
        because = f"：{remark.reason}" if remark.reason else ""
        message = f"{case.name(path)}填的是“{_quoted(remark.typed)}”{because}，这里应填{wanted}"
        fix = NO_FIX if remark.suggestion is None else Fix(FixKind.SUGGESTED, _shown(remark.suggestion))
        yield V02.at(case, path, message, value=remark.typed, fix=fix)
    for path, _ in _remarked(case, CellProblem.NO_RESULT):
        message = (
            f"{case.name(path)}是公式，文件里没有存下计算结果，系统也算不出来；"
            "请用 Excel 或 WPS 打开这个文件，保存后再交，或直接填写结果"
        )
        yield V02.at(case, path, message)
    for wrong in misshapen(case, "V02"):
        yield V02.at(case, wrong.path, wrong.message, value=wrong.value)


V02 = Rule(
    code="V02",
    severities=(Severity.ERROR,),
    title="内容不能识别",
    meaning=(
        "填写的内容与栏目要求的类型不同：该填数的填了文字，该填日期的认不出日期，等等。这一格暂按空白处理，"
        "原来填写的内容保留在审核意见中。号码、编码的写法或校验码不对，字数不够的，也是这一类，数据里仍是填写的内容。"
    ),
    example="“全年执行数”填了“约三百”。审核意见：“约三百”不是数字，应填金额。",
    remedy="请按栏目要求重新填写：金额只填数字，不写“约”“左右”；日期写成 2024年1月16日 的样子。",
    always=_unreadable,
)


def _not_offered(case: Case) -> Iterator[Finding]:
    for path, remark in _remarked(case, CellProblem.NOT_OFFERED):
        field = case.form.fields[generic(path)]
        if field.list:
            said = f"填的是“{_quoted(remark.typed)}”，清单里没有这一项，请从下拉列表中选"
            near = f"，是否是“{remark.suggestion}”" if remark.suggestion else ""
            yield V03.at(case, path, f"{case.name(path)}{said}{near}", value=remark.typed)
            continue
        words = [choice.word for choice in field.choices]
        offered = "、".join(words)
        if not case.form.ticked(generic(path)):
            said = f"填的是“{_quoted(remark.typed)}”，只能从这几项中选：{offered}"
        elif set(str(remark.typed).split("、")) <= set(words):
            both = "、".join(f"“{word}”" for word in str(remark.typed).split("、"))
            said = f"在{both}几栏都打了勾，只能选一项，请清去多余的勾"
        else:
            said = f"的一栏里填的是“{_quoted(remark.typed)}”，请只在{offered}中的一栏打勾（✔），其余留空"
        yield V03.at(case, path, f"{case.name(path)}{said}", value=remark.typed, expected=offered)


def _not_chosen(case: Case) -> Iterator[Finding]:
    yield from _not_offered(case)
    choices = case.form.listed
    for path, value in case.record.values.items() if choices else ():
        field = choices.get(generic(path))
        if field is None or not isinstance(value, str):
            continue
        listed = case.form.lists[field.list]
        other = in_row(field.within, row_of(path)) if field.within else ""
        under = case.record[other] if other else None
        entry = listed.find(value, under if isinstance(under, str) else None)
        if entry is None:
            message = f"{case.name(path)}“{short(value)}”不属于{case.name(other)}“{short(str(under))}”，请重新选择"
            yield V03.at(case, path, message, value=value, related=(other,))
        elif entry.ended(case.year):
            message = f"{case.name(path)}“{short(value)}”只用到 {entry.until} 年，这张表是 {case.year} 年度的，请换一项"
            yield V03.at(case, path, message, value=value)


V03 = Rule(
    code="V03",
    severities=(Severity.ERROR,),
    title="不在可选项之内",
    meaning=(
        "这一栏只能从给定的选项中选择，填写的内容不是其中之一，或者该打一个勾的几栏打了几个勾。"
        "约定的同义写法视为相同，例如“特定目标类”与“特定目标”。从清单中选的，已经停用的、不属于所选上一级的，也不能选。"
    ),
    example="支出项目类别填了“其他”。审核意见：“其他”不是可选项，应为人员类、运转类、特定目标之一。",
    remedy="单元格有下拉列表的，请从列表中选一项；分几栏打勾的，请只留一个勾，其余几栏清空。",
    always=_not_chosen,
)


def _beyond(case: Case) -> Iterator[Finding]:
    for path in beyond(case.form, case.record):
        field, value = case.form.fields[generic(path)], case.record[path]
        end = limit(value, field.minimum, field.maximum) if isinstance(value, Decimal) else None
        if isinstance(value, Decimal) and end is not None:
            wrong = "小于" if value < end else "大于"
            message = f"{case.name(path)}是 {figure(value)}，不能{wrong} {figure(end)}，请核对"
            yield V04.at(case, path, message, value=value)
    for cell in misshapen(case, "V04"):
        yield V04.at(case, cell.path, cell.message, value=cell.value)


V04 = Rule(
    code="V04",
    severities=(Severity.ERROR,),
    title="超出允许的范围",
    meaning="数值超出了栏目允许的范围。金额一般不得小于 0，栏目另有规定的除外。规定了小数位数的，位数过多也是。",
    example="“全年执行数”填了 -12.50。审核意见：-12.50 小于 0，金额不得为负。",
    remedy="请核对数值和正负号后改正。",
    always=_beyond,
)


def _too_long(case: Case) -> Iterator[Finding]:
    longest = case.form.longest  # a text of exactly so many characters is V02
    for path, value in case.record.values.items() if longest else ():
        if not isinstance(value, str) or (most := longest.get(generic(path))) is None or len(value) <= most:
            continue
        message = f"{case.name(path)}有 {len(value)} 个字，超过 {most} 个字的限制，多 {len(value) - most} 个字，请精简"
        yield V05.at(case, path, message, value=value)


V05 = Rule(
    code="V05",
    severities=(Severity.WARNING,),
    title="文字超过字数上限",
    meaning="文字超过了这一栏的字数上限，打印时可能显示不全。",
    example="偏差原因写了 620 字，上限为 500 字。审核意见：共 620 字，超过上限 120 字。",
    remedy="请精简文字，把详细说明放到自评报告中。",
    always=_too_long,
)


def _normalised(case: Case) -> Iterator[Finding]:
    for path, remark in _remarked(case, CellProblem.NORMALISED):
        message = f"{case.name(path)}已按规范识别：{remark.reason}"
        expected = _shown(case.bound.record[path])
        yield V10.at(case, path, message, value=remark.typed, expected=expected, fix=APPLIED)


V10 = Rule(
    code="V10",
    severities=(Severity.INFO,),
    title="写法已自动规范",
    meaning=(
        "填写的内容能够确定，只是写法不规范，已自动转换：全角数字、千位分隔符、多余的空格、写成文字的数、"
        "金额后的单位、表示没有金额的“-”或“无”、写法不同的比较符号。原来的写法保留在审核意见中。"
    ),
    example="“基本支出”填了“１，０５０．６０万元”。审核意见：已按 1050.60 读取。",
    remedy="请看一眼转换结果。正确的，不必处理；不正确的，请改填数字。",
    always=_normalised,
)


def _error_cells(case: Case) -> Iterator[Finding]:
    for path, remark in case.bound.remarks.items():
        if remark.problem is not CellProblem.ERROR_CELL:
            continue
        name = case.name(path)
        if not case.form.fields[generic(path)].computed:
            yield S06.at(case, path, f"{name}显示为 {remark.typed}，请重新填写", value=remark.typed)
        elif case.sound(path):
            message = f"{name}显示为 {remark.typed}，系统已重新计算，请恢复原来的公式"
            yield S06.at(case, path, message, severity=Severity.WARNING, value=remark.typed)


S06 = Rule(
    code="S06",
    severities=(Severity.ERROR, Severity.WARNING),
    title="单元格是错误值",
    meaning=(
        "单元格显示的是 #REF!、#DIV/0!、#VALUE! 之类的错误值。出现在填报栏的是错误；出现在自动计算栏的是警告，"
        "数值已重新计算。"
    ),
    example="删除一行后，“项目支出”一格显示 #REF!。审核意见：单元格是错误值 #REF!，应填金额。",
    remedy="填报栏请直接填写正确的内容。自动计算栏请从空表中把公式复制回来。",
    always=_error_cells,
)


def _placeholders(case: Case) -> Iterator[Finding]:
    for path, remark in _remarked(case, CellProblem.PLACEHOLDER):
        message = f"{case.name(path)}还是“{_quoted(remark.typed)}”，请换成实际内容"
        yield S10.at(case, path, message, value=remark.typed)


S10 = Rule(
    code="S10",
    severities=(Severity.ERROR,),
    title="仍是占位文字",
    meaning="整个单元格只有“XX”“待填”“目标1：”“……”之类的占位文字，没有填写实际内容。",
    example="预期目标一格只有“目标1：”。审核意见：“目标1：”是占位文字，应填写目标内容。",
    remedy="请换成实际内容。没有内容可填的行，请整行清空。",
    always=_placeholders,
)


def _remarked(case: Case, problem: CellProblem) -> Iterator[tuple[str, Coerced]]:
    """Yield the typed cells with a problem; what was typed over a formula is judged by S04 and the figure's own rule."""
    for path, remark in case.bound.remarks.items():
        if remark.problem is problem and not case.form.fields[generic(path)].computed:
            yield path, remark


def _quoted(typed: Shown) -> str:
    return short(figure(typed) if isinstance(typed, Decimal) else str(typed))


def _shown(value: Value) -> Shown:
    return value.isoformat() if isinstance(value, dt.date) else value


RULES = (V01, V02, V03, V04, V05, V10, S06, S10)
