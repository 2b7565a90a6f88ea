"""A sheet drawn as HTML: merges, hidden rows, figures as they are shown, colours and words on wrong cells, nothing unescaped."""

from __future__ import annotations

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest

from perfxl.model.address import Box
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import CellKind, Grid, GridCell, Unseen
from perfxl.reporting.drawing import MOST_ROWS, draw, figure


def text(row: int, column: int, value: str) -> GridCell:
    return GridCell(row, column, CellKind.TEXT, value)


def grid(*cells: GridCell, **more: object) -> Grid:
    return Grid("表", {(cell.row, cell.column): cell for cell in cells}, **more)  # type: ignore[arg-type]


class _Cells(HTMLParser):
    """The cells of a drawing by identity or text, with their attributes; how many places each row fills."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.cells: list[dict[str, str | None]] = []
        self.rows: list[int] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append(0)
        if tag == "td":
            self.cells.append(dict(attrs))
            self.rows[-1] += int(dict(attrs).get("colspan") or 1)


def test_merges_span_and_no_cell_is_drawn_twice() -> None:
    drawn = _Cells(draw(grid(text(1, 1, "题"), text(2, 3, "a"), merges=(Box(1, 1, 1, 3),)), (), "s").html)
    assert drawn.cells[1]["colspan"] == "3"
    assert drawn.rows[1:] == [3, 3]


def test_merges_over_each_other_and_beyond_the_sheet_do_no_harm() -> None:
    merges = (Box(1, 1, 2, 2), Box(2, 2, 3, 3), Box(1, 1, 9, 9), Box(2, 1, 1_048_576, 16_384))
    html = draw(grid(text(1, 1, "题"), merges=merges), (), "s").html
    assert len(html) < 600_000
    assert f'rowspan="{MOST_ROWS}"' not in html


def test_a_wrong_cell_says_so_in_colour_and_words() -> None:
    found = [
        Finding("M01", Severity.WARNING, "请核实", "表", "A1"),
        Finding("M02", Severity.ERROR, "不等于<合计>", "表", "A1"),
        Finding("M03", Severity.ERROR, "别的表", "另一张", "B2"),
    ]
    drawn = draw(grid(text(1, 1, "12")), found, "r0s0")
    assert (
        'class="error" id="r0s0-A1" tabindex="-1" aria-describedby="r0s0-said0 r0s0-said1">'
        '<span class="sign">错误</span>12</td>' in drawn.html
    )
    assert '<span class="said" id="r0s0-said0">请核实</span>' in drawn.remarks
    assert '<span class="said" id="r0s0-said1">不等于&lt;合计&gt;</span>' in drawn.remarks
    assert "别的表" not in drawn.html + drawn.remarks


def test_a_remark_names_all_of_its_cells_in_the_order_of_the_sheet() -> None:
    found = [
        *(Finding("V01", Severity.ERROR, "没有填", "表", f"B{row}") for row in range(30, 2, -1)),
        Finding("M01", Severity.WARNING, "请核实", "表", "A2:B2"),
    ]
    drawn = draw(grid(text(1, 1, "12")), found, "s")
    assert re.findall(r'<span class="said" id="s-said\d">([^<]+)', drawn.remarks) == ["请核实", "没有填"]
    assert re.findall(r'data-cell="([^"]+)"', drawn.remarks) == ["s-A2", *(f"s-B{row}" for row in range(3, 15))]
    assert " 等 28 处" in drawn.remarks
    assert drawn.html.count('aria-describedby="s-said1"') == 28


def test_what_is_wrong_inside_a_merge_is_shown_on_it() -> None:
    merged = grid(text(1, 1, "题"), text(3, 1, "末"), merges=(Box(1, 1, 2, 2),))
    drawn = draw(merged, [Finding("S13", Severity.ERROR, "合并的格里有数", "表", "B2")], "s")
    assert drawn.cells == {"B2": "s-A1"}
    assert '<td class="error" rowspan="2" colspan="2" id="s-A1"' in drawn.html


def test_a_merge_that_begins_in_what_is_hidden_is_drawn_where_it_can_be_seen() -> None:
    unseen = Unseen(frozenset({1}), frozenset({1}))
    hidden = grid(text(1, 1, "题"), text(2, 3, "末"), merges=(Box(1, 1, 2, 2),), unseen=unseen)
    assert '<tr><th scope="row">2</th><td>题</td><td>末</td></tr>' in draw(hidden, (), "s").html


def test_no_link_leads_to_what_is_not_drawn() -> None:
    drawn = draw(grid(text(1, 1, "一")), [Finding("V01", Severity.ERROR, "太远", "表", f"A{MOST_ROWS + 1}")], "s")
    assert drawn.cells == {}
    assert drawn.remarks == ""


def test_a_blank_cell_that_should_be_filled_in_is_drawn() -> None:
    html = draw(grid(text(1, 1, "名称")), [Finding("V01", Severity.ERROR, "没有填", "表", "C4")], "s").html
    assert 'id="s-C4"' in html


def test_what_was_typed_is_text() -> None:
    html = draw(grid(text(1, 1, "<script>alert(1)</script>\n二\u202e行")), (), "s").html
    assert "<script>" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;<br>二�行" in html


def test_hidden_rows_and_columns_are_left_out_unless_something_is_wrong_there() -> None:
    sheet = grid(text(1, 1, "一"), text(2, 1, "藏"), text(3, 2, "列"), unseen=Unseen(frozenset({2}), frozenset({2})))
    html = draw(sheet, (), "s").html
    assert "藏" not in html
    assert "列" not in html
    wrong = draw(sheet, [Finding("S13", Severity.ERROR, "隐藏的行里有数", "表", "A2")], "s").html
    assert "藏" in wrong
    assert "列" not in wrong
    assert "列" in draw(sheet, [Finding("S13", Severity.ERROR, "隐藏的列里有数", "表", "B3")], "s").html


def test_a_very_long_sheet_is_cut_and_says_so() -> None:
    html = draw(grid(text(1, 1, "一"), text(MOST_ROWS + 5, 1, "末")), (), "s").html
    assert "末" not in html
    assert f"只画出前 {MOST_ROWS} 行" in html


def test_columns_have_their_widths() -> None:
    assert '<col width="75">' in draw(grid(text(1, 1, "一"), widths={1: 10.0}), (), "s").html


@pytest.mark.parametrize(
    ("number", "code", "shown"),
    [
        ("1616.4", "#,##0.00", "1,616.40"),
        ("1616.4", "General", "1616.4"),
        ("0.9586", "0.00%", "95.86%"),
        ("0.5", "0%", "50%"),
        ("12", "0", "12"),
        ("560", '0"个"', "560个"),
        ("45000", "yyyy/m/d", "2023年3月15日"),
        ("430", "000000", "000430"),
        ("1E+30", "#,##0.00", "1000000000000000000000000000000"),
        ("-3.555", "#,##0.00;[Red]-#,##0.00", "-3.56"),
    ],
)
def test_numbers_are_shown_as_their_formats_have_them(number: str, code: str, shown: str) -> None:
    assert figure(Decimal(number), code) == shown
