from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
import zlib
from collections.abc import Iterator
from decimal import Decimal
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html
from msgspec.structs import replace

from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.submission import Unit
from perfxl.reporting import page as module
from perfxl.reporting.entries import ReportEntry, places
from perfxl.reporting.overview import Filed, Overview, Return, Standing, UnitLine
from perfxl.reporting.page import page
from perfxl.rules.catalog import CATALOG
from support.effort import examples

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
UNIT = Unit("青溪区教育局", "030407")
NASTY = [
    "<script>alert(1)</script>",
    "</script><img src=x onerror=alert(1)>",
    "</title></style><svg onload=alert(1)>",
    "\"><a href='javascript:alert(1)'>",
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "a\u202egpj.exe",
    "\x00\x07\x1b[31m",
    "\ud800",
    "<!--",
    "]]>",
    "&lt;b&gt;&#x3c;",
    "甲" * 40_000,
]


def finding(
    code: str = "P02", severity: Severity = E, cell: str | None = "H12", message: str = "得分大于分值"
) -> Finding:
    return Finding(
        code, severity, message, "自评表", cell, "indicators[0].score", "绩效指标 › 得分", Decimal(12), Decimal(10)
    )


def returned(
    *findings: Finding,
    file: str = "教育/a.xlsx",
    standing: Standing = Standing.REJECTED,
    forms: tuple[Filed, ...] = (Filed("部门整体支出绩效自评表", 2024, UNIT, "", Decimal("88.5")),),
    document: str = "教育/a.json",
    marked: str = "教育/a.marked.xlsx",
) -> Return:
    return Return(file, standing, forms, findings, document, marked, dt.datetime(2024, 3, 1, 1, 0, tzinfo=dt.UTC))


def batch(*returns: Return, units: tuple[UnitLine, ...] = (), expected: bool = False) -> Overview:
    return Overview(returns, units or (UnitLine(UNIT, Standing.REJECTED, tuple(range(len(returns)))),), expected)


def tree(overview: Overview) -> html.HtmlElement:
    return html.document_fromstring(page(overview))


def texts(found: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(each.text_content().split()) for each in found.xpath(path)]


def test_the_same_batch_gives_the_same_page() -> None:
    overview = batch(returned(finding()))
    assert page(overview) == page(overview)


def test_the_page_begins_as_results_do_so_that_none_is_read_as_a_return() -> None:
    assert page(batch()).startswith("<!doctype html>\n<!-- perfxl -->\n")


def test_a_batch_of_nothing_is_a_page() -> None:
    found = tree(Overview((), ()))
    assert texts(found, "//h1") == ["收表审核总览"]
    assert "收到 0 份文件。" in found.text_content()


def test_the_heading_counts_units_files_and_findings() -> None:
    units = (UnitLine(Unit("园区管委会"), Standing.MISSING), UnitLine(UNIT, Standing.REJECTED, (0,), (1,)))
    overview = batch(
        returned(finding(), finding("M06", W), finding("V10", INFO)),
        returned(finding(), standing=Standing.SUPERSEDED, file="旧.xlsx"),
        units=units,
        expected=True,
    )
    found = tree(overview)
    assert texts(found, "//p[@class='lead']") == [
        "应报 2 家，已报 1 家，未报 1 家。收到 2 份文件：退回 1 份，被替代 1 份。"
    ]
    tiles = {each.split(" ", 1)[1]: each.split(" ", 1)[0] for each in texts(found, "//a[contains(@class, 'tile')]")}
    assert tiles == {
        "应报": "2", "已报": "1", "○ 未报": "1",
        "√ 通过": "0", "△ 通过但有警告": "0", "× 退回": "1", "？ 读不了": "0", "◇ 被替代": "1",
        "× 错误": "1", "！ 警告": "1", "· 提示": "1",
    }  # fmt: skip


def test_what_was_accepted_with_warnings_is_nothing_to_be_done() -> None:
    units = (UnitLine(UNIT, Standing.WARNED, (0,)),)
    found = tree(batch(returned(finding("M06", W), standing=Standing.WARNED), units=units, expected=True))
    (todo,) = texts(found, "//section[@id='todo']")
    assert todo == "要办的事 √ 名册上的单位都已报送。√ 没有要退回的。"
    assert texts(found, "//p[@class='lead']")[0].endswith("收到 1 份文件：通过但有警告 1 份。")
    assert texts(found, "//section[@id='units']//tbody/tr/td[1]") == ["△ 通过但有警告"]


