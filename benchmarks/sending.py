"""Sending out: the blank of each form, the first and others, and a unit's workbook made from the bytes of a rendered one."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from statistics import median

from benchmarks.figures import Figure, compare, processor
from benchmarks.files import loaded, saved
from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.send.series import Series

ROOM = "sending"


def _amounts(form: Form) -> list[str]:
    """Return up to two amounts of a form that stand once."""
    fields = form.fields.items()
    return [p for p, spec in fields if spec.type is Type.MONEY and "[" not in p and not spec.computed][:2]


def _unit(form: Form, number: int) -> Own:
    """Return a unit with name, code and up to two amounts."""
    return Own(f"第{number}中学", f"{number:06}", {path: Decimal(number) / 4 for path in _amounts(form)})


def _typed(data: bytes, own: Own) -> bytes:
    """Return a workbook with a name and amounts typed in, as openpyxl loads and saves it."""
    book = loaded(data)
    for number, value in enumerate([own.unit, *own.values.values()], start=1):
        book.worksheets[-1].cell(200, number).value = str(value)
    return saved(book)


def figures(*, short: bool) -> Iterator[Figure]:
    for form in list(load_forms().values())[: 2 if short else None]:
        first, *again = (processor(partial(generate, form, unit=f"第{n}中学")) for n in range(3 if short else 5))
        yield Figure(ROOM, f"{form.id}: a process's first blank", first, most=25)
        yield Figure(ROOM, f"{form.id}: another blank", median(again[1:]), most=25)
        series = Series([Outgoing.of(form, year=2024)])
        data = series.workbook([_unit(form, 99)])
        numbers = iter(range(100, 100_000))

        def each(form: Form = form, series: Series = series, numbers: Iterator[int] = numbers) -> None:
            for _ in range(10):
                series.workbook([_unit(form, next(numbers))])

        pair = compare(each, partial(_typed, data, _unit(form, 99)), 3)
        ratio = pair.ratio / 10
        yield Figure(ROOM, f"{form.id}: a unit", pair.ours / 10, "ms", "openpyxl, load + save", pair.theirs, ratio)
        yield Figure(ROOM, f"{form.id}: a unit", pair.ours / 10, most=0.7)
