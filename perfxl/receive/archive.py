"""Archives of returned files (.zip), read as the folders that they would be once unpacked; nothing is unpacked on disk.

Names in an archive are somebody's claims: they are cleaned before they name anything, and are never used as paths.
Sizes and places are claims, too: they are held against the archive itself. All this is a worker's work.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.package.limits import Limits
from perfxl.package.zip_guard import BROKEN, is_bomb, is_document, is_encrypted
from perfxl.places import AddressError, Place, Readable, opened, state_of

SUFFIX = ".zip"
_UTF8_NAME = 0x800
_LOCAL_SIZE = 30
_LONGEST_DIRECTORY = 4_000_000
"""Bytes of a directory that are read at most: several times what the allowed number of files takes."""
_LONGEST_NAME, _LONGEST_PART = 1000, 200
"""Characters of a name with its folders, and of a part of one that is longer: no file system has such names."""
_LEAST_ROOM = 1000
"""Bytes that what is packed may always have."""
_UNPACK = "请解压后把里面的 Excel 文件放进文件夹，重新导入"
_KEPT_OPEN = 2
"""Archives inside archives that a worker keeps inflated, for their files come one after another: a way inside two."""


class Slice(NamedTuple):
    """Where a member lies in its archive, and what has to come out of it."""

    offset: int
    packed: int
    size: int
    checksum: int
    method: int


class ArchiveMember(Struct, frozen=True):
    """A file in an archive: its name in there, cleaned; the name for its results; how to get at it.

    ``refused`` says why it is not opened, ``passed_over`` what it is that nobody handed in. The archive as a whole has
    no name.
    """

    name: str = ""
    result: str = ""
    slices: tuple[Slice, ...] = ()
    refused: Finding | None = None
    passed_over: str = ""


class _TooLarge(Exception):  # noqa: N818 - it names what the archive is
    """A directory beyond all measure."""


class _Bounded(io.RawIOBase):
    """A file of which no more than a directory is read at once: a forged size costs nothing."""

    def __init__(self, file: Readable) -> None:
        super().__init__()
        self._file = file

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_DIRECTORY:
            raise _TooLarge
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        return self._file.tell()

    def seekable(self) -> bool:
        return True


def unpack(path: Place, limits: Limits) -> tuple[ArchiveMember, ...] | None:
    """Return the files in an archive, those in archives inside it too, in the order of their names.

    None where the file is no archive at all: no zip file, or one that is a workbook or another document.
    """
    work = _Unpacking(limits)
    try:
        with opened(path) as whole:
            file = _Bounded(whole)
            if file.read(2) != b"PK" or _holds_a_document(file):
                return None
            found = list(work.open(file, whole, ArchiveMember()))
    except (OSError, AddressError):
        found = [ArchiveMember(refused=_error("F01", "压缩包打不开，可能没有权限或已被移走；请确认后重新导入"))]
    return tuple(found) or (ArchiveMember(refused=_error("F01", "这个压缩包是空的；请确认交回的文件都在里面")),)


def _holds_a_document(file: _Bounded) -> bool:
    try:
        with zipfile.ZipFile(file) as archive:
            return is_document(archive.namelist())
    except (*BROKEN, _TooLarge):
        return False


def extract(path: Place, slices: Sequence[Slice]) -> bytes | Finding:
    """Return the bytes of a file in an archive, or the finding that it is damaged. Raises OSError, AddressError."""
    *above, own = slices
    if above:
        around = _inside(path, state_of(path), tuple(above))
        data = None if around is None else _cut(io.BytesIO(around), own)
    else:
        with opened(path) as file:
            data = _cut(file, own)
    return _error("F01", f"压缩包里的这个文件已损坏，或压缩方式无法识别。{_UNPACK}") if data is None else data


@lru_cache(maxsize=_KEPT_OPEN)
def _inside(path: Place, state: tuple[str, int], slices: tuple[Slice, ...]) -> bytes | None:
    """Return an archive that lies in another one; ``state`` tells whether that is still the one that it was."""
    *above, own = slices
    if above:
        around = _inside(path, state, tuple(above))
        return None if around is None else _cut(io.BytesIO(around), own)
    with opened(path) as file:
        return _cut(file, own)


def _cut(file: Readable, place: Slice) -> bytes | None:
    """Return what a slice says, None where it is not what the archive's directory claims."""
    end = file.seek(0, io.SEEK_END)
    # What is packed may be a little larger than what comes out of it, no more.
    if not 0 <= place.offset <= place.offset + place.packed <= end or place.packed > 2 * place.size + _LEAST_ROOM:
        return None
    file.seek(place.offset)
    head = file.read(_LOCAL_SIZE)
    if len(head) < _LOCAL_SIZE or head[:4] != b"PK\x03\x04":
        return None
    name, extra = struct.unpack_from("<2H", head, 26)
    file.seek(name + extra, io.SEEK_CUR)
    packed = file.read(place.packed)
    data = packed
    if place.method == zipfile.ZIP_DEFLATED:
        try:
            data = zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, place.size + 1)
        except zlib.error:
            return None
    elif place.method != zipfile.ZIP_STORED:
        return None
    return data if len(data) == place.size and zlib.crc32(data) == place.checksum else None


