"""What Node.js does for a page: it runs the very Python of the page while the page is built.

First the modules are compiled, then a Python that has imported all of them writes down its memory: the page takes that
up instead of starting one. Without Node.js, or with one that is too old, a page is made without either: it starts more
slowly, and does the same.
"""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from perfxl.page.modules import packed
from perfxl.page.runtime import WHEEL, Runtime

_LONGEST = 600
"""Seconds that either may take; it takes ten."""


class Frozen(Struct, frozen=True):
    """The memory of a Python that is ready to check workbooks, and the modules of its library that are not yet in it."""

    memory: bytes
    stdlib: bytes


def compiled(modules: Mapping[str, bytes], runtime: Runtime, engine: str) -> Mapping[str, bytes]:
    """Return modules compiled, by name: ``.pyc`` instead of ``.py``; as they are where there is no Node.js to do it."""
    made = _run("compile.mjs", runtime, engine, {"in.zip": packed(modules)}, ("out.zip",))
    if made is None:
        return modules
    with zipfile.ZipFile(io.BytesIO(made[0])) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def frozen(modules: Mapping[str, bytes], library: bytes, runtime: Runtime, engine: str) -> Frozen | None:
    """Return the memory after compiled modules were imported; None where there is no Node.js to do it.

    ``library`` is the one compiled half of a library that is among them.
    """
    given = {"site.zip": packed(modules), "library.so": library}
    made = _run("snapshot.mjs", runtime, engine, given, ("memory", "stdlib.zip"))
    return Frozen(*made) if made is not None else None


def _run(
    script: str, runtime: Runtime, engine: str, given: Mapping[str, bytes], wanted: Sequence[str]
) -> tuple[bytes, ...] | None:
    """Run one of our scripts on files, and return those that it made; None where that does not work here."""
    node = shutil.which("node")
    if node is None:
        return None
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for name, data in (*((name, data) for name, data in runtime.files.items() if name != WHEEL), *given.items()):
            (folder / name).write_bytes(data)
        program = engine + files("perfxl.page").joinpath(script).read_text(encoding="utf-8")
        (folder / script).write_text(program, encoding="utf-8")
        words = [str(folder / name) for name in (script, "", *given, *wanted)]
        # A clock that is set elsewhere would be another memory.
        surroundings = {**os.environ, "TZ": "UTC", "NODE_OPTIONS": ""}
        try:
            subprocess.run(  # noqa: S603 - our own program, in a folder of ours
                [node, *words], capture_output=True, env=surroundings, timeout=_LONGEST, check=True
            )
            return tuple((folder / name).read_bytes() for name in wanted)
        except (OSError, subprocess.SubprocessError):
            return None
