"""Reading: what one return costs in the middle (read, aligned, checked), untouched and mutated, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import cycle, repeat
from pathlib import Path

from benchmarks.figures import Figure, compare
from benchmarks.files import filled, loaded, mutated, own, sample, values
from perfxl.forms.definition.load import load_forms
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

ROOM = "reading"
FOREIGN = Path(__file__).resolve().parent.parent / "tests" / "readers" / "foreign" / "jilin-dept-self-eval"
"""A form as other programs saved it, by suffix."""
_SEVERAL = 6
"""Returns that are read by turns: what of one is remembered does not help with the next but one."""


def figures(*, short: bool) -> Iterator[Figure]:
    library = Library.of(load_forms())
    rounds = 3 if short else 9

    def middle(returns: Iterator[bytes]) -> object:
        return process(next(returns), "a", library)

    for form in list(library.forms)[: 2 if short else None]:
        data = filled(form)
        several = [own(library.forms[form], number, sample(form)) for number in range(_SEVERAL)]
        untouched, moved = cycle(several), cycle([mutated(one) for one in several])
        pair = compare(partial(middle, untouched), partial(values, data), rounds)
        yield pair.figure(ROOM, f"{form}: middle", "calamine, bare values", 4)
        pair = compare(partial(middle, untouched), partial(loaded, data), 2)
        yield pair.figure(ROOM, f"{form}: middle", "openpyxl, load")
        pair = compare(partial(middle, moved), partial(middle, untouched), rounds)
        yield pair.figure(ROOM, f"{form}: rows put in, moved down", "untouched", 2)
        submission = process(data, "a", library)
        pair = compare(partial(submission_json, submission), partial(middle, untouched), rounds)
        yield pair.figure(ROOM, f"{form}: JSON", "middle")
    for suffix in (".xls", ".ods", ".xlsb"):
        other = FOREIGN.with_suffix(suffix).read_bytes()
        several = [own(library.forms[FOREIGN.name], number, sample(FOREIGN.name)) for number in range(_SEVERAL)]
        pair = compare(partial(middle, repeat(other)), partial(middle, cycle(several)), rounds)
        yield pair.figure(ROOM, f"{FOREIGN.name}: {suffix}", ".xlsx")
