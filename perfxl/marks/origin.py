"""What a marked copy was made from: the hash of the return travels with it, so that a corrected one is known to follow.

It stands in a document property, which every program keeps, and on the list of findings, which an officer may delete.
"""

from __future__ import annotations

import re

from perfxl.marks.error_list import is_finding_list
from perfxl.model.grid import Book
from perfxl.package.draft import PackageDraft
from perfxl.package.splice import Markup, Node, quoted

PROPERTY = "_perfxl_marked_from"
ON_LIST = "原件指纹 "
"""What stands before the hash on the list."""

_HASH = re.compile(r"[0-9a-f]{64}")
_ON_LIST = re.compile(rf"{ON_LIST}([0-9a-f]{{64}})")
_PART, _TYPE = "docProps/custom.xml", "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties"
_TEXTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_EMPTY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties" '
    f'xmlns:vt="{_TEXTS}"/>'
).encode()
_FIRST = 2  # numbers of properties begin there


def origin_of(book: Book) -> str | None:
    """Return the hash of what a workbook was made from as a marked copy, None where it is no such copy."""
    stated = book.properties.get(PROPERTY, "")
    if _HASH.fullmatch(stated):
        return stated
    lists = (grid for grid in book.sheets if is_finding_list(grid))
    lines = (cell.value for grid in lists for cell in grid.cells.values() if cell.column == 1)
    found = (_ON_LIST.search(line) for line in lines if isinstance(line, str))
    return next((match[1] for match in found if match), None)


def write_origin(draft: PackageDraft, sha256: str) -> None:
    """Note what the workbook is made from, in the place of what was noted before. Raises Malformed, Unreadable."""
    part = _properties_part(draft)
    if part is None:
        part = draft.free("docProps/custom{}.xml") if _PART in draft else _PART
        draft.add(part, Markup(_EMPTY), _TYPE)
        draft.relate("", _RELATION, part)
    properties = draft.markup(part)
    for node in _noted(properties):
        properties.remove(node)
    numbers = [int(n) for node in properties.root.children if (n := node.attributes.get("pid", "")).isdecimal()]
    properties.append(
        properties.root,
        '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" '
        f'pid="{max(numbers, default=_FIRST - 1) + 1}" name="{PROPERTY}">'
        f'<vt:lpwstr xmlns:vt="{_TEXTS}">{quoted(sha256)}</vt:lpwstr></property>',
    )


def take_origin_off(draft: PackageDraft) -> bool:
    """Take the note out again; tell whether there was one. Raises Malformed, Unreadable."""
    part = _properties_part(draft)
    if part is None or PROPERTY.encode() not in draft.read(part):
        return False
    properties = draft.markup(part)
    noted = _noted(properties)
    for node in noted:
        properties.remove(node)
    return bool(noted)


def _properties_part(draft: PackageDraft) -> str | None:
    found = (one.target for one in draft.package.relations("") if one.kind in {"custom-properties", "customProperties"})
    return next((part for part in found if part in draft), None)


def _noted(properties: Markup) -> list[Node]:
    return [node for node in properties.root.children if node.attributes.get("name") == PROPERTY]
