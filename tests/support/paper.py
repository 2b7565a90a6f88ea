"""A form on paper: the pages that LibreOffice prints of it, how far each is filled, and what is cut on them.

Needs poppler's ``pdftotext``, ``pdftocairo`` and ``pdftoppm``, which come with every desktop.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import unescape
from math import inf
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from perfxl.api import generate, layout
from perfxl.forms.definition.load import shipped
from perfxl.model.form import Form, Page, Table
from support.office import Office
from support.ordinary import as_typed, ordinary

STATES = ("blank", "sample", "ordinary", "typed", "doubled")

_POINTS_PER_CM = Decimal("28.3465")
_DOTS = 72
_WORD = re.compile(r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</word>')
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_INK = 160
"""Grey below which a dot is ink, not a light fill."""
_LEADING = 2.5
"""The empty room above and below a character in its line, which a cell may cut."""
_HIGH = 13.65
"""How high 10.5 pt text stands in a PDF at full size, as pdftotext has it."""


@dataclass(frozen=True, slots=True)
class Word:
    """A piece of text with its box in points from the upper left corner; ``whole``: none of its characters is cut."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    whole: bool


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A printed page: its words, what part of the room between its margins is used, the scale of the print."""

    words: tuple[Word, ...]
    fill: float
    scale: float


def print_form(form: Form, state: str, office: Office, folder: Path) -> list[PrintedPage]:
    """Print a form in one of the STATES, and return its pages; the workbook and the PDF stay in the folder."""
    path = folder / f"{form.id}.{state}.xlsx"
    twice = {table.path.replace("[]", ""): 2 * table.rows for table in form.flat() if isinstance(table, Table)}
    rows = twice if state == "doubled" else None
    given = json.loads((shipped() / form.id / "sample.json").read_text("utf-8"), parse_float=Decimal)
    path.write_bytes(generate(form, year=2024, rows=rows, data=given if state == "sample" else None))
    if state == "ordinary" and not form.issued:
        office.fill(path, {form.sheet: ordinary(layout(form, year=2024))}, path)
    if state == "typed" and not form.issued:
        office.fill(path, {form.sheet: as_typed(layout(form, year=2024), layout(form, year=2024, data=given))}, path)
    return printed(office.convert(path, "pdf"), form.page)


def printed(pdf: Path, page: Page) -> list[PrintedPage]:
    """Return the pages of a PDF that was printed with a page's margins."""
    text = _run("pdftotext", "-bbox", pdf, "-").decode()
    _, _, top, bottom = (float(margin * _POINTS_PER_CM) for margin in page.margins)
    found = []
    for number, (_, height, content) in enumerate(_PAGE.findall(text), start=1):
        foot = float(height) - bottom
        glyphs = _glyphs(pdf, number)
        words = [_word(match, glyphs) for match in _WORD.findall(content)]
        body = tuple(word for word in words if word.top < foot)
        high = Counter(round(word.bottom - word.top, 1) for word in body).most_common(1)
        filled = (_last_ink(pdf, number, foot) - top) / (foot - top)
        found.append(PrintedPage(body, filled, high[0][0] / _HIGH if high else 0.0))
    return found


def cut(pages: Sequence[PrintedPage]) -> list[str]:
    """Return the words that stand whole on no page: cut by their cell, or between two pages."""
    whole = Counter(word.text for page in pages for word in page.words if word.whole)
    return [word.text for page in pages for word in page.words if not word.whole and not whole[word.text]]


def _word(match: tuple[str, str, str, str, str], glyphs: Sequence[_Glyph]) -> Word:
    left, top, right, bottom = map(float, match[:4])
    text = unescape(match[4])
    drawn = sum(
        left - 1 <= glyph.x <= right
        and top <= glyph.y <= bottom + 1
        and glyph.shown_from <= top + _LEADING
        and bottom - _LEADING <= glyph.shown_to
        for glyph in glyphs
    )
    return Word(text, left, top, right, bottom, drawn >= len(text.strip()))


class _Glyph(NamedTuple):
    """Where a character starts, and the heights between which it is shown."""

    x: float
    y: float
    shown_from: float
    shown_to: float


def _glyphs(pdf: Path, number: int) -> list[_Glyph]:
    """The characters of a page; what is cut altogether is not in the drawing."""
    drawing = etree.fromstring(_run("pdftocairo", "-svg", "-f", number, "-l", number, pdf, "-"))
    clips = {clip.get("id"): _heights(clip) for clip in drawing.iter("{*}clipPath")}
    found = []
    for use in drawing.iter("{*}use"):
        over = [clips[name[5:-1]] for parent in use.iterancestors() if (name := parent.get("clip-path"))]
        shown_from = max((top for top, _ in over), default=-inf)
        shown_to = min((bottom for _, bottom in over), default=inf)
        found.append(_Glyph(float(use.get("x")), float(use.get("y")), shown_from, shown_to))
    return found


def _heights(clip: etree._Element) -> tuple[float, float]:
    (path,) = clip
    heights = [float(number) for number in re.findall(r"-?[\d.]+", path.get("d"))][1::2]
    return min(heights), max(heights)


def _last_ink(pdf: Path, number: int, foot: float) -> float:
    """Return how far down ink stands on a page, above its foot, in points."""
    grey = _run("pdftoppm", "-gray", "-r", _DOTS, "-f", number, "-l", number, pdf)
    kind, size, _, dots = grey.split(b"\n", 3)
    assert kind == b"P5"
    width, height = map(int, size.split())
    rows = range(min(height, int(foot * _DOTS / 72) + 1))
    return max((row for row in rows if min(dots[row * width : (row + 1) * width]) < _INK), default=0) * 72 / _DOTS


def _run(*command: object) -> bytes:
    return subprocess.run([str(word) for word in command], check=True, capture_output=True).stdout
