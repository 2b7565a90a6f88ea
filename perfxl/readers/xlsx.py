"""A package of Office Open XML as a Book: .xlsx and .xlsm, whose parts are XML, and .xlsb, whose parts are records."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence

from msgspec import Struct

from perfxl.model.grid import Book, Grid
from perfxl.model.stamp import INSTRUCTIONS, OWN, ROWS
from perfxl.package.limits import Limits
from perfxl.package.outline import Outline, SheetEntry, read_modified, read_properties
from perfxl.package.package import Package, Relation
from perfxl.package.scan import check_well_formed
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_count
from perfxl.readers.recent import (
    recent_formats,
    recent_outline,
    recent_own_worksheet,
    recent_strings,
    recent_worksheet,
    recently_computed,
)
from perfxl.readers.worksheet_scan import Shared, WorksheetContent
from perfxl.readers.xlsb import read_binary_formats, read_binary_outline, read_binary_strings, read_binary_worksheet

_NO_CONTENT = WorksheetContent({}, ())
_OWN = OWN | {INSTRUCTIONS}
MACRO_RELATIONS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}
_PROPERTY_RELATIONS = {"custom-properties", "customProperties"}
"""Transitional and strict."""
_CORE_RELATIONS = {"core-properties", "coreProperties"}
"""Likewise."""


class _Parts(Struct, frozen=True):
    """How the parts of a workbook are read; each raises Unreadable."""

    outline: Callable[[bytes, Limits], Outline]
    strings: Callable[[bytes, Limits], Sequence[str]]
    formats: Callable[[bytes, Limits], Sequence[str]]
    worksheet: Callable[[bytes, Shared, Limits], WorksheetContent]
    own_worksheet: Callable[[bytes, Shared, Limits], WorksheetContent]
    """The same for a sheet that perfxl may have added."""


_XML = _Parts(recent_outline, recent_strings, recent_formats, recent_worksheet, recent_own_worksheet)
_BINARY = _Parts(
    read_binary_outline, read_binary_strings, read_binary_formats, read_binary_worksheet, read_binary_worksheet
)


def read_xlsx(package: Package, part: str, limits: Limits) -> Book:
    """Read the workbook whose main part is ``part``, in XML or binary. Raises Unreadable."""
    outline = _outline(package, part, limits)
    kinds = {relation.kind for relation in package.relations(part)}
    with_macros = "vbaProject" in kinds or "macroenabled" in package.content_type(part).lower()
    return Book(
        modified=package_modified(package, limits),
        format="xlsb" if _is_binary(package, part) else "xlsm" if with_macros else "xlsx",
        sheets=_read_sheets(package, part, outline, limits, 0),
        properties=package_properties(package, limits),
        names=outline.names,
        macros=not kinds.isdisjoint(MACRO_RELATIONS),
        external_links="externalLink" in kinds,
    )


def read_sheets(package: Package, part: str, limits: Limits, unread: int = 0) -> tuple[Grid, ...]:
    """Read the sheets of the workbook whose main part is ``part``. Raises Unreadable.

    Of so many sheets in front it is only told whether they are sound; they come without cells.
    """
    return _read_sheets(package, part, _outline(package, part, limits), limits, unread)


def _outline(package: Package, part: str, limits: Limits) -> Outline:
    return (_BINARY if _is_binary(package, part) else _XML).outline(package.read(part), limits)


def _read_sheets(package: Package, part: str, outline: Outline, limits: Limits, unread: int) -> tuple[Grid, ...]:
    binary = _is_binary(package, part)
    parts = _BINARY if binary else _XML
    relations = package.relations(part)
    strings = part_of(package, relations, {"sharedStrings"})
    styles = part_of(package, relations, {"styles"})
    shared = Shared(
        strings=parts.strings(package.read(strings), limits) if strings else (),
        formats=parts.formats(package.read(styles), limits) if styles else (),
        date1904=outline.date1904,
    )

    def read_sheet(position: int, entry: SheetEntry, target: str) -> WorksheetContent:
        if position < unread:
            check_well_formed(package.read(target))
            return _NO_CONTENT
        # The sheet on which tables are watched holds nothing of the officer's, and much of it.
        if entry.hidden and entry.name == ROWS and not binary and recently_computed(package, target):
            return _NO_CONTENT
        worksheet = parts.own_worksheet if entry.name in _OWN else parts.worksheet
        return worksheet(package.read(target), shared, limits)

    return tuple(_sheets(relations, outline, read_sheet, limits))


def _is_binary(package: Package, part: str) -> bool:
    return "binary" in package.content_type(part).lower() or part.lower().endswith(".bin")


def package_properties(package: Package, limits: Limits) -> dict[str, str]:
    """Return the custom document properties of a package, none where they cannot be read."""
    part = part_of(package, package.relations(""), _PROPERTY_RELATIONS)
    try:
        return read_properties(package.read(part), limits) if part else {}
    except Unreadable:
        return {}  # a return is not refused for what stands beside the form


def package_modified(package: Package, limits: Limits) -> dt.datetime | None:
    """Return when a package was saved last, None where it does not say."""
    part = part_of(package, package.relations(""), _CORE_RELATIONS)
    try:
        return read_modified(package.read(part), limits) if part else None
    except Unreadable:
        return None  # likewise


def part_of(package: Package, relations: Sequence[Relation], kinds: Collection[str]) -> str | None:
    """Return the first part of a kind, None where there is none: strings and styles may be missing."""
    parts = (relation.target for relation in relations if relation.kind in kinds and not relation.external)
    return next((part for part in parts if part in package), None)


def _sheets(
    relations: Sequence[Relation],
    outline: Outline,
    read_sheet: Callable[[int, SheetEntry, str], WorksheetContent],
    limits: Limits,
) -> Iterator[Grid]:
    """Yield the sheets in the order of their tabs; chart, dialog and macro sheets too, without cells.

    A sheet whose part is not there or cannot be read has no cells either, and says so.
    """
    by_id = {relation.id: relation for relation in relations if not relation.external}
    seen: set[str] = set()
    used = 0
    for position, entry in enumerate(outline.sheets):
        relation = by_id.get(entry.relation)
        content, damaged = _NO_CONTENT, relation is None or relation.target in seen
        # A part under two tabs is never written, but one large part under thousands is cheap to forge.
        if relation is not None and relation.kind == "worksheet" and not damaged:
            seen.add(relation.target)
            try:
                content = read_sheet(position, entry, relation.target)
            except Unreadable as problem:
                if problem.reason is not UnreadableReason.DAMAGED:
                    raise
                damaged = True
        used += len(content.cells)
        check_count(used, limits)
        local = outline.local_names.get(position, {})
        shape = content.unseen, content.widths
        yield Grid(entry.name, content.cells, content.merges, entry.hidden, local, damaged, *shape)
