"""What is typed into forms of ours, as values; what cannot be meant is told in Chinese."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from perfxl.forms.asked_period import PeriodError, period_of
from perfxl.model.form import MOST_ROWS, Form
from perfxl.model.period import Period, read_period
from perfxl.serve.uploads import RefusedError


def year_of(text: str) -> int | None:
    """Return the year that was typed, None where nothing was. Raises RefusedError."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("度").removesuffix("年")
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) == 4 and 2000 <= int(plain) <= 2100):
        raise RefusedError(400, f"年度填的是“{text[:20]}”，应是 2000 到 2100 的四位数，如 2024。")
    return int(plain)


def time_of(text: str, forms: Sequence[Form]) -> Period:
    """Return the year that was typed, or the part of one (2024年一季度) that some forms are about. Raises RefusedError.

    Without a form that is known it is whoever looks for them who says so.
    """
    asked = read_period(text)
    if asked is None or asked.whole:
        return Period(year_of(text))
    year_of(str(asked.year))
    if not forms:
        return asked
    try:
        return period_of(text, forms)
    except PeriodError as error:
        raise RefusedError(400, f"年度{error}。") from None


def rows_of(text: str) -> int | None:
    """Return how many rows were typed, None where nothing was. Raises RefusedError."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("行").strip()
    if not plain:
        return None
    if not (plain.isascii() and plain.isdigit() and len(plain) <= 5 and 1 <= int(plain) <= MOST_ROWS):
        raise RefusedError(400, f"行数填的是“{text[:20]}”，应是 1 到 {MOST_ROWS} 的整数。")
    return int(plain)
