"""Whether a workbook is one that Excel opens without repairing it: sound zip, whole package, valid parts.

What the schemas of ECMA-376 cannot say and Excel insists on is checked too: indexes that point somewhere, cells in
order, merges that do not overlap. What extensions add (namespaces declared ignorable, contents of ``extLst``) is left
out, as a reader may ignore it. Faults carry no line number, so that those of two versions of a part can be compared.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree

SCHEMA = Path(__file__).resolve().parent.parent / "schemas" / "package.xsd"
OFFICE = "http://schemas.openxmlformats.org"
MAIN = f"{{{OFFICE}/spreadsheetml/2006/main}}"
TYPES = f"{{{OFFICE}/package/2006/content-types}}"
RELATED = f"{{{OFFICE}/officeDocument/2006/relationships}}"
COMPATIBILITY = f"{{{OFFICE}/markup-compatibility/2006}}"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
CHECKED = {
    f"{OFFICE}/spreadsheetml/2006/main",
    f"{OFFICE}/drawingml/2006/spreadsheetDrawing",
    f"{OFFICE}/drawingml/2006/chart",
    f"{OFFICE}/officeDocument/2006/custom-properties",
    f"{OFFICE}/officeDocument/2006/extended-properties",
}

_CELL = re.compile(r"([A-Z]+)(\d+)")


class Fault(NamedTuple):
    """What is wrong, and in which part."""

    part: str
    message: str

    def __str__(self) -> str:
        return f"{self.part}: {self.message}"


def faults(package: bytes) -> list[Fault]:
    """Return all faults of a workbook, none where it is sound."""
    try:
        with zipfile.ZipFile(io.BytesIO(package)) as archive:
            names = archive.namelist()
            contents = {name: archive.read(name) for name in names}  # checks each member's CRC
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        return [Fault("", f"damaged: {error}")]
    found = [Fault(name, f"stands {count} times in the package") for name, count in Counter(names).items() if count > 1]
    roots: dict[str, Any] = {}
    for name, content in contents.items():
        if name.endswith((".xml", ".rels", ".vml")):
            try:
                roots[name] = etree.fromstring(content)
            except etree.XMLSyntaxError as error:
                found.append(Fault(name, f"not well-formed: {error.msg}"))
    found += _types(roots, set(contents))
    found += _relations(roots, set(contents))
    found += _indexes(roots)
    found += _shape(roots)
    found += _schema(roots)  # the last: it takes the extensions out
    return found


def _types(roots: dict[str, Any], names: set[str]) -> Iterator[Fault]:
    """Each part has a content type, each type that is given for a part has its part."""
    here = "[Content_Types].xml"
    if here not in roots:
        yield Fault(here, "is missing")
        return
    suffixes = {entry.get("Extension", "").lower() for entry in roots[here].iter(f"{TYPES}Default")}
    named = {entry.get("PartName", "").lstrip("/") for entry in roots[here].iter(f"{TYPES}Override")}
    for name in sorted(named - names):
        yield Fault(here, f"gives a type for {name}, which is not there")
    for name in sorted(names - named - {here}):
        if name.rpartition(".")[2].lower() not in suffixes and not name.endswith("/"):
            yield Fault(here, f"gives no type for {name}")


def _relations(roots: dict[str, Any], names: set[str]) -> Iterator[Fault]:
    """Relations point to parts that are there, ids are used once, and each ``r:id`` has its relation."""
    for name, root in roots.items():
        if name.endswith(".rels"):
            base = posixpath.dirname(posixpath.dirname(name))
            for identity, count in Counter(entry.get("Id") for entry in root).items():
                if count > 1:
                    yield Fault(name, f"{identity} stands {count} times")
            for entry in root:
                target = posixpath.normpath(posixpath.join("/", base, entry.get("Target", ""))).lstrip("/")
                if entry.get("TargetMode") != "External" and target not in names:
                    yield Fault(name, f"{entry.get('Id')} points to {target}, which is not there")
            continue
        folder, file = posixpath.split(name)
        own = roots.get(posixpath.join(folder, "_rels", f"{file}.rels"), ())
        known = {entry.get("Id") for entry in own}
        for element in root.iter(etree.Element):
            for key, value in element.attrib.items():
                if key.startswith(RELATED) and value and value not in known:
                    yield Fault(name, f"{etree.QName(element).localname} refers to {value}, which is no relation")


def _indexes(roots: dict[str, Any]) -> Iterator[Fault]:
    """Cell formats, differential formats and shared strings that are pointed to are there."""
    styles = roots.get("xl/styles.xml")
    formats = 1 if styles is None else len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
    differential = 0 if styles is None else len(styles.findall(f"{MAIN}dxfs/{MAIN}dxf"))
    strings = roots.get("xl/sharedStrings.xml")
    texts = 0 if strings is None else len(strings.findall(f"{MAIN}si"))
    for name, root in _sheets(roots):
        for cell in root.iter(f"{MAIN}c"):
            if int(cell.get("s", "0")) >= formats:
                yield Fault(name, f"{cell.get('r')} has cell format {cell.get('s')} of {formats}")
            if cell.get("t") == "s" and int(cell.findtext(f"{MAIN}v", "-1")) not in range(texts):
                yield Fault(name, f"{cell.get('r')} has no shared string")
        for rule in root.iter(f"{MAIN}cfRule"):
            if rule.get("dxfId") is not None and int(rule.get("dxfId")) >= differential:
                yield Fault(name, f"a conditional format has differential format {rule.get('dxfId')} of {differential}")


def _shape(roots: dict[str, Any]) -> Iterator[Fault]:
    """Rows and cells ascend, and no two merges share a cell."""
    for name, root in _sheets(roots):
        last = (0, 0)
        for cell in root.iter(f"{MAIN}c"):
            here = _place(cell.get("r", "A1"))
            if here <= last:
                yield Fault(name, f"{cell.get('r')} stands out of order")
            last = here
        taken: list[tuple[int, int, int, int]] = []
        for merge in root.iter(f"{MAIN}mergeCell"):
            first, _, end = merge.get("ref", "").partition(":")
            (top, left), (bottom, right) = _place(first), _place(end or first)
            if any(top <= b and t <= bottom and left <= r and le <= right for t, le, b, r in taken):
                yield Fault(name, f"the merge {merge.get('ref')} overlaps another")
            taken.append((top, left, bottom, right))


def _schema(roots: dict[str, Any]) -> Iterator[Fault]:
    schema = _load_schema()
    for name, root in roots.items():
        if etree.QName(root).namespace in CHECKED and not schema.validate(_without_extensions(root)):
            yield from (Fault(name, entry.message) for entry in schema.error_log)


def _sheets(roots: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    return ((name, root) for name, root in roots.items() if root.tag == f"{MAIN}worksheet")


def _place(cell: str) -> tuple[int, int]:
    found = _CELL.fullmatch(cell)
    if not found:
        return (0, 0)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


@cache
def _load_schema() -> Any:
    return etree.XMLSchema(etree.parse(SCHEMA))


def _without_extensions(root: Any) -> Any:
    """Take out what a reader may ignore; of each choice the fallback stays. Changes the tree."""
    for choice in list(root.iter(f"{COMPATIBILITY}AlternateContent")):
        parent = choice.getparent()
        if parent is None:
            continue
        at = parent.index(choice)
        kept = choice.find(f"{COMPATIBILITY}Fallback")
        parent[at : at + 1] = [] if kept is None else list(kept)
    ignorable = set()
    for element in root.iter(etree.Element):
        prefixes = element.attrib.pop(f"{COMPATIBILITY}Ignorable", "").split()
        ignorable |= {element.nsmap[prefix] for prefix in prefixes if prefix in element.nsmap}
    for element in list(root.iter(etree.Element)):
        element.attrib.pop(XML_SPACE, None)  # allowed on any element, though the schemas do not say so
        for key in list(element.attrib):
            if etree.QName(key).namespace in ignorable:
                del element.attrib[key]
        parent = element.getparent()
        if parent is None:
            continue
        in_list = etree.QName(parent).localname == "ext"
        if etree.QName(element).namespace in ignorable and not in_list:
            parent.remove(element)
    return root
