"""One returned file → one Submission: a pure function of the bytes, the forms and what was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import partial

from msgspec import Struct
from msgspec.structs import replace

from perfxl.align.own_sheets import is_own
from perfxl.align.read import read
from perfxl.align.recognise import ACCEPT, MARGIN, PatternName, best_edition, best_sheet, rank, stamp_of
from perfxl.forms.compute import compute
from perfxl.forms.editions import Renewed, renewed
from perfxl.marks.error_list import is_finding_list
from perfxl.marks.origin import origin_of
from perfxl.model.address import cell_name
from perfxl.model.finding import Finding
from perfxl.model.form import AT, Form
from perfxl.model.grid import Book, Grid
from perfxl.model.layout import Stamp
from perfxl.model.period import Period
from perfxl.model.reading import Candidate, Reading, Sheets
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit, span_of
from perfxl.model.words import without_scope
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.readers.book import read_book
from perfxl.readers.refusal import refuse
from perfxl.receive.grouping import KnownForm, KnownSheet, grouped
from perfxl.receive.leftovers import leftover
from perfxl.receive.library import Library
from perfxl.receive.request import Request
from perfxl.rules import beside, files, years
from perfxl.rules.accepted import NOTHING_ACCEPTED, Accepted, AcceptedForm
from perfxl.rules.budget import in_all
from perfxl.rules.case import Case, SheetState
from perfxl.rules.run import check, elsewhere_than, lost_paths
from perfxl.rules.structure import nothing_filled_in, spare
from perfxl.values.bind import PassedOver, bind, bound_together, given, numbers_as_text
from perfxl.values.formulas.calculator import Calculator

_LESS_CERTAIN = {"ods", "xlsb"}


def process(
    data: bytes, file: str, library: Library, request: Request | None = None, accepted: Accepted = NOTHING_ACCEPTED
) -> Submission:
    """Read and check one returned file, whatever its bytes are, as ``read_and_check`` does."""
    return read_and_check(data, file, library, request or Request(), accepted)[0]


def read_and_check(
    data: bytes, file: str, library: Library, request: Request, accepted: Accepted
) -> tuple[Submission, Sheets]:
    """Read and check one returned file, whatever its bytes are; return with the result how its sheets were read.

    ``file`` is its name as it shall stand in the results; ``accepted`` is what it is held against. The result
    depends on nothing but the arguments.
    """
    book = read_book(data, request.limits)
    digest = hashlib.sha256(data).hexdigest()
    if isinstance(book, Finding):
        suffix = file.rpartition(".")[2].lower() if "." in file else ""
        return Submission(Source(file, digest, len(data), suffix), (), (leftover(file) or book,)), Sheets(())
    findings: list[Finding] = []
    if book.format in _LESS_CERTAIN:
        findings.append(files.converted(book.format))
    if book.macros:
        findings.append(files.with_macros())
    if book.external_links:
        findings.append(files.with_external_links())
    sheets, about = _recognise(book, library, request)
    findings += about
    forms = grouped(sheets, library)
    examined = [_examine(library, one, book, request) for one in forms]
    strange = _strange(examined, request, library)
    findings += _twice(examined)
    findings = [finding for finding in findings if finding.sheet is None or finding.sheet not in strange]
    filed = [AcceptedForm(file, one.returned) for one in examined]
    for number, (one, own) in enumerate(zip(examined, filed, strict=True)):
        others = [*filed[:number], *filed[number + 1 :]]
        unit = one.stamp.unit if one.stamp is not None else None
        if one.case.sheet in strange:
            findings.append(_unexpected(one, request, library, spared=len(strange) < len(examined)))
            continue
        if one.case.untouched:
            findings.append(spare(one.case) if _filled_elsewhere(one, examined) else nothing_filled_in(one.case))
            continue
        findings += one.findings
        near = beside.check(one.case, own, others, accepted, request.roster, unit)
        findings += elsewhere_than(lost_paths(one.case), near)
    returns = tuple(one.returned for one in examined)
    source = Source(file, digest, len(data), book.format, book.modified, origin_of(book))
    readings = tuple(one.case.reading for one in examined)
    return Submission(source, returns, in_all(findings)), Sheets(readings, files.strangers(book, about), book.sheets)


def _twice(examined: Sequence[_Examined]) -> Iterator[Finding]:
    """Yield the sheets that are a form of the same period as one before them: of each there can be only one."""
    first: dict[tuple[str, Period], _Examined] = {}
    for one in examined:
        form = one.case.form
        about = form.id, one.returned.period
        if form.identity.parts and not form.many and not one.case.untouched and one.returned.period.known:
            if about in first:
                yield files.claimed_twice(one.case.sheet, first[about].case.sheet, form, about[1].said)
            first.setdefault(about, one)


def _strange(examined: Sequence[_Examined], request: Request, library: Library) -> frozenset[str]:
    """Return the sheets that are not what is being collected."""
    return frozenset(
        one.case.sheet
        for one in examined
        if request.expected
        and not any(
            e.is_met_by(_issued(one, library).id, one.returned.year, one.returned.span) for e in request.expected
        )
    )


def _issued(one: _Examined, library: Library) -> Form:
    """Return the form as which a sheet was sent out, whatever it was read as; what it was read as where nothing says so."""
    return library.forms.get(one.stamp.form, one.case.form) if one.stamp is not None else one.case.form


def _unexpected(one: _Examined, request: Request, library: Library, *, spared: bool) -> Finding:
    """Return all that is said of a sheet that is not being collected; a blank one next to another form is to spare."""
    if one.case.untouched and spared:
        return spare(one.case)
    form = _issued(one, library)
    return files.unexpected(one.case.sheet, form, one.returned.period, request.expected, library.forms)


def _recognise(book: Book, library: Library, request: Request) -> tuple[list[KnownSheet], list[Finding]]:
    """Tell which sheets are forms. What is none is said, never dropped in silence; perfxl's own sheets are passed over."""
    sheets: list[KnownSheet] = []
    strangers: list[tuple[Grid, tuple[Candidate, ...]]] = []
    findings: list[Finding] = []
    for grid in book.sheets:
        if is_own(grid) or is_finding_list(grid):
            continue
        stamp = stamp_of(book, grid)
        ranking = _candidates(grid, stamp, library, request)
        if not ranking or (ranking[0].reading.confidence < ACCEPT and stamp is None and request.form is None):
            strangers.append((grid, ranking))
            continue
        by = By.OPTION if request.form else _by(stamp, ranking[0])
        if len(ranking) > 1 and ranking[0].reading.confidence - ranking[1].reading.confidence < MARGIN:
            findings.append(files.in_doubt(grid, ranking, library.forms))
        sheets.append(KnownSheet(grid, by, ranking[0], stamp))
    if not sheets and any(grid.damaged for grid in book.sheets):
        return [], [*findings, refuse(Unreadable(UnreadableReason.DAMAGED, "有工作表的内容丢失了"))]
    if not sheets:
        return [], [*findings, files.no_form(strangers, library.forms)]
    findings += [files.stranger(grid) for grid, _ in strangers]
    first: dict[tuple[str, int], Grid] = {}
    for sheet in sheets:
        name = sheet.candidate.form
        which = name, sheet.part
        if which in first and not library.forms[name].many and not library.forms[name].identity.parts:
            findings.append(files.claimed_twice(sheet.grid.name, first[which].name, library.forms[name]))
        first.setdefault(which, sheet.grid)
    return sheets, findings


