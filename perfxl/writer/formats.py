"""Faces, borders and number formats of printed cells, as XlsxWriter takes them."""

from __future__ import annotations

from typing import NamedTuple

from perfxl.model.field_type import Type
from perfxl.model.font import Font
from perfxl.model.form import Look
from perfxl.model.house import house_font
from perfxl.model.layout import PlacedCell, Role

BLANK_FILL = "#E6F0FA"
UNUSED_FILL = "#E3E3E3"
"""A cell that is not to be filled in as things stand."""
"""The light fill of what is still to be filled in."""

LONG_TEXT = 250
"""Cells in Text format show #### beyond 255 characters in older Excel: longer fields stay General."""

_BASE: dict[Look, dict[str, object]] = {
    Look.TITLE: {"align": "center"},
    Look.CAPTION: {"align": "center"},
    Look.PLAIN: {"align": "left"},
    Look.PLAIN_RIGHT: {"align": "right"},
    Look.NOTE: {"align": "left", "border": 1, "indent": 1},
    Look.HEAD: {"align": "center", "border": 1},
    Look.LABEL: {"align": "center", "border": 1},
    Look.SPINE: {"align": "center", "border": 1},
    Look.TEXT: {"align": "left", "border": 1},
    Look.SHORT: {"align": "center", "border": 1},
    Look.FIGURE: {"align": "right", "border": 1},
    Look.LISTED: {"align": "left", "border": 1, "indent": 1},
}
_OPEN_LEVELS = frozenset({2, 3})


def number_format(cell: PlacedCell) -> str:
    """Return the number format code of a cell; a caption stands around the number in it."""
    field = cell.field
    if field is None:
        return "General"
    inner = field.type.traits.captioned_format
    if cell.until is not None:
        return "General"
    if cell.caption is not None and inner is not None:
        before, after = (f'"{text}"' if text else "" for text in (cell.caption.before, cell.caption.after))
        return f"{before}{inner}{after}"
    if field.list:
        return "@"  # 0101 is a code
    if field.type is Type.TEXT:
        return "@" if field.length is not None and field.length <= LONG_TEXT else "General"
    return field.type.traits.number_format


def locked(cell: PlacedCell) -> bool:
    """Tell whether a cell is closed to the officer: labels, computed cells, what is printed or approved.

    A printed 二级 or 三级 may be reworded, an approved one may not.
    """
    if cell.fixed:
        return True
    if cell.role is Role.PRINTED:
        return cell.field is None or cell.field.level not in _OPEN_LEVELS
    return cell.role is not Role.INPUT


class CellStyle(NamedTuple):
    """All that a cell's format is made of. ``shrinks``: what is too wide for the cell is set smaller."""

    look: Look
    font: Font
    number_format: str
    locked: bool
    shrinks: bool

    @classmethod
    def of(cls, cell: PlacedCell) -> CellStyle:
        # A number that is too wide shows #### in Excel, wrapped or not: it shrinks instead.
        number = cell.field is not None and cell.field.type.traits.as_number and cell.until is None
        return cls(cell.look, cell.font or house_font(cell.look), number_format(cell), locked(cell), number)

    @property
    def properties(self) -> dict[str, object]:
        """The style as XlsxWriter's properties."""
        return {
            "font_name": self.font.face,
            "font_size": self.font.size if self.font.size % 1 else int(self.font.size),
            **({"bold": True} if self.font.bold else {}),
            "valign": "vcenter",
            **({"shrink": True} if self.shrinks else {"text_wrap": True}),
            **_BASE[self.look],
            "num_format": self.number_format,
            "locked": self.locked,
        }
