"""The indicators that several returns have: a 三级 name with numbers of one unit of measure in at least three of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.ledger.ledger import NAME_KEY, Ledger, quoted
from perfxl.ledger.sums import decimal, quotient
from perfxl.ledger.tables import KEY, LedgerTable, ValuePart
from perfxl.model.form import Field
from perfxl.model.period import Period
from perfxl.values.units import PERCENT, adds_up

LEAST_RETURNS = 3
"""So many returns an indicator must stand in before anything is made of their numbers (FORMS, what is added)."""


class Indicator(Struct, frozen=True):
    """Numbers of one indicator in one unit of measure: ``field`` says which of its values they are.

    ``number`` is the same for all values and units of a name within a table and a period. ``weighted``: ``average`` is
    weighted by the returns' budgets; ``total`` is None where numbers of the unit do not add up.
    """

    number: int
    period: Period
    key: str
    levels: tuple[str, ...]
    name: str
    field: Field
    unit: str | None
    count: int
    total: Decimal | None
    average: Decimal | None
    weighted: bool
    least: Decimal
    most: Decimal


class Weights(Struct, frozen=True):
    """Where the returns' budgets stand in the ledger: the form's own table and its column."""

    table: str
    column: str


def indicators(
    ledger: Ledger, table: LedgerTable, blocks: Sequence[tuple[Period, range]], weights: Weights | None, first: int
) -> tuple[Indicator, ...]:
    """Return the indicators of a table in several periods, numbered from ``first`` on, in the order of the returns."""
    found: list[Indicator] = []
    numbers: dict[tuple[Period, str], int] = {}
    for period, keys in blocks:
        own = [one for field in _values(table) for one in _of_field(ledger, table, field, period, keys, weights)]
        for _, one in sorted(own, key=lambda pair: pair[0]):
            number = numbers.setdefault((period, one.key), first + len(numbers))
            found.append(replace(one, number=number))
    return tuple(found)


def numbers_of(found: Sequence[Indicator]) -> Mapping[tuple[Period, str], int]:
    """Return the number of each indicator by period and name as names are compared."""
    return {(one.period, one.key): one.number for one in found}


def _values(table: LedgerTable) -> Iterator[Field]:
    for column in table.columns:
        if column.part is ValuePart.TEXT and column.field is not None:
            yield column.field


def _of_field(
    ledger: Ledger, table: LedgerTable, field: Field, period: Period, keys: range, weights: Weights | None
) -> Iterator[tuple[tuple[int, str, str], Indicator]]:
    """Yield the indicators that a field has numbers for, with where they come in the order."""
    value, unit = (f"t.{quoted(table.column(field.path, part).name)}" for part in (ValuePart.VALUE, ValuePart.UNIT))
    levels = [column for column in table.columns if column.field is not None and column.field.level]
    named = next(column for column in table.columns if column.name == "name")
    budget = f"f.{quoted(weights.column)}" if weights else "NULL"
    join = f" CROSS JOIN {quoted(weights.table)} f ON f.{KEY} = k.entered" if weights else ""
    shown = ", ".join(f"MIN(t.{quoted(column.name)})" for column in (*levels, named))
    product = (
        f"dproduct({value}, {budget}), dsum(CASE WHEN {value} IS NOT NULL THEN {budget} END)"
        if weights
        else "NULL, NULL"
    )
    query = (
        f"SELECT MIN(t.rowid), t.{NAME_KEY}, {unit}, COUNT({value}), dsum({value}), dmin({value}), dmax({value}), "  # noqa: S608 - own names, quoted
        f"{product}, {shown} FROM _kept k CROSS JOIN {quoted(table.name)} t ON t.{KEY} = k.entered{join} "
        f"WHERE k.{KEY} BETWEEN ? AND ? AND {value} IS NOT NULL AND t.{NAME_KEY} <> '' "
        f"GROUP BY t.{NAME_KEY}, {unit} HAVING COUNT(DISTINCT k.{KEY}) >= {LEAST_RETURNS}"
    )
    for row, key, measure, count, total, least, most, above, below, *texts in ledger.ask(
        query, keys.start, keys.stop - 1
    ):
        of_measure = None if measure is None else str(measure)
        weighed = quotient(decimal(above), decimal(below)) if of_measure == PERCENT else None
        plain = quotient(decimal(total), decimal(count))
        one = Indicator(
            number=0,
            period=period,
            key=str(key),
            levels=tuple(str(text or "") for text in texts[:-1]),
            name=str(texts[-1]),
            field=field,
            unit=of_measure,
            count=int(count or 0),
            total=decimal(total) if adds_up(of_measure) else None,
            average=weighed if weighed is not None else plain,
            weighted=weighed is not None,
            least=Decimal(least or 0),
            most=Decimal(most or 0),
        )
        yield (int(row or 0), field.path, of_measure or ""), one
