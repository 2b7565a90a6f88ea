"""How many inputs ``adopt`` finds in workbooks of other makers: ``python benchmarks/adopt_makers.py FOLDER [--round-trip]``.

FOLDER has a folder of workbooks (.xlsx, .xlsm) for each maker. What the cells are for is known from the protected original: those
without a lock are inputs. The workbook is then read without protection and locks. Of rows below each other with the same cells
open, the first twenty count. A closed cell that has a validation counts neither way: its maker has said what is typed there, and
has closed it for this round. Sheets are halved by their names: on one half rules may be tuned, the other only shows the figure.
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import io
import re
import time
import zipfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfxl.adopt.adopting import UnusableError, adopted_form
from perfxl.adopt.definition import Adopted, adopted
from perfxl.adopt.grid import Kind
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.adopt.workbook import no_form, sheets_of
from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.forms.definition.load import Common, read_common, shipped
from perfxl.forms.layout.place import place
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.address import cell_name
from perfxl.model.error import Error
from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.grid import Unseen
from perfxl.model.record import Record
from perfxl.readers.book import read_book
from perfxl.trial.answers import answers, entered, typed_in
from perfxl.values.bind import bind
from perfxl.values.number_format import number_format
from perfxl.writer.write import write

_PROTECTION = re.compile(rb"<sheetProtection\b[^>]*/>")
_LOCK = re.compile(rb'\blocked="(?:0|false)"')
_EQUAL_ROWS = 20
_FILLED = 3
"""From so many inputs with a value on a sheet is a filled one."""
_YEAR = 2024
Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found on a sheet: inputs that are ones, cells taken for inputs that are none, inputs missed."""

    maker: str
    sheet: str
    filled: bool
    held_out: bool
    right: frozenset[Place]
    wrong: frozenset[Place]
    missed: frozenset[Place]
    seconds: float
    why: str = ""

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall."""
        return f1([self])


def f1(found: list[Found]) -> float:
    """Return F1 over the cells of some sheets together."""
    right = sum(len(one.right) for one in found)
    of = 2 * right + sum(len(one.wrong) + len(one.missed) for one in found)
    return 2 * right / of if of else 1.0


def unseen_of(data: bytes) -> dict[str, Unseen]:
    """Return what is hidden on each sheet of a workbook."""
    book = read_book(data)
    return {} if isinstance(book, Finding) else {grid.name: grid.unseen for grid in book.sheets}


def unlocked(data: bytes) -> bytes:
    """Return a workbook without the protection of its sheets, and with no cell whose style says that it is open."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            if name.startswith("xl/worksheets/"):
                part = _PROTECTION.sub(b"", part)
            elif name == "xl/styles.xml":
                part = _LOCK.sub(b"", part)
            new.writestr(name, part)
    return buffer.getvalue()


def inputs_of(sheet: Sheet, unseen: Unseen) -> dict[Place, Cell]:
    """Return the open cells of a protected sheet that hold no formula and that can be seen; of equal rows the first twenty."""
    rows: dict[int, list[Cell]] = defaultdict(list)
    for cell in sheet.anchors():
        hidden = cell.box.row in unseen.rows or cell.box.column in unseen.columns
        if not (cell.style.locked or cell.formula or hidden):
            rows[cell.box.row].append(cell)
    found: dict[Place, Cell] = {}
    before: tuple[int, ...] = ()
    equal = 0
    for row in range(1, sheet.rows + 1):
        here = tuple(cell.box.column for cell in rows[row])
        equal = equal + 1 if here == before and here else 0
        before = here
        if equal < _EQUAL_ROWS:
            found |= {cell.box[:2]: cell for cell in rows[row]}
    return found


def closed_for_now(cell: Cell) -> bool:
    """Tell whether a closed cell has a validation, which would say nothing if it had always been closed."""
    return cell.style.locked and not cell.formula and cell.limit is not None and cell.limit.kind not in {"", "any"}


