"""The Python interface to reports: what ``perfxl report`` does, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

from perfxl.documents.master import report_masters
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.outputs import sweep
from perfxl.send.naming import NameParts, file_names
from perfxl.year.filed import FiledForm, Filings, filings, is_same
from perfxl.year.report.each import ReportParcel, ReportTask, report_each, tables
from perfxl.year.report.outcome import NothingToReportError, Reporting
from perfxl.year.sources import find, open_documents

SUFFIX = ".docx"


def report(
    paths: Path | str | Sequence[Path | str],
    output: Path | str,
    *,
    templates: Sequence[Path | str] = (),
    executor: Executor | None = None,
) -> Reporting:
    """Write the report of each unit, from submissions of a form that has a ``report.docx``, with the table beside it.

    ``paths`` are submission JSON files and folders of them. Returns that go back are written about too where none was
    accepted (``Report.rejected`` says so). A report is written whatever its figures are; those that are not the table's are
    in its ``differences``. The reports go through ``executor``, any of ``concurrent.futures`` whose workers can import
    perfxl, else one by one through this process.

    A report that could not be written has its ``error``. Raises NothingToReportError where no form that has a report is
    among what was given, MasterError for a master with a mistake, FileNotFoundError for a path that leads nowhere,
    DefinitionError.
    """
    folders = tuple(map(Path, templates))
    forms = load_forms(*folders)
    found = find([Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)])
    masters = report_masters(forms, folders)
    filed = filings(open_documents(found.documents, forms), forms, wanted(forms, masters))
    filed = Filings(filed.candidates, (*found.left_out, *filed.left_out))
    task = ReportTask(masters, folders, Path(output))
    reports = tuple(report_each(task, parcels(filed, forms, masters), executor))
    close(task)
    return Reporting(reports, filed.left_out)


def wanted(forms: Mapping[str, Form], masters: Mapping[str, Path]) -> frozenset[str]:
    """Return the ids of the forms that reports are made of: those that have one, and the tables that they speak of."""
    return frozenset(masters).union(*(tables(forms[form]) for form in masters))


def parcels(filed: Filings, forms: Mapping[str, Form], masters: Mapping[str, Path]) -> tuple[ReportParcel, ...]:
    """Return the reports to be, each with the name of its file and its table. Raises NothingToReportError."""
    reports = [one for one in filed.candidates if one.entry.form in masters]
    if not reports:
        raise NothingToReportError(tuple(forms[form].title for form in masters), filed.left_out)
    names = file_names([_named(one, forms) for one in reports], suffix=SUFFIX)
    return tuple(
        ReportParcel(name, one, _table(one, filed, forms[one.entry.form]))
        for name, one in zip(names, reports, strict=True)
    )


def _table(report: FiledForm, filed: Filings, form: Form) -> FiledForm | None:
    """Return the table of a report: of the same unit and year, an accepted one first; of the same scope, if there is one."""
    about = report.entry
    near = [
        one
        for kind in tables(form)
        for one in filed.candidates
        if one.entry.form == kind and is_same(one.entry.unit, about.unit) and one.entry.period == about.period
    ]
    near.sort(key=lambda one: (one.rejected, one.entry.scope != about.scope, one.entry.document != about.document))
    return near[0] if near else None


def _named(candidate: FiledForm, forms: Mapping[str, Form]) -> NameParts:
    entry = candidate.entry
    return NameParts(
        form=entry.form,
        title=forms[entry.form].title,
        year="" if entry.year is None else str(entry.year),
        unit=entry.unit.name or entry.unit.code or "",
        code=entry.unit.code or "",
        project=entry.project,
        period=entry.period.name if entry.period.year is not None else "",
    )


def close(task: ReportTask) -> None:
    """Sweep up what a killed run left half written."""
    sweep([task.output])