def test_without_a_roster_nothing_is_said_about_who_is_missing() -> None:
    text = tree(batch(returned(finding()))).text_content()
    assert "应报" not in text
    assert "未报" not in text
    assert "没有名册" in text


def test_a_unit_that_is_not_in_the_roster_is_pointed_out() -> None:
    units = (UnitLine(UNIT, Standing.PASSED, (0,), listed=False),)
    assert "不在名册" in tree(batch(returned(), units=units, expected=True)).text_content()


def test_one_line_for_each_return() -> None:
    found = tree(batch(returned(finding(), finding("M06", W))))
    (line,) = texts(found, "//section[@id='returns']//tbody/tr")
    assert line == (
        "× 退回青溪区教育局 030407部门整体支出绩效自评表 2024年度教育/a.xlsx11088.5良2024-03-01 09:00标注件数据"
    )


def test_a_return_with_several_forms_shows_them_all() -> None:
    forms = (
        Filed("项目支出绩效自评表", 2023, UNIT, "校舍维修", Decimal(95)),
        Filed("项目支出绩效自评表", 2024, UNIT, "课桌更新", None, "新.xlsx"),
    )
    found = tree(batch(returned(forms=forms)))
    (cell,) = texts(found, "//section[@id='returns']//tbody/tr/td[3]")
    assert cell == "项目支出绩效自评表 2023年度 · 校舍维修项目支出绩效自评表 2024年度 · 课桌更新 已由 新.xlsx 替代"
    assert texts(found, "//p[@class='kinds']") == [
        "项目支出绩效自评表（2023年度） 1 份项目支出绩效自评表（2024年度） 1 份"
    ]


def test_an_absurd_total_has_no_grade() -> None:
    forms = (Filed("部门整体支出绩效自评表", 2024, UNIT, "", Decimal("1E+30")),)
    assert "等次" not in texts(tree(batch(returned(forms=forms))), "//section[@id='returns']//th")
    overview = batch(returned(forms=forms), returned(file="b.xlsx"))
    assert texts(tree(overview), "//section[@id='returns']//tbody/tr/td[9]") == ["—", "良"]


def test_equal_findings_are_one_line() -> None:
    found = tree(batch(returned(finding(cell="H12"), finding(cell="H13"), finding(message="得分小于 0"))))
    rows = texts(found, "//section[@id='findings']//tr[@data-code]")
    assert len(rows) == 2
    assert "自评表!H12、H13" in rows[0]


def test_a_finding_says_where_what_was_typed_and_what_to_write() -> None:
    fix = Finding(
        "M10",
        W,
        "可能填成了元",
        "自评表",
        "D5",
        None,
        "年初预算数",
        "16164300",
        None,
        Fix(FixKind.SUGGESTED, Decimal("1616.43")),
    )
    (row,) = texts(tree(batch(returned(fix))), "//section[@id='findings']//tr[@data-code]")
    assert row == f"警告M10 {CATALOG['M10'].title}自评表!D5年初预算数16164300可能填成了元建议改为：1616.43"


@pytest.mark.parametrize("most", [None, 0, 1, 24])
@pytest.mark.parametrize("sheet", ["自评表", "", None])
@pytest.mark.parametrize("cell", ["H12", "", None])
def test_a_finding_alone_is_said_as_it_is_among_its_equals(
    sheet: str | None, cell: str | None, most: int | None
) -> None:
    one = replace(finding(), sheet=sheet, cell=cell)
    assert places([one], most) == places([one, one], most)
    alone, among = ReportEntry((one,)), ReportEntry((one, one))
    assert (alone.label, alone.typed, alone.expected) == (among.label, among.typed, among.expected)


def test_findings_stand_under_their_rule_with_the_remedy() -> None:
    found = tree(batch(returned(finding(), finding("M06", W))))
    assert texts(found, "//section[@id='rules']/details/summary/b[1]") == ["P02", "M06"]
    text = texts(found, "//details[@id='rule-P02']")[0]
    assert CATALOG["P02"].title in text
    assert CATALOG["P02"].remedy in text


def test_a_rule_names_the_file_only_where_the_unit_does_not_tell() -> None:
    path = "//details[@id='rule-P02']//tbody/tr/td[1]"
    assert texts(tree(batch(returned(finding()))), path) == ["青溪区教育局 030407"]
    two = batch(returned(finding()), returned(finding(), file="b.xlsx"))
    assert texts(tree(two), path) == ["青溪区教育局 030407 教育/a.xlsx", "青溪区教育局 030407 b.xlsx"]
    assert texts(tree(Overview((returned(finding()),), ())), path) == ["单位不明 教育/a.xlsx"]


