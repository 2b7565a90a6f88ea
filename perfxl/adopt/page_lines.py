"""The lines at the top and the foot of a printed page, from the codes that workbooks have for them (ECMA-376 Part 1, 18.3.1.46)."""

from __future__ import annotations

import re

_PART = re.compile(r"&([LCR])")
_CODE = re.compile(r'&(?:"[^"]*"|K[0-9A-Fa-f]{6}|\d{1,3}|(?P<letter>.))', re.DOTALL)
_NUMBERS = {"P": "{page}", "N": "{pages}", "&": "&"}
_NOT_OURS = set("DTFAZG")
"""The day, the time, the names of file, sheet and folder, a picture: nothing that a form prints."""


def page_line(code: str) -> str:
    """Return what stands in the middle of a line as a definition says it, else what stands on its left or right; "" for none."""
    first, *pieces = _PART.split(code)
    parts = {"C": first} | dict(zip(pieces[::2], pieces[1::2], strict=True))
    said = (_said(parts.get(place, "")) for place in "CRL")
    return next((text for text in said if text), "")


def _said(code: str) -> str:
    if re.search(r"[{}]", code) or any(found["letter"] in _NOT_OURS for found in _CODE.finditer(code)):
        return ""
    return _CODE.sub(lambda found: _NUMBERS.get(found["letter"] or "", ""), code).strip()
