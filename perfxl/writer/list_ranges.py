"""The names by which drop-downs and formulas know the lists on the hidden sheet."""

from __future__ import annotations

from enum import StrEnum

from perfxl.model import stamp
from perfxl.model.code_list import CodeList


class Part(StrEnum):
    """A column of a list: what may be chosen, all codes with their names and groups, codes behind their group."""

    OFFERED = ""
    CODE = "_code"
    NAME = "_name"
    UNDER = "_under"
    KEY = "_key"


BETWEEN = "|"
"""Between the group of an entry and its code."""


def range_name(listed: CodeList, year: int | None, part: Part) -> str:
    """Return the defined name of a column of a list; what is offered depends on the year where entries end."""
    ends = any(entry.until is not None for entry in listed.entries)
    return f"{stamp.NAME}_list_{listed.digest}{f'_{year}' if ends and year is not None else ''}{part}"


def offered(codes: str, groups: str, above: str) -> str:
    """Return the formula of what a drop-down offers: the codes, of the group that the cell ``above`` says where there is one.

    Those of one group stand together, so that the range can be told by where it begins and how long it is.
    """
    if not above:
        return f"={codes}"
    return f"=OFFSET({codes},MATCH({above},{groups},0)-1,0,SUMPRODUCT(--({groups}={above})),1)"
