"""A batch for other programs: every finding as a row of findings.csv, the counts as summary.json."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import FormReturn, Status, Submission
from perfxl.report.document import CONTRACT_VERSION, document
from perfxl.report.wording import shown

COLUMNS = ("file", "sheet", "cell", "code", "severity", "path", "label", "value", "expected", "message")

_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""What Excel, WPS and LibreOffice take for the beginning of a formula, in either width, or blanks before one."""
_HARMLESS = re.compile(r"[-+－＋]?(\d[\d,]*(\.\d+)?%?)?")
"""A number with its sign, and the lone ``-`` that officers write for no amount: nothing in it can run."""
_BLANKS = " \xa0\u3000\ufeff\u200b"
"""What a spreadsheet program may drop before it looks at the first character."""


def findings_csv(submissions: Iterable[Submission]) -> bytes:
    """Return all findings as CSV that Excel and WPS open right: UTF-8 with BOM, one row each, in the order given.

    Whatever was typed is inert: a text that would be a formula gets an apostrophe in front; numbers stay numbers.
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for submission in submissions:
        writer.writerows(
            [_inert(value) for value in (submission.source.file, *_row(finding))] for finding in submission.findings
        )
    return text.getvalue().encode("utf-8-sig", "replace")


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        finding.sheet or "",
        finding.cell or "",
        finding.code,
        finding.severity.value,
        finding.path or "",
        finding.label or "",
        shown(finding.value),
        shown(finding.expected),
        finding.message,
    )


def _inert(text: str) -> str:
    return "'" + text if text.lstrip(_BLANKS).startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text) else text


def summary_json(submissions: Iterable[Submission]) -> bytes:
    """Return the batch in figures: returns by status, findings by severity and by code, and one entry per file.

    Files stand in the order given, codes in that of the alphabet; equal input gives equal bytes.
    """
    batch = list(submissions)
    findings = [finding for submission in batch for finding in submission.findings]
    status = Counter(submission.status for submission in batch)
    return document(
        {
            "perfxl": CONTRACT_VERSION,
            "files": len(batch),
            "status": {each.value: status[each] for each in Status},
            "counts": _by_severity(findings),
            "codes": _by_code(findings),
            "returns": [_entry(submission) for submission in batch],
        }
    )


def _entry(submission: Submission) -> dict[str, object]:
    return {
        "file": submission.source.file,
        "status": submission.status.value,
        "counts": _by_severity(submission.findings),
        "codes": _by_code(submission.findings),
        "forms": [_form(form) for form in submission.forms],
    }


def _form(form: FormReturn) -> dict[str, object]:
    unit = {"code": form.unit.code, "name": form.unit.name}
    return {"form": form.form, "sheet": form.sheet, "year": form.year, "unit": unit}


def _by_severity(findings: Iterable[Finding]) -> dict[str, int]:
    counts = Counter(finding.severity for finding in findings)
    return {severity.value: counts[severity] for severity in Severity}


def _by_code(findings: Iterable[Finding]) -> dict[str, int]:
    return dict(sorted(Counter(finding.code for finding in findings).items()))
