"""A returned file, wherever it lies: how large it is, its bytes, and why there are none."""

from __future__ import annotations

import hashlib
from pathlib import Path

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Submission
from perfxl.package.limits import Limits
from perfxl.places import AddressError, Place, read_at_most, size_of
from perfxl.receive.archive import Slice, extract
from perfxl.receive.journal import hashed


class Input(Struct, frozen=True):
    """A returned file.

    ``path`` is where it lies, on a disk or at an address, for one out of an archive that archive, with ``slices``
    leading to it. ``name`` is its name in results and ``result`` the name that its results are made from: relative,
    with ``/``, each part one that could be a file's. ``refused`` says why it is not even opened.
    """

    path: Place
    name: str
    result: str
    slices: tuple[Slice, ...] = ()
    refused: Finding | None = None

    @property
    def size(self) -> int:
        """How many bytes the file claims to have; 0 where nothing says so."""
        if self.slices:
            return self.slices[-1].size
        try:
            return size_of(self.path)
        except (OSError, AddressError):
            return 0

    def read(self, limits: Limits) -> bytes | Finding:
        """Return the file's bytes, or why there are none. Nothing over the limit is read."""
        if self.refused is not None:
            return self.refused
        try:
            if self.slices:
                return extract(self.path, self.slices)
            size = size_of(self.path)
            data = read_at_most(self.path, limits.max_bytes) if size <= limits.max_bytes else b""
        except (OSError, AddressError):
            return UNOPENED
        size = max(size, len(data))
        if size > limits.max_bytes:
            most = limits.max_bytes // 1_000_000
            return _error("F03", f"这个文件有 {size // 1_000_000} MB，超过允许的 {most} MB。{_LIGHTER}")
        return data

    def hashed(self, limits: Limits) -> str:
        """Return the hash of the file as it lies there, "" where it cannot be read, or is more than may be fetched."""
        if isinstance(self.path, Path):
            return hashed(self.path) or ""
        try:
            data = read_at_most(self.path, limits.max_bytes)
        except (OSError, AddressError):
            return ""
        return hashlib.sha256(data).hexdigest() if len(data) <= limits.max_bytes else ""


class FoundInputs(Struct, frozen=True):
    """The files to be read, and those that are passed over with the finding that says so.

    ``ours`` are the marked copies that earlier runs wrote into the very folder that the results go to.
    """

    inputs: tuple[Input, ...]
    passed_over: tuple[Submission, ...]
    ours: tuple[str, ...] = ()


_LIGHTER = "请删去图片、附件、多余的工作表和空行，另存后重新交回"


def _error(code: str, message: str) -> Finding:
    return Finding(code, Severity.ERROR, message)


UNOPENED = _error("F01", "文件打不开，可能没有权限或已被移走；请确认后重新导入")
