"""The page and what is meant to stop it: bombs, workbooks that take too long or too much, a worker that dies. It stays alive."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from support.browser import Browser
from support.checking import ROOT, at, dropped

pytestmark = pytest.mark.client

SOUND = ROOT / "tests/returns/hunan.xlsx"
LITTLE = 110_000_000
"""Bytes: so much memory the page gets here, so that a workbook need not be huge to need more."""


@pytest.fixture(scope="module")
def page(checking: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page that has little memory and little patience."""
    text = checking.read_text("utf-8")
    assert text.count("const MEMORY = 1000000000;") == 1
    page = tmp_path_factory.mktemp("small") / "page.html"
    page.write_text(text.replace("const MEMORY = 1000000000;", f"const MEMORY = {LITTLE};"), "utf-8")
    return page


@pytest.fixture
def small(page: Path, chrome: Browser) -> Browser:
    """Chromium with that page."""
    return at(chrome, page)


def large(target: Path, rows: int) -> Path:
    """A workbook as large as it likes: the sheet of a sound one, with so many rows more."""
    with zipfile.ZipFile(SOUND) as given, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            data = given.read(name)
            if name == "xl/worksheets/sheet1.xml":
                cells = "".join(
                    f'<row r="{row}"><c r="A{row}"><v>{row}.5</v></c></row>' for row in range(900, 900 + rows)
                )
                data = data.replace(b"</sheetData>", cells.encode() + b"</sheetData>")
            made.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return target


def _codes(chrome: Browser, file: Path) -> list[str]:
    ((document, _),) = dropped(chrome, [file])
    return [finding["code"] for finding in document["findings"]]


def _alive(chrome: Browser) -> None:
    ((document, copy),) = dropped(chrome, [SOUND])
    assert len(document["forms"]) == 2
    assert copy


def test_a_bomb_shows_its_finding(small: Browser, tmp_path: Path) -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(SOUND) as given, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for name in given.namelist():
            made.writestr(name, given.read(name) + b" " * 60_000_000 * name.endswith("sheet1.xml"))
    (tmp_path / "a.xlsx").write_bytes(file.getvalue())
    assert _codes(small, tmp_path / "a.xlsx") == ["F03"]
    assert small.ask("document.querySelector('.verdict').textContent") == "这个文件读不了，不能上报"
    _alive(small)


def test_what_needs_more_memory_than_it_may_have_shows_its_finding(small: Browser, tmp_path: Path) -> None:
    assert _codes(small, large(tmp_path / "a.xlsx", 200_000)) == ["F03"]
    assert "内存" in small.ask("document.querySelector('#views .found').textContent")
    _alive(small)


def test_what_takes_too_long_shows_its_finding_and_costs_itself_alone(small: Browser) -> None:
    small.driver.execute_script(
        "window.timer = window.setTimeout;"
        "window.setTimeout = (work, late, ...more) => window.timer(work, late > 90000 && late < 95000 ? 20 : late, ...more)"
    )
    try:
        assert _codes(small, SOUND) == ["F13"]
    finally:
        small.driver.execute_script("window.setTimeout = window.timer")
    assert "60 秒" in small.ask("document.querySelector('#views .found').textContent")
    _alive(small)


def test_links_of_files_that_were_checked_one_by_one_lead_to_their_own_cells(small: Browser, tmp_path: Path) -> None:
    """One that stops the worker makes the page check all of them again, each by itself."""
    files = [SOUND, large(tmp_path / "large.xlsx", 200_000), ROOT / "tests/returns/jilin.xls"]
    assert [bool(document["forms"]) for document, _ in dropped(small, files)] == [True, False, True]
    assert small.ask(
        "[...document.querySelectorAll('[id]')].every((one, _, all) => document.getElementById(one.id) === one)"
    )
    assert small.ask(
        "[...document.querySelectorAll('a[data-cell]')].every("
        "(link) => document.getElementById(link.dataset.cell)?.closest('article') === link.closest('article'))"
    )
    assert small.ask("document.querySelectorAll('a[data-cell]').length") > 2
