"""A returned .xlsx or .xlsm, given as bytes, as a Book of Grids; or the one finding that says why not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence

from perfxl.model.finding import Finding
from perfxl.model.grid import Book, Grid
from perfxl.workbook.bounds import check_count
from perfxl.workbook.identify import identify, identify_archive
from perfxl.workbook.limits import DEFAULT, Limits
from perfxl.workbook.outline import Outline, read_modified, read_outline, read_properties
from perfxl.workbook.package import Package, Reason, Relation, Unreadable
from perfxl.workbook.refusal import refuse, refuse_kind
from perfxl.workbook.strings import read_strings
from perfxl.workbook.styles import read_formats
from perfxl.workbook.worksheet import Content, Shared, read_worksheet

_USUAL_PART = "xl/workbook.xml"
_NO_CONTENT = Content({}, ())
_MACRO_RELATIONS = {"vbaProject", "xlMacrosheet", "xlIntlMacrosheet"}
_PROPERTY_RELATIONS = {"custom-properties", "customProperties"}
"""Transitional and strict."""
_CORE_RELATIONS = {"core-properties", "coreProperties"}
"""Likewise."""


def read_book(data: bytes, limits: Limits = DEFAULT) -> Book | Finding:
    """Read a returned file; what it is, its content says.

    Returns the workbook, or F01 (no workbook, or damaged), F02 (encrypted) or F03 (over a limit). Raises nothing,
    whatever the bytes are. The bytes are not changed, macros not run, links not followed.
    """
    try:
        kind = identify(data)
        return refuse_kind(kind) if kind else _read(data, limits)
    except Unreadable as problem:
        return refuse(problem)


def _read(data: bytes, limits: Limits) -> Book | Finding:
    try:
        package = Package.open(data, limits)
    except Unreadable as problem:
        if problem.reason is Reason.NOT_A_PACKAGE:
            return refuse_kind(identify_archive(data, limits))
        raise
    part = _workbook_part(package)
    if part is None:
        return refuse_kind(identify_archive(data, limits))
    return _book(package, part, limits)


def _workbook_part(package: Package) -> str | None:
    """Return the part that is the workbook, None where the package holds something else."""
    main = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    for part in (*main, _USUAL_PART):
        kind = package.content_type(part).lower()
        if part in package and ("spreadsheetml" in kind or "ms-excel" in kind or part.lower() == _USUAL_PART):
            return None if "binary" in kind else part
    return None


def _book(package: Package, part: str, limits: Limits) -> Book:
    relations = package.relations(part)
    kinds = {relation.kind for relation in relations}
    outline = read_outline(package.read(part), limits)
    strings = _part_of(package, relations, {"sharedStrings"})
    styles = _part_of(package, relations, {"styles"})
    properties = _part_of(package, package.relations(""), _PROPERTY_RELATIONS)
    shared = Shared(
        strings=read_strings(package.read(strings), limits) if strings else (),
        formats=read_formats(package.read(styles), limits) if styles else (),
        date1904=outline.date1904,
    )
    with_macros = "vbaProject" in kinds or "macroenabled" in package.content_type(part).lower()
    return Book(
        modified=_modified(package, limits),
        format="xlsm" if with_macros else "xlsx",
        sheets=tuple(_sheets(package, relations, outline, shared, limits)),
        properties=read_properties(package.read(properties), limits) if properties else {},
        names=outline.names,
        date1904=outline.date1904,
        macros=not kinds.isdisjoint(_MACRO_RELATIONS),
        external_links="externalLink" in kinds,
    )


def _modified(package: Package, limits: Limits) -> dt.datetime | None:
    part = _part_of(package, package.relations(""), _CORE_RELATIONS)
    try:
        return read_modified(package.read(part), limits) if part else None
    except Unreadable:
        return None  # a return is not refused for what stands beside the form


def _part_of(package: Package, relations: Sequence[Relation], kinds: Collection[str]) -> str | None:
    """Return the first part of a kind, None where there is none: strings and styles may be missing."""
    parts = (relation.target for relation in relations if relation.kind in kinds and not relation.external)
    return next((part for part in parts if part in package), None)


def _sheets(
    package: Package, relations: Sequence[Relation], outline: Outline, shared: Shared, limits: Limits
) -> Iterator[Grid]:
    """Yield the sheets in the order of their tabs; chart, dialog and macro sheets too, without cells."""
    by_id = {relation.id: relation for relation in relations if not relation.external}
    seen: set[str] = set()
    used = 0
    for position, entry in enumerate(outline.sheets):
        relation = by_id.get(entry.relation)
        # A part under two tabs is never written, but one large part under thousands is cheap to forge.
        if relation is None or relation.target in seen:
            raise Unreadable(Reason.DAMAGED, f"工作表“{entry.name}”的内容丢失了")
        seen.add(relation.target)
        content = _NO_CONTENT
        if relation.kind == "worksheet":
            content = read_worksheet(package.read(relation.target), shared, limits)
        used += len(content.cells)
        check_count(used, limits)
        yield Grid(entry.name, content.cells, content.merges, entry.hidden, outline.local_names.get(position, {}))
