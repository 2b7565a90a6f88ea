"""Taking stock: filed forms entered into a ledger as they are opened, and which of them count, in what order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.forms.data import MOST_DIGITS
from perfxl.ledger.ledger import Ledger, LedgerForm, Stored, stored
from perfxl.ledger.tables import KEY, SUBMISSIONS
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.roster import Roster, RosterUnit, code_key, name_key
from perfxl.model.stage import BUDGET
from perfxl.model.submission import By, FormReturn, Submission, Unit, span_of
from perfxl.model.words import WHOLE
from perfxl.outputs import MARKED, reachable
from perfxl.rules.accepted import AcceptedForm, project
from perfxl.rules.doubled import doubled
from perfxl.rules.grade import grade, is_total, total_score
from perfxl.rules.group import part
from perfxl.rules.words import told
from perfxl.year.sources import Document, LeftOut, Opened, Reason, SourceForm, survey

_SUFFIXES = ("xlsx", "xlsm")
_NOWHERE = 1_000_000
_UNSOUND = "里有位数太多的数字，内容可能被改动过，没有采用；请重新导入交回的工作簿"
MOST_DECIMALS = 20
"""Digits behind the point of the numbers that are added up; 15 are as many as a cell has in all."""


class Stock(Struct, frozen=True):
    """What counts: ``entries`` in the order of their keys, the first has key 1; what does not, and why.

    ``superseded`` are listed, and never added up; their keys follow. ``missing`` are the units of the roster none of whose
    forms counts, ``strangers`` those counted that are not in it.
    """

    entries: tuple[SourceForm, ...]
    left_out: tuple[LeftOut, ...]
    missing: tuple[RosterUnit, ...] = ()
    strangers: tuple[Unit, ...] = ()
    superseded: tuple[SourceForm, ...] = ()

    @property
    def listed(self) -> tuple[SourceForm, ...]:
        """All in the order of their keys."""
        return (*self.entries, *self.superseded)

    @property
    def forms(self) -> tuple[str, ...]:
        """The forms of which any counts, in the order of the year, by their ids."""
        return tuple(dict.fromkeys(entry.form for entry in self.entries))

    def periods(self, form: str) -> tuple[Period, ...]:
        """The periods of a form, the latest first; without a year where a return names none."""
        return tuple(dict.fromkeys(entry.period for entry in self.entries if entry.form == form))

    def keys(self, form: str, period: Period) -> range:
        """The keys of a form's returns of a period: they follow each other."""
        return _keys(self.entries, 1, form, period)

    def superseded_keys(self, form: str) -> Iterator[tuple[Period, range]]:
        """Yield the keys of a form's returns that are listed only, period by period."""
        for period in dict.fromkeys(entry.period for entry in self.superseded if entry.form == form):
            yield period, _keys(self.superseded, len(self.entries) + 1, form, period)


def _keys(entries: Sequence[SourceForm], first: int, form: str, period: Period) -> range:
    found = [n for n, entry in enumerate(entries, start=first) if (entry.form, entry.period) == (form, period)]
    return range(found[0], found[-1] + 1)


def take_stock(
    opened: Iterable[Opened],
    ledger: Ledger,
    forms: Mapping[str, Form],
    *,
    roster: Roster | None = None,
    everything: bool = False,
    left_out: Sequence[LeftOut] = (),
) -> Stock:
    """Enter all that may count into a ledger, settle what does, and give it its keys.

    ``everything``: rejected returns count like accepted ones, superseded ones are listed. Of several returns of one unit,
    form, year and project only the latest counts, the first where nothing tells which that is. ``left_out`` is what could
    not even be opened. Raises sqlite3.Error.
    """
    numbers: dict[tuple[str, int], int] = {}
    found = survey(_entered(opened, ledger, forms, numbers, everything=everything), forms)
    over = [*left_out, *found.left_out]
    entries = {(entry.document.name, entry.number): entry for entry in found.entries}
    for entry, said in _second(found.undecided):
        del entries[entry.document.name, entry.number]
        over.append(LeftOut(entry.document.name, Reason.SUPERSEDED, said))
    for place, said in _twice(entries, numbers, ledger, forms):
        entry = entries.pop(place)
        over.append(LeftOut(entry.document.name, Reason.SUPERSEDED, said))
    units = _Units(roster)

    def order(found: Iterable[SourceForm]) -> tuple[SourceForm, ...]:
        return tuple(sorted(found, key=lambda entry: _rank(entry, forms, units)))

    ordered = order(entries.values())
    added = {entry.form for entry in ordered}
    superseded = order(entry for entry in found.superseded if entry.form in added) if everything else ()
    kept, listed = ([numbers[one.document.name, one.number] for one in each] for each in (ordered, superseded))
    ledger.keep(kept, listed)
    return Stock(ordered, tuple(over), *units.against(ordered), superseded)


