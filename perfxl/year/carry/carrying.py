"""The Python interface to carrying over: what ``perfxl carry`` does, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from perfxl.files import File
from perfxl.forms.asked_period import period_of
from perfxl.forms.named import form_named
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.model.roster import Roster
from perfxl.outputs import sweep
from perfxl.receive.request import roster_of
from perfxl.send.naming import NameParts, file_names
from perfxl.year.carry.each import Carried, CarryParcel, CarryTask, carry_each
from perfxl.year.carry.targets import CarryTarget, Plan, plan
from perfxl.year.sources import LeftOut, find, open_documents, survey


class Carrying(Struct, frozen=True):
    """What came of carrying over: the workbooks in their order, what was left out, what else there is to say."""

    workbooks: tuple[Carried, ...]
    left_out: tuple[LeftOut, ...]
    remarks: tuple[str, ...]


def carry(  # noqa: PLR0913 - one parameter for each thing that may be asked for
    paths: Path | str | Sequence[Path | str],
    to: str,
    output: Path | str,
    *,
    year: int | None = None,
    period: str | None = None,
    roster: Roster | File | None = None,
    name: str | None = None,
    templates: Sequence[Path | str] = (),
    executor: Executor | None = None,
) -> Carrying:
    """Write the next form of the year, prefilled from submissions that an import accepted, one workbook a unit.

    ``paths`` are submission JSON files and folders of them, ``to`` is the id of the form; what goes where is declared in
    its definition. A form of projects has a workbook for each project. ``year`` is that of the new form, ``period`` the
    part of it (2025年一季度), else what the sources and the mapping say; ``roster`` (or its file) gives the order and the
    codes; ``name`` is a Jinja2 pattern for file names. The workbooks go through ``executor``, any of
    ``concurrent.futures`` whose workers can import perfxl, else one by one through this process.

    A workbook that could not be written has its ``error``. Raises UnknownFormError where ``to`` is not among the forms,
    NothingToCarryError where it takes from none of the forms given, FileNotFoundError for a path that leads nowhere,
    PatternError, PeriodError for a ``period`` that is none of the form, RosterError, DefinitionError, OSError where the
    roster cannot be read.
    """
    folders = tuple(map(Path, templates))
    forms = load_forms(*folders)
    form = form_named(forms, to)
    part = None if period is None else period_of(period, [form])
    units = None if roster is None else roster_of(roster)
    found = find([Path(path) for path in ([paths] if isinstance(paths, Path | str) else paths)])
    surveyed = survey(open_documents(found.documents, forms), forms)
    planned = plan(replace(surveyed, left_out=(*found.left_out, *surveyed.left_out)), form, forms, year, units, part)
    task = CarryTask(form.id, folders, Path(output))
    workbooks = tuple(carry_each(task, parcels(planned, form, name), executor))
    close(task)
    return Carrying(workbooks, planned.left_out, planned.remarks)


def parcels(planned: Plan, form: Form, pattern: str | None = None) -> tuple[CarryParcel, ...]:
    """Return the workbooks to be, each with the name of its file. Raises PatternError."""
    names = file_names([_named(form, target) for target in planned.targets], pattern)
    return tuple(CarryParcel(name, target) for name, target in zip(names, planned.targets, strict=True))


def _named(form: Form, target: CarryTarget) -> NameParts:
    return NameParts(
        form=form.id,
        title=form.title,
        year="" if target.year is None else str(target.year),
        unit=target.unit_said,
        code=target.unit.code or "",
        project=target.project,
        period=target.period.name,
    )


def close(task: CarryTask) -> None:
    """Sweep up what a killed run left half written."""
    sweep([task.output])
