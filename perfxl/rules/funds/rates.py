"""M07–M09: what the execution of a budget calls for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.expr.comparison import POINT
from perfxl.expr.evaluate import concrete, evaluate, references
from perfxl.model.expression import Binary, Call, Constant, Expr, FieldRef, Function, Operator
from perfxl.model.field_type import Sort, Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import bare, parent_of
from perfxl.model.reading import Oddity
from perfxl.model.regex import deferred
from perfxl.rules.case import Case
from perfxl.rules.funds.rows import RATE, fund_rows, own_words, rates_of
from perfxl.rules.funds.shown import percentages_left_out
from perfxl.rules.funds.totals import watch_computed
from perfxl.rules.needs import figures
from perfxl.rules.once import once_a_form
from perfxl.rules.rows import explain_there, rows, speaks_of_money
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.watching import broken, watched
from perfxl.rules.words import money, percent, points_apart

_ACCEPTED = frozenset({Decimal(0), Decimal(1)})
"""What may stand as the rate of 0 out of 0."""
_ZERO, _TRUE = Constant(Decimal(0)), Constant(value=True)


def _watch_rates(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    rates = {path for path, _, _ in rates_of(form, asked.over)}
    yield from (one for one in watch_computed(M07, form, asked, Type.PERCENT) if one.at in rates)
    for path, spent, budget in rates_of(form, asked.over):
        yield _spent_of_nothing(form, asked, path, (spent, budget))
        yield from _left_without(form, asked, path, (spent, budget))


def _spent_of_nothing(form: Form, asked: FormRule, path: str, sides: tuple[Expr, Expr]) -> LiveRule:
    """Nothing is spent where there is nothing to spend. A warning while the period runs: budgets may still come."""
    spent, budget = sides
    must = Call(Function.IF, (Binary(Operator.EQUAL, budget, _ZERO), Binary(Operator.AT_MOST, spent, _ZERO), _TRUE))
    row = own_words(form, path.removesuffix(RATE))
    return watched(
        M07,
        form,
        asked,
        must,
        spent.path if isinstance(spent, FieldRef) else path,
        f"{row}的{_names(form, budget)}是 0 时，{_names(form, spent)}也应是 0",
        say=f"{_names(form, spent)}是 {{left}}，{_names(form, budget)}是 {{right}}，请补填预算数或核对执行数",
        sides=(spent, budget),
        severity=Severity.WARNING if form.stage.interim else Severity.ERROR,
    )


def _left_without(form: Form, asked: FormRule, path: str, sides: tuple[Expr, Expr]) -> Iterator[LiveRule]:
    """What was planned at first is not left without a budget, on the total row."""
    spent, budget = sides
    row = path.removesuffix(RATE)
    initial = f"{row}.initial"
    if not row.endswith(".total") or initial not in form.fields or initial in references(budget):
        return
    nothing = Call(Function.AND, (Binary(Operator.EQUAL, budget, _ZERO), Binary(Operator.EQUAL, spent, _ZERO)))
    must = Call(Function.IF, (nothing, Binary(Operator.AT_MOST, FieldRef(initial, Sort.NUMBER), _ZERO), _TRUE))
    want = f"年初有预算，{_names(form, budget)}和{_names(form, spent)}却都是 0 的，请核对并说明原因"
    say = f"年初预算数有 {{left}}，{_names(form, budget)}和{_names(form, spent)}却都是 0"
    yield watched(M07, form, asked, must, path, want, say=say, severity=Severity.WARNING)


def _names(form: Form, side: Expr) -> str:
    return "和".join(form.fields[path].parts[-1].replace("\n", "") for path in references(side))


def _rates(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the rates that are not what was spent ÷ what there was to spend, and what was spent of nothing."""
    for path, spent, budget in rates_of(case.form, asked.over):
        planned = evaluate(budget, case.record)
        if isinstance(planned, Decimal) and planned > 0:
            yield from _miscalculated(case, asked, path)
            continue
        for _ in broken(case, _spent_of_nothing(case.form, asked, path, (spent, budget))):
            yield _without_budget(case, asked, path, (spent, budget))
        if planned == 0 and evaluate(spent, case.record) == 0 and case.sound(*_read_by(case, path)):
            yield from _without_rate(case, asked, path, (spent, budget))


def _miscalculated(case: Case, asked: FormRule, path: str) -> Iterator[Finding]:
    typed, right = case.typed_over(path), case.number(path)
    if typed is not None and right is not None and abs(typed - right) > POINT:
        apart = points_apart(typed, right)
        yield M07.at(
            case,
            path,
            f"{case.name(path)}填的是 {percent(typed)}，按执行数除以预算数计算是 {percent(right)}，相差 {apart}",
            asked=asked,
            value=typed,
            expected=right,
            related=_read_by(case, path),
        )


