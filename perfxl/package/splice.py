"""Changing a part in place: pieces cut out of its bytes and put in, all the rest untouched, and the way back.

A part is parsed once for the offsets of its elements; edits are gathered and applied together. New elements are
written without prefix and get the part's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from operator import itemgetter
from typing import NamedTuple
from xml.parsers import expat

from perfxl.model.regex import deferred

_HEAD = deferred(rb"<[^\s/>]++(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>")
_TAG = deferred(rb"<([^\s/>]+)")
_UNPREFIXED = deferred(r"<(/?)(?=\w+[\s/>])")
_DECLARED = deferred(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"'][^>]*\?>")
_WIDE = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
"""What a part in UTF-16 begins with, with a mark of its byte order or without."""
_DEEPEST = 256
_MOST_NODES = 400_000  # elements that are kept in mind: half a gigabyte; a form has some thousands
_FEW_NODES, _TREES = 1_000, 96
"""Tags of a part whose tree is remembered, and how many are."""
_HEADLINE = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

# What has to be looked at twice before it stands in XML: most texts hold nothing of the kind.
_SPECIAL = deferred('[\x00-\x1f"&<>\ud800-\udfff\ufffe-\U0010ffff]')
# What an XML 1.0 text cannot hold, and lone surrogates, which UTF-8 cannot.
_ILLEGAL = deferred("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_QUOTED = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"}
)
# Spreadsheets read _x000D_ as a character; a text that happens to look so has its underscore escaped.
_ESCAPE_LIKE = deferred(r"_(?=x[0-9A-Fa-f]{4}_)")


# Comments, character data and instructions may hold what looks like an element.
_NO_ELEMENT = deferred(rb"<!|<\?(?!xml\s)")


class Malformed(Exception):  # noqa: N818 - it names what the part is
    """A part that is not well-formed XML, declares a document type, or holds too much to be edited."""


class Edit(NamedTuple):
    """Bytes ``start`` to ``stop`` of a part give way to ``content``."""

    start: int
    stop: int
    content: bytes


def fits(data: bytes, edits: Sequence[Edit]) -> bool:
    """Tell whether edits are in order, do not overlap, and lie within the bytes."""
    places = [0, *(place for edit in edits for place in (edit.start, edit.stop)), len(data)]
    return all(one <= next_one for one, next_one in pairwise(places))


def apply(data: bytes, edits: Sequence[Edit]) -> bytes:
    """Return the bytes with the edits made; edits are such as :func:`fits`."""
    pieces: list[bytes] = []
    reached = 0
    for edit in edits:
        pieces += [data[reached : edit.start], edit.content]
        reached = edit.stop
    pieces.append(data[reached:])
    return b"".join(pieces)


def quoted(text: str) -> str:
    """Return a text as XML content or as the value of a double-quoted attribute; what XML cannot hold is left out."""
    if not _SPECIAL.search(text):
        return text
    return _ILLEGAL.sub("", text).translate(_QUOTED)


def cell_text(text: str) -> str:
    """Return a text as the content of a cell's or a note's ``t``."""
    return quoted(_ESCAPE_LIKE.sub("_x005F_", text))


def utf8(data: bytes) -> bytes:
    """Return an XML part in UTF-8: itself nearly always. Raises Malformed."""
    declared = _DECLARED.match(data)
    if data[:2] in _WIDE:
        encoding = _WIDE[data[:2]]
    elif declared and declared[1].lower() not in {b"utf-8", b"utf8"}:
        encoding = declared[1].decode()
    else:
        return data
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise Malformed(encoding) from error
    return _HEADLINE + re.sub(r"^<\?xml.*?\?>\s*", "", text, flags=re.DOTALL).encode()


def plain(data: bytes) -> bool:
    """Tell whether elements can be told by their looks: a part has no comments, character data and instructions."""
    return not _NO_ELEMENT.search(data)


def emptied(data: bytes, names: str) -> bytes:
    """Return a part in which elements of some names (``c``, ``font|border``) hold nothing but blanks, as long as before.

    Places stay what they are, and what nobody asks for costs no parsing. A part in which elements cannot be told by
    their looks stays as it is.
    """
    if not plain(data):
        return data
    seen = bytearray(data)
    reached = 0
    ends: dict[bytes, re.Pattern[bytes]] = {}
    for head in re.finditer(rf"<((?:\w+:)?(?:{names}))(?=[\s>])[^<>]*(?<!/)>".encode(), data):
        if head.start() < reached:
            continue
        end = ends.get(head[1]) or ends.setdefault(head[1], re.compile(b"</" + head[1] + rb"\s*>"))
        found = end.search(data, head.end())
        if not found:
            return data
        reached = found.start()
        seen[head.end() : reached] = b" " * (reached - head.end())
    return bytes(seen)


def with_attributes(element: bytes, **attributes: str) -> bytes:
    """Return an element's bytes with other values of attributes of its first tag, or with new ones behind its own."""
    head = _first_tag(element, 0)
    edits = [_with_attribute(head, name, value) for name, value in attributes.items()]
    return apply(element, sorted(edits))


def _with_attribute(head: bytes, name: str, value: str) -> Edit:
    new = f'"{quoted(value)}"'.encode()
    if found := _attribute(name).search(head):
        return Edit(found.start(1), found.end(1), new)
    at = len(head) - (2 if head.endswith(b"/>") else 1)
    return Edit(at, at, b" " + name.encode() + b"=" + new)


