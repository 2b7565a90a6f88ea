"""Submissions as an import would have written them, made without a workbook: quick, and with every cell known."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache

from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import IndicatorValue, Value
from perfxl.reporting.document import submission_json
from perfxl.values.indicator import parse_indicator

ERROR = Finding("C02", Severity.ERROR, "完成值没有填")


@cache
def forms() -> Mapping[str, Form]:
    return load_forms()


def filed(
    form: str,
    data: Mapping[str, object] | Record,
    *,
    year: int | None = 2024,
    unit: str | None = "石鼓区教育局",
    code: str | None = "430407",
    superseded_by: str | None = None,
) -> FormReturn:
    """Return a form as it is read from a workbook that holds some data."""
    definition = forms()[form]
    record = data if isinstance(data, Record) else _record(definition, data)
    placed = place(definition, record, year=year)
    cells = {cell.source: cell.box.name for cell in placed.cells if cell.source in record.values}
    return FormReturn(
        definition=definition,
        version=definition.version,
        sheet=definition.sheet,
        by=By.STAMP,
        confidence=1.0,
        year=year,
        unit=Unit(unit, code),
        record=record,
        superseded_by=superseded_by,
        cells=cells,
    )


def _record(form: Form, data: Mapping[str, object]) -> Record:
    given, misfits = from_data(form, data)
    assert not misfits, misfits
    values: dict[str, Value] = {path: _read(value) for path, value in given.values.items()}
    return compute(form, Record(values, given.sizes)).record


def _read(value: Value) -> Value:
    """An indicator value as the import reads its text."""
    return parse_indicator(value.text) if isinstance(value, IndicatorValue) else value


def document(file: str, *returned: FormReturn, findings: tuple[Finding, ...] = ()) -> bytes:
    """Return the JSON of a returned workbook with some forms."""
    contents = repr([(form.form, form.year, form.record) for form in returned])
    source = Source(file, hashlib.sha256(contents.encode()).hexdigest(), 18342, "xlsx")
    return submission_json(Submission(source, returned, findings))
