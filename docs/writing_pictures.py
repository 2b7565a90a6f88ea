"""Make the pictures of docs/report-docx.md: ``python docs/writing_pictures.py``.

Needs LibreOffice (with Writer), pdftoppm and Chinese fonts; run from the project's root, in its environment. Writes
docs/pictures/report-docx-*.png.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from pictures import pages  # noqa: E402 - the folder is known by now

import perfxl  # noqa: E402 - likewise
from perfxl.forms.definition.load import shipped  # noqa: E402 - likewise
from support.filings import document, filed  # noqa: E402 - likewise

PICTURES = Path("docs/pictures")


def sample(form: str) -> dict[str, object]:
    """Return the shipped sample of a form."""
    text = (shipped() / form / "sample.json").read_text(encoding="utf-8")
    found: dict[str, object] = json.loads(text, parse_float=Decimal)
    return found


def keep(document: bytes, name: str, wanted: Sequence[int]) -> None:
    """Print a document, and keep some of its pages as pictures."""
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryDirectory() as printed:
        for number, page in enumerate(pages(document, name, Path(printed), Path(scratch), "docx"), start=1):
            if number in wanted:
                shutil.copy(page, PICTURES / page.name)


def main() -> None:
    """Write the sample's report with its table, and print it."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for form in ("hunan-self-eval-report", "hunan-dept-self-eval"):
            data = {**sample(form), "unit_name": "某某区教育局"}
            returned = filed(form, data, year=2023, unit="某某区教育局", code="430407")
            (folder / f"{form}.json").write_bytes(document(f"{form}.xlsx", returned))
        (one,) = perfxl.report(folder, folder).reports
        keep((folder / one.file).read_bytes(), "report-docx", (1, 3, 6))


if __name__ == "__main__":
    main()
