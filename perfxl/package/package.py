"""The package layer: a zip file as parts with relations and content types (ECMA-376 part 2).

Reading is suspicious: what the directory claims is checked against the limits before anything is inflated, and every
part is checked against its checksum. Writing is conservative: a part that did not change keeps its compressed bytes.
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import BinaryIO, NamedTuple
from urllib.parse import unquote
from xml.parsers import expat

from msgspec import Struct

from perfxl.package.limits import Limits
from perfxl.package.unreadable import Unreadable, UnreadableReason, check_size, megabytes
from perfxl.package.zip_guard import BROKEN, is_bomb, is_encrypted, part_name
from perfxl.package.zip_writer import CENTRAL_MARK, LOCAL, Parted, ZipWriter, member, packed

CONTENT_TYPES = "[Content_Types].xml"
_SMALL, _RECENT = 250_000, 48
"""Bytes of a part that is remembered for a while once it was taken out of its package; how many are."""
_SHORT, _LISTS = 20_000, 128
"""Bytes of a list of parts or of relations that is remembered, and how many are: returns of a form have the same."""
_SMALL_PACKAGE = 1_000_000
"""Bytes of a package that is remembered until the next is opened: who marks a return has just read it."""


class Relation(Struct, frozen=True):
    """What a part refers to: ``target`` is a part's name as the package spells it, or a URI where ``external``."""

    id: str
    type: str
    target: str
    external: bool = False

    @property
    def kind(self) -> str:
        """The last word of the type, the same in transitional and strict files: ``worksheet``, ``styles``."""
        return self.type.rpartition("/")[2]


class Sealed(NamedTuple):
    """A part as it lies in the package: equal ones hold the same, and are sound or damaged alike."""

    packed: bytes
    method: int
    size: int
    checksum: int


