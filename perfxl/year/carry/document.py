"""What was carried as JSON, as the contract has it: an entry a workbook."""

from __future__ import annotations

from perfxl.reporting.document import as_element, document
from perfxl.year.carry.each import Carried, Cell
from perfxl.year.carry.outcome import Note, Origin


def element(carried: Carried) -> bytes:
    """Return a workbook's entry as an element of an indented array."""
    return as_element(entry(carried))


def entry(carried: Carried) -> bytes:
    """Return what became of a workbook as a document."""
    return document(
        {
            "file": carried.file,
            "form": carried.form,
            "year": carried.year,
            **({"period": carried.period} if carried.period else {}),
            "unit": {"code": carried.unit.code, "name": carried.unit.name},
            "project": carried.project or None,
            "sources": list(carried.sources),
            "carried": carried.carried,
            "notes": [_note(note) for note in carried.notes],
            "cells": [_cell(cell) for cell in carried.cells],
        }
    )


def _note(note: Note) -> dict[str, object]:
    return {
        "kind": note.kind.value,
        "path": note.path,
        "label": note.label,
        "value": note.value,
        "other": note.other,
        "message": note.message,
        "from": _origin(note.origin),
    }


def _cell(cell: Cell) -> dict[str, object]:
    return {
        "path": cell.path,
        "cell": cell.cell or None,
        "locked": cell.held.locked,
        "from": _origin(cell.held.origin),
    }


def _origin(origin: Origin) -> dict[str, object]:
    return {
        "source": origin.source,
        "file": origin.file,
        "sheet": origin.sheet,
        "cells": [{"path": path, "cell": cell} for path, cell in origin.cells],
        "computed": origin.computed,
    }
