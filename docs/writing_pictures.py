"""Make the pictures of docs/report-docx.md and docs/notices.md: ``python docs/writing_pictures.py``.

Needs LibreOffice (with Writer), pdftoppm and Chinese fonts; run from the project's root, in its environment. Writes
docs/pictures/report-docx-*.png and notices-*.png.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from pictures import pages  # noqa: E402 - the folder is known by now

import perfxl  # noqa: E402 - likewise
from perfxl.forms.definition.load import shipped  # noqa: E402 - likewise
from support.filings import document, filed  # noqa: E402 - likewise

PICTURES = Path("docs/pictures")
UNIT = "某某区教育局"


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


def reported(folder: Path) -> bytes:
    """Return the sample's report with its table."""
    for form in ("hunan-self-eval-report", "hunan-dept-self-eval"):
        data = {**sample(form), "unit_name": UNIT}
        returned = filed(form, data, year=2023, unit=UNIT, code="430407")
        (folder / f"{form}.json").write_bytes(document(f"{form}.xlsx", returned))
    (one,) = perfxl.report(folder, folder).reports
    return (folder / one.file).read_bytes()


def notified(folder: Path) -> bytes:
    """Return the notice about a sample into which mistakes were typed."""
    form = perfxl.load_forms()["hunan-dept-self-eval"]
    data: Any = {**sample(form.id), "unit_name": UNIT}
    data["funds"]["total"] |= {"budget": Decimal("6550.20"), "executed": Decimal("6558.50")}
    rows = data["indicators"]
    rows[0] |= {"score": 12, "actual": None}
    rows[1] |= {"actual": "98人"}
    rows[5] |= {"weight": 15}
    (folder / "交回.xlsx").write_bytes(perfxl.generate(form, data=data, unit_code="430407"))
    perfxl.import_returns(folder / "交回.xlsx", folder)
    perfxl.notices(folder / "交回.json", folder / "通知.docx", deadline=dt.date(2024, 5, 20))
    return (folder / "通知.docx").read_bytes()


def main() -> None:
    """Write the documents, and print them."""
    with tempfile.TemporaryDirectory() as scratch:
        keep(reported(Path(scratch)), "report-docx", (1, 3, 6))
    with tempfile.TemporaryDirectory() as scratch:
        keep(notified(Path(scratch)), "notices", (1, 2))


if __name__ == "__main__":
    main()