def taken_for_inputs(made: Adopted) -> set[Place]:
    """Return the cells that a definition asks for."""
    paths = {place for place, path in made.paths.items() if path}
    paths |= {place for place, guess in made.guesses.items() if guess.path}
    spots = (made.grid.at(*place) for place in paths)
    return {
        spot.place
        for spot in spots
        if spot.kind in {Kind.INPUT, Kind.CAPTION} or (spot.kind is Kind.LABEL and made.grid.places(spot))
    }


def measured(maker: str, path: Path, common: Common, half: str) -> Iterator[Found]:
    """Yield what is found on each sheet of a workbook that is protected and has open cells."""
    data = path.read_bytes()
    truths = {sheet.name: sheet for sheet in sheets_of(data) if sheet.told}
    unseen = unseen_of(data)
    wanted = {name for name in truths if half in {"", "held-out" if held_out(maker, name) else "tuned"}}
    if not wanted:
        return
    for sheet in sheets_of(unlocked(data)):
        if sheet.name not in wanted:
            continue
        truth = inputs_of(truths[sheet.name], unseen[sheet.name])
        began = time.process_time()
        why = no_form(sheet)
        try:
            made = None if why else adopted(sheet, "own", common.spec)
        except Error as error:
            made, why = None, str(error)
        said = taken_for_inputs(made) if made is not None else set()
        open_ = {cell.box[:2] for cell in truths[sheet.name].anchors() if not cell.style.locked}
        uncounted = {row for row, _ in open_} - {row for row, _ in truth}
        said = {place for place in said if place[0] not in uncounted and (place in truth or place not in open_)}
        said -= {cell.box[:2] for cell in truths[sheet.name].anchors() if closed_for_now(cell)}
        right = frozenset(said & truth.keys())
        values = sum(truth[place].value is not None for place in truth)
        yield Found(
            maker,
            f"{path.stem[-28:]}:{sheet.name}",
            values >= _FILLED,
            held_out(maker, sheet.name),
            right,
            frozenset(said - truth.keys()),
            frozenset(truth.keys() - said),
            time.process_time() - began,
            why,
        )


def held_out(maker: str, sheet: str) -> bool:
    """Tell whether a sheet belongs to the half on which nothing was tuned."""
    return hashlib.sha256(f"{maker}/{sheet}".encode()).digest()[0] % 2 == 1


@dataclass(frozen=True, slots=True)
class Returned:
    """What came back of a sheet that was adopted without its locks: of a value typed into each input, of what stood in it."""

    maker: str
    sheet: str
    inputs: int
    back: int
    typed: int
    kept: int
    seconds: float
    why: str = ""


def round_trip(maker: str, path: Path, common: Common) -> Iterator[Returned]:
    """Yield for each sheet of a workbook what comes back through its adopted form."""
    data = path.read_bytes()
    truths = {sheet.name: sheet for sheet in sheets_of(data) if sheet.told}
    book = read_book(data)
    if isinstance(book, Finding):
        return
    grids = {grid.name: grid for grid in book.sheets}
    for sheet in sheets_of(unlocked(data)):
        if sheet.name not in truths:
            continue
        began = time.process_time()
        why = no_form(sheet)
        try:
            made = None if why else adopted_form(sheet, path.name, common, "own")
        except UnusableError as error:
            made, why = None, str(error)
        if made is None:
            yield Returned(maker, sheet.name, 0, 0, 0, 0, 0.0, why or "nothing to fill in")
            continue
        grid = grids[sheet.name]
        inputs, back = _typed_back(made.form)
        stood = [
            _said(cell)
            for cell in inputs_of(truths[sheet.name], grid.unseen).values()
            if cell.value is not None and not isinstance(cell.value, bool)
        ]
        read_from = bind(made.form, read(compile_pattern(place(made.form)), grid)).record
        has = Counter(str(entered(value)).strip() for value in read_from.values.values() if value is not None)
        kept = sum((Counter(stood) & has).values())
        yield Returned(maker, sheet.name, inputs, back, len(stood), kept, time.process_time() - began)


