"""Figures of a form held against those of another form of the unit."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from perfxl.model.field_type import Type
from perfxl.model.form import FormRule
from perfxl.model.path import generic
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.words import shown


class FigurePair(Struct, frozen=True):
    """A figure here and its counterpart there; ``label`` is what the other form calls it."""

    path: str
    kind: Type
    here: Decimal
    there: Decimal
    label: str

    @property
    def gap(self) -> Decimal:
        return abs(self.here - self.there)

    def shown(self, value: Decimal) -> str:
        """Return one of the figures as a message quotes it."""
        return shown(value, self.kind)


def pairs(case: Case, asked: FormRule, other: AcceptedForm) -> Iterator[FigurePair]:
    """Yield the figures that a rule pairs, where both are there."""
    for path, counterpart in asked.pairs.items():
        here, there = case.number(path), other.returned.record[counterpart]
        if here is not None and isinstance(there, Decimal):
            label = other.form.fields[generic(counterpart)].parts[-1]
            yield FigurePair(path, case.form.fields[generic(path)].type, here, there, label)
