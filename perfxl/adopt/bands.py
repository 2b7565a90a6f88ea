"""From the top of a sheet to its bottom: titles, rows, sections, tables, blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from perfxl.adopt.blocks import block, block_with_heads, repetition
from perfxl.adopt.captions import Caption, year_and_part_in
from perfxl.adopt.draft import Area, Draft, at, look_of_label
from perfxl.adopt.fields import field_of, wanted_key
from perfxl.adopt.fonts import own_font, own_height
from perfxl.adopt.grid import Kind, Spot
from perfxl.adopt.guess import Sure
from perfxl.adopt.keys import named_key
from perfxl.adopt.periods import as_part
from perfxl.adopt.tables import table, table_below_notes
from perfxl.adopt.types import TypeGuess
from perfxl.forms.definition.language import (
    ALWAYS,
    NOT_ASKED,
    At,
    BandSpec,
    CellSpec,
    RowBand,
    SectionBand,
    TableBand,
    TitleBand,
)
from perfxl.forms.printed_text import HOLE, words
from perfxl.model.form import Columns, Look
from perfxl.values.label_text import flat, key

_TITLE_SIZE = 14.0
_TITLE_ROWS = 4
_TITLE_END = re.compile(r"(表|报告|书|方案)(（[^（）]{0,60}）|\([^()]{0,60}\))?$")
_ATTACHED = re.compile(r"附[件表][一二三四五六七八九十\d]{0,4}(-\d{1,2})?[：:]?")
"""The line above a title that says which of a notice's papers this is, however large it is printed."""
_LINE, _AIR = 15.0, 5.25
_USUAL = 20.25
_USUAL_WIDTH = 8.4
_MOST_LINES = Decimal(27)
_TOTAL = re.compile(r"^(?:金额|资金|预算)?(总分|合计|总计|总和|小计|总得分)")


def bands(draft: Draft, area: Area) -> tuple[BandSpec, ...]:
    """Read an area from top to bottom."""
    found: list[BandSpec] = []
    row = area.top
    while row <= area.bottom:
        here = Area(row, area.bottom, area.left, area.right)
        read = _structure(draft, here)
        if read is None:
            made_row, below = _row(draft, here)
            read = (made_row,), below
        made, row = read
        for band in made:
            if isinstance(band, TableBand) and not band.own_heads:
                _name_heads(found, band)
        found += made
        _join(found)
    return tuple(found)


def _structure(draft: Draft, area: Area) -> tuple[tuple[BandSpec, ...], int] | None:
    """Read what stands in more than one row, None where an area begins with a row by itself."""
    repeated = repetition(draft.grid, area) if not draft.prefix else None
    if repeated is not None:
        return (block(draft, area, repeated, bands),), repeated.next
    if not draft.prefix:
        headed = block_with_heads(draft, area)
        if headed is not None:
            return headed
    read = table(draft, area)
    if read is not None:
        return read.bands, read.next
    return _section(draft, area) or _below_notes(draft, area)


def _below_notes(draft: Draft, area: Area) -> tuple[tuple[BandSpec, ...], int] | None:
    read = table_below_notes(draft, area)
    return None if read is None else (read.bands, read.next)


def _name_heads(found: list[BandSpec], table: TableBand) -> None:
    """Let the heads of a table that stand further up say which columns they name: the last row that prints them all."""
    named = {
        column.at: (column.name, f"{table.table}[].{column.field}") for column in table.columns if column.at is not None
    }
    for place in range(len(found) - 1, -1, -1):
        band = found[place]
        if not isinstance(band, RowBand):
            continue
        texts = {cell.at: words(cell.label) for cell in band.row if cell.at is not None and cell.label}
        if all(texts.get(at) == name for at, (name, _) in named.items()):
            cells = (replace(cell, names=named[cell.at][1]) if cell.at in named else cell for cell in band.row)
            found[place] = replace(band, row=tuple(cells))
            return


