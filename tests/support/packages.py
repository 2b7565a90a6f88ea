"""Workbooks as text that a person can compare: part by part, as indented XML."""

from __future__ import annotations

import difflib
import hashlib
import io
import re
import zipfile

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
STRINGS = "xl/sharedStrings.xml"

_HEAD = re.compile(r"^=== (.+) ===\n", re.MULTILINE)


def parts(package: bytes) -> dict[str, bytes]:
    """Return the parts of a package by name, in the order in which they stand. Raises BadZipFile."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def readable(package: bytes) -> str:
    """Return a workbook as one text: each part under its name, XML indented, anything else by size and hash.

    A cell that points into the shared strings shows its string, so that a new label does not change all cells
    after it.
    """
    inside = parts(package)
    strings = _strings(inside[STRINGS]) if STRINGS in inside else []
    return "".join(f"=== {name} ===\n{_readable_part(content, strings)}\n" for name, content in inside.items())


def differences(before: str, after: str) -> str:
    """Return what differs between two readable workbooks, "" where nothing does; lines as in a unified diff."""
    old, new = _sections(before), _sections(after)
    found: list[str] = []
    for name in old | new:
        found += difflib.unified_diff(
            old.get(name, "").splitlines(), new.get(name, "").splitlines(), name, name, lineterm="", n=2
        )
    if not found and list(old) != list(new):
        found = ["the parts stand in another order:", *new]
    return "\n".join(found)


def _strings(part: bytes) -> list[str]:
    return ["".join(text.text or "" for text in item.iter(f"{MAIN}t")) for item in etree.fromstring(part)]


def _readable_part(content: bytes, strings: list[str]) -> str:
    try:
        root = etree.fromstring(content)
    except etree.XMLSyntaxError:
        return f"{len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}"
    for cell in root.iterfind(f"{MAIN}sheetData/{MAIN}row/{MAIN}c[@t='s']"):
        value = cell.find(f"{MAIN}v")
        value.text = strings[int(value.text)]
    _as_above(root)
    etree.indent(root)
    return str(etree.tostring(root, encoding="unicode"))


def _as_above(root: etree._Element) -> None:
    """Leave out the rows that watch a table and say the same of their line as the row above does of its own."""
    above = None
    for row in root.findall(f"{MAIN}sheetData/{MAIN}row"):
        own = re.sub(rf"(?<=[A-Z]){row.get('r')}(?![0-9])", "#", etree.tostring(row, encoding="unicode"))
        own = re.sub(r"\+[0-9]+(?=&lt;|,0\))|<v>[0-9.]*</v>", "", own).replace(f'r="{row.get("r")}"', "")
        if own == above and "f>" in own:
            row.getparent().remove(row)
        above = own


def _sections(text: str) -> dict[str, str]:
    _, *pieces = _HEAD.split(text)
    return dict(zip(pieces[::2], pieces[1::2], strict=True))
