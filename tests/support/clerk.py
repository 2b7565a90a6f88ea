"""What a clerk does at the pages of ``perfxl serve``, in a browser that Selenium drives: real clicks, real downloads."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import pytest
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.remote.webdriver import WebDriver
from selenium.webdriver.remote.webelement import WebElement

from support.server import Server

_PATIENCE = 120
CHECKED = "main:not(:has([data-job])) td.file a"
"""A return at 收表 where nothing is under way any more: until then the page is opened again by itself."""
_SWALLOWED = 10
"""Seconds after which somebody clicks again where nothing of a click has come to the page."""
_NOTE_CLICKS = (
    "window.isLeft = true; window.isHit = false; document.addEventListener('click', (event) => {"
    " window.isHit ||= !!event.target.closest(arguments[0]); }, true);"
)


def wait_for(driver: WebDriver, wanted: str, path: str = "") -> WebElement:
    """Wait until there is something on a whole page whose address holds ``path``, and return it."""
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline:
        with suppress(WebDriverException):  # between two pages there is none to be asked
            is_whole = driver.execute_script("return document.readyState") == "complete"
            if is_whole and path in driver.current_url and (found := driver.find_elements("css selector", wanted)):
                return found[0]
        time.sleep(0.05)
    pytest.fail(f"{driver.current_url}: {driver.find_element('css selector', 'body').text[:500]}")


class Clerk:
    """Somebody who has opened a server with its key. ``downloads``: where the browser puts what is saved."""

    def __init__(self, driver: WebDriver, server: Server, downloads: Path) -> None:
        self.driver = driver
        self._base = server.base
        self._downloads = downloads
        driver.get(server.address)
        self.until(".year")

    def until(self, wanted: str, path: str = "") -> WebElement:
        """Wait until there is something on a page whose address holds ``path``, and return it."""
        return wait_for(self.driver, wanted, path)

    def click(self, wanted: str) -> None:
        """Click the first of what there is."""
        self.driver.find_element("css selector", wanted).click()

    def leave(self, wanted: str) -> None:
        """Click what leads to another page, and wait until this one is gone; click again where a click was swallowed."""
        self.driver.execute_script(_NOTE_CLICKS, wanted)
        self.until(wanted)
        deadline = time.monotonic() + _PATIENCE
        again, said = 0.0, ""
        while time.monotonic() < deadline:
            try:
                if self.driver.execute_script("return !('isLeft' in window) && document.readyState === 'complete'"):
                    return
                if time.monotonic() > again and self.driver.execute_script("return window.isHit") is False:
                    again = time.monotonic() + _SWALLOWED
                    self.click(wanted)
            except WebDriverException as error:  # between two pages there is none to be asked
                said = str(error)
            time.sleep(0.05)
        pytest.fail(f"{self.driver.current_url} was not left by {wanted}: {said}")

    def turn_to(self, page: str) -> None:
        """Go to a page by the way that stands above each."""
        self.leave(f"header.site nav a[href='{page}']")
        self.until("main h1", page)

    def choose(self, field: str, files: Iterable[Path]) -> None:
        """Choose files."""
        self.driver.find_element("css selector", field).send_keys("\n".join(map(str, files)))

    def make(self, button: str = "main form button.main") -> str:
        """Have something made, and return what the page says of it."""
        self.leave(button)
        self.until("#made, [data-state=failed], .verdict.error")
        assert self.driver.find_elements("css selector", "#made"), self.text()
        return self.text()

    def hand_in(self, files: Iterable[Path]) -> str:
        """Hand files in at 收表, wait until they have been checked, and return what the page says of them."""
        self.turn_to("/returns")
        self.choose("#files", files)
        self.leave("form[data-drop] button")
        self.until(CHECKED, "/returns")
        return self.text()

    def look(self, unit: str) -> None:
        """Open the first return of a unit, from the list at 收表."""
        self.driver.find_element("xpath", f"//tr[contains(., '{unit}')]/td[contains(@class, 'file')]/a").click()
        self.until("#views", "/returns/look/")

    def step_to(self, cell: str) -> bool:
        """Press 下一处 until the wrong cell has the focus; tell whether it ever has."""
        for _ in self.driver.find_elements("css selector", "#views td.error, #views td.warning"):
            self.click("#steps [data-step='1']")
            if self.driver.switch_to.active_element.get_attribute("id") == cell:
                return True
        return False

    def saved(self, link: str) -> Path:
        """Click what is to be saved, and return where the browser has put it."""
        self.click(link)
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            there = [path for path in self._downloads.iterdir() if path.is_file()]
            if there and all(_is_whole(path) for path in there):
                (new,) = there
                aside = self._downloads / str(len(list(self._downloads.iterdir())))
                aside.mkdir()  # the next one of the same name would be written over it
                return new.rename(aside / new.name)
            time.sleep(0.05)
        pytest.fail(f"nothing was saved: {link}")

    def text(self) -> str:
        """Return what stands on the page."""
        return self.driver.find_element("css selector", "main").text


def _is_whole(path: Path) -> bool:
    """Tell whether a file that a browser saves has been saved: until then it has another name, or nothing in it."""
    return path.suffix != ".crdownload" and not path.name.startswith(".") and path.stat().st_size > 0
