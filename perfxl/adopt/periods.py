"""Which part of the year a form is about: the places for a quarter, a month, a half, ten days, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from msgspec.structs import replace

from perfxl.forms.definition.language import ALWAYS, CellSpec
from perfxl.model.field_type import Type
from perfxl.model.period import Part

_CHOICES: Mapping[Part, tuple[str, ...]] = MappingProxyType(
    {
        Part.HALF: ("上半年", "下半年"),
        Part.QUARTER: ("一季度", "二季度", "三季度", "四季度"),
        Part.MONTH: tuple(f"{number}月" for number in range(1, 13)),
        Part.TEN_DAYS: ("上旬", "中旬", "下旬"),
    }
)
_LARGER = (Part.MONTH, Part.QUARTER, Part.HALF)
"""Of which a form is about one; ten days are those of a month."""


def as_part(cell: CellSpec, name: str) -> CellSpec:
    """Return a cell that says which part of the year it is so that it can be read; others as they are.

    A list keeps its choices where each says which part it is; a place in printed text takes a number, a blank a choice.
    """
    if name not in set(Part):
        return cell
    part = Part(name)
    cell = replace(cell, required=ALWAYS, length=None, preset=None)
    if cell.type is Type.CHOICE and all(part.number(choice) is not None for choice in cell.choices):
        return cell
    if cell.caption or cell.type in {Type.INTEGER, Type.NUMBER}:
        return replace(cell, type=Type.INTEGER, choices=(), min=Decimal(1), max=Decimal(part.most))
    return replace(cell, type=Type.CHOICE, choices=_CHOICES[part], min=None, max=None)


def parts_of(cells: Sequence[tuple[str, CellSpec]]) -> Mapping[Part, str]:
    """Return by which values a form says what part of the year it is about, as its definition declares them."""
    known = {name for name, cell in cells if name in set(Part) and cell.required == ALWAYS}
    larger = next((part for part in _LARGER if part.value in known), None)
    if larger is None:
        return {}
    days = larger is Part.MONTH and Part.TEN_DAYS.value in known
    return {larger: larger.value} | ({Part.TEN_DAYS: Part.TEN_DAYS.value} if days else {})
