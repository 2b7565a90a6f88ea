"""Make the pictures of a marked copy for docs/marking.md, through LibreOffice: ``python docs/marking_pictures.py``.

Needs what docs/pictures.py needs; run from the project's root, in its environment. Writes docs/pictures/marked-form.png,
the same in shades of grey, and marked-list.png.
"""

from __future__ import annotations

import json
import subprocess
import tempfile
from decimal import Decimal
from pathlib import Path

from pictures import PICTURES, pages

from perfxl.api import generate, marked
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process

FORM = "hunan-dept-self-eval"


def returned() -> bytes:
    """Return the sample with mistakes in it: a name left out, a figure too large, points and a completion missing."""
    data = json.loads((shipped() / FORM / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    del data["unit_name"]
    data["funds"]["by_expense"]["basic"] = Decimal("1051.47")
    data["indicators"][1]["actual"] = None
    data["indicators"][2]["score"] = Decimal(12)
    return generate(load_forms()[FORM], data=data)


def main() -> None:
    """Make the pictures."""
    data = returned()
    copy = marked(data, process(data, "自评表.xlsx", Library.of(load_forms())))
    with tempfile.TemporaryDirectory() as folder:
        scratch = Path(folder)
        pages(copy, "marked", scratch, scratch)  # leaves the printed pages behind as a.pdf
        for name, page, options in (
            ("marked-list", "1", ["-r", "96"]),
            ("marked-form", "2", ["-r", "80"]),
            ("marked-form-grey", "2", ["-r", "64", "-gray"]),
        ):
            printed = ["pdftoppm", "-png", "-singlefile", *options, "-f", page, "-l", page]
            subprocess.run([*printed, scratch / "a.pdf", PICTURES / name], check=True)


if __name__ == "__main__":
    main()