def _by(stamp: Stamp | None, candidate: Candidate) -> By:
    return By.STAMP if stamp is not None and stamp.form == candidate.form else By.LAYOUT


def _candidates(grid: Grid, stamp: Stamp | None, library: Library, request: Request) -> tuple[Candidate, ...]:
    """The forms that a sheet may be, best first: the one asked for, the one of its stamp, else those that fit."""
    named, _, version = (request.form or (stamp.form if stamp is not None else "")).partition(AT)
    if named not in library.forms or not grid.cells:
        return rank(library.patterns, grid)
    if stamp is not None and stamp.form == named and not version:
        version = stamp.version
    elif not version and library.forms[named].older:
        return _worth_naming(best_edition(library.patterns, named, grid))
    form = library.forms[named].edition(version) or library.forms[named]
    known = "" if form is library.forms[named] else version
    if not form.sheets:
        return _worth_naming(Candidate(named, read(library.patterns[str(PatternName(named, 0, known))], grid), known))
    part = stamp.part if stamp is not None and stamp.form == named else 0
    if not 1 <= part <= len(form.sheets):
        return _worth_naming(best_sheet(library.patterns, named, known, grid))
    reading = read(library.patterns[str(PatternName(named, part, known))], grid)
    return _worth_naming(Candidate(named, reading, known, part))


