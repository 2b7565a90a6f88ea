"""Random data on which a condition is tried: where its figures meet, and near to that."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from random import Random
from typing import Final

from perfxl.expr.evaluate import concrete, evaluate, references
from perfxl.expr.sorts import sort_of
from perfxl.model.expression import Binary, Call, Constant, Expr, Negate
from perfxl.model.field_type import Sort
from perfxl.model.form import Form, FormRule
from perfxl.model.path import generic, in_row, row_of
from perfxl.model.record import Record
from perfxl.trial.chance import Chance, with_values, within

_CENT: Final = Decimal("0.01")
_MILLIONTH: Final = Decimal("0.000001")


def attempts(form: Form, rule: FormRule, must: Expr, times: int) -> Iterator[tuple[Record, str]]:
    """Yield records on which the condition of a rule is tried, each with a row where the rule is about rows.

    Every second time the two sides of a comparison are made equal, or nearly so, for chance alone seldom does that. The
    same form gives the same.
    """
    rng = Random(f"{form.id} {rule.line} {rule.code} {rule.at}")  # noqa: S311 - no secret
    beside = _beside(form, rule.each) if rule.each else ()
    chance = Chance(form, tuple(dict.fromkeys((*_inputs(form, must), *beside))), _texts(must), rng)
    for turn in range(times):
        record = chance.record()
        for row in record.rows(rule.each) if rule.each else ("",):
            tried = _levelled(form, must, record, row, rng) if turn % 2 else record
            if not rule.each or any(tried[in_row(path, row)] is not None for path in beside):
                yield tried, row  # a row in which nothing was typed is none


def _beside(form: Form, table: str) -> tuple[str, ...]:
    """Return the columns of a table that are typed: any of them makes a row one that is in use."""
    fields = ((path, field) for path, field in form.fields.items() if path.startswith(f"{table}[]."))
    own = ((path, field) for path, field in fields if path.count("[]") == table.count("[]") + 1)
    return tuple(
        path for path, field in own if not (field.level or field.spread or field.computed or field.preset is not None)
    )


def _inputs(form: Form, expr: Expr) -> tuple[str, ...]:
    """Return the typed fields that an expression depends on, by generic path."""
    found: dict[str, None] = {}
    waiting = list(references(expr))
    known = set(waiting)
    while waiting:
        path = waiting.pop()
        formula = form.fields[path].formula
        if formula is None and not form.fields[path].serial:
            found[path] = None
        for other in references(formula) if formula is not None else ():
            if other not in known:
                known.add(other)
                waiting.append(other)
    return tuple(found)


def _texts(expr: Expr) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(one.value for one in _parts(expr) if isinstance(one, Constant) and isinstance(one.value, str))
    )


def _parts(expr: Expr) -> Iterator[Expr]:
    """Yield an expression and all inside it."""
    yield expr
    match expr:
        case Binary(_, left, right):
            yield from _parts(left)
            yield from _parts(right)
        case Negate(operand):
            yield from _parts(operand)
        case Call(_, arguments):
            for argument in arguments:
                yield from _parts(argument)
        case _:
            pass


def _levelled(form: Form, must: Expr, record: Record, row: str, rng: Random) -> Record:
    """Return a record in which the sides of one comparison of the condition are equal, or one cent apart, where that can be.

    One typed figure is changed: where its weight in the difference of the sides is known from two values, the third one
    follows.
    """
    comparisons = [one for one in _parts(must) if isinstance(one, Binary) and one.operator.compares]
    numeric = [one for one in comparisons if sort_of(one.left) is Sort.NUMBER]
    figures = [path for path in _typed(form, must, record, row) if isinstance(record[path], Decimal)]
    if not numeric or not figures:
        return record
    chosen, path = rng.choice(numeric), rng.choice(figures)
    field, before = form.fields[generic(path)], record[path]
    first = _gap(chosen, record, row)
    if not isinstance(before, Decimal) or first is None:
        return record
    second = _gap(chosen, with_values(form, record, {path: before + 1}), row)
    if second is None or second == first:
        return record
    wanted = before - first / (second - first) + rng.choice((0, 0, 1, -1)) * _CENT
    return with_values(form, record, {path: within(field, wanted.quantize(_MILLIONTH))})


def _gap(comparison: Binary, record: Record, row: str) -> Decimal | None:
    left, right = evaluate(comparison.left, record, row), evaluate(comparison.right, record, row)
    return left - right if isinstance(left, Decimal) and isinstance(right, Decimal) else None


def _typed(form: Form, expr: Expr, record: Record, row: str) -> list[str]:
    """Return the typed cells that an expression reads, through what is computed."""
    found: dict[str, None] = {}
    waiting = [*concrete(expr, record, row)]
    while waiting:
        path = waiting.pop()
        formula = form.fields[generic(path)].formula
        if formula is None:
            found[path] = None
            continue
        waiting += [other for other in concrete(formula, record, row_of(path)) if other not in found]
    return list(found)