def relations_name(part: str) -> str:
    """Return the name of the part that holds a part's relations; "" stands for the package itself."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


class Package:
    """A zip file whose members are parts. Immutable; names have no leading slash and match whatever their case."""

    __slots__ = ("_comment", "_limits", "_listed", "_members", "_order", "_related", "_types", "data", "names")

    def __init__(self, data: bytes, directory: zipfile.ZipFile, limits: Limits) -> None:
        self.data = data
        self._limits = limits
        self._listed = 0
        self._comment = directory.comment
        self._order = tuple(directory.infolist())
        self._members = {_key(info.filename): info for info in self._order}
        self._types: dict[str, str] | None = None
        self._related: dict[str, tuple[Relation, ...]] = {}
        self.names: tuple[str, ...] = tuple(part_name(info.filename) for info in self._order if not info.is_dir())

    @classmethod
    def open(cls, data: bytes, limits: Limits) -> Package:
        """Return the package that the bytes are; nothing is inflated yet, and what it is a package of is left open.

        Raises Unreadable: NOT_A_PACKAGE where the bytes are no zip file at all.
        """
        return cls._opened_last(data, limits) if len(data) <= _SMALL_PACKAGE else cls._opened(data, limits)

    @classmethod
    @lru_cache(maxsize=1)
    def _opened_last(cls, data: bytes, limits: Limits) -> Package:
        return cls._opened(data, limits)

    @classmethod
    def _opened(cls, data: bytes, limits: Limits) -> Package:
        check_size(data, limits)
        # Counted before the directory is read: each entry costs zipfile an object.
        if data.count(CENTRAL_MARK) > limits.max_entries:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"压缩包内的文件超过 {limits.max_entries} 个")
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as directory:
                package = cls(data, directory, limits)
        except BROKEN as error:
            if data.startswith(b"PK"):
                raise Unreadable(UnreadableReason.DAMAGED, "压缩包的目录已损坏") from error
            raise Unreadable(UnreadableReason.NOT_A_PACKAGE, "不是 Excel 工作簿") from error
        package._check()
        return package

    def _check(self) -> None:
        limits = self._limits
        if any(map(is_encrypted, self._order)):
            raise Unreadable(UnreadableReason.ENCRYPTED, "压缩包内的文件已加密")
        if sum(info.file_size for info in self._order) > limits.max_unpacked:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"解压后超过 {megabytes(limits.max_unpacked)}")
        if any(is_bomb(info, limits) for info in self._order):
            raise Unreadable(UnreadableReason.TOO_LARGE, f"压缩比超过 {limits.max_ratio} 倍")
        if len(self._members) != len(self._order):
            raise Unreadable(UnreadableReason.DAMAGED, "压缩包内有重名的文件")

    def __contains__(self, name: str) -> bool:
        return _key(name) in self._members

    def read(self, name: str) -> bytes:
        """Return a part's bytes. Raises Unreadable where the part is not there, cut short or altered."""
        info = self._members.get(_key(name))
        if info is None:
            raise Unreadable(UnreadableReason.DAMAGED, f"缺少部件 {name}")
        packed = self._packed(info)
        if info.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
            raise Unreadable(UnreadableReason.DAMAGED, f"部件 {name} 的压缩方式无法识别")
        sealed = Sealed(packed, info.compress_type, info.file_size, info.CRC)
        try:
            return _recently_taken_out(sealed) if info.file_size <= _SMALL else _taken_out(sealed)
        except ValueError as error:
            raise Unreadable(UnreadableReason.DAMAGED, f"部件 {name} 已损坏") from error

    def sealed(self, name: str) -> Sealed:
        """Return a part that is not taken out of the package. Raises Unreadable where it is not there or cut short."""
        info = self._members.get(_key(name))
        if info is None:
            raise Unreadable(UnreadableReason.DAMAGED, f"缺少部件 {name}")
        return Sealed(self._packed(info), info.compress_type, info.file_size, info.CRC)

    def relations(self, part: str) -> tuple[Relation, ...]:
        """Return what a part refers to, in file order; "" stands for the package itself. Raises Unreadable."""
        if part not in self._related:
            self._related[part] = tuple(self._own_relations(part))
        return self._related[part]

    def _own_relations(self, part: str) -> Iterator[Relation]:
        name = relations_name(part)
        if name in self:
            folder = posixpath.dirname(part)
            for element, attributes in self._elements(name):
                if element == "Relationship":
                    yield self._relation(attributes, folder)

    def _relation(self, attributes: Mapping[str, str], folder: str) -> Relation:
        target = attributes.get("Target", "")
        external = attributes.get("TargetMode") == "External"
        if not external:
            path = posixpath.normpath(posixpath.join("/", folder, target.replace("\\", "/"))).lstrip("/")
            # A name outside ASCII may stand escaped on either side.
            found = self._members.get(_key(path)) or self._members.get(_key(unquote(path)))
            target = part_name(found.filename) if found else path
        return Relation(attributes.get("Id", ""), attributes.get("Type", ""), target, external)

    def content_type(self, part: str) -> str:
        """Return a part's content type, "" where none is declared. Raises Unreadable."""
        if self._types is None:
            self._types = dict(self._declared_types())
        extension = "*." + part.rpartition(".")[2].lower()
        return self._types.get(_key(part)) or self._types.get(extension, "")

    def _declared_types(self) -> Iterator[tuple[str, str]]:
        for element, attributes in self._elements(CONTENT_TYPES) if CONTENT_TYPES in self else ():
            kind = attributes.get("ContentType", "")
            if element == "Override":
                yield _key(attributes.get("PartName", "")), kind
            elif element == "Default":
                yield "*." + attributes.get("Extension", "").lower(), kind

    def _elements(self, name: str) -> Sequence[tuple[str, dict[str, str]]]:
        """Return local name and attributes of each element of a list. A document type is refused: no entities."""
        data = self.read(name)
        # With so few "<" there is no limit that it could reach, whatever was listed before.
        within = len(data) <= _SHORT and self._listed + data.count(b"<") <= self._limits.max_listed
        found = (
            _recently_listed(name, data, self._limits)
            if within
            else _elements_of(name, data, self._limits, self._listed)
        )
        self._listed += len(found)
        return found

    def rebuilt(self, changes: Mapping[str, bytes | Parted], removed: Collection[str] = ()) -> bytes:
        """Return the package as a file with some parts changed, added (at the end, as given) or removed.

        All others keep their compressed bytes, dates and order. The outcome depends on the arguments only.
        """
        dropped = {_key(name) for name in removed}
        pending = {_key(name): (name, content) for name, content in changes.items()}
        file = io.BytesIO()
        writer = ZipWriter(file)
        for info in self._order:
            key = _key(info.filename)
            if key in pending:
                writer.add(*packed(info, pending.pop(key)[1]))
            elif key not in dropped:
                writer.add(info, self._packed(info))
        for name, content in pending.values():
            writer.add(*packed(member(name), content))
        writer.finish(self._comment)
        return file.getvalue()

    def stream(self, streams: Mapping[str, Iterable[bytes]], file: BinaryIO) -> None:
        """Write the package to a file, some parts as streams of pieces that are never all in memory, in the parts' order.

        All others keep their compressed bytes. Raises KeyError for a part that is not there, OSError.
        """
        pending = {_key(name): pieces for name, pieces in streams.items()}
        if unknown := pending.keys() - self._members.keys():
            raise KeyError(*unknown)
        writer = ZipWriter(file)
        for info in self._order:
            pieces = pending.get(_key(info.filename))
            if pieces is None:
                writer.add(info, self._packed(info))
            else:
                writer.add_pieces(info, pieces)
        writer.finish(self._comment)

    def _packed(self, info: zipfile.ZipInfo) -> bytes:
        """Return a member's bytes as they stand in the file, from behind its local header."""
        start = info.header_offset
        header = self.data[start : start + LOCAL.size] if start >= 0 else b""
        if len(header) < LOCAL.size or header[:4] != b"PK\x03\x04":
            raise Unreadable(UnreadableReason.DAMAGED, f"部件 {info.filename} 不完整")
        name_size, extra_size = struct.unpack_from("<2H", header, 26)
        start += LOCAL.size + name_size + extra_size
        packed = self.data[start : start + info.compress_size]
        if len(packed) < info.compress_size:
            raise Unreadable(UnreadableReason.DAMAGED, f"部件 {info.filename} 不完整")
        return packed


