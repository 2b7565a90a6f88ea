"""The workbooks of many units, each merged, made and written by itself, by as many processes as there are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import BrokenExecutor, Executor, Future
from pathlib import Path

from msgspec import Struct

from perfxl.forms.stock import load_forms
from perfxl.model.error import reason_of
from perfxl.model.form import Form
from perfxl.model.submission import FormReturn, Unit
from perfxl.outputs import write_whole
from perfxl.reporting.reread import NoSubmission
from perfxl.workers import OutOfTime, WorkerDied
from perfxl.year.carry.merge import merge
from perfxl.year.carry.outcome import CarryInput, Held, Note
from perfxl.year.carry.targets import CarryTarget
from perfxl.year.carry.workbook import make
from perfxl.year.sources import SourceForm, taken

_AT_ONCE = 20
"""Workbooks that a worker makes in one call."""
_AHEAD = 16
"""Calls that are under way at once: enough for many processors, few enough to be held in memory."""


class CarryTask(Struct, frozen=True):
    """What is the same for all workbooks: the form, folders of further definitions, the folder for results."""

    form: str
    templates: tuple[Path, ...]
    output: Path


class CarryParcel(Struct, frozen=True):
    """One workbook to be: its file's name below the output folder, and what it is made of."""

    file: str
    target: CarryTarget


class Cell(Struct, frozen=True):
    """A carried value in its new place: path, cell, and what it was."""

    path: str
    cell: str
    held: Held


class Carried(Struct, frozen=True):
    """What became of a workbook: its file below the output folder, what was carried, what there is to say.

    ``error`` says in Chinese why it was not written, "" where it was.
    """

    file: str
    form: str
    year: int | None
    unit: Unit
    project: str
    sources: tuple[str, ...]
    cells: tuple[Cell, ...] = ()
    notes: tuple[Note, ...] = ()
    error: str = ""
    period: str = ""
    """Which part of the year it is about, in Chinese, "" for the whole."""

    @property
    def carried(self) -> int:
        """How many values were set."""
        return len(self.cells)


def carry_each(task: CarryTask, parcels: Sequence[CarryParcel], executor: Executor | None = None) -> Iterator[Carried]:
    """Make and write the workbooks in their order; in this process where no executor is given.

    One that cannot be made or written does not stop the others. What is written does not depend on the executor.
    """
    if executor is None:  # each is told as soon as it is there
        forms = load_forms(*task.templates)
        for parcel in parcels:
            yield _written(task, forms, parcel)
        return
    calls = [tuple(parcels[start : start + _AT_ONCE]) for start in range(0, len(parcels), _AT_ONCE)]
    under_way: deque[tuple[tuple[CarryParcel, ...], Future[tuple[Carried, ...]]]] = deque()
    for call in calls:
        under_way.append((call, executor.submit(written, task, call)))
        if len(under_way) >= _AHEAD:
            yield from _result(task, *under_way.popleft())
    while under_way:
        yield from _result(task, *under_way.popleft())


def _result(task: CarryTask, call: tuple[CarryParcel, ...], future: Future[tuple[Carried, ...]]) -> tuple[Carried, ...]:
    try:
        return future.result()
    except (BrokenExecutor, OutOfTime, WorkerDied):
        return written(task, call)


def written(task: CarryTask, parcels: Sequence[CarryParcel]) -> tuple[Carried, ...]:
    """Merge, make and write some workbooks."""
    forms = load_forms(*task.templates)
    return tuple(_written(task, forms, parcel) for parcel in parcels)


def _written(task: CarryTask, forms: Mapping[str, Form], parcel: CarryParcel) -> Carried:
    form, target = forms[task.form], parcel.target
    sources = tuple(dict.fromkeys(entry.named for entry in target.entries))

    def outcome(cells: tuple[Cell, ...] = (), notes: tuple[Note, ...] = (), error: str = "") -> Carried:
        about = target.year, target.unit, target.project
        period = target.period.part_said
        return Carried(parcel.file, form.id, *about, sources, cells, notes, error, period)

    carries = {carry.source: carry for carry in form.carries}
    given = []
    for entry in target.entries:
        returned = _opened(entry, forms)
        if isinstance(returned, str):
            return outcome(error=returned)
        given.append(CarryInput(entry, returned, carries[entry.form]))
    merged = merge(form, given, target.year)
    made = make(form, merged, period=target.period, unit=target.unit)
    path = task.output / parcel.file
    try:
        write_whole(path, made.data)
    except OSError as error:
        return outcome(error=f"写不了“{path.as_posix()}”：{reason_of(error)}")
    cells = tuple(Cell(path, made.cells[path], held) for path, held in merged.held.items())
    return outcome(cells, merged.notes)


def _opened(entry: SourceForm, forms: Mapping[str, Form]) -> FormReturn | str:
    try:
        return taken(entry, forms)
    except OSError as error:
        return f"读不了“{entry.document.name}”：{reason_of(error)}"
    except NoSubmission as error:
        return f"“{entry.document.name}”刚才被改动过，{error.said}"
