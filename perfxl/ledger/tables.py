"""What is summarised, as tables: one for all filed forms, one for findings, one for each form and each growing table.

The names are those of the data bases (CONTRACT, The year). A field of ``data`` is a column with ``__`` for dots; the row
of a growing table knows its filed form, its own number and those of the rows that it lies in, all from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.field_type import Family, Measure
from perfxl.model.form import Field, Form
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Value, figure_of, measured_in, operator_of

Cell: TypeAlias = Value | int
"""What a table holds: values as a record has them, and numbers of rows."""

KEY = "submission"
"""The number of a filed form, 1 for the first: the key of every table."""
SUBMISSIONS, FINDINGS = "submissions", "findings"
_ROW = "row"


class ColumnKind(StrEnum):
    """What a column holds; ``MONEY`` and ``NUMBER`` are exact decimals."""

    WHOLE = "whole"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TICK = "tick"


class ValuePart(StrEnum):
    """Which part of an indicator value a column holds; TEXT is what was typed."""

    NONE = ""
    OP = "op"
    VALUE = "value"
    UNIT = "unit"
    TEXT = "text"


def kind_of(field: Field) -> ColumnKind:
    """Return what the column of a field holds."""
    traits = field.type.traits
    match traits.family:
        case Family.NUMBER if traits.whole:
            return ColumnKind.WHOLE
        case Family.NUMBER:
            return ColumnKind.MONEY if traits.measure is Measure.MONEY else ColumnKind.NUMBER
        case Family.DATE:
            return ColumnKind.DATE
        case Family.TICK:
            return ColumnKind.TICK
        case Family.TEXT | Family.CHOICE | Family.VALUE:
            return ColumnKind.TEXT


class TableColumn(Struct, frozen=True):
    """A column of a table. ``field`` is the form's, None for keys and for columns of the two tables of all forms."""

    name: str
    kind: ColumnKind
    field: Field | None = None
    part: ValuePart = ValuePart.NONE


class LedgerTable(Struct, frozen=True):
    """A table. ``path`` is the generic path of the growing table in the form (``goals[].indicators``), "" for the form."""

    name: str
    columns: tuple[TableColumn, ...]
    form: str = ""
    path: str = ""

    @property
    def parents(self) -> tuple[str, ...]:
        """The growing tables that this one's rows lie in, outermost first: ``goals`` of ``goals[].indicators``."""
        steps = self.path.split("[].")
        return tuple("[].".join(steps[: depth + 1]) for depth in range(len(steps) - 1))

    def column(self, path: str, part: ValuePart = ValuePart.NONE) -> TableColumn:
        """Return the column of a field. Raises KeyError."""
        for column in self.columns:
            if column.field is not None and column.field.path == path and column.part is part:
                return column
        raise KeyError(path)


SUBMISSION_COLUMNS = (
    TableColumn(KEY, ColumnKind.WHOLE),
    TableColumn("document", ColumnKind.TEXT),
    TableColumn("file", ColumnKind.TEXT),
    TableColumn("sheet", ColumnKind.TEXT),
    TableColumn("form", ColumnKind.TEXT),
    TableColumn("version", ColumnKind.TEXT),
    TableColumn("year", ColumnKind.WHOLE),
    TableColumn("unit_code", ColumnKind.TEXT),
    TableColumn("unit_name", ColumnKind.TEXT),
    TableColumn("project", ColumnKind.TEXT),
    TableColumn("status", ColumnKind.TEXT),
    TableColumn("score", ColumnKind.NUMBER),
    TableColumn("grade", ColumnKind.TEXT),
    TableColumn("errors", ColumnKind.WHOLE),
    TableColumn("warnings", ColumnKind.WHOLE),
    TableColumn("infos", ColumnKind.WHOLE),
    TableColumn("marked", ColumnKind.TEXT),
)
FINDING_COLUMNS = (
    TableColumn(KEY, ColumnKind.WHOLE),
    TableColumn("code", ColumnKind.TEXT),
    TableColumn("severity", ColumnKind.TEXT),
    TableColumn("sheet", ColumnKind.TEXT),
    TableColumn("cell", ColumnKind.TEXT),
    TableColumn("path", ColumnKind.TEXT),
    TableColumn("label", ColumnKind.TEXT),
    TableColumn("value", ColumnKind.TEXT),
    TableColumn("expected", ColumnKind.TEXT),
    TableColumn("message", ColumnKind.TEXT),
)
COMMON = (LedgerTable(SUBMISSIONS, SUBMISSION_COLUMNS), LedgerTable(FINDINGS, FINDING_COLUMNS))


