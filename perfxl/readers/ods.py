"""An OpenDocument spreadsheet (.ods) as a Book: what the package says around its cells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from msgspec import Struct, field

from perfxl.model.grid import Book
from perfxl.model.moment import read_moment
from perfxl.package.limits import Limits
from perfxl.package.package import Package
from perfxl.package.scan import scan
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_count
from perfxl.readers.identify import CONTENT, MANIFEST
from perfxl.readers.ods_content import read_content
from perfxl.readers.ods_styles import Styles, read_styles

STYLES = "styles.xml"
_META = "meta.xml"
_SCRIPTS = ("Basic/", "Scripts/")


def read_ods(package: Package, limits: Limits) -> Book:
    """Read an OpenDocument spreadsheet. Raises Unreadable."""
    if MANIFEST in package and b"encryption-data" in package.read(MANIFEST):
        raise Unreadable(UnreadableReason.ENCRYPTED, "文件已加密")
    data = package.read(CONTENT)
    styles = Styles()
    if STYLES in package:
        read_styles(package.read(STYLES), styles, limits)
    read_styles(data, styles, limits)
    content = read_content(data, styles, limits)
    try:
        meta = _read_meta(package.read(_META), limits) if _META in package else _Meta()
    except Unreadable:
        meta = _Meta()  # a return is not refused for what stands beside the form
    return Book(
        format="ods",
        sheets=tuple(content.sheets),
        properties=meta.properties,
        names=content.names,
        macros=any(name.startswith(_SCRIPTS) for name in package.names),
        external_links=content.external_links,
        modified=meta.modified,
    )


class _Meta(Struct):
    properties: dict[str, str] = field(default_factory=dict)
    modified: dt.datetime | None = None


def _read_meta(data: bytes, limits: Limits) -> _Meta:
    """Return the properties that a user defined, and when the file was saved last; UTC where it names no zone."""
    meta = _Meta()
    pieces: list[str] = []
    name = ""

    def opened(_: int, element: str, attributes: Mapping[str, str]) -> None:
        nonlocal name
        pieces.clear()
        name = attributes.get("meta:name", "") if element == "user-defined" else ""

    def closed(_: int, element: str) -> None:
        if element == "user-defined":
            meta.properties[name] = "".join(pieces)
            check_count(len(meta.properties), limits)
        elif element == "date":
            # Fractions of a second may be longer than ISO 8601 readers take.
            meta.modified = read_moment("".join(pieces).strip()[:26])

    scan(data, limits, opened, closed, pieces.append)
    return meta