class _Unpacking(Struct):
    """One archive with all inside it: how much of the limits is used up."""

    limits: Limits
    files: int = 0
    bytes: int = 0
    system: set[str] = field(default_factory=set)

    def open(self, directory: _Bounded, file: Readable, whole: ArchiveMember) -> Iterator[ArchiveMember]:
        """Yield what an archive holds; it comes twice, once for its directory only, of which no more is read."""
        try:
            with zipfile.ZipFile(directory) as archive:
                members = [info for info in archive.infolist() if not info.is_dir()]
        except _TooLarge:
            yield self._refused(whole, "F03", f"压缩包里的文件超过允许的 {self.limits.max_entries} 个")
            return
        except BROKEN:
            yield self._refused(whole, "F01", "压缩包已损坏，打不开")
            return
        self.files += len(members)
        self.bytes += sum(info.file_size for info in members)
        if self.files > self.limits.max_entries:
            yield self._refused(whole, "F03", f"压缩包里的文件超过允许的 {self.limits.max_entries} 个")
        elif self.bytes > self.limits.max_archive:
            yield self._refused(whole, "F03", f"压缩包解开后超过允许的 {self.limits.max_archive // 1_000_000} MB")
        else:
            yield from self._members(members, file, whole)

    def _members(
        self, members: Sequence[zipfile.ZipInfo], file: Readable, whole: ArchiveMember
    ) -> Iterator[ArchiveMember]:
        if any(map(is_encrypted, members)):
            yield self._refused(whole, "F02", "压缩包设了密码，里面加密的文件没有读取")
        named = sorted((_parts(info), index) for index, info in enumerate(members))
        for parts, index in named:
            info = members[index]
            if not is_encrypted(info):
                yield from self._member(info, parts, file, whole)

    def _member(
        self, info: zipfile.ZipInfo, parts: tuple[str, ...], file: Readable, whole: ArchiveMember
    ) -> Iterator[ArchiveMember]:
        prefix = f"{whole.name}/" if whole.name else ""
        name = prefix + "/".join(parts)
        if parts[0].lower() == "__macosx":
            if prefix not in self.system:
                self.system.add(prefix)
                yield ArchiveMember(prefix + parts[0], passed_over="苹果电脑的附属文件夹")
            return
        if stat.S_ISLNK(info.external_attr >> 16):
            yield ArchiveMember(name, passed_over="链接，不是文件本身")
            return
        place = Slice(info.header_offset, info.compress_size, info.file_size, info.CRC, info.compress_type)
        slices = (*whole.slices, place)
        below = f"{whole.result}/" if whole.result else ""
        entry = ArchiveMember(name, below + "/".join(parts), slices)
        if info.file_size > self.limits.max_bytes:
            limit = self.limits.max_bytes // 1_000_000
            yield self._refused(
                entry, "F03", f"这个文件解开后有 {info.file_size // 1_000_000} MB，超过允许的 {limit} MB"
            )
        elif is_bomb(info, self.limits):
            yield self._refused(entry, "F03", f"这个文件的压缩比超过允许的 {self.limits.max_ratio} 倍")
        elif name.lower().endswith(SUFFIX):
            yield from self._inner(entry, file)
        else:
            yield entry

    def _inner(self, entry: ArchiveMember, file: Readable) -> Iterator[ArchiveMember]:
        """Open an archive inside an archive; ``file`` is the one that it lies in."""
        data = _cut(file, entry.slices[-1])
        if data is None:
            yield self._refused(entry, "F01", "压缩包里的这个文件已损坏，或压缩方式无法识别")
            return
        try:
            with zipfile.ZipFile(_Bounded(io.BytesIO(data))) as inner:
                document = is_document(inner.namelist())
        except BROKEN:
            document = True  # damaged, or no zip file: reading it says what it is
        except _TooLarge:
            document = False
        if document:
            yield entry
        elif len(entry.slices) >= self.limits.max_archives:
            yield self._refused(entry, "F03", f"压缩包里套压缩包超过允许的 {self.limits.max_archives} 层")
        else:
            inside = replace(entry, result=entry.result[: -len(SUFFIX)])
            found = list(self.open(_Bounded(io.BytesIO(data)), io.BytesIO(data), inside))
            yield from found or [self._refused(entry, "F01", "这个压缩包是空的")]

    def _refused(self, entry: ArchiveMember, code: str, message: str) -> ArchiveMember:
        return ArchiveMember(entry.name, entry.result, entry.slices, _error(code, f"{message}。{_UNPACK}"))


def _parts(info: zipfile.ZipInfo) -> tuple[str, ...]:
    """Return the folders and the name of a member: no drive, no ``..``, nothing that leads out of the archive."""
    parts = _name(info).replace("\\", "/").split("/")
    safe = tuple(part for part in parts if part.strip(" .") and not part.endswith(":")) or ("_",)
    if sum(map(len, safe)) + len(safe) <= _LONGEST_NAME:
        return safe
    return (safe[0][:_LONGEST_PART], "…", safe[-1][-_LONGEST_PART:]) if len(safe) > 1 else (safe[0][-_LONGEST_PART:],)


def _name(info: zipfile.ZipInfo) -> str:
    """Return a member's name. Windows writes it in its own encoding and says nothing: UTF-8 tells itself, else GBK."""
    if info.flag_bits & _UTF8_NAME:
        return info.orig_filename
    try:
        raw = info.orig_filename.encode("cp437")
    except UnicodeEncodeError:
        return info.orig_filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.orig_filename


def _error(code: str, message: str) -> Finding:
    return Finding(code, Severity.ERROR, message)
