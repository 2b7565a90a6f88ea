"""One pass of expat over a part of a package, whatever prefixes its elements carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pyexpat import ExpatError, ParserCreate, XMLParserType
from typing import NoReturn, TypeAlias

from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason

Opened: TypeAlias = Callable[[int, str, Mapping[str, str]], None]
"""Takes an element's depth (the root's is 1), its name without prefix, and its attributes as written."""
Closed: TypeAlias = Callable[[int, str], None]
"""Takes the depth and the name of the element that ends."""
Read: TypeAlias = Callable[[str], None]
"""Takes a piece of text; the text of one element may come in several."""


def scan(data: bytes, limits: Limits, opened: Opened, closed: Closed | None = None, read: Read | None = None) -> None:
    """Walk through an XML part and report its elements in order.

    Names come without their prefix, so that transitional and strict files and those of every program read the same;
    who must not confuse equal names of two vocabularies goes by the depth. Raises Unreadable for what is no XML, for
    a document type (entities are the one thing in XML that can explode), for too many or too deeply nested elements,
    and when a handler raises ValueError or KeyError: the part says what cannot be, or leaves out what must be there.
    """
    # Every element has at least one "<": a bound on the work that costs next to nothing to check.
    if data.count(b"<") > 2 * limits.max_elements:
        raise Unreadable(UnreadableReason.TOO_LARGE, f"内部一个部件的元素超过 {limits.max_elements} 个")
    parser = ParserCreate()
    parser.buffer_text = True
    depth = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits.max_depth:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"内部元素的嵌套超过 {limits.max_depth} 层")
        opened(depth, _local(name) if ":" in name else name, attributes)

    def end(name: str) -> None:
        nonlocal depth
        if closed:
            closed(depth, _local(name) if ":" in name else name)
        depth -= 1

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = read
    parser.StartDoctypeDeclHandler = _refuse_document_type
    _parse(parser, data)


def check_well_formed(data: bytes) -> None:
    """Refuse what is no XML, or has a document type: raises Unreadable."""
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_document_type
    _parse(parser, data)


def _parse(parser: XMLParserType, data: bytes) -> None:
    try:
        parser.Parse(data, True)
    except (ExpatError, ValueError, LookupError) as error:  # LookupError: of an encoding, too
        raise Unreadable(UnreadableReason.DAMAGED, "内部内容不完整或有错") from error


def attribute(attributes: Mapping[str, str], name: str) -> str | None:
    """Return an attribute by its name without prefix (``r:id`` as ``id``), None where it is missing."""
    for key, value in attributes.items():
        if _local(key) == name:
            return value
    return None


def whole(value: str | None, otherwise: int) -> int:
    """Return the whole number that an attribute states, another one where it is missing, empty or no number.

    Programs take it so, too: an attribute that may be left out does not make a file unreadable.
    """
    try:
        return int(value) if value else otherwise
    except ValueError:
        return otherwise


def is_true(value: str | None) -> bool:
    """Tell whether an attribute of XML's boolean type, or a boolean cell, says yes."""
    return value is not None and value.strip().lower() in {"1", "true", "on"}


def _local(name: str) -> str:
    return name[name.find(":") + 1 :]


def _refuse_document_type(*_: object) -> NoReturn:
    raise Unreadable(UnreadableReason.DAMAGED, "内部含有表格文件不应有的声明")
