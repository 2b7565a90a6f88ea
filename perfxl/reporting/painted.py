"""Lines for a terminal: pieces of text, each in its style, broken as Chinese is."""

from __future__ import annotations

from itertools import accumulate
from typing import TypeAlias

from perfxl.reporting.typeset import breaks

Piece: TypeAlias = str | tuple[str, str]
"""A text, or one with the style that it has."""

_CODES = {"bold": "1", "dim": "2", "red": "31", "green": "32", "yellow": "33", "cyan": "36"}
_NARROWEST = 40


class Painter:
    """Lines with or without colour; the environment has no say in how."""

    def __init__(self, *, color: bool, width: int) -> None:
        self._lines: list[str] = []
        self._color = color
        self._width = max(width, _NARROWEST)

    def line(self, *pieces: Piece, indent: int = 0) -> None:
        """Add what the pieces say, in as many lines as it takes, each begun with ``indent`` blanks."""
        parts = [piece if isinstance(piece, tuple) else (piece, "") for piece in pieces]
        ends = [*accumulate(len(text) for text, _ in parts)]
        whole = "".join(text for text, _ in parts)
        starts = breaks(whole, self._width - indent)
        for start, end in zip([0, *starts], [*starts, len(whole)], strict=True):
            last = start + len(whole[start:end].rstrip())
            cut = (
                self._painted(text[max(start - (to - len(text)), 0) : max(last - (to - len(text)), 0)], style)
                for (text, style), to in zip(parts, ends, strict=True)
            )
            self._lines.append(" " * indent + "".join(cut) + "\n")

    def add(self, text: str) -> None:
        """Add lines that are set already."""
        self._lines.append(text)

    @property
    def text(self) -> str:
        return "".join(self._lines)

    @property
    def width(self) -> int:
        return self._width

    def _painted(self, text: str, style: str) -> str:
        if not (text and style and self._color):
            return text
        return f"\x1b[{';'.join(_CODES[word] for word in style.split())}m{text}\x1b[0m"
