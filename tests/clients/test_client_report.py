"""report.html in a real browser, from the disk, without a network."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from functools import partial
from pathlib import Path

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import WebDriverWait

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Unit
from perfxl.reporting import page as module
from perfxl.reporting.overview import Filed, Overview, Return, Standing, UnitLine
from perfxl.reporting.page import page
from support.browser import Browser

pytestmark = pytest.mark.client

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
EDUCATION, HEALTH, PARK, TOWN = (
    Unit("青溪区教育局", "0301"),
    Unit("青溪区卫生局", "0302"),
    Unit("园区管委会", "0303"),
    Unit("白沙镇人民政府", "0304"),
)
SELF_EVALUATION, PROJECT = "部门整体支出绩效自评表", "项目支出绩效自评表"


def found(code: str, severity: Severity, cell: str, message: str) -> Finding:
    return Finding(code, severity, message, "自评表", cell, None, "绩效指标 › 得分")


def returned(
    file: str,
    standing: Standing,
    forms: tuple[Filed, ...],
    *findings: Finding,
    day: int = 1,
) -> Return:
    saved = dt.datetime(2024, 3, day, 1, 0, tzinfo=dt.UTC)
    return Return(file, standing, forms, findings, f"{file.rpartition('.')[0]}.json", "", saved)


OVERVIEW = Overview(
    returns=(
        returned("卫生局.jpg", Standing.UNREADABLE, (), Finding("F01", E, "这个文件是图片")),
        returned(
            "教育局.xlsx",
            Standing.REJECTED,
            (Filed(SELF_EVALUATION, 2024, EDUCATION, "", Decimal("88.5")), Filed(PROJECT, 2023, EDUCATION, "校舍维修")),
            found("P02", E, "H12", "得分大于分值"),
            found("P02", E, "H13", "得分大于分值"),
            found("C02", E, "F9", "实际完成值没有填"),
            found("M06", W, "C9", "收入性质合计不符"),
            found("V10", INFO, "D5", "已按 5 读取"),
            day=3,
        ),
        returned(
            "镇政府.xlsx",
            Standing.WARNED,
            (Filed(SELF_EVALUATION, 2024, TOWN, "", Decimal(100)),),
            found("M06", W, "C9", "收入性质合计不符"),
            day=2,
        ),
        returned(
            "旧/教育局.xlsx",
            Standing.SUPERSEDED,
            (Filed(SELF_EVALUATION, 2024, EDUCATION, "", Decimal(9), "教育局.xlsx"),),
            found("P05", E, "H20", "总分不符"),
        ),
    ),
    units=(
        UnitLine(PARK, Standing.MISSING),
        UnitLine(HEALTH, Standing.UNREADABLE, (0,), guessed=True),
        UnitLine(EDUCATION, Standing.REJECTED, (1,), (3,)),
        UnitLine(TOWN, Standing.WARNED, (2,)),
    ),
    expected=True,
)


@pytest.fixture
def opened(chrome: Browser, tmp_path: Path) -> Browser:
    """The page with the batch above."""
    return show(chrome, tmp_path, OVERVIEW)


def show(chrome: Browser, folder: Path, overview: Overview) -> Browser:
    (folder / "report.html").write_text(page(overview), encoding="utf-8", newline="\n")
    chrome.open(folder / "report.html")
    return chrome


def shown(browser: Browser, rows: str, column: int) -> list[str]:
    """Return the texts of a column in the rows that are to be seen."""
    script = (
        "[...document.querySelectorAll(arguments[0])].filter(row => !row.hidden && !row.closest('[hidden]'))"
        ".map(row => row.cells[arguments[1]].textContent.trim())"
    )
    texts: list[str] = browser.driver.execute_script(f"return {script}", rows, column)
    return texts


def units(browser: Browser) -> list[str]:
    return shown(browser, "[data-kind=unit] tbody tr", 1)


def files(browser: Browser) -> list[str]:
    return shown(browser, "[data-kind=return] tbody tr", 3)


def findings(browser: Browser) -> list[str]:
    return [text.split()[0] for text in shown(browser, "#findings tr[data-code]", 1)]


def choose(browser: Browser, **wanted: str) -> None:
    """Clear the filters, then set some, as a person does who waits for the result."""
    script = """
        const form = document.querySelector('.tools');
        form.reset();
        for (const [name, value] of Object.entries(arguments[0])) {
            form.elements[name].value = value;
            if (form.elements[name].value !== value) throw new Error(name + ' has no ' + value);
        }
        form.requestSubmit();
    """
    browser.driver.execute_script(script, wanted)


def test_it_opens_in_silence_and_asks_for_nothing(opened: Browser, tmp_path: Path) -> None:
    assert opened.ask("document.querySelector('h1').textContent") == "收表审核总览"
    assert opened.console() == []
    assert opened.requests() == [(tmp_path / "report.html").resolve().as_uri()]
    assert opened.ask("document.documentElement.lang") == "zh-CN"
    assert opened.ask("getComputedStyle(document.querySelector('.tools')).position") == "sticky"


def test_at_first_all_is_there_but_the_infos(opened: Browser) -> None:
    assert units(opened) == ["园区管委会", "青溪区卫生局", "青溪区教育局", "白沙镇人民政府"]
    assert files(opened) == ["卫生局.jpg", "教育局.xlsx", "镇政府.xlsx", "旧/教育局.xlsx"]
    assert findings(opened) == ["F01", "P02", "C02", "M06", "M06"]


@pytest.mark.parametrize(
    ("query", "expected_units", "expected_files", "expected_findings"),
    [
        ("白沙", ["白沙镇人民政府"], ["镇政府.xlsx"], ["M06"]),
        ("0301", ["青溪区教育局"], ["教育局.xlsx", "旧/教育局.xlsx"], ["P02", "C02", "M06"]),
        ("h13", ["青溪区教育局"], ["教育局.xlsx"], ["P02"]),
        ("Ｐ０２", ["青溪区教育局"], ["教育局.xlsx"], ["P02"]),
        ("收入性质  教育", ["青溪区教育局"], ["教育局.xlsx"], ["M06"]),
        ("园区", ["园区管委会"], [], []),
        ("没有这个词", [], [], []),
    ],
)
def test_the_search_finds_units_files_cells_and_words(
    opened: Browser, query: str, expected_units: list[str], expected_files: list[str], expected_findings: list[str]
) -> None:
    choose(opened, q=query)
    assert (units(opened), files(opened), findings(opened)) == (expected_units, expected_files, expected_findings)
    assert opened.ask("document.querySelector('output').textContent") == (
        f"找到：单位 {len(expected_units)} 家，文件 {len(expected_files)} 份，意见 {len(expected_findings)} 条"
    )


@pytest.mark.parametrize(
    ("wanted", "expected_units", "expected_files", "expected_findings"),
    [
        ({"status": "missing"}, ["园区管委会"], [], []),
        ({"status": "rejected"}, ["青溪区教育局"], ["教育局.xlsx"], ["P02", "C02", "M06"]),
        ({"status": "superseded"}, ["青溪区教育局"], ["旧/教育局.xlsx"], []),
        ({"form": "1"}, ["青溪区教育局"], ["教育局.xlsx"], ["P02", "C02", "M06"]),
        ({"level": "warning"}, ["青溪区教育局", "白沙镇人民政府"], ["教育局.xlsx", "镇政府.xlsx"], ["M06", "M06"]),
        ({"level": "info"}, ["青溪区教育局"], ["教育局.xlsx"], ["V10"]),
        ({"code": "V10"}, ["青溪区教育局"], ["教育局.xlsx"], ["V10"]),
        ({"code": "M06", "status": "warned"}, ["白沙镇人民政府"], ["镇政府.xlsx"], ["M06"]),
        ({"code": "M06", "level": "error"}, [], [], []),
        ({"unit": "3"}, ["白沙镇人民政府"], ["镇政府.xlsx"], ["M06"]),
    ],
)
def test_filters_narrow_everything(
    opened: Browser,
    wanted: dict[str, str],
    expected_units: list[str],
    expected_files: list[str],
    expected_findings: list[str],
) -> None:
    choose(opened, **wanted)
    assert (units(opened), files(opened), findings(opened)) == (expected_units, expected_files, expected_findings)
    opened.driver.find_element(By.CSS_SELECTOR, ".tools [type=reset]").click()
    opened.driver.execute_async_script("setTimeout(arguments[0], 50)")
    assert len(files(opened)) == 4
    assert opened.console() == []


def test_on_a_telephone_nothing_is_cut_and_no_column_is_squeezed(opened: Browser) -> None:
    size = {"width": 390, "height": 844, "deviceScaleFactor": 1, "mobile": True}
    opened.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    try:
        opened.driver.execute_script("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
        assert opened.ask("document.scrollingElement.scrollWidth") == 390
        assert (
            opened.ask(
                "Math.max(...[...document.querySelectorAll('main *')].map(e => e.getBoundingClientRect().right))"
            )
            <= 390
        )
        narrowest = (
            "Math.min(...[...document.querySelectorAll('td.file, td.wide, .findings td:nth-child(7)')]"
            ".map(e => e.getBoundingClientRect().width).filter(Boolean))"
        )
        assert opened.ask(narrowest) > 300
    finally:
        opened.driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_typing_searches_by_itself(opened: Browser) -> None:
    opened.driver.find_element(By.NAME, "q").send_keys("白沙")
    opened.driver.execute_async_script("setTimeout(arguments[0], 400)")
    assert files(opened) == ["镇政府.xlsx"]


def test_what_was_found_is_opened(opened: Browser) -> None:
    assert opened.ask("document.querySelectorAll('#findings details[open]').length") == 0
    choose(opened, code="C02")
    assert opened.ask("[...document.querySelectorAll('#findings details[open]')].filter(e => !e.hidden).length") == 1


def test_a_click_on_a_figure_shows_what_it_counts(opened: Browser) -> None:
    opened.driver.find_element(By.CSS_SELECTOR, ".tile.st-missing").click()
    assert units(opened) == ["园区管委会"]
    opened.driver.find_element(By.CSS_SELECTOR, ".tile.lv-info").click()
    assert findings(opened) == ["V10"]


@pytest.mark.parametrize(
    ("column", "first", "second"),
    [
        ("错误", ["教育局.xlsx", "卫生局.jpg", "旧/教育局.xlsx", "镇政府.xlsx"], "镇政府.xlsx"),
        ("得分", ["镇政府.xlsx", "教育局.xlsx", "旧/教育局.xlsx", "卫生局.jpg"], "旧/教育局.xlsx"),
        ("保存时间", ["卫生局.jpg", "旧/教育局.xlsx", "镇政府.xlsx", "教育局.xlsx"], "教育局.xlsx"),
        ("状态", ["卫生局.jpg", "教育局.xlsx", "镇政府.xlsx", "旧/教育局.xlsx"], "旧/教育局.xlsx"),
    ],
)
def test_columns_sort_both_ways_by_keyboard_too(opened: Browser, column: str, first: list[str], second: str) -> None:
    button = opened.driver.find_element(By.XPATH, f"//section[@id='returns']//th/button[.='{column}']")
    button.click()
    assert files(opened) == first
    button.send_keys(Keys.ENTER)
    assert files(opened)[0] == second
    assert opened.ask("document.querySelectorAll('[data-kind=return] th[aria-sort]').length") == 1


def test_a_link_to_a_finding_opens_its_place(opened: Browser) -> None:
    opened.driver.find_element(By.CSS_SELECTOR, "#r1 a[href='#f1']").click()
    assert opened.ask("document.getElementById('f1').closest('details').open") is True
    opened.driver.find_element(By.CSS_SELECTOR, "#f1 a[href='#rule-C02']").click()
    assert opened.ask("document.getElementById('rule-C02').open") is True


def test_all_can_be_opened_and_closed(opened: Browser) -> None:
    opened.driver.find_element(By.CSS_SELECTOR, "[data-open='1']").click()
    assert opened.ask("[...document.querySelectorAll('main details')].every(e => e.open || e.hidden)") is True
    opened.driver.find_element(By.CSS_SELECTOR, "[data-open='']").click()
    assert opened.ask("document.querySelectorAll('main details[open]').length") == 0


@pytest.mark.parametrize("name", ["教育 局#1?a=b%20c&d", "a:b", "x' y\"z", "javascript:alert(1)", "<i>"])
def test_links_lead_to_the_files_beside_the_page(chrome: Browser, tmp_path: Path, name: str) -> None:
    (tmp_path / "子").mkdir()
    (tmp_path / "子" / f"{name}.json").write_text('{"found": 1}', encoding="utf-8")
    one = Return(f"{name}.xlsx", Standing.PASSED, (), (), f"子/{name}.json")
    show(chrome, tmp_path, Overview((one,), ()))
    chrome.driver.find_element(By.CSS_SELECTOR, "#r0 .links a").click()
    WebDriverWait(chrome.driver, 20).until(lambda driver: '{"found": 1}' in driver.page_source)


NASTY = (
    "<script>document.title='hit'</script>",
    "</script><script>document.title='hit'</script>",
    "</style><img src=x onerror=\"document.title='hit'\">",
    "\" autofocus onfocus=\"document.title='hit'",
    "<svg/onload=document.title='hit'>",
    "javascript:document.title='hit'",
)


def test_hostile_texts_stay_texts(chrome: Browser, tmp_path: Path) -> None:
    returns = tuple(
        Return(
            text,
            Standing.REJECTED,
            (Filed(text, 2024, Unit(text, text), text, None, text),),
            (Finding("P02", E, text, text, text, text, text, text, text),),
            f"{text}.json",
        )
        for text in NASTY
    )
    lines = tuple(UnitLine(Unit(text, text), Standing.REJECTED, (number,)) for number, text in enumerate(NASTY))
    show(chrome, tmp_path, Overview(returns, lines, expected=True, passed_over=NASTY))
    for text in NASTY:
        choose(chrome, q=text)
        assert text in files(chrome)
    assert chrome.driver.title == "收表审核总览"
    assert chrome.ask("document.scripts.length") == 1
    assert chrome.ask("document.querySelectorAll('img, svg[onload], [onfocus], a[href^=javascript]').length") == 0
    assert chrome.console() == []


def test_without_scripts_all_can_still_be_read(chrome: Browser, tmp_path: Path) -> None:
    chrome.scripts(allowed=False)
    try:
        show(chrome, tmp_path, OVERVIEW)
        rows = chrome.driver.find_elements(By.CSS_SELECTOR, "#findings tr[data-code]")
        assert len(rows) == 6
        assert not chrome.driver.find_element(By.CSS_SELECTOR, ".tools").is_displayed()
        assert chrome.driver.find_element(By.CSS_SELECTOR, "#todo").is_displayed()
        summary = chrome.driver.find_element(By.XPATH, "//section[@id='findings']//summary[contains(., '教育局')]")
        summary.click()
        assert chrome.driver.find_element(By.XPATH, "//td[contains(., '得分大于分值')]").is_displayed()
    finally:
        chrome.scripts(allowed=True)


def pages(pdf: bytes) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", pdf))


def test_it_prints_on_landscape_a4(opened: Browser) -> None:
    pdf = opened.pdf()
    assert pdf.startswith(b"%PDF-")
    boxes = set(re.findall(rb"/MediaBox\s*\[([^\]]*)\]", pdf))
    sizes = {tuple(round(float(number)) for number in box.split()[2:]) for box in boxes}
    assert sizes == {(842, 595)}
    closed = pages(pdf)
    assert 1 <= closed <= 3
    opened.driver.find_element(By.CSS_SELECTOR, "[data-open='1']").click()
    assert pages(opened.pdf()) >= closed


@pytest.mark.slow
def test_300_returns_with_20_findings_each_are_quick(chrome: Browser, tmp_path: Path) -> None:
    rows = range(20)
    twenty = tuple(found(f"P0{row % 6 + 1}", E, f"H{row}", f"第 {row} 行的得分大于分值，请核对后改正") for row in rows)
    listed = [Unit(f"单位{number:03}", f"{number:06}") for number in range(300)]
    returns = tuple(
        returned(f"乡镇/{unit.name}.xlsx", Standing.REJECTED, (Filed(SELF_EVALUATION, 2024, unit),), *twenty)
        for unit in listed
    )
    lines = tuple(UnitLine(unit, Standing.REJECTED, (number,)) for number, unit in enumerate(listed))
    show(chrome, tmp_path, Overview(returns, lines, expected=True))
    began = chrome.ask("performance.now()")
    assert began < 10_000
    choose(chrome, q="单位123 H7")
    assert findings(chrome) == ["P02"]
    assert chrome.ask("performance.now()") - began < 5_000


def test_what_is_packed_unfolds_by_itself(chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MANY", 1)
    show(chrome, tmp_path, OVERVIEW)
    WebDriverWait(chrome.driver, 20).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#findings details"))
    assert chrome.driver.find_elements(By.CSS_SELECTOR, ".packed, .held") == []
    assert len(chrome.driver.find_elements(By.CSS_SELECTOR, "#findings tr[data-code]")) == 6
    choose(chrome, q="H12")
    assert findings(chrome) == ["P02"]
    assert chrome.console() == []


def show_partly(chrome: Browser, folder: Path, monkeypatch: pytest.MonkeyPatch, last: int) -> Browser:
    """Show a page whose rows are made as they are looked at; the last return (``last``) has nothing but a hint."""
    monkeypatch.setattr(module, "MANY", 1)
    levels = [*[W] * last, INFO]
    listed = [Unit(f"单位{number:03}", f"{number:06}") for number in range(len(levels))]
    returns = tuple(
        returned(
            f"{unit.name}.xlsx", Standing.WARNED, (Filed(PROJECT, 2024, unit),), found("M06", level, "C9", "合计不符")
        )
        for unit, level in zip(listed, levels, strict=True)
    )
    lines = tuple(UnitLine(unit, Standing.WARNED, (number,)) for number, unit in enumerate(listed))
    show(chrome, folder, Overview(returns, lines))
    WebDriverWait(chrome.driver, 20).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#findings details"))
    return chrome


def in_sight(browser: Browser, place: str, _: object) -> bool:
    script = (
        "const found = document.getElementById(arguments[0]), box = found && found.getBoundingClientRect();"
        "return Boolean(box && box.height && box.top >= 0 && box.top < innerHeight)"
        " && !found.closest('details:not([open])');"
    )
    return bool(browser.driver.execute_script(script, place))


def press(browser: Browser, button: str) -> None:
    browser.driver.execute_script("document.querySelector(arguments[0]).click()", button)


def test_rows_are_made_as_they_are_looked_at(chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show_partly(chrome, tmp_path, monkeypatch, last := 249)
    assert len(files(chrome)) < last
    assert units(chrome) == []  # they stand in a part that is closed
    chrome.driver.execute_script("document.querySelector('#units details').open = true")
    WebDriverWait(chrome.driver, 20).until(lambda _: units(chrome))
    chrome.driver.execute_script(
        "document.querySelector('#returns .more:last-child').scrollIntoView({block: 'center'})"
    )
    WebDriverWait(chrome.driver, 20).until(lambda _: len(files(chrome)) > last)
    assert files(chrome) == [f"单位{number:03}.xlsx" for number in range(last + 1)]
    assert not chrome.driver.find_element(By.CSS_SELECTOR, "#returns .more").is_displayed()


def test_search_sorting_and_links_reach_what_was_not_made_yet(
    chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show_partly(chrome, tmp_path, monkeypatch, last := 599)
    assert f"单位{last - 1}.xlsx" not in files(chrome)
    choose(chrome, q=f"单位{last - 1} c9")
    assert (files(chrome), findings(chrome)) == ([f"单位{last - 1}.xlsx"], ["M06"])
    choose(chrome)
    for place in (f"r{last - 20}", f"f{last - 1}", f"f{last}"):
        chrome.driver.execute_script("location.hash = arguments[0]", place)
        WebDriverWait(chrome.driver, 20).until(partial(in_sight, chrome, place))
    # What stands before a far row can be had too, and a part begins at its beginning again.
    chrome.driver.execute_script("location.hash = arguments[0]", f"r{last - 20}")
    WebDriverWait(chrome.driver, 20).until(lambda _: "单位000.xlsx" not in files(chrome))
    first = int(files(chrome)[0].removeprefix("单位").removesuffix(".xlsx"))
    press(chrome, "#returns .more")
    shown_now = files(chrome)
    assert shown_now[:2] == [f"单位{first - 200}.xlsx", f"单位{first - 199}.xlsx"]
    assert shown_now == sorted(set(shown_now))
    press(chrome, ".contents a[href='#returns']")
    assert files(chrome)[0] == "单位000.xlsx"
    for _ in range(2):
        press(chrome, "#returns th:nth-child(4) button")
    assert files(chrome)[0] == f"单位{last}.xlsx"
    assert chrome.console() == []


def test_on_paper_are_all_rows(chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    show_partly(chrome, tmp_path, monkeypatch, last := 219)
    assert len(files(chrome)) < last
    chrome.driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(files(chrome)) == last + 1
    assert units(chrome) == []  # of a part that is closed the title is printed
    assert (
        len(chrome.driver.find_elements(By.CSS_SELECTOR, "#findings .chapter")) == last
    )  # a hint is not shown unasked


def test_without_scripts_it_is_said_where_what_is_packed_can_be_read(
    chrome: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MANY", 1)
    chrome.scripts(allowed=False)
    try:
        show(chrome, tmp_path, OVERVIEW)
        assert "findings.csv" in chrome.driver.find_element(By.CSS_SELECTOR, "#findings").text
        rows = chrome.driver.find_elements(By.CSS_SELECTOR, "#returns tbody tr")
        assert len(rows) == len(OVERVIEW.returns)
        assert all(row.is_displayed() for row in rows)
    finally:
        chrome.scripts(allowed=True)


@pytest.mark.slow
def test_3000_returns_are_quick(chrome: Browser, tmp_path: Path) -> None:
    some = tuple(
        found(f"P0{row % 6 + 1}", E, f"H{row}", f"第 {row} 行的得分大于分值，请核对后改正") for row in range(3)
    )
    listed = [Unit(f"单位{number:04}", f"{number:06}") for number in range(3000)]
    returns = tuple(
        returned(f"乡镇/{unit.name}.xlsx", Standing.REJECTED, (Filed(SELF_EVALUATION, 2024, unit),), *some)
        for unit in listed
    )
    lines = tuple(UnitLine(unit, Standing.REJECTED, (number,)) for number, unit in enumerate(listed))
    show(chrome, tmp_path, Overview(returns, lines, expected=True))
    WebDriverWait(chrome.driver, 60).until(lambda driver: driver.find_elements(By.CSS_SELECTOR, "#findings details"))
    assert chrome.ask("performance.now()") < 60_000
    choose(chrome, q="单位1234 H1")
    assert findings(chrome) == ["P02"]
