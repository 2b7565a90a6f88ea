"""Rules that are expressions: what must hold between the figures of a form, and how far it is missed.

Tolerance (RULES): money is compared after rounding both sides to cents. One figure against one figure must be equal;
where n printed figures are summed up, up to 0.005·n, rounded up to a step of 0.01, is a matter of rounding and a
warning. Shares may be off by 0.01 percentage point. Other numbers are compared at two decimals. Where less or more is
asked for (``<``, ``>``) nothing is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from perfxl.expr.check import sort_of
from perfxl.expr.comparison import tolerant
from perfxl.expr.evaluate import concrete, evaluate, summands
from perfxl.expr.measure import measure_of
from perfxl.expr.rounding import rounding_of
from perfxl.expr.settle import settled_apart
from perfxl.model.expression import Binary, Call, Expr, Function, Operator
from perfxl.model.field_type import Measure, Sort
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.path import in_row
from perfxl.model.record import Record
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule
from perfxl.rules.words import cents, figure, money, percent

HOLE = re.compile(r"\{(left|right|gap)\}")


class Breach(Struct, frozen=True):
    """A rule that does not hold: its two sides, rounded as compared; None where it does not compare numbers.

    ``rounding`` tells that the rounding of printed figures explains the gap.
    """

    measure: Measure = Measure.PLAIN
    left: Decimal | None = None
    right: Decimal | None = None
    rounding: bool = False

    @property
    def gap(self) -> Decimal | None:
        return None if self.left is None or self.right is None else abs(self.left - self.right)


def findings(case: Case, asked: FormRule, rule: Rule) -> Iterator[Finding]:
    """Yield a finding for the form, or for each row of the rule's table, where its expression does not hold."""
    if asked.must is None:
        return
    for row, breach in breaches(case, asked):
        yield rule.at(
            case,
            in_row(asked.at, row),
            _said(asked.say, breach),
            severity=_severity(rule, asked, breach),
            value=breach.left,
            expected=breach.right,
            related=concrete(asked.must, case.record, row),
            measure=breach.measure,
        )


def breaches(case: Case, asked: FormRule) -> Iterator[tuple[str, Breach]]:
    """Yield the rows ("" for the whole form) in which a rule does not hold; unsound cells are skipped."""
    if asked.must is None:
        return
    settled = settled_apart(asked.must, case.record) if asked.each else asked.must
    for row in case.record.rows(asked.each) if asked.each else ("",):
        if evaluate(settled, case.record, row) is False and case.sound(*concrete(asked.must, case.record, row)):
            breach = judge(asked.must, case.form, case.record, row)
            if breach is not None:
                yield row, breach


def judge(expr: Expr, form: Form, record: Record, row: str = "") -> Breach | None:
    """Return how an expression fails, None where it holds or has a blank operand."""
    if evaluate(expr, record, row) is not False:
        return None
    return _Judge(form, record, row).breach(expr)


class _Judge(Struct, frozen=True):
    """Looks into an expression that came out false for the comparison that is to blame."""

    form: Form
    record: Record
    row: str

    def breach(self, expr: Expr) -> Breach | None:
        match expr:
            case Binary(operator) if operator is not Operator.UNEQUAL and sort_of(expr.left) is Sort.NUMBER:
                return self.comparison(expr)
            case Call(Function.AND, parts):
                return self.gravest(parts)
            case Call(Function.OR, parts):
                return self.nearest(parts)
            case Call(Function.IF, (condition, yes, no)):
                return self.breach(yes if evaluate(condition, self.record, self.row) else no)
            case _:
                return None if evaluate(expr, self.record, self.row) else Breach()

    def comparison(self, expr: Binary) -> Breach | None:
        left, right = evaluate(expr.left, self.record, self.row), evaluate(expr.right, self.record, self.row)
        if not isinstance(left, Decimal) or not isinstance(right, Decimal):
            return None
        measure = self.measure(expr.left, expr.right)
        if measure is Measure.SHARE:
            held = evaluate(tolerant(expr, self.measured), self.record, self.row)
            return None if held else Breach(measure, left, right)
        if expr.operator.strict:
            exact = measure is Measure.PLAIN
            return Breach(measure, left if exact else cents(left), right if exact else cents(right))
        gap = cents(left) - cents(right)
        if _holds(expr.operator, gap, Decimal(0)):
            return None
        if measure is Measure.PLAIN:
            return Breach(measure, left, right)
        explained = _holds(expr.operator, gap, rounding_of(summands(expr, self.record, self.row)))
        return Breach(measure, cents(left), cents(right), explained)

    def gravest(self, parts: tuple[Expr, ...]) -> Breach | None:
        broken = [breach for part in parts if (breach := self.breach(part)) is not None]
        return min(broken, key=lambda breach: breach.rounding, default=None)

    def nearest(self, parts: tuple[Expr, ...]) -> Breach | None:
        """The first alternative with its figures; a matter of rounding where rounding explains any of them."""
        broken: list[Breach] = []
        for part in parts:
            breach = self.breach(part)
            if breach is None:
                return None
            broken.append(breach)
        first = next((breach for breach in broken if breach.gap is not None), broken[0])
        return Breach(first.measure, first.left, first.right, any(breach.rounding for breach in broken))

    def measure(self, *sides: Expr) -> Measure:
        return measure_of(self.measured, *sides)

    def measured(self, path: str) -> Measure:
        return self.form.fields[path].type.traits.measure


def _holds(operator: Operator, gap: Decimal, allowed: Decimal) -> bool:
    """Tell whether a comparison (``=``, ``<=``, ``>=``) holds when its two sides may be off by what is allowed."""
    match operator:
        case Operator.EQUAL:
            return abs(gap) <= allowed
        case Operator.AT_MOST:
            return gap <= allowed
        case _:
            return gap >= -allowed


def _severity(rule: Rule, asked: FormRule, breach: Breach) -> Severity:
    graded = asked.severity or rule.severity
    return Severity.WARNING if breach.rounding and graded is Severity.ERROR else graded


def _said(say: str, breach: Breach) -> str:
    """Put the figures into a rule's message."""
    values = {"left": breach.left, "right": breach.right, "gap": breach.gap}

    def shown(hole: re.Match[str]) -> str:
        value = values[hole[1]]
        if value is None:
            return ""
        match breach.measure:
            case Measure.MONEY:
                return money(value)
            case Measure.SHARE if hole[1] == "gap":
                return f"{figure(cents(value * 100))} 个百分点"
            case Measure.SHARE:
                return percent(value)
            case _:
                return figure(cents(value))

    return HOLE.sub(shown, say)
