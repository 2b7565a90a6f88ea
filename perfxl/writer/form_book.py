"""The workbook that forms are written into: XlsxWriter's, with what forms have in common."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from perfxl.model.house import FACE


class PlainSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types of its own
    """A worksheet whose formulas name no function that is newer than Excel 2007.

    XlsxWriter looks in each formula for each of 150 newer ones, which want a prefix in the file: a quarter to a third of
    the time that a form takes. A test asks XlsxWriter about every function of every form.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        return formula.removeprefix("=")


class FormBook(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook in memory, of which no text becomes a formula, a link or a number by itself."""

    worksheet_class = PlainSheet

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

    def finished(self) -> dict[str, bytes]:
        """Close the workbook and return its parts."""
        self.close()
        with zipfile.ZipFile(self._buffer) as package:
            return {name: package.read(name) for name in package.namelist()}
