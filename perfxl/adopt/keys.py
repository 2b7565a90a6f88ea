"""Names for the data, from the words that stand on the form; the same form gives the same names."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from perfxl.adopt.glossary import BLOCKS, PIECES, TABLES, WHOLE
from perfxl.adopt.pinyin import pinyin
from perfxl.forms.printed_text import words
from perfxl.values.label_text import bare, key

_LONGEST = 40
_LONGEST_SPELLED = 24
_LONGEST_PIECE = max(map(len, PIECES))
_ASCII = re.compile(r"[a-z][a-z0-9]*", re.IGNORECASE)
_MONTH = re.compile(r"(0?[1-9]|1[0-2])月份?")
_QUARTER = re.compile(r"第?([一二三四1-4])季度?")
_NUMERALS = {"一": "1", "二": "2", "三": "3", "四": "4"}
_HALVES = {"上半年": "h1", "下半年": "h2"}
_COLUMN, _ROW, _FIELD = "c", "r", "f"


def known_key(label: str) -> str:
    """Return the name that a label has by the glossary: whole, else put together from its words, "" where none is known."""
    said = _said(label)
    return _period(said) or WHOLE.get(said) or WHOLE.get(key(label)) or _together(said)


def _period(said: str) -> str:
    """Return the name of a part of the year: ``m3`` for 3月, ``q1`` for 第一季度, ``h2`` for 下半年; "" for others."""
    month = _MONTH.fullmatch(said)
    if month is not None:
        return f"m{int(month[1])}"
    quarter = _QUARTER.fullmatch(said)
    if quarter is not None:
        return f"q{_NUMERALS.get(quarter[1], quarter[1])}"
    return _HALVES.get(said, "")


def named_key(label: str) -> str:
    """Return the name that a label has by the glossary, else as it is pronounced, "" where nothing in it can be.

    Figures are left out, so that it stays the same from year to year.
    """
    return known_key(label) or _spelled(_said(label))


def _spelled(said: str) -> str:
    name = ""
    for syllable in pinyin(said):
        longer = f"{name}_{syllable}".lstrip("_")
        if len(longer) > _LONGEST_SPELLED:
            break
        name = longer
    return name


def block_key(stem: str) -> str:
    """Return the name of a block by what stands in front of its number."""
    return BLOCKS.get(key(stem), "")


def table_key(first_head: str) -> str:
    """Return the name of a growing table by its first head."""
    return TABLES.get(_said(first_head), "")


def _said(label: str) -> str:
    """Return what a label says, letters and digits only: without 其中, units in brackets, numbering."""
    said = bare(words(label)).removeprefix("其中")
    return re.sub(r"^[一二三四五六七八九十]{1,2}(?=[一-龥]{4,}$)(?<=、)", "", said)


def _together(said: str) -> str:
    """Put a name together from the words in a label; what no word stands for is left out."""
    found: list[str] = []
    place = 0
    covered = 0
    while place < len(said):
        for size in range(min(_LONGEST_PIECE, len(said) - place), 0, -1):
            piece = PIECES.get(said[place : place + size])
            if piece is not None:
                found.append(piece)
                covered += size
                place += size
                break
        else:
            latin = _ASCII.match(said, place)
            if latin is not None:
                found.append(latin[0].lower())
                covered += len(latin[0])
                place = latin.end()
            else:
                place += 1
    if covered * 2 < len(said):
        return ""
    return "_".join(dict.fromkeys(found))[:_LONGEST].strip("_")


@dataclass(slots=True)
class Keys:
    """Names given so far in one scope; a second one of a kind gets a number."""

    taken: set[str] = field(default_factory=set)
    _beginnings: set[str] = field(init=False)
    """What taken names begin with, up to each dot."""

    _given: dict[str, int] = field(default_factory=dict, init=False)
    """The last number that each wanted name got."""

    def __post_init__(self) -> None:
        self._beginnings = {beginning for name in self.taken for beginning in _beginnings(name)}

    def give(self, wanted: str, spare: str) -> str:
        """Return the wanted name, or where it is "" or taken the next one with a number."""
        if not wanted:
            number = self._given.get(spare, 0) + 1
            while self._clashes(f"{spare}{number}"):
                number += 1
            self._given[spare] = number
            return self._taken(f"{spare}{number}")
        first, dot, rest = wanted.partition(".")
        name, number = wanted, self._given.get(wanted, 1)
        while self._clashes(name):
            number += 1
            # What it begins with may be a value by itself: then the beginning has to be another one.
            name = f"{first}_{number}{dot}{rest}" if first in self.taken else f"{wanted}_{number}"
        self._given[wanted] = number
        return self._taken(name)

    def _taken(self, name: str) -> str:
        self.taken.add(name)
        self._beginnings.update(_beginnings(name))
        return name

    def _clashes(self, name: str) -> bool:
        """Tell whether a name is taken, or is the beginning of one that is: data holds one thing in one place."""
        return name in self.taken or name in self._beginnings or not self.taken.isdisjoint(_beginnings(name))


def _beginnings(name: str) -> list[str]:
    """Return what a name begins with, up to each of its dots."""
    return [name[:place] for place, letter in enumerate(name) if letter == "."]
