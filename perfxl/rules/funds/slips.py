"""M12: blanks that a sum took as 0. M10: a figure that is off by a power of ten."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from perfxl.expr.evaluate import concrete, evaluate, references
from perfxl.expr.rounding import rounding_of
from perfxl.model.expression import Binary, Call, Constant, Expr, Function, Negate, Operator
from perfxl.model.field_type import Measure, Type
from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.once import once_each
from perfxl.model.path import generic, is_under, row_of
from perfxl.model.record import Record
from perfxl.rules.case import Case
from perfxl.rules.expression import breaches, judge
from perfxl.rules.funds.balance import may_hold
from perfxl.rules.needs import amounts
from perfxl.rules.rule import Named, OnlyAtImport, Rule
from perfxl.rules.words import money

_YUAN = 4
_FEW = 40
_CENT = Decimal("0.01")
_POWERS = (_YUAN, 1, 2, 3, -4, -1, -2, -3)
"""How many places a decimal point may have slipped; four is 元 for 万元."""


def _blanks(case: Case) -> Iterator[Finding]:
    """Yield each blank summand of the form's sums of money, where others of the sum are filled."""
    said: set[str] = set()
    for expr, row in _expressions(case):
        for summed in _sums(expr):
            paths = concrete(summed, case.record, row)
            if not any(case.record[path] is not None for path in paths):
                continue
            for path in paths:
                if path not in said and _blank_money(case, path):
                    said.add(path)
                    yield M12.at(case, path, f"{case.name(path)}是空白，已按 0 计入合计")


def _expressions(case: Case) -> Iterator[tuple[Expr, str]]:
    """Yield the form's formulas and rules, each with the rows that it is about."""
    for path in case.form.computed:
        formula = case.form.fields[path].formula
        if formula is not None:
            for at in case.record.paths(path):
                yield formula, row_of(at)
    for rule in case.form.rules:
        if rule.must is not None:
            for row in case.record.rows(rule.each) if rule.each else ("",):
                yield rule.must, row


@once_each
def _sums(expr: Expr) -> tuple[Call, ...]:
    """Return the sums in an expression, those in a sum after it."""
    match expr:
        case Call(function, arguments):
            own = (expr,) if function is Function.SUM else ()
            return (*own, *(found for argument in arguments for found in _sums(argument)))
        case Binary(_, left, right):
            return (*_sums(left), *_sums(right))
        case Negate(operand):
            return _sums(operand)
        case _:
            return ()


def _blank_money(case: Case, path: str) -> bool:
    """Tell whether an amount was left blank; one that was typed as - or 无 has been spoken of already."""
    field = case.form.fields[generic(path)]
    blank = case.record[path] is None and path in case.reading.seen and case.sound(path)
    return blank and field.type is Type.MONEY and not field.computed and path not in case.bound.remarks


M12 = Rule(
    code="M12",
    severities=(Severity.INFO,),
    title="空白按零计入合计",
    meaning="求和的几个分项中有的填了、有的空着，空着的按 0 计算。全部空着的不求和。",
    example="“其他资金”空着，其余分项都已填。审核意见：“其他资金”空白，按 0 计入合计。",
    remedy="确实没有金额的，不必处理，也可以填 0。漏填的，请补上。",
    always=_blanks,
)


