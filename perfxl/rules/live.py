"""The live half of a form's rules: what its workbook watches while it is filled in.

A rule that is an expression is watched as it stands, a check of perfxl's own by its live half where it has one.
docs/selfcheck.md names the rest with the reason, and the tests hold both halves against each other.
"""

from __future__ import annotations

from decimal import Decimal

from msgspec.structs import replace

from perfxl.expr.comparison import sides_of, tolerant
from perfxl.expr.evaluate import references
from perfxl.expr.from_inputs import from_inputs
from perfxl.expr.unsettled import stays_blank
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form, FormRule
from perfxl.model.live import Live, LiveBands, LiveEarned, LiveMissed, LivePoints, LiveRule
from perfxl.model.once import once_each
from perfxl.model.regex import deferred
from perfxl.rules import demands, shapes
from perfxl.rules.catalog import CATALOG
from perfxl.rules.own import rule_in
from perfxl.rules.rule import LiveHalf

_HOLE = deferred(r"(?<!\s)\s*+\{\w+\}\s*+")
_LAST = (LiveBands, LiveMissed, LiveEarned)
"""What reads figures out of texts: shown last, one after the other, since they share what is read."""


@once_each
def live(form: Form) -> tuple[Live, ...]:
    """Return what a form's workbook watches, in the order of the form's rules; nothing for a form that is issued."""
    if form.issued:
        return ()
    asked_for = (replace(one, must=_in_use(form, one.each, one.must)) for one in demands.conditions(form))
    found: list[Live] = [*shapes.conditions(form), *asked_for]
    for asked in form.rules:
        named = CATALOG[asked.code].named if asked.code in CATALOG else None
        if asked.must is not None:
            found.append(_of_expression(form, asked, asked.must))
        elif named is not None and isinstance(named.live, LiveHalf) and not asked.pairs:
            found += named.live.watch(form, asked)
    first = (_from_inputs(form, one) for one in found if isinstance(one, LiveRule | LivePoints))
    return (*first, *_last(found))


def _from_inputs(form: Form, one: LiveRule | LivePoints) -> LiveRule | LivePoints:
    """Return a rule as its sheet works it out: with the rows that have been inserted without their formulas."""
    if isinstance(one, LivePoints):
        return one
    must, *sides = (
        from_inputs(expr, lambda path: form.fields[path].formula) for expr in (one.must, *(one.sides or ()))
    )
    return replace(one, must=must, sides=(sides[0], sides[1]) if sides else None)


def _last(found: list[Live]) -> list[Live]:
    scored = [one for one in found if isinstance(one, LiveBands | LiveMissed | LiveEarned)]
    tables = list(dict.fromkeys(one.table for one in scored))
    return [*sorted(scored, key=lambda one: (tables.index(one.table), _LAST.index(type(one))))]


def _of_expression(form: Form, asked: FormRule, must: Expr) -> LiveRule:
    watched = _in_use(form, asked.each, must)
    return LiveRule(
        code=asked.code,
        severity=asked.severity or rule_in(form, asked.code).severity,
        must=tolerant(watched, lambda path: form.fields[path].type.traits.measure),
        at=asked.at,
        want=asked.want or _HOLE.sub("", asked.say.partition("，")[0]),
        each=asked.each,
        say=asked.say,
        summed=_of_money(form, must) and not _divides(must),
        sides=sides_of(must),
    )


def _in_use(form: Form, table: str, must: Expr) -> Expr:
    """Return a condition about the rows of a table (if any) that is left open in those in which nothing was typed.

    At the import such rows are none; on the sheet they stand there, and nothing in them is a mistake yet.
    """
    if not table:
        return must
    row = f"{table}[]."
    typed = {path: field for path, field in form.fields.items() if path.startswith(row) and _is_typed(form, field)}
    if stays_blank(must, lambda path: path in typed and "[]" not in path.removeprefix(row)):
        return must
    cells = {path: FieldRef(path, field.type.traits.sort) for path, field in typed.items()}
    own = [cell for path, cell in cells.items() if "[]" not in path.removeprefix(row)]
    below = tuple(cell for path, cell in cells.items() if "[]" in path.removeprefix(row))
    filled: list[Expr] = [Call(Function.NOT, (Call(Function.ISBLANK, (cell,)),)) for cell in own]
    if below:
        inside = Call(Function.COUNTA, (Range(below, bound=row.count("[]")),))
        filled.append(Binary(Operator.MORE, inside, Constant(Decimal(0))))
    if not filled:
        return must
    return Call(Function.IF, (Call(Function.OR, tuple(filled)) if filled[1:] else filled[0], must, Blank()))


def _is_typed(form: Form, field: Field) -> bool:
    """Tell whether a value makes its row one that is in use: no level does, nor what stands in every row."""
    given = field.level or field.spread or field.computed or field.hidden or field.preset is not None
    return not given and not form.ticked(field.path)


def _divides(expr: Expr) -> bool:
    """Tell whether an expression is about shares: their rounding is another one than that of sums."""
    match expr:
        case Binary(operator, left, right):
            return operator is Operator.DIVIDE or _divides(left) or _divides(right)
        case Negate(operand):
            return _divides(operand)
        case Call(_, arguments):
            return any(map(_divides, arguments))
        case _:
            return False


def _of_money(form: Form, must: Expr) -> bool:
    """Tell whether all figures that an expression reads are money."""
    types = [form.fields[path].type for path in references(must)]
    return all(kind is Type.MONEY for kind in types if kind.numeric)
