"""Workbooks that differ in a few cells: one is rendered, the others are made from its bytes.

The rendered one is cut up where the others differ: in the values of some cells, in the texts of some, which stand among
the shared strings, and in the lines of the stamps, wherever these are written. All other parts keep their compressed bytes.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from typing import NamedTuple, TypeAlias

from msgspec import Struct

from perfxl.package.limits import DEFAULT
from perfxl.package.outline import read_outline
from perfxl.package.package import Package
from perfxl.package.zip_writer import Parted
from perfxl.writer.content import Content, plain
from perfxl.writer.parted_sheet import is_parted, parted

_CELL = rb'<c r="%s"(?: s="\d+")?(?P<text> t="s")?>(?P<formula><f>[^<]*</f>)?<v>(?P<value>[^<]*)</v></c>'
_REFERENCE = re.compile(rb' t="s"><v>(\d+)</v>')
_STRING = re.compile(rb"<si>[^<]*(?:<(?!/?si>)[^<]*)*</si>")  # no possessive group: Python 3.11.2 loses its way in it

# As XlsxWriter has them.
_ESCAPE_LIKE = re.compile("(_x[0-9a-fA-F]{4}_)")
_CONTROL = re.compile("([\x00-\x08\x0b-\x1f\ufffe\uffff])")
_PADDED = re.compile(r"\s|.*\s$", re.DOTALL)

_DAY_ZERO = dt.date(1899, 12, 31)
_LAST_TRUE_DAY = 59
"""Excel has a 29 February 1900: days behind it count one more."""


class UnfitPlate(Exception):  # noqa: N818 - it names what a workbook is
    """A workbook that cannot be made from another one's bytes, or no other one from its own."""


class DifferingCell(NamedTuple):
    """A cell that differs: its sheet's name and its own."""

    sheet: str
    cell: str


class Hole(NamedTuple):
    """A place in a part where the content of a slot stands, and how it is written there."""

    slot: int
    written: Callable[[Content], bytes]


Pieces: TypeAlias = tuple[bytes | Hole, ...]


class Plate(Struct, frozen=True):
    """A rendered workbook, cut up. A slot is a cell or a stamp: the cells first, in the order in which they were given.

    ``shared`` is the part of the shared strings, in which a text stands once however many cells hold it: ``fixed`` are those
    of its strings that are no slot's, ``equal`` the slots that share a string with another. ``tails`` has of the forms' sheets
    the later rows that are packed by themselves and have no slots, b"" where there are none: the pieces are then without them.
    """

    package: Package
    parts: Mapping[str, Pieces]
    tails: Mapping[str, bytes]
    shared: str
    fixed: frozenset[bytes]
    equal: tuple[tuple[int, int], ...]

    @classmethod
    def cut(cls, data: bytes, spots: Sequence[DifferingCell], stamps: Sequence[str]) -> Plate:
        """Cut up a workbook that XlsxWriter has written.

        A cell must hold the same kind of thing in every variant: a text, or a number, date or cached number. Raises Unfit
        where it holds none of these, or a text that stands in a cell that does not differ, too.
        """
        return _Cutter(Package.open(data, DEFAULT)).plate(spots, stamps)

    def press(self, contents: Sequence[Content]) -> bytes:
        """Return the workbook with other contents in its slots, byte for byte as if it had been rendered with them.

        Raises Unfit where texts are equal that are not in this one, or the other way round: the shared strings are then
        other ones.
        """
        if any(contents[one] != contents[other] for one, other in self.equal):
            raise UnfitPlate
        strings = [hole.written(contents[hole.slot]) for hole in self.parts[self.shared] if isinstance(hole, Hole)]
        if len(set(strings)) < len(strings) or not self.fixed.isdisjoint(strings):
            raise UnfitPlate
        filled = (
            (part, b"".join(p.written(contents[p.slot]) if isinstance(p, Hole) else p for p in pieces))
            for part, pieces in self.parts.items()
        )
        return self.package.rebuilt({part: self._whole(part, written) for part, written in filled})

    def _whole(self, part: str, written: bytes) -> bytes | Parted:
        """Return a part as it is packed, of which the pieces are filled."""
        tail = self.tails.get(part)
        if not tail:
            return written if tail is None else parted(written)
        if not is_parted(written, tail):
            raise UnfitPlate
        return Parted(written, tail)


