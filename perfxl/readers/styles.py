"""Number formats: which code each cell style shows its number by."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from perfxl.package.limits import Limits
from perfxl.package.scan import scan, whole
from perfxl.package.unreadable import check_count

GENERAL = "General"

_YEAR_MONTH = 'yyyy"年"m"月"'
_MONTH_DAY = 'm"月"d"日"'
_NOON_TIME = '上午/下午h"时"mm"分"'
_NOON_TIME_SECONDS = '上午/下午h"时"mm"分"ss"秒"'

BUILT_IN: Mapping[int, str] = MappingProxyType(
    {
        0: GENERAL,
        1: "0",
        2: "0.00",
        3: "#,##0",
        4: "#,##0.00",
        5: "¥#,##0;¥-#,##0",
        6: "¥#,##0;[Red]¥-#,##0",
        7: "¥#,##0.00;¥-#,##0.00",
        8: "¥#,##0.00;[Red]¥-#,##0.00",
        9: "0%",
        10: "0.00%",
        11: "0.00E+00",
        12: "# ?/?",
        13: "# ??/??",
        14: "yyyy/m/d",
        15: "d-mmm-yy",
        16: "d-mmm",
        17: "mmm-yy",
        18: "h:mm AM/PM",
        19: "h:mm:ss AM/PM",
        20: "h:mm",
        21: "h:mm:ss",
        22: "yyyy/m/d h:mm",
        27: _YEAR_MONTH,
        28: _MONTH_DAY,
        29: _MONTH_DAY,
        30: "m-d-yy",
        31: 'yyyy"年"m"月"d"日"',
        32: 'h"时"mm"分"',
        33: 'h"时"mm"分"ss"秒"',
        34: _NOON_TIME,
        35: _NOON_TIME_SECONDS,
        36: _YEAR_MONTH,
        37: "#,##0;-#,##0",
        38: "#,##0;[Red]-#,##0",
        39: "#,##0.00;-#,##0.00",
        40: "#,##0.00;[Red]-#,##0.00",
        41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
        42: '_ ¥* #,##0_ ;_ ¥* -#,##0_ ;_ ¥* "-"_ ;_ @_ ',
        43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
        44: '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ',
        45: "mm:ss",
        46: "[h]:mm:ss",
        47: "mm:ss.0",
        48: "##0.0E+0",
        49: "@",
        50: _YEAR_MONTH,
        51: _MONTH_DAY,
        52: _YEAR_MONTH,
        53: _MONTH_DAY,
        54: _MONTH_DAY,
        55: _NOON_TIME,
        56: _NOON_TIME_SECONDS,
        57: _YEAR_MONTH,
        58: _MONTH_DAY,
    }
)
"""Formats that a file names by number only, as Excel in Chinese shows them (ECMA-376 Part 1, 18.8.30, zh-cn)."""


def read_formats(data: bytes, limits: Limits) -> tuple[str, ...]:
    """Return the number format code of each cell style, by the index that cells carry. Raises Unreadable.

    A number that is neither built in nor declared counts as ``General``, as Excel takes it.
    """
    declared: dict[int, str] = {}
    styles: list[int] = []
    section = ""

    def opened(depth: int, name: str, attributes: Mapping[str, str]) -> None:
        nonlocal section
        if depth == 2:
            section = name
        elif depth != 3:
            return
        elif section == "cellXfs" and name == "xf":
            styles.append(whole(attributes.get("numFmtId"), 0))
            check_count(len(styles), limits)
        elif section == "numFmts" and name == "numFmt":
            declared[whole(attributes.get("numFmtId"), 0)] = attributes.get("formatCode") or GENERAL

    scan(data, limits, opened)
    codes = {**BUILT_IN, **declared}
    return tuple(codes.get(style, GENERAL) for style in styles)
