"""What formulas give: as a spreadsheet would work them out, or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model.address import Box, parse_cell
from perfxl.model.grid import CellKind, Content, Grid, GridCell
from perfxl.values.formulas.calculator import Calculator, Result
from perfxl.values.formulas.operands import ValueArea
from perfxl.values.formulas.parser import LONGEST
from perfxl.values.formulas.precedents import Precedents
from perfxl.values.formulas.shared import SharedFormula


def cell(name: str, content: Content, formula: str | None = None) -> GridCell:
    kind = {str: CellKind.TEXT, bool: CellKind.BOOLEAN, type(None): CellKind.BLANK}.get(type(content), CellKind.NUMBER)
    if isinstance(content, str) and content.startswith("#"):
        kind = CellKind.ERROR
    return GridCell(*parse_cell(name), kind, content, "General", formula)


def sheet(*cells: GridCell, name: str = "表") -> Grid:
    return Grid(name, {(one.row, one.column): one for one in cells})


SHEET = (
    cell("A1", Decimal("4000.5")),
    cell("A2", Decimal("367.73")),
    cell("A3", "700"),
    cell("A4", "700万元"),
    cell("A6", True),
    cell("B1", Decimal(0), "A1+A2"),
    cell("B2", None, "SUM(A1:A9)"),
    cell("B3", Decimal(9), "VLOOKUP(A1,A1:A2,1)"),
    cell("B4", Decimal(0), "VLOOKUP(A1,A1:A2,1)"),
    cell("C1", "#REF!"),
    cell("C2", "", 'IF(A1>0,"","是")'),
)


def result(formula: str) -> Result | None:
    asked = cell("Z9", Decimal(0), formula)
    others = [
        sheet(cell("A1", Decimal(number)), name=name) for name, number in (("其他 表", 7), ("别表", 8), ("It's", 9))
    ]
    return Calculator([sheet(*SHEET, asked), *others]).result("表", asked)


def test_the_longest_formula_that_a_spreadsheet_allows_is_worked_out_and_no_longer_one() -> None:
    sheets, formula = [sheet(*SHEET)], "1" + "+1" * (LONGEST // 2 - 1) + " "
    assert len(formula) == LONGEST == 8192
    assert Calculator(sheets).result("表", cell("Z9", Decimal(0), formula)) is not None
    assert Calculator(sheets).result("表", cell("Z9", Decimal(0), formula + " ")) is None


@pytest.mark.parametrize(("figures", "known"), [(98, True), (99, True), (100, False)])
def test_the_figures_in_a_formula_are_work_of_which_there_is_only_so_much(
    figures: int,
    known: bool,  # noqa: FBT001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("perfxl.values.formulas.calculator._MOST_WORK", 99)
    asked = cell("Z9", Decimal(0), "+".join("1" * figures))
    assert (Calculator([sheet(asked)]).result("表", asked) is not None) == known


def value(formula: str) -> Content:
    found = result(formula)
    assert found is not None
    return found.value


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("4000+367.73", "4367.73"),
        ("1+2*3^2", "19"),
        ("-2^2", "4"),
        ("(1+2)*3", "9"),
        ("10/4%", "250"),
        ("0.1+0.2", "0.3"),
        ("1E3-.5", "999.5"),
        ("A1+A2", "4368.23"),
        ("$A$1-a2", "3632.77"),
        ("B1*2", "8736.46"),
        ("A3+1", "701"),
        ("SUM(A1:A9)", "4368.23"),
        ("SUM(A1,A2;1)", "4369.23"),
        ("SUM(A:A)", "4368.23"),
        ("SUM(A1:INDEX(A:A,ROW(A3)-1))", "4368.23"),
        ("INDEX(A1:B2,1,1)", "4000.5"),
        ("INDEX(A1:B2,2,2)", "4368.23"),
        ("INDEX(A1:A2,2.9)", "367.73"),
        ("'其他 表'!A1*2", "14"),
        ("别表!A1*2", "16"),
        ("'别表'!A1*2", "16"),
        ("'It''s'!A1*2", "18"),
        ("SUM(别表!A:A)", "8"),
        ("SUM(别表!A1:B2,A2)", "375.73"),
        ("SUM(别表!A1:别表!B2)", "8"),
        ("ROUND(2.345,2)", "2.35"),
        ("ROUND(-2.5,0)", "-3"),
        ("ROUNDUP(2.301,1)", "2.4"),
        ("ROUNDDOWN(2.39,1)", "2.3"),
        ("ROUND(1234,-2)", "1200"),
        ("ROUND(0.1,15)", "0.1"),
        ("IF(FALSE,1)+1", "1"),
        ("IF(1>1,1,2)", "2"),
        ("IF(1>=1,1,2)", "1"),
        ("IF(1<1,1,2)", "2"),
        ("IF(1<=1,1,2)", "1"),
        ("IF(TRUE,5)+1", "6"),
        ("INT(-1.5)", "-2"),
        ("ABS(-3)", "3"),
        ("MIN(A1:A4,5)", "5"),
        ("MAX(A1:A4)", "4000.5"),
        ("AVERAGE(1,2,6)", "3"),
        ("PRODUCT(2,3)", "6"),
        ("COUNT(A1:A9)", "2"),
        ("COUNTA(A1:A9)", "5"),
        ("IF(A1>A2,1,2)", "1"),
        ("IF(A1<A2,1,2)", "2"),
        ('IF(A9="",3,4)', "3"),
        ("IFERROR(1/0,5)", "5"),
        ("IF(AND(A1>0,OR(A2>9999,A2<400)),1,0)", "1"),
        ("B3+1", "10"),
        ("A99", "0"),
    ],
)
def test_numbers(formula: str, expected: str) -> None:
    assert value(formula) == Decimal(expected)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ('"共"&A3&"元"', "共700元"),
        ('A1&""', "4000.5"),
        ('IF(COUNT(D1:D9)=0,"",SUM(D1:D9))', ""),
        ('"a""b"', 'a"b'),
        ("A1>A2", True),
        ('"A"="a"', True),
        ("1<>1", False),
        ('"9"<10', False),
        ("TRUE", True),
    ],
)
def test_texts_and_truths(formula: str, expected: Content) -> None:
    assert value(formula) == expected


@pytest.mark.parametrize(
    ("formula", "error"),
    [("1/0", "#DIV/0!"), ("A4+1", "#VALUE!"), ("C1+1", "#REF!"), ("SUM(C1)", "#REF!"), ("9^999", "#NUM!")],
)
def test_errors(formula: str, error: str) -> None:
    assert result(formula) == Result(CellKind.ERROR, error)


@pytest.mark.parametrize(
    "formula",
    [
        "VLOOKUP(A1,A1:A2,1)",
        "B4+1",  # nothing is known of it but a stored 0
        "[1]Sheet1!A1",
        "没有!A1",
        "Z9+1",
        "A1:A2+1",
        "SUM(",
        "1 2",
        "名称",
        "TODAY()",
        '"2024-1-16"+1',
        "A1048577",
        "@A1",
        "{1,2}",
        "(" * 500 + "1" + ")" * 500,
        "1+" * 9000 + "1",
        "",
    ],
)
def test_unknown(formula: str) -> None:
    assert result(formula) is None


def test_cells_that_a_formula_depends_on() -> None:
    asked = cell("Z9", Decimal(0), "B2+1")
    grid = sheet(*SHEET, asked)
    found = Precedents(Calculator([grid]), grid, [(3, 1), (4, 1), (10, 1), (1, 3)])
    assert found.of(asked) == {(3, 1), (4, 1)}
    assert found.of(cell("Z9", None, "其他!A3+C1")) == {(1, 3)}
    assert found.of(cell("Z9", None, "1 2")) == set()


def test_a_circle_depends_on_what_it_reads() -> None:
    grid = sheet(cell("A1", None, "A2"), cell("A2", None, "A1+B1"), cell("B1", "7"))
    found = Precedents(Calculator([grid]), grid, [(1, 2)])
    assert found.of(grid.cells[1, 1]) == {(1, 2)}


@pytest.mark.parametrize("rows", [(5, 9, 9, 7, 2, 30), (30, 1, 2)])
def test_counts_from_a_row_down_go_on_from_each_other(rows: Sequence[int]) -> None:
    said = {row: ("", "名称", None, "5")[row % 4] for row in range(1, 40)}
    cells = [cell(f"A{row}", Decimal(5) if text == "5" else text) for row, text in said.items()]
    others = [cell("B3", None, "COUNT(A$1:A4)"), cell("B4", None, "1/0"), cell("B7", Decimal(5))]
    calculator = Calculator([sheet(*cells, *others)])
    for last in rows:
        for column, name in enumerate("AB", start=1):
            box = Box(1, column, last, column)
            fresh = Calculator([sheet(*cells, *others)])
            assert calculator.counts(ValueArea("表", box)) == fresh.counts(ValueArea("表", box)), (name, last)
    assert calculator.counts(ValueArea("表", Box(1, 1, 39, 1))) == (29, 10)
    assert calculator.counts(ValueArea("表", Box(1, 1, 9, 2))) == (10, 4)


def test_long_chains_and_circles_end() -> None:
    chain = [cell(f"A{row}", None, f"A{row + 1}+1") for row in range(1, 300)]
    assert Calculator([sheet(*chain)]).result("表", chain[0]) is None
    circle = [cell("A1", None, "A2"), cell("A2", None, "A1")]
    assert Calculator([sheet(*circle)]).result("表", circle[0]) is None


@pytest.mark.slow
def test_too_much_work_is_unknown() -> None:
    cells = [cell(f"A{row}", Decimal(row)) for row in range(1, 3000)]
    asked = cell("B1", None, "+".join(["SUM(A1:A3000)"] * 60))
    assert Calculator([sheet(*cells, asked)]).result("表", asked) is None


@given(st.text("A1B2+-*/(),:\"&<>=$%^ SUMIFROND.9#!'", max_size=24))
def test_never_raises(formula: str) -> None:
    found = result(formula)
    assert found is None or found.kind is not CellKind.BLANK


@pytest.mark.parametrize(
    ("written", "here"),
    [
        ("B1*2", "D4*2"),
        ("$B1+B$1+$B$1", "$B4+D$1+$B$1"),
        ("SUM(B1:C9)", "SUM(D4:E12)"),
        ("SUM(B:B)+SUM(1:2)", "SUM(D:D)+SUM(4:5)"),
        ("'A1'!B1&\"B1\"", "'A1'!D4&\"B1\""),
        ("LOG10(B1)", "LOG10(D4)"),
        ("Sheet1!B1", "Sheet1!D4"),
        ("XFD1", "#REF!"),
        ("合计+ABCD1", "合计+ABCD1"),
    ],
)
def test_a_shared_formula_moves_along(written: str, here: str) -> None:
    assert SharedFormula(written, 1, 1).at(4, 3) == here
    assert SharedFormula(written, 1, 1).at(1, 1) == written


@pytest.mark.parametrize(
    ("written", "row", "column", "there"),
    [
        ("A1", 5, 2, "A4"),
        ("A2", 1, 2, "A1"),
        ("A1", 1, 2, "#REF!"),
        ("B2", 2, 1, "A2"),
        ("A2", 2, 1, "#REF!"),
        ("A1048575", 3, 2, "A1048576"),
        ("A1048576", 3, 2, "#REF!"),
        ("XFC2", 2, 3, "XFD2"),
        ("XFD2", 2, 3, "#REF!"),
        ("2:3", 1, 2, "1:2"),
        ("1:3", 1, 2, "#REF!"),
    ],
)
def test_a_shared_formula_that_leads_off_the_sheet(written: str, row: int, column: int, there: str) -> None:
    assert SharedFormula(written, 2, 2).at(row, column) == there


@pytest.mark.parametrize(
    ("formula", "known"),
    [
        ("(" * 39 + "1" + ")" * 39, True),
        ("(" * 40 + "1" + ")" * 40, False),
        ("-" * 39 + "1", True),
        ("-" * 40 + "1", False),
        ("+".join(["-1"] * 100), True),  # one next to another is not one inside another
    ],
    ids=["39 brackets", "40 brackets", "39 signs", "40 signs", "100 summands"],
)
def test_how_deep_a_formula_may_be(formula: str, *, known: bool) -> None:
    assert (result(formula) is not None) is known


@pytest.mark.parametrize(
    "formula", ["INDEX(A1:B2,3,1)", "INDEX(A1:B2,1,3)", "INDEX(A2:B3,-1)", "INDEX(A2:B3,0.5)", "INDEX(B1:C2,1,-1)"]
)
def test_what_lies_outside_an_area_is_no_reference(formula: str) -> None:
    assert value(formula) == "#REF!"


@pytest.mark.parametrize("formula", ["INDEX(A1:B2,0)", "INDEX(A1:B2,1,0)", "INDEX(1,1)"])
def test_whole_rows_and_columns_are_left_unknown(formula: str) -> None:
    assert result(formula) is None


def test_numbers_come_before_texts_and_texts_before_truth_values() -> None:
    order = ("-1", "0", "2", "10", '"1"', '"a"', '"B"', '"z"', "FALSE", "TRUE")
    for low, one in enumerate(order):
        for high, other in enumerate(order):
            for sign, holds in (("<", low < high), ("<=", low <= high), ("=", low == high), ("<>", low != high)):
                assert value(f"{one}{sign}{other}") is holds, (one, sign, other)


@pytest.mark.parametrize("formula", ['"a"="A"', "D9=0", 'D9=""', "D9=FALSE", "D9=D8"])
def test_what_is_one_all_the_same(formula: str) -> None:
    assert value(formula) is True


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("IF(1>2,1)", False),
        ("IF(2>1,1)", Decimal(1)),
        ('IF("是",1,2)', "#VALUE!"),
        ("IF(0,1,2)", Decimal(2)),
        ("IF(0.5,1,2)", Decimal(1)),
        ("IF(1/0,1,2)", "#DIV/0!"),
        ("IFERROR(1/0,7)", Decimal(7)),
        ("IFERROR(1/0)", ""),
        ("IFERROR(3,7)", Decimal(3)),
        ("COUNT(A1:A9)", Decimal(2)),
        ("COUNTA(A1:A9)", Decimal(5)),
        ("COUNT(1,2,A1)", Decimal(3)),
        ('COUNTA("x",A1)', Decimal(2)),
        ('SUM(A1:A9,"3")', Decimal("4371.23")),
        ("SUM(C1,1)", "#REF!"),
        ('SUM("x")', "#VALUE!"),
        ("MIN(D1:D9)", Decimal(0)),
        ("MAX(A1,A2)", Decimal("4000.5")),
        ("PRODUCT(2,3,4)", Decimal(24)),
        ("PRODUCT(D1:D9)", Decimal(0)),
        ("AVERAGE(1,2,6)", Decimal(3)),
        ("AVERAGE(D1:D9)", "#DIV/0!"),
        ("AND(1,0)", False),
        ("AND(1,2)", True),
        ("OR(0,0)", False),
        ("OR(0,1)", True),
        ("AND(D1:D9)", "#VALUE!"),
        ("AND(C1,TRUE)", "#REF!"),
        ("NOT(0)", True),
        ("NOT(2)", False),
        ("ABS(-2)", Decimal(2)),
        ("INT(-1.5)", Decimal(-2)),
        ("TRUNC(-1.5)", Decimal(-1)),
        ("ROUND(12345,-15)", Decimal(0)),
        ("ROUND(2.5)", Decimal(3)),
        ('ROUND("x",1)', "#VALUE!"),
        ('ROUND(1,"x")', "#VALUE!"),
        ("ROW(A7)", Decimal(7)),
        ('"a"&1', "a1"),
        ("TRUE&D9", "TRUE"),
        ("0^0", Decimal(1)),
        ("0^-1", "#NUM!"),
        ("(-8)^0.5", "#NUM!"),
        ("1E308*10", "#NUM!"),
        ("C1+1/0", "#REF!"),
        ("1/0+C1", "#DIV/0!"),
        ("A4+1", "#VALUE!"),
        ('"50%"+1', Decimal("1.5")),
        ("2-3-4", Decimal(-5)),
        ("2-3*4^2/8", Decimal(-4)),
        ("2^3^2", Decimal(64)),
        ("-2^2", Decimal(4)),
        ("24/4/3*2", Decimal(4)),
        ("1&2+3&4*5", "1520"),
        ('"a"&"b"="ab"', True),
        ("1+1=2=TRUE", True),
        ("1<2<>FALSE", True),
        ("50%%*400", Decimal(2)),
        ("-(1-2)*-3", Decimal(-3)),
    ],
)
def test_functions_and_operators_give_what_a_spreadsheet_gives(formula: str, expected: Content) -> None:
    assert value(formula) == expected


@pytest.mark.parametrize(
    "formula",
    [
        "ROUND(1,16)",
        "ROUND(1,-16)",
        "ROW()",
        "ROW(1)",
        "ROW(A1,A2)",
        '"2024-1-1"+1',
        "A1:A2+1",
        'AND("x",1)',
        "NOPE(1)",
        "SUM(A1:别表!B2)",
        "SUM(别表!A1:INDEX(A1:B2,2,2))",
        "没有这张表!A1",
    ],
)
def test_what_is_left_unknown(formula: str) -> None:
    assert result(formula) is None
