"""Make the pictures of 填报自检 before and after filling in: ``python docs/selfcheck_pictures.py``.

A blank is filled step by step in LibreOffice, typed as a person types, and after each step the form and the first page
of 填报自检 are printed. Needs LibreOffice with its Python bridge, pdftoppm and Chinese fonts; run from the project's root,
in its environment. Writes docs/pictures/selfcheck-*.png, which docs/selfcheck.md shows.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from decimal import Decimal
from pathlib import Path

from perfxl.api import generate, layout
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.model.layout import Role
from perfxl.model.stamp import SELF_CHECK
from perfxl.model.value import IndicatorValue

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "tests")]

from pictures import pages  # noqa: E402 - the folder is known by now

from support.office import Office, installation  # noqa: E402 - likewise

FORM = "hunan-dept-self-eval"
PICTURES = Path("docs/pictures")


def main() -> None:
    """Make the pictures: the blank, half filled in with mistakes, put right."""
    form = load_forms()[FORM]
    sample = json.loads((shipped() / FORM / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    filled = layout(form, data=sample)
    typed: list[dict[str, object]] = [
        {"sheet": form.sheet, "cell": cell.box.name, "type": as_typed(cell.value)}
        for cell in filled.cells
        if cell.role is Role.INPUT and cell.value is not None and cell.field is not None and not cell.field.level
    ]
    weights = [step for step in typed if str(step["cell"]).startswith("G") and int(str(step["cell"])[1:]) > 12]
    wrong: list[dict[str, object]] = [
        {"sheet": form.sheet, "cell": "F5", "type": 7000},
        {**weights[0], "type": 20},
        {"sheet": form.sheet, "cell": f"H{str(weights[0]['cell'])[1:]}", "type": 8},
        {"sheet": form.sheet, "cell": f"F{str(weights[1]['cell'])[1:]}", "type": "85%"},
    ]
    found = installation()
    if found is None:
        raise SystemExit("LibreOffice is not installed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        start = folder / "0.xlsx"
        start.write_bytes(generate(form, year=2023))
        office = Office(found, folder / "office")
        try:
            # An .xlsx that LibreOffice saves keeps the first print area too, and that is the one printed.
            shown_too: list[dict[str, object]] = [{"recalculate": True}, {"sheet": SELF_CHECK, "print": "E"}]
            blank = office.edit(start, shown_too, folder / "1.ods")
            half = office.edit(start, [*typed[:-4], *wrong, *shown_too], folder / "2.ods")
            whole = office.edit(start, [*typed, *shown_too], folder / "3.ods")
            for name, book in (("blank", blank), ("half", half), ("filled", whole)):
                part = folder / name
                part.mkdir()
                shown = pages(book.read_bytes(), name, part, part, suffix="ods")[:2]
                for number, page in enumerate(shown, start=1):
                    shutil.copy(page, PICTURES / f"selfcheck-{name}-{number}.png")
        finally:
            office.stop()


def as_typed(value: object) -> object:
    """Return a value as a person types it."""
    if isinstance(value, IndicatorValue):
        return value.text
    return float(value) if isinstance(value, Decimal) else str(value)


if __name__ == "__main__":
    main()
