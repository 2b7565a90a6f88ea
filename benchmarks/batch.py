"""A batch through the command: returns of all forms, mixed, beside openpyxl's bare load and calamine's bare values."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from benchmarks.figures import Figure, processor, run
from benchmarks.files import loaded, pile, values

ROOM = "batch"


def figures(*, short: bool) -> Iterator[Figure]:
    count = 40 if short else 200
    with tempfile.TemporaryDirectory() as scratch:
        for faulty, name, most in ((True, "with marked copies", 0.15), (False, "nothing to mark", 0.10)):
            paths = pile(Path(scratch) / f"returned-{faulty}", count, faulty=faulty)
            output = Path(scratch) / f"output-{faulty}"
            took = run("-m", "perfxl", "import", str(paths[0].parent), "-o", str(output), "--quiet", fine=(0, 1))
            marked = len(list(output.rglob("*.marked.xlsx")))
            given = [path.read_bytes() for path in paths]
            load = processor(partial(_each, loaded, given))
            bare = processor(partial(_each, values, given))
            title = f"{count} returns, {name} ({marked} marked)"
            ours = took.milliseconds
            yield Figure(ROOM, title, ours, "ms", "openpyxl, load", load, ours / load, most)
            yield Figure(ROOM, title, ours, "ms", "calamine, bare values", bare, ours / bare)
            yield Figure(ROOM, f"{title}: largest process", took.megabytes, "MB")


def _each(reader: Callable[[bytes], object], given: Iterable[bytes]) -> None:
    for data in given:
        reader(data)
