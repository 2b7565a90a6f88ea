"""The fonts in which a form is set that states none of its own."""

from __future__ import annotations

from perfxl.model.font import Font
from perfxl.model.form import Look

TITLE_FACE = "方正小标宋简体"
FACE = "宋体"
BODY = Font(FACE, 10.5)
_OWN = {Look.TITLE: Font(TITLE_FACE, 18.0), Look.CAPTION: Font(FACE, 11.0)}


def house_font(look: Look) -> Font:
    """Return the font in which a look is set by itself."""
    return _OWN.get(look, BODY)
