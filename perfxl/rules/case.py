"""A return of one form as the checks see it: the record, where each value stands, what is already known to be wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

import msgspec
from msgspec import Struct

from perfxl.expr.evaluate import concrete, evaluate
from perfxl.model.field_type import Measure
from perfxl.model.form import Field, Form, Printed, Required
from perfxl.model.grid import ALL_SEEN, Unseen
from perfxl.model.path import generic, row_of
from perfxl.model.reading import Reading, Sighting
from perfxl.model.record import Record
from perfxl.model.value import IndicatorValue, Kind, Value
from perfxl.model.words import says_nothing
from perfxl.rules.labels import block_at, heads, label_at, row_name
from perfxl.rules.once import once_a_form
from perfxl.rules.words import quoted
from perfxl.values.bind import Bound, BoundValue

_TOTALS = frozenset({"合计", "小计", "总计"})
"""Rows of which a form may have several, each of another group."""
_NOTHING: Mapping[str, Value] = MappingProxyType({})


class SheetState(NamedTuple):
    """How a sheet came back: whether it is hidden, and which rows and columns of it are."""

    hidden: bool
    unseen: Unseen


class Case(Struct, frozen=True, dict=True):
    """One form of a return, read and computed.

    ``record`` has recomputed values in computed fields; what stood there is in ``bound.stated``. ``missing`` are the
    paths of required values that are blank, where the sheet has a place for them at all. ``unsound`` are the paths that
    have a finding of their own (unreadable, required and blank, out of range) and what is computed from them: rules
    that read one are skipped. ``stamped`` tells that perfxl made the workbook.
    """

    form: Form
    sheet: str
    reading: Reading
    bound: Bound
    record: Record
    missing: tuple[str, ...]
    unsound: frozenset[str]
    stamped: bool
    unseen: Unseen = ALL_SEEN
    """What is hidden on its sheet."""
    given: Mapping[str, BoundValue] = msgspec.field(default_factory=dict)
    """What formulas in computed fields give now: of those whose stored result is not that of the record."""
    states: Mapping[str, SheetState] = msgspec.field(default_factory=dict)
    """How each sheet of a form on several came back, by name; ``sheet`` is the first of them."""
    lost: tuple[str, ...] = ()
    """The sheets of the form, by their names in it, that did not come back."""
    spare: bool = False
    """Whether the same form stands in the workbook another time before this one."""

    @classmethod
    def of(
        cls,
        form: Form,
        sheet: str,
        reading: Reading,
        bound: Bound,
        record: Record,
        *,
        stamped: bool,
        unseen: Unseen = ALL_SEEN,
    ) -> Case:
        """Return the case of what was read, bound and computed; ``record`` is the computed one."""
        blank = tuple(_missing(form, reading, bound, record))
        wrong = {*bound.unreadable, *blank, *beyond(form, bound.record)}
        return cls(form, sheet, reading, bound, record, blank, spoiled(form, record, wrong), stamped, unseen)

    @property
    def year(self) -> int | None:
        """The year that the form is of, as typed, else as printed."""
        typed = self.record[self.form.year_path] if self.form.year_path else None
        return int(typed) if isinstance(typed, Decimal) else next(iter(self.reading.years), None)

    @property
    def untouched(self) -> bool:
        """Tell whether nothing was filled in but what a blank is sent out with.

        That are presets and printed rows, and what it is about: unit, year, project and the department above.
        """
        form = self.form
        given = {form.unit_path, form.year_path, form.project_path, form.supervisor_path}
        typed = (path for path in self.bound.record.values if path not in given)
        return not self.bound.remarks and not any(map(self.filled_in, typed))

    def filled_in(self, path: str) -> bool:
        """Tell whether a value is an officer's own: neither computed nor what the blank has there already."""
        field, value, row = self.form.fields[generic(path)], self.bound.record[path], row_of(path)
        if value is None or field.computed or field.level or value == field.preset:
            return False
        own = printed_row(self.form, self.bound.record, row) if row else None
        return own is None or field.key not in own.values

    def sighting(self, path: str) -> Sighting | None:
        return self.reading.seen.get(path)

    @property
    def sheets(self) -> tuple[tuple[str, Reading], ...]:
        """How each sheet was read, by its name."""
        return tuple((one.sheet, one.reading) for one in self.reading.parts) or ((self.sheet, self.reading),)

    def sheet_of(self, path: str | None) -> str:
        """Return the sheet on which a path stands, the first where that is not known."""
        return (self.reading.sheet_of(path) if path is not None else "") or self.sheet

    def unseen_around(self, path: str) -> Unseen:
        """Return what is hidden on the sheet on which a path stands."""
        state = self.states.get(self.sheet_of(path))
        return self.unseen if state is None else state.unseen

    def seen_from(self, path: str, other: str) -> str | None:
        """Return the cell of a path as a message about another one names it: with its sheet where that is another one."""
        cell, sheet = self.cell(path), self.sheet_of(path)
        return cell if cell is None or sheet == self.sheet_of(other) else f"“{sheet}”的 {cell}"

    def cell(self, path: str | None) -> str | None:
        """Return the cell of a path, or of the label that stands for a group of fields; None where neither was seen."""
        if path is None:
            return None
        seen = self.reading.seen.get(path)
        return seen.name if seen is not None else self.reading.places.get(path)

    def label(self, path: str | None) -> str | None:
        """Return a path in the form's words; a row of a table by its name, else by its number."""
        return None if path is None else label_at(self.form, self.record, path, self.reading)

    def measure(self, path: str | None) -> Measure:
        """Return what the number at a path measures; of no field, nothing in particular."""
        field = self.form.fields.get(generic(path)) if path else None
        return field.type.traits.measure if field is not None else Measure.PLAIN

    def row_name(self, row: str) -> str:
        """Return a row of a table as one speaks of it: by its name, shortened, or as 第 12 行; a block as printed."""
        return row_name(self.form, self.record, row, self.reading)

    def spoken(self, row: str) -> str:
        """Return a row as a message speaks of it: its name in quotation marks, else 第 12 行."""
        name = self.row_name(row)
        return quoted(name) if in_use(self.record, row) else name

    def name(self, path: str) -> str:
        """Return a field as a message speaks of it: its own words, and before them its row's."""
        field, row = self.form.fields[generic(path)], row_of(path)
        own = field.parts[-1]
        if row:
            block = block_at(self.form, row, self.reading)
            return "的".join((block, *heads(self.form, field))) if block else f"{self.spoken(row)}的{own}"
        in_row = len(field.parts) > 1 and generic(path).rpartition(".")[0] in self.form.groups
        if not in_row:
            others = (other for path, other in self.form.fields.items() if "[]" not in path and other is not field)
            shared = len(field.parts) > 1 and any(other.parts[-1] == own for other in others)
            return f"{field.parts[-2]}的{own}" if shared else own
        *_, above, line = ("", *field.parts[:-1])
        return f"{above if line in _TOTALS else ''}{line}的{own}"

    def sound(self, *paths: str) -> bool:
        """Tell whether a rule may read these paths: none of them has a finding of its own already."""
        return self.unsound.isdisjoint(paths)

    def number(self, path: str) -> Decimal | None:
        """Return a number that a rule may read, None where it is blank, unreadable or no number."""
        value = self.record[path]
        return value if isinstance(value, Decimal) and path not in self.unsound else None

    def typed_over(self, path: str) -> Decimal | None:
        """Return the number that the officer set in a computed field; None where the form's own formula stands there.

        In a workbook that perfxl did not make, any formula is the officer's and what it gives his figure: the stored
        result may be of long ago, and is none at all where a program has worked nothing out. What a formula leaves out
        because it is typed as text is no figure of his.
        """
        seen, stated = self.reading.seen.get(path), self.bound.stated.get(path)
        if seen is None or seen.cell is None:
            return None
        figure: Value = stated
        if seen.cell.formula is not None:
            given = self.given.get(path)
            figure = given.value if given is not None else stated or None
            if self.stamped or self.left_out(path):
                return None
        return figure if isinstance(figure, Decimal) else None

    def left_out(self, path: str) -> tuple[str, ...]:
        """Return the numbers typed as text that the formula in a computed field depends on, and does not count."""
        given = self.given.get(path)
        return given.texts if given is not None else ()

    def used(self, table: str) -> tuple[str, ...]:
        """Return the rows of a table (generic path) that are in use: those with a name other than 无."""
        if table not in self._used:
            self._used[table] = tuple(row for row in self.record.rows(table) if in_use(self.record, row))
        return self._used[table]

    @cached_property
    def _used(self) -> dict[str, tuple[str, ...]]:
        """The rows in use by table, as far as they were asked for."""
        return {}

    def typed_in(self, row: str) -> Mapping[str, Value]:
        """Return the values in a row of a table, blanks left out, by the last part of their paths."""
        return self._by_row.get(row, _NOTHING)

    @cached_property
    def _by_row(self) -> Mapping[str, Mapping[str, Value]]:
        rows: dict[str, dict[str, Value]] = {}
        for path, value in self.record.values.items():
            row, dot, key = path.rpartition("].")
            if dot and "." not in key:
                rows.setdefault(f"{row}]", {})[key] = value
        return rows

    @cached_property
    def worked_out(self) -> tuple[tuple[str, Sighting], ...]:
        """What was seen in the fields that nobody fills in, by path."""
        fields = self.form.worked_out
        seen = self.reading.seen.items() if fields else ()
        return tuple((path, one) for path, one in seen if generic(path) in fields)

    def has(self, path: str) -> bool:
        """Tell whether the form has a field (generic path)."""
        return path in self.form.fields


