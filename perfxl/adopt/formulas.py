"""Formulas of Excel as expressions of the rule language, as far as it can say them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from msgspec import Struct

from perfxl.model.address import column_number
from perfxl.model.expression import Function

_TO_THE_END = re.compile(r"([A-Z]{1,3})(\d+):INDEX\(\1:\1,ROW\(\1(\d+)\)-1\)")
_COUNT_OF_THOSE = re.compile(r'SUMPRODUCT\(--\(([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)=("[^"]*")\)\)')
_SUM_OF_THOSE = re.compile(r'SUMPRODUCT\(--\(([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)=("[^"]*")\),([A-Z]{1,3}\d+:[A-Z]{1,3}\d+)\)')
_AREA = re.compile(r"(?<![A-Z0-9_!.])([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})(?![0-9A-Z(])")
_CELL = re.compile(r"(?<![A-Za-z0-9_!.:])([A-Z]{1,3})(\d{1,7})(?![0-9A-Za-z_(.:])")
_PERCENT = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)%")
_COUNTED = re.compile(
    r"COUNTA?\([^()]*\)\s*(?:=|<)\s*\d+|"
    r"SUMPRODUCT\((?:ISNUMBER\([^()]*\)|\([^()]*\))(?:\*ISNUMBER\([^()]*\)){0,9}\)\s*=\s*0"
)
_TEXT_GIVEN = re.compile(r',\s*"[^"]+"\s*[,)]')
_BY_WORD = re.compile(r"(?:COUNTIF|SUMIF)\([^()]*\)")
"""A count of what a text says: no text comes of it."""
_BLANK = re.compile(r'(?:ISBLANK\([A-Z]{1,3}\d+\)|[A-Z]{1,3}\d+\s*=\s*(?:""|0))')
_EMPTY = re.compile(r'(?<![A-Z0-9_.:!])([A-Z]{1,3}\d{1,7})\s*(=|(<>))\s*""(?!")')
_QUOTED = re.compile(r'"([^"]+)"')
_KEPT = re.compile(r"\0(\d+)\0")
"""A text that is put aside while cells get their names, by its number."""
_CAN = frozenset({*(function.name for function in Function), "TRUE", "FALSE", "BLANK"})
_WORD = re.compile(r"(?<![A-Z.])([A-Z][A-Z.]*)\(")
_COUNTING = re.compile(r"(SUM|MIN|MAX|AVERAGE|COUNT|SUMPRODUCT|PRODUCT)\(")
_FEWEST = 0.5
"""Which part of a growing table's rows a range has to cover to mean the column."""
_DEEPEST = 6
_REMEMBERED = 20_000
"""Formulas that are not taken apart again each time that one of them is asked for."""


