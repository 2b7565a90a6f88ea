"""The part of a year that somebody asks for, held against the forms that it is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from perfxl.model.error import Error
from perfxl.model.form import Form
from perfxl.model.period import Period, read_period


class PeriodError(Error):
    """A text that says no period of the forms; its own says why."""


class OnceAYearError(PeriodError):
    """A part of a year, asked of forms that are all handed in once a year; ``year`` is all that there is to ask for."""

    def __init__(self, said: str, year: int) -> None:
        super().__init__(said)
        self.year = year


def period_of(text: str, forms: Sequence[Form]) -> Period:
    """Return the period that a text says (2025年一季度), one of each form that is handed in more than once a year.

    Raises PeriodError, OnceAYearError where there is no such form.
    """
    period = read_period(text)
    if period is None or period.year is None or period.whole:
        raise PeriodError(f"填的是“{text[:20]}”，应是哪一期，如 2025年一季度、2025年上半年、2025年3月")
    parted = [form for form in forms if form.identity.parts]
    if not parted:
        said = f"填的是“{text[:20]}”，《{forms[0].title}》却是一年报一次，只填年度 {period.year} 就行"
        raise OnceAYearError(said, period.year)
    for form in parted:
        if period.length != form.identity.length:
            units = "、".join(part.chinese for part in form.identity.parts)
            raise PeriodError(f"填的是“{text[:20]}”，《{form.title}》却是按{units}报的，这不是它的一期")
    return period
