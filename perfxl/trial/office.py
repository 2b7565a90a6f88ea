"""Whether LibreOffice works out the formulas of forms as perfxl does."""

from __future__ import annotations

import datetime as dt
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Final

from perfxl.forms.definition.problem import Problem
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.form import Form
from perfxl.model.grid import Book, CellKind, Content, Grid
from perfxl.model.layout import Layout, Role
from perfxl.model.record import Record
from perfxl.readers.book import read_book
from perfxl.trial.answers import entered
from perfxl.trial.chance import Chance
from perfxl.trial.fault import ASK, Fault
from perfxl.trial.spoken import spoken
from perfxl.writer.write import write

_SECONDS: Final = 300
_CLOSE: Final = Decimal("0.000001")
_BOOKS: Final = 2
"""Fillings of each form."""
_WORK_OUT: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop>
</item>
</oor:items>
"""
"""That every formula is worked out when a workbook is opened."""


def soffice() -> Path | None:
    """Return the program of LibreOffice, None where it is not installed."""
    found = shutil.which("soffice") or shutil.which("libreoffice")
    return Path(found) if found is not None else None


def try_formulas(forms: Mapping[str, Form], program: Path) -> tuple[Problem, ...]:
    """Fill forms in at random, have LibreOffice work their formulas out, and return those that give something else.

    ``forms`` is by definition file. Works in a folder of its own, with a profile of its own. Where LibreOffice does not
    end, or converts nothing, there is nothing to compare.
    """
    placed = {
        f"{number}-{turn}": (file, form, _layouts(form, turn))
        for number, (file, form) in enumerate(forms.items())
        for turn in range(_BOOKS)
    }
    with tempfile.TemporaryDirectory(prefix="perfxl-") as name:
        folder = Path(name)
        for key, (_, _, layouts) in placed.items():
            (folder / f"{key}.xlsx").write_bytes(write(layouts))
        done = _converted(folder, [f"{key}.xlsx" for key in placed], program)
    found: dict[tuple[str, int], Problem] = {}
    for key, (file, form, layouts) in placed.items():
        grids = {grid.name: grid for grid in done.get(key, ())}
        for layout in (layout for layout in layouts if layout.sheet in grids):
            for fault in _otherwise(form, layout, grids[layout.sheet]):
                found.setdefault((file, fault.line), Problem(file, fault.line, 1, fault.message, fault.remedy))
    return tuple(found.values())


def _layouts(form: Form, turn: int) -> tuple[Layout, ...]:
    inputs = [path for path, field in form.fields.items() if not field.computed]
    record = Chance(form, inputs, (), Random(f"{form.id} {turn}")).record()  # noqa: S311 - no secret
    year = {form.year_path: Decimal(2024)} if form.year_path else {}
    return Outgoing.holding(form, Record({**record.values, **year}, record.sizes), 2024).layouts(Own())


def _converted(folder: Path, names: Sequence[str], program: Path) -> dict[str, Sequence[Grid]]:
    """Return the sheets of each workbook as LibreOffice saved it, by its name without suffix."""
    profile, out = folder / "profile", folder / "out"
    settings = profile / "user" / "registrymodifications.xcu"
    settings.parent.mkdir(parents=True)
    settings.write_text(_WORK_OUT, "utf-8")
    command: list[str | Path] = [
        program,
        f"-env:UserInstallation={profile.resolve().as_uri()}",
        *("--headless", "--norestore", "--nologo", "--convert-to", "xlsx", "--outdir"),
        out,
        *(folder / name for name in names),
    ]
    try:
        subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603 - LibreOffice, our own files
    except (OSError, subprocess.TimeoutExpired):
        return {}
    found: dict[str, Sequence[Grid]] = {}
    for path in out.glob("*.xlsx"):
        book = read_book(path.read_bytes())
        if isinstance(book, Book):
            found[path.stem] = book.sheets
    return found


def _otherwise(form: Form, layout: Layout, grid: Grid) -> Iterator[Fault]:
    """Yield the computed cells that show something else than perfxl works out, once for each field."""
    told: set[str] = set()
    for cell in layout.cells:
        spec = cell.field
        if spec is None or cell.role is not Role.COMPUTED or spec.path in told or spec.serial:
            continue
        there = grid.cells.get((cell.box.row, cell.box.column))
        shown: Content = there.value if there is not None else None
        right = entered(cell.value)
        failed = there is not None and there.kind is CellKind.ERROR
        if failed or not _same(shown, right):
            told.add(spec.path)
            sheet = f"工作表“{layout.sheet}”：" if layout.stamp.part else ""
            said = (
                f"{sheet}{cell.box.name}“{spoken(form.fields[spec.path])}”的公式在 LibreOffice 里得出 {_quoted(shown)}"
            )
            yield Fault(spec.line, f"{said}，审核时得出 {_quoted(right)}", ASK)


def _same(shown: Content, right: str | Decimal) -> bool:
    if isinstance(shown, Decimal) and isinstance(right, Decimal):
        return abs(shown - right) <= _CLOSE * max(abs(right), Decimal(1))
    return (shown or "") == right


def _quoted(value: Content | dt.date) -> str:
    return "空白" if value is None or value == "" else f"“{value}”"