class Translator(Struct, frozen=True):
    """Knows what the cells of a sheet are called: ``paths`` by place, covered cells left out.

    ``scopes`` are the beginnings of names that formulas in a cell leave out, where that is not what the cell's own begins with.
    """

    paths: Mapping[tuple[int, int], str]
    rows: Mapping[str, int]
    """How many rows each value has: one where it stands once."""
    scopes: Mapping[tuple[int, int], str]

    @classmethod
    def of(cls, paths: Mapping[tuple[int, int], str], scopes: Mapping[tuple[int, int], str]) -> Translator:
        known = {place: path for place, path in paths.items() if path}
        return cls(known, Counter(known.values()), scopes)

    def translated(self, place: tuple[int, int], formula: str) -> str | None:
        """Return what the formula (without ``=``) of the cell at a place says, None where the language cannot say it."""
        text = _inner(_plain(formula))
        for _ in range(_DEEPEST):
            peeled = _peeled(text)
            if peeled is None:
                break
            text = peeled
        text = _EMPTY.sub(lambda found: f"{'NOT(' * bool(found[3])}ISBLANK({found[1]}){')' * bool(found[3])}", text)
        said: list[str] = []
        text = _QUOTED.sub(lambda found: _kept(found[1], said), text.replace('""', "BLANK"))
        beyond = any("'" in one for one in said) or re.search(r"[!^{}\[\]]", text)
        if beyond or any(word not in _CAN for word in _WORD.findall(text)):
            return None
        try:
            text = _AREA.sub(lambda found: self._area(place, found), text)
            text = _CELL.sub(lambda found: self._cell(place, found), text)
        except LookupError:
            return None
        text = _PERCENT.sub(lambda found: f"{float(found[1]) / 100:g}", text)
        return _KEPT.sub(lambda found: f"'{said[int(found[1])]}'", text)

    def _area(self, place: tuple[int, int], found: re.Match[str]) -> str:
        """Name the values in a range: columns of growing tables as a whole, other cells one by one."""
        names: dict[str, int] = {}
        for row, column in _places(found):
            path = self.paths.get((row, column))
            if path is not None:
                names[path] = names.get(path, 0) + 1
        if not names:
            raise LookupError(found[0])
        inside = int(found[2]) == int(found[4]) == place[0]
        for path, count in names.items():
            if not inside and count < _FEWEST * self.rows[path]:
                raise LookupError(path)
        return ", ".join(self._called(place, path, same_row=inside) for path in names)

    def _cell(self, place: tuple[int, int], found: re.Match[str]) -> str:
        row, column = int(found[2]), column_number(found[1])
        path = self.paths[row, column]
        if self.rows[path] > 1 and row != place[0] and not self._same_block(place, path):
            raise LookupError(path)
        return self._called(place, path, same_row=row == place[0])

    def _same_block(self, place: tuple[int, int], path: str) -> bool:
        own = self.paths.get(place, "")
        return bool(own) and self.rows[own] == self.rows[path] and own.split(".")[0] == path.split(".", maxsplit=1)[0]

    def _called(self, place: tuple[int, int], path: str, *, same_row: bool = False) -> str:
        """Return the name of a value as the cell at a place may call it: in its own row by its last part."""
        row = self.scopes.get(place, self.paths.get(place, "").rpartition(".")[0])
        return path.removeprefix(f"{row}.") if row and same_row and path.startswith(f"{row}.") else path


def _kept(text: str, said: list[str]) -> str:
    """Put a text aside; return the mark that it has until then."""
    said.append(text)
    return f"\0{len(said) - 1}\0"


def names_cells(formula: str) -> bool:
    """Tell whether a formula speaks of cells (``C5+C6``), not of values by their names."""
    text = _plain(formula)
    return bool(_AREA.search(text) or _CELL.search(text))


def gives_text(formula: str) -> bool:
    """Tell whether a formula gives a text: it joins some, takes a part of one, or gives words in quotes."""
    text = _plain(formula)
    return "&" in text or bool(
        re.match(r"(LEFT|RIGHT|MID|UPPER|TRIM)\(", text) or _TEXT_GIVEN.search(_BY_WORD.sub("0", text))
    )


def counted_cells(formulas: Mapping[tuple[int, int], str]) -> frozenset[tuple[int, int]]:
    """Return the places of which formulas make a sum, a product or a quotient: numbers stand there."""
    found: set[tuple[int, int]] = set()
    for formula in formulas.values():
        text = _plain(formula)
        if '"' in _inner(text).replace('""', "") or not (_COUNTING.search(text) or re.search(r"[-+*/]", text)):
            continue
        if re.search(r"COUNTA\(", text) and not re.search(r"SUM\(|ROUND\(", text):
            continue
        found |= set(_all_places(text))
    return frozenset(found)


def cells_read(formulas: Mapping[tuple[int, int], str]) -> frozenset[tuple[int, int]]:
    """Return the places of a sheet that formulas on it read, one by one or in ranges."""
    areas: dict[str, re.Match[str]] = {}
    found: set[tuple[int, int]] = set()
    for formula in formulas.values():
        text = _plain(formula)
        areas |= {area[0]: area for area in _AREA.finditer(text)}
        found |= {(int(cell[2]), column_number(cell[1])) for cell in _CELL.finditer(_AREA.sub("", text))}
    return frozenset(found.union(*(_places(area) for area in areas.values())))


