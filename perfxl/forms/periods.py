"""The fields of a form that say which part of the year it is about, filled in for a period."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.value import Value


def part_values(form: Form, period: Period) -> Mapping[str, Value]:
    """Return what stands in a form's fields of half, quarter, month, ten days, by path; nothing the period does not tell."""
    numbers = period.parts()
    found: dict[str, Value] = {}
    for part, path in form.identity.parts.items():
        number, field = numbers.get(part), form.fields[path]
        if number is None:
            continue
        if field.choices:
            found[path] = next((one.value for one in field.choices if part.number(one.value) == number), None)
        else:
            found[path] = Decimal(number)
    return found
