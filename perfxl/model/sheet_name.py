"""What a sheet of a form can be called: what spreadsheet programs, XlsxWriter and our own sheets leave."""

from __future__ import annotations

from perfxl.model.stamp import INSTRUCTIONS, OWN

LONGEST = 31
FORBIDDEN = r"[]:*?/\'!"
"""Excel takes ``'`` inside a name, and ``!``; what names a sheet before a cell or a defined name does not."""
_TAKEN = OWN | {INSTRUCTIONS, "history"}
"""In small letters: the sheets that perfxl adds, and one that Excel keeps for itself."""


def is_sheet_name(name: str) -> bool:
    """Tell whether a form's sheet can be called so."""
    spelt = name.strip() != "" and len(name) <= LONGEST and name.isprintable() and set(FORBIDDEN).isdisjoint(name)
    return spelt and name.casefold() not in _TAKEN
