"""A form with another number of rows in its blank than its definition has."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from perfxl.model.form import Band, Block, Form, Row, Section, Table


def tables(form: Form) -> tuple[str, ...]:
    """Return the growing tables and blocks of a form as one speaks of them: ``projects``, ``annual_goals.indicators``."""
    found: list[str] = []

    def walk(bands: tuple[Band, ...]) -> None:
        for band in bands:
            match band:
                case Row():
                    continue
                case Section():
                    walk(band.bands)
                case Block():
                    found.append(_spoken(band.path))
                    walk(band.bands)
                case Table():
                    found.append(_spoken(band.path))
                    if band.beside is not None:
                        found.append(_spoken(band.beside.path))

    walk(form.bands)
    return tuple(found)


def resized(form: Form, rows: Mapping[str, int]) -> Form:
    """Return a form whose blank has so many rows in its growing tables and so many repetitions of its blocks.

    ``rows`` is by table as one speaks of it; where a table has printed 二级, the number is for each of them.
    """
    return replace(form, bands=tuple(_band(band, rows) for band in form.bands))


def _band(band: Band, rows: Mapping[str, int]) -> Band:
    match band:
        case Row():
            return band
        case Section():
            return replace(band, bands=tuple(_band(inner, rows) for inner in band.bands))
        case Block():
            count = rows.get(_spoken(band.path), band.count)
            return replace(band, count=count, bands=tuple(_band(inner, rows) for inner in band.bands))
        case Table():
            return _table(band, rows)


def _table(table: Table, rows: Mapping[str, int]) -> Table:
    beside = _table(table.beside, rows) if table.beside is not None else None
    return replace(table, rows=rows.get(_spoken(table.path), table.rows), beside=beside)


def _spoken(path: str) -> str:
    return path.replace("[]", "")
