from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import pytest
import xlsxwriter
from hypothesis import assume, given
from hypothesis import strategies as st

from perfxl.model.roster import Roster, RosterUnit
from perfxl.roster.read import RosterError, read_roster

TEXT = "单位代码,单位名称,year\n012345,甲局,2024\n430407.0,“乙”局（本级）,\n"
UNITS = (RosterUnit("甲局", "012345", 2, {"year": "2024"}), RosterUnit("“乙”局（本级）", "430407", 3))


def problems(data: str | bytes) -> list[str]:
    with pytest.raises(RosterError) as caught:
        read_roster(data.encode() if isinstance(data, str) else data)
    return [str(problem) for problem in caught.value.problems]


def workbook(*sheets: Sequence[Sequence[object]], formats: dict[str, str] | None = None) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_numbers": False}) as book:
        looks = {cell: book.add_format({"num_format": code}) for cell, code in (formats or {}).items()}
        for rows in sheets:
            sheet = book.add_worksheet()
            for number, row in enumerate(rows):
                for column, value in enumerate(row):
                    sheet.write(number, column, value, looks.get(f"{chr(65 + column)}{number + 1}"))
    return buffer.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "，"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_list_is_read_as_excel_and_wps_save_it(encoding: str, delimiter: str, end: str) -> None:
    data = TEXT.replace(",", delimiter).replace("\n", end).encode(encoding)
    assert read_roster(data) == Roster(UNITS)


def test_heads_may_be_english_in_any_order_below_a_title() -> None:
    data = "2024年单位名单,,\n\n Ｎａｍｅ ,CODE\n甲局,01\n"
    assert read_roster(data.encode()).units == (RosterUnit("甲局", "01", 4),)


def test_names_alone_are_a_roster() -> None:
    assert read_roster(b"name\n A \n\nB\n").units == (RosterUnit("A", None, 2), RosterUnit("B", None, 4))


@pytest.mark.parametrize("typed", ['"=""0123"""', "'0123", '="0123"', "\t0123"])
def test_codes_guarded_against_excel_are_codes(typed: str) -> None:
    assert read_roster(f"name,code\n甲局,{typed}\n".encode()).units[0].code == "0123"


def test_a_workbook_gives_the_same_as_a_list() -> None:
    rows: list[list[object]] = [
        ["单位代码", "单位名称", "year"],
        ["012345", "甲局", 2024],
        [430407, " “乙”局（本级）", None],
    ]
    assert read_roster(workbook(rows)) == Roster(UNITS)


def test_numbers_in_a_workbook_are_what_is_shown() -> None:
    rows: list[list[object]] = [["code", "name", "rate", "amount", "day"], [123, "甲局", 0.95, 1234.567, 45000]]
    formats = {"A2": "000000", "C2": "0%", "D2": "#,##0.0", "E2": "yyyy-mm-dd"}
    (unit,) = read_roster(workbook(rows, formats=formats)).units
    assert unit.code == "000123"
    assert unit.prefill == {"rate": "95%", "amount": "1234.567", "day": "2023年3月15日"}


def test_the_sheet_with_the_heads_is_the_roster() -> None:
    assert read_roster(workbook([["说明"]], [["name"], ["甲局"]])).units == (RosterUnit("甲局", None, 2),)
    assert problems(workbook([["name"], ["甲局"]], [["name"], ["乙局"]])) == [
        "工作表“Sheet1”、“Sheet2”里都有单位名单，请只留一张"
    ]


def test_all_mistakes_are_told_with_their_rows() -> None:
    text = "code,name,x,x\n01,甲局\n02,\n 01 ,乙局\n,丙局\n,丙局\n1.2E+11,丁局,,#N/A,多\n"
    assert problems(text) == [
        "第 1 行：列名“x”重复（C、D 列），只能有一列",
        "第 3 行：缺单位名称",
        "第 4 行：单位代码 01 重复：第 2 行“甲局”、第 4 行“乙局”",
        "第 6 行：单位名称“丙局”重复（第 5 行“丙局”、第 6 行“丙局”），又没有代码可以区分",
        "第 7 行：E 列没有列名，却有内容",
        "第 7 行：“x”一列是错误值 #N/A",
        "第 7 行：单位代码 1.2E+11 的末几位已丢失：代码被当成了数字。请把这一列设为文本格式，重新录入",
    ]