def tables(form: Form) -> tuple[LedgerTable, ...]:
    """Return a form's own table and one for each of its growing tables, outer ones first."""
    fields = [field for field in form.fields.values() if not field.hidden]
    found = {"": [TableColumn(KEY, ColumnKind.WHOLE)]}
    for field in fields:
        for end in re.finditer(r"\[\]", field.path):
            path = field.path[: end.start()]
            if path not in found:
                found[path] = [TableColumn(KEY, ColumnKind.WHOLE), *_numbers(path)]
    for field in fields:
        table, _, key = field.path.rpartition("[].")
        found[table] += _columns(field, key)
    return tuple(
        LedgerTable(_name(form.id, path), _distinct(columns), form.id, path) for path, columns in found.items()
    )


def _name(form: str, path: str) -> str:
    """``mof-project-goal``, ``goals[].indicators`` → ``mof_project_goal__goals__indicators``."""
    return re.sub(r"\W", "_", form) + (f"__{flat(path)}" if path else "")


def flat(path: str) -> str:
    """Return a path as part of a name: ``goals[].indicators`` → ``goals__indicators``."""
    return path.replace("[]", "").replace(".", "__")


def _numbers(path: str) -> Iterator[TableColumn]:
    """The numbers of the rows that a row lies in, and its own."""
    for above in path.split("[].")[:-1]:
        yield TableColumn(f"{flat(above)}__{_ROW}", ColumnKind.WHOLE)
    yield TableColumn(_ROW, ColumnKind.WHOLE)


def _columns(field: Field, key: str) -> Iterator[TableColumn]:
    name = flat(key)
    if field.type.traits.family is not Family.VALUE:
        yield TableColumn(name, kind_of(field), field)
        return
    yield TableColumn(name, ColumnKind.TEXT, field, ValuePart.TEXT)
    yield TableColumn(f"{name}__op", ColumnKind.TEXT, field, ValuePart.OP)
    yield TableColumn(f"{name}__value", ColumnKind.NUMBER, field, ValuePart.VALUE)
    yield TableColumn(f"{name}__unit", ColumnKind.TEXT, field, ValuePart.UNIT)


def _distinct(columns: Sequence[TableColumn]) -> tuple[TableColumn, ...]:
    """Columns under names that differ: a field that is called as a key of ours gets a ``_``."""
    taken: set[str] = set()
    found = []
    for column in columns:
        name = column.name
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        found.append(TableColumn(name, column.kind, column.field, column.part))
    return tuple(found)


def rows(table: LedgerTable, record: Record, key: int) -> Iterator[tuple[Cell, ...]]:
    """Yield the rows of a filed form in one of its tables, in the order of its columns, values as in the record.

    A form's own table has exactly one row; numbers of rows are int.
    """
    fields = [(column.field.path.rpartition("[].")[2], column.part) for column in table.columns if column.field]
    places = _places(table.path, record) if table.path else [("", ())]
    for place, numbers in places:
        above = f"{place}." if place else ""
        yield (key, *numbers, *(_part(record[above + name], part) for name, part in fields))


def _places(path: str, record: Record) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Yield each row of a growing table with its numbers: ``goals[1].indicators[0]``, (2, 1)."""
    above, inside, own = path.rpartition("[].")
    outer = _places(above, record) if inside else [("", ())]
    for place, numbers in outer:
        here = f"{place}.{own}" if place else own
        for index in range(record.sizes.get(here, 0)):
            yield f"{here}[{index}]", (*numbers, index + 1)


def _part(value: Value, part: ValuePart) -> Value:
    if not isinstance(value, IndicatorValue):
        return value
    match part:
        case ValuePart.OP:
            op = operator_of(value)
            return str(op) if op is not None else None
        case ValuePart.VALUE:
            return figure_of(value)
        case ValuePart.UNIT:
            return measured_in(value)
        case _:
            return value.text
