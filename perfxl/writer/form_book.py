"""The workbook that forms are written into."""

from __future__ import annotations

import io
import zipfile

from xlsxwriter.worksheet import Worksheet

from perfxl.writer.memory_book import MemoryBook


class PlainSheet(Worksheet):  # type: ignore[misc] # XlsxWriter has no types of its own
    """A worksheet whose formulas name no function that is newer than Excel 2007.

    XlsxWriter looks in each formula for each of 150 newer ones, which want a prefix in the file: a quarter to a third of
    the time that a form takes. A test asks XlsxWriter about every function of every form.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002
        return formula.removeprefix("=")


class FormBook(MemoryBook):
    """A workbook of forms."""

    worksheet_class = PlainSheet

    def finished(self) -> dict[str, bytes]:
        """Close the workbook and return its parts."""
        with zipfile.ZipFile(io.BytesIO(self.written())) as package:
            return {name: package.read(name) for name in package.namelist()}
