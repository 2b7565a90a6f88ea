"""Changing a part in place: pieces cut out of its bytes and put in, all the rest untouched, and the way back.

A part is parsed once for the offsets of its elements; edits are gathered and applied together. New elements are
written without prefix and get the part's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple
from xml.parsers import expat
from xml.sax.saxutils import escape

_HEAD = re.compile(rb"<[^\s/>]+(?:[^>\"']|\"[^\"]*\"|'[^']*')*>")
_TAG = re.compile(rb"<([^\s/>]+)")
_ATTRIBUTE = re.compile(rb"(\s+)([^\s=]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_UNPREFIXED = re.compile(r"<(/?)(?=\w+[\s/>])")
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_BYTE_ORDER = (b"\xff\xfe", b"\xfe\xff")
_DEEPEST = 256
_HEADLINE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# What an XML 1.0 text cannot hold, and lone surrogates, which UTF-8 cannot.
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Spreadsheets read _x000D_ as a character; a text that happens to look so has its underscore escaped.
_ESCAPE_LIKE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Malformed(Exception):  # noqa: N818 - it names what the part is
    """A part that is not well-formed XML, or declares a document type."""


class Edit(NamedTuple):
    """Bytes ``start`` to ``stop`` of a part give way to ``content``."""

    start: int
    stop: int
    content: bytes


def apply(data: bytes, edits: list[Edit]) -> bytes:
    """Return the bytes with the edits made; edits are in order and do not overlap."""
    pieces: list[bytes] = []
    reached = 0
    for edit in edits:
        pieces += [data[reached : edit.start], edit.content]
        reached = edit.stop
    pieces.append(data[reached:])
    return b"".join(pieces)


def quoted(text: str) -> str:
    """Return a text as XML content or as the value of a double-quoted attribute; what XML cannot hold is left out."""
    return escape(_ILLEGAL.sub("", text), {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def cell_text(text: str) -> str:
    """Return a text as the content of a cell's or a note's ``t``."""
    return quoted(_ESCAPE_LIKE.sub("_x005F_", text))


def utf8(data: bytes) -> bytes:
    """Return an XML part in UTF-8: itself nearly always. Raises Malformed."""
    declared = _DECLARED.match(data)
    if data[:2] in _BYTE_ORDER:
        encoding = "utf-16"
    elif declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        encoding = declared[1].decode()
    else:
        return data
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Malformed(encoding) from error
    return _HEADLINE + re.sub(r"^<\?xml.*?\?>\s*", "", text, flags=re.DOTALL).encode()


class Splices:
    """A part and the edits gathered so far."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._edits: list[Edit] = []

    def replace(self, start: int, stop: int, content: bytes) -> None:
        """Put ``content`` in the place of the bytes from ``start`` to ``stop``; insertions keep their turn."""
        self._edits.append(Edit(start, stop, content))

    def edits(self) -> list[Edit]:
        """Return the edits in the order of their places."""
        return sorted(self._edits, key=lambda edit: (edit.start, edit.stop))

    def result(self) -> bytes:
        """Return the part with all edits made."""
        return apply(self.data, self.edits())

    def undo(self) -> list[Edit]:
        """Return the edits that turn the result into the part as it was."""
        shift = 0
        back: list[Edit] = []
        for edit in self.edits():
            start = edit.start + shift
            back.append(Edit(start, start + len(edit.content), self.data[edit.start : edit.stop]))
            shift += len(edit.content) - (edit.stop - edit.start)
        return back


class Node:
    """An element: local name, attributes as written, child elements, text; its place in the part's bytes."""

    __slots__ = ("attributes", "children", "name", "reported_end", "start", "text")

    def __init__(self, name: str, attributes: dict[str, str], start: int) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Node] = []
        self.text = ""
        self.start = start
        self.reported_end = start

    def child(self, name: str) -> Node | None:
        """Return the first child element of that name."""
        return next((node for node in self.children if node.name == name), None)

    def every(self, name: str) -> Iterator[Node]:
        """Yield the elements of that name below this one, in document order."""
        for node in self.children:
            if node.name == name:
                yield node
            yield from node.every(name)

    @property
    def relation(self) -> str:
        """The relation that an ``r:id`` names, whatever its prefix; "" without one."""
        return next((value for key, value in self.attributes.items() if key.endswith(":id")), "")


def _keep(_: Node) -> bool:
    return False