@lru_cache(_REMEMBERED)
def _plain(formula: str) -> str:
    """Return a formula without ``$``, prefixes of newer functions, blanks; ranges to the end of a table written out."""
    text = re.sub(r"_xlfn\.|_xlws\.|\$", "", formula).strip().lstrip("=+")
    text = _lean(re.sub(r"(?<=[(,])\s+|(?<!\s)\s+(?=[),])", "", text))
    text = _TO_THE_END.sub(lambda found: f"{found[1]}{int(found[2]) + 1}:{found[1]}{int(found[3]) - 1}", text)
    text = _SUM_OF_THOSE.sub(r"SUMIF(\1,\2,\3)", text)
    return _COUNT_OF_THOSE.sub(r"COUNTIF(\1,\2)", text)


def _lean(text: str) -> str:
    """Take off the brackets around a whole argument, which old workbooks have more of than anybody typed."""
    opened: list[tuple[int, bool]] = []
    needless: set[int] = set()
    quoted = False
    for number, letter in enumerate(text):
        quoted ^= letter == '"'
        if quoted:
            continue
        if letter == "(":
            opened.append((number, False))
        elif letter == "," and opened:
            opened[-1] = (opened[-1][0], True)
        elif letter == ")" and opened:
            begun, parted = opened.pop()
            before, after = text[:begun][-1:], text[number + 1 :][:1]
            if not parted and before in {"", "(", ","} and after in {"", ")", ","}:
                needless |= {begun, number}
    return "".join(letter for number, letter in enumerate(text) if number not in needless)


def _inner(text: str) -> str:
    """Take off what only catches errors: ``IFERROR(…,"")``, ``IF(ISERROR(x),"",x)``; the language has none."""
    for _ in range(_DEEPEST):
        parts = _arguments(text, "IFERROR")
        if parts is None or len(parts) != 2 or _all_places(parts[1]):
            caught = _arguments(text, "IF")
            if caught is None or len(caught) != 3 or not re.match(r"ISERR(OR)?\(|ISNA\(", caught[0]):
                return text
            text = caught[2]
            continue
        text = parts[0]
    return text


def _peeled(text: str) -> str | None:
    """Return what stands in ``IF(COUNT(…)=0,"",…)`` where it only sees to what the language does anyway."""
    parts = _arguments(text, "IF")
    if parts is None or len(parts) != 3:
        return None
    guard, blank, rest = parts
    if blank not in {'""', "0"}:
        return None
    guards = _arguments(guard, "OR") or [guard]
    if not all(_COUNTED.fullmatch(one) or _BLANK.fullmatch(one) for one in guards):
        return None
    inner = rest
    asked, used = set(_all_places(guard)), set(_all_places(inner))
    zero = all(_BLANK.fullmatch(one) for one in guards) and "/" in inner
    if asked == used or (zero and asked <= used):
        return inner
    return None


def _arguments(text: str, function: str) -> list[str] | None:
    """Return the arguments of a text that is one call of a function, None for others."""
    start = f"{function}("
    if not text.startswith(start) or not text.endswith(")"):
        return None
    found: list[str] = []
    depth, begun, quoted = 0, len(start), False
    for number in range(len(start), len(text)):
        letter = text[number]
        if letter == '"':
            quoted = not quoted
        if quoted:
            continue
        if letter == "(":
            depth += 1
        elif letter == ")":
            if depth == 0:
                return [*found, text[begun:number].strip()] if number == len(text) - 1 else None
            depth -= 1
        elif letter == "," and depth == 0:
            found.append(text[begun:number].strip())
            begun = number + 1
    return None


def _places(found: Sequence[str] | re.Match[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of a range, at most those of a form."""
    first, last = column_number(found[1]), column_number(found[3])
    top, bottom = int(found[2]), int(found[4])
    for row in range(top, min(bottom, top + 5000) + 1):
        for column in range(first, min(last, first + 60) + 1):
            yield row, column


def _all_places(text: str) -> list[tuple[int, int]]:
    """Return all places that a formula names, ranges written out."""
    found: list[tuple[int, int]] = []
    for area in _AREA.finditer(text):
        found += _places(area)
    for cell in _CELL.finditer(_AREA.sub("", text)):
        found.append((int(cell[2]), column_number(cell[1])))
    return found
