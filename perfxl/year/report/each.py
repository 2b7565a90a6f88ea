"""The reports of many units, each put together and written by itself, by as many processes as there are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from perfxl.documents.master import fill
from perfxl.documents.values import NOTHING, ReportSection, contents, left_blank
from perfxl.forms.stock import load_forms
from perfxl.model.error import reason_of
from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.reading import Reading
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn
from perfxl.outputs import write_whole
from perfxl.reporting.reread import NoSubmission
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.catalog import CATALOG
from perfxl.rules.report import X04
from perfxl.values.bind import Bound
from perfxl.workers import OutOfTime, WorkerDied
from perfxl.year.filed import FiledForm
from perfxl.year.report.outcome import Report
from perfxl.year.sources import taken


class ReportTask(Struct, frozen=True):
    """What is the same for all reports: the masters by form, folders of further definitions, the folder for results."""

    masters: Mapping[str, Path]
    templates: tuple[Path, ...]
    output: Path


class ReportParcel(Struct, frozen=True):
    """One report to be: its file's name below the output folder, the form it is made of, the table that goes with it."""

    file: str
    report: FiledForm
    table: FiledForm | None


def report_each(
    task: ReportTask, parcels: Sequence[ReportParcel], executor: Executor | None = None
) -> Iterator[Report]:
    """Write the reports in their order; in this process where no executor is given.

    One that cannot be written does not stop the others. What is written does not depend on the executor. Raises MasterError
    at the first report in which the master's mistake shows.
    """
    if executor is None:
        for parcel in parcels:
            yield written(task, parcel)
        return
    under_way = [(parcel, executor.submit(written, task, parcel)) for parcel in parcels]
    for parcel, future in under_way:
        try:
            yield future.result()
        except (BrokenExecutor, OutOfTime, WorkerDied):
            yield written(task, parcel)


def written(task: ReportTask, parcel: ReportParcel) -> Report:
    """Put a report together and write it."""
    forms = load_forms(*task.templates)
    entry, beside = parcel.report.entry, parcel.table
    rejected = tuple(one.entry.named for one in (parcel.report, beside) if one is not None and one.rejected)
    about = Report(
        file=parcel.file,
        form=entry.form,
        title=forms[entry.form].title,
        year=entry.year,
        unit=entry.unit,
        source=entry.named,
        table="" if beside is None else beside.entry.named,
        rejected=rejected,
    )
    report, table = _opened(parcel.report, forms), None if beside is None else _opened(beside, forms)
    if isinstance(report, str):
        return replace(about, error=report)
    if isinstance(table, str):
        return replace(about, error=table)
    path = task.output / parcel.file
    try:
        write_whole(path, fill(task.masters[entry.form], _values(report, table)))
    except OSError as error:
        return replace(about, error=f"写不了“{path.as_posix()}”：{reason_of(error)}")
    found = () if beside is None or table is None else differences(report, beside.entry.file, table)
    return replace(about, differences=found, blank=left_blank(report.definition, report.record))


def _values(report: FormReturn, table: FormReturn | None) -> dict[str, object]:
    """Return what a master may speak of: what the report's form holds, and as ``table`` what the table does."""
    beside = NOTHING if table is None else ReportSection(contents(table.definition, table.record))
    return {**contents(report.definition, report.record), "table": beside}


def _opened(candidate: FiledForm, forms: Mapping[str, Form]) -> FormReturn | str:
    name = candidate.entry.document.name
    try:
        return taken(candidate.entry, forms)
    except OSError as error:
        return f"读不了“{name}”：{reason_of(error)}"
    except NoSubmission as error:
        return f"“{name}”刚才被改动过，{error.said}"


def tables(form: Form) -> tuple[str, ...]:
    """Return the ids of the forms that a report speaks of."""
    return tuple(dict.fromkeys(rule.beside for rule in form.rules if rule.code == X04.code and rule.beside))


def differences(report: FormReturn, file: str, table: FormReturn) -> tuple[Finding, ...]:
    """Return the figures of a report that are not those of a table (X04); ``file`` is the workbook that the table was in."""
    return tuple(_differences(report, AcceptedForm(file, table)))


def _differences(report: FormReturn, table: AcceptedForm) -> Iterator[Finding]:
    form, record = report.definition, report.record
    reading = Reading({}, record.sizes, report.cells, (), 1.0)
    bound = Bound(Record(record.values, record.sizes), {}, {}, frozenset())
    case = Case(form, report.sheet, reading, bound, record, (), frozenset(), stamped=False)
    for asked in form.rules:
        rule = CATALOG.get(asked.code)
        if rule is X04 and rule.pairs is not None and asked.beside == table.form.id:
            yield from rule.pairs(case, asked, table)
