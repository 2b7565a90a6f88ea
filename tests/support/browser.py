"""A pytest plugin: the fixture ``chrome``, a Chromium without a window, offline, whose console and requests are kept."""

from __future__ import annotations

import base64
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

_STARTS = 3
"""How often a browser is started: on a busy machine one may not be there in time, and so somebody starts it again."""
_PATIENCE = 100
"""Seconds that a script which is waited for may take; the driver itself is given up after 120."""


class Browser:
    """A running Chromium and what it said and asked for since the page was opened."""

    def __init__(self, driver: Chrome) -> None:
        self.driver = driver
        self._page = ""

    def open(self, page: Path) -> None:
        """Open a page from the disk; what the one before it said is forgotten."""
        self._page = page.resolve().as_uri()
        self.console()
        self.requests()
        self.driver.get(self._page)

    def is_at(self, page: Path) -> bool:
        """Tell whether a page from the disk is the one that is open."""
        return self._page == page.resolve().as_uri() == self.driver.current_url.partition("#")[0]

    def console(self) -> list[str]:
        """Return what stands in the console, refusals by the page's own policy among it."""
        said = [entry["message"] for entry in self._log("browser")]
        return [message for message in said if not message.startswith("chrome://")]  # nor what Chromium says to itself

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for, its own among them; Chromium's start page asks for things too."""
        events = [json.loads(entry["message"])["message"] for entry in self._log("performance")]
        sent = [each["params"] for each in events if each["method"] == "Network.requestWillBeSent"]
        return [each["request"]["url"] for each in sent if each["documentURL"] == self._page]

    def _log(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.driver.get_log(name)  # type: ignore[no-untyped-call]  # as Selenium has it
        return found

    def ask(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the page."""
        return self.driver.execute_script(f"return {expression}")

    def pdf(self) -> bytes:
        """Print the page as it asks to be printed."""
        printed = self.driver.execute_cdp_cmd("Page.printToPDF", {"preferCSSPageSize": True})
        return base64.b64decode(printed["data"])

    def downloads(self, folder: Path) -> Path:
        """Have what is saved from now on put into a folder, and return it."""
        folder.mkdir(exist_ok=True)
        self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder)})
        return folder

    def scripts(self, *, allowed: bool) -> None:
        """Allow or forbid scripts on the pages that are opened next."""
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not allowed})


@contextmanager
def chromium(folder: Path) -> Iterator[Browser]:
    """Run a Chromium with a profile in a folder; without one the test is skipped, under CI it fails."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not (program and driver):
        if os.environ.get("CI", "").lower() in {"1", "true"}:
            pytest.fail("CI needs Chromium and its driver (apt-get install chromium chromium-driver)", pytrace=False)
        pytest.skip("no Chromium with chromedriver was found on this machine")
    running = _started(program, driver, folder)
    running.set_script_timeout(_PATIENCE)
    try:
        yield Browser(running)
    finally:
        running.quit()


def _started(program: str, driver: str, folder: Path) -> Chrome:
    from selenium.common.exceptions import WebDriverException  # noqa: PLC0415 - every run loads this module
    from selenium.webdriver import Chrome, ChromeOptions  # noqa: PLC0415 - likewise
    from selenium.webdriver.chrome.service import Service  # noqa: PLC0415 - likewise

    for start in range(_STARTS):
        options = ChromeOptions()
        options.binary_location = program
        for option in (
            "--headless=new",
            "--no-sandbox",  # the tests may run as root, and open nothing but their own pages
            "--disable-dev-shm-usage",  # in a container that is so small that a page may not fit into it
            "--disable-background-networking",
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
            "--window-size=1360,1000",
            f"--user-data-dir={folder / str(start)}",  # one that was begun may be locked
        ):
            options.add_argument(option)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        try:
            return Chrome(options, Service(driver))
        except WebDriverException:
            if start == _STARTS - 1:
                raise
    raise AssertionError


@pytest.fixture(scope="session")
def chrome(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """One Chromium for all tests of this process."""
    with chromium(tmp_path_factory.mktemp("chrome")) as running:
        yield running