def _slipped(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the one figure of a broken equality that a power of ten repairs, where there is just one way to."""
    said: set[str] = set()
    for must, row, path in (*_broken_rules(case, asked.over), *_wrong_totals(case, asked.over)):
        repair = _repair(case, must, row, path)
        if repair is not None and repair.path not in said:
            said.add(repair.path)
            yield _suggest(case, asked, repair)


def _broken_rules(case: Case, over: str) -> Iterator[tuple[Expr, str, str]]:
    """Yield the equalities of money that do not hold, with their rows."""
    for other in case.form.rules:
        if other.must is None:
            continue
        for row, breach in breaches(case, other):
            reads = concrete(other.must, case.record, row)
            if breach.measure is Measure.MONEY and not breach.rounding and _within(over, reads):
                yield other.must, row, ""


def _wrong_totals(case: Case, over: str) -> Iterator[tuple[Expr, str, str]]:
    """Yield the totals that were typed over their formulas and are wrong, as equalities, with their rows and paths."""
    for path in case.form.computed:
        formula = case.form.fields[path].formula
        if formula is None or case.form.fields[path].type is not Type.MONEY or not _within(over, (path,)):
            continue
        for at in case.record.paths(path):
            typed, right = case.typed_over(at), case.number(at)
            if typed is not None and right is not None and typed != right:
                must = Binary(Operator.EQUAL, formula, Constant(typed))
                breach = judge(must, case.form, case.record, row_of(at))
                if breach is not None and not breach.rounding:
                    yield must, row_of(at), at


def _within(group: str, paths: tuple[str, ...]) -> bool:
    return any(is_under(path, group) for path in paths)


class _Repair(Struct, frozen=True):
    """A figure, the places that its decimal point slipped, and what it would be; whether the tie then is exact."""

    path: str
    power: int
    right: Decimal
    exact: bool


def _repair(case: Case, must: Expr, row: str, total: str) -> _Repair | None:
    """Return the only repair that makes an equality hold to the cent, else the only one that leaves a rounding gap.

    ``total`` is the path of the typed total that the equality is about, "" where it is a rule of the form.
    """
    repairs = [*_repairs(case, must, row), *_of_total(case, must, row, total)] if _equality(must) else []
    best = [repair for repair in repairs if repair.exact] or repairs
    return best[0] if len(best) == 1 else None


def _repairs(case: Case, must: Expr, row: str) -> Iterator[_Repair]:
    inputs = _inputs(case, must, row)
    # A figure of a long sum is tried only where its change would close the gap: each trial computes the form anew.
    gaps = tuple(_gaps(case, must, row)) if len(inputs) > _FEW else ()
    allowed = rounding_of(len(inputs)) + _CENT
    computed = _computed(case.form, must)
    may = may_hold(must, case.form, _changed(case, {}, computed), row)
    for path in inputs:
        value = case.number(path)
        if not value:
            continue
        for power in _POWERS:
            right = value.scaleb(-power)
            if abs(right) < _CENT:  # no amount at all: what brings it to nothing is no slip of its point
                continue
            if not may(path, right - value):
                continue
            if gaps and not any(abs(abs(right - value) - gap) <= allowed for gap in gaps):
                continue
            breach = judge(must, case.form, _changed(case, {path: right}, computed), row)
            if breach is None or breach.rounding:
                yield _Repair(path, power, right, breach is None)


def _gaps(case: Case, must: Expr, row: str) -> Iterator[Decimal]:
    """Yield by how much the sides of each equality differ."""
    match must:
        case Binary(_, left, right):
            one, other = evaluate(left, case.record, row), evaluate(right, case.record, row)
            if isinstance(one, Decimal) and isinstance(other, Decimal):
                yield abs(one - other)
        case Call(_, parts):
            for part in parts:
                yield from _gaps(case, part, row)
        case _:
            return


def _of_total(case: Case, must: Expr, row: str, total: str) -> Iterator[_Repair]:
    match must:
        case Binary(Operator.EQUAL, formula, Constant(Decimal() as typed)) if total and typed:
            for power in _POWERS:
                right = typed.scaleb(-power)
                if abs(right) < _CENT:
                    continue
                breach = judge(Binary(Operator.EQUAL, formula, Constant(right)), case.form, case.record, row)
                if breach is None or breach.rounding:
                    yield _Repair(total, power, right, breach is None)
        case _:
            return


def _equality(expr: Expr) -> bool:
    match expr:
        case Call(Function.OR | Function.AND, parts):
            return all(map(_equality, parts))
        case Binary(operator):
            return operator is Operator.EQUAL
        case _:
            return False


def _inputs(case: Case, expr: Expr, row: str) -> tuple[str, ...]:
    """Return the typed amounts that an expression reads, by itself or through computed fields."""
    found: dict[str, None] = {}
    waiting = list(concrete(expr, case.record, row))
    while waiting:
        path = waiting.pop(0)
        field = case.form.fields[generic(path)]
        if field.formula is not None:
            waiting += concrete(field.formula, case.record, row_of(path))
        elif field.type is Type.MONEY:
            found[path] = None
    return tuple(found)


def _computed(form: Form, expr: Expr) -> tuple[str, ...]:
    """Return the computed fields (generic paths) that an expression reads, by itself or through others, in their order."""
    read = set(references(expr))
    for path in reversed(form.computed):  # each stands after those that it reads
        formula = form.fields[path].formula
        if path in read and formula is not None:
            read.update(references(formula))
    return tuple(path for path in form.computed if path in read)


def _changed(case: Case, changes: Mapping[str, Decimal], computed: tuple[str, ...]) -> Record:
    """Return the record as it would be with other figures, with some of the computed fields worked out anew."""
    values = {**case.record.values, **changes}
    record = Record(values, case.record.sizes)
    for field in computed:
        formula = case.form.fields[field].formula
        if formula is not None:
            values |= {at: evaluate(formula, record, row_of(at)) for at in record.paths(field)}
    return record


def _suggest(case: Case, asked: FormRule, repair: _Repair) -> Finding:
    path, right = repair.path, repair.right
    value = right.scaleb(repair.power)
    name = case.name(path)
    yuan = repair.power == _YUAN and case.form.money == "万元"
    guess = "疑似以元填报（本表以万元为单位）" if yuan else "疑似小数点错位"
    message = f"{name}填的是 {money(value)}，{guess}，改为 {money(right)} 合计就相符，请核对"
    fix = Fix(FixKind.SUGGESTED, right)
    return M10.at(case, path, message, asked=asked, value=value, expected=right, fix=fix)


M10 = Rule(
    code="M10",
    severities=(Severity.WARNING,),
    title="金额单位或小数点可疑",
    meaning=(
        "一个金额放大或缩小十倍、百倍、千倍、万倍之后，原来对不上的合计就对上了：可能把元当成万元填了，"
        "或者漏了小数点。审核意见中给出建议的数，不会自动改动。"
    ),
    example="应填万元的一格填了 1205000，改为 120.50 后合计就相符。审核意见：疑按元填写，建议改为 120.50。",
    remedy="请核对金额单位和小数点。建议的数正确的，请照填。",
    named=Named(
        needs=amounts,
        check=_slipped,
        live=OnlyAtImport("金额不平时已经标红；是不是小数点错位，审核时才推算"),
    ),
)

RULES = (M10, M12)
