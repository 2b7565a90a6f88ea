"""Cases for the checks without any file: a form's text and what was typed, by path."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import TypeAlias

from perfxl.forms.compute import compute
from perfxl.forms.definition.load import lint, parse, shipped
from perfxl.model.address import Box
from perfxl.model.form import Field, Form
from perfxl.model.grid import CellKind, GridCell
from perfxl.model.path import generic
from perfxl.model.reading import Reading, ReadingNotice, Sighting
from perfxl.rules.case import Case
from perfxl.values.bind import bind
from perfxl.values.label_text import level

Typed: TypeAlias = str | int | float | Decimal | None
"""What was typed into a cell; a text that begins with ``#`` is an error cell."""

_INDEX = re.compile(r"\[(\d+)\]")


def form_of(text: str) -> Form:
    """Load a form from its definition, which must be without mistakes."""
    form, problems = parse(text, "form.yaml")
    assert form is not None, [str(problem) for problem in problems]
    return form


def shipped_form(name: str) -> Form:
    """Load one of the shipped forms."""
    forms, problems = lint([shipped() / name])
    assert not problems, [str(problem) for problem in problems]
    return forms[name]


def case_of(
    form: Form,
    typed: Mapping[str, Typed],
    *,
    stamped: bool = True,
    formulas: Mapping[str, Typed] | None = None,
    notices: tuple[ReadingNotice, ...] = (),
) -> Case:
    """Return the case of a return in which this was typed; every other field is a blank cell.

    ``formulas`` are cells with a formula and their cached results. Each field has a cell of its own (``cell_of``);
    equal 一级 and 二级 that follow each other share one, as where they are merged.
    """
    formulas = formulas or {}
    sizes = _sizes({*typed, *formulas})
    seen: dict[str, Sighting] = {}
    for path, field in form.fields.items():
        for at in _paths(path, sizes):
            seen[at] = _sighting(form, field, at, typed, formulas)
    places = {group: f"A{500 + number}" for number, group in enumerate(form.groups)}
    reading = Reading(seen, sizes, places, notices, 1.0)
    bound = bind(form, reading)
    record = compute(form, bound.record, bound.unreadable).record
    return Case.of(form, "表", reading, bound, record, stamped=stamped)


def cell_of(form: Form, path: str) -> str:
    """Return the cell in which a path stands: a row for each row of a table, a column for each field."""
    return _box(form, path).name


def _box(form: Form, path: str) -> Box:
    column = list(form.fields).index(generic(path)) + 1
    row = 1
    for index in _INDEX.findall(path):
        row = row * 100 + int(index)
    return Box(row, column, row, column)


def _sighting(
    form: Form, field: Field, path: str, typed: Mapping[str, Typed], formulas: Mapping[str, Typed]
) -> Sighting:
    content = formulas.get(path, typed.get(path))
    box = _box(form, path)
    if field.level and path.endswith(f"].{field.key}"):
        box = _merged(form, path, typed)
    if content is None and path not in formulas:
        return Sighting(box, None, None)
    value = content if isinstance(content, str | None) else Decimal(str(content))
    formula = "1" if path in formulas else None
    cell = GridCell(box.row, box.column, _kind(value), value, "General", formula)
    return Sighting(box, cell, level(value) if field.level and isinstance(value, str) else value)


def _merged(form: Form, path: str, typed: Mapping[str, Typed]) -> Box:
    """Return the cell of the first row of a run of equal levels."""
    head, index, rest = path.rpartition("[")[0], int(_INDEX.findall(path)[-1]), path.rpartition("]")[2]
    while index and typed.get(f"{head}[{index - 1}]{rest}") == typed.get(path):
        index -= 1
    return _box(form, f"{head}[{index}]{rest}")


def _kind(value: Typed) -> CellKind:
    if value is None:
        return CellKind.BLANK
    if isinstance(value, str):
        return CellKind.ERROR if value.startswith("#") else CellKind.TEXT
    return CellKind.NUMBER


def _sizes(paths: Collection[str]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for path in paths:
        for found in _INDEX.finditer(path):
            table = path[: found.start()]
            sizes[table] = max(sizes.get(table, 0), int(found[1]) + 1)
    return sizes


def _paths(path: str, sizes: Mapping[str, int]) -> list[str]:
    head, bracket, rest = path.partition("[]")
    if not bracket:
        return [path]
    return [at for index in range(sizes.get(head, 0)) for at in _paths(f"{head}[{index}]{rest}", sizes)]
