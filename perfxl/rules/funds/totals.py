"""M01, M03: totals and shares typed where the form computes them."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec.structs import replace

from perfxl.expr.arithmetic import rounded
from perfxl.expr.comparison import POINT
from perfxl.expr.evaluate import concrete, summands
from perfxl.expr.rounding import rounding_of
from perfxl.model.expression import Binary, Call, Constant, Expr, FieldRef, Function, Operator
from perfxl.model.field_type import Sort, Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import generic, is_under, row_of
from perfxl.rules.case import Case
from perfxl.rules.funds.rows import division
from perfxl.rules.funds.shown import percentages_left_out, shown_otherwise
from perfxl.rules.needs import computed
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.watching import watched
from perfxl.rules.words import cents, money, percent, points_apart

_HUNDREDTH = Decimal("0.01")


def _totals(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the totals that were typed over their formulas and are not the sum of their rows."""
    for path, typed, right in typed_over(case, asked.over, Type.MONEY):
        formula = case.form.fields[generic(path)].formula
        gap = abs(cents(typed) - cents(right))
        if not gap or formula is None:
            continue
        printed = summands(formula, case.record, row_of(path))
        yield M01.at(
            case,
            path,
            f"{case.name(path)}填的是 {money(typed)}，各项之和是 {money(right)}，相差 {money(gap)}",
            asked=asked,
            severity=Severity.WARNING if gap <= rounding_of(printed) else Severity.ERROR,
            value=typed,
            expected=right,
        )


def watch_computed(rule: Rule, form: Form, asked: FormRule, kind: Type) -> Iterator[LiveRule]:
    """Yield that the computed fields of a type at or below a path show what their formulas give: some get typed over."""
    for path in form.computed:
        field = form.fields[path]
        if field.formula is None or field.type is not kind or "[]" in path or not is_under(path, asked.over):
            continue
        own = FieldRef(path, Sort.NUMBER)
        must: Expr = Binary(Operator.EQUAL, own, field.formula)
        if kind is Type.PERCENT:
            apart = Call(Function.ABS, (Binary(Operator.SUBTRACT, own, field.formula),))
            must = Binary(Operator.AT_MOST, apart, Constant(POINT))
        name = "的".join(part.replace("\n", "") for part in field.parts[-2:])
        want, say = f"{name}是公式算出的数，没有被改动", "填的是 {left}，按公式计算是 {right}，请恢复公式"
        condition = watched(rule, form, asked, must, path, want, say=say, sides=(own, field.formula))
        yield replace(condition, summed=kind is Type.MONEY)


