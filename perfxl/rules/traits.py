"""What a form has that is ranked, weighed by and drawn: read from its formulas and rules, never from its name."""

from __future__ import annotations

from msgspec import Struct

from perfxl.expr.evaluate import references
from perfxl.model.expression import Expr, FieldRef
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.rules.funds.rows import rates_of

_RATES, _TOTAL = "M07", "P05"
_PRINCIPAL = 2


class Traits(Struct, frozen=True):
    """Paths in a form, "" where it has none.

    ``rate`` is the 执行率 of all its money, ``budget`` what there was to spend, ``executed`` what was spent, ``score`` the
    total score. ``funds`` are the amounts that stand for a unit's money: those in the row of the budget, else the first
    totals, else the first amounts; in a form that has amounts only in growing tables, those.
    """

    rate: str = ""
    budget: str = ""
    executed: str = ""
    score: str = ""
    funds: tuple[str, ...] = ()


def traits(form: Form) -> Traits:
    """Return what a form has that is ranked, weighed by and drawn."""
    found = [rate for rule in form.rules if rule.code == _RATES for rate in rates_of(form, rule.over)]
    of_totals = [rate for rate in found if _is_total(form, rate[2])]
    rate, spent, budget = next(iter([*of_totals, *found]), ("", None, None))
    parts = references(budget) if budget is not None else ()
    scores = (f"{rule.over}.score" for rule in form.rules if rule.code == _TOTAL)
    main = _path(budget)
    return Traits(
        rate=rate,
        budget=main,
        executed=_path(spent),
        score=next((path for path in scores if path in form.fields), ""),
        funds=(*parts, _path(spent)) if parts and not main else _funds(form, main),
    )


def _is_total(form: Form, budget: Expr) -> bool:
    path = _path(budget)
    return bool(path) and form.fields[path].computed


def _path(expr: Expr | None) -> str:
    return expr.path if isinstance(expr, FieldRef) else ""


def _funds(form: Form, budget: str) -> tuple[str, ...]:
    money = [path for path, field in form.fields.items() if field.type is Type.MONEY and not field.hidden]
    once = [path for path in money if "[]" not in path]
    if budget:
        row = budget.rpartition(".")[0]
        return tuple(path for path in once if path.rpartition(".")[0] == row)
    totals = [path for path in once if form.fields[path].computed]
    first: dict[str, str] = {}
    for path in totals or once or money:
        # Of the years that stand beside each other in a row of totals, the first is the form's own.
        row = path.rpartition(".")[0] if totals else path
        first.setdefault(row, path)
    return tuple(first.values())[:_PRINCIPAL]
