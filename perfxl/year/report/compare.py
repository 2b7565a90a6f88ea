"""X04: the figures of a report held against the table that goes with it."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.reading import Reading
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.catalog import CATALOG
from perfxl.rules.report import X04
from perfxl.values.bind import Bound


def tables(form: Form) -> tuple[str, ...]:
    """Return the ids of the forms that a report speaks of."""
    return tuple(dict.fromkeys(rule.beside for rule in form.rules if rule.code == X04.code and rule.beside))


def differences(report: FormReturn, file: str, table: FormReturn) -> tuple[Finding, ...]:
    """Return the figures of a report that are not those of a table; ``file`` is the workbook that the table was in."""
    return tuple(_differences(report, AcceptedForm(file, table)))


def _differences(report: FormReturn, table: AcceptedForm) -> Iterator[Finding]:
    form, record = report.definition, report.record
    reading = Reading({}, record.sizes, report.cells, (), 1.0)
    bound = Bound(Record(record.values, record.sizes), {}, {}, frozenset())
    case = Case(form, report.sheet, reading, bound, record, (), frozenset(), stamped=False)
    for asked in form.rules:
        rule = CATALOG[asked.code]
        if rule is X04 and rule.pairs is not None and asked.beside == table.form.id:
            yield from rule.pairs(case, asked, table)
