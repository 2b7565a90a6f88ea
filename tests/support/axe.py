"""axe-core, which looks for what keeps people from using a page: fetched from npm once, where npm is."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
import tempfile
from functools import cache
from pathlib import Path

import pytest

VERSION = "4.14.1"
_FETCHES = 3


@cache
def axe() -> str:
    """Return its script; where it cannot be fetched the test is skipped, under CI it fails."""
    kept = Path(tempfile.gettempdir()) / f"axe-core-{VERSION}.js"
    if kept.is_file():
        return kept.read_text("utf-8")
    npm = shutil.which("npm")
    try:
        if npm is None:
            raise OSError("no npm")  # noqa: TRY301 - told below, as all else
        with tempfile.TemporaryDirectory(dir=kept.parent) as scratch:
            _fetch(npm, Path(scratch))
            with tarfile.open(Path(scratch) / f"axe-core-{VERSION}.tgz") as archive:
                member = archive.extractfile("package/axe.min.js")
                assert member is not None
                whole = Path(scratch) / kept.name
                whole.write_bytes(member.read())
            whole.replace(kept)  # another process that tests at once never sees a half of it
    except (OSError, subprocess.SubprocessError, tarfile.TarError) as error:
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(f"axe-core could not be fetched: {error}", pytrace=False)
        pytest.skip("axe-core could not be fetched")
    return kept.read_text("utf-8")


def _fetch(npm: str, scratch: Path) -> None:
    """Fetch the archive, and again where the network stumbles. Raises subprocess.SubprocessError."""
    for left in reversed(range(_FETCHES)):
        try:
            subprocess.run(
                [npm, "pack", f"axe-core@{VERSION}"], cwd=scratch, check=True, timeout=120, capture_output=True
            )
        except subprocess.SubprocessError:
            if not left:
                raise
        else:
            return
