"""The few words and spellings that all reports share."""

from __future__ import annotations

from decimal import Decimal

from perfxl.model.finding import Severity
from perfxl.model.submission import Status
from perfxl.reporting.overview import Standing

# Signs of GB 2312: every Chinese font has them.
SEVERITY_SYMBOLS = {Severity.ERROR: "×", Severity.WARNING: "！", Severity.INFO: "·"}
STANDING_NAMES = {
    Standing.MISSING: "未报",
    Standing.UNREADABLE: "读不了",
    Standing.REJECTED: "退回",
    Standing.WARNED: "通过但有警告",
    Standing.PASSED: "通过",
    Standing.SUPERSEDED: "被替代",
    Standing.ATTACHED: "附件",
}
STANDING_SYMBOLS = {
    Standing.MISSING: "○",
    Standing.UNREADABLE: "？",
    Standing.REJECTED: "×",
    Standing.WARNED: "△",
    Standing.PASSED: "√",
    Standing.SUPERSEDED: "◇",
    Standing.ATTACHED: "＋",
}
STATUS_NAMES = {Status.ACCEPTED: "通过", Status.REJECTED: "退回"}

_LONGEST_ZEROS = 400
"""A double ends at 1E±324; a power beyond that is hostile and stays a power of ten."""


def plain(number: Decimal) -> str:
    """Return a number's exact digits without a power of ten: 1E+2 → ``100``; absurd powers are left as they are."""
    return format(number, "f") if abs(number.adjusted()) < _LONGEST_ZEROS else str(number)
