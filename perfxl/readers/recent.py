"""Small parts that were read a moment ago are not read again.

The returns of a form have the same styles, and a marked copy has most of the parts of its return. What is remembered goes
by the whole of a part and by all that its reading depends on; it is little, and large parts are not among it.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple

from perfxl.model.remembered import if_short
from perfxl.package.limits import Limits
from perfxl.package.outline import Outline, read_outline
from perfxl.package.package import Package, Sealed
from perfxl.package.strings import read_strings
from perfxl.readers.amended import amended_rows
from perfxl.readers.computed import is_computed
from perfxl.readers.refilled import refilled_rows
from perfxl.readers.styles import read_formats
from perfxl.readers.worksheet import ReadRows, read_worksheet
from perfxl.readers.worksheet_scan import Shared, WorksheetContent

_SMALL = 1_000_000
"""Bytes of a part that is remembered."""
_MOST, _MOST_SHEETS = 8, 16
"""How many parts are remembered, and how many sheets: those of a return and of its marked copy."""
_SMALL_OF_FORM, _FORMS = 200_000, 64
"""Bytes of a part that each form has one of, a sheet of rules as it is packed among them, and how many are remembered."""
_CELLS = 5_000


class _Sheet(NamedTuple):
    """A worksheet as it was read, and what its reading depended on."""

    content: WorksheetContent
    shared: Shared
    limits: Limits

    def holds(self, shared: Shared, limits: Limits) -> bool:
        """Tell whether it reads the same with another workbook's strings and styles."""
        same = self.limits == limits and self.shared.shows_as(shared, self.content.last_style)
        return same and self.shared.strings == shared.strings


_COMPUTED: OrderedDict[Sealed, bool] = OrderedDict()
_SHEETS: OrderedDict[bytes, _Sheet] = OrderedDict()


def recent_worksheet(data: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    """Return what a worksheet holds, as ``read_worksheet`` does. Raises Unreadable."""
    return _worksheet(data, shared, limits, amended_rows)


def recent_own_worksheet(data: bytes, shared: Shared, limits: Limits) -> WorksheetContent:
    """Return what a worksheet holds that perfxl may have added, as ``read_worksheet`` does. Raises Unreadable."""
    return _worksheet(data, shared, limits, refilled_rows)


def _worksheet(data: bytes, shared: Shared, limits: Limits, read_rows: ReadRows) -> WorksheetContent:
    if len(data) > _SMALL:
        return read_worksheet(data, shared, limits, read_rows)
    known = _SHEETS.get(data)
    if known is not None and known.holds(shared, limits):
        return known.content
    content = read_worksheet(data, shared, limits, read_rows)
    if len(content.cells) <= _CELLS:
        _SHEETS[data] = _Sheet(content, shared, limits)
        if len(_SHEETS) > _MOST_SHEETS:
            _SHEETS.popitem(last=False)
    return content


@if_short(_SMALL, _MOST)
def recent_strings(data: bytes, limits: Limits) -> Sequence[str]:
    """Return the shared strings in order, as ``read_strings`` does. Raises Unreadable."""
    return tuple(read_strings(data, limits))


@if_short(_SMALL_OF_FORM, _FORMS)
def recent_formats(data: bytes, limits: Limits) -> Sequence[str]:
    """Return the number format codes of the cell styles, as ``read_formats`` does. Raises Unreadable."""
    return read_formats(data, limits)


@if_short(_SMALL_OF_FORM, _FORMS)
def recent_outline(data: bytes, limits: Limits) -> Outline:
    """Return what a workbook part says, as ``read_outline`` does. Raises Unreadable."""
    return read_outline(data, limits)


def recently_computed(package: Package, part: str) -> bool:
    """Tell whether nothing on a worksheet is typed, as ``is_computed`` does. Raises Unreadable.

    What is remembered is the part as it is packed: it need not be inflated again.
    """
    sealed = package.sealed(part)
    known = _COMPUTED.get(sealed)
    if known is not None:
        return known
    computed = is_computed(package.read(part))
    if len(sealed.packed) <= _SMALL_OF_FORM:
        _COMPUTED[sealed] = computed
        if len(_COMPUTED) > _FORMS:
            _COMPUTED.popitem(last=False)
    return computed
