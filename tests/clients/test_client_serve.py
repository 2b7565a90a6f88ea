"""The year of three units through a real browser and a real server: what comes of it is what the commands write."""

from __future__ import annotations

import io
import json
import shutil
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import ActionChains, Keys

import perfxl
from perfxl.demo import type_in
from perfxl.outputs import HISTORY, JOURNAL
from support.axe import axe
from support.browser import Browser
from support.hunan import SHEET, typed
from support.pile import LAYOUT
from support.server import Server, running

pytestmark = pytest.mark.client

FORM, YEAR = "hunan-dept-self-eval", 2023
UNITS = (("430407", "石鼓区教育局"), ("0001", "青溪区档案局"), ("0002", "青溪区水利局"))
_PATIENCE = 120
PAGES = (
    *(
        "/",
        "/send",
        "/returns",
        "/returns/overview/",
        "/carry",
        "/summary",
        "/reports",
        "/forms",
        f"/forms/show/{FORM}",
    ),
    *("/forms/adopt", f"/send/preview/{FORM}", "/rules", "/check"),
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    root = tmp_path_factory.mktemp("desk") / "工作"
    with running(root, "--officers") as server:
        yield server


@pytest.fixture(scope="module")
def root(server: Server) -> Path:
    words = server.process.args
    assert isinstance(words, list)
    return Path(words[words.index("--workspace") + 1])


@pytest.fixture(scope="module")
def desk(server: Server, chrome: Browser) -> Browser:
    chrome.driver.get(server.address)
    until(chrome, ".year")
    assert "key=" not in chrome.driver.current_url
    return chrome


def until(chrome: Browser, wanted: str, path: str = "") -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if path in chrome.driver.current_url and chrome.driver.find_elements("css selector", wanted):
            return
        time.sleep(0.05)
    pytest.fail(f"{chrome.driver.current_url}: {chrome.driver.find_element('css selector', 'body').text[:500]}")


def press(chrome: Browser, selector: str) -> None:
    chrome.driver.execute_script("arguments[0].click()", chrome.driver.find_element("css selector", selector))


def fetched(chrome: Browser, address: str) -> bytes:
    """Return what a download of the page's own gives."""
    script = (
        "const done = arguments[arguments.length - 1]; fetch(arguments[0]).then((answer) => answer.arrayBuffer())"
        ".then((data) => done(Array.from(new Uint8Array(data))));"
    )
    return bytes(chrome.driver.execute_async_script(script, address))


def filled(workbook: bytes, unit: str, changes: dict[str, Any]) -> bytes:
    return type_in(workbook, SHEET, {**typed(LAYOUT), "D3": unit, **changes})


def test_the_year_of_three_units(desk: Browser, server: Server, root: Path, tmp_path: Path) -> None:
    driver = desk.driver
    # 下发
    driver.get(f"{server.base}/send")
    driver.find_element("id", "typed").send_keys("\n".join(f"{code} {name}" for code, name in UNITS))
    press(desk, "form[action='/send/roster'] button")
    until(desk, ".chips li")
    press(desk, f"input[value='{FORM}']")
    driver.find_element("name", "year").send_keys(str(YEAR))
    press(desk, "form[action='/send'] button")
    until(desk, "#made")
    packed = fetched(desk, driver.find_element("css selector", "a[href*='files.zip?job']").get_attribute("href") or "")
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        blanks = {name: archive.read(name) for name in archive.namelist()}
    made = perfxl.generate_each(perfxl.load_forms()[FORM], root / "名册.csv", year=YEAR)
    assert list(blanks.values()) == [workbook for _, workbook in made]

    # 收表: one of the three is wrong
    returned = tmp_path / "交回"
    returned.mkdir()
    for number, (name, blank) in enumerate(blanks.items()):
        (returned / name).write_bytes(filled(blank, UNITS[number][1], {"H17": 22} if number == 1 else {}))
    driver.get(f"{server.base}/returns")
    driver.find_element("id", "files").send_keys("\n".join(str(path) for path in sorted(returned.iterdir())))
    press(desk, "form[data-drop] button")
    until(desk, "td.file a", "/returns")
    same_results(root, tmp_path / "一")
    assert "退回" in driver.find_element("css selector", "table.grid").text

    # 看一份: the wrong cell is coloured, and one key leads to it
    press(desk, "td.file a")
    until(desk, "#views", "/returns/look/")
    press(desk, "#steps [data-step='1']")
    assert driver.find_elements("css selector", "td.error#r0s0-H17")
    assert (driver.switch_to.active_element.get_attribute("id") or "").startswith("r0s0-")
    assert "第 1 处" in driver.find_element("css selector", "#steps output").text

    # corrected, under the same name: all three are accepted
    wrong = sorted(returned.iterdir())
    for number, (name, blank) in enumerate(blanks.items()):
        if number == 1:
            (returned / name).write_bytes(filled(blank, UNITS[number][1], {}))
            wrong = [returned / name]
    driver.get(f"{server.base}/returns")
    driver.find_element("id", "files").send_keys(str(wrong[0]))
    press(desk, "form[data-drop] button")
    until(desk, "table .st-superseded", "/returns")
    same_results(root, tmp_path / "二")

    # 汇总, with its charts
    driver.get(f"{server.base}/summary")
    press(desk, "form button")
    until(desk, "#made")
    assert driver.find_elements("css selector", "#charts, svg")
    shutil.copytree(root / "结果", tmp_path / "结果")
    perfxl.summarize(tmp_path / "结果", tmp_path / "汇总" / "汇总.xlsx", roster=root / "名册.csv")
    assert fetched(desk, f"{server.base}/summary/file/汇总.xlsx") == (tmp_path / "汇总" / "汇总.xlsx").read_bytes()

    # 结转 says what it can take from, where nothing fits
    driver.get(f"{server.base}/carry")
    press(desk, "input[name=to]")
    press(desk, "form button")
    until(desk, "[data-state=failed], #made")
    assert not [line for line in desk.console() if "SEVERE" in line or "Refused" in line]


def same_results(root: Path, output: Path) -> None:
    perfxl.import_returns(root / "交回", output, roster=root / "名册.csv", templates=[root / "templates"])
    names = {path.relative_to(output) for path in output.rglob("*") if path.is_file()}
    for name in names - {Path(HISTORY), Path(JOURNAL)}:
        assert (root / "结果" / name).read_bytes() == (output / name).read_bytes(), name


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_all(desk: Browser, server: Server, path: str) -> None:
    by_all(desk, server, path)


def test_a_return_and_a_form_that_was_read_can_be_used_by_all(desk: Browser, server: Server, tmp_path: Path) -> None:
    driver = desk.driver
    driver.get(f"{server.base}/returns")
    press(desk, "td.file a")
    until(desk, "#views", "/returns/look/")
    by_all(desk, server, driver.current_url.removeprefix(server.base))
    blank = tmp_path / "表.xlsx"
    blank.write_bytes(perfxl.generate(perfxl.load_forms()["mof-project-goal"], year=2024))
    driver.get(f"{server.base}/forms/adopt")
    driver.find_element("css selector", "input[type=file]").send_keys(str(blank))
    press(desk, "form button")
    until(desk, ".adopted", "/forms/adopt/")
    by_all(desk, server, driver.current_url.removeprefix(server.base))


def by_all(desk: Browser, server: Server, path: str) -> None:
    driver = desk.driver
    script = axe()
    for width in (1360, 390):
        driver.set_window_size(width, 1000)
        driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False},
        )
        driver.get(server.base + path)
        over = driver.execute_script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert over <= 0, (path, width, over)
        driver.execute_cdp_cmd("Runtime.evaluate", {"expression": script})
        found = driver.execute_async_script(
            "const done = arguments[arguments.length - 1];"
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then((found) => done(JSON.stringify(found.violations.map((one) => [one.id, one.nodes.slice(0, 3).map((n) => n.html)]))));"
        )
        assert json.loads(found) == [], (path, width)
    driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_can_be_operated_with_the_keyboard_alone(desk: Browser, server: Server) -> None:
    driver = desk.driver
    driver.get(f"{server.base}/send")
    ActionChains(driver).send_keys(Keys.TAB).perform()
    assert driver.switch_to.active_element.text == "跳到正文"
    seen: list[str] = []
    for _ in range(120):
        ActionChains(driver).send_keys(Keys.TAB).perform()
        element = driver.switch_to.active_element
        seen.append(f"{element.tag_name}:{element.get_attribute('name') or element.text}")
    for wanted in ("a:收表", "input:form", "input:year", "button:生成工作簿", "button:保存名册"):
        assert wanted in seen, seen
    # a form is chosen and sent without a mouse
    field = driver.find_element("css selector", f"input[value='{FORM}']")
    driver.execute_script("arguments[0].focus()", field)
    field.send_keys(Keys.SPACE)
    assert field.is_selected()
    driver.find_element("name", "year").send_keys("2025", Keys.ENTER)
    until(desk, "#made, [data-state=failed], .verdict.error")
    assert driver.find_elements("css selector", "#made")


def test_without_scripts_the_work_is_done_too(desk: Browser, server: Server, root: Path, tmp_path: Path) -> None:
    desk.scripts(allowed=False)
    try:
        driver = desk.driver
        file = tmp_path / "丁.xlsx"
        file.write_bytes(next(iter((root / "下发").glob("*.xlsx"))).read_bytes())
        driver.get(f"{server.base}/returns")
        driver.find_element("id", "files").send_keys(str(file))
        driver.find_element("css selector", "form[data-drop] button").click()
        until(desk, ".job")
        until(desk, "td.file a")  # the page asks again by itself
    finally:
        desk.scripts(allowed=True)
