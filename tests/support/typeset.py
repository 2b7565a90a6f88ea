"""A document of Word on paper: the lines that LibreOffice prints of it, where each stands on its page, in millimetres.

Needs poppler's ``pdftotext``, which comes with every desktop.
"""

from __future__ import annotations

import re
import subprocess
from dataclasses import dataclass
from html import unescape
from pathlib import Path

_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_LINE = re.compile(r'<line xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</line>', re.DOTALL)
_WORD = re.compile(r"<word [^>]*>([^<]*)</word>")
_MM = 25.4 / 72


@dataclass(frozen=True, slots=True)
class Line:
    """A printed line with its box, from the upper left corner of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class Sheet:
    """A printed page: its size, its lines from top to bottom."""

    width: float
    height: float
    lines: tuple[Line, ...]

    @property
    def number(self) -> Line:
        """The line with the page's number: the lowest one."""
        return self.lines[-1]

    @property
    def body(self) -> tuple[Line, ...]:
        return self.lines[:-1]


def sheets(pdf: Path) -> list[Sheet]:
    """Return the pages of a PDF."""
    told = subprocess.run(["pdftotext", "-bbox-layout", str(pdf), "-"], check=True, capture_output=True).stdout.decode()
    return [
        Sheet(
            float(width) * _MM,
            float(height) * _MM,
            tuple(sorted(map(_line, _LINE.findall(content)), key=lambda one: one.top)),
        )
        for width, height, content in _PAGE.findall(told)
    ]


def _line(found: tuple[str, str, str, str, str]) -> Line:
    left, top, right, bottom = (float(place) * _MM for place in found[:4])
    return Line(unescape("".join(_WORD.findall(found[4]))), left, top, right, bottom)
