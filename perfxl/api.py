"""The Python interface: what the command line does, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from perfxl.checks.catalog import CATALOG
from perfxl.forms.compute import compute
from perfxl.forms.data import Data, Misfit, from_data, to_data
from perfxl.forms.load import load_forms
from perfxl.forms.place import place
from perfxl.forms.resize import resized, tables
from perfxl.model.form import Form
from perfxl.model.layout import Layout
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn, Submission
from perfxl.model.value import Value
from perfxl.pipeline import Asked, Library, process
from perfxl.workbook.mark import CannotMark, mark
from perfxl.workbook.write import write


class DataError(ValueError):
    """Data that does not belong to a form; carries every misfit."""

    def __init__(self, misfits: Sequence[Misfit]) -> None:
        self.misfits = tuple(misfits)
        super().__init__("；".join(f"{misfit.path}：{misfit.message}" for misfit in misfits))


def generate(
    forms: Form | Sequence[Form],
    *,
    year: int | None = None,
    unit: str | None = None,
    unit_code: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
) -> bytes:
    """Return a blank or prefilled workbook, a sheet for each form; the same arguments give the same bytes.

    ``data`` is the ``data`` object of a form, whole or part; ``year`` and ``unit`` beat it. ``rows`` gives growing tables
    another number of rows than the blank has (``{"projects": 30}``), more where the data needs them. Computed fields are worked out
    anew. Raises DataError where the data does not belong to the form.
    """
    wanted = [forms] if isinstance(forms, Form) else list(forms)
    return write([layout(form, year=year, unit=unit, unit_code=unit_code, data=data, rows=rows) for form in wanted])


def layout(
    form: Form,
    *,
    year: int | None = None,
    unit: str | None = None,
    unit_code: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
) -> Layout:
    """Return a form placed on a sheet, with what is known filled in. Raises DataError as ``generate`` does."""
    record, misfits = from_data(form, data or {})
    known = tables(form)
    misfits += tuple(
        Misfit(table, f"没有这张可增行的表，可用：{'、'.join(known)}") for table in rows or {} if table not in known
    )
    if misfits:
        raise DataError(misfits)
    form = resized(form, rows) if rows else form
    values: dict[str, Value] = dict(record.values)
    if year is not None and form.year_path:
        values[form.year_path] = Decimal(year)
    if unit is not None and form.unit_path:
        values[form.unit_path] = unit
    for path, field in form.fields.items():
        if field.preset is not None and "[]" not in path:
            values.setdefault(path, field.preset)
    filled = compute(form, Record(values, record.sizes)).record
    return place(form, filled, year=year, unit_code=unit_code)


def read(
    path: Path | str,
    *,
    forms: Mapping[str, Form] | None = None,
    form: str | None = None,
    year: int | None = None,
) -> Submission:
    """Read and check a returned workbook. Whatever is in the file, the outcome is a Submission with its findings.

    ``forms`` defaults to the shipped ones; ``form`` skips recognition; ``year`` is the year that was asked for. Raises
    OSError where the file cannot be read from the disk at all, KeyError where ``form`` is not among the forms.
    """
    known = load_forms() if forms is None else forms
    if form is not None and form not in known:
        raise KeyError(form)
    file = Path(path)
    return process(file.read_bytes(), file.name, Library.of(known), Asked(form=form, year=year))


def data_of(returned: FormReturn, forms: Mapping[str, Form] | None = None) -> dict[str, object]:
    """Return the nested ``data`` object of one form of a submission, as in the JSON (numbers are Decimal)."""
    known = load_forms() if forms is None else forms
    return to_data(known[returned.form], returned.record)


def marked(data: bytes, submission: Submission) -> bytes:
    """Return a copy of a returned workbook in which the wrong cells are highlighted and explained.

    Raises CannotMark for what cannot be marked (signed and strict files, no workbook).
    """
    return mark(data, submission.findings, {code: rule.remedy for code, rule in CATALOG.items()})


__all__ = ["CannotMark", "DataError", "data_of", "generate", "layout", "load_forms", "marked", "read"]
