"""What is made of the workspace's own files, each in one call of a worker: workbooks, what is carried, sums, reports.

Each is put together of what the command is put together of, and tells how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.api import generate
from perfxl.documents.master import report_masters
from perfxl.forms.definition.problem import DefinitionError
from perfxl.forms.named import form_named
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.model.grid import Book
from perfxl.model.period import Period
from perfxl.outputs import sweep
from perfxl.readers.book import read_book
from perfxl.reporting.drawing import draw
from perfxl.roster.prefill import prefills
from perfxl.roster.read import read_roster
from perfxl.send.each import Parcel, send
from perfxl.send.naming import PatternError
from perfxl.send.order import lost_inputs, names, see_dated
from perfxl.serve.jobs import Begun, Job, Step
from perfxl.values.dates import read_date
from perfxl.workers import tell
from perfxl.year.carry import carrying
from perfxl.year.carry.each import CarryTask, carry_each
from perfxl.year.carry.targets import plan
from perfxl.year.filed import Filings, filings
from perfxl.year.notices import notices
from perfxl.year.notices.gather import gather
from perfxl.year.report import reports
from perfxl.year.report.each import ReportTask, report_each
from perfxl.year.sources import FoundDocuments, Opened, find, open_documents, survey
from perfxl.year.summarize.outcome import SummaryTarget
from perfxl.year.summarize.summarize import summarize_opened

_T = TypeVar("_T")


class Made(Struct, frozen=True):
    """What was made, by file below its folder; what could not be, what was left out, what wants a look."""

    files: tuple[str, ...]
    failed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    looks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    said: tuple[str, ...] = ()


def made_by(job: Job | None) -> Made | None:
    """Return what a piece of work has made, None where it made nothing or is not done."""
    return job.outcome if job is not None and isinstance(job.outcome, Made) else None


class Order(Struct, frozen=True):
    """What is to be sent out: forms by id, the period, the units' roster or one unit (or nobody's name)."""

    forms: tuple[str, ...]
    period: Period = Period()
    roster: Path | None = None
    unit: str = ""
    code: str = ""
    contact: str = ""
    rows: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How many rows the growing tables of a form have, by form and table, where they are others than its own."""
    name: str = ""
    """The pattern of the files' names, "" for the usual one."""


def send_out(order: Order, output: Path, templates: Sequence[Path]) -> Made:
    """Write the workbooks of an order, as ``perfxl generate`` does.

    Raises UnknownFormError, DefinitionError, RosterError, UndatedError, PatternError, OSError.
    """
    known = load_forms(*templates)
    forms = [form_named(known, name) for name in order.forms]
    if templates and (problems := tuple(lost_inputs(forms))):
        raise DefinitionError(problems)
    outgoing = [Outgoing.of(form, period=order.period, rows=order.rows.get(form.id)) for form in forms]
    owns, notes = _owns(order, forms)
    see_dated(outgoing, owns)
    with _pattern():
        found = names(outgoing, owns, order.name or None)
    output.mkdir(parents=True, exist_ok=True)
    parcels = [Parcel(output / name, own) for name, own in zip(found, owns, strict=True)]
    sending = send(outgoing, parcels, contact=order.contact)
    sent = [*_told("正在生成", len(parcels), sending, lambda one: _step(one.path.name, one.error, "已生成"))]
    sweep([output])
    written = tuple(one.path.name for one in sent if not one.error)
    failed = tuple(f"“{one.path.name}”写不了：{one.error}" for one in sent if one.error)
    return Made(written, failed, said=notes)


def _owns(order: Order, forms: Sequence[Form]) -> tuple[Sequence[tuple[Own, ...]], tuple[str, ...]]:
    """Return what is each unit's own, and what there is to say of the roster."""
    if order.roster is None:
        return [tuple(Own(order.unit or None, order.code or None) for _ in forms)], ()
    units = read_roster(order.roster.read_bytes())
    found = prefills(units, forms)
    return found.owns, (*units.notes, *found.notes)


def preview(name: str, year: int | None, templates: Sequence[Path]) -> str:
    """Return the blank of a form as it looks, drawn as HTML. Raises UnknownFormError, DefinitionError."""
    form = form_named(load_forms(*templates), name)
    book = read_book(generate(replace(form, issued=False), year=year))
    if not isinstance(book, Book):
        return ""
    sheets = [grid for part in form.parts for grid in book.sheets if grid.name == part.sheet]
    drawn = [draw(sheet, (), f"p{number}" if number else "p").html for number, sheet in enumerate(sheets)]
    return "".join(drawn)


