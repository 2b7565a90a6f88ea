"""Reading: what one return costs in the middle (read, aligned, checked), untouched and mutated, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from figures import Figure, compare
from files import filled, loaded, mutated, values

from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

ROOM = "reading"
FOREIGN = Path(__file__).resolve().parent.parent / "tests" / "readers" / "foreign" / "jilin-dept-self-eval"
"""A form as other programs saved it, by suffix."""


def figures(*, short: bool) -> Iterator[Figure]:
    library = Library.of(load_forms())
    rounds = 3 if short else 9

    def middle(data: bytes) -> object:
        return process(data, "a", library)

    for form in list(library.forms)[: 2 if short else None]:
        data, moved = filled(form), mutated(filled(form))
        pair = compare(partial(middle, data), partial(values, data), rounds)
        yield pair.figure(ROOM, f"{form}: middle", "calamine, bare values", 4)
        pair = compare(partial(middle, data), partial(loaded, data), 2)
        yield pair.figure(ROOM, f"{form}: middle", "openpyxl, load")
        pair = compare(partial(middle, moved), partial(middle, data), rounds)
        yield pair.figure(ROOM, f"{form}: rows put in, moved down", "untouched", 2)
        submission = process(data, "a", library)
        pair = compare(partial(submission_json, submission), partial(middle, data), rounds)
        yield pair.figure(ROOM, f"{form}: JSON", "middle")
    for suffix in (".xls", ".ods", ".xlsb"):
        other, data = FOREIGN.with_suffix(suffix).read_bytes(), filled(FOREIGN.name)
        pair = compare(partial(middle, other), partial(middle, data), rounds)
        yield pair.figure(ROOM, f"{FOREIGN.name}: {suffix}", ".xlsx")
