"""The period that a command was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.cli.console import usage
from perfxl.model.period import read_period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.model.form import Form
    from perfxl.model.period import Period


def asked_period(text: str, year: int | None, forms: Sequence[Form]) -> Period:
    """Return the period that was asked for, which has to be one of each form that is handed in more than once a year.

    What is none, of another year than was asked for, or of no form at all, ends the command.
    """
    period = read_period(text)
    if period is None or period.year is None or period.whole:
        usage(f"选项 --period 填的是“{text}”，应是哪一期，如 2025年一季度、2025年上半年、2025年3月")
    if year is not None and year != period.year:
        usage(f"--year 填的是 {year}，--period 却是{period.said.removesuffix(' ')}；只写 --period 就行")
    parted = [form for form in forms if form.identity.parts]
    if not parted:
        usage(f"《{forms[0].title}》一年报一次，用不到“--period {text}”，请用 --year {period.year}")
    for form in parted:
        if period.length != form.identity.length:
            units = "、".join(part.chinese for part in form.identity.parts)
            usage(f"《{form.title}》是按{units}报的，--period 填的是“{text}”，不是它的一期")
    return period
