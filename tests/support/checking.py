"""A pytest plugin: the fixture ``checking``, the page that the command writes, and Chromium driven as somebody at it would."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from perfxl.page import runtime
from support.browser import Browser

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 240
_FETCHES = 3
"""How often the runtime is fetched before it is said not to be there: a network stumbles."""
_NAME = "填报自检.html"


@cache
def _missing() -> str:
    """Say why no page can be built here; "" where it can."""
    said = ""
    for _ in range(_FETCHES):
        try:
            runtime.runtime(None)
        except runtime.RuntimeMissingError as error:
            said = str(error)
        else:
            return ""
    return said


@pytest.fixture(scope="session")
def checking(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page as the command writes it, with blanks; skipped, under CI failed, where its runtime cannot be fetched.

    Of several processes that test at once one builds it, the others wait for it.
    """
    if _missing():
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail(_missing(), pytrace=False)
        pytest.skip("Python for the browser could not be fetched")
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "page"
    try:
        folder.mkdir()
    except FileExistsError:
        return _awaited(folder / _NAME)
    return built(folder / f"new-{_NAME}").rename(folder / _NAME)


def _awaited(page: Path) -> Path:
    deadline = time.monotonic() + 2 * PATIENCE
    while not page.is_file() and time.monotonic() < deadline:
        time.sleep(0.2)
    assert page.is_file(), "the process that was to build the page has not"
    return page


def built(target: Path) -> Path:
    """Write the page by the command."""
    command = [sys.executable, "-m", "perfxl", "page", "--blanks", "-o", str(target), "--quiet"]
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return target


def opened(chrome: Browser, page: Path) -> Browser:
    """Open a page and wait until it can check."""
    chrome.open(page)
    wait(chrome, "ready")
    return chrome


def at(chrome: Browser, page: Path) -> Browser:
    """Return Chromium with a page that can check: the one that is open, or opened now where another one is."""
    if chrome.is_at(page) and chrome.ask("document.documentElement.dataset.state") in {"ready", "done"}:
        return chrome
    return opened(chrome, page)


def wait(chrome: Browser, state: str) -> None:
    """Wait until the page is in a state; fail at once where it has ended as one that cannot check."""
    deadline = time.monotonic() + PATIENCE
    while (seen := chrome.ask("document.documentElement.dataset.state")) != state and time.monotonic() < deadline:
        assert seen != "old", chrome.console()
        time.sleep(0.02)
    assert seen == state, chrome.ask("document.getElementById('ready').textContent")


def dropped(chrome: Browser, files: Sequence[Path]) -> list[tuple[dict[str, Any], bytes | None]]:
    """Choose files on the page; return each one's document and marked copy."""
    chrome.driver.execute_script("document.documentElement.dataset.state = 'ready'")
    chrome.driver.find_element("id", "file").send_keys("\n".join(str(path.resolve()) for path in files))
    wait(chrome, "done")
    results = json.loads(chrome.ask("JSON.stringify(perfxl.results)"))
    copies = [_copy(chrome, place) for place in range(len(results))]
    return list(zip(results, copies, strict=True))


def _copy(chrome: Browser, place: int) -> bytes | None:
    text = chrome.ask(
        f"((copy) => copy && btoa(Array.from(copy, (byte) => String.fromCharCode(byte)).join('')))(perfxl.marked({place}))"
    )
    return base64.b64decode(text) if text else None
