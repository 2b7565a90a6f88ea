"""The year of three units, clicked through in a real browser: each step leaves what the commands leave, byte for byte."""

from __future__ import annotations

import io
import json
import shutil
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

import perfxl
from perfxl.demo import type_in
from perfxl.model.layout import Role
from perfxl.outputs import HISTORY, JOURNAL
from support.browser import Browser
from support.clerk import Clerk
from support.command import Run
from support.county import sample
from support.hunan import SHEET, typed
from support.pile import LAYOUT
from support.server import Server, running

pytestmark = pytest.mark.client

FORM, REPORT, YEAR = "hunan-dept-self-eval", "hunan-self-eval-report", 2023
UNITS = (("430407", "石鼓区教育局"), ("0001", "青溪区档案局"), ("0002", "青溪区水利局"))
WRONG = UNITS[1][1]
ACCEPTED = "table.grid .st-passed, table.grid .st-warned"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with running(tmp_path / "工作") as server:
        yield server


@dataclass(frozen=True, slots=True)
class Year:
    """The clerk's workspace (``pages``), and another one in which the commands do the same (``own``)."""

    clerk: Clerk
    run: Run
    pages: Path
    own: Path
    roster: Path

    def send(self) -> Mapping[str, bytes]:
        """下发: the roster by its file; the workbooks of all units in one archive."""
        clerk = self.clerk
        clerk.turn_to("/send")
        clerk.choose("form[action='/send/roster'] input[type=file]", [self.roster])
        clerk.leave("form[action='/send/roster'] button")
        assert "3 个单位" in clerk.until("h2#roster small", "/send").text
        clerk.click(f"input[name=form][value='{FORM}']")
        clerk.driver.find_element("name", "year").send_keys(str(YEAR))
        clerk.make("form[action='/send'] button.main")
        blanks = _unpacked(clerk.saved("a[href*='files.zip?job']"))
        assert self.run("generate", FORM, "--year", YEAR, "--roster", self.roster, "-o", self.own / "下发").code == 0
        assert blanks == _files(self.own / "下发") == _files(self.pages / "下发")
        return blanks

    def hand_in(self, files: list[Path]) -> int:
        """收表; return how many are accepted. One that went back, if replaced since, makes the command's code 1."""
        self.clerk.hand_in(files)
        shutil.copytree(self.pages / "交回", self.own / "交回", dirs_exist_ok=True)
        assert self.run("import", self.own / "交回", "--roster", self.roster, "-o", self.own / "结果").code == 1
        assert _files(self.pages / "结果") == _files(self.own / "结果")
        return len(self.clerk.driver.find_elements("css selector", ACCEPTED))

    def look_at_the_wrong_one(self) -> bytes:
        """看一份: the wrong cell is coloured on the drawn sheet, and what is wrong said. Return the marked copy."""
        clerk = self.clerk
        clerk.look(WRONG)
        assert clerk.step_to("r0s0-H17")
        assert "error" in (clerk.driver.switch_to.active_element.get_attribute("class") or "").split()
        (document,) = [path for path in (self.own / "结果").rglob("*.json") if WRONG in path.name]
        errors = [one for one in json.loads(document.read_bytes())["findings"] if one["severity"] == "error"]
        assert errors
        assert all(one["message"] in clerk.text() for one in errors)
        copy = clerk.saved("a[href$='/marked']").read_bytes()
        assert copy in _files(self.own / "结果").values()
        return copy

    def carry(self) -> Mapping[str, bytes]:
        """结转: into what the report needs."""
        clerk = self.clerk
        before = _files(self.own / "下发")
        clerk.turn_to("/carry")
        clerk.click(f"input[name=to][value='{REPORT}']")
        clerk.make()
        carried = _unpacked(clerk.saved("a[href*='files.zip?job']"))
        words = ("carry", self.own / "结果", "--to", REPORT, "--roster", self.roster, "-o", self.own / "下发")
        assert self.run(*words).code == 0
        assert _files(self.pages / "下发") == _files(self.own / "下发") == {**before, **carried}
        return carried

    def sum_up(self) -> None:
        """汇总, with its charts."""
        self.clerk.turn_to("/summary")
        self.clerk.make()
        assert self.clerk.driver.find_elements("css selector", "figure svg")
        summary = self.clerk.saved("section[aria-labelledby=made] a[href^='/summary/file/']").read_bytes()
        target = self.own / "汇总" / "汇总.xlsx"
        assert self.run("summarize", self.own / "结果", "--roster", self.roster, "-o", target).code == 0
        assert _files(self.pages / "汇总") == _files(self.own / "汇总") == {target.name: summary}

    def report(self) -> Mapping[str, bytes]:
        """报告."""
        self.clerk.turn_to("/reports")
        self.clerk.make()
        reports = _unpacked(self.clerk.saved("a[href='/reports/files.zip']"))
        assert self.run("report", self.own / "结果", "-o", self.own / "汇总" / "报告").code == 0
        assert reports == _files(self.pages / "汇总" / "报告") == _files(self.own / "汇总" / "报告")
        return reports


def test_the_year_of_three_units(chrome: Browser, server: Server, tmp_path: Path, run: Run) -> None:
    clerk = Clerk(chrome.driver, server, chrome.downloads(tmp_path / "下载"))
    year = Year(clerk, run, tmp_path / "工作", tmp_path / "命令", _roster(tmp_path / "各单位.xlsx"))
    right = typed(LAYOUT)

    blanks = year.send()
    assert [unit for _, unit in UNITS for name in blanks if unit in name] == [unit for _, unit in UNITS]
    returned = {
        name: type_in(blank, SHEET, {**right, "D3": unit, **({"H17": 22} if unit == WRONG else {})})
        for name, blank in blanks.items()
        for _, unit in UNITS
        if unit in name
    }
    assert year.hand_in(_written(tmp_path / "一", returned)) == 2

    copy = year.look_at_the_wrong_one()
    (name,) = (name for name in returned if WRONG in name)
    corrected = type_in(copy, SHEET, {"H17": right["H17"]})
    assert year.hand_in(_written(tmp_path / "二", {name: corrected})) == 3

    carried = year.carry()
    narrated = {name: _narrated(blank) for name, blank in carried.items()}
    assert year.hand_in(_written(tmp_path / "三", narrated)) == 6

    year.sum_up()
    assert len(year.report()) == len(UNITS)
    assert not [line for line in chrome.console() if "SEVERE" in line or "Refused" in line]


def _roster(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in (("单位代码", "单位名称"), *UNITS):
        book.worksheets[0].append(row)
    book.save(path)
    return path


def _narrated(blank: bytes) -> bytes:
    """Return a carried workbook with what its unit adds, where nothing stands yet."""
    form = perfxl.load_forms()[REPORT]
    stands = openpyxl.load_workbook(io.BytesIO(blank))[form.sheet]
    values = {**sample(REPORT).values, "spending.public.amount": Decimal("106.64")}  # the table's 1051.64 less 945.00
    return type_in(
        blank,
        form.sheet,
        {
            cell.box.name: float(value) if isinstance(value, Decimal) else str(value)
            for cell in perfxl.layout(form, year=YEAR).cells
            if cell.role is Role.INPUT
            and (value := values.get(cell.path)) is not None
            and stands.cell(cell.box.row, cell.box.column).value is None
        },
    )


def _unpacked(archive: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(archive) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def _written(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    folder.mkdir()
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return sorted(folder.iterdir())


def _files(folder: Path) -> dict[str, bytes]:
    """Return what lies below a folder, but for what has the time of the work in it."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in {HISTORY, JOURNAL})
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
