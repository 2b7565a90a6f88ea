"""The submissions that a step of the year goes on with: read from what an import wrote, what cannot be used told apart.

A folder may hold thousands. They are opened one after another; :func:`survey` keeps of each form only whose it is, and
:func:`taken` opens again what is wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.error import reason_of
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.submission import FormReturn, Status, Submission, Unit
from perfxl.outputs import reachable, real
from perfxl.reporting.document import documents_in
from perfxl.reporting.reread import NoSubmission, Why, parse, submission, unknown_forms, unknown_said
from perfxl.rules.accepted import project
from perfxl.rules.versions import Version, rule_on, versions

_HEAD = 1_000
_LARGE = 20_000_000
"""Bytes of a document beyond all that a submission takes, unless it begins like one."""


class Document(Struct, frozen=True):
    """A JSON file: where it lies, and its name as results speak of it (relative to its folder, with ``/``)."""

    path: Path
    name: str


class Reason(StrEnum):
    """Why a document, or a form in it, is not used."""

    STRANGE = "strange"
    """No submission, or one that this perfxl cannot use."""
    UNREADABLE = "unreadable"
    """The disk does not give it (exit code 3)."""
    UNKNOWN_FORM = "unknown-form"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"
    UNCALLED = "uncalled"
    """Sound, but what was asked for takes nothing of it."""


class LeftOut(Struct, frozen=True):
    """What is not used: the document's name, why, and that in Chinese, to go on after the name.

    ``forms`` are the ids of the forms that it is about, where these are known.
    """

    name: str
    reason: Reason
    said: str
    forms: tuple[str, ...] = ()

    @property
    def message(self) -> str:
        return f"“{self.name}”{self.said}"


class FoundDocuments(Struct, frozen=True):
    """The documents at some paths, in the order of their names, and folders that could not be opened."""

    documents: tuple[Document, ...]
    left_out: tuple[LeftOut, ...] = ()


class Opened(Struct, frozen=True):
    """A document and the submission in it; None where there is none that can be used.

    ``left_out`` says why there is none, or which of its forms are not known here. Of a rejected submission nothing
    counts, but it can be looked at.
    """

    document: Document
    submission: Submission | None
    left_out: tuple[LeftOut, ...] = ()

    @property
    def counting(self) -> tuple[tuple[int, FormReturn], ...]:
        """The forms that count, with their numbers in the submission: accepted, and no later return in their place."""
        if self.submission is None or self.submission.status is not Status.ACCEPTED:
            return ()
        forms = enumerate(self.submission.forms)
        return tuple((number, form) for number, form in forms if form.superseded_by is None)

    def passed_over(self, forms: Mapping[str, Form]) -> tuple[LeftOut, ...]:
        """Return all of the document that does not count: what is left out, rejected, superseded."""
        if self.submission is None:
            return self.left_out
        if self.submission.status is not Status.ACCEPTED:
            held = tuple(form.form for form in self.submission.forms)
            return (*self.left_out, LeftOut(self.document.name, Reason.REJECTED, "是退回的，没有采用", held))
        later = (form for form in self.submission.forms if form.superseded_by is not None)
        return (
            *self.left_out,
            *(
                LeftOut(
                    self.document.name,
                    Reason.SUPERSEDED,
                    f"里的《{forms[form.form].title}》已由后来交回的“{form.superseded_by}”代替，没有采用",
                    (form.form,),
                )
                for form in later
            ),
        )


def find(paths: Sequence[Path]) -> FoundDocuments:
    """Find the documents at some paths: files as they are, folders with all below them.

    Several folders each stand under their own name, as in an import; a document is taken once, however often it is
    given. Raises FileNotFoundError for a path that leads nowhere.
    """
    folders = [path for path in paths if path.is_dir()]
    found: dict[Path, Document] = {}
    left_out: list[LeftOut] = []
    names: set[str] = set()

    def take(path: Path, name: str) -> None:
        place = real(path)
        if place in found:
            return
        own, number = name, 1
        while own in names:
            number += 1
            own = f"{name}（{number}）"
        names.add(own)
        found[place] = Document(path, own)

    for path in paths:
        if not path.exists():
            raise FileNotFoundError(path)
        if path.is_dir():
            above = f"{real(path).name}/" if len(folders) > 1 else ""
            for one in documents_in(path, lambda error: left_out.append(_unlisted(error))):
                take(one, above + one.relative_to(path).as_posix())
        else:
            take(path, path.name)
    return FoundDocuments(tuple(found.values()), tuple(left_out))


def _unlisted(error: OSError) -> LeftOut:
    return LeftOut(str(error.filename or ""), Reason.UNREADABLE, "这个文件夹打不开，可能没有权限；里面的都没有采用")


def open_documents(found: Sequence[Document], forms: Mapping[str, Form]) -> Iterator[Opened]:
    """Open documents one after another. What a document holds never stops the others."""
    for document in found:
        opened = open_document(document, forms)
        if opened is not None:
            yield opened


def open_document(document: Document, forms: Mapping[str, Form]) -> Opened | None:
    """Return what a document holds; None for perfxl's own about a whole batch, of which there is nothing to say."""

    def unusable(reason: Reason, said: str) -> Opened:
        return Opened(document, None, (LeftOut(document.name, reason, said),))

    try:
        tree = parse(_read(document.path))
        unknown = unknown_forms(tree, forms)
        held = submission(tree, forms)
    except NoSubmission as error:
        return None if error.why is Why.BATCH else unusable(Reason.STRANGE, error.said)
    except OSError as error:
        return unusable(Reason.UNREADABLE, f"打不开：{reason_of(error)}")
    if not unknown:
        return Opened(document, held)
    left_out = LeftOut(document.name, Reason.UNKNOWN_FORM, unknown_said(unknown))
    return Opened(document, held if held.forms else None, (left_out,))


