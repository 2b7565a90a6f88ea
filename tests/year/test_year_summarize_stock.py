"""Which submissions are added up: each unit's once, a whole or its parts, and what is said of the others."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.ledger.ledger import Ledger
from perfxl.model.period import Period
from perfxl.model.record import Record
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import FormReturn
from perfxl.model.value import Value
from perfxl.year.sources import Reason, find, open_documents
from perfxl.year.summarize.stock import Stock, take_stock
from support.county import lay, returns
from support.filings import ERROR, document, forms

TABLE = "hunan-dept-self-eval"


def table(name: str, code: str | None, amount: int, year: int = 2024) -> FormReturn:
    values: dict[str, Value] = {"year": Decimal(year), "unit_name": name, "funds.total.budget": Decimal(amount)}
    bare = name.removesuffix("（汇总）").removesuffix("（本级）")
    return returns(TABLE, Record(values), year, bare, code)


def stocked(folder: Path, files: dict[str, bytes], roster: Roster | None = None, *, everything: bool = False) -> Stock:
    for name, content in files.items():
        path = folder / "结果" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with Ledger(folder / "ledger", forms().values()) as ledger:
        opened = open_documents(find([folder / "结果"]).documents, forms())
        return take_stock(opened, ledger, forms(), roster=roster, everything=everything)


def names(stock: Stock) -> list[str]:
    return [entry.document.name for entry in stock.entries]


def left(stock: Stock) -> dict[str, str]:
    return {one.name: one.said for one in stock.left_out}


def one(name: str, code: str | None, amount: int, year: int = 2024) -> bytes:
    return document(f"{name}.xlsx", table(name, code, amount, year))


def test_accepted_ones_count_in_the_order_of_forms_years_and_codes(tmp_path: Path) -> None:
    stock = stocked(
        tmp_path,
        {
            "a.json": one("丙局", "3", 1),
            "b.json": one("甲局", "1", 1, 2023),
            "c.json": one("乙局", "2", 1),
            "d.json": one("丁局", None, 1),
        },
    )
    assert names(stock) == ["c.json", "a.json", "d.json", "b.json"]
    assert stock.periods(TABLE) == (Period(2024), Period(2023))
    assert stock.keys(TABLE, Period(2024)) == range(1, 4)


def test_rejected_ones_are_named_and_count_only_when_asked_for(tmp_path: Path) -> None:
    files = {"a.json": one("甲局", "1", 1), "b.json": document("b.xlsx", table("乙局", "2", 1), findings=(ERROR,))}
    stock = stocked(tmp_path, files)
    assert names(stock) == ["a.json"]
    assert [(each.name, each.reason) for each in stock.left_out] == [("b.json", Reason.REJECTED)]
    assert names(stocked(tmp_path / "all", files, everything=True)) == ["a.json", "b.json"]


def test_of_equal_ones_that_cannot_be_ordered_one_counts(tmp_path: Path) -> None:
    stock = stocked(tmp_path, {"a.json": one("甲局", "1", 1), "b.json": document("b.xlsx", table("甲局", "1", 2))})
    assert names(stock) == ["a.json"]
    assert "分不出先后，只计入了“a.json”" in left(stock)["b.json"]


def test_a_copy_of_a_folder_adds_nothing(tmp_path: Path) -> None:
    stock = stocked(tmp_path, {"a/a.json": one("甲局", "1", 1), "b/a.json": one("甲局", "1", 1)})
    assert names(stock) == ["a/a.json"]
    assert "内容完全相同" in left(stock)["b/a.json"]


# -- X02: 汇总 and 下属 are never added together ----------------------------------------------------------------------


def test_a_whole_is_left_out_where_its_units_are_there(tmp_path: Path) -> None:
    stock = stocked(
        tmp_path,
        {
            "whole.json": one("教育局（汇总）", "430", 300),
            "own.json": one("教育局（本级）", "430", 100),
            "school.json": one("第一中学", "43001", 200),
        },
    )
    assert sorted(names(stock)) == ["own.json", "school.json"]
    assert (
        left(stock)["whole.json"]
        == "里的《部门整体支出绩效自评表》是汇总，教育局（本级）、第一中学已分别计入，汇总没有再加"
    )


def test_it_is_said_that_the_units_do_not_make_the_whole(tmp_path: Path) -> None:
    stock = stocked(
        tmp_path, {"whole.json": one("教育局（汇总）", "430", 999), "school.json": one("一中", "43001", 200)}
    )
    assert left(stock)["whole.json"].endswith("汇总有 1 项与各单位之和不一致，请核对下属单位是否交齐")


@pytest.mark.parametrize("own", ["教育局（本级）", "教育局"])
def test_a_whole_without_units_counts_and_what_it_holds_does_not(tmp_path: Path, own: str) -> None:
    stock = stocked(tmp_path, {"whole.json": one("教育局（汇总）", "430", 300), "own.json": one(own, "430", 100)})
    assert names(stock) == ["whole.json"]
    assert left(stock)["own.json"] == "里的《部门整体支出绩效自评表》的数已包含在“教育局（汇总）”里，没有再加"


def test_of_wholes_in_each_other_only_the_lowest_units_count(tmp_path: Path) -> None:
    stock = stocked(
        tmp_path,
        {
            "county.json": one("青溪县教育局（汇总）", "430", 600),
            "town.json": one("青溪县教育局东片（汇总）", "43001", 300),
            "a.json": one("一小", "4300101", 100),
            "b.json": one("二小", "4300102", 200),
            "c.json": one("三小", "43002", 300),
        },
    )
    assert sorted(names(stock)) == ["a.json", "b.json", "c.json"]


def test_wholes_of_other_years_have_nothing_to_do_with_it(tmp_path: Path) -> None:
    files = {"whole.json": one("教育局（汇总）", "430", 300, 2023), "school.json": one("一中", "43001", 200)}
    assert len(names(stocked(tmp_path, files))) == 2


# -- the roster ---------------------------------------------------------------------------------------------------------


def test_a_roster_gives_the_order_and_tells_who_is_missing(tmp_path: Path) -> None:
    units: Iterable[tuple[str, str]] = (("丙局", "3"), ("甲局", "1"), ("乙局", "2"))
    roster = Roster(tuple(RosterUnit(name, code, row) for row, (name, code) in enumerate(units, start=2)))
    stock = stocked(
        tmp_path, {"a.json": one("甲局", "1", 1), "b.json": one("丁局", "9", 1), "c.json": one("丙局", None, 1)}, roster
    )
    assert names(stock) == ["c.json", "a.json", "b.json"]
    assert [unit.name for unit in stock.missing] == ["乙局"]
    assert [unit.name for unit in stock.strangers] == ["丁局"]


# -- documents that somebody has edited -------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["1e400", "1234567890123456", "0.123456789012345678901"])
def test_a_number_that_no_cell_holds_is_not_added(tmp_path: Path, number: str) -> None:
    text = one("甲局", "1", 4711).decode().replace("4711", number)
    stock = stocked(tmp_path, {"a.json": text.encode(), "b.json": one("乙局", "2", 1)})
    assert names(stock) == ["b.json"]
    assert "位数太多的数字" in left(stock)["a.json"]


def test_half_a_character_and_a_nul_do_no_harm(tmp_path: Path) -> None:
    tree = json.loads(one("甲局", "1", 1))
    tree["forms"][0]["data"]["goal"]["expected"] = "\ud800a\0b"
    stock = stocked(tmp_path, {"a.json": json.dumps(tree).encode()})
    assert names(stock) == ["a.json"]


def test_documents_of_other_kinds_are_named(tmp_path: Path) -> None:
    folder = lay(tmp_path / "结果", 4)
    (folder / "x.json").write_text('{"name": 1}', "utf-8")
    (folder / "y.json").write_text('{"perfxl": 0, "forms": []}', "utf-8")
    stock = stocked(tmp_path, {})
    assert len(stock.entries) == 4
    assert left(stock) == {
        "x.json": "不是导入的结果",
        "y.json": "是旧版本的 perfxl 写的，格式与现在不同；请用现在的版本重新导入交回的工作簿",
    }


def test_superseded_ones_are_listed_when_all_are_asked_for_and_never_added(tmp_path: Path) -> None:
    files = {
        "a.json": one("甲局", "1", 1),
        "b.json": document("b.xlsx", replace(table("甲局", "1", 2), superseded_by="a.xlsx")),
        "c.json": document("c.xlsx", replace(table("甲局", "1", 4, 2023), superseded_by="无.xlsx")),
    }
    bare = stocked(tmp_path / "bare", files)
    assert (names(bare), bare.superseded) == (["a.json"], ())
    stock = stocked(tmp_path / "all", files, everything=True)
    assert names(stock) == ["a.json"]
    assert [entry.document.name for entry in stock.listed] == ["a.json", "b.json", "c.json"]
    assert list(stock.superseded_keys(TABLE)) == [(Period(2024), range(2, 3)), (Period(2023), range(3, 4))]
    assert {each.name for each in stock.left_out} == {"b.json", "c.json"}
