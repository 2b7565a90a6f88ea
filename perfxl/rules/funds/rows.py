"""Rows of figures outside growing tables: what there was to spend, what was spent, at which rate."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.model.expression import Binary, Call, Expr, Function, Operator
from perfxl.model.form import Form
from perfxl.model.path import is_under
from perfxl.rules.once import once_a_form

RATE = ".rate"
_NUMBERED = re.compile(r"^(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})、")


@once_a_form
def fund_rows(form: Form, over: str, *keys: str) -> tuple[str, ...]:
    """Return the rows at or below a path that have a budget, and these figures: ``funds.total``, ``funds.fiscal`` …"""
    found = (path.removesuffix(".budget") for path in form.fields if path.endswith(".budget") and "[]" not in path)
    return tuple(row for row in found if is_under(row, over) and all(f"{row}.{key}" in form.fields for key in keys))


@once_a_form
def rates_of(form: Form, over: str) -> Iterator[tuple[str, Expr, Expr]]:
    """Yield the computed rates at or below a path: path, what was spent, what there was to spend."""
    for path, field in form.fields.items():
        parts = division(field.formula)
        if parts is not None and is_under(path, over) and path.endswith(RATE) and "[]" not in path:
            yield path, *parts


@once_a_form
def scored_rows(form: Form) -> tuple[str, ...]:
    """Return the rows that are scored by their rate: ``funds.total``."""
    found = (path.removesuffix(RATE) for path in form.fields if path.endswith(RATE) and "[]" not in path)
    return tuple(row for row in found if {f"{row}.score", f"{row}.weight"} <= form.fields.keys())


def division(formula: Expr | None) -> tuple[Expr, Expr] | None:
    """Return the two sides of a formula that is a rounded division, None for another one."""
    match formula:
        case Call(Function.ROUND, (Binary(Operator.DIVIDE, above, below), _)) | Binary(Operator.DIVIDE, above, below):
            return above, below
        case _:
            return None


def own_words(form: Form, row: str) -> str:
    """Return what a row of figures is called on the form, without a number in front: 年度资金总额."""
    return _NUMBERED.sub("", form.groups.get(row, row).rpartition(" › ")[2])