def in_use(record: Record, row: str) -> bool:
    """Tell whether a row of a table is in use: it has a name, and that is not 无."""
    name = record[f"{row}.name"]
    return isinstance(name, str) and not says_nothing(name)


def is_nothing(value: Value) -> bool:
    """Tell whether a value is blank or says that there is nothing (无, a dash)."""
    if isinstance(value, IndicatorValue):
        return value.kind is Kind.NONE
    return value is None or (isinstance(value, str) and says_nothing(value))


def printed_row(form: Form, record: Record, row: str) -> Printed | None:
    """Return the form's own printed row that a row of a table is, None for one that the unit added."""
    return form.printed_as(generic(row)[:-2], record[f"{row}.name"])


@once_a_form
def _asking(form: Form) -> Iterator[str]:
    """Yield the fields that must be filled in, always or under a condition."""
    for path, field in form.fields.items():
        if field.required is not Required.NO or field.needed is not None:
            yield path


def _missing(form: Form, reading: Reading, bound: Bound, record: Record) -> Iterator[str]:
    for path in _asking(form):
        field = form.fields[path]
        for at in bound.record.paths(path):
            blank = bound.record[at] is None and at not in bound.unreadable and at in reading.seen
            if blank and _is_asked(form, field, bound.record, record, at):
                yield at