def _worth_naming(candidate: Candidate) -> tuple[Candidate, ...]:
    # A sheet beside the form, or one that was emptied, carries the name of the form but nothing of it.
    return (candidate,) if candidate.reading.confidence > 0 else ()


def _filled_elsewhere(one: _Examined, examined: Sequence[_Examined]) -> bool:
    """Tell whether another sheet of the workbook is the same form, filled in."""
    return any(other.case.form.id == one.case.form.id and not other.case.untouched for other in examined)


class _Examined(Struct, frozen=True):
    """A form that was read, with what there is to say of it by itself."""

    case: Case
    returned: FormReturn
    stamp: Stamp | None
    findings: tuple[Finding, ...]


def _examine(library: Library, known: KnownForm, book: Book, request: Request) -> _Examined:
    form, newest = known.form, library.forms[known.first.candidate.form]
    reading, stamp = known.reading, known.first.stamp
    calculator = Calculator(book.sheets)
    bounds = [bind(form, one.candidate.reading, partial(calculator.result, one.grid.name)) for one in known.sheets]
    bound = bounds[0] if len(bounds) == 1 else bound_together(bounds)
    computed = compute(form, bound.record, bound.unreadable)
    record = computed.record
    stamped = stamp is not None and stamp.form == form.id
    several = {one.grid.name: SheetState(one.grid.hidden, one.grid.unseen) for one in known.sheets if form.sheets}
    case = replace(
        Case.of(form, known.first.grid.name, reading, bound, record, stamped=stamped, unseen=known.first.grid.unseen),
        given={
            path: value
            for one in known.sheets
            for path, value in given(
                form,
                one.candidate.reading,
                bound,
                record,
                partial(calculator.result, one.grid.name),
                _passed_over(one, known, record, calculator),
            ).items()
        },
        states=several,
        lost=known.lost,
        spare=known.spare,
    )
    year = _year(form, record, stamp, reading.year)
    by_stamp = all(one.by is By.STAMP for one in known.sheets)
    by = known.first.by if known.first.by is not By.STAMP or by_stamp else By.LAYOUT
    in_new = Renewed(record, ()) if form is newest else renewed(form, newest, record)
    kept = record if in_new is None else in_new.record
    returned = FormReturn(
        definition=form if in_new is None else newest,
        version=form.version,
        sheet=known.first.grid.name,
        by=by,
        confidence=1.0 if by is By.STAMP else reading.confidence,
        year=year,
        unit=_unit(form, record, stamp),
        record=kept,
        cells=_cells(reading, kept),
        span=span_of(form if in_new is None else newest, kept),
        sheets=known.names,
    )
    of_old = () if form is newest else (files.older(case, newest, None if in_new is None else in_new.gone),)
    found = (*of_old, *files.origin(case, stamp, request.year, year), *years.off(case, year), *check(case))
    return _Examined(case, returned, stamp, found)


def _passed_over(one: KnownSheet, known: KnownForm, record: Record, calculator: Calculator) -> PassedOver:
    """Return what tells which numbers typed as text a formula on a sheet reads, there and on the form's other sheets."""
    others = [(other.grid, other.candidate.reading) for other in known.sheets if other is not one]
    return numbers_as_text(one.candidate.reading, record, one.grid, calculator, others)


def _cells(reading: Reading, record: Record) -> dict[str, str]:
    """Return the cell from which each value was read, with its sheet where the form stands on several."""
    seen = ((path, one) for path, one in reading.seen.items() if path in record.values)
    if not reading.parts:
        return {path: cell_name(one.box.row, one.box.column) for path, one in seen}
    return {path: f"{reading.sheet_of(path)}!{one.name}" for path, one in seen}


def _year(form: Form, record: Record, stamp: Stamp | None, told: int | None) -> int | None:
    """The stamp's year, else the caption's, else what the year heads tell."""
    if stamp is not None and stamp.year is not None:
        return stamp.year
    year = record[form.year_path]
    return int(year) if isinstance(year, Decimal) else told


def _unit(form: Form, record: Record, stamp: Stamp | None) -> Unit:
    """The stamp's unit, else the one named in the form, without （汇总） and （本级）."""
    if stamp is not None and stamp.unit.name:
        return stamp.unit
    name = record[form.unit_path]
    code = stamp.unit.code if stamp is not None else None
    return Unit(without_scope(name) if isinstance(name, str) else None, code)
