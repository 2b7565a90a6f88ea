"""Computed fields: the order in which formulas depend on each other, and their values."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from msgspec import Struct

from perfxl.expr.arithmetic import rounded
from perfxl.expr.evaluate import concrete, evaluate, references
from perfxl.expr.texts import day_of
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form
from perfxl.model.path import in_row, row_of
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.values.indicator import parse_indicator


class Order(Struct, frozen=True):
    """Computed fields, each after those that its formula reads; ``circular`` are those that lead back to themselves."""

    paths: tuple[str, ...]
    circular: tuple[str, ...]


def order(fields: Mapping[str, Field]) -> Order:
    """Order the computed fields by what their formulas read."""
    waiting = {path: field for path, field in fields.items() if field.formula is not None}
    done: list[str] = []
    while waiting:
        ready = [
            path
            for path, field in waiting.items()
            if field.formula is not None and not waiting.keys() & set(references(field.formula))
        ]
        if not ready:
            break
        done += ready
        for path in ready:
            del waiting[path]
    return Order(tuple(done), tuple(_circles(waiting)))


def _circles(waiting: dict[str, Field]) -> list[str]:
    """Leave out of fields that cannot be ordered those that only hang on the others."""
    reads = {path: set(references(field.formula)) for path, field in waiting.items() if field.formula is not None}
    left = list(reads)
    while True:
        kept = [path for path in left if any(path in reads[other] for other in left)]
        if kept == left:
            return left
        left = kept


class Computed(Struct, frozen=True):
    """A record with its computed values in place; ``unknown`` are computed paths that hang on an unreadable cell."""

    record: Record
    unknown: frozenset[str]


def compute(form: Form, record: Record, unreadable: Collection[str] = ()) -> Computed:
    """Replace all computed values of a record by what their formulas give.

    A formula that reads an unreadable path, directly or through another formula, gives nothing.
    """
    values = dict(record.values)
    current = Record(values, record.sizes)
    unknown: set[str] = set(unreadable)
    for generic_path, field in form.fields.items():
        if field.serial:
            for path in record.paths(generic_path):
                values[path] = Decimal(int(row_of(path).rpartition("[")[2].rstrip("]")) + 1)
    for generic_path in form.computed:
        _work_out(form, generic_path, current, values, unknown)
    return Computed(current, frozenset(unknown.difference(unreadable)))


def compute_again(form: Form, record: Record, fields: Iterable[str]) -> Record:
    """Work out some computed fields (generic paths, in the order of the form's) of a record in which the others are right."""
    values = dict(record.values)
    current = Record(values, record.sizes)
    for generic_path in fields:
        _work_out(form, generic_path, current, values, set())
    return current


def _work_out(form: Form, generic_path: str, current: Record, values: dict[str, Value], unknown: set[str]) -> None:
    """Set the values of a computed field; ``values`` are those of ``current``."""
    field = form.fields[generic_path]
    for path in current.paths(generic_path) if field.lookup else ():
        code = beside(path, field.lookup)
        values.pop(path, None)
        if code in unknown:
            unknown.add(path)
        elif name := _name(form, field, current, code):
            values[path] = name
    if field.formula is None:
        return
    for path in current.paths(generic_path):
        at = row_of(path)
        values.pop(path, None)
        if unknown and unknown.intersection(concrete(field.formula, current, at)):
            unknown.add(path)
            continue
        result = _typed(evaluate(field.formula, current, at), field.type)
        if result is not None:
            values[path] = result


def beside(path: str, other: str) -> str:
    """Return the concrete path of another field (generic path) that stands in the same row as one, or once."""
    return in_row(other, row_of(path)) if "[]" in other else other


def _name(form: Form, field: Field, record: Record, path: str) -> str:
    """Return what the code at a path is called in its list, "" where nothing is chosen there."""
    coded = form.fields[field.lookup]
    code, listed = record[path], form.lists.get(coded.list)
    under = record[beside(path, coded.within)] if coded.within else None
    entry = listed.find(code, under if isinstance(under, str) else None) if listed and isinstance(code, str) else None
    return entry.name if entry is not None else ""


def _typed(value: Decimal | str | bool | None, kind: Type) -> Value:  # noqa: FBT001 - one of the kinds of value
    if kind.traits.places is not None and isinstance(value, Decimal):
        return rounded(value, kind.traits.places).normalize()
    if kind is Type.DATE and isinstance(value, Decimal):
        return day_of(value)
    if kind is Type.VALUE and isinstance(value, str):
        return parse_indicator(value)
    return value