def carry_over(
    results: Path, to: str, output: Path, period: Period, roster: Path | None, name: str, templates: Sequence[Path]
) -> Made:
    """Write the next form of the year, as ``perfxl carry`` does. Raises as ``perfxl.carry``."""
    known = load_forms(*templates)
    form = form_named(known, to)
    units = None if roster is None else read_roster(roster.read_bytes())
    found = find([results])
    surveyed = survey(_opened(found, known), known)
    part = None if period.whole else period
    planned = plan(
        replace(surveyed, left_out=(*found.left_out, *surveyed.left_out)), form, known, period.year, units, part
    )
    with _pattern():
        parcels = carrying.parcels(planned, form, name or None)
    task = CarryTask(form.id, tuple(templates), output)
    made = [
        *_told("正在带入", len(parcels), carry_each(task, parcels), lambda one: _step(one.file, one.error, "已带入"))
    ]
    carrying.close(task)
    return Made(
        tuple(one.file for one in made if not one.error),
        tuple(one.error for one in made if one.error),
        tuple(one.message for one in planned.left_out),
        tuple((one.file, tuple(note.message for note in one.notes)) for one in made if one.notes),
        planned.remarks,
    )


def sum_up(
    results: Path,
    output: Path,
    to: str,
    roster: Path | None,
    templates: Sequence[Path],
    *,
    everything: bool,
) -> Made:
    """Write the 汇总, as ``perfxl summarize`` does. Raises as ``perfxl.summarize``."""
    known = load_forms(*templates)
    units = None if roster is None else read_roster(roster.read_bytes())
    found = find([results])
    done = summarize_opened(
        _opened(found, known),
        known,
        output,
        target=SummaryTarget(to),
        roster=units,
        everything=everything,
        left_out=found.left_out,
        settled=lambda: tell(Begun("正在写汇总")),
    )
    said = [f"已汇总 {done.counted} 份，{done.units} 个单位"]
    if done.missing:
        said.append(f"名册上还没有可用结果的单位 {len(done.missing)} 个：{'、'.join(one.name for one in done.missing)}")
    if done.strangers:
        said.append(
            f"不在名册的单位 {len(done.strangers)} 个：{'、'.join(one.name or one.code or '' for one in done.strangers)}"
        )
    return Made((output.name,), (), tuple(one.message for one in done.left_out), (), tuple(said))


def write_reports(results: Path, output: Path, templates: Sequence[Path]) -> Made:
    """Write the reports, as ``perfxl report`` does. Raises as ``perfxl.report``."""
    folders = tuple(templates)
    known = load_forms(*folders)
    masters = report_masters(known, folders)
    found = find([results])
    filed = filings(_opened(found, known), known, reports.wanted(known, masters))
    filed = Filings(filed.candidates, (*found.left_out, *filed.left_out))
    parcels = reports.parcels(filed, known, masters)
    task = ReportTask(masters, folders, output)
    wrote = [
        *_told("正在写报告", len(parcels), report_each(task, parcels), lambda one: _step(one.file, one.error, "已写好"))
    ]
    reports.close(task)
    looks = []
    for one in wrote:
        said = [
            f"用的“{name}”是退回的，改正后请重新生成"
            for name in dict.fromkeys(s.rpartition("#")[0] for s in one.rejected)
        ]
        said += [finding.message for finding in one.differences]
        if not one.error and not one.table:
            said.append("后面没有附自评表：没有找到这个单位同一年度的自评表")
        if one.blank:
            said.append(f"没有写的（没有填）：{'、'.join(one.blank)}")
        if said:
            looks.append((one.file, tuple(said)))
    return Made(
        tuple(one.file for one in wrote if not one.error),
        tuple(one.error for one in wrote if one.error),
        tuple(one.message for one in filed.left_out),
        tuple(looks),
    )


def write_notices(results: Path, target: Path, deadline: str, templates: Sequence[Path]) -> Made:
    """Write the notices of all returns that go back into one document, as ``perfxl notices`` does. Raises as that."""
    folders = tuple(templates)
    known = load_forms(*folders)
    found = find([results])
    made, left_out = gather(_opened(found, known), known)
    tell(Begun("正在写通知"))
    day = read_date(deadline).value if deadline else None
    files = notices.write(made, target, None, deadline=day, templates=folders)
    said = f"已写退回通知 {len(made)} 份" if files else "没有要退回的，没有写通知"
    left = (*found.left_out, *left_out)
    return Made(tuple(file.name for file in files), (), tuple(one.message for one in left), (), (said,))


@contextmanager
def _pattern() -> Iterator[None]:
    """Say of a pattern that cannot be used where it was typed."""
    try:
        yield
    except PatternError as error:
        raise PatternError(f"文件名的样式{error}") from None


def _opened(found: FoundDocuments, known: Mapping[str, Form]) -> Iterator[Opened]:
    """Open the results of an import one after another, telling how far it is."""
    return _told("正在读结果", len(found.documents), open_documents(found.documents, known), lambda _: Step())


def _told(doing: str, total: int, items: Iterable[_T], step: Callable[[_T], Step]) -> Iterator[_T]:
    """Yield items, telling that they begin and what each was."""
    tell(Begun(doing, total))
    for item in items:
        tell(step(item))
        yield item


def _step(name: str, error: str, done: str) -> Step:
    return Step(name, "没有做成" if error else done)
