"""Heads of columns as a definition writes them: nested, the lowest with a column of their own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from perfxl.forms.definition.language import CellSpec
from perfxl.forms.printed_text import words
from perfxl.model.form import Columns


def columns(cell: CellSpec) -> Columns:
    """Return the columns of a cell: its own, or those of the heads below it."""
    if cell.columns:
        below = [columns(inner) for inner in cell.columns]
        return Columns(min(at.first for at in below), max(at.last for at in below))
    return cell.at.columns if cell.at is not None else Columns(1, 1)


def leaves(cells: Iterable[CellSpec]) -> list[CellSpec]:
    """Return the heads that have no others below them; one of several options takes field and type from above."""
    found: list[CellSpec] = []
    for cell in cells:
        if not cell.columns:
            found.append(cell)
            continue
        for inner in leaves(cell.columns):
            if inner.option and inner.field is None:
                found.append(replace(cell, at=inner.at, option=inner.option, columns=(), place=inner.place))
            else:
                found.append(inner)
    return found


def with_heads(cells: Iterable[CellSpec], above: tuple[str, ...] = ()) -> list[tuple[CellSpec, tuple[str, ...]]]:
    """Return the leaves of heads, each with the labels of the heads above it."""
    found: list[tuple[CellSpec, tuple[str, ...]]] = []
    for cell in cells:
        if not cell.columns:
            found.append((cell, above))
            continue
        inner = (*above, words(cell.label or ""))
        if any(leaf.option for leaf in cell.columns):
            found += [(leaf, inner) for leaf in leaves([cell])]
        else:
            found += with_heads(cell.columns, inner)
    return found


def plain(cell: CellSpec) -> CellSpec:
    """Return a head of a matrix without its field, which is a key of each row and heads no column of a table."""
    return replace(cell, field=None, columns=tuple(plain(inner) for inner in cell.columns))


def depth(cells: Sequence[CellSpec]) -> int:
    """Return in how many rows heads stand."""
    return max((1 + (depth(cell.columns) if cell.columns else 0) for cell in cells), default=1)
