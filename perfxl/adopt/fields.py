"""The definition of one place to be filled in: its name in the data, its type and limits, how it looks."""

from __future__ import annotations

import re
from decimal import Decimal

from msgspec.structs import replace

from perfxl.adopt.draft import Draft, at, look_of_field
from perfxl.adopt.grid import Kind, Spot, shown
from perfxl.adopt.keys import known_key
from perfxl.adopt.periods import as_part
from perfxl.adopt.types import TypeGuess, type_of
from perfxl.forms.definition.language import ALWAYS, NOT_ASKED, CellSpec, Length
from perfxl.forms.printed_text import HOLE, words
from perfxl.model.field_type import Type

_REQUIRED = {"unit_name", "project_name", "year", "implementing_unit", "fill_date"}
_GOALS = re.compile(r"(^|\.)(goal|annual_goal|goal_result|expected)$|^goal\.")
_LONG_NAME = 30
_SHORT_TEXT = 250
"""A text in the text format is a short one: of longer ones Excel shows #### there."""
_LONGEST_TEXT = 32_767
_MOST_DIGITS = 15


def source(spot: Spot) -> str:
    """Return the mark that a formula has until all names are known: the cell that it stands in."""
    return f"={spot.cell.box.name}"


def field_of(draft: Draft, spot: Spot, key: str, label: str, called: str = "") -> CellSpec:
    """Return the cell of a value that stands once: ``key`` is its name in the block or form, ``label`` leads to it."""
    guessed = type_of(spot, label)
    draft.note(spot, draft.path(key), guessed)
    draft.scopes[spot.place] = draft.prefix
    cell = CellSpec(
        at=at(spot),
        look=look_of_field(spot, long=guessed.type in {Type.TEXT, Type.VALUE, Type.NUMBER, Type.INTEGER, Type.DATE}),
        field=key,
        name=called or ("" if spot.caption is None and words(label) == label.strip() else _called(label, key)),
        caption=_caption(draft, spot),
        type=guessed.type,
        required=ALWAYS if _is_required(key, spot) else NOT_ASKED,
    )
    made = limited(cell, spot, guessed)
    return as_part(made, key) if not draft.prefix and spot.kind is not Kind.COMPUTED else made


def _caption(draft: Draft, spot: Spot) -> str:
    return draft.printed(spot.caption.text) if spot.caption is not None else ""


def _is_required(key: str, spot: Spot) -> bool:
    return spot.kind is not Kind.COMPUTED and (key in _REQUIRED or bool(_GOALS.search(key)))


def _called(label: str, key: str) -> str:
    """Return what a value is called in messages, from a label or a caption."""
    said = re.sub(r"[_：:（）()\s]+", "", words(label.replace(HOLE, "")))
    return said[:_LONG_NAME] or key


def limited(cell: CellSpec, spot: Spot, guessed: TypeGuess) -> CellSpec:
    """Return a cell with what the sheet's own validation and formula say: bounds, length, choices, hint, preset."""
    limit, mark = spot.cell.limit, spot.mark
    if spot.kind is Kind.COMPUTED or (mark is not None and mark.formula):
        return replace(cell, required=NOT_ASKED, formula=source(spot))
    if mark is not None and mark.required:
        cell = replace(cell, required=ALWAYS)
    if guessed.type is Type.CHOICE:
        cell = replace(cell, choices=guessed.choices)
    if guessed.type is Type.TEXT:
        cell = replace(cell, length=_length(spot))
    if guessed.type.numeric and limit is not None and limit.kind in {"decimal", "whole"}:
        own = guessed.type.traits
        least = _bound(limit.least, (own.minimum, own.least))
        most = _bound(limit.most, (own.most,))
        if least is None or most is None or least <= most:
            cell = replace(cell, min=least, max=most)
    hint = _hint(limit.prompt, guessed) if limit is not None and spot.kind is Kind.INPUT else ""
    if not hint and spot.kind is Kind.INPUT and spot.cell.text and not spot.typed:
        hint = f"分条填写，如：{spot.cell.text.strip()}"[:255]
    return replace(cell, hint=hint, preset=_preset(spot, guessed))


def _length(spot: Spot) -> Length | None:
    """Return how many characters a text may have: as the sheet limits it; one in the text format is short."""
    limit = spot.cell.limit
    if limit is not None and limit.kind == "textLength" and limit.most is not None and 0 < limit.most <= _LONGEST_TEXT:
        return Length(None, int(limit.most))
    return Length(None, _SHORT_TEXT) if spot.cell.style.format == "@" else None


def _bound(value: Decimal | None, usual: tuple[Decimal | None, ...]) -> Decimal | None:
    """Return a bound where it is another one than the type has by itself, and one that a definition can write."""
    if value is None or value in usual or not _writable(value):
        return None
    return Decimal(f"{value.normalize():f}")


def _hint(prompt: str, guessed: TypeGuess) -> str:
    """Return what a prompt says beyond what perfxl says of the type by itself."""
    said = prompt.partition("\n要求：")[0].strip()
    own = guessed.type.traits.hint
    return "" if re.fullmatch(re.escape(own).replace(re.escape("{money}"), ".{1,3}"), said) else said[:255]


def _writable(value: Decimal) -> bool:
    return len(value.as_tuple().digits) <= _MOST_DIGITS and abs(value) < Decimal(10) ** _MOST_DIGITS


def _preset(spot: Spot, guessed: TypeGuess) -> str | None:
    """Return what a blank has filled in already, as far as the language can say it."""
    if spot.typed or spot.cell.value is None or spot.caption is not None:
        return None
    if guessed.type.numeric and isinstance(spot.cell.value, Decimal) and guessed.type is not Type.YEAR:
        return shown(spot.cell).rstrip("%") if "%" not in spot.cell.style.format else f"{spot.cell.value:f}"
    return None


def wanted_key(label: str) -> str:
    """Return the name that a label asks for."""
    return known_key(label)
