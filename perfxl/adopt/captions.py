"""Printed text with a place to fill in, in one cell: as text, or as a number format that shows it."""

from __future__ import annotations

import re
from typing import NamedTuple

from perfxl.forms.printed_text import HOLE
from perfxl.model.field_type import Type

_BLANKS = "\u3000 "
_SPACED_OUT = re.compile(r"[一-龥](?:[\u3000 ]+[一-龥])+[:：]?")
_YEAR = re.compile(r"(?P<before>[（(])\s*(?:20(?:\d\d|(?=[\s_]))[\s_]*)?(?P<after>年度?[^（）()]{0,8}[)）])")
_PLACE = re.compile(r"_{2,}|[\u3000 ]{2,}")
_DAY_LEFT = re.compile(r"[年月日\s\u3000_]*")
_DAY = re.compile(r"日期|时间|日[:：]$")
_FROM_TO = re.compile(r"[自从由至到起止]")
"""The whole text before a day: 自____, 至____."""
_PART = re.compile(r"(季度?|月份?)[)）]?")
"""What follows the number of a part of the year: 第____季度, ____月."""
_PRINTED_DAY = re.compile(r"(?:20\d\d)?[\s\u3000_]{0,40}年[\s\u3000_]{0,40}月[\s\u3000_]{0,40}日?")
_LABELLED = re.compile(
    r"(?P<label>[^：:_]{2,20}[：:])(?P<blank>[_\s\u3000]*+(?:年[_\s\u3000]*+月[_\s\u3000]*+日?)?[_\s\u3000]*+)"
)
_BLANK = r"[_\s\u3000]*+"
_YEAR_AND_PART = re.compile(
    rf"(?P<open>[（(]?){_BLANK}(?:20)?(?:\d\d)?{_BLANK}(?P<year>年度?)(?:{_BLANK}(?P<before>第))?"
    rf"(?P<place>[_\s\u3000]++|[1-9一二三四]|1[0-2]){_BLANK}(?P<part>季度|季|月份|月|旬)(?P<close>[)）]?)"
)
"""``（　　年第　季度）``, ``20__年__月``: what a year and a part of it are printed around."""
_LITERAL = re.compile(r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_.|\*.')


class Caption(NamedTuple):
    """A caption: its text with ``____`` where the value stands, and what the value is."""

    text: str
    type: Type


def in_format(code: str) -> Caption | None:
    """Return the caption that a number format shows around its number, None where it shows none."""
    first = code.split(";", 1)[0]
    literals = list(_LITERAL.finditer(first))
    core = _LITERAL.sub("\0", first).strip("\0")
    if not any(found["quoted"] or found["escaped"] for found in literals) or not core:
        return None
    day = bool(re.search(r"[yd]", _LITERAL.sub("", first), re.IGNORECASE))
    before, after = _around(first, literals)
    if day:
        return Caption(before + HOLE, Type.DATE) if _says(before) else None
    if not _says(before) and not _says(after):
        return None
    kind = Type.MONEY if "." in core else Type.YEAR if after.lstrip().startswith("年") else Type.NUMBER
    if kind is Type.NUMBER and _PART.fullmatch(after.strip()):
        kind = Type.INTEGER
    return Caption(f"{before}{HOLE}{after}", kind)


def _around(code: str, literals: list[re.Match[str]]) -> tuple[str, str]:
    """Return the literal text in front of the number of a format, and behind it."""
    bare = list(code)
    texts: list[tuple[int, str]] = []
    for found in literals:
        bare[found.start() : found.end()] = "\0" * (found.end() - found.start())
        texts.append((found.start(), found["quoted"] or found["escaped"] or ""))
    digits = [place for place, letter in enumerate(bare) if letter in "0#?ymdYMD"]
    before = "".join(text for place, text in texts if place < digits[0]) if digits else ""
    after = "".join(text for place, text in texts if place > digits[-1]) if digits else ""
    plain_before = "".join(letter for letter in bare[: digits[0]] if letter in "（(") if digits else ""
    plain_after = "".join(letter for letter in bare[digits[-1] + 1 :] if letter in "）)") if digits else ""
    return plain_before + before, after + plain_after


def _says(text: str) -> bool:
    """Tell whether a literal is more than a sign of money or a unit by itself."""
    return bool(re.search(r"[一-龥]{2,}|[:：(（]|年|月", text)) or bool(_FROM_TO.fullmatch(text.strip()))


def in_text(text: str) -> Caption | None:
    """Return the caption that a text is: one with ``____``, two blanks or more inside it, or ``（2024年度）``.

    A text that is only spaced out by hand, or that begins with blanks, is none; nor is one with several places, a year and its quarter say.
    """
    line = text.strip("\n")
    whole = line.strip()
    found = _YEAR.fullmatch(whole)
    if found and not year_and_part_in(whole):
        return Caption(f"{found['before']}{HOLE}{found['after']}", Type.YEAR)
    if "\n" in whole or _spaced_out(whole) or year_and_part_in(whole):
        return None
    place = _PLACE.search(whole)
    if place is None:
        return _open_beginning(line) or _open_end(line)
    before, after = whole[: place.start()], whole[place.end() :]
    if (_DAY.search(before) or _FROM_TO.fullmatch(before.strip())) and _DAY_LEFT.fullmatch(after):
        return Caption(before + HOLE, Type.DATE)
    if _PLACE.search(after) or "：" in after or ":" in after:
        return None
    if not before.strip() and not after.strip(" _"):
        return None
    kind = _kind(before.strip(), after.strip())
    if kind is Type.TEXT and not re.search(r"[:：_(（\d]$", before.strip()) and "_" not in place[0]:
        return None
    return Caption(f"{before}{HOLE}{after}", kind)


def year_and_part_in(text: str) -> tuple[Caption, ...]:
    """Return the captions of a year and of a part of it that a text has places for, () for others."""
    found = _YEAR_AND_PART.fullmatch("".join(text.strip("\n").split("\n")))
    if found is None:
        return ()
    year = Caption(f"{found['open']}{HOLE}{found['year']}", Type.YEAR)
    return year, Caption(f"{found['before'] or ''}{HOLE}{found['part']}{found['close']}", Type.INTEGER)


def several_in(text: str) -> tuple[Caption, ...]:
    """Return the captions in a text with several places (``填报人：　　联系电话：　　``), () where it has fewer than two."""
    line = text.strip("\n")
    if "\n" in line:
        return ()
    found = list(_LABELLED.finditer(line))
    if len(found) < 2 or "".join(one[0] for one in found).strip(_BLANKS) != line.strip(_BLANKS):
        return ()
    labels = [one["label"].strip(_BLANKS) for one in found]
    if len(set(labels)) < len(labels):
        return ()
    return tuple(Caption(label + HOLE, Type.DATE if _DAY.search(label) else Type.TEXT) for label in labels)


def places_in(text: str) -> tuple[Caption, ...]:
    """Return the captions in a text with several ``____``: each with what stands before it, the last with what follows too."""
    parts = [part.strip(_BLANKS) for part in text.split(HOLE)]
    found = [part + HOLE for part in parts[:-1]]
    found[-1] += parts[-1]
    return tuple(Caption(one, Type.DATE if _DAY.search(one) else Type.TEXT) for one in found)


def _spaced_out(text: str) -> bool:
    """Tell whether blanks only space a text out: single characters apart, or the same number of blanks everywhere."""
    if _SPACED_OUT.fullmatch(text):
        return True
    pieces = re.split(r"[\u3000 ]+", text)
    return len(pieces) > 2 and all(len(piece.strip("：:")) <= 2 for piece in pieces)


def _kind(before: str, after: str) -> Type:
    """Return what stands between two texts, text where they do not say."""
    if before in {"", "第"} and _PART.fullmatch(after):
        return Type.INTEGER
    return Type.MONEY if "元" in after else Type.YEAR if after.startswith("年") else Type.TEXT


def _open_beginning(line: str) -> Caption | None:
    """Return the caption of a place at the beginning of a line: ``　　年``, ``　　月``; other blanks there only move a text."""
    found = re.fullmatch(r"[\u3000 ]{2,}(?P<after>年度?|月份?|季度)", line)
    if found is None:
        return None
    return Caption(HOLE + found["after"], Type.YEAR if found["after"].startswith("年") else Type.INTEGER)


def _open_end(line: str) -> Caption | None:
    """Return the caption of a label whose place is at its end: ``目标1：　　``."""
    whole = line.lstrip(_BLANKS)
    found = re.fullmatch(r"(?P<before>.{1,30}[:：]|[自从由至到])[\u3000 ]{2,}", whole)
    if found is None:
        return None
    day = bool(_DAY.search(found["before"]) or _FROM_TO.fullmatch(found["before"]))
    return Caption(f"{found['before']}{HOLE}", Type.DATE if day else Type.TEXT)
