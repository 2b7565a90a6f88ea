"""A package being changed: parts edited in place, parts added, and a record of how to take it all back.

The record is a part of its own. It holds, for each part that was edited, the checksum of the outcome and the edits
that lead back, and the checksum of each part that was added; as long as they agree, ``restored`` gives the package's
parts as they were, byte for byte. A program that saves the workbook anew drops or invalidates it.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
from collections import OrderedDict
from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any

import msgspec

from perfxl.package.package import CONTENT_TYPES, Package, Sealed, relations_name
from perfxl.package.splice import Edit, Malformed, Markup, Splices, apply, fits, quoted, utf8
from perfxl.package.unreadable import Unreadable

RECORD = "xl/perfxl/marks.json"
RECORD_TYPE = "application/vnd.perfxl.marks+json"
RECORD_RELATION = "urn:perfxl:relationships/marks"
_SMALL_PACKED, _MOST_MENTIONED = 200_000, 64
_MENTIONED: OrderedDict[tuple[Sealed, bytes], bool] = OrderedDict()
"""Whether words stand in parts of up to so many bytes as they are packed, of the last ones."""
_LONGEST_RECORD = 5_000_000
"""Bytes of a record that is believed; without one, marks are told by what they look like."""

_RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
_NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


class PackageDraft:
    """The changes to one package. Raises Malformed or Unreadable where a part cannot be edited."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._read: dict[str, bytes] = {}
        self._recoded: dict[str, bytes] = {}
        self._opened: dict[str, Splices] = {}
        self._added: set[str] = set()
        self._removed: set[str] = set()
        self._issued: dict[str, list[str]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._added or (name in self.package and name not in self._removed)

    def read(self, name: str) -> bytes:
        """Return a part's bytes as they came, in UTF-8 where it is XML: taken out of the package once."""
        if name not in self._read:
            original = self.package.read(name)
            self._read[name] = utf8(original)
            if self._read[name] is not original:
                self._recoded[name] = original
        return self._read[name]

    def mentions(self, name: str, word: bytes) -> bool:
        """Tell whether a word stands in a part as it came; of parts that lie in many packages that is remembered."""
        if name in self._read:
            return word in self._read[name]
        asked = self.package.sealed(name), word
        known = _MENTIONED.get(asked)
        if known is None:
            known = word in self.read(name)
            if len(asked[0].packed) <= _SMALL_PACKED:
                _MENTIONED[asked] = known
                if len(_MENTIONED) > _MOST_MENTIONED:
                    _MENTIONED.popitem(last=False)
        return known

    def markup(self, name: str, seen: Callable[[bytes], bytes] | None = None) -> Markup:
        """Return an XML part to be edited, the same one at each call; at the first ``seen`` leaves out what is not wanted."""
        part = self._opened.get(name)
        if part is None:
            data = self.read(name)
            part = self._opened[name] = Markup(data, seen(data)) if seen else Markup(data)
        if not isinstance(part, Markup):
            raise Malformed(name)
        return part

    def splices(self, name: str) -> Splices:
        """Return a part to be edited by offsets: VML is not always well-formed."""
        return self._opened.setdefault(name, Splices(self.package.read(name)))

    def add(self, name: str, content: Splices, content_type: str) -> None:
        """Add a part that is not there yet; what is edited in it later is part of the addition."""
        self._opened[name] = content
        self._added.add(name)
        if content_type:
            types = self.markup(CONTENT_TYPES)
            types.append(types.root, f'<Override PartName="/{quoted(name)}" ContentType="{content_type}"/>')

    def free(self, pattern: str) -> str:
        """Return the first unused part name of a pattern with ``{}`` for the number."""
        number = 1
        while pattern.format(number) in self:
            number += 1
        return pattern.format(number)

    def relate(self, part: str, kind: str, target: str) -> str:
        """Add a relation of a type from a part to another one and return its id."""
        name = relations_name(part)
        if name not in self:
            self.add(name, Markup(_NO_RELATIONS), "" if self._default("rels") else _RELATIONS_TYPE)
        relations = self.markup(name)
        taken = {node.attributes.get("Id", "") for node in relations.root.children}
        issued = self._issued.setdefault(name, [])
        identity = next(new for number in count(1) if (new := f"rIdPx{number}") not in {*taken, *issued})
        issued.append(identity)
        place = _relative(target, posixpath.dirname(part))
        relations.append(relations.root, f'<Relationship Id="{identity}" Type="{kind}" Target="{quoted(place)}"/>')
        return identity

    def unrelate(self, part: str, target: str) -> None:
        """Take a part's relations to another part away."""
        relations = self.markup(relations_name(part))
        ids = {relation.id for relation in self.package.relations(part) if relation.target == target}
        for node in relations.root.children:
            if node.attributes.get("Id") in ids:
                relations.remove(node)

    def remove(self, name: str) -> None:
        """Take a part with its relations out of the package; what refers to it is the caller's business."""
        types = self.markup(CONTENT_TYPES)
        for gone in (name, relations_name(name)):
            if gone not in self.package:
                continue
            self._removed.add(gone)
            self._opened.pop(gone, None)
            for node in types.root.children:
                if node.attributes.get("PartName", "").lower() == f"/{gone}".lower():
                    types.remove(node)

    def _default(self, extension: str) -> bool:
        types = self.markup(CONTENT_TYPES)
        return any(node.attributes.get("Extension", "").lower() == extension for node in types.root.children)

    def finish(self) -> bytes:
        """Return the changed package as a file."""
        return self.package.rebuilt(self._outcomes(), self._removed)

    def finish_recorded(self, part: str) -> bytes:
        """Return the changed package as a file, with the record of all changes hung on a part."""
        self.relate(part, RECORD_RELATION, RECORD)
        self.add(RECORD, Splices(b""), RECORD_TYPE)
        outcomes = self._outcomes()
        outcomes[RECORD] = self._record({name: part for name, part in outcomes.items() if name != RECORD})
        return self.package.rebuilt(outcomes, self._removed)

    def _outcomes(self) -> dict[str, bytes]:
        return {
            name: splices.result() for name, splices in self._opened.items() if name in self._added or splices.changed
        }

    def _record(self, outcomes: Mapping[str, bytes]) -> bytes:
        changed: dict[str, object] = {}
        added: dict[str, str] = {}
        for name, outcome in outcomes.items():
            if name in self._added:
                added[name] = _checksum(outcome)
                continue
            undo = self._opened[name].undo()
            if original := self._recoded.get(name):  # it was not in UTF-8 and is written anew
                undo = [Edit(0, len(outcome), original)]
            back = [[edit.start, edit.stop, edit.content.decode("latin-1")] for edit in undo]
            changed[name] = {"sha256": _checksum(outcome), "undo": back}
        record = msgspec.json.encode({"changed": changed, "added": added})
        return record if len(record) <= _LONGEST_RECORD else b"{}"


@lru_cache(maxsize=64)
def _relative(target: str, folder: str) -> str:
    # An absolute name is as good by the standard, but some programs do not find what it names.
    return posixpath.relpath(target, folder or ".")


def restored(package: Package) -> bytes | None:
    """Return the file as it was before the recorded changes; None where none are, or parts were changed since.

    The record is only a part of the file, and whoever sent that may have written it: whether what comes out says the
    same is for the caller to see.
    """
    if RECORD not in package or len(package.read(RECORD)) > _LONGEST_RECORD:
        return None
    try:
        record = json.loads(package.read(RECORD))
        originals: dict[str, bytes] = {}
        for name, entry in record["changed"].items():
            original = _original(package.read(name), entry)
            if original is None:
                return None
            originals[name] = original
        if any(_checksum(package.read(name)) != checksum for name, checksum in record["added"].items()):
            return None
    # A part is gone, the record is another's, or nobody's.
    except (Unreadable, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        return None
    return package.rebuilt(originals, {RECORD, *record["added"]})


def _original(outcome: bytes, entry: Mapping[str, Any]) -> bytes | None:
    """Return a part as it was, None where it is not the part any more that the record tells of."""
    if _checksum(outcome) != entry["sha256"]:
        return None
    back = [Edit(int(start), int(stop), text.encode("latin-1")) for start, stop, text in entry["undo"]]
    return apply(outcome, back) if fits(outcome, back) else None


def _checksum(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