def _watch_totals(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    return watch_computed(M01, form, asked, Type.MONEY)


def _left_out(case: Case) -> Iterator[Finding]:
    """Yield the totals that show another sum than that of their rows, because their formulas leave something out."""
    for path, shown, right, texts, message in shown_otherwise(case, percentages=False):
        yield M01.at(case, path, message, severity=Severity.WARNING, value=shown, expected=right, related=texts)


M01 = Rule(
    code="M01",
    severities=(Severity.ERROR, Severity.WARNING),
    title="合计与各项之和不符",
    meaning=(
        "合计数应等于各分项之和，每一列都要相符。四舍五入造成的出入，每个分项允许 0.005，"
        "合起来不足 0.01 的进到 0.01：在此以内是警告，超过是错误。公式没有算上写成文字的数，或没有包括新增的行，"
        "表上显示的合计与数据不同的，是警告。"
    ),
    example="三个分项为 120.00、30.00、15.00，合计填 165.50。审核意见：合计 165.50 与各项之和 165.00 相差 0.50。",
    remedy="请核对各分项和合计，改正填错的数。合计由公式计算的，只改分项，不改公式。",
    always=_left_out,
    named=Named(
        needs=computed(Type.MONEY),
        check=_totals,
        live=LiveHalf(_watch_totals, unlike="增行表中的合计由审核时核对"),
    ),
)


def _shares_left_out(case: Case) -> Iterator[Finding]:
    """Yield the shares and rates that follow such totals; in forms that check their rates those have a rule of their own."""
    if not any(asked.code == "M07" for asked in case.form.rules):
        yield from percentages_left_out(case, M03)


def _shares(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the shares that were typed over their formulas and are not part ÷ total, or that do not make 100%."""
    wrong = False
    for path, typed, right in typed_over(case, asked.over, Type.PERCENT):
        if abs(typed - right) > POINT:
            wrong = True
            if typed == rounded(right, 2):
                message = f"{case.name(path)}填的是 {percent(typed)}，按金额计算是 {percent(right)}，取了整数，可以不改"
                yield M03.at(case, path, message, severity=Severity.INFO, value=typed, expected=right)
                continue
            apart = points_apart(typed, right)
            yield M03.at(
                case,
                path,
                f"{case.name(path)}填的是 {percent(typed)}，按金额计算是 {percent(right)}，相差 {apart}",
                asked=asked,
                value=typed,
                expected=right,
            )
    # Whoever corrects a wrong share has corrected the sum of them, too.
    if not wrong:
        yield from _together(case, asked)


def _together(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield a finding where the shares of all parts of one total were typed and do not print 100.00 ± 0.01."""
    typed = {path: share for path, share, _ in typed_over(case, asked.over, Type.PERCENT)}
    wholes: dict[tuple[str, ...], dict[str, str]] = {}
    for path in typed:
        sides = division(case.form.fields[generic(path)].formula)
        if sides is not None:
            (part, *_), whole = concrete(sides[0], case.record, row_of(path)), _parts(case, sides[1])
            if part in whole:
                wholes.setdefault(whole, {})[part] = path
    for whole, paths in wholes.items():
        if any(case.record[part] is not None and part not in paths for part in whole) or len(paths) == 1:
            continue
        printed = sum((cents(typed[path] * 100) for path in paths.values()), Decimal(0))
        # A share of whole percents may be off by half of one.
        coarse = sum(typed[path] == rounded(typed[path], 2) for path in paths.values())
        if abs(printed - 100) > max(_HUNDREDTH, Decimal(coarse) / 2):
            first = next(iter(paths.values()))
            names = "、".join(case.form.fields[generic(path)].parts[-2] for path in paths.values())
            message = f"{names}的占比加起来是 {printed:f}%，应为 100.00%，请按金额重新计算各项占比"
            yield M03.at(case, first, message, asked=asked, value=printed / 100, related=paths.values())


def _parts(case: Case, whole: Expr) -> tuple[str, ...]:
    """Return what a total is the sum of: by the formula of its field, or a sum that is written out."""
    match whole:
        case FieldRef(path):
            formula = case.form.fields[path].formula
            return _parts(case, formula) if formula is not None else ()
        case Call(Function.SUM, _):
            return concrete(whole, case.record)
        case _:
            return ()


def _watch_shares(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    return watch_computed(M03, form, asked, Type.PERCENT)


M03 = Rule(
    code="M03",
    severities=(Severity.WARNING, Severity.INFO),
    title="占比计算不符",
    meaning=(
        "占比应等于该项金额除以合计，允许相差 0.01 个百分点；只保留到整数的（91.91% 填 92%），是提示。"
        "各项占比相加应为 100.00%，也允许相差 0.01 个百分点。"
    ),
    example=(
        "合计 200.00，其中人员类 50.00，占比填 26.00%。审核意见：占比 26.00% 与按金额计算的 25.00% 相差 1.00 个百分点。"
    ),
    remedy="请按金额重新计算占比，不要为凑成 100% 而改动其中一项。",
    explained_by=frozenset({"M07"}),
    always=_shares_left_out,
    named=Named(
        needs=computed(Type.PERCENT),
        check=_shares,
        live=LiveHalf(_watch_shares, unlike="各项占比加起来是不是 100% 由审核时核对"),
    ),
)


def typed_over(case: Case, over: str, kind: Type) -> Iterator[tuple[str, Decimal, Decimal]]:
    """Yield the computed fields at or below a path that hold an officer's figure: path, his figure, the right one."""
    for path in case.form.computed:
        if case.form.fields[path].type is not kind or not is_under(path, over):
            continue
        for at in case.record.paths(path):
            typed, right = case.typed_over(at), case.number(at)
            if typed is not None and right is not None:
                yield at, typed, right


RULES = (M01, M03)
