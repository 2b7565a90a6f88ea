"""Cells of other sheets in conditional formats and drop-downs: Excel wants names for them there.

The name says which cells it is for (``_perfxl_at_2_F9`` is F9 of the workbook's second form sheet), so that equal references
have equal names wherever they stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from perfxl.model import stamp

_CELL = r"\$?[A-Z]{1,3}\$?[0-9]{1,7}"
_REFERENCE = re.compile(
    r'(?P<text>"(?:[^"]|"")*")'
    rf"|'(?P<sheet>[^'!]*)'!(?P<cells>{_CELL}(?::{_CELL})?|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}}(?![A-Z0-9(]))",
    re.ASCII,
)
_PARTS = re.compile(r"([A-Z]+)([0-9]*)", re.ASCII)


class ByNames(NamedTuple):
    """A formula that names cells of its own sheet only, and the names that it uses with what each refers to."""

    formula: str
    names: Mapping[str, str]


def by_names(formula: str, numbers: Mapping[str, int]) -> ByNames:
    """Return a formula with names in place of cells of other sheets; ``numbers`` are the sheets' by name."""
    names: dict[str, str] = {}
    if not numbers or "!" not in formula:
        return ByNames(formula, names)

    def named(found: re.Match[str]) -> str:
        number = numbers.get(found["sheet"]) if found["text"] is None else None
        if number is None:
            return found[0]
        cells = found["cells"].replace("$", "")
        name = f"{stamp.NAME}_at_{number}_{cells.replace(':', '_')}"
        fixed = _PARTS.sub(lambda part: f"${part[1]}" + (f"${part[2]}" if part[2] else ""), cells)
        names[name] = f"'{found['sheet']}'!{fixed}"
        return name

    return ByNames(_REFERENCE.sub(named, formula), names)
