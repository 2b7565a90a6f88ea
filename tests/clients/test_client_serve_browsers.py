"""The pages in Firefox, and in two browsers at once: what each sees is theirs."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

import perfxl
from perfxl.demo import type_in
from support.browser import Browser, chromium
from support.clerk import Clerk
from support.filings import document, filed
from support.hunan import SHEET
from support.pile import UNIT, bad, good, lay
from support.remote import RemoteBrowser, firefox
from support.server import Server, running

pytestmark = pytest.mark.client

PAGES = ("/send", "/returns", "/carry", "/summary", "/reports", "/forms", "/rules")
OTHER = ("青溪区档案局", "0001")
FORM, REPORT = "hunan-dept-self-eval", "hunan-self-eval-report"
_PATIENCE = 120
_ROUNDS = 3


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "工作", "--officers") as server:
        yield server


@pytest.fixture
def fox() -> Iterator[RemoteBrowser]:
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("no Firefox was found on this machine")
    with firefox(Path(program)) as running:
        yield running


def test_firefox(fox: RemoteBrowser, server: Server, tmp_path: Path) -> None:
    files = lay(tmp_path / "交来", {"甲.xlsx": bad()})
    fox.visit(server.address)
    _until(fox, "document.querySelectorAll('.year li').length", len(PAGES))
    for page in PAGES:
        fox.visit(server.base + page)
        _until(fox, "document.querySelector('nav [aria-current=page]')?.getAttribute('href')", page)
        assert fox.ask("document.querySelector('main h1').textContent")
        _until(fox, "document.documentElement.classList.contains('scripted')", True)
        assert fox.ask("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, page

    # 收表 → 看一份
    fox.visit(f"{server.base}/returns")
    _until(fox, "document.documentElement.classList.contains('scripted')", True)
    fox.choose(files / "甲.xlsx")
    fox.ask("document.querySelector('form[data-drop] button').click()")
    _until(fox, "document.querySelector('td.file a')?.textContent", "甲.xlsx")
    fox.ask("document.querySelector('td.file a').click()")
    _until(fox, "document.querySelectorAll('#views td.error#r0s0-H17').length", 1)
    _see_the_error(fox, tmp_path / "工作" / "结果" / "甲.json")

    # an officer's own check, of the same workbook
    fox.visit(f"{server.base}/check")
    _until(fox, "document.querySelector('main h1')?.textContent", "检查填好的表")
    _until(fox, "document.documentElement.classList.contains('scripted')", True)
    fox.choose(files / "甲.xlsx")
    fox.ask("document.querySelector('form[data-single] button').click()")
    _until(fox, "document.querySelectorAll('#views td.error#r0s0-H17').length", 1)
    _see_the_error(fox, tmp_path / "工作" / "结果" / "甲.json")
    assert fox.ask("document.querySelector('a.save').getAttribute('download')")


def test_firefox_through_the_year(fox: RemoteBrowser, tmp_path: Path) -> None:
    """下发, 结转, 汇总, 报告, by real clicks; what is made lies in the workspace."""
    root = lay(tmp_path / "工作", {"交回/甲.xlsx": good()})
    perfxl.import_returns(root / "交回", root / "结果")
    (root / "结果" / "报告.json").write_bytes(document("报告.xlsx", filed(REPORT, {"unit_name": UNIT})))
    with running(root) as server:
        fox.visit(server.address)
        _until(fox, "document.querySelectorAll('.year li').length", len(PAGES))
        _until(fox, "document.readyState", "complete")

        def turn_to(page: str) -> None:
            _click(
                fox,
                f".site nav a[href='{page}']",
                f"!!document.querySelector('nav [aria-current=page][href=\"{page}\"]')",
            )
            _until(fox, "document.readyState", "complete")

        def tick(field: str) -> None:
            _click(fox, field, f'document.querySelector("{field}").checked')

        def make(folder: str) -> None:
            fox.ask(
                "window.isSent = false; document.addEventListener('submit', () => { window.isSent = true; }, true);"
            )
            _click(fox, "main form button.main", "window.isSent !== false")
            _until(fox, "document.querySelector('#made small')?.textContent.trim()", f"1 个文件，在“{folder}”文件夹里")

        turn_to("/send")
        _click(fox, "summary", "!document.querySelector('details').open")  # the roster's, which is in the way
        tick(f"input[name=form][value='{FORM}']")
        tick("input[name=to][value=one]")
        fox.ask("document.querySelector('input[name=year]').value = '2024'")
        make("下发")
        turn_to("/carry")
        tick(f"input[name=to][value='{REPORT}']")
        make("下发")
        turn_to("/summary")
        make("汇总")
        assert fox.ask("document.querySelectorAll('figure svg').length")
        turn_to("/reports")
        make("汇总/报告")
    made = {path.relative_to(root).parts[0] for path in root.rglob("*.*") if path.is_file()}
    assert {"下发", "结果", "汇总"} <= made
    assert len(list((root / "下发").glob("*.xlsx"))) == 2
    assert [path.suffix for path in (root / "汇总" / "报告").iterdir()] == [".docx"]


def _see_the_error(fox: RemoteBrowser, result: Path) -> None:
    """下一处 leads to the wrong cell; all errors of the return's document are said on the page."""
    for _ in range(40):
        fox.ask("document.querySelector(\"#steps [data-step='1']\").click()")
        if fox.ask("document.activeElement.id") == "r0s0-H17":
            break
    assert fox.ask("document.activeElement.id") == "r0s0-H17"
    document = json.loads(result.read_bytes())
    page = fox.ask("document.querySelector('#views').textContent")
    errors = [one["message"] for one in document["findings"] if one["severity"] == "error"]
    assert errors
    assert all(message in page for message in errors)


