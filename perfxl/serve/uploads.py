"""What a browser posts: fields as texts, files streamed to a folder of their own and never held in memory.

Names of files are what the sender claims: they are cleaned before anybody sees them, and files lie here by number.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from urllib.parse import parse_qsl

from msgspec import Struct, field
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request

from perfxl.model.error import Error
from perfxl.outputs import OURS, safe_name
from perfxl.package.limits import DEFAULT, Limits
from perfxl.serve.bounds import MOST_FIELDS, MOST_FILES, MOST_SECONDS, MOST_SILENCE

_PARTS = re.compile(r"[/\\]+")
_MOST_PARTS = 20
"""Folders inside each other that a name may have."""
TOKEN = "token"  # noqa: S105 - the name of a field
"""The field, and with ``x-`` before it the header, that says that one of our own forms was sent."""


class RefusedError(Error):
    """A request that is not taken: its ``status``, and in Chinese why."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class GoneError(RefusedError):
    """What was asked for is not remembered any more: in Chinese why, and where to go on (``leads``: addresses with words)."""

    def __init__(self, message: str, leads: Sequence[tuple[str, str]]) -> None:
        super().__init__(404, message)
        self.leads = leads


NOT_OURS = "这个请求不是从本页面发出的，没有执行。请刷新页面再试一次。"


class Upload(Struct, frozen=True):
    """A file that was handed in: its name with folders, cleaned, and where it lies until the request is over."""

    name: str
    path: Path


