"""A returned workbook of any format, given as bytes, as a Book of Grids; or the one finding that says why not."""

from __future__ import annotations

from perfxl.model.finding import Finding
from perfxl.model.grid import Book
from perfxl.package.encryption import unlocked
from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.package import Package
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.readers.identify import identify, identify_archive
from perfxl.readers.refusal import RefusedKind, refuse, refuse_kind
from perfxl.readers.xlsx import read_xlsx

_USUAL_PARTS = ("xl/workbook.xml", "xl/workbook.bin")


def read_book(data: bytes, limits: Limits = DEFAULT) -> Book | Finding:
    """Read a returned file: .xlsx, .xlsm, .xlsb, .xls, .et or .ods; which, its content says.

    Returns the workbook, or F01 (no workbook, or damaged), F02 (encrypted) or F03 (over a limit). Raises nothing,
    whatever the bytes are. The bytes are not changed, macros not run, links not followed.
    """
    try:
        data = unlocked(data, limits)
        kind = identify(data)
        if isinstance(kind, RefusedKind):
            return refuse_kind(kind)
        found = _read_old(data, limits) if kind else _read_package(Package.open(data, limits), limits)
    except Unreadable as problem:
        return refuse(problem)
    if not isinstance(found, Book):
        return refuse_kind(found)
    lost = any(grid.damaged for grid in found.sheets) and not any(grid.cells for grid in found.sheets)
    return refuse(Unreadable(UnreadableReason.DAMAGED, "所有工作表的内容都丢失了")) if lost else found


def _read_old(data: bytes, limits: Limits) -> Book | RefusedKind:
    from perfxl.readers.xls import read_xls  # noqa: PLC0415 - most returns are .xlsx: start-up counts

    return read_xls(data, limits)


def _read_package(package: Package, limits: Limits) -> Book | RefusedKind:
    """Read a package of Office Open XML or OpenDocument; of another zip file return what it is."""
    part = workbook_part(package)
    if part is not None:
        return read_xlsx(package, part, limits)
    found = identify_archive(package, limits)
    if isinstance(found, RefusedKind):
        return found
    from perfxl.readers.ods import read_ods  # noqa: PLC0415 - most returns are .xlsx: start-up counts

    return read_ods(package, limits)


def workbook_part(package: Package) -> str | None:
    """Return the part that is the workbook, None where the package holds something else."""
    main = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
    for part in (*main, *_USUAL_PARTS):
        kind = package.content_type(part).lower()
        if part in package and ("spreadsheetml" in kind or "ms-excel" in kind or part.lower() in _USUAL_PARTS):
            return part
    return None