def _section(draft: Draft, area: Area) -> tuple[tuple[BandSpec, ...], int] | None:
    """Read a label down the left of several rows."""
    spot = draft.grid.at(area.top, area.left)
    if spot.kind is not Kind.LABEL or spot.height < 2 or spot.place != (area.top, area.left):
        return None
    if spot.right >= area.right or spot.bottom > area.bottom:
        return None
    right = draft.grid.row(area.top, spot.right + 1, area.right)
    if all(one.height == spot.height for one in right):
        return None
    outer = draft.above
    draft.above = (*outer, words(spot.text))
    inner = bands(draft, Area(area.top, spot.bottom, spot.right + 1, area.right))
    draft.above = outer
    return (SectionBand(section=draft.printed(spot.text), at=at(spot), bands=inner),), spot.bottom + 1


# -- rows by themselves ---------------------------------------------------------------------------------------------


def _row(draft: Draft, area: Area) -> tuple[BandSpec, int]:
    """Read one row of the form, which may stand over several of the sheet; return it and the row that follows."""
    spots = draft.grid.row(area.top, area.left, area.right)
    if _is_title(draft, spots, area):
        spot = spots[0]
        height = own_height(draft.grid.sheet, spot.top, spot.bottom) if spot.height == 1 else None
        return TitleBand(title=draft.printed(spot.text), font=own_font([spot]), height=height), spot.bottom + 1
    cells: list[CellSpec] = []
    label: Spot | None = None
    for number, spot in enumerate(spots):
        if spot.top < area.top:
            continue
        left = spots[number - 1] if number else None
        parts = year_and_part_in(spot.text) if spot.kind is Kind.LABEL and not spot.cell.marks else ()
        if parts and not draft.prefix:
            cells += (replace(made, font=own_font([spot])) for made in _year_and_part(draft, spot, parts))
            continue
        made = _cell(draft, spot, left, label, alone=len(spots) == 1)
        if made is not None:
            cells.append(replace(made, font=own_font([spot])))
        if spot.kind is Kind.LABEL:
            label = spot
    if not cells:
        cells.append(CellSpec(at=at(spots[0]), look=Look.PLAIN))
    begun = [spot for spot in spots if spot.top == area.top and spot.kind is not Kind.VOID]
    tall = min((spot.height for spot in begun), default=1)
    if any(spot.height != tall for spot in begun) or any(spot.top < area.top for spot in spots):
        first = begun[0] if begun else spots[0]
        draft.remark(first, "这一行各格占的行数不同，表样里写不出，请对着原表看这一行")
        tall = 1
    last = min(area.top + tall - 1, area.bottom)
    height = own_height(draft.grid.sheet, area.top, last)
    lines = _lines(draft, area.top, last)
    return RowBand(row=tuple(cells), lines=lines, rows=last - area.top + 1, height=height), last + 1


def _is_title(draft: Draft, spots: list[Spot], area: Area) -> bool:
    whole = area.left == draft.left and area.right == draft.grid.sheet.columns
    if len(spots) != 1 or not whole or spots[0].kind is not Kind.LABEL or _ATTACHED.fullmatch(flat(spots[0].text)):
        return False
    large = spots[0].cell.style.size >= _TITLE_SIZE
    return large or (area.top <= _TITLE_ROWS and bool(_TITLE_END.search(words(spots[0].text))))


