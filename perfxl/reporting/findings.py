"""A batch for other programs: every finding as a row of findings.csv."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from perfxl.model.finding import Finding
from perfxl.model.submission import Submission
from perfxl.rules.words import told

COLUMNS = ("file", "sheet", "cell", "code", "severity", "path", "label", "value", "expected", "message")

_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""What Excel, WPS and LibreOffice take for the beginning of a formula, in either width, or blanks before one."""
_HARMLESS = re.compile(r"[-+－＋]?(\d[\d,]*(\.\d+)?%?)?")
"""A number with its sign, and the lone ``-`` that officers write for no amount: nothing in it can run."""
_BLANKS = " \xa0\u3000\ufeff\u200b"
"""What a spreadsheet program may drop before it looks at the first character."""


def findings_csv(submissions: Iterable[Submission]) -> Iterator[bytes]:
    """Yield all findings as CSV that Excel and WPS open right: UTF-8 with BOM, one row each, in the order given.

    Whatever was typed is inert: a text that would be a formula gets an apostrophe in front; numbers stay numbers.
    Every field is quoted: where lists are parted by semicolons or tabs, a text with one in it would fall apart.
    """
    yield "\ufeff".encode() + ",".join(COLUMNS).encode() + b"\r\n"
    for submission in submissions:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        writer.writerows(
            [inert(value) for value in (submission.source.file, *_row(finding))] for finding in submission.findings
        )
        yield text.getvalue().encode("utf-8", "replace")


def _row(finding: Finding) -> tuple[str, ...]:
    return (
        finding.sheet or "",
        finding.cell or "",
        finding.code,
        finding.severity.value,
        finding.path or "",
        finding.label or "",
        told(finding.value, finding.unit),
        told(finding.expected, finding.unit),
        finding.message,
    )


def inert(text: str) -> str:
    """Return a text as a cell of a CSV in which nothing runs: what would be a formula gets an apostrophe in front."""
    return "'" + text if text.lstrip(_BLANKS).startswith(_DANGEROUS) and not _HARMLESS.fullmatch(text) else text
