"""Make the pictures of docs/carry.md: ``python docs/carry_pictures.py``.

The seeds' figures are carried along the chain; in the pictures carried cells are tinted, which the workbooks' own are not:
grey what was approved and is locked, yellow what may be corrected. Needs LibreOffice, pdftoppm and Chinese fonts; run from
the project's root, in its environment. Writes docs/pictures/carry-*.png.
"""

from __future__ import annotations

import io
import json
import shutil
import sys
import tempfile
from pathlib import Path

import openpyxl
from openpyxl.styles import PatternFill

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from pictures import pages  # noqa: E402 - the folder is known by now

import perfxl  # noqa: E402 - likewise
from perfxl.forms.definition.load import shipped  # noqa: E402 - likewise
from support.filings import document, filed  # noqa: E402 - likewise

PICTURES = Path("docs/pictures")
APPROVED = PatternFill("solid", fgColor="FFD9D9D9")
CARRIED = PatternFill("solid", fgColor="FFFFF2CC")
UNIT = {"unit": "某某区教育局", "code": "430407"}


def sample(form: str) -> dict[str, object]:
    """Return the shipped sample of a form."""
    found: dict[str, object] = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Carry a project's goal into its self-evaluation, an approval into that of a department, a year's goal into the next."""
    steps = (
        ("project", "mof-project-goal", 2024, "mof-project-self-eval"),
        ("approval", "qinghai-dept-approval", 2024, "hunan-dept-self-eval"),
        ("next", "hubei-dept-goal", 2024, "hubei-dept-goal"),
    )
    for name, source, year, to in steps:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch)
            (folder / "a.json").write_bytes(document("a.xlsx", filed(source, sample(source), year=year, **UNIT)))
            (one,) = perfxl.carry(folder / "a.json", to, folder / "out").workbooks
            book = openpyxl.load_workbook(folder / "out" / one.file)
            for cell in one.cells:
                if cell.cell:
                    book.worksheets[0][cell.cell].fill = APPROVED if cell.held.locked else CARRIED
            buffer = io.BytesIO()
            book.save(buffer)
            first = pages(buffer.getvalue(), f"carry-{name}", folder, folder)[0]
            shutil.copy(first, PICTURES / first.name)


if __name__ == "__main__":
    main()
