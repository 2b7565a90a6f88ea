"""The workbook that forms are written into: XlsxWriter's, with what it does for others' sake left out.

What leaves much out leans on the insides of XlsxWriter. It is taken with the releases that the tests have held it against;
with any other XlsxWriter does all in its own way, which takes longer and gives the same.
"""

from __future__ import annotations

import io
import zipfile

import xlsxwriter
from xlsxwriter.packager import Packager

from perfxl.model.house import FACE
from perfxl.writer.form_sheet import PlainSheet, QuickSheet

_KNOWN = frozenset({"3.3.1"})


class PlainBook(xlsxwriter.Workbook):  # type: ignore[misc] # XlsxWriter has no types of its own
    """A workbook as XlsxWriter writes it."""

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


class QuickBook(PlainBook):
    """The same; its parts are taken as they are written, not packed and unpacked again."""

    worksheet_class = QuickSheet

    def __init__(self) -> None:
        super().__init__()
        self._packager = _PartsKept()

    def _get_packager(self) -> Packager:
        return self._packager

    def finished(self) -> dict[str, bytes]:
        """Close the workbook and return its parts."""
        self.close()
        return self._packager.parts


class _PartsKept(Packager):  # type: ignore[misc]
    """Keeps the parts of a workbook, and gives none to be packed."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, bytes] = {}

    def _create_package(self) -> list[object]:
        written = super()._create_package()
        self.parts = {name: file.getvalue().encode() for file, name, _ in written}
        return []


def form_book() -> PlainBook:
    """Return a workbook to write forms into."""
    return QuickBook() if xlsxwriter.__version__ in _KNOWN else PlainBook()
