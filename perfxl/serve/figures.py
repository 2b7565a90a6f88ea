"""The charts of a 汇总 workbook, read back from it and drawn for the screen: the same figures, no second sum."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

from msgspec import Struct

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_CHART = re.compile(r"xl/charts/chart(\d+)\.xml")
_LABEL, _LONGEST, _STEP, _THICK = 220, 420, 26, 17


class Piece(Struct, frozen=True):
    """A part of a bar: where it begins, how long it is, which series it is of."""

    x: int
    y: int
    width: int
    height: int
    series: int


class Line(Struct, frozen=True):
    """A bar with its name before it and its figures behind it."""

    name: str
    y: int
    end: int
    text: str
    pieces: tuple[Piece, ...]


class Figure(Struct, frozen=True):
    """A chart: title, the names of its series, its bars from top to bottom."""

    title: str
    series: tuple[str, ...]
    lines: tuple[Line, ...]
    height: int
    width: int = _LABEL + _LONGEST + 190
    label: int = _LABEL


def figures(workbook: Path) -> tuple[Figure, ...]:
    """Return the charts of a workbook that perfxl wrote, in their order. Raises OSError."""
    with zipfile.ZipFile(workbook) as package:
        names = sorted((int(found[1]), name) for name in package.namelist() if (found := _CHART.fullmatch(name)))
        return tuple(filter(None, (_figure(fromstring(package.read(name))) for _, name in names)))  # noqa: S314 - our own file


def _figure(chart: Element) -> Figure | None:
    title = "".join(text.text or "" for text in chart.iterfind(f".//{_C}title//{_A}t"))
    series = [
        (
            "".join(value.text or "" for value in one.iterfind(f"{_C}tx//{_C}v")),
            _points(one, "cat"),
            _points(one, "val"),
        )
        for one in chart.iter(f"{_C}ser")
    ]
    if not series or not series[0][1]:
        return None
    percent = any("%" in (format_.get("formatCode") or "") for format_ in chart.iter(f"{_C}numFmt"))
    stacked = any(one.get("val") == "stacked" for one in chart.iter(f"{_C}grouping"))
    rows = [(name, [_number(values, place) for _, _, values in series]) for place, name in enumerate(series[0][1])]
    longest = max((sum(row) if stacked else max(row) for _, row in rows), default=0) or 1
    lines = tuple(_lines(rows, longest, percent=percent, stacked=stacked))
    height = (lines[-1].y + _deep(len(series), stacked=stacked)) if lines else 0
    return Figure(title, tuple(name for name, _, _ in series), lines, height)


def _points(series: Element, kind: str) -> list[str]:
    return [(point.findtext(f"{_C}v") or "") for point in series.iterfind(f"{_C}{kind}//{_C}pt")]


def _number(values: Sequence[str], place: int) -> float:
    try:
        return max(float(values[place]), 0.0)
    except (IndexError, ValueError):
        return 0.0


def _deep(count: int, *, stacked: bool) -> int:
    return _STEP if stacked or count == 1 else count * _THICK + 9


def _lines(rows: Sequence[tuple[str, list[float]]], longest: float, *, percent: bool, stacked: bool) -> Iterator[Line]:
    deep = _deep(len(rows[0][1]), stacked=stacked)
    for number, (name, values) in enumerate(rows):
        top, x, pieces = number * deep, _LABEL + 8, []
        for series, value in enumerate(values):
            width = round(value / longest * _LONGEST)
            below = 0 if stacked else series * _THICK
            pieces.append(Piece(x, top + 2 + below, max(width, 1 if value else 0), _THICK - 2, series))
            x += width if stacked else 0
        end = max(piece.x + piece.width for piece in pieces)
        text = "，".join(f"{value:.1%}" if percent else f"{value:,.2f}".rstrip("0").rstrip(".") for value in values)
        yield Line(name, top, end, text, tuple(pieces))