def _cell(draft: Draft, spot: Spot, left: Spot | None, label: Spot | None, *, alone: bool) -> CellSpec | None:
    """Return the cell of a row: a printed text, a place for a value, a frame."""
    places = draft.grid.places(spot)
    if places:
        return _places(draft, spot, places)
    if spot.kind is Kind.LABEL:
        return CellSpec(at=at(spot), label=draft.printed(spot.text), look=look_of_label(spot), names=_list(draft, spot))
    if spot.kind is Kind.VOID:
        return CellSpec(at=at(spot), look=Look.PLAIN) if spot.width > 1 else None
    if spot.kind is Kind.FRAME:
        return CellSpec(at=at(spot), label=spot.text or None)
    if spot.kind is Kind.INPUT and not spot.cell.marks and not _asks(draft, spot, left, label, alone=alone):
        draft.doubt(spot, "空框，不填写", "左边和上面都没有说明填什么的字")
        return CellSpec(at=at(spot))
    above = draft.grid.spots.get((spot.top - 1, spot.left))
    headed = above if above is not None and above.kind is Kind.LABEL and above.width == spot.width else None
    said = _said(spot, left, label, headed)
    closing = _closing(draft, spot, label)
    if closing is not None:
        return field_of(draft, spot, draft.name(spot, closing.name, "f"), said, closing.called)
    wanted = named_key(said)
    group = draft.lists.get((spot.left, spot.right), "") if spot.caption is not None else ""
    name = draft.name(spot, f"{group}.{wanted}" if group and wanted else _in_section(draft, wanted), "f")
    return field_of(draft, spot, name, said)


def _year_and_part(draft: Draft, spot: Spot, captions: tuple[Caption, ...]) -> Iterator[CellSpec]:
    """Yield the cells for a year and a part of it that stand in one cell: two next to each other, where it is wide enough.

    In one column there is room for the part only: the year is printed.
    """
    halves: tuple[At, ...] = _halves(draft, spot)
    year, part = captions
    if len(halves) < len(captions):
        captions = (part._replace(text=year.text.replace(HOLE, "{year}") + part.text),)
    looks = (Look.PLAIN_RIGHT, Look.PLAIN) if len(captions) > 1 else (look_of_label(spot),)
    for caption, columns, look in zip(captions, halves, looks, strict=True):
        said = re.sub(r"[（()）第{}]|year|年(?=.)", "", caption.text.replace(HOLE, ""))
        key = draft.keys.give(named_key(said), "f")
        guessed = TypeGuess(caption.type, Sure.UNSURE, f"“{spot.text.strip()}”里留有填写的位置，分成了年度和{said}两格")
        draft.note(spot, draft.path(key), guessed)
        cell = CellSpec(at=columns, look=look, field=key, caption=caption.text, type=caption.type, required=ALWAYS)
        yield as_part(cell, key)


def _halves(draft: Draft, spot: Spot) -> tuple[At, ...]:
    """Return the columns of a spot in two parts about as wide as each other, those of one column as they are."""
    if spot.width < 2:
        return (at(spot),)
    widths = [draft.grid.sheet.widths.get(column, _USUAL_WIDTH) for column in range(spot.left, spot.right + 1)]
    whole = sum(widths)
    cut = min(range(1, len(widths)), key=lambda number: abs(2 * sum(widths[:number]) - whole))
    middle = spot.left + cut
    return At(Columns(spot.left, middle - 1)), At(Columns(middle, spot.right))


def _places(draft: Draft, spot: Spot, captions: tuple[Caption, ...]) -> CellSpec:
    """Return a cell in which several values stand, each after its label."""
    places = []
    marks = spot.cell.marks or (None,) * len(captions)
    for caption, mark in zip(captions, marks, strict=True):
        said = caption.text.partition(HOLE)[0]
        name = draft.named(mark) or draft.keys.give(named_key(said), "f")
        places.append(
            CellSpec(
                caption=caption.text,
                field=name,
                name=words(said),
                type=(mark and mark.type) or caption.type,
                required=ALWAYS if mark is not None and mark.required else NOT_ASKED,
            )
        )
    if not spot.cell.marks:
        said = "".join(f"“{place.name}”" for place in places)
        draft.doubt(spot, "一格里有几处要填", f"{said}后面各留有空白", draft.path(places[0].field or ""))
    return CellSpec(at=at(spot), look=look_of_label(spot), places=tuple(places))


