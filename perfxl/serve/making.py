"""What is made of the workspace's own files, each in one call of a worker: workbooks, what is carried, sums, reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from perfxl.api import generate
from perfxl.forms.definition.problem import DefinitionError
from perfxl.forms.named import form_named
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.model.grid import Book
from perfxl.model.lazy_dataclass import dataclass
from perfxl.outputs import sweep
from perfxl.readers.book import read_book
from perfxl.reporting.drawing import draw
from perfxl.roster.prefill import prefills
from perfxl.roster.read import read_roster
from perfxl.send.each import Parcel, send
from perfxl.send.order import lost_inputs, names, see_dated
from perfxl.serve.jobs import Job
from perfxl.year.carry.carrying import carry
from perfxl.year.report.reports import report
from perfxl.year.summarize.summarize import summarize


@dataclass(frozen=True, slots=True)
class Made:
    """What was made, by file below its folder; what could not be, what was left out, what wants a look."""

    files: tuple[str, ...]
    failed: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    looks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    said: tuple[str, ...] = ()


def made_by(job: Job | None) -> Made | None:
    """Return what a piece of work has made, None where it made nothing or is not done."""
    return job.outcome if job is not None and isinstance(job.outcome, Made) else None


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent out: forms by id, the year, the units' roster or one unit (or nobody's name)."""

    forms: tuple[str, ...]
    year: int | None = None
    roster: Path | None = None
    unit: str = ""
    code: str = ""
    contact: str = ""


def send_out(order: Order, output: Path, templates: Sequence[Path]) -> Made:
    """Write the workbooks of an order, as ``perfxl generate`` does.

    Raises UnknownFormError, DefinitionError, RosterError, UndatedError, OSError.
    """
    known = load_forms(*templates)
    forms = [form_named(known, name) for name in order.forms]
    if templates and (problems := tuple(lost_inputs(forms))):
        raise DefinitionError(problems)
    outgoing = [Outgoing.of(form, year=order.year) for form in forms]
    owns, notes = _owns(order, forms)
    see_dated(outgoing, owns)
    found = names(outgoing, owns)
    output.mkdir(parents=True, exist_ok=True)
    sent = [
        *send(
            outgoing, [Parcel(output / name, own) for name, own in zip(found, owns, strict=True)], contact=order.contact
        )
    ]
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
    (sheet, *_) = (one for one in book.sheets if one.name == form.sheet)
    return draw(sheet, (), "p").html


def carry_over(
    results: Path, to: str, output: Path, year: int | None, roster: Path | None, templates: Sequence[Path]
) -> Made:
    """Write the next form of the year, as ``perfxl carry`` does. Raises as ``perfxl.carry``."""
    done = carry([results], to, output, year=year, roster=roster, templates=templates)
    return Made(
        tuple(one.file for one in done.workbooks if not one.error),
        tuple(one.error for one in done.workbooks if one.error),
        tuple(one.message for one in done.left_out),
        tuple((one.file, tuple(note.message for note in one.notes)) for one in done.workbooks if one.notes),
        done.remarks,
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
    done = summarize([results], output, to=to, roster=roster, everything=everything, templates=templates)
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
    done = report([results], output, templates=templates)
    looks = []
    for one in done.reports:
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
        tuple(one.file for one in done.reports if not one.error),
        tuple(one.error for one in done.reports if one.error),
        tuple(one.message for one in done.left_out),
        tuple(looks),
    )