def test_a_file_without_a_unit_has_its_own_place() -> None:
    damaged = returned(
        Finding("F01", E, "这是图片"),
        file="x.jpg",
        standing=Standing.UNREADABLE,
        forms=(),
        document="x.json",
        marked="",
    )
    found = tree(Overview((damaged,), ()))
    (summary,) = texts(found, "//section[@id='findings']//summary")
    assert summary == "？ 读不了 单位不明 x.jpg 错误 1"
    (todo,) = texts(found, "//section[@id='todo']//li")
    assert todo == "单位不明 x.jpg：这是图片"


def test_more_findings_than_anybody_reads_are_cut() -> None:
    many = [finding(message=f"第 {number} 行") for number in range(1000)]
    found = tree(batch(returned(*many)))
    assert len(found.xpath("//section[@id='findings']//tr[@data-code]")) == 200
    assert "另有 800 条" in found.text_content()


def test_the_charts_say_in_words_what_they_show() -> None:
    (rules, grades) = texts(tree(batch(returned(finding(), finding("M06", W)))), "//*[name()='desc']")
    assert rules == "得分超出分值（P02）：错误 1。收支性质合计不符（M06）：警告 1。"
    assert grades.startswith("优（90 以上）：0 份（0%）。良（80～90）：1 份（100%）。")


def attributes(found: html.HtmlElement) -> Iterator[tuple[str, str]]:
    for element in found.iter():
        yield from element.attrib.items()


def test_nothing_is_fetched_from_anywhere() -> None:
    found = tree(batch(returned(finding())))
    assert {name for name, _ in attributes(found)} & {"src", "srcset", "data", "poster", "background", "style"} == set()
    assert not found.xpath("//link | //img | //iframe | //object | //embed | //base | //form[@action]")
    text = page(batch(returned(finding())))
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"https?:|//[a-z]+\.", text)


