"""The font of a cell, as people name it: 黑体 22 加粗."""

from __future__ import annotations

from msgspec import Struct

from perfxl.model.regex import deferred

BOLD = "加粗"
"""How people write that a font is bold."""
SMALLEST, LARGEST = 5.0, 72.0
"""Sizes of fonts on forms, in points; whole and half ones."""
LONGEST_FACE = 31
"""Excel's own limit for the name of a font."""
_FACE = deferred(r"[^\W\d_][\w .&()+'-]*")


class Font(Struct, frozen=True):
    """A font; "" for a face and 0 for a size mean those that a cell has anyway. ``size`` is in points."""

    face: str = ""
    size: float = 0.0
    bold: bool = False

    def over(self, other: Font) -> Font:
        """Return the font with the face and the size of another one where it has none of its own."""
        return Font(self.face or other.face, self.size or other.size, self.bold)

    def __str__(self) -> str:
        return " ".join(
            [*([self.face] if self.face else []), *([f"{self.size:g}"] if self.size else []), *self._bold()]
        )

    def _bold(self) -> list[str]:
        return [BOLD] if self.bold else []


def is_face(name: str) -> bool:
    """Tell whether a text can be the name of a font: letters of any script, and what stands between them in such names."""
    return len(name) <= LONGEST_FACE and _FACE.fullmatch(name) is not None and name == name.strip() and name != BOLD


def is_size(points: float) -> bool:
    """Tell whether a size is one that fonts on forms have: Excel knows whole and half points."""
    return SMALLEST <= points <= LARGEST and points * 2 == int(points * 2)
