"""Make the pictures of docs/serve.md, with 3 and with 300 returns, in Chromium: ``python docs/serve_pictures.py``.

Needs chromium, chromedriver and Chinese fonts; run from the project's root, in its environment. Units and figures are those
of ``report_pictures``; they are handed in to a server that runs, and each page is looked at.
"""

from __future__ import annotations

import io
import random
import sys
import tempfile
import time
import zipfile
from pathlib import Path

from selenium.webdriver import Chrome

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from report_pictures import FORM, MISTAKES, browser, right, units  # noqa: E402 - the folder is known by now

from perfxl.api import generate  # noqa: E402 - likewise
from perfxl.forms.definition.load import load_forms  # noqa: E402 - likewise
from support.server import Server, running  # noqa: E402 - likewise

PICTURES = Path("docs/pictures")
_PATIENCE = 120
_ELSEWHERE = """
for (const said of document.querySelectorAll(".note")) said.textContent = said.textContent.replace(arguments[0], arguments[1]);
"""
"""Says of the workspace where a clerk would have it, not where this machine keeps what is soon gone."""


def main() -> None:
    """Make all pictures."""
    chrome = browser()
    try:
        for count in (3, 300):
            with tempfile.TemporaryDirectory() as scratch:
                root = Path(scratch) / "绩效2023"
                lay(root, count)
                with running(root, "--officers") as server:
                    shoot_all(chrome, server, root, count)
    finally:
        chrome.quit()


def lay(root: Path, count: int) -> None:
    """Lay out a workspace: a roster with one unit more than has handed in, and what was handed in."""
    form, chance = load_forms()[FORM], random.Random(count)  # noqa: S311 - invented figures, the same at every run
    listed = list(units(count + max(1, count // 20)))
    root.mkdir()
    lines = "".join(f"{unit.code},{unit.name}\r\n" for unit in listed)
    (root / "名册.csv").write_text(f"单位代码,单位名称\r\n{lines}", encoding="utf-8-sig", newline="")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for number, unit in enumerate(listed[:count]):
            data = right(unit, chance)
            if number % 5 == 1:
                chance.choice(MISTAKES)(data, chance)
            workbook = generate(form, year=2023, unit=unit.name, unit_code=unit.code, data=data)
            archive.writestr(f"{unit.name}.xlsx", workbook)
    (root / "交.zip").write_bytes(packed.getvalue())


def shoot_all(chrome: Chrome, server: Server, root: Path, count: int) -> None:
    """Hand in what there is, and take a picture of each page."""
    chrome.set_window_size(1280, 1000)
    chrome.get(server.address)
    chrome.execute_script(_ELSEWHERE, str(root), f"D:\\{root.name}")
    shoot(chrome, server, "", "home", count)
    chrome.get(f"{server.base}/returns")
    chrome.find_element("id", "files").send_keys(str(root / "交.zip"))
    chrome.find_element("css selector", "form[data-drop] button").click()
    until(chrome, "/returns", "td.file a")
    shoot(chrome, server, "/returns", "returns", count)
    shoot(chrome, server, "/returns/overview/", "overview", count)
    chrome.get(f"{server.base}/returns")
    chrome.find_element("css selector", "td.file a").click()
    until(chrome, "/returns/look/", "#views")
    shoot(chrome, server, "", "return", count, "[data-step='1']")
    shoot(chrome, server, "/send", "send", count)
    chrome.find_element("css selector", f"input[value='{FORM}']").click()
    chrome.find_element("name", "year").send_keys("2024")
    chrome.find_element("css selector", "form[action='/send'] button").click()
    until(chrome, "/send", "#made")
    shoot(chrome, server, "", "sent", count)
    shoot(chrome, server, f"/send/preview/{FORM}?year=2024", "preview", count)
    chrome.get(f"{server.base}/summary")
    chrome.find_element("css selector", "form button").click()
    until(chrome, "/summary", "#made")
    shoot(chrome, server, "", "summary", count)
    for name in ("carry", "reports", "forms", "rules"):
        shoot(chrome, server, f"/{name}", name, count)
    shoot(chrome, server, f"/forms/show/{FORM}", "form", count)
    chrome.get(f"{server.base}/forms/adopt")
    blank = root / "空白表.xlsx"
    blank.write_bytes(generate(load_forms()["mof-project-goal"], year=2024))
    chrome.find_element("css selector", "form input[type=file]").send_keys(str(blank))
    chrome.find_element("css selector", "form button").click()
    until(chrome, "/forms/adopt/", ".adopted")
    shoot(chrome, server, "", "adopt", count)
    chrome.get(f"{server.base}/check")
    with zipfile.ZipFile(root / "交.zip") as archive:
        name = archive.namelist()[1]
        (root / name).write_bytes(archive.read(name))
    chrome.find_element("id", "files").send_keys(str(root / name))
    chrome.find_element("css selector", "form button").click()
    until(chrome, "/check", "#views")
    shoot(chrome, server, "", "check", count)


def until(chrome: Chrome, path: str, wanted: str) -> None:
    """Wait until work is done: the page at a path is there, with what is wanted on it."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        if path in chrome.current_url and chrome.find_elements("css selector", wanted):
            return
        time.sleep(0.1)
    raise TimeoutError(chrome.current_url)


def shoot(chrome: Chrome, server: Server, path: str, name: str, count: int, press: str = "") -> None:
    """Take a picture of a page."""
    if path:
        chrome.get(server.base + path)
    if press:
        chrome.find_element("css selector", press).click()
        time.sleep(0.3)
    chrome.save_screenshot(str(PICTURES / f"serve-{name}-{count}.png"))


if __name__ == "__main__":
    main()
