"""A form about to be sent out: what every unit gets is known, what is each unit's own is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct, field

from perfxl.forms.compute import compute
from perfxl.forms.data import Data, DataError, Misfit, from_data
from perfxl.forms.layout.place import identity, place_sheets
from perfxl.forms.layout.resize import resized, tables
from perfxl.forms.layout.set_out import set_out
from perfxl.forms.periods import part_values
from perfxl.forms.printed_text import wants_year
from perfxl.model.field_type import Type
from perfxl.model.form import MOST_BLOCKS, MOST_ROWS, Form
from perfxl.model.layout import Layout, Stamp
from perfxl.model.period import Period
from perfxl.model.record import Record
from perfxl.model.regex import deferred
from perfxl.model.submission import span_of
from perfxl.model.value import Value

_ROW = deferred(r"\[(\d+)\]")


class Own(Struct, frozen=True):
    """What is a unit's own: its name and code, and values by concrete path, which beat those that every unit gets."""

    unit: str | None = None
    code: str | None = None
    values: Mapping[str, Value] = field(default_factory=dict)


class Outgoing(Struct, frozen=True):
    """A form with as many rows as were asked for, and what every unit gets."""

    form: Form
    record: Record
    year: int | None = None

    @classmethod
    def of(
        cls,
        form: Form,
        *,
        year: int | None = None,
        period: Period | None = None,
        data: Data | None = None,
        rows: Mapping[str, int] | None = None,
    ) -> Outgoing:
        """Prepare a form for sending out; ``year`` and ``period`` beat the data's. Raises DataError with every misfit.

        Of a period a form that is handed in once a year takes the year.
        """
        record, misfits = from_data(form, data or {})
        if period is not None:
            record, year = Record({**record.values, **part_values(form, period)}, record.sizes), period.year
        known = tables(form)
        misfits += tuple(
            Misfit(table, f"没有这张可增行的表，可用：{'、'.join(known)}") for table in rows or {} if table not in known
        )
        misfits += tuple(_out_of_bounds(form, rows or {}))
        if misfits:
            raise DataError(misfits)
        return cls.holding(resized(form, rows) if rows else form, record, year)

    @classmethod
    def holding(cls, form: Form, record: Record, year: int | None = None) -> Outgoing:
        """Prepare a form for sending out with some values; ``year`` beats theirs."""
        presets = {
            path: spec.preset for path, spec in form.fields.items() if spec.preset is not None and "[]" not in path
        }
        values: dict[str, Value] = {**presets, **record.values}
        if year is not None and form.year_path:
            values[form.year_path] = Decimal(year)
        return cls(form, Record(values, record.sizes), year)

    def identity(self, own: Own) -> Stamp:
        """Return who a unit's sheet is."""
        given = self.given(own)
        return identity(self.form, given, year=self._year(given), unit_code=own.code)

    def period(self, own: Own) -> Period:
        """Return the time that a unit's sheet is about, as far as it is known before it is filled in."""
        return Period(self.identity(own).year, *span_of(self.form, self.given(own)))

    def prints_year(self) -> bool:
        """Tell whether the year stands in what the form prints, where nobody can type it."""
        return any(
            wants_year(cell.template) for layout in self.cells(self.filled(Own()), Own()) for cell in layout.cells
        )

    def filled(self, own: Own) -> Record:
        """Return the values of a unit's sheet, computed ones worked out."""
        return compute(self.form, self.given(own)).record

    def layouts(self, own: Own) -> tuple[Layout, ...]:
        """Return a unit's form: the sheet, or the several sheets, on which it stands."""
        return self.placed(self.filled(own), own)

    def placed(self, filled: Record, own: Own) -> tuple[Layout, ...]:
        """Return a unit's form with values that are worked out already."""
        return tuple(map(set_out, self.cells(filled, own)))

    def cells(self, filled: Record, own: Own) -> tuple[Layout, ...]:
        """Return what ``placed`` does before it is set out on pages: what stands in which cell, and what is watched."""
        return place_sheets(self.form, filled, year=self._year(filled), unit_code=own.code)

    def _year(self, record: Record) -> int | None:
        """Return the year that was asked for, else that of a date in the record."""
        if self.year is not None:
            return self.year
        dates = (record[path] for path, spec in self.form.fields.items() if spec.type is Type.DATE)
        return next((date.year for date in dates if isinstance(date, dt.date)), None)

    def given(self, own: Own) -> Record:
        """Return the values of a unit's sheet before any is worked out."""
        values = {**self.record.values, **own.values}
        if own.unit is not None and self.form.unit_path:
            values[self.form.unit_path] = own.unit
        return Record(values, _sizes(self.record.sizes, own.values))


def _out_of_bounds(form: Form, rows: Mapping[str, int]) -> Iterator[Misfit]:
    """Yield the tables and blocks that cannot have so many rows or repetitions."""
    for table, number in rows.items():
        most, counted = (MOST_BLOCKS, "块") if form.block(table) else (MOST_ROWS, "行")
        if not 1 <= number <= most:
            yield Misfit(table, f"只能留 1 到 {most} {counted}")


def _sizes(sizes: Mapping[str, int], values: Mapping[str, Value]) -> Mapping[str, int]:
    """Return the numbers of rows that reach to every value."""
    grown = dict(sizes)
    for path in values:
        for found in _ROW.finditer(path):
            table = path[: found.start()]
            grown[table] = max(grown.get(table, 0), int(found[1]) + 1)
    return grown
