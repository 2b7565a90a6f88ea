"""The total score of a scored form and its grade (RULES, Scoring)."""

from __future__ import annotations

from decimal import Decimal

from perfxl.expr.evaluate import evaluate
from perfxl.model.expression import Call, Expr, Function
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.rules.points import P05

GRADES = (("优", Decimal(90)), ("良", Decimal(80)), ("中", Decimal(60)), ("差", None))
"""Each grade with the least total that earns it, best first; the last one has none."""
FULL = 100
"""The highest total; one above it is a mistake."""
_TOTAL = P05.code


def is_total(total: Decimal) -> bool:
    """Tell whether a total can be graded: one below 0 or above 100 is a mistake that has its own findings."""
    return 0 <= total <= FULL


def grade(total: Decimal) -> str:
    """Return the grade of a total out of 100: each range holds its lower end and not its upper one."""
    return next(name for name, least in GRADES if least is None or total >= least)


def total_score(form: Form, record: Record) -> Decimal | None:
    """Return the total of a scored form before it is rounded for print, None where there is none.

    A form is scored when it has the rule P05; its total is the field ``score`` of the group that the rule is about.
    """
    for rule in form.rules:
        field = form.fields.get(f"{rule.over}.score") if rule.code == _TOTAL else None
        if field is None or not isinstance(record[field.path], Decimal):
            continue
        total = record[field.path] if field.formula is None else evaluate(_unrounded(field.formula), record)
        return total if isinstance(total, Decimal) else None
    return None


def _unrounded(formula: Expr) -> Expr:
    match formula:
        case Call(Function.ROUND, (inner, *_)):
            return _unrounded(inner)
        case Call(Function.IF, (condition, *branches)):
            return Call(Function.IF, (condition, *map(_unrounded, branches)))
        case _:
            return formula
