"""M13: amounts that are in 元 where the form counts in 万元, or that cannot be as they stand."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.expr.arithmetic import rounded
from perfxl.expr.evaluate import evaluate
from perfxl.expr.source import SOURCE_LENGTH
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import generic, parent_of
from perfxl.model.regex import deferred
from perfxl.model.value import IndicatorValue, NumberValue
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.compared import pairs
from perfxl.rules.funds.rows import RATE, own_words, rates_of
from perfxl.rules.funds.together import row_amounts
from perfxl.rules.needs import amounts
from perfxl.rules.once import once_a_form
from perfxl.rules.rule import LiveHalf, Named, Rule
from perfxl.rules.watching import broken, watched
from perfxl.rules.words import figure, money, percent

_WAN = Decimal(10_000)
_LEAST = Decimal(1_000)
"""No amount of a form in 元 is smaller: that would be 0.1 万元."""
_ROUND = Decimal(100)
"""A budget in 元 is a multiple of this: it was decided in 万元 with two decimals."""
_ENORMOUS = 50
"""The multiple of the form's limit from which on the largest amount need not be a round one: 100 亿元 by the usual limit."""
_FAR = Decimal(5_000)
"""The multiple of its neighbour from which on an amount is in another unit: 万 times, give or take a factor of two."""
_TOP_RATE = Decimal(2)
"""A rate of execution above this is a mistake in one of its two figures."""
_NEAR = (Decimal("0.5"), Decimal(2))
"""How near an amount in 元 comes to one that the form's own words name, once it is taken as 元."""
_UNITS = {"万元": Decimal(1), "亿元": _WAN, "百万元": Decimal(100), "千万元": Decimal(1_000)}
_NAMED = deferred(r"([0-9]{1,9}+(?:\.[0-9]{1,6}+)?+)\s?((?:百|千)?万元|亿元)")


