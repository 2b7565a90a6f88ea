"""The pages in a real browser, of a real server: for all who use them, by keyboard alone, without scripts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from selenium.webdriver import ActionChains, Keys

import perfxl
from perfxl.serve.desk import identity
from support.axe import axe
from support.browser import Browser
from support.clerk import CHECKED, wait_for
from support.pile import bad, good, lay
from support.server import Server, running

pytestmark = pytest.mark.client

FORM = "hunan-dept-self-eval"
WORK = {
    "名册.csv": "单位代码,单位名称\r\n430407,石鼓区教育局\r\n0001,青溪区档案局\r\n0002,青溪区水利局\r\n".encode(
        "utf-8-sig"
    ),
    "下发/甲.xlsx": good(),
    "交回/甲.xlsx": good(),
    "交回/乙.xlsx": bad("青溪区档案局", "0001"),
}
"""A workspace in the middle of the year: one accepted, one that goes back, one missing."""
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
    root = lay(tmp_path_factory.mktemp("desk") / "工作", WORK)
    perfxl.import_returns(root / "交回", root / "结果", roster=root / "名册.csv")
    perfxl.summarize(root / "结果", root / "汇总" / "汇总.xlsx", roster=root / "名册.csv")
    with running(root, "--officers") as server:
        yield server


@pytest.fixture(scope="module")
def desk(server: Server, chrome: Browser) -> Browser:
    chrome.driver.get(server.address)
    wait_for(chrome.driver, ".year")
    assert "key=" not in chrome.driver.current_url
    chrome.driver.get(f"{server.base}/returns")
    wait_for(chrome.driver, CHECKED, "/returns")  # the server goes on where the import stopped
    return chrome


def press(chrome: Browser, selector: str) -> None:
    chrome.driver.execute_script("arguments[0].click()", chrome.driver.find_element("css selector", selector))


@pytest.mark.parametrize("path", PAGES)
def test_a_page_can_be_used_by_all(desk: Browser, server: Server, path: str) -> None:
    by_all(desk, server, path)


def test_a_return_and_a_form_that_was_read_can_be_used_by_all(desk: Browser, server: Server, tmp_path: Path) -> None:
    driver = desk.driver
    driver.get(f"{server.base}/returns")
    press(desk, "td.file a")
    wait_for(desk.driver, "#views", "/returns/look/")
    by_all(desk, server, driver.current_url.removeprefix(server.base))
    blank = tmp_path / "表.xlsx"
    blank.write_bytes(perfxl.generate(perfxl.load_forms()["mof-project-goal"], year=2024))
    driver.get(f"{server.base}/forms/adopt")
    driver.find_element("css selector", "input[type=file]").send_keys(str(blank))
    press(desk, "form button")
    wait_for(desk.driver, ".adopted", "/forms/adopt/")
    by_all(desk, server, driver.current_url.removeprefix(server.base))


def by_all(desk: Browser, server: Server, path: str) -> None:
    driver = desk.driver
    script = axe()
    try:
        for width in (1360, 390):
            driver.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": False},
            )
            driver.get(server.base + path)
            driver.execute_script("for (const one of document.querySelectorAll('details')) one.open = true")
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
    finally:
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
    wait_for(desk.driver, "#made, [data-state=failed], .verdict.error")
    assert driver.find_elements("css selector", "#made")


def test_without_scripts_the_work_is_done_too(desk: Browser, server: Server, tmp_path: Path) -> None:
    desk.scripts(allowed=False)
    try:
        driver = desk.driver
        file = tmp_path / "丁.xlsx"
        file.write_bytes(good("青溪区水利局", "0002"))
        driver.get(f"{server.base}/returns")
        driver.find_element("id", "files").send_keys(str(file))
        driver.find_element("css selector", "form[data-drop] button").click()
        # The page of the work asks again by itself; where the work was done at once it is not shown at all.
        wait_for(desk.driver, f"td.file a[href='/returns/look/{identity(file.name)}']", "/returns")
    finally:
        desk.scripts(allowed=True)


@pytest.mark.slow
def test_of_very_many_returns_rows_are_made_as_they_are_looked_at(chrome: Browser, tmp_path: Path) -> None:
    torn = {f"交回/{number:04}.xlsx": f"没有存完 {number}".encode() for number in range(1000)}
    root = lay(tmp_path / "工作", {**torn, "交回/乙.xlsx": bad()})
    perfxl.import_returns(root / "交回", root / "结果")
    with running(root) as server:
        driver = chrome.driver
        driver.get(server.address)
        wait_for(driver, ".year")
        driver.get(f"{server.base}/returns")
        wait_for(driver, CHECKED, "/returns")  # the server goes on where the import stopped
        chrome.console()
        driver.get(f"{server.base}/returns/overview/")
        wait_for(driver, "#findings details")
        assert chrome.ask("document.querySelectorAll('[data-kind=return] tbody tr').length") < 500
        driver.find_element("name", "q").send_keys("0987.xlsx")
        wait_for(driver, f"[data-kind=return] a[href='/returns/look/{identity('0987.xlsx')}']")
        assert chrome.console() == []