def _taken_out(sealed: Sealed) -> bytes:
    """Return what a part holds, stored or deflated. Raises ValueError where it is cut short or altered."""
    content = sealed.packed
    if sealed.method == zipfile.ZIP_DEFLATED:
        try:
            content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(sealed.packed, sealed.size + 1)
        except zlib.error as error:
            raise ValueError(str(error)) from error
    if len(content) != sealed.size or zlib.crc32(content) != sealed.checksum:
        raise ValueError(len(content))
    return content


_recently_taken_out = lru_cache(maxsize=_RECENT)(_taken_out)
"""The parts of a return are needed to read it, to mark it, and to hold the marked copy against it."""


def _elements_of(name: str, data: bytes, limits: Limits, before: int) -> list[tuple[str, dict[str, str]]]:
    """Return the elements of a list, where so many of others were listed before. Raises Unreadable."""
    found: list[tuple[str, dict[str, str]]] = []
    most = limits.max_listed - before

    def start(element: str, attributes: dict[str, str]) -> None:
        if len(found) >= most:
            raise Unreadable(UnreadableReason.TOO_LARGE, f"内部的目录和链接超过 {limits.max_listed} 条")
        found.append((element.rpartition(":")[2], attributes))

    def refuse(*_: object) -> None:
        raise Unreadable(UnreadableReason.DAMAGED, f"部件 {name} 含有不允许的声明")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: odd encodings
        raise Unreadable(UnreadableReason.DAMAGED, f"部件 {name} 已损坏") from error
    return found


@lru_cache(maxsize=_LISTS)
def _recently_listed(name: str, data: bytes, limits: Limits) -> Sequence[tuple[str, dict[str, str]]]:
    return _elements_of(name, data, limits, 0)


def _key(name: str) -> str:
    return part_name(name).lower()