def _said(cell: Cell) -> str:
    """Return what stands in a cell as a record has it: of a date that shows no day the year and the month."""
    shows = number_format(cell.style.format)
    if isinstance(cell.value, dt.date) and shows.month and not shows.day:
        return f"{cell.value.year}年{cell.value.month}月"
    return str(entered(cell.value)).strip()


def _typed_back(form: Form) -> tuple[int, int]:
    """Return how many inputs a form has, and how many of as many different values come back to their place."""
    (layout,) = Outgoing.holding(form, Record(), _YEAR).layouts(Own())
    typed = answers(form, layout, _YEAR)
    book = read_book(write([typed_in(layout, typed)]))
    if isinstance(book, Finding):
        return len(typed), 0
    record = bind(form, read(compile_pattern(place(form)), book.sheets[0])).record
    return len(typed), sum(record[answer.path] == answer.value for answer in typed)


def _print_returned(found: list[Returned]) -> None:
    for maker in sorted({one.maker for one in found}):
        own = [one for one in found if one.maker == maker]
        inputs, back = sum(one.inputs for one in own), sum(one.back for one in own)
        typed, kept = sum(one.typed for one in own), sum(one.kept for one in own)
        over = sum(bool(one.why) for one in own)
        print(
            f"{maker:10} {len(own)} sheets, {over} passed over; {back} of {inputs} back, {kept} of {typed} that stood in them"
        )


def main() -> None:
    """Print a line for each sheet, then F1 for each maker."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["tuned", "held-out"], default="")
    parser.add_argument("--cells", action="store_true", help="name the cells that were missed or wrong")
    parser.add_argument("--round-trip", action="store_true", help="how much comes back through the adopted forms")
    parser.add_argument("--maker", default="")
    given = parser.parse_args()
    common, _ = read_common(shipped() / "common.yaml")
    found: list[Found] = []
    returned: list[Returned] = []
    for path in sorted(given.folder.glob("*/*.xls[xm]")):
        if given.maker and given.maker != path.parent.name:
            continue
        if given.round_trip:
            for trip in round_trip(path.parent.name, path, common):
                returned.append(trip)
                print(
                    f"{trip.maker:9} {trip.sheet:32} back {trip.back} of {trip.inputs}, kept {trip.kept} of {trip.typed} "
                    f"{trip.seconds:5.1f} s {trip.why[:60]}",
                    flush=True,
                )
            continue
        for one in measured(path.parent.name, path, common, given.half):
            found.append(one)
            half = "held-out" if one.held_out else "tuned"
            print(
                f"{one.maker:9} {one.sheet:58} {'filled' if one.filled else 'blank':6} {half:8} F1 {one.f1:.3f} "
                f"right {len(one.right):4} wrong {len(one.wrong):4} missed {len(one.missed):4} {one.seconds:5.1f} s {one.why[:60]}",
                flush=True,
            )
            if given.cells:
                print("   wrong ", _named(one.wrong))
                print("   missed", _named(one.missed))
    _print_makers(found)
    _print_returned(returned)


def _print_makers(found: list[Found]) -> None:
    for filled in (False, True):
        for held in (False, True):
            for maker in sorted({one.maker for one in found}):
                own = [one for one in found if (one.maker, one.filled, one.held_out) == (maker, filled, held)]
                if own:
                    mean = sum(one.f1 for one in own) / len(own)
                    print(
                        f"{maker:10} {'filled' if filled else 'blank':6} {'held-out' if held else 'tuned':8} "
                        f"{len(own):3} sheets  F1 of all cells {f1(own):.3f}  mean of sheets {mean:.3f}"
                    )


def _named(places: frozenset[Place]) -> str:
    return " ".join(cell_name(*place) for place in sorted(places)[:60])


if __name__ == "__main__":
    main()
