"""Python for the browser: the parts of Pyodide and the one library with a compiled half, as they were tried, by their hashes.

They are other people's releases: taken from a folder or an archive that is given, else fetched once by the registries'
own programs (``npm pack``, ``pip download``) and kept in the user's cache. What has another hash is not used.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from msgspec import Struct

from perfxl.model.error import Error, reason_of
from perfxl.outputs import write_whole

PYODIDE, PYTHON = "314.0.7", "3.14.2"
PLATFORM, ABI = "emscripten_5_0_3", "2026_0"
MSGSPEC = "0.22.0"
WHEEL = f"msgspec-{MSGSPEC}-cp314-cp314-pyemscripten_{ABI}_wasm32.whl"
HASHES: Mapping[str, str] = MappingProxyType(
    {
        "pyodide.asm.mjs": "f7cdc8ece80678ceb712f8e65ebe6d3a83203a180c399865f49612a051693635",
        "pyodide.asm.wasm": "cc36e3cab04fdfc9a63ff13eb52eae2b911bf46c025cc7b281f394bd3de1d5e6",
        "pyodide.mjs": "6f1d60f7bf529beb300f0f47983c921d3982363640ba20af0e38efdddbc66109",
        "python_stdlib.zip": "fa1957e5777068fc4f7437f96d860ae2fbe9c19732ba06c84e004ec16dd7dd7a",
        WHEEL: "a66b1766311e42371e509c996c3933b161c7ae0eabdf361af5316dec197e1022",
    }
)
"""The files that a page is made of, by their names, with the SHA-256 of each."""
_LONGEST = 300
"""Seconds that fetching may take."""
_BRING = (
    f"请在能上网的电脑上运行“npm pack pyodide@{PYODIDE}”，把得到的压缩包“pyodide-{PYODIDE}.tgz”拷来，"
    "用选项 --runtime 指定它"
)


class RuntimeMissingError(Error):
    """Python for the browser is not there: the message says what, and where to get it."""


class Runtime(Struct, frozen=True):
    """The files of ``HASHES`` by their names."""

    files: Mapping[str, bytes]

    def __getitem__(self, name: str) -> bytes:
        return self.files[name]

    @property
    def wheel(self) -> bytes:
        return self.files[WHEEL]


def runtime(given: Path | None) -> Runtime:
    """Return the runtime in a folder or archive that is given; without one, that in the cache, fetched where it is not there.

    Raises RuntimeMissingError.
    """
    if given is None:
        return _whole(dict(_files(_cached(wanted=tuple(HASHES)))), "")
    found = dict(_files(given))
    if set(HASHES) - set(found) == {WHEEL}:  # whoever brings Pyodide alone gets the library as without it
        found[WHEEL] = dict(_files(_cached(wanted=(WHEEL,))))[WHEEL]
    return _whole(found, str(given))


def cache() -> Path:
    """Return the folder in which the runtime is kept for the next page."""
    home = Path.home()
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = home / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or home / ".cache")
    return base / "perfxl" / f"pyodide-{PYODIDE}"


def _files(place: Path) -> Iterator[tuple[str, bytes]]:
    """Yield those of the wanted files that lie in a folder, at any depth, or in an archive, in it or given."""
    try:
        if place.is_dir():
            for path in sorted(place.rglob("*")):
                if path.name in HASHES and path.is_file():
                    yield path.name, path.read_bytes()
                elif path.suffix == ".tgz":
                    yield from _archived(path)
        else:
            yield from _archived(place)
    except (tarfile.TarError, EOFError) as error:
        raise RuntimeMissingError(f"“{place}”读不了：不是完整的压缩包；{_BRING}") from error
    except OSError as error:
        raise RuntimeMissingError(f"“{place}”读不了：{reason_of(error)}") from error


def _archived(path: Path) -> Iterator[tuple[str, bytes]]:
    with tarfile.open(path, "r:gz") as archive:
        for member in archive:
            name = PurePosixPath(member.name).name
            file = archive.extractfile(member) if name in HASHES and member.isfile() else None
            if file is not None:
                yield name, file.read()


def _whole(found: Mapping[str, bytes], given: str) -> Runtime:
    missing = [name for name in HASHES if name not in found]
    if missing:
        place = f"“{given}”里" if given else "下载的文件里"
        raise RuntimeMissingError(f"{place}没有网页要用的“{'、'.join(missing)}”；{_BRING}")
    other = [name for name, data in found.items() if hashlib.sha256(data).hexdigest() != HASHES[name]]
    if other:
        raise RuntimeMissingError(f"“{'、'.join(other)}”与核对过的版本不是同一个文件，没有采用；{_BRING}")
    return Runtime(MappingProxyType({name: found[name] for name in HASHES}))


def _cached(wanted: tuple[str, ...]) -> Path:
    """Return the cache's folder once it holds what is wanted, fetched where it does not."""
    folder = cache()
    if not all((folder / name).is_file() for name in wanted if name != WHEEL):
        _fetch(folder, f"pyodide@{PYODIDE}", "npm", ["pack", f"pyodide@{PYODIDE}"])
    if not (folder / WHEEL).is_file():
        tags = ["--platform", f"pyemscripten_{ABI}_wasm32", "--python-version", "314", "--implementation", "cp"]
        pinned = ["--only-binary", ":all:", f"msgspec=={MSGSPEC}"]
        _fetch(folder, f"msgspec {MSGSPEC}", sys.executable, ["-m", "pip", "download", "--no-deps", *tags, *pinned])
    return folder


def _fetch(folder: Path, what: str, program: str, words: list[str]) -> None:
    """Fetch by another program what the cache lacks, and put into it only what has the right hash."""
    found = shutil.which(program)
    if found is None:
        raise RuntimeMissingError(f"缺少网页要用的“{what}”，这台电脑上没有“{program}”，下载不了；{_BRING}")
    with tempfile.TemporaryDirectory() as place:
        try:
            ran = subprocess.run(  # noqa: S603 - a program of the user's own, words of ours
                [found, *words], cwd=place, capture_output=True, text=True, timeout=_LONGEST, check=False
            )
            failed = ran.returncode != 0
        except (OSError, subprocess.TimeoutExpired):
            failed = True
        if failed:
            raise RuntimeMissingError(f"下载“{what}”没有成功，请检查网络；或者{_BRING}")
        fetched = dict(_files(Path(place)))
    for name, data in fetched.items():
        if hashlib.sha256(data).hexdigest() == HASHES[name]:
            folder.mkdir(parents=True, exist_ok=True)
            write_whole(folder / name, data)