class Splices:
    """A part and the edits gathered so far."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self._edits: list[Edit] = []
        self._ordered: list[Edit] | None = None

    def replace(self, start: int, stop: int, content: bytes) -> None:
        """Put ``content`` in the place of the bytes from ``start`` to ``stop``; insertions keep their turn."""
        self._edits.append(Edit(start, stop, content))
        self._ordered = None

    def edits(self) -> Sequence[Edit]:
        """Return the edits in the order of their places."""
        if self._ordered is None:
            self._ordered = sorted(self._all_edits(), key=itemgetter(0, 1))
        return self._ordered

    def _all_edits(self) -> Iterable[Edit]:
        return self._edits

    @property
    def changed(self) -> bool:
        """Whether there is any edit."""
        return bool(self._edits)

    def result(self) -> bytes:
        """Return the part with all edits made."""
        return apply(self.data, self.edits())

    def undo(self) -> list[Edit]:
        """Return the edits that turn the result into the part as it was."""
        shift = 0
        back: list[Edit] = []
        for start, stop, content in self.edits():
            now, size = start + shift, len(content)
            back.append(Edit(now, now + size, self.data[start:stop]))
            shift += size - (stop - start)
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


class Markup(Splices):
    """An XML part as a tree of places, to be edited by element. Raises Malformed.

    ``seen`` is the part as it is to be seen where not all of it is wanted (see ``emptied``).
    """

    def __init__(self, data: bytes, seen: bytes | None = None) -> None:
        super().__init__(data)
        self._appended: dict[Node, list[bytes]] = {}
        try:
            self.root, self.prefix = _recent_tree(seen or data)
        except Malformed:
            if not seen:
                raise
            self.root, self.prefix = _tree(data)

    def named(self, xml: str) -> bytes:
        """Return new elements, written without prefix, with the prefix that the part gives its own."""
        return (_UNPREFIXED.sub(rf"<\1{self.prefix}", xml) if self.prefix else xml).encode()

    def source(self, node: Node) -> bytes:
        """Return an element's bytes as they stand."""
        return self.data[node.start : self._stop(node)]

    def set(self, node: Node, **attributes: str) -> None:
        """Give attributes of an element new values, or the element new attributes behind its own."""
        head = self._head(node)
        for name, value in attributes.items():
            edit = _with_attribute(head, name, value)
            self.replace(node.start + edit.start, node.start + edit.stop, edit.content)

    def add_count(self, node: Node, more: int) -> None:
        """Raise the ``count`` of a list element, where it states one."""
        if (count := node.attributes.get("count", "")).isdecimal():
            self.set(node, count=str(int(count) + more))

    def append(self, node: Node, xml: str) -> None:
        """Add children behind an element's own; an empty element is opened for them."""
        if self._head(node).endswith(b"/>"):
            self._appended.setdefault(node, []).append(self.named(xml))
            self._ordered = None
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

    @property
    def changed(self) -> bool:
        return bool(self._edits or self._appended)

    def _all_edits(self) -> Iterable[Edit]:
        yield from self._edits
        for node, pieces in self._appended.items():
            stop = self._stop(node)
            tag = _TAG.match(self.data, node.start)
            yield Edit(stop - 2, stop, b"".join((b">", *pieces, b"</", tag[1] if tag else b"", b">")))

    def _head(self, node: Node) -> bytes:
        return _first_tag(self.data, node.start)

    def _stop(self, node: Node) -> int:
        head = self._head(node)
        # Of an empty element expat reports the end where that of others is the start of the end tag.
        return node.start + len(head) if head.endswith(b"/>") else self.data.index(b">", node.reported_end) + 1


def _first_tag(data: bytes, start: int) -> bytes:
    found = _HEAD.match(data, start)
    if not found:
        raise Malformed(data[start : start + 20].decode("utf-8", "replace"))
    return found[0]


@cache
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rf"(?<!\s)\s++{re.escape(name)}\s*+=\s*+(\"[^\"]*+\"|'[^']*+')".encode())


def _rank(node: Node, rank: dict[str, int]) -> int:
    """Return an element's place in the sequence; a choice of alternatives stands where what is in it would."""
    if node.name == "AlternateContent":
        return max((_rank(child, rank) for choice in node.children for child in choice.children), default=-1)
    return rank.get(node.name, -1)


def _recent_tree(data: bytes) -> tuple[Node, str]:
    """Return what ``_tree`` does; of small parts it is remembered, for most are the same in all returns of a form."""
    return _small_tree(data) if data.count(b"<") <= _FEW_NODES else _tree(data)


@lru_cache(maxsize=_TREES)
def _small_tree(data: bytes) -> tuple[Node, str]:
    return _tree(data)


def _tree(data: bytes) -> tuple[Node, str]:
    """Return the root element with what is below it, and its prefix with the colon."""
    builder = _Builder()
    try:
        builder.parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: odd encodings
        raise Malformed(str(error)) from error
    return builder.top.children[0], builder.prefix


class _Builder:
    """One pass of expat that grows the tree."""

    def __init__(self) -> None:
        self.top = Node("", {}, 0)
        self.prefix = ""
        self._open = [self.top]
        self._texts: list[str] = []
        self._count = 0
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._texts.append
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if len(self._open) > _DEEPEST or self._count > _MOST_NODES:
            raise Malformed("depth or size")
        space, colon, local = name.rpartition(":")
        node = Node(local, attributes, self.parser.CurrentByteIndex)
        parent = self._open[-1]
        if parent is self.top:
            self.prefix = space + colon
        parent.children.append(node)
        self._open.append(node)
        self._texts.clear()

    def _end(self, _: str) -> None:
        node = self._open.pop()
        node.reported_end = self.parser.CurrentByteIndex
        if not node.children:
            node.text = "".join(self._texts)
            self._texts.clear()

    def _refuse(self, *_: object) -> None:
        raise Malformed("DOCTYPE")
