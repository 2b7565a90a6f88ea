"""What one return costs, beside peers in the same run: ``python benchmarks/one_return.py``.

Reading: the whole import of a filled Hunan form (recognise, read, check, JSON) beside openpyxl's bare load. Marking: a
marked copy beside openpyxl's load and save of the same file. Generating: the blank beside openpyxl's save of it.
"""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
from pairs import compare

from perfxl.api import data_of, generate, load_forms, marked
from perfxl.pipeline import Library, process
from perfxl.report.document import submission_json

FORM = "hunan-dept-self-eval"


def filled() -> bytes:
    """Return the shipped sample, filled in by cell address as an officer would."""
    forms = load_forms()
    sample = Path(__file__).parent.parent / "templates" / FORM / "sample.json"
    return generate(forms[FORM], data=json.loads(sample.read_text(encoding="utf-8")))


def saved(book: openpyxl.Workbook) -> bytes:
    """Return a workbook as openpyxl saves it."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def main() -> None:
    """Print a line for each comparison: ours, the peer's, the ratio."""
    forms = load_forms()
    library = Library.of(forms)
    data = filled()
    submission = process(data, "a.xlsx", library)
    book = openpyxl.load_workbook(io.BytesIO(data))

    def imported() -> bytes:
        read = process(data, "a.xlsx", library)
        return submission_json(read, [data_of(form, forms) for form in read.forms])

    lines = {
        "import, checks and JSON  / openpyxl load": compare(imported, lambda: openpyxl.load_workbook(io.BytesIO(data))),
        "marked copy              / openpyxl load + save": compare(
            lambda: marked(data, submission), lambda: saved(openpyxl.load_workbook(io.BytesIO(data)))
        ),
        "generate                 / openpyxl save": compare(
            lambda: generate(forms[FORM], year=2023), lambda: saved(book)
        ),
    }
    for name, pair in lines.items():
        print(f"{name:50} {pair}")


if __name__ == "__main__":
    main()
