"""The sheets of a return put together to forms: one that stands on several sheets is one return."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.grid import Grid
from perfxl.model.layout import Stamp
from perfxl.model.reading import Candidate, Reading, SheetReading, read_together
from perfxl.model.regex import deferred
from perfxl.model.submission import By
from perfxl.receive.library import Library

_COPY = deferred(r" ?\(([0-9]{1,3})\)$", re.ASCII)


class KnownSheet(Struct, frozen=True):
    """A sheet and the form that it is, or of which it is a part."""

    grid: Grid
    by: By
    candidate: Candidate
    stamp: Stamp | None

    @property
    def part(self) -> int:
        """Which of the form's sheets it is, from 0."""
        return max(self.candidate.part - 1, 0)


class KnownForm(Struct, frozen=True):
    """A form in a return: its sheets in the form's order. ``spare``: the same form stands before it in the workbook."""

    form: Form
    sheets: tuple[KnownSheet, ...]
    spare: bool = False

    @property
    def first(self) -> KnownSheet:
        return self.sheets[0]

    @property
    def reading(self) -> Reading:
        """How it was read, all sheets together."""
        if not self.form.sheets:
            return self.first.candidate.reading
        return read_together([SheetReading(one.grid.name, one.part, one.candidate.reading) for one in self.sheets])

    @property
    def names(self) -> tuple[str, ...]:
        """What each sheet of a form on several is called in the return, "" where it is not there."""
        found = {one.part: one.grid.name for one in self.sheets}
        return tuple(found.get(number, "") for number in range(len(self.form.sheets)))

    @property
    def lost(self) -> tuple[str, ...]:
        """The sheets, by their names in the form, that are not there."""
        return tuple(sheet.name for sheet, name in zip(self.form.sheets, self.names, strict=True) if not name)


def grouped(sheets: Sequence[KnownSheet], library: Library) -> tuple[KnownForm, ...]:
    """Return the forms of a return in the order of their first sheets.

    Where a form on several sheets stands in the workbook more than once, sheets belong together by the number that their
    names have behind, else by their order.
    """
    found: dict[tuple[str, str, int], list[KnownSheet]] = {}
    for number, sheet in enumerate(sheets):
        name, version = sheet.candidate.form, sheet.candidate.version
        several = library.edition(sheet.candidate).sheets
        alike = [one for one in sheets if (one.candidate.form, one.candidate.version) == (name, version)]
        which = _copy_of(sheet, alike, library) if several else -number
        found.setdefault((name, version, which), []).append(sheet)
    counted: Counter[tuple[str, str]] = Counter()
    forms: list[KnownForm] = []
    for (name, version, _), own in found.items():
        form = library.edition(own[0].candidate)
        forms.append(KnownForm(form, tuple(sorted(own, key=lambda one: one.part)), counted[name, version] > 0))
        counted[name, version] += 1
    return tuple(forms)


def _copy_of(sheet: KnownSheet, alike: Sequence[KnownSheet], library: Library) -> int:
    """Return which copy of its form a sheet belongs to."""
    same = [one for one in alike if one.part == sheet.part]
    numbers = {id(one): _number(one, library) for one in alike}
    places = [(one.part, numbers[id(one)]) for one in alike]
    if None not in numbers.values() and len(set(places)) == len(places):
        return numbers[id(sheet)] or 0
    return next(number for number, one in enumerate(same, start=1) if one is sheet)


def _number(sheet: KnownSheet, library: Library) -> int | None:
    """Return the number behind the name that a sheet has in its form, 1 where there is none; None under another name."""
    name, own = sheet.grid.name, library.edition(sheet.candidate).sheets[sheet.part].name
    if name == own:
        return 1
    found = _COPY.search(name)
    # Excel and perfxl shorten a long name to make room for the number.
    return int(found[1]) if found is not None and found.start() and own.startswith(name[: found.start()]) else None
