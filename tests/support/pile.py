"""Small piles of returns, and what workers do in tests besides reading. Whatever a process runs has to stand here."""

from __future__ import annotations

import io
import os
import time
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from perfxl.api import generate, layout
from perfxl.demo import type_in
from perfxl.forms.definition.load import load_forms
from perfxl.outputs import HISTORY
from perfxl.receive.examine import Examined, examine
from perfxl.receive.inputs import Input
from perfxl.receive.request import Request
from support.hunan import SHEET, typed
from support.packages import parts

FORM = load_forms()["hunan-dept-self-eval"]
LAYOUT = layout(FORM, year=2023, unit="石鼓区教育局", unit_code="430407")


UNIT, CODE = "石鼓区教育局", "430407"


@cache
def good(unit: str = UNIT, code: str = CODE) -> bytes:
    """Return the sample as a unit would hand it in: accepted."""
    if (unit, code) != (UNIT, CODE):
        return _of_another(good(), unit, code)
    return type_in(generate(FORM, year=2023, unit=unit, unit_code=code), SHEET, {**typed(LAYOUT), "D3": unit})


@cache
def bad(unit: str = UNIT, code: str = CODE) -> bytes:
    """Return the same with a score above its weight: rejected."""
    if (unit, code) != (UNIT, CODE):
        return _of_another(bad(), unit, code)
    return type_in(good(), SHEET, {"H17": 22})


def _of_another(workbook: bytes, unit: str, code: str) -> bytes:
    """Return a unit's workbook as another one's: name and code stand as text in the sheet and in the stamp."""
    own = {name: data.replace(UNIT.encode(), unit.encode()) for name, data in parts(workbook).items()}
    return zipped({name: data.replace(CODE.encode(), code.encode()) for name, data in own.items()})


def saved(workbook: bytes, modified: str | None) -> bytes:
    """Return a workbook that says that it was saved last at a time (``2024-01-16T08:30:00Z``), or does not say."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        parts = {info: package.read(info) for info in package.infolist()}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for info, data in parts.items():
            if info.filename == "docProps/core.xml":
                before, _, rest = data.decode().partition("<dcterms:modified")
                after = rest.partition("</dcterms:modified>")[2]
                stated = (
                    f'<dcterms:modified xsi:type="dcterms:W3CDTF">{modified}</dcterms:modified>' if modified else ""
                )
                package.writestr(info, before + stated + after)
            else:
                package.writestr(info, data)
    return buffer.getvalue()


def lay(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files below a folder."""
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


class _FromWindows(zipfile.ZipInfo):
    """A member whose name is written as Windows does in China: in GBK, without saying so."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802 - zipfile's own name for it
        return self.filename.encode("gbk"), self.flag_bits & ~0x800


def zipped(files: Mapping[str, bytes], *, gbk: bool = False) -> bytes:
    """Return an archive of files, with their names as Windows writes them if ``gbk``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in files.items():
            member = _FromWindows(name) if gbk else zipfile.ZipInfo(name)
            archive.writestr(member, data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def contents(folder: Path) -> dict[str, bytes]:
    """Return all files below a folder by name, but for the log of imports, the one with a time in it.

    What is renamed meanwhile, by somebody who was killed a moment ago, is not there.
    """
    found: dict[str, bytes] = {}
    for path in folder.rglob("*"):
        if path.is_file() and path.name != HISTORY:
            with suppress(FileNotFoundError):
                found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def so_far(folder: Path) -> int:
    """Return how many whole files lie below a folder into which somebody writes meanwhile: nothing of it is opened."""
    return sum(path.suffix != "" and not path.name.startswith(".perfxl-") for path in folder.rglob("*"))


def hang_on_b(request: Request, item: Input, known: str) -> Examined | None:
    """Read a file, and never come back from one that is called b.xlsx."""
    if item.name.endswith("b.xlsx"):
        time.sleep(600)
    return examine(request, item, known)


def die_on_b(request: Request, item: Input, known: str) -> Examined | None:
    """Read a file, and take the process down at one that is called b.xlsx."""
    if item.name.endswith("b.xlsx"):
        os._exit(139)
    return examine(request, item, known)


def raise_on_b(request: Request, item: Input, known: str) -> Examined | None:
    """Read a file, and let an error out at one that is called b.xlsx."""
    if item.name.endswith("b.xlsx"):
        raise RuntimeError(item.name)
    return examine(request, item, known)


def swell_on_b(request: Request, item: Input, known: str) -> Examined | None:
    """Read a file, and take all memory there is at one that is called b.xlsx."""
    if item.name.endswith("b.xlsx"):
        taken = [bytes(50_000_000)]
        while True:
            taken.append(bytes(50_000_000))
    return examine(request, item, known)
