"""What one return costs, beside peers in the same run: ``python benchmarks/one_return.py``.

Reading: the whole import of a filled Hunan form (recognise, read, check, JSON) beside openpyxl's bare load. Marking: a
marked copy beside openpyxl's load and save of the same file. Generating: the blank beside openpyxl's save of it. Then other
peers and other files beside the import of the untouched one: the Rust reader's bare values, a return with rows put in
and everything moved down, other formats, and growing tables. Times are the processor's.
"""

from __future__ import annotations

import io
import json
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import openpyxl
import pairs
import python_calamine

from perfxl.api import generate, marked
from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

HERE = Path(__file__).resolve().parent.parent
FORM = "hunan-dept-self-eval"
SAVED = HERE / "tests" / "readers" / "foreign" / "jilin-dept-self-eval"
"""A form as other programs saved it, by suffix."""
GROWING = "hubei-dept-goal"
compare = partial(pairs.compare, clock=time.process_time)


def filled(form: str = FORM, projects: int = 0) -> bytes:
    """Return a shipped sample, filled in by cell address as an officer would; more projects of nothing up to a number."""
    forms = load_forms()
    data = json.loads((HERE / "templates" / form / "sample.json").read_text(encoding="utf-8"))
    if projects:
        given = data["projects"]
        more = range(len(given), projects)
        data["projects"] = given + [{**given[0], "name": f"项目{n}", "total_budget": 0, "year_budget": 0} for n in more]
    return generate(forms[form], data=data)


def values(data: bytes) -> list[Sequence[Sequence[object]]]:
    """Return the bare values of all sheets, as the Rust reader gives them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]


def mutated(data: bytes) -> bytes:
    """Return a return of which the officer moved the form down by two rows, with a blank row inside."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet = book.worksheets[0]
    merges = [str(box) for box in sheet.merged_cells.ranges]
    for box in merges:
        sheet.unmerge_cells(box)
    sheet.insert_rows(9)
    sheet.insert_rows(1, amount=2)
    return saved(book)


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

    def imported(data: bytes = data) -> bytes:
        read = process(data, "a", library)
        return submission_json(read)

    moved = mutated(data)
    small = filled(GROWING, 20)
    read = {suffix: SAVED.with_suffix(suffix).read_bytes() for suffix in (".xls", ".ods", ".xlsb")}
    lines = {
        "import, checks and JSON  / openpyxl load": compare(imported, lambda: openpyxl.load_workbook(io.BytesIO(data))),
        "import, checks and JSON  / calamine, values only": compare(imported, lambda: values(data)),
        "rows put in, moved down  / import untouched": compare(lambda: imported(moved), imported),
        **{
            f"{suffix:5} (Jilin)            / .xlsx": compare(
                partial(imported, file), partial(imported, filled(SAVED.name))
            )
            for suffix, file in read.items()
        },
        **{
            f"{count:4} projects            / 20 projects": compare(
                partial(imported, filled(GROWING, count)), partial(imported, small), rounds=3
            )
            for count in (200, 1000)
        },
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
