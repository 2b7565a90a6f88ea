"""Draw the pictures of docs/page.md: ``python docs/page_pictures.py``. Needs Chromium, its driver, and a page's runtime."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service

import perfxl
from perfxl.outputs import write_whole
from perfxl.page.build import build
from perfxl.page.runtime import runtime

ROOT = Path(__file__).resolve().parent.parent
RETURN = ROOT / "tests" / "returns" / "jilin.xlsx"
WIDTH, HEIGHT = 1240, 1000
PHONE = 390


def main() -> None:
    """Check a return of the tests on a page, and draw what is to be seen."""
    options = ChromeOptions()
    options.binary_location = shutil.which("chromium") or ""
    for word in ("--headless=new", "--no-sandbox", "--hide-scrollbars", f"--window-size={WIDTH},{HEIGHT}"):
        options.add_argument(word)
    with tempfile.TemporaryDirectory() as scratch:
        page = Path(scratch) / "填报自检.html"
        write_whole(page, build(perfxl.load_forms(), runtime(None)))
        browser = Chrome(options, Service(shutil.which("chromedriver")))
        try:
            browser.get(page.as_uri())
            _wait(browser, "ready")
            browser.find_element("id", "file").send_keys(str(RETURN))
            _wait(browser, "done")
            browser.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
            browser.save_screenshot(str(ROOT / "docs" / "pictures" / "page-wrong.png"))
            browser.find_element("css selector", "[data-step='1']").click()
            browser.save_screenshot(str(ROOT / "docs" / "pictures" / "page-cell.png"))
            phone = {"width": PHONE, "height": 844, "deviceScaleFactor": 1, "mobile": False}
            browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
            browser.execute_script("document.activeElement.blur(); window.scrollTo(0, 0)")
            browser.save_screenshot(str(ROOT / "docs" / "pictures" / "page-phone.png"))
        finally:
            browser.quit()


def _wait(browser: Chrome, state: str) -> None:
    for _ in range(2400):
        if browser.execute_script("return document.documentElement.dataset.state") == state:
            return
        time.sleep(0.05)
    raise TimeoutError(state)


if __name__ == "__main__":
    main()
