"""What is a unit's own on its sheets, parted in what fills its own cell and what makes the workbook another one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeAlias

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.expr.evaluate import evaluate, references
from perfxl.forms.compute import compute, compute_again
from perfxl.forms.dependence import Dependence
from perfxl.forms.layout.place import captioned
from perfxl.forms.layout.row_heights import count_lines, paragraphs, settings
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.expression import Expr
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.model.layout import Layout, PlacedCell, Stamp
from perfxl.model.live import LiveRule
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.rules.live import live
from perfxl.writer.content import Content, constant, content
from perfxl.writer.validation import bounds

_MOST_KINDS = 200
"""Sets of columns that are prefilled, of which what units have in common is remembered."""

Shape: TypeAlias = tuple[Hashable, ...]
"""What the values of a unit do to its sheets beyond their own cells: the height of a text, the rows of a table, what rules
say."""


class _Free(NamedTuple):
    """A value that fills its cell and does nothing else: which of the cells of its path, and what stands there."""

    path: str
    number: int
    content: Content


class UnitSheet(Struct, frozen=True):
    """A unit's form: its values, its stamp, its shape, what is free in it, and how many sheets it has."""

    own: Own
    record: Record
    stamp: Stamp
    shape: Shape | None
    """None where a rule is broken: a workbook may tell of it with the figures, and is like no other. So is one with a cover."""
    free: tuple[_Free, ...]
    count: int


class _Alike(Struct, frozen=True):
    """What the units have in common whose own values stand at the same paths: worked out for the first of them.

    ``computed`` are the computed values that are the same in all, by path, ``blank`` those that have none; ``again`` are the
    fields to be worked out for each. ``verdicts`` has of each rule what it says of its rows, None where that may differ.
    """

    computed: Mapping[str, Value]
    blank: tuple[str, ...]
    again: tuple[str, ...]
    verdicts: tuple[tuple[bool | None, ...] | None, ...]


class _Print(Struct, frozen=True):
    """What stands on a form's sheet in some year before anything is a unit's own: the fields' cells, all texts."""

    cells: Mapping[str, Sequence[PlacedCell]]
    texts: frozenset[Content]


