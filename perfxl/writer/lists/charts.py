"""Native charts as values: what is drawn, by formulas and as of now, in one set of colours and letters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from msgspec import Struct
from xlsxwriter.chart import Chart
from xlsxwriter.workbook import Workbook

from perfxl.model.house import FACE
from perfxl.writer.lists.looks import INK

_WIDTH, _HEIGHT = 470, 360
"""A chart in pixels."""
_COLOURS = ("#2F5597", "#8FAADC", "#C55A11")
_GRADE_COLOURS = ("#2F5597", "#8FAADC", "#F4B183", "#C00000")
_FONT = {"name": FACE, "size": 9}


class ChartSeries(NamedTuple):
    """A series: its name, what is drawn as formulas and as of now."""

    name: str
    names: str
    values: str
    name_data: Sequence[str]
    value_data: Sequence[float]


class Drawing(Struct, frozen=True):
    """A chart: its kind (bar, column, pie), title, series; ``percent`` of what it shows."""

    kind: str
    title: str
    series: tuple[ChartSeries, ...]
    percent: bool = False
    stacked: bool = False


def draw(book: Workbook, drawing: Drawing) -> Chart:
    """Make a chart, to be inserted into a sheet."""
    options = {"type": drawing.kind} | ({"subtype": "stacked"} if drawing.stacked else {})
    chart = book.add_chart(options)
    for number, series in enumerate(drawing.series):
        chart.add_series(
            {
                "name": series.name,
                "categories": f"={series.names}",
                "values": f"={series.values}",
                "categories_data": list(series.name_data),
                "values_data": list(series.value_data),
                **_style(drawing, number),
            }
        )
    chart.set_title({"name": drawing.title, "name_font": {"name": FACE, "size": 12, "color": INK}, "overlay": False})
    chart.set_size({"width": _WIDTH, "height": _HEIGHT})
    if drawing.kind == "pie":
        chart.set_legend({"position": "right", "font": _FONT})
        return chart
    chart.set_legend({"position": "bottom", "font": _FONT} if len(drawing.series) > 1 else {"none": True})
    number_format = "0%" if drawing.percent else "#,##0"
    # A bar chart draws its first row at the bottom: turned around, it reads as the list does.
    names = {"num_font": _FONT, "reverse": drawing.kind == "bar", "interval_unit": 1}
    values: dict[str, object] = {
        "num_font": _FONT,
        "num_format": number_format,
        "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}},
    }
    values |= {"min": 0} if drawing.percent else {}
    # XlsxWriter calls the axis along the bars x, as it lies, and not the one of the categories.
    chart.set_x_axis(values if drawing.kind == "bar" else names)
    chart.set_y_axis(names if drawing.kind == "bar" else values)
    return chart


def _style(drawing: Drawing, number: int) -> dict[str, object]:
    if drawing.kind == "pie":
        points = [{"fill": {"color": colour}} for colour in _GRADE_COLOURS[: len(drawing.series[0].name_data)]]
        return {"points": points, "data_labels": {"value": True, "category": True, "percentage": True, "font": _FONT}}
    colour = _COLOURS[number % len(_COLOURS)]
    labelled = len(drawing.series) == 1
    style: dict[str, object] = {"fill": {"color": colour}, "gap": 60}
    if labelled:
        style["data_labels"] = {"value": True, "font": _FONT, **({"num_format": "0.0%"} if drawing.percent else {})}
    return style
