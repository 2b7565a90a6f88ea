"""What one source has to give: its values as a mapping takes them, with the cells that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from msgspec import Struct

from perfxl.expr.evaluate import concrete, evaluate
from perfxl.model.carry import NEW_YEAR, RowTake, Take
from perfxl.model.expression import FieldRef
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.year.carry.fitting import matched
from perfxl.year.carry.outcome import CarryInput, Origin
from perfxl.year.carry.words import place_of


class Taken(Struct, frozen=True):
    """A value on its way: what takes it, its key in the new row, where it came from, the row of the source."""

    take: Take
    key: str
    value: Value
    origin: Origin
    given: CarryInput
    row: str


class MergedSource(Struct, frozen=True):
    """A source as it is merged: its place among the others, its values, the new form's year beside them."""

    number: int
    given: CarryInput
    record: Record

    @classmethod
    def of(cls, number: int, given: CarryInput, year: int | None) -> MergedSource:
        record = given.returned.record
        if year is not None and NEW_YEAR not in given.returned.definition.fields:
            record = Record({**record.values, NEW_YEAR: Decimal(year)}, record.sizes)
        return cls(number, given, record)

    def rows(self, rows: RowTake) -> list[str]:
        """Return the rows that a mapping takes; "" where the source as a whole is one."""
        return list(self.record.rows(rows.rows)) if rows.rows else [""]

    def values(self, takes: Iterable[Take], table: str = "", row: str = "") -> list[Taken]:
        """Return what is taken into a table (generic path), or into what stands once; blanks are left out."""
        return [taken for take in takes if (taken := self._value(take, table, row)) is not None]

    def _value(self, take: Take, table: str, row: str) -> Taken | None:
        if isinstance(take.value, FieldRef):
            value: Value = self.record[take.value.path_at(row)]
        else:
            value = evaluate(take.value, self.record, row)
        if value is None:
            return None
        paths = [path for path in concrete(take.value, self.record, row) if path != NEW_YEAR]
        filled = [path for path in paths if self.record[path] is not None]
        returned = self.given.returned
        cells = tuple((path, returned.cells.get(path)) for path in filled)
        origin = Origin(
            source=self.given.entry.named,
            file=self.given.entry.file,
            sheet=returned.sheet,
            cells=cells,
            said=place_of(self.given, cells),
            computed=not take.copies and [self.record[path] for path in filled] != [value],
        )
        key = take.path.removeprefix(f"{table}[].") if table else take.path
        return Taken(take, key, value, origin, self.given, row)

    def match(self, rows: RowTake, row: str, values: Iterable[Taken]) -> dict[str, str]:
        """Return what a row is found by: values that are taken, else what it has under the same names."""
        taken = {one.key: one.value for one in values}
        return {key: matched(taken.get(key, self.record[f"{row}.{key}"])) for key in rows.match}