# -- entering -------------------------------------------------------------------------------------------------------


def _entered(
    opened: Iterable[Opened],
    ledger: Ledger,
    forms: Mapping[str, Form],
    numbers: dict[tuple[str, int], int],
    *,
    everything: bool,
) -> Iterator[Opened]:
    for one in opened:
        # A submission is rejected for its findings: without them it is looked at like any other.
        looked = one
        if everything and one.submission is not None:
            looked = replace(one, submission=replace(one.submission, findings=()))
        wanted = tuple(enumerate(looked.submission.forms)) if everything and looked.submission else looked.counting
        if not all(_sound(form) for _, form in wanted):
            strange = LeftOut(one.document.name, Reason.STRANGE, _UNSOUND)
            looked = Opened(one.document, None, (*one.left_out, strange))
        elif one.submission is not None:
            for number, form in wanted:
                filed = _filed(one.document, one.submission, form, forms[form.form])
                numbers[one.document.name, number] = ledger.enter(filed)
        yield looked


def _sound(returned: FormReturn) -> bool:
    """Tell whether a form holds no number such as no cell holds: its document was edited."""
    numbers = (value for value in returned.record.values.values() if isinstance(value, Decimal))
    return all(number.is_finite() and _fits(number) for number in numbers)


def _fits(value: Decimal) -> bool:
    exponent = value.as_tuple().exponent
    return value.adjusted() < MOST_DIGITS and isinstance(exponent, int) and exponent >= -MOST_DECIMALS


def _filed(document: Document, submission: Submission, returned: FormReturn, form: Form) -> LedgerForm:
    findings = tuple(_about(submission, returned))
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    score = total_score(form, returned.record)
    graded = score is not None and is_total(score)
    return LedgerForm(
        form,
        (
            document.name,
            submission.source.file,
            returned.sheet,
            form.id,
            returned.version,
            returned.year,
            returned.unit.code,
            returned.unit.name,
            project(returned) or None,
            submission.status.value,
            stored(score),
            grade(score) if graded and score is not None else None,
            *(counts[severity] for severity in (Severity.ERROR, Severity.WARNING, Severity.INFO)),
            _marked(document),
        ),
        tuple(_finding(finding) for finding in findings),
        returned.record,
    )


def _about(submission: Submission, returned: FormReturn) -> Iterator[Finding]:
    """Yield the findings about one of the forms of a return; those about none are the first one's."""
    sheets = {name for form in submission.forms for name in form.every_sheet}
    first = submission.forms[0] is returned
    for finding in submission.findings:
        if finding.sheet in returned.every_sheet or (first and finding.sheet not in sheets):
            yield finding


def _finding(finding: Finding) -> tuple[Stored, ...]:
    return (
        finding.code,
        finding.severity.value,
        finding.sheet,
        finding.cell,
        finding.path,
        finding.label,
        told(finding.value, finding.unit) or None,
        told(finding.expected, finding.unit) or None,
        finding.message,
    )


def _marked(document: Document) -> str | None:
    """Return the marked copy that lies next to a document, by a name like the document's; None where none does."""
    stem = document.path.name.rpartition(".")[0]
    for suffix in _SUFFIXES:
        name = f"{stem}{MARKED}.{suffix}"
        if reachable(document.path.with_name(name)).is_file():
            return f"{document.name.rpartition('.')[0]}{MARKED}.{suffix}"
    return None


def _time(entry: SourceForm) -> str:
    if entry.period.year is None:
        return ""
    return "、同一年度" if entry.period.whole else "、同一期"


# -- settling -------------------------------------------------------------------------------------------------------