class Posted(Struct):
    """What was posted. ``refused`` says which files were not taken, and why."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)

    def text(self, name: str) -> str:
        """Return what a field holds, ends trimmed, "" where it is not there."""
        return (self.fields.get(name) or [""])[0].strip()

    def all(self, name: str) -> tuple[str, ...]:
        """Return all that was ticked under a name."""
        return tuple(text.strip() for text in self.fields.get(name, ()) if text.strip())


def clean_name(claimed: str) -> str:
    r"""Return a file's claimed name as one below a folder: each part one that every file system takes, none that leads out.

    ``C:\表\..\甲.xlsx`` → ``C_/表/甲.xlsx``.
    """
    parts = [safe_name(part) for part in _PARTS.split(claimed) if part.strip(" .")]
    return "/".join(parts[-_MOST_PARTS:]) or "_"


@asynccontextmanager
async def posted(
    request: Request, folder: Path | None, is_token: Callable[[str], bool], limits: Limits = DEFAULT
) -> AsyncIterator[Posted]:
    """Read what was posted; its files lie below ``folder`` (the system's for temporary files where None) while in use.

    No file is taken before the token of our form was seen. Raises RefusedError.
    """
    with _scratch(folder) as place:
        reader = _Reader(place, limits, is_token)
        reader.trusted = is_token(request.headers.get(f"x-{TOKEN}", ""))
        kind, options = parse_options_header(request.headers.get("content-type", ""))
        if kind == b"multipart/form-data" and b"boundary" in options:
            await reader.read_parts(options[b"boundary"], _chunks(request))
        elif kind == b"application/x-www-form-urlencoded":
            await reader.read_fields(_chunks(request))
        else:
            raise RefusedError(415, "这种内容不能处理。")
        if not reader.trusted:
            raise RefusedError(403, NOT_OURS)
        yield reader.posted


async def body(request: Request) -> bytes:
    """Read a body of JSON, bounded as fields are. Raises RefusedError."""
    data = bytearray()
    async for chunk in _chunks(request):
        data += chunk
        if len(data) > MOST_FIELDS:
            raise RefusedError(413, "内容太长。")
    return bytes(data)


async def _chunks(request: Request) -> AsyncIterator[bytes]:
    """Yield a body as it comes; a sender who keeps still, or drips, is not waited for."""
    end = time.monotonic() + MOST_SECONDS
    stream = request.stream().__aiter__()
    while True:
        patience = min(MOST_SILENCE, end - time.monotonic())
        try:
            chunk = await asyncio.wait_for(anext(stream), max(patience, 0))
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RefusedError(408, "上传太慢，已停止；请检查网络后再试一次。") from None
        except ClientDisconnect:
            raise RefusedError(400, "上传中断了。") from None
        yield chunk


class _Part(Struct):
    name: str = ""
    claimed: str | None = None
    data: bytearray = field(default_factory=bytearray)
    size: int = 0
    path: Path | None = None
    most: int = 0


class _Reader:
    """Takes a body apart while it comes."""

    def __init__(self, place: Path, limits: Limits, is_token: Callable[[str], bool]) -> None:
        self.posted = Posted()
        self.trusted = False
        self._place = place
        self._limits = limits
        self._is_token = is_token
        self._part = _Part()
        self._head: dict[bytes, bytes] = {}
        self._name = self._value = b""
        self._typed = self._files = self._whole = 0
        self._to_write: list[tuple[Path, bytes]] = []

    async def read_fields(self, chunks: AsyncIterator[bytes]) -> None:
        data = bytearray()
        async for chunk in chunks:
            data += chunk
            if len(data) > MOST_FIELDS:
                raise RefusedError(413, "填写的内容太长。")
        try:
            pairs = parse_qsl(data.decode("ascii"), keep_blank_values=True, errors="replace")
        except ValueError:
            raise RefusedError(400, "内容读不出来。") from None
        for name, text in pairs:
            self._take(name, text)

    async def read_parts(self, boundary: bytes, chunks: AsyncIterator[bytes]) -> None:
        try:
            parser = MultipartParser(
                boundary,
                {
                    "on_part_begin": self._begin,
                    "on_header_field": self._header_field,
                    "on_header_value": self._header_value,
                    "on_header_end": self._header_end,
                    "on_headers_finished": self._headers,
                    "on_part_data": self._data,
                    "on_part_end": self._end,
                },
            )
            async for chunk in chunks:
                parser.write(chunk)
                if self._to_write:
                    writing, self._to_write = self._to_write, []
                    await run_in_threadpool(_append, writing)
            parser.finalize()
        except FormParserError:
            raise RefusedError(400, "上传的内容读不出来，可能中途断了；请再试一次。") from None

    def _begin(self) -> None:
        self._part, self._head = _Part(), {}

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._head[self._name.lower()] = self._value
        self._name = self._value = b""

    def _headers(self) -> None:
        _, options = parse_options_header(self._head.get(b"content-disposition", b""))
        self._part.name = options.get(b"name", b"").decode(errors="replace")
        if b"filename" not in options:
            return
        if not self.trusted:
            raise RefusedError(403, NOT_OURS)
        claimed = options[b"filename"].decode(errors="replace")
        self._part.claimed = claimed
        if not claimed:  # a form that was sent without choosing a file
            return
        self._files += 1
        if self._files > MOST_FILES:
            raise RefusedError(413, f"一次最多上传 {MOST_FILES} 个文件；请分几次。")
        archive = claimed.lower().endswith(".zip")
        self._part.most = self._limits.max_archive if archive else self._limits.max_bytes
        self._part.path = self._place / str(self._files)
        self._to_write.append((self._part.path, b""))

    def _data(self, data: bytes, start: int, end: int) -> None:
        part, size = self._part, end - start
        part.size += size
        if part.claimed is None:
            self._typed += size
            if self._typed > MOST_FIELDS:
                raise RefusedError(413, "填写的内容太长。")
            part.data += data[start:end]
            return
        self._whole += size
        if self._whole > self._limits.max_archive:
            raise RefusedError(413, f"一次上传的太多，最多 {self._limits.max_archive // 1_000_000} MB；请分几次。")
        if part.path is not None and part.size <= part.most:
            self._to_write.append((part.path, data[start:end]))

    def _end(self) -> None:
        part = self._part
        if part.claimed is None:
            self._take(part.name, part.data.decode(errors="replace"))
        elif part.path is not None:
            name = clean_name(part.claimed)
            if part.size > part.most:
                most = part.most // 1_000_000
                self.posted.refused.append(f"“{name}”超过允许的 {most} MB，没有收下")
            else:
                self.posted.files.append(Upload(name, part.path))

    def _take(self, name: str, text: str) -> None:
        if name == TOKEN:
            self.trusted = self.trusted or self._is_token(text)
        else:
            self.posted.fields.setdefault(name, []).append(text)


def _append(pieces: Sequence[tuple[Path, bytes]]) -> None:
    for path, data in pieces:
        with path.open("ab") as file:
            file.write(data)


@contextmanager
def _scratch(folder: Path | None) -> Iterator[Path]:
    """Give a folder for the time of a request, on the disk where its files are to stay."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
    place = Path(tempfile.mkdtemp(dir=folder, prefix=f"{OURS}{os.getpid()}-", suffix=".tmp"))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)