def test_the_policy_lets_in_its_own_style_and_script_only() -> None:
    text = page(batch(returned(finding())))
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    parts = dict(part.split(" ", 1) for part in policy.replace("&#39;", "'").split("; "))
    assert parts["default-src"] == "'none'"
    for name, tag in (("style-src", "style"), ("script-src", "script")):
        (own,) = re.findall(f"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(own.encode()).digest()).decode()
        assert parts[name] == f"'sha256-{digest}'"


def nasty_batch(text: str) -> Overview:
    name = text[:200]  # no disk has longer names
    said = Finding("P02", E, text, text, text, text, text, text, text, Fix(FixKind.SUGGESTED, text))
    forms = (Filed(text, 2024, Unit(text, text), text, None, text),)
    one = Return(text, Standing.REJECTED, forms, (said,), f"{name}.json", f"{name}.marked.xlsx")
    none = Return(text, Standing.UNREADABLE, (), (Finding("F01", E, text),), "a.json")
    units = (UnitLine(Unit(text, text), Standing.MISSING), UnitLine(Unit(text, text), Standing.REJECTED, (0,), (1,)))
    return Overview((one, none), units, expected=True, passed_over=(text,))


PLAIN = "普通"


def shape(found: html.HtmlElement) -> list[tuple[object, tuple[str, ...]]]:
    return [(element.tag, tuple(sorted(element.attrib))) for element in found.iter()]


@pytest.mark.parametrize("text", NASTY)
def test_whatever_was_typed_is_text(text: str) -> None:
    """The page has the same elements and attributes as with harmless texts: nothing typed became markup."""
    made = page(nasty_batch(text))
    assert shape(html.document_fromstring(made)) == shape(html.document_fromstring(page(nasty_batch(PLAIN))))
    made.encode("utf-8")
    assert len(made) < 100_000


@settings(max_examples=examples(25))
@given(st.text(min_size=1, max_size=40))
def test_any_text_is_text(text: str) -> None:
    assert shape(html.document_fromstring(page(nasty_batch(text)))) == shape(tree(nasty_batch(PLAIN)))


@pytest.mark.parametrize(
    "text", [*NASTY[:-1], "a:b", "../../x", "/etc/passwd", "//host/x", "\\\\host\\x", "a b#c?d%20", "教育/甲"]
)
def test_links_stay_below_the_page(text: str) -> None:
    found = tree(batch(returned(finding(), document=f"{text}.json", marked="")))
    links = {link for link in found.xpath("//a/@href") if not link.startswith("#")}
    assert len(links) == 1
    (link,) = links
    assert re.fullmatch(r"\./[A-Za-z0-9%._~/-]*", link)
    if "\ud800" not in text:
        assert unquote(link) == f"./{text}.json"


def test_every_link_within_the_page_has_its_place() -> None:
    units = (UnitLine(UNIT, Standing.REJECTED, (0,), (1,)),)
    overview = batch(returned(finding()), returned(standing=Standing.SUPERSEDED), units=units)
    found = tree(overview)
    places = set(found.xpath("//@id"))
    assert {link[1:] for link in found.xpath("//a/@href") if link.startswith("#")} <= places
    assert len(found.xpath("//@id")) == len(places)


@pytest.mark.slow
def test_300_returns_with_20_findings_each_stay_small() -> None:
    messages = [
        f"第 {row} 行的得分 12.50 大于分值 10.00，多 2.50 分；请核对本行的分值和得分，把填错的改正" for row in range(20)
    ]
    found = [finding(cell=f"H{row}", message=message) for row, message in enumerate(messages)]
    returns = [returned(*found, file=f"乡镇/单位{number}-部门整体支出绩效自评表-2024.xlsx") for number in range(300)]
    units = tuple(
        UnitLine(Unit(f"单位{number}", f"{number:06}"), Standing.REJECTED, (number,)) for number in range(300)
    )
    assert len(page(batch(*returns, units=units)).encode()) < 3_000_000


def test_a_page_of_very_many_returns_holds_the_same__packed(monkeypatch: pytest.MonkeyPatch) -> None:
    overview = Overview(
        tuple(returned(finding(message=nasty), file=f"{number}{nasty}.xlsx") for number, nasty in enumerate(NASTY * 3)),
        (UnitLine(UNIT, Standing.REJECTED, tuple(range(len(NASTY) * 3))),),
    )
    whole = page(overview)
    monkeypatch.setattr(module, "MANY", 5)
    packed = page(overview)
    parts = html.fromstring(packed).xpath("//script[@class='packed']")
    assert len(parts) == 4
    (held,) = html.fromstring(packed).xpath("//noscript[@class='held']")
    assert len(held.xpath(".//tbody/tr")) == len(overview.returns)
    unheld = re.sub(r'<noscript class="held">(.*?)</noscript>', r"\1", packed, flags=re.DOTALL)
    unfolded = re.sub(r"<noscript>.*?</noscript><script[^>]*class=\"packed\">([^<]*)</script>", _unpacked, unheld)
    without = re.sub(r'<p class="note partly">这批文件多.*?</p>', "", unfolded)
    assert "".join(without.split()) == "".join(whole.split())
    assert "\x01" not in whole + packed
    assert "\x02" not in whole + packed


def test_each_row_is_a_line_of_its_own__whatever_was_typed() -> None:
    """The script takes what stands between the ends of lines for rows."""
    overview = Overview(
        tuple(
            returned(finding(message=nasty), file=f"{nasty}.xlsx", forms=()) for nasty in [*NASTY, "a\nb\r\u2028\x85c"]
        ),
        (UnitLine(Unit("甲\n乙", "1\n2"), Standing.REJECTED, tuple(range(len(NASTY) + 1))),),
    )
    made = page(overview)
    lines = [line for line in made.split("\n") if line.startswith(("<tr", '<details class="chapter"'))]
    assert all(line.endswith(("</tr>", "</details>")) for line in lines)
    assert len(lines) == 1 + 3 * len(overview.returns) + 1  # units; to be corrected, received, by rule; by unit


def _unpacked(found: re.Match[str]) -> str:
    return zlib.decompress(base64.b64decode(found[1], validate=True)).decode()


@pytest.mark.slow
def test_3000_returns_make_a_page_of_three_megabytes() -> None:
    some = tuple(finding(cell=f"H{row}", message=f"“第 {row} 项指标”的得分 12 大于分值 10") for row in range(12, 15))
    forms = [Filed("部门整体支出绩效自评表", 2024, Unit(f"第{n}中学", f"{n:06}"), "", Decimal(90)) for n in range(3000)]
    returns = tuple(
        returned(*some, file=f"学校/第{n}中学.xlsx", forms=(form,), document=f"学校/第{n}中学.json")
        for n, form in enumerate(forms)
    )
    units = tuple(UnitLine(form.unit, Standing.REJECTED, (n,)) for n, form in enumerate(forms))
    assert len(page(Overview(returns, units)).encode()) <= 3_000_000
