"""The sheets before the forms: covers, and the list of the forms in their workbook.

All on them is formulas, texts too: so whatever somebody typed there is known as such when the workbook comes back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from xlsxwriter.format import Format

from perfxl.expr.pieces import literal
from perfxl.model import stamp
from perfxl.model.field_type import Type
from perfxl.model.form import Cover, CoverLine, Page
from perfxl.model.house import FACE, TITLE_FACE
from perfxl.model.layout import Layout, PlacedCell
from perfxl.writer.content import cached
from perfxl.writer.form_book import FormBook
from perfxl.writer.paper import set_paper
from perfxl.writer.places import Places

Formats = Callable[[dict[str, object]], Format]
_ROOM = "　　　　"
_WIDTH, _WIDE = 84.0, 128.0
"""Characters across a page, and across one that lies on its side."""
_TITLE_ROW, _FIRST_LINE = 5, 12
"""Rows of a cover, from 0: the title in the upper third, the lines below the middle."""
_ROWS = 30
"""Rows of a front sheet that are printed."""


class _Line(NamedTuple):
    """A row of a front sheet, from 0: its height in points, its formula and what that gives now, its format."""

    row: int
    height: float
    formula: str
    result: str
    style: Format


def front_sheets(layouts: Sequence[Layout], names: Sequence[str]) -> list[str]:
    """Return what the sheets before some forms are called, the forms' being ``names``."""
    covers = sum(layout.cover is not None for layout in layouts)
    wanted = [stamp.COVER, *(f"{stamp.COVER}({number})" for number in range(2, covers + 1))][:covers]
    wanted += [stamp.CONTENTS] if any(layout.contents for layout in layouts) else []
    return [f"{name}_" if name in names else name for name in wanted]


def write_front(
    book: FormBook,
    layouts: Sequence[Layout],
    names: Sequence[str],
    places: Sequence[Places],
    formats: Formats,
) -> int:
    """Write the sheets before some forms, which will be called ``names``; return how many they are."""
    front = front_sheets(layouts, names)
    sheets = zip(layouts, names, places, strict=True)
    covered = [(layout, there.elsewhere(name)) for layout, name, there in sheets if layout.cover is not None]
    for (layout, there), called in zip(covered, front, strict=False):
        _write(book, called, layout, _cover(layout, there, formats))
    if len(front) > len(covered):
        _write(book, front[-1], layouts[0], _contents(layouts, names, formats))
    return len(front)


def _write(book: FormBook, name: str, layout: Layout, lines: Iterator[_Line]) -> None:
    sheet = book.add_worksheet(name)
    sheet.set_column(0, 0, _WIDE if layout.page.landscape else _WIDTH)
    for row, height, formula, result, style in lines:
        sheet.set_row(row, height)
        sheet.write_formula(row, 0, f"={formula}", style, result)
    set_paper(sheet, Page(layout.page.landscape, paper=layout.page.paper, footer="", single=True), 100)
    sheet.print_area(0, 0, _ROWS - 1, 0)
    sheet.protect("", {"select_locked_cells": True, "format_rows": True, "format_cells": True})
    book.define_name(f"'{name}'!{stamp.FRONT}", '="1"')


def _cover(layout: Layout, places: Places, formats: Formats) -> Iterator[_Line]:
    base: dict[str, object] = {"align": "center", "valign": "vcenter", "text_wrap": True}
    title = formats({**base, "font_name": TITLE_FACE, "font_size": 26})
    line = formats({**base, "font_name": FACE, "font_size": 16})
    cover = layout.cover or Cover(("",))
    high = 42.0 * (1 + "".join(cover.title).count("\n"))
    yield _Line(_TITLE_ROW, high, *_text(cover.title, layout, places), title)
    for row, pieces in enumerate(cover.lines, start=_FIRST_LINE):
        yield _Line(row, 34.0, *_text(pieces, layout, places), line)


def _text(pieces: CoverLine, layout: Layout, places: Places) -> tuple[str, str]:
    """Return a line as a formula over the form, and what it gives now."""
    formulas: list[str] = []
    shown = ""
    for number, piece in enumerate(pieces):
        if number % 2 == 0:
            formulas += [_quoted(piece)] if piece else []
            shown += piece
        elif piece in places.cells:
            formula, now = _value(places.cells[piece], places)
            formulas.append(formula)
            shown += now
        else:
            year = str(layout.stamp.year or _ROOM)
            formulas.append(_quoted(year))
            shown += year
    return "&".join(formulas) or '""', shown


def _value(cell: PlacedCell, places: Places) -> tuple[str, str]:
    """Return a field's value as a text, and what it is now; where it is blank, room to write it."""
    at, value = places.cell(cell.path), cell.value
    if cell.field is not None and cell.field.type is Type.DATE:
        day = f'YEAR({at})&"年"&MONTH({at})&"月"&DAY({at})&"日"'
        on = f"{value.year}年{value.month}月{value.day}日" if isinstance(value, dt.date) else _ROOM
        return f'IF(ISNUMBER({at}),{day},IF(LEN({at})=0,"{_ROOM}",{at}))', on
    now = cached(value) if not isinstance(value, dt.date) else ""
    said = f"{now:.15g}" if isinstance(now, float) else now
    return f'IF(LEN({at})=0,"{_ROOM}",{at})', said or _ROOM


def _contents(layouts: Sequence[Layout], names: Sequence[str], formats: Formats) -> Iterator[_Line]:
    base: dict[str, object] = {"valign": "vcenter", "text_wrap": True}
    title = formats({**base, "font_name": TITLE_FACE, "font_size": 22, "align": "center"})
    yield _Line(1, 40.0, _quoted("目　　录"), "目　　录", title)
    style = formats({**base, "font_name": FACE, "font_size": 14, "align": "left", "indent": 4})
    for number, (layout, name) in enumerate(zip(layouts, names, strict=True), start=1):
        # Of a form on several sheets, each is listed.
        target, told = _quoted(f"#'{name}'!A1"), f"{number}．{layout.title}{f'　{name}' if layout.stamp.part else ''}"
        yield _Line(2 + number, 30.0, f"HYPERLINK({target},{_quoted(told)})", told, style)


def _quoted(text: str) -> str:
    return "&CHAR(10)&".join(literal(part) for part in text.split("\n"))
