"""When a workbook says that it was saved."""

from __future__ import annotations

import datetime as dt

_YEARS = range(1980, 2200)
"""A clock that says another year is not set; and at the edges of the calendar no time has another zone's."""


def read_moment(text: str) -> dt.datetime | None:
    """Return a moment as ISO 8601 has it, in UTC; one without a zone is taken for UTC. None for none, or an absurd one."""
    try:
        stated = dt.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    if stated.year not in _YEARS:
        return None
    return stated.replace(tzinfo=stated.tzinfo or dt.UTC).astimezone(dt.UTC)