def _without_budget(case: Case, asked: FormRule, path: str, sides: tuple[Expr, Expr]) -> Finding:
    condition, spent = _spent_of_nothing(case.form, asked, path, sides), evaluate(sides[0], case.record)
    amount = spent if isinstance(spent, Decimal) else Decimal(0)
    name = case.name(condition.at) if condition.at != path else "执行数"
    return M07.at(
        case,
        condition.at,
        f"{name}有 {money(amount)}，{_names(case.form, sides[1])}却是 0，没有预算不应有执行，请补填预算数或核对执行数",
        severity=condition.severity,
        value=amount,
        expected=Decimal(0),
        related=_read_by(case, path),
    )


def _without_rate(case: Case, asked: FormRule, path: str, sides: tuple[Expr, Expr]) -> Iterator[Finding]:
    """Nothing of nothing has no rate: what may stand there, and whether that is likely on the total row."""
    typed = case.typed_over(path)
    if typed is not None and typed not in _ACCEPTED:
        message = f"预算数和执行数都是 0，{case.name(path)}却填了 {percent(typed)}，应留空或填“—”"
        yield M07.at(case, path, message, asked=asked, value=typed, related=_read_by(case, path))
        return
    for condition in _left_without(case.form, asked, path, sides):
        for _ in broken(case, condition):
            first = f"{path.removesuffix(RATE)}.initial"
            initial = case.number(first) or Decimal(0)
            message = (
                f"年初预算数有 {money(initial)}，全年预算数和全年执行数却都是 0，无法计算执行率，请核对"
                f"{explain_there(case.form, '原因')}"
            )
            related = (first, *_read_by(case, path))
            yield M07.at(case, path, message, severity=condition.severity, related=related)


def _read_by(case: Case, path: str) -> tuple[str, ...]:
    formula = case.form.fields[path].formula
    return concrete(formula, case.record) if formula is not None else ()


def _lack_of_rates(form: Form, asked: FormRule) -> str:
    return "" if any(rates_of(form, asked.over)) else "由公式计算的执行率（rate）"


def _left_out(case: Case) -> Iterator[Finding]:
    """Yield the rates that follow totals which leave something out."""
    if any(asked.code == "M07" for asked in case.form.rules):
        yield from percentages_left_out(case, M07)


M07 = Rule(
    code="M07",
    severities=(Severity.ERROR, Severity.WARNING),
    title="执行率计算不符",
    meaning=(
        "全年预算数大于 0 时，执行率应等于全年执行数除以全年预算数，允许相差 0.01 个百分点，超过是错误。"
        "预算和执行都是 0 的，执行率留空或填“—”、0%、100% 都可以，不计得分；但年初有预算的，总额行作警告。"
        "没有预算却有执行数是错误，监控表中作警告。"
    ),
    example=("全年预算数 400.00，全年执行数 300.00，执行率填 80.00%。审核意见：执行率 80.00% 与计算结果 75.00% 不符。"),
    always=_left_out,
    remedy="请核对预算数和执行数，执行率按执行数除以预算数填写。没有预算却有执行的，请补填调整后的预算数。",
    named=Named(
        needs=_lack_of_rates,
        check=_rates,
        live=LiveHalf(
            _watch_rates,
            unlike="增行表中的执行率由审核时核对",
        ),
    ),
)


# -- M08 ---------------------------------------------------------------------------------------------------------------


