"""What somebody has typed into a form: none of it may be printed in the blank that comes of it.

A blank is printed as it stands. Of a form that is filled in only that is printed which is surely its own: what is locked
where other cells are open, and the words that forms are made of. What is neither is left out, and listed.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from perfxl.adopt.evidence import evidence_of
from perfxl.adopt.form_words import is_personal
from perfxl.adopt.judge import Judge
from perfxl.adopt.sheet import Sheet
from perfxl.values.label_text import flat


class Typed(Struct, frozen=True):
    """What stands on a form that is not its own: for each cell what is printed instead, "" for nothing."""

    instead: Mapping[tuple[int, int], str]
    left_out: tuple[tuple[str, str], ...]
    """The cells that lose text, with it."""


NOTHING_TYPED = Typed({}, ())


def typed_on(sheet: Sheet, levels: frozenset[str] = frozenset()) -> Typed:
    """Return what somebody has typed on a sheet; ``levels`` are the names of 一级 and 二级 that forms print."""
    judged = Judge.of(sheet, levels)
    shown = evidence_of(sheet).typed
    filled, knows = judged.filled(), judged.knows_the_language()
    instead: dict[tuple[int, int], str] = {}
    left: list[tuple[str, str]] = []
    for cell in sheet.anchors():
        if cell.value is None or cell.marks or (sheet.told and cell.style.locked):
            continue
        if cell.box[:2] in shown and not judged.words.is_word(cell.text):
            text = judged.words.captions(cell.text)
        elif knows and (filled or judged.labels_nothing(cell)):
            text = judged.printed(cell)
        elif filled and is_personal(cell.text):
            text = judged.words.captions(cell.text)
        else:
            continue
        if text != cell.text or not cell.text:
            instead[cell.box[:2]] = text
        if cell.text and flat(text) != flat(cell.text):
            left.append((cell.box.name, cell.text))
    return Typed(instead, tuple(left)) if instead else NOTHING_TYPED
