"""What the workbook part says of the whole: sheets in order, names, the date system; and the custom properties."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from msgspec import Struct, field

from perfxl.model.moment import read_moment
from perfxl.package.limits import Limits
from perfxl.package.scan import attribute, is_true, scan, whole
from perfxl.package.strings import unescape
from perfxl.package.unreadable import check_count


class SheetEntry(NamedTuple):
    """A sheet's tab: its name, the id of the relation to its part, whether it is hidden or very hidden."""

    name: str
    relation: str
    hidden: bool


class Outline(Struct):
    """The workbook part; ``local_names`` by the sheet's position, from 0. Names map to what they refer to."""

    sheets: list[SheetEntry] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    local_names: dict[int, dict[str, str]] = field(default_factory=dict)
    date1904: bool = False


def read_outline(data: bytes, limits: Limits) -> Outline:
    """Return what a workbook part says. Raises Unreadable, also for another kind of part."""
    outline = Outline()
    section = ""
    pieces: list[str] = []
    target: dict[str, str] = {}
    name = ""
    count = 0

    def opened(depth: int, element: str, attributes: Mapping[str, str]) -> None:
        nonlocal section, target, name
        pieces.clear()
        if depth == 1 and element != "workbook":
            raise ValueError(element)
        if depth == 2:
            section = element
            if element == "workbookPr":
                outline.date1904 = is_true(attributes.get("date1904"))
        elif depth == 3 and section == "sheets" and element == "sheet":
            hidden = attributes.get("state", "visible").lower() != "visible"
            outline.sheets.append(SheetEntry(attributes.get("name", ""), attribute(attributes, "id") or "", hidden))
        elif depth == 3 and section == "definedNames" and element == "definedName":
            name = attributes.get("name", "")
            sheet = whole(attributes.get("localSheetId"), -1)
            target = outline.names if sheet < 0 else outline.local_names.setdefault(sheet, {})

    def closed(depth: int, element: str) -> None:
        nonlocal count
        if depth == 3 and section == "definedNames" and element == "definedName":
            target[name] = "".join(pieces)
            count += 1
            check_count(count, limits)

    scan(data, limits, opened, closed, pieces.append)
    return outline


def read_properties(data: bytes, limits: Limits) -> dict[str, str]:
    """Return the custom document properties as text: a number or truth value as it is written. Raises Unreadable."""
    properties: dict[str, str] = {}
    pieces: list[str] = []
    name = ""

    def opened(depth: int, element: str, attributes: Mapping[str, str]) -> None:
        nonlocal name
        if depth == 2 and element == "property":
            name = attributes.get("name", "")
            pieces.clear()

    def closed(depth: int, element: str) -> None:
        if depth == 2 and element == "property":
            properties[name] = unescape("".join(pieces).strip())
            check_count(len(properties), limits)

    scan(data, limits, opened, closed, pieces.append)
    return properties


def read_modified(data: bytes, limits: Limits) -> dt.datetime | None:
    """Return when a workbook was saved last by its core properties, in UTC; None where they do not say.

    Raises Unreadable. A time without a zone is taken for UTC, as the standard demands of writers.
    """
    pieces: list[str] = []
    within = ""

    def opened(depth: int, element: str, _: Mapping[str, str]) -> None:
        nonlocal within
        within = element if depth == 2 else within

    def read(text: str) -> None:
        if within == "modified":
            pieces.append(text)

    scan(data, limits, opened, None, read)
    return read_moment("".join(pieces))
