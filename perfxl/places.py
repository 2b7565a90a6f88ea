"""Where returned files lie: on a disk, or at an address that fsspec knows (``s3://bucket/a.xlsx``). Nothing is written there.

fsspec is imported when an address is read. What its libraries say is English, and may name what gives access: what goes
wrong becomes an AddressError in our own words.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, Protocol, TypeAlias

from msgspec import Struct

from perfxl.model.error import Error
from perfxl.model.regex import deferred
from perfxl.outputs import reachable

_ADDRESS = deferred(r"(?P<protocol>[A-Za-z][A-Za-z0-9+.-]+)://(?P<rest>.+)", re.DOTALL)
_LOCAL = frozenset({"file", "local"})
_EXTRA = "perfxl[cluster]"


class AddressError(Error):
    """An address that nothing can be read from, by what it is or by what is installed here; its text says why."""


class NoAccessError(AddressError):
    """An address that may be right, and cannot be read: there is no right to, no network, or nothing is there any more."""


class Address(Struct, frozen=True):
    """Where a file, or a folder of files, lies. Of one that was found ``size`` and ``state`` are what was said of it then.

    Its text may hold a user with a password, or a key: it is shown without them (``str``), and stands in no result.
    """

    url: str
    size: int | None = None
    state: str = ""

    def __str__(self) -> str:
        before, separator, rest = self.url.partition("://")
        # What follows the path of a page is a key as often as not; in other addresses it is a part of a name.
        plain = re.split(r"[?#]", rest)[0] if before.lower().startswith("http") else rest
        host, slash, path = plain.partition("/")
        return f"{before}{separator}{host.rpartition('@')[2]}{slash}{path}"

    @property
    def name(self) -> str:
        """The last part of the path."""
        return PurePosixPath(str(self).partition("://")[2]).name

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    def read(self, start: int, end: int) -> bytes:
        """Return the bytes from a place to another, fewer where the file ends before. Raises AddressError."""
        if self.size == 0 or end <= start:
            return b""
        with _plainly(self):
            files, path = _files(self.url)
            data: bytes = files.cat_file(path, start=start, end=end if self.size is None else min(end, self.size))
        return data

    def found(self) -> Address | None:
        """Return the file that is there, None for a folder. Raises AddressError."""
        with _plainly(self):
            files, path = _files(self.url)
            about = files.info(path)
        return None if about["type"] == "directory" else _found(self.url, about)

    def below(self) -> Iterator[tuple[tuple[str, ...], Address]]:
        """Yield the files below a folder with their folders and names. Raises AddressError."""
        with _plainly(self):
            files, top = _files(self.url)
            listed: Mapping[str, Mapping[str, Any]] = files.find(top, detail=True)
        for name, about in listed.items():
            below = name.removeprefix(top).lstrip("/")
            parts = _parts(below)
            if about["type"] == "file" and parts:
                yield parts, _found(f"{self.url.rstrip('/')}/{below}", about)


Place: TypeAlias = Path | Address


def place_of(given: Path | str | Address) -> Place:
    """Return a place from what was given: ``s3://…`` is an address, anything else a path. Raises AddressError."""
    if isinstance(given, Address):
        return given
    found = _ADDRESS.fullmatch(str(given)) if isinstance(given, str) else None
    if found is None:
        return Path(given)
    if found["protocol"].lower() in _LOCAL or "::" in found["rest"]:
        raise AddressError(f"“{Address(str(given))}”不能这样写；本机的文件直接写路径，压缩包写它自己的地址")
    return Address(str(given))


class Readable(Protocol):
    """An open file, as far as an archive needs one."""

    def read(self, size: int = -1, /) -> bytes: ...

    def seek(self, offset: int, whence: int = 0, /) -> int: ...

    def tell(self) -> int: ...


@contextmanager
def opened(place: Place) -> Iterator[Readable]:
    """Open a file to be read, from any place of it. Raises OSError, AddressError."""
    if isinstance(place, Address):
        yield _Ranged(place)
    else:
        with reachable(place).open("rb") as file:
            yield file


def size_of(place: Place) -> int:
    """Return how many bytes a file has. Raises OSError, AddressError."""
    if isinstance(place, Path):
        return reachable(place).stat().st_size
    if place.size is not None:
        return place.size
    found = place.found()
    return 0 if found is None else found.size or 0


def read_at_most(place: Place, most: int) -> bytes:
    """Return a file's bytes, one more than ``most`` where it has more. Raises OSError, AddressError."""
    if isinstance(place, Address):
        return place.read(0, most + 1)
    with reachable(place).open("rb") as file:
        # Room is made for all that is asked for before anything is read: for what there is, not for what there may be.
        expected = min(os.fstat(file.fileno()).st_size, most)
        data = file.read(expected + 1)
        return data if len(data) <= expected else data + file.read(most - expected)


def state_of(place: Place) -> tuple[str, int]:
    """Return what tells whether a file is still the one that it was. Raises OSError."""
    if isinstance(place, Address):
        return place.state, place.size or 0
    about = reachable(place).stat()
    return str(about.st_mtime_ns), about.st_size


class _Ranged:
    """A file at an address, of which no more is fetched than is asked for: a directory and a member of an archive."""

    def __init__(self, address: Address) -> None:
        self._address = address
        self._size = size_of(address)
        self._at = 0

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        self._at = start + offset
        return self._at

    def read(self, size: int = -1, /) -> bytes:
        end = self._size if size < 0 else min(self._at + size, self._size)
        data = self._address.read(self._at, end)
        self._at += len(data)
        return data


def _files(url: str) -> tuple[Any, str]:
    """Return the file system that an address belongs to, and the path in it. Raises ImportError, ValueError."""
    import fsspec  # noqa: PLC0415 - only for those who ask for it

    found: tuple[Any, str] = fsspec.url_to_fs(url)
    return found


@contextmanager
def _plainly(address: Address) -> Iterator[None]:
    """Let out nothing that a library says: it is English, and may say more than is good."""
    try:
        yield
    except FileNotFoundError:
        raise AddressError(f"找不到：{address}") from None
    except PermissionError:
        raise NoAccessError(f"没有权限读“{address}”；请检查账号和密钥") from None
    except ModuleNotFoundError as error:
        if error.name == "fsspec":
            raise AddressError(f'还没有安装读“{address}”要用的组件，请先运行：pip install "{_EXTRA}"') from None
        raise AddressError(_missing(address)) from None
    except ImportError:
        raise AddressError(_missing(address)) from None
    except ValueError:
        raise AddressError(f"读不了“{address}”：不认识这样的地址，或这台机器没有为它设置好") from None
    except Exception:  # noqa: BLE001 - each library has its own errors of networks and of access
        raise NoAccessError(f"读不了“{address}”：没有设好账号和密钥，或网络不通") from None


def _missing(address: Address) -> str:
    protocol = address.url.partition("://")[0]
    return f"读“{protocol}://”的地址还缺少 fsspec 为它指定的组件，请在各台机器上安装"


def _found(url: str, about: Mapping[str, Any]) -> Address:
    size = about.get("size")
    state = about.get("ETag") or about.get("LastModified") or about.get("mtime") or ""
    return Address(url, int(size) if size is not None else None, str(state))


def _parts(path: str) -> tuple[str, ...]:
    """Return the folders and the name of a file; what is called like a way out of a folder is left out."""
    if path.endswith("/"):
        return ()  # what some programs put in the place of a folder
    return tuple(part for part in path.split("/") if part.strip(" ."))
