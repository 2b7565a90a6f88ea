"""Names of cells in formulas: neighbours joined to areas, so that formulas stay short."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from perfxl.model.address import parse_cell


def merged(names: Iterable[str]) -> list[str]:
    """Return cells as few areas: ``C9 C10 C11 E5`` → ``C9:C11 E5``. Areas and other texts stay as they are."""
    joined: list[str] = []
    run: list[str] = []
    for name in names:
        if run and _next(run, name):
            run.append(name)
            continue
        joined += _area(run)
        run = [name]
    return joined + _area(run)


def in_order(names: Iterable[str]) -> list[str]:
    """Return names of cells, each once, in reading order where they are plain."""
    return sorted(dict.fromkeys(names), key=lambda name: _position(name) or ("", 0, 0))


def _area(run: list[str]) -> list[str]:
    if len(run) < 2:
        return run
    return [f"{run[0]}:{run[-1].rpartition('!')[2]}"]


def _next(run: list[str], name: str) -> bool:
    """Tell whether a cell continues a run, along a row or down a column."""
    last, here = _position(run[-1]), _position(name)
    if last is None or here is None or last[0] != here[0]:
        return False
    step = (here[1] - last[1], here[2] - last[2])
    before = _position(run[-2]) if len(run) > 1 else None
    if before is None:
        return step in {(0, 1), (1, 0)}
    return step == (last[1] - before[1], last[2] - before[2])


@lru_cache(maxsize=2048)
def _position(name: str) -> tuple[str, int, int] | None:
    """Return sheet, row and column of a cell's name, None for anything else."""
    sheet, _, cell = name.rpartition("!")
    try:
        row, column = parse_cell(cell)
    except ValueError:
        return None
    return sheet, row, column
