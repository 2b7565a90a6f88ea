"""What perfxl costs, beside its peers in the same run: ``python benchmarks/run.py [--short] [--json FILE] [ROOM …]``.

Prints a table with what is aimed at; never fails because something is slow. Times are the processor's where they do not
say otherwise.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from benchmarks import batch, growth, marking, page, reading, sending, starting, year
from benchmarks.figures import Figure
from perfxl.forms.kept import VARIABLE
from perfxl.forms.stock import load_forms


class Room(Protocol):
    """What a module of figures offers."""

    ROOM: str

    def figures(self, *, short: bool) -> Iterator[Figure]:
        """Yield figures one by one; few and quickly where ``short``."""


ROOMS: Mapping[str, Callable[..., Iterator[Figure]]] = {
    room.ROOM: room.figures for room in (starting, reading, marking, sending, batch, page, growth, year)
}


def main() -> None:
    """Print the table, and write the figures as JSON where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("rooms", nargs="*", metavar="ROOM", help=f"of {', '.join(ROOMS)}; all without one")
    parser.add_argument("--short", action="store_true", help="a minute's worth, as CI prints it")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures, too")
    given = parser.parse_args()
    if unknown := set(given.rooms) - ROOMS.keys():
        parser.error(f"no such room: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory() as kept:
        os.environ[VARIABLE] = kept  # loaded forms are kept apart from what others do on this machine
        load_forms()
        _measure(given.rooms or ROOMS, given.json, short=given.short)


def _measure(rooms: Iterable[str], target: Path | None, *, short: bool) -> None:
    print(f"Python {platform.python_version()}, {os.cpu_count()} processors, {platform.machine()}; processor time")
    found: list[Figure] = []
    for name in rooms:
        print(f"\n{name}")
        for figure in ROOMS[name](short=short):
            print(f"  {figure}", flush=True)
            found.append(figure)
    aimed = [figure for figure in found if figure.most is not None]
    reached = sum(figure.reached <= figure.most for figure in aimed if figure.most is not None)
    print(f"\n{reached} of {len(aimed)} aims reached")
    if target:
        target.write_text(
            json.dumps([figure.plain() for figure in found], ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
