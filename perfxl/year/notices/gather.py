"""Which returns go back, and what is said of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from perfxl.model.finding import Severity
from perfxl.model.form import Form
from perfxl.model.submission import Status, Submission, Unit
from perfxl.outputs import MARKED, reachable
from perfxl.receive.naming import MARKED_SUFFIXES
from perfxl.rules.accepted import project
from perfxl.rules.versions import Version, rule_on, versions
from perfxl.year.notices.outcome import Notice, NoticeForm
from perfxl.year.notices.points import fitting, points
from perfxl.year.sources import Document, LeftOut, Opened, Reason


def gather(opened: Iterable[Opened], forms: Mapping[str, Form]) -> tuple[tuple[Notice, ...], tuple[LeftOut, ...]]:
    """Return a notice for each return that goes back, and what is not used.

    They stand in the documents' order, last those of which it is not known whose they are. A return that a later one has
    replaced, in its own run or in another, does not go back any more.
    """
    found: dict[int, Notice] = {}
    known: list[Version] = []
    waiting: dict[int, set[tuple[int, int]]] = {}
    left_out: list[LeftOut] = []
    for at, one in enumerate(opened):
        left_out += one.left_out
        if one.submission is None:
            continue
        told = [replace(version, file=one.document.name) for version in versions(at, one.submission)]
        own = [number for number, form in enumerate(one.submission.forms) if form.superseded_by is None]
        known += [version for version in told if version.place[1] in own]
        if one.submission.status is not Status.REJECTED:
            continue
        if one.submission.forms and not own:
            later = one.submission.forms[0].superseded_by
            said = f"已由后来交回的“{later}”代替，不再退回"
            left_out.append(LeftOut(one.document.name, Reason.SUPERSEDED, said))
            continue
        found[at] = _notice(one.document, one.submission, forms)
        waiting[at] = {(at, number) for number in own}
    rulings = rule_on(known)
    for at, places in waiting.items():
        newer = [rulings[place].superseded_by for place in sorted(places) if place in rulings]
        if newer and len(newer) == len(places) and None not in newer:
            said = f"已由后来交回的“{newer[0]}”代替，不再退回"
            left_out.append(LeftOut(found.pop(at).document, Reason.SUPERSEDED, said))
    made = sorted(found.values(), key=lambda notice: not (notice.unit.name or notice.unit.code))
    return tuple(made), tuple(left_out)


def _notice(document: Document, submission: Submission, forms: Mapping[str, Form]) -> Notice:
    counting = [form for form in submission.forms if form.superseded_by is None]
    units = [form.unit for form in counting if form.unit.name or form.unit.code]
    errors, warnings = (points(submission.findings, severity) for severity in (Severity.ERROR, Severity.WARNING))
    notice = Notice(
        document=document.name,
        file=submission.source.file,
        unit=units[0] if units else Unit(),
        forms=tuple(
            NoticeForm(forms[form.form].title, form.year, project(form), form.period.part_shown) for form in counting
        ),
        marked=_marked(document),
        errors=errors,
        warnings=warnings,
        error_count=submission.count(Severity.ERROR),
        warning_count=submission.count(Severity.WARNING),
    )
    first, second = fitting(notice)
    return replace(
        notice,
        errors=errors[:first],
        warnings=warnings[:second],
        more_errors=sum(point.count for point in errors[first:]),
        more_warnings=sum(point.count for point in warnings[second:]),
    )


def _marked(document: Document) -> str:
    """Return the name of the marked copy that lies beside a document, "" where there is none."""
    stem = document.path.name[: -len(document.path.suffix)]
    names = (f"{stem}{MARKED}.{suffix}" for suffix in MARKED_SUFFIXES)
    return next((name for name in names if reachable(document.path.with_name(name)).is_file()), "")
