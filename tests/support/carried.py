"""Carrying over in tests: filed forms → carried workbooks → read back, by the programs' own ways."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

import perfxl
from perfxl.model.address import column_letter
from perfxl.model.carry import Carry
from perfxl.model.form import Form
from perfxl.model.submission import FormReturn, Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.year.carry.carrying import Carrying
from perfxl.year.carry.merge import merge
from perfxl.year.carry.outcome import CarryInput, Merged
from perfxl.year.sources import Document, SourceForm
from support.filings import document, forms

RETURNS = Path(__file__).parents[1] / "returns"
TEMPLATES = Path(__file__).parents[2] / "templates"


def seed(name: str, number: int = 0) -> dict[str, Any]:
    """Return the data of a form of a seed that was retyped (``tests/returns``)."""
    tree = json.loads((RETURNS / f"{name}.json").read_text("utf-8"))
    data: dict[str, Any] = tree["forms"][number]["data"]
    return data


def sample(form: str) -> dict[str, Any]:
    """Return the shipped sample of a form."""
    data: dict[str, Any] = json.loads((TEMPLATES / form / "sample.json").read_text("utf-8"))
    return data


def merged(to: str | Form, *returned: FormReturn, year: int | None = 2024) -> Merged:
    """Merge filed forms, each from a document ``1.json``, ``2.json`` …"""
    form = forms()[to] if isinstance(to, str) else to
    carries: Mapping[str, Carry] = {carry.source: carry for carry in form.carries}
    given = []
    for number, one in enumerate(returned, start=1):
        project = one.record[one.definition.project_path]
        document = Document(Path(f"{number}.json"), f"{number}.json")
        whose = one.year, one.unit, project if isinstance(project, str) else ""
        given.append(CarryInput(SourceForm(document, 0, f"{number}.xlsx", one.form, *whose), one, carries[one.form]))
    return merge(form, given, year)


def carry(folder: Path, to: str, returned: Sequence[FormReturn], **options: Any) -> Carrying:
    """File forms as an import would, a document each, and carry them over."""
    source = folder / "结果"
    source.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(returned, start=1):
        (source / f"{number}.json").write_bytes(document(f"{number}.xlsx", one))
    return perfxl.carry(source, to, folder / "下发", **options)


def only(folder: Path, to: str, returned: Sequence[FormReturn], **options: Any) -> bytes:
    """Carry over to one workbook, and return it."""
    (one,) = carry(folder, to, returned, **options).workbooks
    assert not one.error
    return (folder / "下发" / one.file).read_bytes()


@cache
def library() -> Library:
    return Library.of(forms())


def read(data: bytes) -> Submission:
    return process(data, "a.xlsx", library())


def unlocked(data: bytes) -> set[str]:
    """Return the cells of the first sheet that an officer can type into, by openpyxl."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}


def hints(data: bytes) -> Mapping[str, str]:
    """Return what is shown at the cells of the first sheet when they are selected, by openpyxl."""
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return {
        cell: one.prompt
        for one in sheet.data_validations.dataValidation
        for area in one.sqref.ranges
        for row in area.rows
        for cell in (f"{column_letter(column)}{number}" for number, column in row)
    }