class Markup(Splices):
    """An XML part as a tree of places, to be edited by element. Raises Malformed.

    ``pruned`` names elements whose children are not wanted; they cost no memory then.
    """

    def __init__(self, data: bytes, pruned: Callable[[Node], bool] = _keep) -> None:
        super().__init__(data)
        self._appended: dict[Node, list[bytes]] = {}
        self.root, self.prefix = _tree(data, pruned)

    def named(self, xml: str) -> bytes:
        """Return new elements, written without prefix, with the prefix that the part gives its own."""
        return (_UNPREFIXED.sub(rf"<\1{self.prefix}", xml) if self.prefix else xml).encode()

    def source(self, node: Node) -> bytes:
        """Return an element's bytes as they stand."""
        return self.data[node.start : self._stop(node)]

    def set(self, node: Node, **attributes: str) -> None:
        """Give attributes of an element new values, or the element new attributes behind its own."""
        head = self._head(node)
        places = {found[2].decode(): found for found in _ATTRIBUTE.finditer(head)}
        for name, value in attributes.items():
            new = f'"{quoted(value)}"'.encode()
            if found := places.get(name):
                self.replace(node.start + found.start(3), node.start + found.end(3), new)
            else:
                at = node.start + len(head) - (2 if head.endswith(b"/>") else 1)
                self.replace(at, at, b" " + name.encode() + b"=" + new)

    def drop(self, node: Node, name: str) -> None:
        """Take an attribute off an element."""
        for found in _ATTRIBUTE.finditer(self._head(node)):
            if found[2].decode() == name:
                self.replace(node.start + found.start(), node.start + found.end(), b"")

    def add_count(self, node: Node, more: int) -> None:
        """Raise the ``count`` of a list element, where it states one."""
        if (count := node.attributes.get("count", "")).isdecimal():
            self.set(node, count=str(int(count) + more))

    def append(self, node: Node, xml: str) -> None:
        """Add children behind an element's own; an empty element is opened for them."""
        if self._head(node).endswith(b"/>"):
            self._appended.setdefault(node, []).append(self.named(xml))
        else:
            self.replace(node.reported_end, node.reported_end, self.named(xml))

    def before(self, node: Node, xml: str) -> None:
        """Add elements in front of an element."""
        self.replace(node.start, node.start, self.named(xml))

    def after(self, node: Node, xml: str) -> None:
        """Add elements behind an element."""
        self.replace(self._stop(node), self._stop(node), self.named(xml))

    def remove(self, node: Node) -> None:
        """Take an element out."""
        self.replace(node.start, self._stop(node), b"")

    def place(self, xml: str, name: str, order: tuple[str, ...]) -> None:
        """Add a child of the root where a schema's sequence wants it: in front of the first that comes later."""
        rank = {known: position for position, known in enumerate(order)}
        for child in self.root.children:
            if _rank(child, rank) > rank[name]:
                self.before(child, xml)
                return
        self.append(self.root, xml)

    def edits(self) -> list[Edit]:
        opened = []
        for node, pieces in self._appended.items():
            stop = self._stop(node)
            tag = _TAG.match(self.data, node.start)
            opened.append(Edit(stop - 2, stop, b"".join((b">", *pieces, b"</", tag[1] if tag else b"", b">"))))
        return sorted((*self._edits, *opened), key=lambda edit: (edit.start, edit.stop))

    def _head(self, node: Node) -> bytes:
        found = _HEAD.match(self.data, node.start)
        if not found:
            raise Malformed(node.name)
        return found[0]

    def _stop(self, node: Node) -> int:
        head = self._head(node)
        # Of an empty element expat reports the end where that of others is the start of the end tag.
        return node.start + len(head) if head.endswith(b"/>") else self.data.index(b">", node.reported_end) + 1


def _rank(node: Node, rank: dict[str, int]) -> int:
    """Return an element's place in the sequence; a choice of alternatives stands where what is in it would."""
    if node.name == "AlternateContent":
        return max((_rank(child, rank) for choice in node.children for child in choice.children), default=-1)
    return rank.get(node.name, -1)


def _tree(data: bytes, pruned: Callable[[Node], bool]) -> tuple[Node, str]:
    """Return the root element with what is below it, and its prefix with the colon."""
    builder = _Builder(pruned)
    try:
        builder.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: odd encodings
        raise Malformed(str(error)) from error
    return builder.top.children[0], builder.prefix


class _Builder:
    """One pass of expat that grows the tree."""

    def __init__(self, pruned: Callable[[Node], bool]) -> None:
        self.top = Node("", {}, 0)
        self.prefix = ""
        self._pruned = pruned
        self._open = [self.top]
        self._skipped = 0  # how deep inside a pruned element
        self._texts: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._skipped:
            self._skipped += 1
            return
        if len(self._open) > _DEEPEST:
            raise Malformed("depth")
        space, colon, local = name.rpartition(":")
        node = Node(local, attributes, self.parser.CurrentByteIndex)
        parent = self._open[-1]
        if parent is self.top:
            self.prefix = space + colon
        parent.children.append(node)
        self._open.append(node)
        self._texts.clear()
        if self._pruned(node):
            self._skipped = 1

    def _end(self, _: str) -> None:
        if self._skipped > 1:
            self._skipped -= 1
            return
        self._skipped = 0
        node = self._open.pop()
        node.reported_end = self.parser.CurrentByteIndex
        if not node.children:
            node.text = "".join(self._texts)
            self._texts.clear()

    def _characters(self, text: str) -> None:
        if not self._skipped:
            self._texts.append(text)

    def _refuse(self, *_: object) -> None:
        raise Malformed("DOCTYPE")
