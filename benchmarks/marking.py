"""What a marked copy costs beside openpyxl's load and save, and what each loses: ``python benchmarks/marking.py``.

Times are the processor's, not the clock's. The files are samples on our own blanks and rich returns of
``tests/corpus``. "Kept" counts the parts of the return that
stand in the outcome byte for byte, "lost" those that are not there any more under any name of their kind.
"""

from __future__ import annotations

import io
import json
import time
import warnings
import zipfile
from collections.abc import Mapping
from functools import partial
from pathlib import Path

import openpyxl
from pairs import compare

from perfxl.api import generate, marked
from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process

HERE = Path(__file__).resolve().parent.parent
SAMPLES = ("hunan-dept-self-eval", "henan-dept-goal", "hubei-dept-goal")


def returns() -> dict[str, bytes]:
    """Return what is to be marked, by name."""
    forms = load_forms()
    found = {
        name: generate(
            forms[name], data=json.loads((HERE / "templates" / name / "sample.json").read_text(encoding="utf-8"))
        )
        for name in SAMPLES
    }
    corpus = sorted((HERE / "tests" / "corpus").glob("*.xlsx"))
    closed = {"packed-signed", "packed-strict"}
    return found | {path.stem: path.read_bytes() for path in corpus if path.stem not in closed}


def saved(data: bytes) -> bytes:
    """Return a workbook as openpyxl loads and saves it."""
    buffer = io.BytesIO()
    openpyxl.load_workbook(io.BytesIO(data)).save(buffer)
    return buffer.getvalue()


def parts(data: bytes) -> Mapping[str, bytes]:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def kept(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> str:
    """Say how many parts are as they were and how many are gone, of all."""
    same = sum(after.get(name) == content for name, content in before.items())
    kinds = [name.rpartition("/")[0] for name in after]
    gone = sum(
        max(0, kinds_before - kinds.count(kind))
        for kind in {name.rpartition("/")[0] for name in before}
        for kinds_before in [sum(name.rpartition("/")[0] == kind for name in before)]
    )
    return f"{same}/{len(before)} kept, {gone} lost"


def main() -> None:
    """Print a line for each file."""
    warnings.simplefilter("ignore")
    library = Library.of(load_forms())
    print(f"{'':28} {'ours':>11} {'openpyxl':>13}   ratio    ours / openpyxl")
    for name, data in returns().items():
        submission = process(data, f"{name}.xlsx", library)
        pair = compare(partial(marked, data, submission), partial(saved, data), clock=time.process_time)
        before = parts(data)
        losses = f"{kept(before, parts(marked(data, submission)))} / {kept(before, parts(saved(data)))}"
        print(f"{name:28} {pair}    {losses}")


if __name__ == "__main__":
    main()
