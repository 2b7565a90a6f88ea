"""The 汇总 workbook: sheets, layout, lists and figures; every total is added up again from what was filed."""

from __future__ import annotations

import io
import re
import sqlite3
from collections import defaultdict
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

import openpyxl
import pytest
from msgspec.structs import replace

from perfxl.forms.compute import compute
from perfxl.forms.layout.place import place
from perfxl.model.field_type import Type
from perfxl.model.layout import Role
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn
from perfxl.model.value import IndicatorValue, NumberValue
from perfxl.rules.grade import grade, total_score
from perfxl.values.label_text import key
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import ListCell, ListLine, criterion, line_xml
from perfxl.year.summarize.outcome import TooManyRowsError
from perfxl.year.summarize.summarize import summarize
from perfxl.year.summarize.workbook.below import partition
from support import filled
from support.county import FOUR, filings, lay, returns, unit
from support.filings import document, forms
from support.sheets import Sheet, Sheets
from support.validity import faults

COUNT = 24
HUNAN, MOF, HUBEI = "hunan-dept-self-eval", "mof-project-self-eval", "hubei-dept-goal"
SHEETS = {
    HUBEI: "部门整体目标申报表",
    HUNAN: "自评表",
    "jilin-dept-self-eval": "部门整体支出绩效自评表",
    MOF: "项目支出绩效自评表",
}


class Book:
    """A workbook as written, and as bytes."""

    def __init__(self, path: Path) -> None:
        self.data = path.read_bytes()
        self.sheets = Sheets(self.data)

    def __getitem__(self, name: str) -> Sheet:
        return self.sheets[name]


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("county")
    lay(folder / "in", COUNT)
    return Book(summarize(folder / "in", folder / "汇总.xlsx").path)


