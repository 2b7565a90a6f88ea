"""Rows of a worksheet that were read before but for their values: only these are read.

So are the sheets that perfxl adds to a form, in all its returns: 填报自检 has hundreds of formulas, which are those of the
blank, and what they give. Rows are taken for alike where all else is, byte for byte; whatever is not sound about a value
is left to ``read_rows``, which gives the same for all of them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from perfxl.model.address import parse_cell
from perfxl.model.grid import CellKind, GridCell
from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.readers.cell_value import read_value
from perfxl.readers.worksheet import RowsContent, read_rows
from perfxl.readers.worksheet_scan import Shared

_SMALL, _MOST = 250_000, 48
"""Bytes of rows that are remembered; how many are: a form has three such sheets, and each program writes them its own way."""
_VALUE = deferred(rb"<v>([^<]*)")
_OPENED = deferred(rb'<c r="([A-Z]{1,2}[1-9][0-9]{0,5})"[^<>]*?(?: t="([A-Za-z]+)")?>')
_SOUND = deferred(r"[^<>&\x00-\x1f\ufffe\uffff]*")
"""A text that stands for itself: no references, nothing that XML forbids or changes."""
_DIGITS = 6
"""Of the number of a shared string, in a workbook that has not very many."""

_Values: TypeAlias = Sequence[bytes]


class _Slot(NamedTuple):
    """A place for a value: where its cell stands, and of which type it is."""

    place: tuple[int, int]
    written_type: str


class _Known(Struct, frozen=True):
    """Rows as they were read last: their values, the slots of those, and what their reading depended on."""

    values: _Values
    slots: tuple[_Slot, ...]
    content: RowsContent
    shared: Shared
    limits: Limits

    def holds(self, shared: Shared, limits: Limits) -> bool:
        """Tell whether the cells have the formats that they have in another workbook."""
        return self.limits == limits and self.shared.shows_as(shared, self.content.last_style)


_KNOWN: OrderedDict[bytes, _Known] = OrderedDict()


def refilled_rows(rows: bytes, shared: Shared, limits: Limits) -> RowsContent:
    """Return what rows hold, as ``read_rows`` does. Raises ValueError or Unreadable likewise."""
    if len(rows) > _SMALL or shared.date1904:
        return read_rows(rows, shared, limits)
    pieces = _VALUE.split(rows)
    rest, values = b"<v>".join(pieces[::2]), pieces[1::2]
    known = _KNOWN.get(rest)
    content = _refilled(known, values, shared, limits) if known is not None else None
    if known is not None and content is not None:
        slots = known.slots
    else:
        content = read_rows(rows, shared, limits)
        slots = _slots(pieces[:-1:2], content)
    if len(slots) == len(values):
        _KNOWN[rest] = _Known(values, slots, content, shared, limits)
        _KNOWN.move_to_end(rest)
        if len(_KNOWN) > _MOST:
            _KNOWN.popitem(last=False)
    return content


def _slots(pieces: Sequence[bytes], content: RowsContent) -> tuple[_Slot, ...]:
    """Return the places of values by what stands before each; none where one of them is no cell of its own that is kept."""
    slots = []
    for piece in pieces:
        opened = _OPENED.match(piece, max(piece.rfind(b"<c r="), 0))
        if opened is None:
            return ()
        slots.append(_Slot(parse_cell(opened[1].decode()), (opened[2] or b"n").decode()))
    places = {slot.place for slot in slots}
    return tuple(slots) if len(places) == len(slots) and places <= content.cells.keys() else ()


def _refilled(known: _Known, values: _Values, shared: Shared, limits: Limits) -> RowsContent | None:
    """Return what the rows hold with other values in them, None where that takes a closer look."""
    if not known.holds(shared, limits):
        return None
    before, strings, past_strings = known.content.cells, shared.strings, known.shared.strings
    same_strings = strings is past_strings or strings == past_strings
    changed: dict[tuple[int, int], GridCell] = {}
    for (place, written_type), value, past in zip(known.slots, values, known.values, strict=True):
        cell = before[place]
        if value == past and (same_strings or written_type != "s" or _says(cell, value, strings)):
            continue
        own = _with_value(cell, written_type, value, strings, limits)
        if own is None:
            return None
        if own != cell:
            changed[place] = own
    return known.content._replace(cells={**before, **changed}) if changed else known.content


def _says(cell: GridCell, number: bytes, strings: Sequence[str]) -> bool:
    """Tell whether the shared string of a number is what a cell holds; false also where that takes a closer look."""
    if cell.kind is not CellKind.TEXT or not number.isdigit() or len(number) > _DIGITS:
        return False
    at = int(number)
    return at < len(strings) and strings[at] == cell.value


def _with_value(
    cell: GridCell, written_type: str, value: bytes, strings: Sequence[str], limits: Limits
) -> GridCell | None:
    """Return a cell with another value, None where that may be unsound, or may leave nothing in the cell."""
    try:
        text = value.decode()
    except UnicodeDecodeError:
        return None
    if len(text) > limits.max_text or not _SOUND.fullmatch(text):
        return None
    kind, content = read_value(written_type, text, strings)
    if cell.formula is None and (content is None or content == ""):
        return None
    return GridCell(cell.row, cell.column, kind, content, cell.format, cell.formula)
