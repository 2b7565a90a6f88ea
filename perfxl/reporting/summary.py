"""A batch for other programs: its figures, files and units as summary.json."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import FormReturn, Status, Submission
from perfxl.reporting.document import CONTRACT_VERSION, document
from perfxl.reporting.overview import Overview, Return, Standing, UnitLine

_OF_RETURNS = frozenset({Standing.SUPERSEDED, Standing.ATTACHED})
"""Where only returns stand, and no unit."""


def summary_json(overview: Overview, submissions: Sequence[Submission], said: Iterable[Submission] = ()) -> bytes:
    """Return a batch in figures: returns by status, units by standing, findings by severity and code; each file and unit.

    Files stand in the order of ``submissions``, codes in that of the alphabet; equal input gives equal bytes. The
    findings of ``said`` (what was passed over, who is missing) are counted, too.
    """
    findings = [finding for submission in (*submissions, *said) for finding in submission.findings]
    status = Counter(submission.status for submission in submissions)
    standing = Counter(line.standing for line in overview.units)
    returns = {returned.file: returned for returned in overview.returns}
    return document(
        {
            "perfxl": CONTRACT_VERSION,
            "files": len(submissions),
            "status": {each.value: status[each] for each in Status},
            "counts": _by_severity(findings),
            "codes": _by_code(findings),
            "standing": {each.value: standing[each] for each in Standing if each not in _OF_RETURNS},
            "units": [_unit(line, overview.returns) for line in overview.units],
            "returns": [_entry(submission, returns[submission.source.file]) for submission in submissions],
            "passed_over": list(overview.passed_over),
        }
    )


def _unit(line: UnitLine, returns: Sequence[Return]) -> dict[str, object]:
    return {
        "code": line.unit.code,
        "name": line.unit.name,
        "standing": line.standing.value,
        "listed": line.listed,
        "files": [returns[number].file for number in line.returns],
        "superseded": [returns[number].file for number in line.superseded],
    }


def _entry(submission: Submission, returned: Return) -> dict[str, object]:
    return {
        "file": submission.source.file,
        "status": submission.status.value,
        "standing": returned.standing.value,
        "counts": _by_severity(submission.findings),
        "codes": _by_code(submission.findings),
        "document": returned.document or None,
        "marked": returned.marked or None,
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
