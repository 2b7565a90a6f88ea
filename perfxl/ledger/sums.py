"""What the returns of a form and a period come to: exact sums, from how many returns, averages and ranges."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr.arithmetic import binary, settled
from perfxl.expr.evaluate import references
from perfxl.forms.compute import compute
from perfxl.forms.periods import part_values
from perfxl.ledger.additive import adds_up, is_added_as_it_stands
from perfxl.ledger.ledger import Ledger, Stored, quoted
from perfxl.ledger.tables import KEY, ColumnKind, LedgerTable, TableColumn, ValuePart
from perfxl.model.expression import Operator
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form
from perfxl.model.period import Period
from perfxl.model.record import Record
from perfxl.model.value import Value

_FIGURES = frozenset({ColumnKind.MONEY, ColumnKind.NUMBER, ColumnKind.WHOLE})
TOTAL = "合计"
"""What the only row of a growing table is called that holds the sums of all rows."""


class SumFigure(Struct, frozen=True):
    """What a column comes to: from how many returns and cells; None where there is none.

    ``weighted`` is the average weighted by another column of the returns, where both hold a number: in ``weighed`` cells.
    """

    returns: int = 0
    cells: int = 0
    total: Decimal | None = None
    least: Decimal | None = None
    most: Decimal | None = None
    weighted: Decimal | None = None
    weighed: int = 0

    @property
    def average(self) -> Decimal | None:
        return quotient(self.total, Decimal(self.cells))


class Sums(Struct, frozen=True):
    """A form's returns of a period: ``figures`` by path, ``record`` the form with the sums in it, computed from them.

    ``chosen`` counts how often each choice was made, by path and choice.
    """

    returns: int
    figures: Mapping[str, SumFigure]
    record: Record
    chosen: Mapping[tuple[str, str], int]


def quotient(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    """Return a division as a cell holds its result; None where there is none."""
    result = binary(Operator.DIVIDE, above, below)
    return settled(result) if isinstance(result, Decimal) else None


def is_added(column: TableColumn) -> bool:
    """Tell whether the figures of a column are added up: amounts and counts, but not the numbers of rows."""
    return column.field is not None and adds_up(column.field)


def is_averaged(field: Field) -> bool:
    """Tell whether points are averaged: those typed, and totals of rows that are not added up; not those in a row."""
    formula = field.formula
    worked_out = formula is not None and not any("[]" in path for path in references(formula))
    return field.type is Type.NUMBER and "[]" not in field.path and not worked_out


def sums(form: Form, ledger: Ledger, keys: range, period: Period, weight: str = "") -> Sums:
    """Add up the returns with some keys; ``weight`` is the path of the amount that averages are weighted by."""
    figures: dict[str, SumFigure] = {}
    chosen: dict[tuple[str, str], int] = {}
    for table in ledger.tables[form.id]:
        figures |= _figures(ledger, table, keys, weight if not table.path else "")
        chosen |= _chosen(ledger, table, keys)
    return Sums(len(keys), figures, _record(form, figures, period, ledger.tables[form.id]), chosen)


def _figures(ledger: Ledger, table: LedgerTable, keys: range, weight: str) -> dict[str, SumFigure]:
    columns = [
        column
        for column in table.columns
        if column.field is not None and column.part in {ValuePart.NONE, ValuePart.TEXT}
    ]
    weigher = quoted(table.column(weight).name) if weight else ""
    asked = ", ".join(expression for column in columns for expression in _expressions(column, weigher))
    answers = iter(ledger.one(f"SELECT {asked} {_of(table)}", keys.start, keys.stop - 1))
    found: dict[str, SumFigure] = {}
    for column in columns:
        returns, cells, total, least, most, product, weights, weighed = (next(answers) for _ in range(8))
        if column.field is not None:
            found[column.field.path] = SumFigure(
                int(returns or 0),
                int(cells or 0),
                decimal(total),
                decimal(least),
                decimal(most),
                quotient(decimal(product), decimal(weights)),
                int(weighed or 0),
            )
    return found


def _chosen(ledger: Ledger, table: LedgerTable, keys: range) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for column in table.columns:
        if column.field is None or not column.field.choices:
            continue
        name = f"t.{quoted(column.name)}"
        query = f"SELECT {name}, COUNT(*) {_of(table)} AND {name} IS NOT NULL GROUP BY {name}"
        for value, count in ledger.ask(query, keys.start, keys.stop - 1):
            found[column.field.path, str(value)] = int(count or 0)
    return found


def _of(table: LedgerTable) -> str:
    """The rows of the returns whose keys lie between two."""
    own = quoted(table.name)
    return f"FROM _kept k CROSS JOIN {own} t ON t.{KEY} = k.entered WHERE k.{KEY} BETWEEN ? AND ?"


def _expressions(column: TableColumn, weigher: str) -> Iterable[str]:
    name = f"t.{quoted(column.name)}"
    yield f"COUNT(DISTINCT CASE WHEN {name} IS NOT NULL THEN k.{KEY} END)"
    yield f"COUNT({name})"
    if column.kind not in _FIGURES:
        yield from ("NULL",) * 6
        return
    yield from (f"dsum({name})", f"dmin({name})", f"dmax({name})")
    if not weigher:
        yield from ("NULL",) * 3
        return
    yield f"dproduct({name}, t.{weigher})"
    yield f"dsum(CASE WHEN {name} IS NOT NULL THEN t.{weigher} END)"
    yield f"COUNT(CASE WHEN {name} IS NOT NULL THEN t.{weigher} END)"


def decimal(value: Stored) -> Decimal | None:
    """Return a number as the ledger holds it as a Decimal."""
    return None if value is None else Decimal(value)


def _record(form: Form, figures: Mapping[str, SumFigure], period: Period, tables: Iterable[LedgerTable]) -> Record:
    """Put the sums into the form: amounts and counts are added, points averaged; a growing table gets one row of sums.

    Other computed fields are worked out from these by the form's own formulas, but those that have to be added up
    themselves; all else is blank but for the period.
    """
    form = _with_sums_as_they_stand(form)
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    for table in tables:
        added = [
            column
            for column in table.columns
            if is_added(column) and column.field and not form.fields[column.field.path].computed
        ]
        if table.path and added:
            for path in (*table.parents, table.path):
                sizes[path.replace("[]", "[0]")] = 1
            label = labelled(table)
            if label is not None and label.field is not None:
                values[first_row(label.field.path)] = TOTAL
        for column in added:
            if column.field is not None:
                values[first_row(column.field.path)] = figures[column.field.path].total
    if form.year_path and period.year is not None:
        values[form.year_path] = Decimal(period.year)
    values |= part_values(form, period)
    averages = {path: figure.average for path, figure in figures.items() if is_averaged(form.fields[path])}
    computed = compute(form, _known(values | averages, sizes)).record
    return _known({**computed.values, **averages}, computed.sizes)


def _with_sums_as_they_stand(form: Form) -> Form:
    """Return a form in which what has to be added up itself is no longer worked out."""
    kept = {path: replace(one, formula=None) for path, one in form.fields.items() if is_added_as_it_stands(one)}
    return replace(form, fields={**form.fields, **kept}) if kept else form


def _known(values: Mapping[str, Value], sizes: Mapping[str, int]) -> Record:
    return Record({path: value for path, value in values.items() if value is not None}, sizes)


def labelled(table: LedgerTable) -> TableColumn | None:
    """Return the column of a growing table that says what a row is about; None where it has none."""
    texts = (column for column in table.columns if column.kind is ColumnKind.TEXT and column.part is ValuePart.NONE)
    return next((column for column in texts if column.field is not None and not column.field.level), None)


def first_row(path: str) -> str:
    """Return the place of a column's value in the first row: ``tasks[].name`` → ``tasks[0].name``."""
    return path.replace("[]", "[0]")