def _watch_scale(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    yield from _watch_rates(form, asked)
    if form.money == "万元":
        yield from _watch_whole(form, asked)


@once_a_form
def _watch_rates(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    say = "执行率是 {left}，超过 {right}，请核对执行数和预算数"
    for path, _, _ in rates_of(form, asked.over):
        want = f"{own_words(form, parent_of(path))}的执行率不超过 {percent(_TOP_RATE)}"
        yield watched(M13, form, asked, f"{path} <= {_TOP_RATE}", path, want, say=say, severity=Severity.ERROR)


def _watch_whole(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    """The amounts of a form that are all whole and of four digits or more, the largest a round one above the limit."""
    paths = [path for path in _typed(form) if "[]" not in path]
    if not paths:
        return
    listed, limit = ", ".join(paths), M13.limit_in(asked)
    small = " , ".join(f"IF({path} = 0, FALSE, OR({path} < {_LEAST}, {path} <> ROUND({path}, 0)))" for path in paths)
    most = f"MAX({listed})"
    odd = f"AND({most} < {limit * _ENORMOUS}, {most} / {_ROUND} <> ROUND({most} / {_ROUND}, 0))"
    must = f"IF(COUNT({listed}) < 2, TRUE, IF({most} < {limit}, TRUE, IF({odd}, TRUE, OR({small}))))"
    if len(must) > SOURCE_LENGTH:  # a form of so many amounts is judged once it is handed in
        return
    say = "金额从 {left} 到 {right}，都不带小数，像是以元填报；本表以万元为单位，请核对"
    yield watched(
        M13, form, asked, must, paths[0], "金额以万元填报，没有误填成元", say=say, sides=(f"MIN({listed})", most)
    )


@once_a_form
def _typed(form: Form) -> tuple[str, ...]:
    """Return the typed amounts of a form, those of growing tables too."""
    return tuple(path for path, field in form.fields.items() if field.type is Type.MONEY and not field.computed)


def _implausible(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield amounts that are in 元, far from their neighbours or from what the form itself says, and absurd rates."""
    fast = _fast(case, asked)
    yield from _absurd_rates(case, asked, fast)
    if case.form.money != "万元":
        return
    whole = _all_in_yuan(case, asked)
    if whole is not None:
        yield whole
        return
    for path, neighbour in _outsized(case, asked):
        if f"{parent_of(path)}{RATE}" not in fast:
            yield _far(case, asked, path, f"是同一行{case.form.fields[generic(neighbour)].parts[-1]}", neighbour)


def _fast(case: Case, asked: FormRule) -> tuple[str, ...]:
    """Return the rates that are absurd; of a total only where those of its rows are not."""
    watched_rates = _watch_rates(case.form, asked)
    found = tuple(condition.at for condition in watched_rates if any(True for _ in broken(case, condition)))
    parts = tuple(path for path in found if not path.endswith(f".total{RATE}"))
    return parts or found


def _absurd_rates(case: Case, asked: FormRule, fast: tuple[str, ...]) -> Iterator[Finding]:
    sides = {path: (spent, budget) for path, spent, budget in rates_of(case.form, asked.over)}
    for path in fast:
        spent, budget = (evaluate(side, case.record) for side in sides[path])
        rate = case.number(path)
        if not isinstance(spent, Decimal) or not isinstance(budget, Decimal) or rate is None:
            continue
        guess = "，疑似执行数以元填报（本表以万元为单位）" if rate >= _FAR else ""
        message = (
            f"{own_words(case.form, parent_of(path))}的执行数 {money(spent)} 是预算数 {money(budget)} 的 {percent(rate)}，"
            f"超过 {percent(_TOP_RATE)}{guess}，请核对执行数和预算数"
        )
        yield M13.at(case, path, message, asked=asked, severity=Severity.ERROR, value=rate)


def _all_in_yuan(case: Case, asked: FormRule) -> Finding | None:
    """Return a finding where all amounts of a form are whole and of four digits or more, the largest one too large to be."""
    paths = [at for path in _typed(case.form) for at in case.record.paths(path)]
    filled = {path: value for path in paths if (value := case.number(path))}
    if len(filled) < 2 or any(value < _LEAST or value != value.to_integral_value() for value in filled.values()):
        return None
    largest = max(filled, key=lambda path: filled[path])
    said = _said(case, filled[largest])
    decided, limit = filled[largest] / _ROUND, M13.limit_in(asked)
    likely = decided == decided.to_integral_value() or filled[largest] >= limit * _ENORMOUS
    large = filled[largest] >= limit and likely
    if not large and not said:
        return None
    right = filled[largest] / _WAN
    because = f"，而表中写的是{said}" if said else ""
    message = (
        f"表中 {len(filled)} 个金额全是不带小数的大数，最小的也有 {money(min(filled.values()))}{because}，"
        f"疑似全部以元填报（本表以万元为单位），例如{case.name(largest)} {money(filled[largest])} 应为 {money(right)}，请核对"
    )
    others = [path for path in filled if path != largest]
    return M13.at(
        case,
        largest,
        message,
        asked=asked,
        value=filled[largest],
        expected=right,
        fix=Fix(FixKind.SUGGESTED, right),
        related=others,
    )


def _said(case: Case, amount: Decimal) -> str:
    """Return an amount that the form's words or indicators name, where this one taken as 元 comes near to it."""
    for value in case.record.values.values():
        for text, named in _named(value):
            least, most = (side * named for side in _NEAR)
            if named and least <= amount / _WAN <= most:
                return f"“{text}”"
    return ""


def _named(value: object) -> Iterator[tuple[str, Decimal]]:
    """Yield the amounts that a value names, in 万元."""
    if isinstance(value, IndicatorValue):
        if isinstance(value, NumberValue) and value.unit in _UNITS:
            yield value.text, value.value * _UNITS[value.unit]
    elif isinstance(value, str):
        for found in _NAMED.finditer(value):
            yield found[0], Decimal(found[1]) * _UNITS[found[2]]


def _outsized(case: Case, asked: FormRule) -> Iterator[tuple[str, str]]:
    """Yield the amounts that are thousands of times their largest neighbour in the row, with that neighbour."""
    for row in row_amounts(case.form, asked.over):
        filled = sorted((value, path) for path in row if (value := case.number(path)))
        if len(filled) > 1 and filled[-1][0] >= _LEAST and filled[-1][0] >= _FAR * filled[-2][0] > 0:
            yield filled[-1][1], filled[-2][1]


def _far(case: Case, asked: FormRule, path: str, than: str, neighbour: str) -> Finding:
    value, other = case.number(path) or Decimal(0), case.number(neighbour) or Decimal(1)
    right = value / _WAN
    message = (
        f"{case.name(path)}填的是 {money(value)}，{than} {money(other)} 的 {figure(rounded(value / other, 0))} 倍，"
        f"疑似以元填报（本表以万元为单位），改为以万元填报是 {money(right)}，请核对"
    )
    fix = Fix(FixKind.SUGGESTED, right)
    return M13.at(case, path, message, asked=asked, value=value, expected=right, fix=fix, related=(neighbour,))


def _unlike_earlier(case: Case, asked: FormRule, other: AcceptedForm) -> Iterator[Finding]:
    """Yield amounts that are thousands of times what another form of the unit has for them, or a tiny part of it."""
    for pair in pairs(case, asked, other):
        small, large = sorted((pair.here, pair.there))
        if small > 0 and large >= _LEAST and large >= _FAR * small:
            message = (
                f"{case.name(pair.path)} {money(pair.here)} 与{other.named}中的{pair.label} {money(pair.there)} 相差上万倍，"
                "疑似有一处以元填报（表中以万元为单位），请核对"
            )
            yield M13.at(case, pair.path, message, asked=asked, value=pair.here, expected=pair.there)


M13 = Rule(
    code="M13",
    severities=(Severity.WARNING, Severity.ERROR),
    title="金额可能以元填报，或明显不合情理",
    meaning=(
        "以万元为单位的表，填的却像是元：所有金额都是不小于 1000 的整数，而且最大的是 20000（表式可以另定）以上的整百数、"
        "达到它的 50 倍，或与表中文字、指标写明的金额差一万倍；或者一个金额是同一行其他金额、以前报的同一项的上万倍。"
        "执行率超过 200% 是错误。"
    ),
    example=(
        "项目预算 1200 万元，表中填 12000000.00，指标值写“≤1146.7万元”。审核意见：疑似全部以元填报，"
        "12000000.00 应为 1200.00，请核对。"
    ),
    remedy="请核对金额单位，本表以万元填报的，把元换算成万元。确实是这么大的，由审核人员确认。",
    limit=Decimal(20_000),
    idle_beside=frozenset({"M10"}),
    pairs=_unlike_earlier,
    named=Named(
        needs=amounts,
        check=_implausible,
        live=LiveHalf(
            _watch_scale,
            unlike="表里只看固定栏目的金额是不是全像元、执行率是不是超过 200%；与文字、往年的比较由审核判断",
        ),
    ),
)

RULES = (M13,)