def _read(path: Path) -> bytes:
    """Return the bytes of a document; of a large file that does not begin like one only the beginning is read."""
    place = reachable(path)
    with place.open("rb") as file:
        head = file.read(_HEAD)
        if b'"perfxl"' not in head and place.stat().st_size > _LARGE:
            raise NoSubmission(Why.FOREIGN)
        return head + file.read()


class SourceForm(Struct, frozen=True):
    """A form that counts: where it stands, and whose it is. ``project`` is "" for a form of the whole unit.

    ``file`` is the workbook that it was imported from. ``scope`` is 汇总 or 本级 where the unit's name on the form says
    so, else "".
    """

    document: Document
    number: int
    file: str
    form: str
    year: int | None
    unit: Unit
    project: str
    scope: str = ""
    about: Period | None = None

    @property
    def period(self) -> Period:
        """The time that it is about."""
        return Period(self.year) if self.about is None else self.about

    @property
    def named(self) -> str:
        """The form as results speak of it: ``教育/a.json#mof-project-goal``."""
        return f"{self.document.name}#{self.form}"


class Survey(Struct, frozen=True):
    """What counts among some documents, in their order, and what does not.

    ``undecided`` are those of the entries of which there are several of one unit, year and project, and nothing tells
    which is the latest; each with that in Chinese. To add them up would count one return twice. ``superseded`` are those of
    accepted returns in whose place a later one counts.
    """

    entries: tuple[SourceForm, ...]
    left_out: tuple[LeftOut, ...]
    undecided: tuple[tuple[SourceForm, str], ...] = ()
    superseded: tuple[SourceForm, ...] = ()


def survey(opened: Iterable[Opened], forms: Mapping[str, Form]) -> Survey:
    """Look through opened documents, and tell which forms count.

    Where several documents hold one form of one unit, year and project, imported at different times, the latest counts;
    those that cannot be ordered all do (X03).
    """
    entries: dict[tuple[int, int], SourceForm] = {}
    superseded: list[SourceForm] = []
    known: list[Version] = []
    left_out: list[LeftOut] = []
    for at, one in enumerate(opened):
        left_out += one.passed_over(forms)
        if one.submission is None or one.submission.status is not Status.ACCEPTED:
            continue
        found = {version.place: version for version in versions(at, one.submission)}
        for number, form in enumerate(one.submission.forms):
            version = found.get((at, number))
            entry = _entry(one.document, one.submission, number, version.scope if version is not None else "")
            if form.superseded_by is not None:
                superseded.append(entry)
                continue
            if version is not None:
                known.append(replace(version, file=one.document.name))
            entries[at, number] = entry
    rulings = rule_on(known)
    latest = {ruling.superseded_by for ruling in rulings.values()}
    undecided: list[tuple[SourceForm, str]] = []
    for place, ruling in rulings.items():
        entry = entries[place]
        if ruling.superseded_by is not None:
            superseded.append(entries.pop(place))
            said = f"没有采用：{ruling.finding.message}"
            left_out.append(LeftOut(entry.document.name, Reason.SUPERSEDED, said, (entry.form,)))
        elif entry.document.name not in latest:
            undecided.append((entry, ruling.finding.message))
    return Survey(tuple(entries.values()), tuple(left_out), tuple(undecided), tuple(superseded))


def _entry(document: Document, held: Submission, number: int, scope: str) -> SourceForm:
    form = held.forms[number]
    return SourceForm(
        document, number, held.source.file, form.form, form.year, form.unit, project(form), scope, form.period
    )


def taken(entry: SourceForm, forms: Mapping[str, Form]) -> FormReturn:
    """Open again what a survey found. Raises OSError, NoSubmission where it is no longer there as it was."""
    form = submission(parse(_read(entry.document.path)), forms).forms[entry.number]
    if form.form != entry.form:
        raise NoSubmission(Why.DAMAGED)
    return form
