"""The page for everybody: axe-core finds nothing in any of its states; keyboard, screen reader, paper, a narrow screen, old browsers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Keys

from support.axe import axe
from support.browser import Browser
from support.checking import ROOT, at, dropped, opened, wait

pytestmark = pytest.mark.client

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WRONG, CLEAN, OLD_FORMAT = (ROOT / "tests/returns" / name for name in ("hunan.xlsx", "hubei.ods", "jilin.xls"))


@pytest.fixture
def ready(checking: Path, chrome: Browser) -> Browser:
    return at(chrome, checking)


def _violations(chrome: Browser) -> list[tuple[str, str]]:
    if not chrome.ask("!!window.axe"):
        chrome.driver.execute_script(axe())
    found = chrome.driver.execute_async_script(
        "const [rules, done] = arguments; axe.run(document, {runOnly: rules}).then((found) => done("
        "found.violations.map((one) => [one.id, one.nodes[0].html.slice(0, 200)])))",
        RULES,
    )
    return [(rule, html) for rule, html in found]


@contextmanager
def _width(chrome: Browser, pixels: int) -> Iterator[None]:
    metrics = {"width": pixels, "height": 844, "deviceScaleFactor": 1, "mobile": False}
    chrome.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
    try:
        yield
    finally:
        chrome.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


@contextmanager
def _working(chrome: Browser) -> Iterator[None]:
    """Hold the page while it works: what it asks of its worker goes out later."""
    chrome.driver.execute_script(
        "window.post = Worker.prototype.postMessage;"
        "Worker.prototype.postMessage = function (...given) { window.held = [this, given]; };"
    )
    chrome.driver.execute_script("document.documentElement.dataset.state = 'ready'")
    chrome.driver.find_element("id", "file").send_keys(str(WRONG))
    wait(chrome, "working")
    yield
    chrome.driver.execute_script(
        "Worker.prototype.postMessage = window.post; const [worker, given] = window.held; worker.postMessage(...given)"
    )
    wait(chrome, "done")


def test_axe_finds_nothing_before_any_workbook_and_while_one_is_checked(checking: Path, chrome: Browser) -> None:
    ready = opened(chrome, checking)
    assert _violations(ready) == []
    with _working(ready):
        assert _violations(ready) == []
        assert "正在检查 1 个文件" in ready.ask("document.getElementById('ready').textContent")


@pytest.mark.parametrize("files", [[WRONG], [WRONG, OLD_FORMAT, CLEAN]], ids=["one", "several"])
def test_axe_finds_nothing_in_results(ready: Browser, files: list[Path]) -> None:
    dropped(ready, files)
    assert _violations(ready) == []
    with _width(ready, 390):
        assert ready.ask("document.documentElement.scrollWidth") <= 390
        assert _violations(ready) == []


def _tree(chrome: Browser) -> list[tuple[str, str, dict[str, Any]]]:
    """What a screen reader gets: role, name and properties of all that is not ignored."""
    nodes = chrome.driver.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    return [
        (
            node["role"]["value"],
            node.get("name", {}).get("value", ""),
            {one["name"]: one["value"].get("value") for one in node.get("properties", [])},
        )
        for node in nodes
        if not node.get("ignored")
    ]


def test_a_screen_reader_gets_names_headings_in_order_and_what_happens(ready: Browser) -> None:
    dropped(ready, [WRONG, CLEAN])
    tree = _tree(ready)
    for role, name, _ in tree:
        assert name or role not in {"button", "link", "heading", "region", "navigation", "table", "columnheader"}, role
    levels = [more["level"] for role, _, more in tree if role == "heading"]
    assert levels[0] == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    said = [(role, more.get("live")) for role, _, more in tree if role == "status"]
    assert ("status", "polite") in said
    assert ready.ask("document.getElementById('ready').textContent") == "检查完了：2 个文件，1 个还不能上报。"
    assert ready.ask("document.activeElement.textContent") == WRONG.name
    assert ready.ask("document.activeElement.tagName") == "H2"


def test_all_of_it_can_be_done_by_keyboard(ready: Browser) -> None:
    dropped(ready, [WRONG])

    def press(*keys: str) -> str:
        ActionChains(ready.driver).send_keys(*keys).perform()
        return str(ready.ask("document.activeElement.outerHTML"))

    assert "保存标注件" in press(Keys.TAB)
    seen = press(Keys.TAB)
    assert "data-cell" in seen
    target = ready.ask("document.activeElement.dataset.cell")
    press(Keys.ENTER)
    assert ready.ask("document.activeElement.id") == target
    # from the cell to what is said of it next to the sheet, at the same height, and back
    assert "data-cell" in press(Keys.ENTER)
    remark = "document.activeElement.closest('.remarks li')"
    assert "chosen" in ready.ask(f"{remark}.className")
    top = "Math.round({}.getBoundingClientRect().top)"
    assert ready.ask(top.format(remark)) == ready.ask(top.format(f"document.getElementById('{target}')"))
    said = ready.ask(f"{remark}.querySelector('.said').id")
    assert said in ready.ask(f"document.getElementById('{target}').getAttribute('aria-describedby')").split()
    press(Keys.ENTER)
    assert ready.ask("document.activeElement.id") == target
    ready.driver.find_element("css selector", "[data-step='1']").send_keys(Keys.ENTER)
    first = ready.ask("document.activeElement.id")
    assert ready.ask("document.activeElement.matches('td.error, td.warning')")
    assert "第" in ready.ask("document.querySelector('#steps output').textContent")
    ready.driver.find_element("css selector", "[data-step='1']").send_keys(" ")
    assert ready.ask("document.activeElement.id") != first
    assert ready.ask("document.getElementById('file').tabIndex") == 0
    assert ready.ask("document.getElementById('file').getClientRects().length")


def test_paper_has_the_verdict_the_list_and_the_sheet_and_no_buttons(ready: Browser) -> None:
    dropped(ready, [WRONG])
    ready.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        seen = "(words) => [...document.querySelectorAll(words)].some((one) => one.getClientRects().length)"
        for words in (".verdict", ".found li", "table.sheet", ".sheet .sign", ".remarks li"):
            assert ready.ask(f"({seen})('{words}')"), words
        for words in ("button", "#choose", "progress", "footer", "#ready"):
            assert not ready.ask(f"({seen})('{words}')"), words
    finally:
        ready.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert ready.pdf().startswith(b"%PDF")


def test_a_browser_that_is_too_old_is_told_so_in_chinese(checking: Path, chrome: Browser) -> None:
    source = {"source": "delete window.DecompressionStream"}
    script = chrome.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", source)["identifier"]
    try:
        chrome.open(checking)
        assert chrome.ask("document.documentElement.dataset.state") == "old"
        assert "这个浏览器太旧" in chrome.ask("document.getElementById('ready').textContent")
        assert chrome.ask("document.getElementById('file').disabled")
        assert not chrome.ask("document.getElementById('bar').getClientRects().length")
        assert _violations(chrome) == []
        assert chrome.console() == []
    finally:
        chrome.driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", {"identifier": script})
