"""What is summarised, as tables: one for all filed forms, one for findings, one for each form and each growing table.

The names are those of the data bases (CONTRACT, The year). A field of ``data`` is a column with ``__`` for dots; the row
of a growing table knows its filed form, its own number and those of the rows that it lies in, all from 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

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


class Kind(StrEnum):
    """What a column holds; ``MONEY`` and ``NUMBER`` are exact decimals."""

    WHOLE = "whole"
    MONEY = "money"
    NUMBER = "number"
    TEXT = "text"
    DATE = "date"
    TICK = "tick"


class Part(StrEnum):
    """Which part of an indicator value a column holds; TEXT is what was typed."""

    NONE = ""
    OP = "op"
    VALUE = "value"
    UNIT = "unit"
    TEXT = "text"


def kind_of(field: Field) -> Kind:
    """Return what the column of a field holds."""
    traits = field.type.traits
    match traits.family:
        case Family.NUMBER if traits.whole:
            return Kind.WHOLE
        case Family.NUMBER:
            return Kind.MONEY if traits.measure is Measure.MONEY else Kind.NUMBER
        case Family.DATE:
            return Kind.DATE
        case Family.TICK:
            return Kind.TICK
        case Family.TEXT | Family.CHOICE | Family.VALUE:
            return Kind.TEXT


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table. ``field`` is the form's, None for keys and for columns of the two tables of all forms."""

    name: str
    kind: Kind
    field: Field | None = None
    part: Part = Part.NONE


@dataclass(frozen=True, slots=True)
class Table:
    """A table. ``path`` is the generic path of the growing table in the form (``goals[].indicators``), "" for the form."""

    name: str
    columns: tuple[Column, ...]
    form: str = ""
    path: str = ""

    @property
    def parents(self) -> tuple[str, ...]:
        """The growing tables that this one's rows lie in, outermost first: ``goals`` of ``goals[].indicators``."""
        steps = self.path.split("[].")
        return tuple("[].".join(steps[: depth + 1]) for depth in range(len(steps) - 1))

    def column(self, path: str, part: Part = Part.NONE) -> Column:
        """Return the column of a field. Raises KeyError."""
        for column in self.columns:
            if column.field is not None and column.field.path == path and column.part is part:
                return column
        raise KeyError(path)


SUBMISSION_COLUMNS = (
    Column(KEY, Kind.WHOLE),
    Column("document", Kind.TEXT),
    Column("file", Kind.TEXT),
    Column("sheet", Kind.TEXT),
    Column("form", Kind.TEXT),
    Column("version", Kind.TEXT),
    Column("year", Kind.WHOLE),
    Column("unit_code", Kind.TEXT),
    Column("unit_name", Kind.TEXT),
    Column("project", Kind.TEXT),
    Column("status", Kind.TEXT),
    Column("score", Kind.NUMBER),
    Column("grade", Kind.TEXT),
    Column("errors", Kind.WHOLE),
    Column("warnings", Kind.WHOLE),
    Column("infos", Kind.WHOLE),
    Column("marked", Kind.TEXT),
)
FINDING_COLUMNS = (
    Column(KEY, Kind.WHOLE),
    Column("code", Kind.TEXT),
    Column("severity", Kind.TEXT),
    Column("sheet", Kind.TEXT),
    Column("cell", Kind.TEXT),
    Column("path", Kind.TEXT),
    Column("label", Kind.TEXT),
    Column("value", Kind.TEXT),
    Column("expected", Kind.TEXT),
    Column("message", Kind.TEXT),
)
COMMON = (Table(SUBMISSIONS, SUBMISSION_COLUMNS), Table(FINDINGS, FINDING_COLUMNS))


def tables(form: Form) -> tuple[Table, ...]:
    """Return a form's own table and one for each of its growing tables, outer ones first."""
    fields = [field for field in form.fields.values() if not field.hidden]
    found = {"": [Column(KEY, Kind.WHOLE)]}
    for field in fields:
        for end in re.finditer(r"\[\]", field.path):
            path = field.path[: end.start()]
            if path not in found:
                found[path] = [Column(KEY, Kind.WHOLE), *_numbers(path)]
    for field in fields:
        table, _, key = field.path.rpartition("[].")
        found[table] += _columns(field, key)
    return tuple(Table(_name(form.id, path), _distinct(columns), form.id, path) for path, columns in found.items())


def _name(form: str, path: str) -> str:
    """``mof-project-goal``, ``goals[].indicators`` → ``mof_project_goal__goals__indicators``."""
    return re.sub(r"\W", "_", form) + (f"__{flat(path)}" if path else "")


def flat(path: str) -> str:
    """Return a path as part of a name: ``goals[].indicators`` → ``goals__indicators``."""
    return path.replace("[]", "").replace(".", "__")


def _numbers(path: str) -> Iterator[Column]:
    """The numbers of the rows that a row lies in, and its own."""
    for above in path.split("[].")[:-1]:
        yield Column(f"{flat(above)}__{_ROW}", Kind.WHOLE)
    yield Column(_ROW, Kind.WHOLE)


def _columns(field: Field, key: str) -> Iterator[Column]:
    name = flat(key)
    if field.type.traits.family is not Family.VALUE:
        yield Column(name, kind_of(field), field)
        return
    yield Column(name, Kind.TEXT, field, Part.TEXT)
    yield Column(f"{name}__op", Kind.TEXT, field, Part.OP)
    yield Column(f"{name}__value", Kind.NUMBER, field, Part.VALUE)
    yield Column(f"{name}__unit", Kind.TEXT, field, Part.UNIT)


def _distinct(columns: Sequence[Column]) -> tuple[Column, ...]:
    """Columns under names that differ: a field that is called as a key of ours gets a ``_``."""
    taken: set[str] = set()
    found = []
    for column in columns:
        name = column.name
        while name.lower() in taken:
            name += "_"
        taken.add(name.lower())
        found.append(Column(name, column.kind, column.field, column.part))
    return tuple(found)


def rows(table: Table, record: Record, key: int) -> Iterator[tuple[Cell, ...]]:
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


def _part(value: Value, part: Part) -> Value:
    if not isinstance(value, IndicatorValue):
        return value
    match part:
        case Part.OP:
            op = operator_of(value)
            return str(op) if op is not None else None
        case Part.VALUE:
            return figure_of(value)
        case Part.UNIT:
            return measured_in(value)
        case _:
            return value.text
