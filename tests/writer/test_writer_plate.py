from __future__ import annotations

import datetime as dt
import io

import pytest
import xlsxwriter

from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.package.zip_writer import Parted
from perfxl.writer.content import Content
from perfxl.writer.parted_sheet import parted
from perfxl.writer.plate import DifferingCell, Plate, UnfitPlate

STAMP = "perfxl1|form|1|2024|01|abc|甲局"
A1, B1, C1, D1 = (DifferingCell("表", cell) for cell in ("A1", "B1", "C1", "D1"))


def workbook(text: str, other: str, number: float, cached: float, stamp: str = STAMP, label: str = "单位") -> bytes:
    """Return a workbook as XlsxWriter writes it, packed by us."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        sheet.write_string("A1", text)
        sheet.write_string("B1", other)
        sheet.write_number("C1", number)
        sheet.write_formula("D1", "=C1*2", None, cached)
        sheet.write_string("A2", label)
        book.add_worksheet("s").write_string("A1", stamp)
        book.define_name("stamp", f'="{stamp}"')
        book.set_custom_property("stamp", stamp, "text")
        book.set_properties({"created": dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
    package = Package.open(buffer.getvalue(), DEFAULT)
    return package.rebuilt({name: package.read(name) for name in package.names})


def plate(text: str = "甲局", other: str = "某人") -> Plate:
    return Plate.cut(workbook(text, other, 1.5, 3.0), [A1, B1, C1, D1], [STAMP])


@pytest.mark.parametrize(
    "contents",
    [
        ("乙局", "李四", 0.1 + 0.2, 1e300, STAMP.replace("甲", "乙")),
        ("<&>\"'", " 前后 ", 0.0, -0.5, "a & <b>"),
        ("_x0041_\x02", "<r>x</r", -1e-7, 123456789012.25, "x\x03_x0001_"),
    ],
)
def test_a_pressed_workbook_is_the_rendered_one(contents: tuple[str, str, float, float, str]) -> None:
    assert plate().press(contents) == workbook(*contents)


def test_days_are_serial_numbers() -> None:
    for day, serial in ((dt.date(1900, 2, 28), 59), (dt.date(1900, 3, 1), 61), (dt.date(2024, 1, 16), 45307)):
        assert plate().press(["甲局", "某人", day, 3.0, STAMP]) == workbook("甲局", "某人", serial, 3.0)


@pytest.mark.parametrize(
    ("made", "contents"),
    [
        (plate(), ["单位", "某人", 1.0, 2.0, STAMP]),  # a label's text
        (plate(), ["乙局", "乙局", 1.0, 2.0, STAMP]),  # equal ones that were not
        (plate("某人"), ["甲局", "某人", 1.0, 2.0, STAMP]),  # and the other way round
        (plate(), [STAMP, "某人", 1.0, 2.0, STAMP]),
    ],
)
def test_other_shared_strings_do_not_fit(made: Plate, contents: list[Content]) -> None:
    with pytest.raises(UnfitPlate):
        made.press(contents)


def long(number: float, later: float) -> bytes:
    """Return a workbook with a long sheet, packed as forms are: figures in its first row and in a later one."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet("表")
        for row in range(60):
            for column in range(100):
                sheet.write_number(row, column, 10 * row + column)
        sheet.write_number("A1", number)
        sheet.write_number("A50", later)
        sheet.write_string("B1", STAMP)
        book.set_properties({"created": dt.datetime(2020, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)})
    package = Package.open(buffer.getvalue(), DEFAULT)
    parts = {name: package.read(name) for name in package.names}
    name = "xl/worksheets/sheet1.xml"
    whole = parted(parts[name])
    assert isinstance(whole, Parted)
    return package.rebuilt({**parts, name: whole})


@pytest.mark.parametrize("cells", [("A1",), ("A1", "A50"), ("A50",)])
def test_a_long_sheet_is_parted_wherever_its_figures_stand(cells: tuple[str, ...]) -> None:
    figures = {"A1": 1.5, "A50": 2.5}
    made = Plate.cut(long(*figures.values()), [DifferingCell("表", cell) for cell in cells], [STAMP])
    assert [bool(tail) for tail in made.tails.values()] == [cells == ("A1",)]
    for number in (7.25, 123456789.0):
        changed = {**figures, **dict.fromkeys(cells, number)}
        assert made.press([*[number] * len(cells), STAMP]) == long(*changed.values())


def test_equal_texts_stay_equal() -> None:
    assert plate("某人").press(["乙", "乙", 1.0, 2.0, STAMP]) == workbook("乙", "乙", 1.0, 2.0)


@pytest.mark.parametrize("spot", [DifferingCell("表", "E1"), DifferingCell("表", "A3")])
def test_a_cell_that_holds_nothing_cannot_be_cut(spot: DifferingCell) -> None:
    with pytest.raises(UnfitPlate):
        Plate.cut(workbook("甲局", "某人", 1.5, 3.0), [spot], [STAMP])


def test_a_text_that_a_label_has_too_cannot_be_cut() -> None:
    with pytest.raises(UnfitPlate):
        Plate.cut(workbook("单位", "某人", 1.5, 3.0), [A1], [STAMP])