def _second(undecided: Sequence[tuple[SourceForm, str]]) -> Iterator[tuple[SourceForm, str]]:
    """Yield the returns that cannot be told from an earlier one of the same unit, form, year and project."""
    first: dict[tuple[object, ...], SourceForm] = {}
    for entry, _ in undecided:
        unit = code_key(entry.unit.code or "") or name_key(entry.unit.name or "")
        same = first.setdefault((entry.form, entry.period, unit, name_key(entry.project), entry.scope), entry)
        if same is not entry:
            name = same.document.name
            said = f"与“{name}”是同一单位{_time(entry)}的同一张表，分不出先后，只计入了“{name}”；请核对应采用哪一份"
            yield entry, said


def _twice(
    entries: Mapping[tuple[str, int], SourceForm],
    numbers: Mapping[tuple[str, int], int],
    ledger: Ledger,
    forms: Mapping[str, Form],
) -> Iterator[tuple[tuple[str, int], str]]:
    """Yield the places of what would be counted twice, where a department's whole is among the returns."""
    groups: dict[tuple[str, Period, str], list[tuple[str, int]]] = defaultdict(list)
    wholes: set[tuple[str, Period, str]] = set()
    for place, entry in entries.items():
        about = entry.form, entry.period, name_key(entry.project)
        groups[about].append(place)
        if entry.scope == WHOLE:
            wholes.add(about)
    for about in sorted(wholes, key=str):
        places = groups[about]
        parts = {
            n: part(_again(entries[place], ledger, numbers[place], forms[about[0]])) for n, place in enumerate(places)
        }
        for n, said in doubled(parts, {about[0]: forms[about[0]].title}).items():
            yield places[n], said


def _again(entry: SourceForm, ledger: Ledger, number: int, form: Form) -> AcceptedForm:
    """Return a form as it was entered, without its growing tables."""
    file, sheet = ledger.one(f"SELECT file, sheet FROM {SUBMISSIONS} WHERE {KEY} = ?", number)  # noqa: S608 - own names
    record = ledger.figures(number, form)
    returned = FormReturn(
        form, form.version, str(sheet), By.STAMP, 1.0, entry.year, entry.unit, record, span=span_of(form, record)
    )
    return AcceptedForm(str(file), returned)


def _rank(entry: SourceForm, forms: Mapping[str, Form], units: _Units) -> tuple[object, ...]:
    """The order of work (other chains after the usual one), forms by id, the latest year first; then the units.

    These stand in the roster's order, or else by code, name, project.
    """
    code, name = code_key(entry.unit.code or ""), name_key(entry.unit.name or "")
    chain = forms[entry.form].chain
    return (
        chain.name != BUDGET.name,
        chain.name,
        chain.place(forms[entry.form].stage),
        entry.form,
        *(-number for number in entry.period.rank),
        units.place(entry.unit),
        not code,
        code,
        name,
        name_key(entry.project),
        entry.scope,
        entry.document.name,
        entry.number,
    )


class _Units:
    """The units of a roster by code and name."""

    def __init__(self, roster: Roster | None) -> None:
        self._roster = roster
        self._places = {id(unit): number for number, unit in enumerate(roster.units)} if roster else {}

    def find(self, unit: Unit) -> RosterUnit | None:
        if self._roster is None:
            return None
        by_code = self._roster.by_code(unit.code) if unit.code else None
        named = self._roster.by_name(unit.name) if unit.name else ()
        return by_code or (named[0] if len(named) == 1 else None)

    def place(self, unit: Unit) -> int:
        found = self.find(unit)
        return self._places[id(found)] if found is not None else _NOWHERE

    def against(self, entries: Iterable[SourceForm]) -> tuple[tuple[RosterUnit, ...], tuple[Unit, ...]]:
        """Return the units that are missing, and those that are not in the roster, each once."""
        if self._roster is None:
            return (), ()
        there: set[int] = set()
        strangers: dict[tuple[str, str], Unit] = {}
        for entry in entries:
            found = self.find(entry.unit)
            if found is not None:
                there.add(id(found))
            else:
                strangers.setdefault((code_key(entry.unit.code or ""), name_key(entry.unit.name or "")), entry.unit)
        missing = tuple(unit for unit in self._roster.units if id(unit) not in there)
        return missing, tuple(strangers.values())
