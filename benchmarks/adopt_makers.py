"""How many inputs ``adopt`` finds in workbooks of other makers: ``python benchmarks/adopt_makers.py FOLDER [--round-trip]``.

FOLDER has a folder of workbooks (.xlsx, .xlsm) for each maker. What the cells are for is known from the protected original: those
without a lock are inputs. The workbook is then read without protection and locks. Of rows below each other with the same cells
open, the first twenty count. A closed cell that has a validation counts neither way: its maker has said what is typed there, and
has closed it for this round. Sheets are halved by their names: on one half rules may be tuned, the other only shows the figure.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import re
import time
import zipfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from perfxl.adopt.adopting import UnusableError, adopted_form
from perfxl.adopt.definition import Adopted, adopted
from perfxl.adopt.grid import Kind
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.adopt.workbook import no_form, sheets_of
from perfxl.api import generate, read
from perfxl.forms.definition.load import Common, read_common, shipped
from perfxl.model.address import cell_name
from perfxl.model.error import Error
from perfxl.model.finding import Finding
from perfxl.model.grid import Unseen
from perfxl.readers.book import read_book

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


def round_trip(path: Path, common: Common) -> None:
    """Print for each sheet of a workbook whether it is adopted, generated, and read back with what stands in it."""
    truths = {sheet.name: inputs_of(sheet) for sheet in sheets_of(path.read_bytes()) if sheet.told}
    for data, what in ((path.read_bytes(), "with locks"), (unlocked(path.read_bytes()), "without")):
        for sheet in sheets_of(data):
            why = no_form(sheet)
            began = time.process_time()
            try:
                made = None if why else adopted_form(sheet, path.name, common, "own")
            except UnusableError as error:
                made, why = None, str(error)
            if made is None:
                print(f"  {sheet.name} ({what}): passed over: {why or 'nothing to fill in'}")
                continue
            blank = generate(made.form, year=_YEAR)
            given = read(data, name="own.xlsx", forms={"own": made.form}, form="own")
            kept = truths.get(sheet.name, {})
            typed = sum(cell.value is not None for cell in kept.values())
            print(
                f"  {sheet.name} ({what}): {len(blank) // 1024} KB, proof {len(made.proof)}, "
                f"{typed} typed, findings {len(given.findings)}, {time.process_time() - began:.1f} s"
            )


def main() -> None:
    """Print a line for each sheet, then F1 for each maker."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--half", choices=["tuned", "held-out"], default="")
    parser.add_argument("--cells", action="store_true", help="name the cells that were missed or wrong")
    parser.add_argument("--round-trip", action="store_true", help="adopt, generate and read each workbook, too")
    parser.add_argument("--maker", default="")
    given = parser.parse_args()
    common, _ = read_common(shipped() / "common.yaml")
    found: list[Found] = []
    for path in sorted(given.folder.glob("*/*.xls[xm]")):
        if given.maker and given.maker != path.parent.name:
            continue
        if given.round_trip:
            print(path.name)
            round_trip(path, common)
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
