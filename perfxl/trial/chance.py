"""Random data of a form: figures that often meet, texts that its rules speak of, blanks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from random import Random
from typing import Final

from msgspec import Struct

from perfxl.forms.compute import compute
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form, Table
from perfxl.model.path import table_of
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.values.indicator import parse_indicator

_FIGURES: Final = tuple(map(Decimal, ("0", "1", "2", "5", "10", "10.01", "50", "90", "100", "1000", "100000")))
_SHARES: Final = tuple(map(Decimal, ("0", "0.1", "0.5", "0.9", "1", "1.1")))
_TEXTS: Final = ("甲", "乙", "无")
_VALUES: Final = ("≥95%", "96%", "≤90万元", "18个", "长期", "达成", "无")
_CODE: Final = "2010301104"
_BLANK: Final = 0.2
_CODED: Final = 0.8
_MOST_ROWS: Final = 3


class Chance(Struct, frozen=True):
    """Makes random records of a form in which some fields (``paths``, generic) are filled in.

    ``said`` are texts that matter to what is tried.
    """

    form: Form
    paths: Collection[str]
    said: tuple[str, ...]
    rng: Random

    def record(self) -> Record:
        """Return a random record; what is computed is worked out."""
        sizes: dict[str, int] = {}
        values: dict[str, Value] = {}
        for path in self.paths:
            self._size(path, sizes)
        groups = {band.path: band.groups for band in self.form.flat() if isinstance(band, Table) and band.groups}
        for path in self.paths:
            field = self.form.fields[path]
            levels = groups.get(table_of(path).removesuffix("[]"), ()) if field.level else ()
            printed = [group.value for group in levels] if field.level == 1 else [b for g in levels for b in g.below]
            for at in Record({}, sizes).paths(path):
                if self.rng.random() >= _BLANK:
                    values[at] = self.rng.choice(printed) if printed else self.value(field)
        return compute(self.form, Record(values, sizes)).record

    def _size(self, path: str, sizes: dict[str, int]) -> None:
        """Give each table that a path leads through a number of rows."""
        table = ""
        for piece in path.split("[]")[:-1]:
            table += piece
            for at in Record({}, sizes).paths(table):
                sizes.setdefault(at, self.rng.randint(1, _MOST_ROWS))
            table += "[]"

    def value(self, field: Field) -> Value:
        """Return a random value that a field may hold."""
        pick = self.rng.choice
        match field.type:
            case Type.TEXT:
                codes = tuple(_codes(field))
                return pick(codes if codes and self.rng.random() < _CODED else (*_TEXTS, *self.said))
            case Type.VALUE:
                return parse_indicator(pick((*_VALUES, *self.said)))
            case Type.CHOICE:
                return pick(field.choices).value
            case Type.TICK:
                return True
            case Type.DATE:
                return dt.date(2024, 1, 1) + dt.timedelta(days=pick((0, 1, 30, 366)))
            case Type.YEAR:
                return Decimal(pick((2023, 2024, 2025)))
            case Type.PERCENT:
                return within(field, pick(_SHARES))
            case Type.MONEY | Type.NUMBER | Type.INTEGER:
                return within(field, pick(_FIGURES))


def _codes(field: Field) -> Iterator[str]:
    """Yield codes of the lengths that a field allows, each the beginning of the next: 201, 20103, 2010301."""
    most = len(_CODE) if field.length is None else min(field.length, len(_CODE))
    if field.least is not None:
        yield from (_CODE[:length] for length in range(field.least, most + 1))


def within(field: Field, number: Decimal) -> Decimal:
    """Return a number as near as the limits of a field allow; whole where it must be."""
    low = number if field.minimum is None else max(number, field.minimum)
    kept = low if field.maximum is None else min(low, field.maximum)
    return kept.to_integral_value() if field.type.traits.whole else kept


def with_values(form: Form, record: Record, changed: Mapping[str, Value]) -> Record:
    """Return a record with some values changed; what is computed is worked out anew."""
    return compute(form, Record({**record.values, **changed}, record.sizes)).record
