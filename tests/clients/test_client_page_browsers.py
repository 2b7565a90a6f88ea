"""The page in other browsers: Firefox, and Chromium 109, the last one for Windows 7. Both find what an import finds."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

import perfxl
from support.remote import RemoteBrowser, chromium, firefox

pytestmark = [pytest.mark.client, pytest.mark.slow]

ROOT = Path(__file__).resolve().parents[2]
OLD = "@sparticuz/chromium@109"
"""A release of Chromium 109 that the registry of Node.js has, without a driver."""
SEEDS = ("hunan.xlsx", "henan.xlsx", "jilin.xls", "hubei.ods", "qinghai.xlsx")
_UNPACK = (
    'const [from, to] = process.argv.slice(1); const {brotliDecompressSync} = require("zlib"); const fs = require("fs");'
    "fs.writeFileSync(to, brotliDecompressSync(fs.readFileSync(from)), {mode: 0o755})"
)
_PATIENCE = 240


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RemoteBrowser]:
    node, npm = shutil.which("node"), shutil.which("npm")
    folder = tmp_path_factory.mktemp("old")
    if (
        not (node and npm)
        or subprocess.run([npm, "pack", OLD], cwd=folder, capture_output=True, check=False).returncode
    ):
        pytest.skip("Chromium 109 could not be fetched")
    # Python 3.11.2, which Debian has, knows no filters yet.
    with_care: dict[str, Literal["data"]] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
    shutil.unpack_archive(next(folder.glob("*.tgz")), folder, **with_care)
    program = folder / "chromium"
    subprocess.run([node, "-e", _UNPACK, str(folder / "package/bin/chromium.br"), str(program)], check=True)
    with chromium(program) as running:
        yield running


@pytest.fixture(scope="module")
def fox() -> Iterator[RemoteBrowser]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox was found on this machine")
    with firefox(Path(program)) as running:
        yield running


@pytest.mark.parametrize("browser", ["old", "fox"])
def test_it_finds_what_an_import_finds(
    browser: str, checking: Path, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    running: RemoteBrowser = request.getfixturevalue(browser)
    running.open(checking)
    _wait(running, "ready")
    for name in SEEDS:
        file = ROOT / "tests" / "returns" / name
        running.ask("document.documentElement.dataset.state = 'ready'")
        running.choose(file)
        _wait(running, "done")
        overview = perfxl.import_returns(file, tmp_path / name)
        (one,) = overview.returns
        assert json.loads(running.ask("JSON.stringify(perfxl.results)")) == [
            json.loads((tmp_path / name / one.document).read_text("utf-8"))
        ]
        assert running.ask("perfxl.marked(0)?.length ?? 0") == (
            len((tmp_path / name / one.marked).read_bytes()) if one.marked else 0
        )


def _wait(running: RemoteBrowser, state: str) -> None:
    deadline = time.monotonic() + _PATIENCE
    while running.ask("document.documentElement.dataset.state") != state and time.monotonic() < deadline:
        time.sleep(0.05)
    assert running.ask("document.documentElement.dataset.state") == state
