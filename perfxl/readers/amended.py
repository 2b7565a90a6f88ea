"""Rows of which another state was read a moment ago: only those that differ are read.

A marked copy, which is held against its return, differs from that in the rows that were marked. Rows that are the same
bytes hold the same, for each says its number, and so do its cells.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.readers.worksheet import RowsContent, read_rows
from perfxl.readers.worksheet_scan import Shared

_SMALL, _MOST = 250_000, 4
"""Bytes of rows that are remembered; of how many sheets they are."""
_ROW = b"<row "
_NUMBER = deferred(rb'r="([1-9][0-9]{0,5})"')


class _Read(NamedTuple):
    """Rows as they were read, and what their reading depended on."""

    rows: bytes
    content: RowsContent
    shared: Shared
    limits: Limits

    def holds(self, shared: Shared, limits: Limits) -> bool:
        """Tell whether its cells are those of a workbook with these strings and styles."""
        same = self.limits == limits and self.shared.strings is shared.strings
        return same and self.shared.shows_as(shared, self.content.last_style)


_RECENT: deque[_Read] = deque(maxlen=_MOST)


def amended_rows(rows: bytes, shared: Shared, limits: Limits) -> RowsContent:
    """Return what rows hold, as ``read_rows`` does. Raises ValueError or Unreadable likewise."""
    if len(rows) > _SMALL:
        return read_rows(rows, shared, limits)
    for known in reversed(_RECENT):
        content = _amended(known, rows, shared, limits) if known.holds(shared, limits) else None
        if content is not None:
            return content
    content = read_rows(rows, shared, limits)
    _RECENT.append(_Read(rows, content, shared, limits))
    return content


def _amended(known: _Read, rows: bytes, shared: Shared, limits: Limits) -> RowsContent | None:
    """Return what rows hold of which most are known; None where they are not, or are not the same ones."""
    before, after = known.rows.split(_ROW), rows.split(_ROW)
    changed = [(one, other) for one, other in zip(before, after, strict=False) if one != other]
    if len(before) != len(after) or 2 * len(changed) > len(after):
        return None
    numbers = [(_NUMBER.match(one), _NUMBER.match(other)) for one, other in changed]
    places = {int(one[1]) for one, other in numbers if one is not None and other is not None and one[1] == other[1]}
    if len(places) < len(changed):
        return None
    own = read_rows(b"".join(_ROW + row for _, row in changed), shared, limits)
    old = known.content
    cells = {place: cell for place, cell in old.cells.items() if place[0] not in places}
    hidden = frozenset(row for row in old.hidden if row not in places)
    return RowsContent(
        dict(sorted((cells | own.cells).items())), hidden | own.hidden, max(old.last_style, own.last_style)
    )
