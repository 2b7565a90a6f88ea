"""Several captions in one cell: ``填报日期：2024年3月5日　　　单位：万元`` is two cells that somebody typed into one.

Each ends where the next begins, with any blanks between them or none. The first stays in its cell and is aligned with
the form as it would be alone; what stands behind the others is the value of their fields.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from itertools import zip_longest
from operator import is_not
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from perfxl.align.lines import Lines, Spot
from perfxl.align.row_states import Captions, Item, Target
from perfxl.values.label_text import flat, key

_LONGEST: Final = 400
"""Characters of a line of captions."""
_UNIT_WORD: Final = "单位"
_UNIT: Final = rf"(?:金额|计量|货币)?{_UNIT_WORD}:?[百千万亿]{{0,2}}元"
"""What stands over tables of amounts, whether the form prints it or not."""
_SHORT: Final = 3
"""Characters from which on words are a caption wherever they stand; shorter ones stand behind a blank."""
_PARTING: Final = " \t\r\n\u3000\u00a0,，;；、|/"
_APART: Final = "\u3000\u3000"
_BRACKETS: Final = {"（": "）", "(": ")", "[": "]", "【": "】"}


class CaptionPiece(Struct, frozen=True):
    """A caption in a cell that begins with another one: which item it is, and what stands behind it."""

    state: int
    number: int
    item: Item
    spot: Spot


def captions_of(items: Iterable[tuple[int, int, Item]], year: str) -> Captions:
    """Return how the captions of a form are found in a text, from its items with their states and numbers.

    Words that lead to more than one value say nothing; printed texts with a colon of their own only end others. ``year``
    is the path of a year in a line of its own, which is known without a colon, as the other printed texts are.
    """
    own: dict[str, list[Target]] = {}
    other: dict[str, list[Target]] = {}
    fixed: set[str] = set()
    pieces = {_UNIT_WORD}
    printed: list[Target] = []
    for state, number, item in items:
        for words in item.sign.leads_with if item.path else ():
            leads = own if words == item.sign.leads_with[0] else other
            leads.setdefault(words, []).append((state, number, item))
        if not item.path and ":" in flat(item.sign.text):
            pieces.add(flat(item.sign.text))
            fixed.add(re.escape(flat(item.sign.text)))
        if not item.path or item.path == year:
            printed.append((state, number, item))
    leads = {**other, **own}
    sure = {words: found[0] for words, found in leads.items() if len({item.path for *_, item in found}) == 1}
    either = "|".join(sorted(map(re.escape, sure), key=len, reverse=True)) or "(?!)"
    ends = "|".join([*sorted(fixed, key=len, reverse=True), _UNIT])
    finder = re.compile(f"(?:其中:)?(?P<words>{either}):|(?:{ends})")
    return Captions(finder, sure, tuple(printed), (*sorted(pieces), *sure))


def parted(captions: Captions, rows: Lines, whole: Container[str] = ()) -> tuple[Lines, tuple[CaptionPiece, ...]]:
    """Return the lines with only the first caption in each cell that holds several, and the others as pieces.

    Cells in which a caption leads to one of the paths ``whole`` stay as they are.
    """
    pieces: list[CaptionPiece] = []
    changed: dict[int, tuple[Spot, ...]] = {}
    for number, row in rows.rows.items():
        spots = [
            _parted(captions, spot, text, pieces, whole)
            if isinstance(text := spot.cell.value, str) and _may_be(text)
            else spot
            for spot in row
        ]
        if any(map(is_not, spots, row)):
            changed[number] = tuple(spots)
    return (replace(rows, rows={**rows.rows, **changed}) if changed else rows), tuple(pieces)


def _parted(captions: Captions, spot: Spot, text: str, pieces: list[CaptionPiece], whole: Container[str]) -> Spot:
    """Return a spot with the first caption in its text alone, itself where it holds no more than one."""
    if len(text) > _LONGEST or spot.cell.formula is not None:
        return spot
    begins = _begins(captions, text)
    if len(begins) < 2 or any(target is not None and target[2].path in whole for _, target in begins[1:]):
        return spot
    ends = [*(start for start, _ in begins[1:]), len(text)]
    parts = [_trimmed(text[start:end]) for (start, _), end in zip(begins, ends, strict=True)]
    for (_, target), part in zip(begins[1:], parts[1:], strict=True):
        if target is not None:
            pieces.append(CaptionPiece(*target, _holding(spot, part)))
    return _holding(spot, parts[0])


def _may_be(text: str) -> bool:
    return ":" in text or "：" in text or _UNIT_WORD in text


def _begins(captions: Captions, text: str) -> list[tuple[int, Target | None]]:
    """Return where the captions in a text begin, with what they lead to; none where it does not begin with one."""
    said = flat(text)
    matches = list(captions.finder.finditer(said)) if any(map(said.__contains__, captions.pieces)) else []
    if not matches or (len(matches) == 1 and not matches[0].start() and matches[0]["words"]):
        return []
    places = [number for number, character in enumerate(text) for _ in flat(character)]
    if len(places) != len(said):
        return []  # characters that only together make one
    places.append(len(text))
    found: list[tuple[int, Target | None]] = []
    if matches[0].start():
        if _printed(captions, text[: places[matches[0].start()]]) is None:
            return []
        found.append((0, None))
    for match, following in zip_longest(matches, matches[1:]):
        start, words = places[match.start()], match["words"] or ""
        if not found or len(words) >= _SHORT or not words or text[start - 1] in _PARTING:
            found.append((start, captions.items.get(words)))
        end = places[match.end()]
        behind = None if words else _printed(captions, text[end : places[following.start()] if following else None])
        if behind is not None:
            found.append((end, behind))
    return found


def _printed(captions: Captions, piece: str) -> Target | None:
    """Return the printed text of the form, or its year, that a piece says and nothing else."""
    said = flat(_trimmed(piece))
    signs = ((target, target[2].sign) for target in captions.printed) if said else ()
    return next((target for target, sign in signs if key(said) in sign.keys or sign.reads(said)), None)


def _trimmed(part: str) -> str:
    """Return a piece without what parted it from the next one; a bracket that is opened or closed elsewhere goes, too.

    Where wide blanks part it, punctuation before them is the piece's own.
    """
    if part.endswith(_APART):
        return part.strip()
    part = part.strip(_PARTING)
    if part[-1:] in _BRACKETS:
        part = part[:-1].rstrip(_PARTING)
    for opening, closing in _BRACKETS.items():
        if part.endswith(closing) and opening not in part:
            part = part[:-1].rstrip(_PARTING)
    return part


def _holding(spot: Spot, part: str) -> Spot:
    return Spot(spot.box, spot.cell._replace(value=part))