class SentForm(Struct, frozen=True):
    """A form of the series, and what it prints by year."""

    outgoing: Outgoing
    rules: tuple[tuple[Expr, str, frozenset[str]], ...]
    """What the workbook watches: what must hold, for which rows, and the paths that it reads."""
    prints: dict[int | None, _Print] = field(default_factory=dict)
    alike: dict[frozenset[str], _Alike] = field(default_factory=dict)
    """What units have in common, by the paths of their own values."""

    @classmethod
    def of(cls, outgoing: Outgoing) -> SentForm:
        rules = (rule for rule in live(outgoing.form) if isinstance(rule, LiveRule))
        return cls(outgoing, tuple((rule.must, rule.each, frozenset(references(rule.must))) for rule in rules))

    def stamps(self, whole: Stamp) -> Iterator[Stamp]:
        """Yield the stamps of the form's sheets."""
        parts = len(self.outgoing.form.sheets)
        yield from (replace(whole, part=number) for number in range(1, parts + 1)) if parts else (whole,)

    def sheet(self, own: Own) -> UnitSheet:
        """Work out a unit's values, and tell what is free from what makes its shape."""
        alike = self.alike_with(own)
        record = self.filled(own, alike)
        who = self.outgoing.identity(own)
        printed = self.printed(who.year, own)
        bound: list[Hashable] = [who.year]
        heights: list[Hashable] = []
        free: list[_Free] = []
        for path in self.paths(own, record):
            value = record[path]
            cells = printed.cells.get(path, ())
            contents = [_content(cell, value) for cell in cells]
            part = self.outgoing.form.parts[self.outgoing.form.part_of(path)]
            if cells and all(self.alone(cell, content, printed) for cell, content in zip(cells, contents, strict=True)):
                heights += (path, *(_lines(part, *each) for each in zip(cells, contents, strict=True)))
                free += [_Free(path, number, content) for number, content in enumerate(contents)]
            else:
                bound.append((path, value))
        verdicts = tuple(self.verdicts(record, alike, {one.path for one in free}))
        count = len(self.outgoing.form.parts)
        # What stands on a cover is made of several values.
        if False in verdicts or self.outgoing.form.cover is not None:
            return UnitSheet(own, record, who, None, (), count)
        return UnitSheet(own, record, who, (*bound, *heights, verdicts), tuple(free), count)

    def alike_with(self, own: Own) -> _Alike:
        """Return what a unit has in common with others whose values stand where its own do."""
        paths = frozenset(own.values)
        if paths not in self.alike:
            if len(self.alike) >= _MOST_KINDS:
                self.alike.clear()
            self.alike[paths] = self.in_common(own)
        return self.alike[paths]

    def in_common(self, own: Own) -> _Alike:
        form, given = self.outgoing.form, self.outgoing.given(own)
        record = compute(form, given).record
        changing = {form.unit_path, *map(generic, own.values)} - {""}
        depends = Dependence.of(form, changing, map(generic, given.values))
        computed = [at for path in form.worked_out for at in record.paths(path)]
        return _Alike(
            {path: value for path in computed if (value := record[path]) is not None},
            tuple(path for path in computed if record[path] is None),
            depends.computed,
            tuple(tuple(_said(must, record, each)) if depends.settles(must) else None for must, each, _ in self.rules),
        )

    def filled(self, own: Own, alike: _Alike) -> Record:
        """Return the values of a unit's sheet, computed ones worked out."""
        given = self.outgoing.given(own)
        values = {**given.values, **alike.computed}
        for path in alike.blank:
            values.pop(path, None)
        return compute_again(self.outgoing.form, Record(values, given.sizes), alike.again)

    def verdicts(self, record: Record, alike: _Alike, free: AbstractSet[str]) -> Iterator[bool | None]:
        """Yield what each rule that reads a free value says of each row: it holds, is broken, or has nothing to compare."""
        for (must, each, reads), said in zip(self.rules, alike.verdicts, strict=True):
            if not reads.isdisjoint(free):
                yield from _said(must, record, each) if said is None else said

    def paths(self, own: Own, record: Record) -> Iterator[str]:
        """Yield the paths of what may be different in other units: what is a unit's own, what is computed."""
        yield self.outgoing.form.unit_path
        yield from own.values
        for path in self.outgoing.form.computed:
            yield from record.paths(path)

    def printed(self, year: int | None, own: Own) -> _Print:
        if year not in self.prints:
            dated = {path: value for path, value in own.values.items() if self.dates(path)}
            own = Own(values=dated)
            layouts = self.outgoing.cells(self.outgoing.filled(own), own)
            texts = frozenset(constant(cell) for layout in layouts for cell in layout.cells)
            self.prints[year] = _Print({path: at for one in layouts for path, at in cells_once(one).items()}, texts)
        return self.prints[year]

    def dates(self, path: str) -> bool:
        """Tell whether a field may say which year a unit's sheet is of."""
        field = self.outgoing.form.fields.get(path)
        return path == self.outgoing.form.year_path or (field is not None and field.type is Type.DATE)

    def alone(self, cell: PlacedCell, content: Content, printed: _Print) -> bool:
        """Tell whether a value fills its cell and does nothing else, given its height."""
        if content is None or cell.option or cell.field is None or not cell.field.type.traits.alone:
            return False
        if isinstance(content, float):
            low, high = bounds(cell.field)  # what is out of its range is told as a broken rule is
            return (low is None or low <= content) and (high is None or content <= high)
        return not isinstance(content, str) or not (cell.field.computed or content in printed.texts)


def _said(must: Expr, record: Record, each: str) -> Iterator[bool | None]:
    """Yield what a rule says of each row, or of the form."""
    for row in record.rows(each) if each else ("",):
        holds = evaluate(must, record, row)
        yield None if holds is None else bool(holds)


def _lines(form: Form, cell: PlacedCell, content: Content) -> tuple[int, ...]:
    """Return how many lines a text takes, in each of the ways in which the sheet of a form may be set."""
    if not isinstance(content, str):
        return ()
    columns, wide = (cell.box.column, cell.box.last_column), paragraphs(content)
    return tuple(
        count_lines(wide, columns, each.widths) for each in settings(form.widths, form.page, form.origin[1] - 1)
    )


def _content(cell: PlacedCell, value: Value) -> Content:
    kind = cell.field.type if cell.field is not None else Type.TEXT
    return content(value, captioned(cell.caption, kind, value), cell.option)


def cells_once(layout: Layout) -> Mapping[str, Sequence[PlacedCell]]:
    """Return the cells of the fields that stand once, by path."""
    cells: dict[str, list[PlacedCell]] = defaultdict(list)
    for cell in layout.cells:
        if cell.field is not None and "[" not in cell.path:
            cells[cell.path].append(cell)
    return cells
