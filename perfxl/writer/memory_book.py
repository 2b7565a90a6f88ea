"""The workbook that forms and lists are written into: XlsxWriter's, with what they have in common."""

from __future__ import annotations

import io

import xlsxwriter

from perfxl.model.house import FACE


class MemoryBook(xlsxwriter.Workbook):  # type: ignore[misc] # XlsxWriter has no types of its own
    """A workbook in memory, of which no text becomes a formula, a link or a number by itself."""

    def __init__(self) -> None:
        self._buffer = io.BytesIO()
        super().__init__(
            self._buffer,
            {
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                # Columns are measured in digits of this font: Chinese Excel and WPS have it as their own default.
                "default_format_properties": {"font_name": FACE, "font_size": 11, "font_scheme": "none"},
            },
        )

    def written(self) -> bytes:
        """Close the workbook and return its file."""
        self.close()
        return self._buffer.getvalue()
