"""A batch for other programs: its figures, files and units as summary.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import FormReturn, Status, Submission
from perfxl.reporting.document import CONTRACT_VERSION, pieces
from perfxl.reporting.overview import Outcome, Overview, Return, Standing, UnitLine, return_of

_OF_RETURNS = frozenset({Standing.SUPERSEDED, Standing.ATTACHED})
"""Where only returns stand, and no unit."""


def summary(overview: Overview, outcomes: Iterable[Outcome], said: Sequence[Submission] = ()) -> Iterator[bytes]:
    """Yield a batch in figures, as JSON: returns by status, units by standing, findings by severity and code; each file and unit.

    Files stand in the order of ``outcomes``, which are gone through twice, codes in that of the alphabet; equal input
    gives equal bytes. The findings of ``said`` (what was passed over, who is missing) are counted, too.
    """
    count = 0
    status: Counter[Status] = Counter()
    severities: Counter[Severity] = Counter()
    codes: Counter[str] = Counter()
    for outcome in outcomes:
        count += 1
        status[outcome.submission.status] += 1
        _count(outcome.submission.findings, severities, codes)
    for submission in said:
        _count(submission.findings, severities, codes)
    standing = Counter(line.standing for line in overview.units)
    yield from pieces(
        {
            "perfxl": CONTRACT_VERSION,
            "files": count,
            "status": {each.value: status[each] for each in Status},
            "counts": {severity.value: severities[severity] for severity in Severity},
            "codes": dict(sorted(codes.items())),
            "standing": {each.value: standing[each] for each in Standing if each not in _OF_RETURNS},
            "units": (_unit(line, overview.returns) for line in overview.units),
            "returns": map(_entry, outcomes),
            "passed_over": list(overview.passed_over),
        }
    )


def _count(findings: Sequence[Finding], severities: Counter[Severity], codes: Counter[str]) -> None:
    severities.update(finding.severity for finding in findings)
    codes.update(finding.code for finding in findings)


def _unit(line: UnitLine, returns: Sequence[Return]) -> dict[str, object]:
    return {
        "code": line.unit.code,
        "name": line.unit.name,
        "standing": line.standing.value,
        "listed": line.listed,
        "files": [returns[number].file for number in line.returns],
        "superseded": [returns[number].file for number in line.superseded],
    }


def _entry(outcome: Outcome) -> dict[str, object]:
    submission = outcome.submission
    return {
        "file": submission.source.file,
        "status": submission.status.value,
        "standing": return_of(outcome).standing.value,
        "counts": _by_severity(submission.findings),
        "codes": _by_code(submission.findings),
        "document": outcome.document or None,
        "marked": outcome.marked or None,
        "forms": [_form(form) for form in submission.forms],
    }


def _form(form: FormReturn) -> dict[str, object]:
    unit = {"code": form.unit.code, "name": form.unit.name}
    return {
        "form": form.form,
        "sheet": form.sheet,
        **({"sheets": [name or None for name in form.sheets]} if form.sheets else {}),
        "year": form.year,
        **({"period": form.period.name} if form.definition.identity.parts else {}),
        "unit": unit,
        "superseded_by": form.superseded_by,
    }


def _by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    counts = Counter(finding.severity for finding in findings)
    return {severity.value: counts[severity] for severity in Severity}


def _by_code(findings: Iterable[Finding]) -> dict[str, int]:
    return dict(sorted(Counter(finding.code for finding in findings).items()))
