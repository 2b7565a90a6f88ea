"""What is said next to a drawn sheet: one remark for each message, in the order of the sheet, with the cells that it is about.

A cell names its remarks by their identities (``aria-describedby``), a remark its cells by theirs (``data-cell``): a screen
reader reads both together, and a script leads from one to the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.reporting.entries import ReportEntry, entries
from perfxl.reporting.typeset import visible

MOST_PLACES = 12
"""Cells that a remark names; of more it says how many."""


class Remark(Struct, frozen=True):
    """A message next to a sheet: ``identity`` is that of its text, ``cells`` the identities of its cells by their names."""

    identity: str
    entry: ReportEntry
    cells: Mapping[str, str]


def remarks(findings: Iterable[Finding], cells: Mapping[str, str], identity: str) -> tuple[Remark, ...]:
    """Return the remarks on a sheet; equal messages are one.

    ``cells`` has the identities of its drawn cells by the cells that findings name, in the order of the sheet; findings
    elsewhere are left out. ``identity`` is what the identities begin with.
    """
    order = {cell: place for place, cell in enumerate(cells)}
    found = sorted((one for one in findings if one.cell in cells), key=lambda one: order[one.cell or ""])
    return tuple(
        Remark(f"{identity}-said{number}", entry, {one.cell: cells[one.cell] for one in entry.findings if one.cell})
        for number, entry in enumerate(entries(found))
    )


def remarks_html(found: Sequence[Remark], sheet: str) -> str:
    """Return remarks as an HTML list, "" where there are none."""
    if not found:
        return ""
    return f'<ol class="remarks" aria-label="“{_plain(sheet)}”的审核意见">{"".join(map(_item, found))}</ol>'


def _item(remark: Remark) -> str:
    entry = remark.entry
    links = "".join(
        f' <a href="#{escape(target)}" data-cell="{escape(target)}" aria-label="到单元格 {_plain(cell)}">{_plain(cell)}</a>'
        for cell, target in list(remark.cells.items())[:MOST_PLACES]
    )
    rest = f" 等 {len(remark.cells)} 处" if len(remark.cells) > MOST_PLACES else ""
    # A hint is short: nobody has to do anything about it, and it must not crowd out what somebody has to.
    named = entry.label and entry.severity is not Severity.INFO
    label = f'<b class="label">{_plain(entry.label)}</b> ' if named else ""
    return (
        f'<li class="{entry.severity.value}"><span class="about"><b>{entry.severity.chinese}</b>{links}{rest}</span> '
        f'<span class="said" id="{escape(remark.identity)}">{label}{_plain(entry.message)}</span></li>'
    )


def _plain(text: str) -> str:
    return escape(visible(text))
