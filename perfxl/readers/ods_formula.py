"""The formulas of OpenDocument files as the text that somebody typed: references lose their brackets."""

from __future__ import annotations

import re
from typing import Final

_BEGINNING: Final = re.compile(r"(?:[a-zA-Z]+:)?=")
_PIECE: Final = re.compile(r"\"(?:[^\"]++|\"\")*+\"|\[(?P<reference>[^\[\]]*+)\]|(?P<parted>;)")
_CELL: Final = re.compile(r"(?P<sheet>\$?(?:'(?:[^']++|'')++'|[^.:']+))?\.(?P<cell>[^:]+)")


def formula_text(written: str) -> str:
    """Return a formula without ``=``: ``of:=SUM([.A1:.B2];[$其他.C3])`` → ``SUM(A1:B2,其他!C3)``."""
    begun = _BEGINNING.match(written)
    return _PIECE.sub(_typed, written[begun.end() :] if begun else written)


def _typed(found: re.Match[str]) -> str:
    if found["parted"]:
        return ","
    if found["reference"] is None:
        return found[0]
    return ":".join(filter(None, (_cell(part) for part in found["reference"].split(":"))))


def _cell(written: str) -> str:
    found = _CELL.fullmatch(written)
    if found is None:
        return written
    sheet = (found["sheet"] or "").removeprefix("$")
    return f"{sheet}!{found['cell']}" if sheet else found["cell"]