class _Cutter:
    """A rendered workbook while it is cut up: the holes by part, with the place of each."""

    def __init__(self, package: Package) -> None:
        self.package = package
        (main,) = [relation.target for relation in package.relations("") if relation.kind == "officeDocument"]
        relations = {relation.id: relation for relation in package.relations(main)}
        entries = read_outline(package.read(main), DEFAULT).sheets
        self.sheets = {entry.name: relations[entry.relation].target for entry in entries}
        (self.shared,) = [relation.target for relation in relations.values() if relation.kind == "sharedStrings"]
        self.strings = list(_STRING.finditer(package.read(self.shared)))
        self.holes: dict[str, list[tuple[int, int, Hole]]] = {self.shared: []}

    def hole(self, part: str, span: tuple[int, int], hole: Hole) -> None:
        self.holes.setdefault(part, []).append((*span, hole))

    def plate(self, spots: Sequence[DifferingCell], stamps: Sequence[str]) -> Plate:
        texts: dict[int, list[int]] = defaultdict(list)
        for slot, spot in enumerate(spots):
            number = self.cell(slot, spot)
            if number is not None:
                texts[number].append(slot)
        self.alone(texts)
        for slot, line in enumerate(stamps, start=len(spots)):
            texts[self.stamp(slot, line)].append(slot)
        for number, slots in texts.items():
            self.hole(self.shared, self.strings[number].span(), Hole(slots[0], _string))
        tails = {part: self.tail(part) for part in {self.sheets[spot.sheet] for spot in spots} & self.holes.keys()}
        heads = {part: self.package.read(part).removesuffix(tails.get(part, b"")) for part in self.holes}
        return Plate(
            package=self.package,
            parts={part: tuple(_pieces(heads[part], holes)) for part, holes in self.holes.items()},
            tails=tails,
            shared=self.shared,
            fixed=frozenset(found[0] for number, found in enumerate(self.strings) if number not in texts),
            equal=tuple((slots[0], other) for slots in texts.values() for other in slots[1:]),
        )

    def tail(self, part: str) -> bytes:
        """Return the rows of a form's sheet that are packed by themselves, b"" where there are none or some of them differ."""
        content = parted(self.package.read(part))
        ends = [stop for _, stop, _ in self.holes[part]]
        return content.tail if isinstance(content, Parted) and max(ends) <= len(content.head) else b""

    def cell(self, slot: int, spot: DifferingCell) -> int | None:
        """Cut a cell that differs; return the number of its shared string where it holds a text."""
        part = self.sheets[spot.sheet]
        found = re.search(_CELL % spot.cell.encode(), self.package.read(part))
        if found is None:
            raise UnfitPlate(spot)
        if found["text"]:
            return int(found["value"])
        self.hole(part, found.span("value"), Hole(slot, _result if found["formula"] else _number))
        return None

    def alone(self, texts: Mapping[int, Sequence[int]]) -> None:
        """Make sure that no other cell holds a text that differs."""
        references = Counter(
            int(number) for part in self.sheets.values() for number in _REFERENCE.findall(self.package.read(part))
        )
        if any(references[number] != len(slots) for number, slots in texts.items()):
            raise UnfitPlate

    def stamp(self, slot: int, line: str) -> int:
        """Cut a stamp wherever it is written; return the number of its shared string."""
        for part in self.package.names:
            if part != self.shared:
                for found in re.finditer(re.escape(_data(line)), self.package.read(part)):
                    self.hole(part, found.span(), Hole(slot, _data))
        string = _string(line)
        return next(number for number, found in enumerate(self.strings) if found[0] == string)


def _pieces(data: bytes, holes: Sequence[tuple[int, int, Hole]]) -> Iterator[bytes | Hole]:
    reached = 0
    for start, stop, hole in sorted(holes):
        yield data[reached:start]
        yield hole
        reached = stop
    yield data[reached:]


# -- as XlsxWriter writes it ----------------------------------------------------------------------------------------


def _number(content: Content) -> bytes:
    if isinstance(content, dt.date):
        days = (content - _DAY_ZERO).days
        content = days + (days > _LAST_TRUE_DAY)
    return f"{content:.16G}".encode()


def _result(content: Content) -> bytes:
    return str(content).encode()


def _data(content: Content) -> bytes:
    return escape(_controlled(str(content)), quote=False).encode()


def _string(content: Content) -> bytes:
    text = str(content)
    if plain(text) != text:
        return f"<si>{_controlled(plain(text))}</si>".encode()
    controlled = _controlled(text)
    space = ' xml:space="preserve"' if _PADDED.match(controlled) else ""
    return f"<si><t{space}>{escape(controlled, quote=False)}</t></si>".encode()


def _controlled(text: str) -> str:
    return _CONTROL.sub(lambda found: f"_x{ord(found[1]):04X}_", _ESCAPE_LIKE.sub(r"_x005F\1", text))
