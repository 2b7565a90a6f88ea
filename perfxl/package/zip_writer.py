"""A zip file in the making: plain headers with sizes in front, no descriptors, no zip64, no extra fields."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import BinaryIO, NamedTuple

LOCAL = struct.Struct("<4s5H3I2H")
CENTRAL_MARK = b"PK\x01\x02"
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_UTF8_NAME = 0x800
_SMALL = 4000  # bytes: less is not worth the time to compress it
_MOST_SHARED = 1_000_000  # bytes of what is remembered packed
_UNIX, _OWNERS = 3, 0o600  # its number among the systems, and who may read and write
_EFFORT = 3  # of 9: half the time of the usual 6, and a few per cent more bytes


class ZipWriter:
    """Writes members to a file one after another; the file must be one that can be sought in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._central: list[bytes] = []
        self._offset = 0

    def add(self, info: zipfile.ZipInfo, packed: bytes) -> None:
        """Add a member whose content is packed already, as ``info`` says."""
        header = _Header.of(info, len(packed))
        self._file.write(header.local + packed)
        self._enter(info, header, len(packed))

    def add_pieces(self, like: zipfile.ZipInfo, pieces: Iterable[bytes]) -> None:
        """Add a member in the place of another one; its content comes piece by piece."""
        info = _emptied(like)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._file.write(_Header.of(info, 0).local)
        deflater, size, written = _deflater(), 0, 0
        for piece in pieces:
            info.CRC = zlib.crc32(piece, info.CRC)
            size += len(piece)
            written += self._file.write(deflater.compress(piece))
        written += self._file.write(deflater.flush())
        info.file_size = size
        end = self._file.tell()
        self._file.seek(self._offset)
        header = _Header.of(info, written)
        self._file.write(header.local)
        self._file.seek(end)
        self._enter(info, header, written)

    def finish(self, comment: bytes = b"") -> None:
        """Write the directory; nothing can be added after it."""
        central = b"".join(self._central)
        count = len(self._central) // 3
        end = _END.pack(b"PK\x05\x06", 0, 0, count, count, len(central), self._offset, len(comment))
        self._file.write(central + end + comment)

    def _enter(self, info: zipfile.ZipInfo, header: _Header, packed: int) -> None:
        attributes = (len(info.comment), 0, info.internal_attr, info.external_attr, self._offset)
        made_by = info.create_system << 8 | 20
        entry = _CENTRAL.pack(CENTRAL_MARK, made_by, 20, *header.common, *attributes)
        self._central += [entry, header.name, info.comment]
        self._offset += LOCAL.size + len(header.name) + packed


class _Header(NamedTuple):
    """What stands in front of a member: ``common`` and its name stand in the directory, too."""

    name: bytes
    common: tuple[int, ...]

    @classmethod
    def of(cls, info: zipfile.ZipInfo, packed: int) -> _Header:
        """Return the header of a member whose content takes so many bytes as it is packed."""
        utf8 = (
            info.flag_bits & _UTF8_NAME or info.orig_filename.isascii()
        )  # in ASCII both are the same, this one quicker
        name = info.orig_filename.encode("utf-8" if utf8 else "cp437")
        year, month, day, hour, minute, second = info.date_time
        common = (
            info.flag_bits & _UTF8_NAME,
            info.compress_type,
            hour << 11 | minute << 5 | second // 2,
            year - 1980 << 9 | month << 5 | day,
            info.CRC,
            packed,
            info.file_size,
            len(name),
            0,
        )
        return cls(name, common)

    @property
    def local(self) -> bytes:
        return LOCAL.pack(b"PK\x03\x04", 20, *self.common) + self.name


def member(name: str) -> zipfile.ZipInfo:
    """Return a new member: of 1980-01-01, the earliest date that a zip can say, so that it carries no time of day."""
    info = zipfile.ZipInfo(name)
    info.create_system = 0  # the same on every system
    info.flag_bits = 0 if name.isascii() else _UTF8_NAME
    return info


def archive(parts: Mapping[str, bytes | Parted]) -> bytes:
    """Return a zip file with some members, in their order, as zipfile describes new ones on a Unix system."""
    file = io.BytesIO()
    writer = ZipWriter(file)
    for name, content in parts.items():
        info = member(name)
        info.create_system, info.external_attr = _UNIX, _OWNERS << 16
        writer.add(*packed(info, content))
    writer.finish()
    return file.getvalue()


class Parted(NamedTuple):
    """A part that is packed in two pieces, the second as if nothing stood before it: parts that differ in the first share it."""

    head: bytes
    tail: bytes


def packed(like: zipfile.ZipInfo, content: bytes | Parted) -> tuple[zipfile.ZipInfo, bytes]:
    """Return a member with new content and everything else as it was, and the content packed."""
    info = _emptied(like)
    if isinstance(content, Parted):
        head, tail = content
        info.compress_type = zipfile.ZIP_DEFLATED
        info.CRC, info.file_size = zlib.crc32(tail, zlib.crc32(head)), len(head) + len(tail)
        opened = _deflater()
        later = _recently_deflated(tail) if len(tail) <= _MOST_SHARED else _deflated(tail)
        return info, opened.compress(head) + opened.flush(zlib.Z_FULL_FLUSH) + later
    info.CRC, info.file_size = zlib.crc32(content), len(content)
    if len(content) < _SMALL:
        return info, content
    info.compress_type = zipfile.ZIP_DEFLATED
    return info, _deflated(content)


def _deflated(content: bytes) -> bytes:
    deflater = _deflater()
    return deflater.compress(content) + deflater.flush()


_recently_deflated = lru_cache(maxsize=8)(_deflated)
"""What the parts of a roster's workbooks share."""


def _emptied(like: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A member with the name, date and attributes of another one."""
    info = zipfile.ZipInfo(like.orig_filename, like.date_time)
    info.flag_bits, info.comment = like.flag_bits, like.comment
    info.create_system, info.internal_attr, info.external_attr = (
        like.create_system,
        like.internal_attr,
        like.external_attr,
    )
    info.compress_type, info.CRC, info.file_size = zipfile.ZIP_STORED, 0, 0
    return info


def _deflater() -> zlib._Compress:
    return zlib.compressobj(_EFFORT, zlib.DEFLATED, -zlib.MAX_WBITS)
