"""Reads every workbook below a folder: ``python tests/foreign.py FOLDER [FOLDER...]``.

The workbooks are other people's: the test folders of apache/poi, SheetJS/test_files, ClosedXML, PhpSpreadsheet and the
like. Nothing of them stands in this repository but, in ``foreign.txt``, the hashes of those of which something else is
expected than that they are read and marked, with what that is. Whatever differs is reported, either way: a refused file
that is read now, too. Reported as well: an exception, more than five seconds, a marked copy that reads otherwise, marks
that do not come off. ``--lines`` prints what would have to stand in the list.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import NamedTuple, NoReturn

from perfxl.marks.mark import CannotMark, is_finding_list, mark, unmark
from perfxl.model.address import cell_name
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Book, Grid
from perfxl.package.encryption import unlocked
from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package
from perfxl.readers.book import read_book

LIST = Path(__file__).with_name("foreign.txt")
SUFFIXES = frozenset({".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".xlt", ".et", ".ett", ".ods", ".ots"})
SLOW = 5.0
"""Seconds that reading a workbook may take."""
_GIVEN_UP = 60
"""Seconds of computing after which a file is given up."""
_HASH = 16
_MARKED = frozenset({"xlsx", "xlsm"})
READ = "read"
SIGNED_OR_STRICT = "unmarked"
"""Read, but not to be marked: signed, or strict Office Open XML."""


class Outcome(NamedTuple):
    """What became of a file: ``read``, ``unmarked``, a code, or what went wrong in words."""

    path: str
    digest: str
    outcome: str
    seconds: float


class _TooLong(Exception):  # noqa: N818 - it names what a file takes
    """A file that takes longer than anybody waits."""


def examine(path: str) -> Outcome:
    """Read one file, mark it, and take the marks off again."""
    data = Path(path).read_bytes()
    digest = hashlib.sha256(data).hexdigest()[:_HASH]
    signal.signal(signal.SIGPROF, _give_up)
    signal.setitimer(signal.ITIMER_PROF, _GIVEN_UP)
    start = time.process_time()
    seconds = 0.0
    try:
        book = read_book(data)
        seconds = time.process_time() - start
        outcome = book.code if isinstance(book, Finding) else _marked(data, book)
    except _TooLong:
        outcome, seconds = "too long", float(_GIVEN_UP)
    except Exception:  # noqa: BLE001 - that is what is looked for
        outcome = f"exception: {traceback.format_exc().splitlines()[-1]}"
    signal.setitimer(signal.ITIMER_PROF, 0)
    return Outcome(path, digest, outcome, seconds)


def _give_up(*_: object) -> NoReturn:
    raise _TooLong


def _marked(data: bytes, book: Book) -> str:
    """Return what came of marking a workbook that was read."""
    if book.format not in _MARKED:
        return READ
    plain = unlocked(data, DEFAULT)
    try:
        made = mark(plain, list(_findings(book)), {})
    except CannotMark as why:
        return SIGNED_OR_STRICT if "签名" in str(why) or "严格" in str(why) else f"cannot be marked: {why}"
    again = read_book(made)
    if isinstance(again, Finding) or _sheets(again) != _sheets(book):
        return "the marked copy reads otherwise"
    back = unmark(made)
    return READ if _parts(back) == _parts(unmark(plain)) else "marks do not come off"


def _findings(book: Book) -> Iterator[Finding]:
    """Yield an error on some cells of every sheet."""
    for grid in book.sheets:
        places = [*list(grid.cells)[:: max(len(grid.cells) // 8, 1)][:8], (2, 40), (400, 2)]
        for number, place in enumerate(places):
            severity = Severity.ERROR if number % 2 else Severity.WARNING
            yield Finding("M06", severity, "合计与各项之和不等", grid.name, cell_name(*place))


def _sheets(book: Book) -> list[Grid]:
    return [grid for grid in book.sheets if not is_finding_list(grid)]


def _parts(data: bytes) -> dict[str, bytes]:
    package = Package.open(data, DEFAULT)
    return {name: package.read(name) for name in package.names}


def expected() -> dict[str, str]:
    """Return what is expected of which file, by hash; of all others that they are read."""
    lines = (line.split("#")[0].split(maxsplit=1) for line in LIST.read_text(encoding="utf-8").splitlines())
    return {parts[0]: parts[1].strip() for parts in lines if len(parts) == 2}


def workbooks(folders: Sequence[str]) -> list[str]:
    """Return the files below folders that are called workbooks."""
    paths = (path for folder in folders for path in Path(folder).rglob("*"))
    return sorted(str(path) for path in paths if path.suffix.lower() in SUFFIXES and path.is_file())


def main(arguments: Sequence[str] | None = None) -> int:
    """Return 0 where everything is as expected, else 1."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folders", nargs="+")
    parser.add_argument("--lines", action="store_true", help="print the lines that foreign.txt would have to have")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args(arguments)
    known, seen, wrong = expected(), dict[str, Outcome](), 0
    with ProcessPoolExecutor(asked.jobs) as executor:
        for found in executor.map(examine, workbooks(asked.folders), chunksize=4):
            if found.digest in seen:
                continue
            seen[found.digest] = found
            wanted = known.get(found.digest, READ)
            if asked.lines and found.outcome != READ:
                print(f"{found.digest}  {found.outcome}  # {Path(found.path).name}")  # noqa: T201 - a command
            elif not asked.lines and (found.outcome != wanted or found.seconds > SLOW):
                wrong += 1
                print(f"{found.path}: {found.outcome}, not {wanted} ({found.seconds:.1f} s)")  # noqa: T201 - likewise
    counts = ", ".join(
        f"{count} {outcome}" for outcome, count in Counter(f.outcome for f in seen.values()).most_common()
    )
    print(f"{len(seen)} workbooks: {counts}; {wrong} not as expected", file=sys.stderr)  # noqa: T201 - likewise
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
