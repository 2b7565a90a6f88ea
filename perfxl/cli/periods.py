"""The period that a command was asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from perfxl.cli.console import usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from perfxl.model.form import Form
    from perfxl.model.period import Period


def asked_period(text: str, year: int | None, forms: Sequence[Form]) -> Period:
    """Return the period that was asked for, which has to be one of each form that is handed in more than once a year.

    What is none, of another year than was asked for, or of no form at all, ends the command.
    """
    from perfxl.forms.asked_period import OnceAYearError, PeriodError, period_of

    try:
        period = period_of(text, forms)
    except OnceAYearError as error:
        usage(f"选项 --period {error}：--year {error.year}")
    except PeriodError as error:
        usage(f"选项 --period {error}")
    if year is not None and year != period.year:
        usage(f"--year 填的是 {year}，--period 却是{period.said.removesuffix(' ')}；只写 --period 就行")
    return period
