"""What was meant and what was reached, indicator by indicator, over the years: one unit's, by name as names are compared.

The target of a year is that of the stage of a chain whose word counts most (the approval, else the declaration, the
monitoring, the self-evaluation); what was reached is that of its final stage. Of an indicator that stands in a return
more than once, the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from perfxl.ledger.ledger import NAME_KEY, Ledger, Stored, quoted
from perfxl.ledger.sums import decimal
from perfxl.ledger.tables import KEY, SUBMISSIONS, LedgerTable, TableColumn, ValuePart
from perfxl.model.form import Form

_MEANT, _REACHED = "target", "actual"
_FACTS = "_facts"
_RANK = 1_000_000_000_000
_COLUMNS = "text", "value", "unit"


class Fact(Struct, frozen=True):
    """An indicator's value in a return: the return's form, year and key, its row in the return, what it says.

    ``place`` is the row's place among those of the form and year, from 1.
    """

    form: str
    year: int
    submission: int
    row: int
    place: int
    text: str
    value: Decimal | None
    unit: str | None


class Compared(NamedTuple):
    """An indicator that two years have: whose, what it is called, meant and reached in the earlier and the later year."""

    code: Stored
    name: Stored
    project: Stored
    levels: tuple[Stored, Stored]
    indicator: Stored
    earlier: tuple[Fact | None, Fact | None]
    later: tuple[Fact | None, Fact | None]


def gather_facts(ledger: Ledger, tables: Sequence[tuple[Form, LedgerTable]]) -> None:
    """Put the indicators of some tables side by side in the ledger."""
    ledger.do(
        f"CREATE TABLE {_FACTS} (fact INTEGER PRIMARY KEY, {KEY}, year, unit, project, key, rank, form, row, place, level1, level2, name, "
        "target_text, target_value, target_unit, actual_text, actual_value, actual_unit)"
    )
    for form, table in tables:
        columns = {column.name: column for column in table.columns}
        asked = [f"t.{quoted(name)}" if name in columns else "NULL" for name in ("level1", "level2", "name")]
        for value in (_MEANT, _REACHED):
            asked += _parts(table, value, wanted=value == _MEANT or form.stage.final)
        ledger.do(
            f"INSERT INTO {_FACTS} SELECT NULL, k.{KEY}, s.year, unit_key(s.unit_code, s.unit_name), "  # noqa: S608 - own names, quoted
            f"COALESCE(name_key(s.project), '') || '|{form.chain.name}', "
            f"t.{NAME_KEY}, {form.chain.standing(form.stage)}, s.form, "
            f"ROW_NUMBER() OVER (PARTITION BY k.{KEY} ORDER BY t.rowid), "
            f"ROW_NUMBER() OVER (PARTITION BY s.year ORDER BY k.{KEY}, t.rowid), {', '.join(asked)} "
            f"FROM _kept k CROSS JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered "
            f"CROSS JOIN {quoted(table.name)} t ON t.{KEY} = k.entered WHERE s.form = ? ORDER BY k.{KEY}, t.rowid",
            form.id,
        )
    ledger.do(f"CREATE INDEX _by_fact ON {_FACTS} (unit, project, key, year)")


def _parts(table: LedgerTable, name: str, *, wanted: bool) -> list[str]:
    """The columns of an indicator value's text, number and unit; nothing where the table does not have it."""

    def find(part: ValuePart) -> TableColumn | None:
        of_part = (column for column in table.columns if column.part is part and column.field is not None)
        return next((column for column in of_part if column.field is not None and column.field.key == name), None)

    found = [find(part) if wanted else None for part in (ValuePart.TEXT, ValuePart.VALUE, ValuePart.UNIT)]
    return [f"t.{quoted(column.name)}" if column is not None else "NULL" for column in found]


def count_compared(ledger: Ledger, earlier: int, later: int) -> int:
    """Return how many indicators two years have in common."""
    (count,) = ledger.one(f"SELECT COUNT(*) FROM ({_pairs('1')})", earlier, later)  # noqa: S608 - own names
    return int(count or 0)


def compared(ledger: Ledger, earlier: int, later: int) -> Iterator[Compared]:
    """Yield the indicators that two years have in common, in the order of the later year's returns."""
    sides = [f"f{n}.form, f{n}.year, f{n}.{KEY}, f{n}.row, f{n}.place, {_said(n)}" for n in range(4)]
    joins = [f"LEFT JOIN {_FACTS} f{n} ON f{n}.fact = p.p{n} % {_RANK}" for n in range(4)]
    query = (
        f"SELECT s.unit_code, s.unit_name, s.project, a.level1, a.level2, a.name, {', '.join(sides)} "  # noqa: S608 - own names
        f"FROM ({_pairs(_PICKED)}) p JOIN {_FACTS} a ON a.fact = p.first JOIN _kept k ON k.{KEY} = a.{KEY} "
        f"JOIN {quoted(SUBMISSIONS)} s ON s.{KEY} = k.entered {' '.join(joins)} ORDER BY p.first"
    )
    for code, name, project, level1, level2, indicator, *rest in ledger.ask(query, earlier, later):
        facts = [_fact(rest[start : start + 8]) for start in range(0, 32, 8)]
        yield Compared(code, name, project, (level1, level2), indicator, (facts[0], facts[1]), (facts[2], facts[3]))


def _said(number: int) -> str:
    value = _REACHED if number % 2 else _MEANT
    return ", ".join(f"f{number}.{value}_{column}" for column in _COLUMNS)


def _best(year: str, value: str) -> str:
    return f"MIN(CASE WHEN year = {year} AND {value}_text IS NOT NULL THEN rank * {_RANK} + fact END)"


_PICKED = (
    "MIN(CASE WHEN year = ?2 THEN fact END) AS first, "
    f"{_best('?1', _MEANT)} AS p0, {_best('?1', _REACHED)} AS p1, {_best('?2', _MEANT)} AS p2, {_best('?2', _REACHED)} AS p3"
)


def _pairs(asked: str) -> str:
    """Ask for the indicators of which both years say something: ?1 is the earlier year, ?2 the later one."""
    said = f"({_MEANT}_text IS NOT NULL OR {_REACHED}_text IS NOT NULL)"
    return (
        f"SELECT {asked} FROM {_FACTS} WHERE year IN (?1, ?2) AND key <> '' GROUP BY unit, project, key "  # noqa: S608 - own names
        f"HAVING SUM(year = ?1 AND {said}) > 0 AND SUM(year = ?2 AND {said}) > 0"
    )


def _fact(row: Sequence[Stored]) -> Fact | None:
    form, *numbers, text, value, unit = row
    if form is None:
        return None
    year, submission, number, place = (int(one or 0) for one in numbers)
    return Fact(
        str(form),
        year,
        submission,
        number,
        place,
        str(text or ""),
        decimal(value),
        None if unit is None else str(unit),
    )