@pytest.fixture(scope="module")
def years(tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("years")
    lay(folder / "in", 24, years=(2023, 2024))
    return Book(summarize(folder / "in", folder / "汇总.xlsx").path)


@cache
def filed(form: str, count: int = COUNT) -> tuple[FormReturn, ...]:
    return tuple(returned for _, returned, _ in filings(count) if returned.form == form)


def numbers(form: str, path: str, count: int = COUNT) -> list[Decimal]:
    found = (returned.record[one] for returned in filed(form, count) for one in returned.record.paths(path))
    return [value for value in found if isinstance(value, Decimal)]


def near(shown: object, right: Decimal | None) -> bool:
    if right is None:
        return shown in {None, ""}
    return isinstance(shown, int | float) and abs(Decimal(str(shown)) - right) <= Decimal("1e-9") * max(
        Decimal(1), abs(right)
    )


# -- the sheets -------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_sheets_stand_in_the_order_of_the_contract(book: Book) -> None:
    names = book.sheets.names
    assert names[0] == "说明"
    hunan = names.index("自评表汇总")
    assert names[hunan : hunan + 5] == [
        "自评表汇总",
        "自评表明细",
        "自评表绩效指标",
        "自评表资金透视",
        "自评表指标透视",
    ]
    assert names[-4:] == ["指标统计", "排名", "图表", "审核意见"]
    assert all(len(name) <= 31 for name in names)


@pytest.mark.slow
def test_the_package_is_sound(book: Book, years: Book) -> None:
    assert faults(book.data) == []
    assert faults(years.data) == []


@pytest.mark.slow
def test_forms_with_sheets_of_one_name_are_told_apart_by_their_region(tmp_path: Path) -> None:
    lay(tmp_path / "in", 4, (HUBEI, "henan-dept-goal", "jilin-project-self-eval", MOF))
    names = Book(summarize(tmp_path / "in", tmp_path / "a.xlsx").path).sheets.names
    assert {
        "部门整体目标申报表（湖北）汇总",
        "部门整体目标申报表（河南）汇总",
        "项目支出绩效自评表（吉林）明细",
    } <= set(names)
    assert len({name.lower() for name in names}) == len(names)
    assert max(map(len, names)) <= 31


def test_names_cut_to_31_characters_stay_distinct(tmp_path: Path) -> None:
    lay(tmp_path / "in", 2, ("mof-project-goal",))
    names = Book(summarize(tmp_path / "in", tmp_path / "a.xlsx").path).sheets.names
    assert "项目支出绩效目标申报表中期指标" in names
    assert "项目支出绩效目标申报表年度指标" in names


# -- S汇总 --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FOUR)
def test_the_official_layout_is_that_of_a_blank(book: Book, name: str) -> None:
    sheet = book[f"{SHEETS[name]}汇总"]
    blank = place(forms()[name], year=2024)
    for cell in blank.cells:
        if cell.role in {Role.LABEL, Role.PRINTED}:
            assert (sheet.value(cell.box.name) or "") == cell.text, cell
    assert {cell.box.range_name for cell in blank.cells if not cell.box.single} <= sheet.merged


@pytest.mark.parametrize("name", FOUR)
def test_every_amount_and_count_is_a_live_sum_and_right(book: Book, name: str) -> None:
    form, sheet = forms()[name], f"{SHEETS[name]}汇总"
    right = summed(name)
    checked = 0
    for cell in place(form, year=2024).cells:
        field = cell.field
        if field is None or "[" in cell.path or field.type not in {Type.MONEY, Type.INTEGER, Type.PERCENT}:
            continue
        formula = book[sheet].cells[cell.box.name].formula
        assert formula, cell.path
        if not field.computed:
            assert f"'{SHEETS[name]}明细'!" in formula
        value = right[cell.path]
        assert near(book[sheet].value(cell.box.name), value if isinstance(value, Decimal) else None), cell.path
        checked += 1
    assert checked or name == "jilin-dept-self-eval"


@pytest.mark.parametrize("name", FOUR)
def test_what_holds_no_sum_is_folded_away_and_nothing_else(book: Book, name: str) -> None:
    sheet = book[f"{SHEETS[name]}汇总"]
    placed = place(forms()[name], Record(sizes={"projects": 1}), year=2024)
    blocks = {row.number for row in placed.rows if row.block and not row.record.startswith(f"{row.block}[0]")}
    tables = {row.number for row in placed.rows if row.fold}
    assert sheet.hidden == tables | blocks


def test_the_total_score_of_a_summary_is_the_average_of_the_returns(book: Book) -> None:
    (cell,) = (cell for cell in place(forms()[HUNAN], year=2024).cells if cell.path == "total.score")
    scores = numbers(HUNAN, "total.score")
    assert near(book["自评表汇总"].value(cell.box.name), sum(scores, Decimal(0)) / len(scores))
    assert "AVERAGE('自评表明细'!" in book["自评表汇总"].cells[cell.box.name].formula


def summed(name: str) -> Record:
    """Add up what was filed, without the code that is tested: amounts and counts, the rest by the form's own formulas."""
    form = forms()[name]
    values: dict[str, Any] = {}
    for path, field in form.fields.items():
        found = numbers(name, path)
        if field.computed or "[]" in path or not found:
            continue
        if field.type in {Type.MONEY, Type.INTEGER}:
            values[path] = sum(found, Decimal(0))
        elif field.type is Type.NUMBER:
            values[path] = sum(found, Decimal(0)) / len(found)
    return compute(form, Record(values)).record


def test_a_growing_table_shows_the_sum_of_all_rows(book: Book) -> None:
    sheet = book["部门整体目标申报表汇总"]
    cells = {cell.path: cell.box.name for cell in place(forms()[HUBEI], year=2024).cells if cell.field is not None}
    assert sheet.value(cells["projects[0].name"]) == "合计"
    for key_ in ("total_budget", "year_budget"):
        right = sum(numbers(HUBEI, f"projects[].{key_}"), Decimal(0))
        assert near(sheet.value(cells[f"projects[0].{key_}"]), right)
        assert sheet.value(cells[f"projects[1].{key_}"]) is None


def test_texts_are_blank(book: Book) -> None:
    for name in FOUR:
        sheet = book[f"{SHEETS[name]}汇总"]
        for cell in place(forms()[name], year=2024).cells:
            if cell.role is Role.INPUT and cell.field is not None and cell.field.type is Type.TEXT and not cell.caption:
                assert sheet.value(cell.box.name) in {None, "合计"}, cell.path


def below(book: Book, name: str) -> dict[str, list[Any]]:
    """Return the lines below the form: label → from how many, sum, average, least, most."""
    found: dict[str, list[Any]] = {}
    for line in book[f"{SHEETS[name]}汇总"].lines():
        if isinstance(line[0], str):
            found[line[0]] = line[1:]
    return found


def test_below_the_form_stands_from_how_many_returns_each_figure_comes(book: Book) -> None:
    lines = below(book, HUNAN)
    for path, field in forms()[HUNAN].fields.items():
        if field.type is not Type.MONEY:
            continue
        found = numbers(HUNAN, path)
        count, total, average, least, most = lines[field.label]
        assert count == len(found)
        whole = sum(found, Decimal(0))
        figures = zip((total, average, least, most), (whole, whole / len(found), min(found), max(found)), strict=True)
        assert all(near(shown, right) for shown, right in figures), field.label


def test_scores_are_averaged_plainly_and_by_the_budget(book: Book) -> None:
    lines = below(book, HUNAN)
    scores = numbers(HUNAN, "total.score")
    assert near(lines["总分 › 得分"][1], sum(scores, Decimal(0)) / len(scores))
    pairs = [(one.record["total.score"], one.record["funds.total.budget"]) for one in filed(HUNAN)]
    both = [(score, budget) for score, budget in pairs if isinstance(score, Decimal) and isinstance(budget, Decimal)]
    right = sum((s * b for s, b in both), Decimal(0)) / sum((b for _, b in both), Decimal(0))
    count, shown = lines["总分 › 得分（按全年预算数加权）"][:2]
    assert count == len(both)
    assert near(shown, right)


def test_a_blank_is_not_zero(tmp_path: Path) -> None:
    form = forms()[HUNAN]
    record = Record({"unit_name": "甲局", "year": Decimal(2024), "funds.total.budget": Decimal(5)})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(
        document("a.xlsx", returns(HUNAN, compute(form, record).record, 2024, "甲局"))
    )
    book = Book(summarize(tmp_path / "in", tmp_path / "a.xlsx").path)
    cells = {cell.path: cell.box.name for cell in place(form, year=2024).cells if cell.field is not None}
    sheet = book["自评表汇总"]
    assert sheet.value(cells["funds.total.budget"]) == 5
    assert sheet.value(cells["funds.total.initial"]) in {None, ""}
    assert sheet.value(cells["funds.total.rate"]) in {None, ""}
    total = book["自评表明细"].rows()[-1]
    assert total["年度预算申请 › 年度资金总额 › 年初预算数"] in {None, ""}


@pytest.mark.parametrize("count", range(6, 18))
def test_columns_below_a_form_share_all_of_its_width(count: int) -> None:
    chance = Random(count)
    widths = [Decimal(chance.randint(30, 240)) / 10 for _ in range(count)]
    found = partition(widths, [Decimal("0.4"), *[Decimal("0.12")] * 5])
    assert [first for first, _ in found] == [1, *(last + 1 for _, last in found[:-1])]
    assert found[-1][1] == count
    assert all(first <= last for first, last in found)


# -- S明细 and the growing tables ---------------------------------------------------------------------------------------


def test_one_row_a_return_with_every_field_and_a_total(book: Book) -> None:
    *rows, total = book["自评表明细"].rows()
    assert list(rows[0])[:4] == ["单位代码", "单位名称", "年度", "状态"]
    labels = {field.label for path, field in forms()[HUNAN].fields.items() if "[]" not in path}
    assert {head.removesuffix("（表内）") for head in rows[0]} >= labels
    assert [row["单位代码"] for row in rows] == sorted(str(one.unit.code) for one in filed(HUNAN))
    by_code = {one.unit.code: one for one in filed(HUNAN)}
    for row in rows:
        record = by_code[row["单位代码"]].record
        for path, field in forms()[HUNAN].fields.items():
            if field.type in {Type.MONEY, Type.PERCENT, Type.NUMBER} and "[]" not in path:
                value = record[path]
                assert near(row[field.label], value if isinstance(value, Decimal) else None), path
    assert total["单位代码"] == "合计"
    label = "年度预算申请 › 年度资金总额 › 全年预算数"
    assert near(total[label], sum(numbers(HUNAN, "funds.total.budget"), Decimal(0)))
    assert near(total["年度预算申请 › 年度资金总额 › 执行率"], Decimal(str(summed(HUNAN)["funds.total.rate"])))


@pytest.mark.slow
def test_it_is_a_table_with_filters_and_totals(book: Book) -> None:
    formulas = openpyxl.load_workbook(io.BytesIO(book.data))["自评表明细"]  # whatever another program makes of it
    (table,) = formulas.tables.values()
    assert table.ref == f"A3:{table.ref.partition(':')[2]}"
    assert table.totalsRowCount == 1
    assert table.autoFilter.ref.startswith("A3:")
    assert [column.name for column in table.tableColumns] == [cell.value for cell in formulas[3]]
    assert formulas.freeze_panes == "C4"


def test_an_indicator_stands_in_its_parts_with_its_goal(book: Book) -> None:
    rows = book["部门整体目标申报表年度绩效指标"].rows()
    returned = min(filed(HUBEI), key=lambda one: str(one.unit.code))
    row = rows[0]
    value = returned.record["annual_goals[0].indicators[0].target"]
    assert isinstance(value, NumberValue)
    assert row["年度目标"] == returned.record["annual_goals[0].statement"]
    assert (row["年度目标序号"], row["行号"]) == (1, 1)
    assert row["二级指标"] == returned.record["annual_goals[0].indicators[0].level2"]
    head = "指标值 预期当年实现值"
    assert row[f"{head} 原文"] == value.text
    assert near(row[f"{head} 数值"], value.value)
    assert row[f"{head} 单位"] == value.unit
    assert len(rows) == sum(len(list(one.record.paths("annual_goals[].indicators[].name"))) for one in filed(HUBEI))


def test_texts_that_look_like_formulas_or_markup_stay_texts(tmp_path: Path) -> None:
    texts = {"goal.expected": "=1+1", "goal.actual": "<r>&\x07\n第二行", "unit_name": "*局?~"}
    record = Record({**texts, "year": Decimal(2024), "funds.total.budget": Decimal(1)})
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_bytes(document("a.xlsx", returns(HUNAN, record, 2024, "*局?~")))
    book = Book(summarize(tmp_path / "in", tmp_path / "a.xlsx").path)
    assert faults(book.data) == []
    row = book["自评表明细"].rows()[0]
    assert row["年度总体目标 › 预期目标"] == "=1+1"
    assert row["年度总体目标 › 实际完成情况"] == "<r>&\n第二行"
    assert "SUBSTITUTE(" in book["自评表资金透视"].cells["H6"].formula


@pytest.mark.parametrize(
    ("text", "wanted"),
    [("甲局", "A1"), ("", '""'), (None, '""'), ("430", "A1"), (">1", '"="&')],
)
def test_what_sumifs_looks_for(text: str | None, wanted: str) -> None:
    assert criterion("A1", text).startswith(wanted)


def test_cells_of_a_list() -> None:
    styles = {look: number for number, look in enumerate(CellLook)}
    cells = [
        ListCell(CellLook.MONEY, Decimal("1E+3")),
        None,
        ListCell(CellLook.TEXT, ""),
        ListCell(CellLook.TEXT, None, 'IF(A1<"a",1,"")'),
    ]
    found = line_xml(ListLine(3, cells, 18, first=2), styles)
    assert found.startswith('<row r="3" ht="18" customHeight="1"><c r="B3" s="')
    assert "<v>1000</v>" in found
    assert "<f>IF(A1&lt;&quot;a&quot;,1,&quot;&quot;)</f><v></v>" in found
    assert "C3" not in found


# -- 指标统计, 排名, 审核意见, 透视 -----------------------------------------------------------------------------------


def test_statistics_of_indicators_are_right(book: Book) -> None:
    rows = [
        row for row in book["指标统计"].rows() if row["表式"] == forms()[MOF].title and row["统计的值"] == "实际完成值"
    ]
    values: dict[tuple[str, str | None], list[tuple[int, Decimal, Decimal | None]]] = defaultdict(list)
    for number, one in enumerate(filed(MOF)):
        for path in one.record.paths("indicators[].actual"):
            value, name = one.record[path], one.record[path.replace(".actual", ".name")]
            budget = one.record["funds.total.budget"]
            if isinstance(value, NumberValue) and isinstance(name, str):
                weight = budget if isinstance(budget, Decimal) else None
                values[key(name), value.unit].append((number, value.value, weight))
    right = {found: of for found, of in values.items() if len({number for number, _, _ in of}) >= 3}
    assert {(key(row["三级指标"]), row["计量单位"]) for row in rows} == set(right)
    for row in rows:
        of = right[key(row["三级指标"]), row["计量单位"]]
        assert row["取值个数"] == len(of)
        assert near(row["最小"], min(value for _, value, _ in of))
        assert near(row["最大"], max(value for _, value, _ in of))
        if row["计量单位"] == "%":
            weighed = [(value, weight) for _, value, weight in of if weight is not None]
            average = sum((v * w for v, w in weighed), Decimal(0)) / sum((w for _, w in weighed), Decimal(0))
            assert near(row["平均"], average)
            assert row["合计"] == "—"
    assert rows


def test_ranks_and_grades_are_right(book: Book) -> None:
    sheet = book["排名"]
    start = next(row for row in range(1, 80) if str(sheet.at(row, 1)).startswith("《部门整体支出绩效自评表》（湖南）"))
    head = next(row for row in range(start, start + 20) if sheet.at(row, 1) == "名次")
    rows = book["排名"].rows(head)
    scores = {one.unit.name: total_score(forms()[HUNAN], one.record) for one in filed(HUNAN)}
    known = [score for score in scores.values() if score is not None]
    assert rows[0]["单位名称"] in {name for name, score in scores.items() if score == max(known)}
    for row in rows:
        score = scores[row["单位名称"]]
        assert near(row["得分"], score)
        if score is not None:
            assert row["得分名次"] == sum(other > score for other in known) + 1
            assert row["等级"] == grade(score)
    spread = {sheet.at(row, 2): sheet.at(row, 3) for row in range(start + 2, start + 6)}
    assert spread == {name: sum(grade(score) == name for score in known) for name in "优良中差"}


def test_findings_by_rule_and_by_unit(book: Book) -> None:
    found = [(returned, finding) for _, returned, findings in filings(COUNT) for finding in findings]
    by_rule = {row["规则"]: row for row in book["审核意见"].rows(4)}
    for code in {finding.code for _, finding in found}:
        of = [(one.unit.code, finding) for one, finding in found if finding.code == code]
        counts = [
            sum(finding.severity.value == severity for _, finding in of) for severity in ("error", "warning", "info")
        ]
        assert [by_rule[code][head] for head in ("错误", "警告", "提示")] == counts
    sheet = book["审核意见"]
    head = next(row for row in range(5, 30) if sheet.at(row, 1) == "单位代码")
    units = {row["单位代码"]: row["警告"] for row in book["审核意见"].rows(head)}
    for code, count in units.items():
        assert count == sum(one.unit.code == code and finding.severity.value == "warning" for one, finding in found)


def test_pivots_are_native_and_have_no_records(book: Book) -> None:
    with ZipFile(io.BytesIO(book.data)) as package:
        names = package.namelist()
        caches = [
            package.read(name).decode() for name in names if "pivotCacheDefinition" in name and "_rels" not in name
        ]
        pivots = [name for name in names if re.fullmatch(r"xl/pivotTables/pivotTable\d+\.xml", name)]
    assert len(pivots) == 7  # the department's self-evaluation of Jilin has no money
    assert all('refreshOnLoad="1"' in cache for cache in caches)
    assert not any("pivotCacheRecords" in name for name in names)


def test_a_pivot_agrees_with_the_formulas_beside_it(book: Book) -> None:
    sheet = book["自评表资金透视"]
    for row in range(6, 6 + len(filed(HUNAN)) + 1):
        assert sheet.at(row, 1)
        assert [sheet.at(row, column) for column in range(1, 5)] == [sheet.at(row, column) for column in range(7, 11)]


# -- two years ----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_two_years_stand_in_a_block_each(years: Book) -> None:
    sheet = years["自评表明细"]
    captions = [str(line[0]) for line in sheet.lines() if re.match(r"\d{4} 年度", str(line[0]))]
    assert [caption[:7] for caption in captions] == ["2024 年度", "2023 年度"]
    assert sum("tables/" in target for target in sheet.relations.values()) == 2
    firsts = [line[0] for line in years["自评表汇总"].lines()]
    assert firsts.count(forms()[HUNAN].title) == 2
    assert [first for first in firsts if first in {2023, 2024}] == [2024, 2023]


@pytest.mark.slow
def test_two_years_are_compared_indicator_by_indicator(years: Book) -> None:
    sheet = years["年度对比"]
    head = next(row for row in range(1, 40) if sheet.at(row, 1) == "单位代码")
    rows = years["年度对比"].rows(head)
    assert rows
    filed_ = [returned for _, returned, _ in filings(24, years=(2023, 2024))]
    row = next(row for row in rows if row["项目名称"] is None and row["2024完成÷目标"])
    texts = {
        value.text
        for one in filed_
        if one.unit.name == row["单位名称"] and one.year == 2024
        for value in one.record.values.values()
        if isinstance(value, IndicatorValue)
    }
    assert {row["2024目标值"], row["2024完成值"]} <= texts


def test_one_year_has_no_comparison(book: Book) -> None:
    assert "年度对比" not in book.sheets.names


def test_superseded_returns_stand_below_the_total_and_are_not_in_it(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", 2, (HUNAN,))
    _, returned, _ = next(filings(1, (HUNAN,)))
    earlier = replace(returned, superseded_by="后来的.xlsx")
    (folder / "早.json").write_bytes(document("早.xlsx", earlier))
    alone = Book(summarize(folder, tmp_path / "a.xlsx").path)["自评表明细"]
    sheet = Book(summarize(folder, tmp_path / "b.xlsx", everything=True).path)["自评表明细"]
    total = next(row for row, column in sheet.grid if column == 1 and sheet.at(row, 1) == "合计")
    assert [sheet.at(total, column) for column in range(1, 20)] == [alone.at(total, column) for column in range(1, 20)]
    assert sheet.at(total + 2, 1) == "2024 年度　已被后来交回的代替，不计入　1 份　金额单位：万元"
    (row,) = sheet.rows(total + 3)
    assert (row["单位名称"], row["状态"]) == (returned.unit.name, "被替代")
    base = sqlite3.connect(summarize(folder, tmp_path / "c.sqlite", to="sqlite", everything=True).path)
    assert base.execute("SELECT status, COUNT(*) FROM submissions GROUP BY 1 ORDER BY 1").fetchall() == [
        ("accepted", 2),
        ("superseded", 1),
    ]
    base.close()


# -- links, rejected ones, the roster -----------------------------------------------------------------------------------


def test_a_row_leads_to_the_marked_copy_that_lies_next_to_it(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", 3, (HUNAN,))
    (file,) = (path for path in folder.rglob("*-1.json"))
    file.with_name(f"{file.stem}.marked.xlsx").write_bytes(b"")
    book = Book(summarize(folder, tmp_path / "out" / "汇总.xlsx").path)
    (link,) = book["自评表明细"].links.values()
    assert (tmp_path / "out" / unquote(link)).resolve() == file.with_name(f"{file.stem}.marked.xlsx").resolve()


def test_what_was_left_out_stands_on_the_first_sheet(tmp_path: Path) -> None:
    folder = lay(tmp_path / "in", 3, (HUNAN,))
    (folder / "x.json").write_text("{}", "utf-8")
    lines = list(Book(summarize(folder, tmp_path / "a.xlsx").path)["说明"].lines())
    said = {line[0]: line[1] for line in lines if len(line) > 1}
    assert said["x.json"] == "不是导入的结果"
    assert any(str(line[0]).startswith("计入 3 份，3 个单位，2024 年度") for line in lines)


@pytest.mark.slow
@pytest.mark.parametrize("name", list(forms()))
def test_whatever_a_form_holds_the_workbook_is_sound(name: str, tmp_path: Path) -> None:
    form, chance = forms()[name], Random(7)
    (tmp_path / "in").mkdir()
    for number in range(4):
        record = filled.record(form, chance, most=6)
        code, called = unit(number)
        returned = returns(name, record, 2023 + number % 2, called, code)
        (tmp_path / "in" / f"{number}.json").write_bytes(document(f"{number}.xlsx", returned))
    assert faults(summarize(tmp_path / "in", tmp_path / "a.xlsx").path.read_bytes()) == []


def test_more_rows_than_a_sheet_has_are_refused_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfxl.year.summarize.workbook.plan.MAX_ROW", 20)
    lay(tmp_path / "in", 3, (HUNAN,))
    with pytest.raises(TooManyRowsError, match=r"“自评表绩效指标”有 \d+ 行.*请分批汇总，或改用 --to sqlite"):
        summarize(tmp_path / "in", tmp_path / "out" / "a.xlsx")
    assert list((tmp_path / "out").iterdir()) == []