def _is_asked(form: Form, field: Field, typed: Record, record: Record, at: str) -> bool:
    """Tell whether a cell must be filled in: always, in a row that is used, or where its condition holds."""
    if field.needed is not None:
        return evaluate(field.needed, record, row_of(at)) is True
    return field.required is Required.ALWAYS or _asked(form, typed, row_of(at))


def _asked(form: Form, record: Record, row: str) -> bool:
    """Tell whether a row must be filled: it is in use, and no open row that the form prints and the unit passed over."""
    if f"{generic(row)}.name" not in form.fields:
        return True  # no name says whether it is used: something was typed, else it were no row of the data
    if not in_use(record, row):
        return False
    own = printed_row(form, record, row)
    if own is None or not own.open:
        return True
    prefix = f"{generic(row)}."
    columns = (field for path, field in form.fields.items() if path.startswith(prefix) and not field.level)
    return any(record[f"{row}.{field.key}"] is not None for field in columns if field.key not in own.values)


def beyond(form: Form, record: Record) -> Iterator[str]:
    """Yield the paths of typed numbers that lie outside the range of their field (V04)."""
    for path, value in record.values.items():
        if isinstance(value, Decimal):
            field = form.bounded.get(generic(path))
            if field is not None and not field.computed and limit(value, field.minimum, field.maximum) is not None:
                yield path


def limit(value: Decimal, minimum: Decimal | None, maximum: Decimal | None) -> Decimal | None:
    """Return the end of a range that a number lies beyond, None where it lies inside."""
    if minimum is not None and value < minimum:
        return minimum
    return maximum if maximum is not None and value > maximum else None


def spoiled(form: Form, record: Record, unsound: Iterable[str]) -> frozenset[str]:
    """Return unsound paths with all computed ones that hang on them."""
    found = set(unsound)
    for generic_path in form.computed if found else ():
        formula = form.fields[generic_path].formula
        if formula is None:
            continue
        for path in record.paths(generic_path):
            if not found.isdisjoint(concrete(formula, record, row_of(path))):
                found.add(path)
    return frozenset(found)
