"""The page in Chromium, from the disk and without a network: it finds what an import finds, and marks as it does."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import perfxl
from perfxl.page import runtime
from perfxl.page.build import build
from support.browser import Browser
from support.checking import PATIENCE, ROOT, at, built, dropped, opened
from support.structured import made

pytestmark = pytest.mark.client

MUTANTS = 50
_TOGETHER = 20


@pytest.fixture
def ready(checking: Path, chrome: Browser) -> Browser:
    """Chromium with the page, ready to check; other tests open other pages, and tests come in any order."""
    return at(chrome, checking)


def _imported(files: Sequence[Path], output: Path) -> list[tuple[dict[str, Any], bytes | None]]:
    """Import the same files here; return the same of each."""
    overview = perfxl.import_returns(files, output)
    return [
        (
            json.loads((output / one.document).read_text("utf-8"), parse_float=float),
            (output / one.marked).read_bytes() if one.marked else None,
        )
        for one in overview.returns
    ]


def _same(chrome: Browser, files: Sequence[Path], output: Path) -> None:
    for first in range(0, len(files), _TOGETHER):
        some = files[first : first + _TOGETHER]
        here, there = _imported(some, output / str(first)), dropped(chrome, some)
        by_name = {own["source"]["file"]: (own, copy) for own, copy in here}
        assert sorted(one["source"]["file"] for one, _ in there) == sorted(by_name)
        for document, copy in there:
            own, own_copy = by_name[document["source"]["file"]]
            assert document == own
            assert copy == own_copy


def test_it_finds_what_an_import_finds_in_the_retyped_seeds(ready: Browser, tmp_path: Path) -> None:
    files = sorted(path for path in (ROOT / "tests/returns").glob("*.*") if path.suffix in {".xlsx", ".xls", ".ods"})
    assert len(files) >= 15
    _same(ready, files, tmp_path)


def test_it_finds_what_an_import_finds_in_the_corpus(ready: Browser, tmp_path: Path) -> None:
    files = sorted(path for path in (ROOT / "tests/corpus").iterdir() if path.suffix in {".xlsx", ".xlsm", ".xls"})
    assert len(files) >= 10
    _same(ready, files, tmp_path)


def test_it_finds_what_an_import_finds_in_broken_returns(ready: Browser, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    files = []
    for number in range(MUTANTS):
        kind, suffix, data = made(number, 11)
        files.append(tmp_path / "in" / f"{number:02}-{kind}{suffix}")
        files[-1].write_bytes(data)
    _same(ready, files, tmp_path / "out")


def test_nothing_is_asked_of_the_network_and_the_policy_is_kept(checking: Path, ready: Browser) -> None:
    dropped(ready, [ROOT / "tests/returns/hunan.xlsx"])
    asked = [url for url in ready.requests() if not url.startswith("blob:")]
    assert set(asked) <= {checking.resolve().as_uri()}
    assert ready.console() == []


def test_the_wrong_cells_are_shown_one_after_another(ready: Browser) -> None:
    dropped(ready, [ROOT / "tests/returns/hunan.xlsx"])
    assert ready.ask("document.querySelector('.verdict').textContent") == "还有 2 处错误，改正后再上报"
    ready.driver.find_element("css selector", "[data-step='1']").click()
    first = ready.ask("document.activeElement.id")
    assert ready.ask("document.activeElement.matches('td.error, td.warning')")
    ready.driver.find_element("css selector", "[data-step='1']").click()
    assert ready.ask("document.activeElement.id") != first
    ready.driver.find_element("css selector", "[data-step='-1']").click()
    assert ready.ask("document.activeElement.id") == first
    link = ready.driver.find_element("css selector", "a[data-cell]")
    link.click()
    assert ready.ask("document.activeElement.id") == link.get_attribute("data-cell")


def test_the_blank_that_it_saves_is_the_one_that_is_sent_out(ready: Browser) -> None:
    ready.driver.execute_script(
        "window.kept = [URL.createObjectURL, HTMLAnchorElement.prototype.click];"
        "URL.createObjectURL = (blob) => { window.saved = blob; return 'blob:null/none'; };"
        "HTMLAnchorElement.prototype.click = () => {};"
    )
    ready.driver.execute_script("document.querySelector('[data-blank=\"jilin-dept-self-eval\"]').click()")
    deadline = time.monotonic() + PATIENCE
    while not ready.ask("window.saved && window.saved.size") and time.monotonic() < deadline:
        time.sleep(0.05)
    blank = perfxl.generate(perfxl.load_forms()["jilin-dept-self-eval"])
    text = ready.driver.execute_async_script(
        "const told = arguments[0]; window.saved.arrayBuffer().then((data) => told(btoa("
        "Array.from(new Uint8Array(data), (byte) => String.fromCharCode(byte)).join(''))))"
    )
    ready.driver.execute_script("[URL.createObjectURL, HTMLAnchorElement.prototype.click] = window.kept")
    assert base64.b64decode(text) == blank


def test_it_is_narrow_enough_for_a_phone(ready: Browser) -> None:
    size = ready.driver.get_window_size()
    ready.driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    )
    try:
        assert ready.ask("document.documentElement.scrollWidth") <= 390
    finally:
        ready.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
        ready.driver.set_window_size(size["width"], size["height"])


def test_a_worker_that_dies_costs_its_file_only(ready: Browser, tmp_path: Path) -> None:
    """The worker is ended while it works: the page starts another one and says what became of the file."""
    source = ROOT / "tests/returns/hunan.xlsx"
    ready.driver.execute_script("window.died = Worker.prototype.postMessage")
    ready.driver.execute_script(
        "Worker.prototype.postMessage = function (data, given) {"
        " if (data.kind === 'check') { Worker.prototype.postMessage = window.died; this.onerror({message: 'died'}); }"
        " else window.died.call(this, data, given); }"
    )
    ((document, copy),) = dropped(ready, [source])
    assert [finding["code"] for finding in document["findings"]] == ["F13"]
    assert copy is None
    shutil.copy(source, tmp_path / "again.xlsx")
    ((document, copy),) = dropped(ready, [tmp_path / "again.xlsx"])
    assert len(document["forms"]) == 2
    assert copy


def test_a_file_that_was_not_copied_whole_says_so(checking: Path, chrome: Browser, tmp_path: Path) -> None:
    cut = tmp_path / "cut.html"
    cut.write_bytes(checking.read_bytes()[:8_000_000])
    chrome.open(cut)
    deadline = time.monotonic() + PATIENCE
    while chrome.ask("document.documentElement.dataset.state") != "old" and time.monotonic() < deadline:
        time.sleep(0.05)
    assert "这个网页文件不完整" in chrome.ask("document.getElementById('ready').textContent")


def test_a_page_without_memory_finds_the_same(
    checking: Path, chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Built where there is no Node.js, a page starts Python from nothing; what it finds is the same."""
    assert b'data-part="memory"' in checking.read_bytes()
    monkeypatch.setattr("perfxl.page.node.shutil.which", lambda _: None)
    plain = tmp_path / "plain.html"
    plain.write_bytes(build(perfxl.load_forms(), runtime.runtime(None)))
    assert b'data-part="memory"' not in plain.read_bytes()
    _same(
        opened(chrome, plain), [ROOT / "tests/returns/hunan.xlsx", ROOT / "tests/returns/hubei.ods"], tmp_path / "out"
    )


def test_the_same_page_is_built_again(checking: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the forms are read from their definitions, not from what an earlier run has kept."""
    monkeypatch.setenv("PERFXL_CACHE", "")
    monkeypatch.setenv("PYTHONHASHSEED", "7")
    again = built(tmp_path / "again.html")
    # Not compared as bytes: what pytest would say of two pages that differ takes it an hour.
    assert sha256(again.read_bytes()).hexdigest() == sha256(checking.read_bytes()).hexdigest()