def test_one_name_with_two_codes_is_two_units() -> None:
    assert len(read_roster("code,name\n1,示范小学\n2,示范小学\n".encode()).units) == 2


def test_a_code_that_excel_has_rounded_is_told() -> None:
    (problem,) = problems(workbook([["code", "name"], [914304070000123456, "甲局"]]))
    assert problem.startswith("第 2 行：单位代码 9.14304070000123E+17 的末几位已丢失")
    assert read_roster(b"code,name\n914304070000123000,A\n").units[0].code == "914304070000123000"


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "找不到“单位名称”这一列"),
        (b"code,name\n", "名册里没有单位"),
        ("代码,名称\n1,甲局".encode(), "找不到“单位名称”这一列"),
        (b'code,name\n1,"A\n2,B\n', "引号没有成对"),
        (b"%PDF-1.7\n\x00\x01", "这个文件是 PDF"),
        (b"PK\x03\x04 damaged", "这个文件已损坏"),
        (b"\x00" * 100, "读不出表格"),
    ],
)
def test_what_is_no_roster_is_told(data: bytes, said: str) -> None:
    (problem,) = problems(data)
    assert said in problem
    assert "交回" not in problem


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_whatever_the_bytes_are_the_outcome_is_a_roster_or_problems(data: bytes) -> None:
    for given_data in (data, b"code,name\n" + data):
        try:
            roster = read_roster(given_data)
        except RosterError as error:
            told = list(map(str, error.problems))
        else:
            told = [unit.name for unit in roster.units]
        assert all(told)
        assert told


CELL = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12).filter(
    lambda text: not text.startswith(("'", "=")) and not text.startswith("#")
)


@given(st.lists(st.tuples(CELL, CELL), min_size=1, max_size=20), st.sampled_from([",", "\t", ";"]))
def test_what_csv_quotes_is_read_as_it_was(rows: list[tuple[str, str]], delimiter: str) -> None:
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(
        [("code", "name", "x"), *((f"c{n}", *row) for n, row in enumerate(rows))]
    )
    written = buffer.getvalue().encode("gb18030")
    assume(buffer.getvalue().isascii() or not _is_utf8(written))  # 卸 alone is ж in UTF-8, which is asked first
    units = read_roster(written).units
    assert [(unit.name, unit.prefill["x"]) for unit in units] == rows


# -- zeros that a program has taken away ----------------------------------------------------------------------------


def notes(*codes: str) -> list[str]:
    rows = "".join(f"{code},第{number}局\n" for number, code in enumerate(codes))
    return list(read_roster(f"code,name\n{rows}".encode()).notes)


def test_codes_that_lost_their_zeros_are_told_with_their_rows() -> None:
    (said,) = notes("000012", "1", "4", "58")
    assert said.startswith(
        "有的单位代码可能丢了开头的 0：第 3 行“第1局”1、第 4 行“第2局”4、第 5 行“第3局”58，别的如 000012 有 6 位"
    )
    (said,) = notes("430407", "430408", "12", "430501")
    assert "第 4 行“第2局”12，别的如 430407 有 6 位" in said
    (said,) = notes("001001", *map(str, range(1, 10)))
    assert "等 9 个" in said


@pytest.mark.parametrize(
    "codes",
    [
        ("000012", "000001", "430407"),
        ("301", "301001", "301002", "302", "302001", "302002"),
        ("0301", "0301001", "0302", "0302001"),
        tuple(map(str, range(1, 120))),
        ("430407", "430408", "A12", ""),
        ("1", "4", "58"),
        ("01", "02", "10"),
    ],
    ids=["kept", "levels", "levels-with-zeros", "numbers", "letters", "short", "two"],
)
def test_codes_that_are_as_they_are_meant_are_not(codes: tuple[str, ...]) -> None:
    assert notes(*codes) == []


def test_notes_are_no_part_of_what_a_roster_is() -> None:
    assert Roster((), ("1",)) == Roster(())


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True