def _click(fox: RemoteBrowser, wanted: str, done: str) -> None:
    """Click until an expression is true: a browser that is busy may swallow a click, and a person clicks again."""
    deadline = time.monotonic() + _PATIENCE
    while fox.ask(done) is not True:
        assert time.monotonic() < deadline, (wanted, done)
        fox.click(wanted)
        _wait_for(fox, done, True, 10)


def _until(fox: RemoteBrowser, expression: str, wanted: object) -> None:
    found = _wait_for(fox, expression, wanted, _PATIENCE)
    assert found == wanted, expression


def _wait_for(fox: RemoteBrowser, expression: str, wanted: object, seconds: float) -> object:
    """Ask until the answer is what is wanted or the seconds are over; return the last answer."""
    deadline = time.monotonic() + seconds
    while (found := fox.ask(expression)) != wanted and time.monotonic() < deadline:
        time.sleep(0.1)
    return found


@pytest.fixture
def two(chrome: Browser, tmp_path: Path) -> Iterator[tuple[Browser, Browser]]:
    with chromium(tmp_path / "另一个") as another:
        yield chrome, another


def test_two_at_once_do_not_mix(two: tuple[Browser, Browser], server: Server, tmp_path: Path) -> None:
    """Both hand in other bytes under the same name at the same moment, as clerks, then as officers."""
    own = (UNIT, bad()), (OTHER[0], type_in(good(*OTHER), SHEET, {"D3": OTHER[0]}))
    files = [lay(tmp_path / unit, {"表.xlsx": data}) / "表.xlsx" for unit, data in own]
    clerks = [Clerk(one.driver, server, tmp_path) for one in two]
    with ThreadPoolExecutor(2) as at_once:
        tokens = {
            clerk.driver.find_element("css selector", "meta[name=token]").get_attribute("content") for clerk in clerks
        }
        assert len(tokens) == 2
        list(at_once.map(lambda clerk, file: clerk.hand_in([file]), clerks, files))
        kept = tmp_path / "工作" / "交回"
        assert {path.name for path in kept.iterdir()} == {"表.xlsx", "表（2）.xlsx"}
        assert {path.read_bytes() for path in kept.iterdir()} == {data for _, data in own}
        perfxl.import_returns(kept, tmp_path / "命令")
        for document in (tmp_path / "命令").glob("*.json"):
            assert (tmp_path / "工作" / "结果" / document.name).read_bytes() == document.read_bytes()

        def look(clerk: Clerk, unit: str) -> bool:
            clerk.turn_to("/returns")
            clerk.look(unit)
            page = clerk.driver.find_element("css selector", "#views").get_attribute("textContent") or ""
            assert [name for name, _ in own if name in page] == [unit]
            return bool(clerk.driver.find_elements("css selector", "td.error#r0s0-H17"))

        assert [*at_once.map(look, clerks, (unit for unit, _ in own))] == [True, False]

        for clerk in clerks:  # officers have no key
            clerk.driver.delete_all_cookies()
            clerk.driver.get(f"{server.base}/returns")
            assert "密钥" in clerk.text()
        together = Barrier(2)
        before = sorted((tmp_path / "工作").rglob("*"))
        for _ in range(_ROUNDS):
            pages = at_once.map(_check, clerks, (server, server), files, (together, together))
            for (page, copy), (unit, data) in zip(pages, own, strict=True):
                assert [name for name, _ in own if name in page] == [unit]
                assert copy == perfxl.marked(data, perfxl.read(data, name="表.xlsx"))
        assert sorted((tmp_path / "工作").rglob("*")) == before


def _check(clerk: Clerk, server: Server, file: Path, together: Barrier) -> tuple[str, bytes]:
    """Have a workbook checked on the officers' page; return what it says, and the marked copy in it."""
    clerk.driver.get(f"{server.base}/check")
    clerk.choose("#files", [file])
    together.wait(_PATIENCE)
    clerk.leave("form[data-single] button")
    page = clerk.until("#views").get_attribute("textContent") or ""
    address = clerk.until("a.save").get_attribute("href") or ""
    return page, base64.b64decode(address.partition(",")[2])