@once_a_form
def _watch_unmoved(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    limit = M08.limit_in(asked)
    for row in fund_rows(form, asked.over, "initial", "budget", "executed"):
        yield watched(
            M08,
            form,
            asked,
            "IF(AND(initial > 0, budget > 0, ROUND(budget, 2) = ROUND(executed, 2)), "
            f"ABS(budget - initial) <= {limit} * initial, TRUE)",
            f"{row}.budget",
            f"{own_words(form, row)}的全年预算数与年初预算数相差超过 {limit:.0%}、又与全年执行数分毫不差的，请核对并说明原因",
            say="全年预算数 {left}，年初预算数 {right}，相差 {gap}；全年执行数也是 {left}",
            sides=("budget", "initial"),
        )


def _unmoved(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield budgets that were executed to the cent though they moved far from what they were at first."""
    limit = M08.limit_in(asked)
    for condition in _watch_unmoved(case.form, asked):
        for _ in broken(case, condition):
            row = parent_of(condition.at)
            first, budget = (case.number(f"{row}.{key}") or Decimal(0) for key in ("initial", "budget"))
            way = "增加" if budget > first else "减少"
            yield M08.at(
                case,
                condition.at,
                f"全年预算数与全年执行数都是 {money(budget)}，分毫不差，比年初预算数 {money(first)} {way} "
                f"{percent(abs(budget - first) / first)}，超过 {percent(limit)}，请核对{explain_there(case.form, '调整的原因和依据')}",
                asked=asked,
                value=budget,
                related=(f"{row}.initial", f"{row}.executed"),
            )


M08 = Rule(
    code="M08",
    severities=(Severity.WARNING,),
    title="预算与执行分毫不差",
    meaning=(
        "全年预算数与全年执行数完全相同，而全年预算数比年初预算数增减超过 10%（两者都大于 0）。"
        "这样的情形需要说明调整的依据。"
    ),
    example=(
        "年初预算数 700.00，全年预算数和全年执行数都是 427.35。审核意见：全年预算数与执行数相同，"
        "比年初减少 38.95%，请说明原因。"
    ),
    remedy="请核对全年预算数是不是经批准调整后的数。确实如此的，请写明调整的时间、依据和原因。",
    limit=Decimal("0.1"),
    idle_beside=frozenset({"M10"}),
    named=Named(needs=figures("initial", "executed"), check=_unmoved, live=LiveHalf(_watch_unmoved)),
)


# -- M09 ---------------------------------------------------------------------------------------------------------------

_EXPLAINS = deferred("原因|因为|由于|因.{0,12}(?:未|推迟|调整|滞后)|偏差|结转|结余|未支付|尚未支付|未执行|进度滞后")


def _watch_slow(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    limit = M09.limit_in(asked)
    reasons = [bare(path) for path in form.fields if path.endswith("[].reason")]
    for row in fund_rows(form, asked.over, "rate"):
        held = f"rate >= {limit}"
        must = f"OR({held}, SAID({', '.join(reasons)}) > 0)" if reasons else held
        want = f"{own_words(form, row)}的执行率低于 {limit:.0%} 的，要写明原因"
        say = "执行率是 {left}，低于 {right}，请在原因栏写明资金执行慢的原因"
        yield watched(M09, form, asked, must, f"{row}.rate", want, say=say)


def _slow(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield rates that are low where nothing on the sheet says why."""
    limit = M09.limit_in(asked)
    for row in fund_rows(case.form, asked.over):
        rate = case.number(f"{row}.rate")
        if rate is not None and rate < limit and not _explained(case):
            yield M09.at(
                case,
                f"{row}.rate",
                f"执行率是 {percent(rate)}，低于 {percent(limit)}，请核对{explain_there(case.form, '资金执行慢的原因')}",
                asked=asked,
                value=rate,
                expected=limit,
                related=(f"{row}.executed", f"{row}.budget"),
            )


def _explained(case: Case) -> bool:
    """Tell whether a reason that is about money stands in a column for reasons, or in any text, also outside the fields."""
    tables = {path.partition("[]")[0] for path in case.form.fields if path.endswith("].reason")}
    reasons = [row for table in tables for row in rows(case, table) if row.reason]
    if any(row.costs or speaks_of_money(row.reason) for row in reasons):
        return True
    given = {row.reason for row in reasons}
    texts = [value for value in case.record.values.values() if isinstance(value, str)]
    texts += [notice.text for notice in case.reading.notices if notice.oddity is Oddity.OUTSIDE]
    return any(_EXPLAINS.search(text) and speaks_of_money(text) for text in texts if text not in given)


M09 = Rule(
    code="M09",
    severities=(Severity.WARNING, Severity.ERROR),
    title="执行率偏低未说明",
    meaning=(
        "自评表的执行率低于 90%，而整张表中没有写明资金执行慢的原因；与资金无关的指标偏差原因不算。"
        "表中要求填写原因的，是错误；其他的，是警告。"
    ),
    example="执行率 72.50%，原因栏空着。审核意见：执行率 72.50% 低于 90%，没有说明原因。",
    remedy="请在偏差原因栏写明执行率低的原因和改进措施。",
    limit=Decimal("0.9"),
    idle_beside=frozenset({"M10"}),
    named=Named(
        needs=figures("rate"),
        check=_slow,
        live=LiveHalf(_watch_slow, unlike="表里只看“原因”一栏有没有填；原因写在别处的、与资金无关的，由审核判断"),
    ),
)

RULES = (M07, M08, M09)