class _Closing(NamedTuple):
    """The name of a total below a table, and what its column is called."""

    name: str
    called: str


def _closing(draft: Draft, spot: Spot, label: Spot | None) -> _Closing | None:
    """Return the name of a total in a row that closes a table, from the row's label and its column; None for others."""
    if label is None or not _TOTAL.search(flat(label.text)) or not draft.columns:
        return None
    for top, columns in reversed(draft.columns):
        column = columns.get((spot.left, spot.right))
        if column is not None and top < spot.top:
            return _Closing(f"{wanted_key(label.text) or 'total'}.{column.name}", column.called)
    return None


def _list(draft: Draft, spot: Spot) -> str:
    """Note a label over a list of captions (``按收入性质分：``); return the beginning of their names, "" for others."""
    below = draft.grid.spots.get((spot.bottom + 1, spot.left))
    headed = below is not None and below.kind is Kind.CAPTION and (below.left, below.right) == (spot.left, spot.right)
    group = wanted_key(spot.text) if headed and spot.text.rstrip().endswith(("：", ":")) else ""
    if group and any(name.startswith(f"{group}.") or name == group for name in draft.keys.taken):
        group = ""
    draft.lists[spot.left, spot.right] = group
    below_key = wanted_key(below.caption.text.partition(HOLE)[0]) if below is not None and below.caption else ""
    return group if below_key else ""


def _asks(draft: Draft, spot: Spot, left: Spot | None, label: Spot | None, *, alone: bool) -> bool:
    """Tell whether a blank box is to be filled in: the sheet says so, a label stands on its left or above it, it is a total."""
    if draft.grid.sheet.told or alone or spot.typed or spot.why or _closing(draft, spot, label) is not None:
        return True
    if left is not None and left.kind is Kind.LABEL:
        return True
    above = draft.grid.spots.get((spot.top - 1, spot.left))
    if above is None or (above.left, above.right) != (spot.left, spot.right):
        return False
    return above.kind is Kind.LABEL or (above.kind is Kind.CAPTION and above.cell.style.align == "center")


def _said(spot: Spot, left: Spot | None, label: Spot | None, above: Spot | None) -> str:
    """Return the words that say what belongs into a place: its own, those on its left, those above it."""
    if spot.caption is not None:
        before = spot.caption.text.partition(HOLE)[0]
        return before if key(before) else spot.caption.text.replace(HOLE, "")
    if left is not None and left.kind is Kind.LABEL:
        return left.text
    if above is not None:
        return above.text
    return label.text if label is not None else ""


def _in_section(draft: Draft, name: str) -> str:
    """Return a name with that of the section before it, where the section is what the glossary calls a goal."""
    group = wanted_key(draft.above[-1]) if draft.above else ""
    return f"{group}.{name}" if group == "goal" and name in {"expected", "actual"} else name


def _lines(draft: Draft, first: int, last: int) -> Decimal:
    """Return the least height of a row in lines, from the heights that it has on the sheet."""
    heights = draft.grid.sheet.heights
    points = sum(heights.get(row, _USUAL) for row in range(first, last + 1))
    lines = Decimal(str(round((points - _AIR) / _LINE, 1)))
    return min(max(lines, Decimal(1)), _MOST_LINES)


def _join(found: list[BandSpec]) -> None:
    """Let the labels of a row say what stands below them, where below each stands one place to be filled in."""
    if len(found) < 2:
        return
    above, here = found[-2], found[-1]
    if not isinstance(above, RowBand) or not isinstance(here, RowBand):
        return
    if any(cell.label is not None or cell.caption for cell in here.row) or not any(cell.field for cell in here.row):
        return
    below = {cell.at: cell for cell in here.row}
    cells = tuple(
        replace(cell, look=Look.HEAD, names=cell.names or below[cell.at].field or "")
        if cell.label is not None and cell.at in below and below[cell.at].field
        else cell
        for cell in above.row
    )
    found[-2] = replace(above, row=cells)
