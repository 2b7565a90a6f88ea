"""Rows of which another state was read a moment ago: only those that differ are read.

A marked copy, which is held against its return, differs from that in the rows that were marked. Rows that are the same
bytes hold the same where each reads by itself as it does among the others.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from perfxl.model.grid import GridCell
from perfxl.model.regex import deferred
from perfxl.package.limits import Limits
from perfxl.readers.worksheet import RowsContent, read_rows_apart
from perfxl.readers.worksheet_scan import Shared, row_tag

_SMALL, _MOST = 250_000, 4
"""Bytes of rows that are remembered; of how many sheets they are."""
_NUMBER = deferred(rb'\s*(?:[\w:.-]+="[^<>"]*"\s+)*?r="([1-9][0-9]{0,6})"')


class _Read(NamedTuple):
    """Rows as they were read, one by one, and what their reading depended on; ``tag`` is what each begins with."""

    tag: bytes
    rows: Sequence[bytes]
    content: RowsContent
    shared: Shared
    limits: Limits

    def holds(self, shared: Shared, limits: Limits) -> bool:
        """Tell whether its cells are those of a workbook with these strings and styles."""
        same = self.limits == limits and self.shared.strings is shared.strings
        return same and self.shared.shows_as(shared, self.content.last_style)


_RECENT: deque[_Read] = deque(maxlen=_MOST)


def amended_rows(rows: bytes, shared: Shared, limits: Limits) -> RowsContent:
    """Return what rows hold, as ``read_rows_apart`` does. Raises ValueError or Unreadable likewise."""
    if len(rows) > _SMALL:
        return read_rows_apart(rows, shared, limits)
    tag = row_tag(rows)
    split = rows.split(tag)
    for known in reversed(_RECENT):
        if known.tag == tag and len(known.rows) == len(split) and known.holds(shared, limits):
            content = _amended(known, split, shared, limits)
            if content is not None:
                return content
    content = read_rows_apart(rows, shared, limits)
    _RECENT.append(_Read(tag, split, content, shared, limits))
    return content


def _amended(known: _Read, rows: Sequence[bytes], shared: Shared, limits: Limits) -> RowsContent | None:
    """Return what rows hold of which most are known; None where they are not, or are not the same ones."""
    changed = [pair for pair in zip(known.rows, rows, strict=True) if pair[0] != pair[1]]
    if 2 * len(changed) > len(rows):
        return None
    numbers = [(_NUMBER.match(one), _NUMBER.match(other)) for one, other in changed]
    places = {int(one[1]) for one, other in numbers if one is not None and other is not None and one[1] == other[1]}
    if len(places) < len(changed):
        return None
    own, old = read_rows_apart(b"".join(known.tag + row for _, row in changed), shared, limits), known.content
    cells = _with_rows(old.cells, own.cells, places)
    hidden = frozenset(row for row in old.hidden if row not in places)
    content = RowsContent(cells, hidden | own.hidden, max(old.last_style, own.last_style))
    return content if len(cells) <= limits.max_cells else None


def _with_rows(
    cells: Mapping[tuple[int, int], GridCell], own: Mapping[tuple[int, int], GridCell], rows: Collection[int]
) -> dict[tuple[int, int], GridCell]:
    """Return cells in reading order, those of some rows replaced by their own."""
    gone = [place for place in cells if place[0] in rows and place not in own]
    new = {**cells, **own}
    for place in gone:
        del new[place]
    return new if len(new) + len(gone) == len(cells) else dict(sorted(new.items()))
