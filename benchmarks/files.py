"""What is measured on: returns of the shipped forms, as officers send them back."""

from __future__ import annotations

import copy
import io
import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import python_calamine

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.send.series import Series

FORM = "hunan-dept-self-eval"
"""The form that stands for all where one is enough."""


@cache
def _sample(form: str) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"))
    return data


def sample(form: str) -> dict[str, Any]:
    """Return a form's shipped sample."""
    return copy.deepcopy(_sample(form))


@cache
def filled(form: str) -> bytes:
    """Return a form with its sample filled in."""
    return generate(load_forms()[form], data=sample(form))


def own(form: Form, number: int, data: dict[str, Any]) -> bytes:
    """Return the return of the unit of a number, who fills in what the sample has."""
    data = copy.deepcopy(data)
    for path in {form.unit_path, form.project_path} - {""}:
        _put(data, path, f"第{number}{'中学' if path == form.unit_path else '期项目'}")
    return generate(form, data=data, unit_code=f"{number:06}")


def _put(data: Any, path: str, value: object) -> None:
    *above, last = re.findall(r"[^.\[\]]+", path)
    for key in above:
        data = data[int(key) if key.isdecimal() else key]
    data[last] = value


@cache
def mended(form: str) -> dict[str, Any] | None:
    """Return a form's sample with figures for the targets that are complained of; None where more is wrong with it."""
    forms, data = load_forms(), sample(form)
    library = Library.of(forms)
    for finding in process(filled(form), form, library).findings:
        if finding.path and finding.path.endswith(".target"):
            _put(data, finding.path, {"text": "≥80%"})
    left = process(generate(forms[form], data=data), form, library).findings
    return data if all(finding.severity is Severity.INFO for finding in left) else None


def pile(folder: Path, count: int, *, faulty: bool = True, only: str = "") -> list[Path]:
    """Write so many returns of different units into a folder, the forms by turns.

    With the samples as they are there is something to mark in each; else those that have no fault are taken.
    """
    known = load_forms()
    data = {name: sample(name) if faulty else mended(name) for name in ([only] if only else known)}
    kinds = [
        (known[name], Series([Outgoing.of(known[name], data=filled_in)]))
        for name, filled_in in data.items()
        if filled_in is not None
    ]
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:05}.xlsx" for number in range(count)]
    for number, path in enumerate(paths):
        form, series = kinds[number % len(kinds)]
        values = {form.project_path: f"第{number}期项目"} if form.project_path else {}
        path.write_bytes(series.workbook([Own(f"第{number}中学", f"{number:06}", values)]))
    return paths


def mutated(data: bytes) -> bytes:
    """Return a return of which the officer moved the form down by two rows, with a blank row inside."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    for box in [str(box) for box in sheet.merged_cells.ranges]:
        sheet.unmerge_cells(box)
    sheet.insert_rows(9)
    sheet.insert_rows(1, amount=2)
    return saved(book)


def loaded(data: bytes) -> openpyxl.Workbook:
    """Return a workbook as openpyxl loads it."""
    return openpyxl.load_workbook(io.BytesIO(data))


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as openpyxl saves it."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def values(data: bytes) -> list[Sequence[Sequence[object]]]:
    """Return the bare values of all sheets, as the Rust reader gives them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
