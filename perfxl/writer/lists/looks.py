"""How the cells of the lists look: one set for all sheets, so that a cell is a value and a look."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from perfxl.model.house import FACE, TITLE_FACE


class CellLook(StrEnum):
    """What kind of cell it is; TOTAL ones stand in the last row of a list."""

    TITLE = "title"
    HEADING = "heading"
    """A title that is broken to the width of its merged cells."""
    NOTE = "note"
    CAPTION = "caption"
    HEAD = "head"
    TEXT = "text"
    LONG = "long"
    """A text that may be long: of what does not fit into its row the beginning is seen."""
    LABEL = "label"
    MIDDLE = "middle"
    MONEY = "money"
    WHOLE = "whole"
    NUMBER = "number"
    POINTS = "points"
    PERCENT = "percent"
    YEAR = "year"
    LINK = "link"
    RETURNS = "returns"
    ROWS = "rows"
    TOTAL_TEXT = "total-text"
    TOTAL_MONEY = "total-money"
    TOTAL_WHOLE = "total-whole"
    TOTAL_PERCENT = "total-percent"


HEAD_FILL, TOTAL_FILL, INK, GREY, BLUE = "#DCE6F1", "#F2F2F2", "#1F3864", "#595959", "#0563C1"
_MONEY, _WHOLE, _PERCENT = "#,##0.00", "#,##0", "0.00%"
_CELL: dict[str, object] = {
    "font_name": FACE,
    "font_size": 10,
    "valign": "vcenter",
    "border": 1,
    "border_color": "#BFBFBF",
}
_TOTAL = _CELL | {"bold": True, "bg_color": TOTAL_FILL}
_RIGHT: dict[str, object] = {"align": "right", "shrink": True}

LOOKS: Mapping[CellLook, Mapping[str, object]] = MappingProxyType(
    {
        CellLook.TITLE: {"font_name": TITLE_FACE, "font_size": 16, "valign": "vcenter", "font_color": INK},
        CellLook.HEADING: {
            "font_name": TITLE_FACE,
            "font_size": 16,
            "valign": "vcenter",
            "font_color": INK,
            "text_wrap": True,
        },
        CellLook.NOTE: {"font_name": FACE, "font_size": 10, "valign": "vcenter", "font_color": GREY, "text_wrap": True},
        CellLook.CAPTION: {"font_name": FACE, "font_size": 11, "bold": True, "valign": "vcenter", "font_color": INK},
        CellLook.HEAD: _CELL | {"bold": True, "align": "center", "text_wrap": True, "bg_color": HEAD_FILL},
        CellLook.TEXT: _CELL | {"align": "left", "indent": 1},
        CellLook.LONG: _CELL | {"align": "left", "indent": 1, "valign": "top", "text_wrap": True},
        CellLook.LABEL: _CELL | {"align": "left", "text_wrap": True},
        CellLook.MIDDLE: _CELL | {"align": "center", "shrink": True},
        CellLook.MONEY: _CELL | _RIGHT | {"num_format": _MONEY},
        CellLook.WHOLE: _CELL | _RIGHT | {"num_format": _WHOLE},
        CellLook.NUMBER: _CELL | _RIGHT,
        CellLook.POINTS: _CELL | _RIGHT | {"num_format": "0.00"},
        CellLook.PERCENT: _CELL | _RIGHT | {"num_format": _PERCENT},
        CellLook.YEAR: _CELL | {"align": "center", "num_format": "0"},
        CellLook.RETURNS: _CELL | {"align": "center", "num_format": '#,##0"份"'},
        CellLook.ROWS: _CELL | {"align": "center", "num_format": '#,##0"行"'},
        CellLook.LINK: _CELL | {"align": "center", "font_color": BLUE, "underline": 1},
        CellLook.TOTAL_TEXT: _TOTAL | {"align": "center"},
        CellLook.TOTAL_MONEY: _TOTAL | _RIGHT | {"num_format": _MONEY},
        CellLook.TOTAL_WHOLE: _TOTAL | _RIGHT | {"num_format": _WHOLE},
        CellLook.TOTAL_PERCENT: _TOTAL | _RIGHT | {"num_format": _PERCENT},
    }
)
