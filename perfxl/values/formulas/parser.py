"""A formula's text, read from left to right and worked out on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from perfxl.model.address import MAX_ROW, Box, column_number, parse_cell
from perfxl.model.regex import deferred
from perfxl.model.remembered import if_short
from perfxl.values.formulas.functions import FUNCTIONS, Arguments, single
from perfxl.values.formulas.operands import (
    COMPARED,
    Cells,
    Failed,
    Operand,
    Scalar,
    Unknown,
    ValueArea,
    calculated,
    compared,
    failure,
    text,
)

LONGEST: Final = 8192
"""Characters that a formula may have."""
_DEEPEST: Final = 40

_TOKEN: Final = deferred(
    r"""
    (?P<blank>\s++)
    | (?P<number>(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?)
    | (?P<text>"(?:[^"]++|"")*+")
    | (?P<sheet>(?:'(?:[^']++|'')++'|[^\W\d]\w*+)!)
    | (?P<error>\#(?:REF!|DIV/0!|VALUE!|NAME\?|NUM!|N/A|NULL!))
    | (?P<cell>\$?[A-Za-z]{1,3}\$?[1-9]\d{0,6})(?![\w(.])
    | (?P<column>\$?[A-Za-z]{1,3})(?=:)
    | (?P<name>[A-Za-z][\w.]*+)
    | (?P<sign><>|<=|>=|[-+*/^&=<>(),;:%])
    """,
    re.VERBOSE,
)


_BINDS: Final = {**dict.fromkeys(COMPARED, 1), "&": 2, "+": 3, "-": 3, "*": 4, "/": 4, "^": 5}
"""How closely an operator binds what stands beside it."""
_SHORT, _FORMULAS = 400, 512
"""Characters of a formula whose pieces are remembered, the same in all returns of a form; how many are."""


class _Token(NamedTuple):
    kind: str
    text: str


_END: Final = _Token("", "")


@if_short(_SHORT, _FORMULAS)
def _tokens(formula: str) -> Sequence[_Token]:
    """Return the pieces of a formula. Raises Unknown for what belongs to none."""
    if len(formula) > LONGEST:
        raise Unknown
    found: list[_Token] = []
    place = 0
    while place < len(formula):
        piece = _TOKEN.match(formula, place)
        if piece is None or piece.lastgroup is None:
            raise Unknown
        if piece.lastgroup != "blank":
            found.append(_Token(piece.lastgroup, piece[0]))
        place = piece.end()
    return found


@lru_cache(maxsize=4096)
def _box(name: str) -> Box:
    """Return the cell of a name. Raises ValueError where no sheet has it."""
    row, column = parse_cell(name.upper())
    return Box(row, column, row, column)


class ParsedFormula:
    """A formula read from left to right, and worked out on the way. All of it raises Unknown."""

    def __init__(self, cells: Cells, sheet: str, formula: str) -> None:
        self._cells = cells
        self._sheet = sheet
        self._tokens = _tokens(formula)
        self._at = 0
        self._depth = 0

    def value(self) -> Scalar:
        """Return what the whole formula gives."""
        value = single(self._cells, self._operation())
        if self._at < len(self._tokens):
            raise Unknown
        return value

    def areas(self) -> Iterator[ValueArea]:
        """Yield the references that stand in the formula as such."""
        while kind := self._next().kind:
            if kind in {"cell", "sheet", "column"}:
                try:
                    reference = self._range()
                except Unknown:
                    continue
                if isinstance(reference, ValueArea):
                    yield reference
            else:
                self._at += 1

    def _next(self) -> _Token:
        return self._tokens[self._at] if self._at < len(self._tokens) else _END

    def _take(self, *signs: str) -> str:
        """Return the next sign and go on where it is one of these, else ""."""
        token = self._next()
        if token.kind == "sign" and token.text in signs:
            self._at += 1
            return token.text
        return ""

    def _want(self, sign: str) -> None:
        if not self._take(sign):
            raise Unknown

    # -- operators --------------------------------------------------------------------------------------------------

    def _operation(self, loosest: int = 1) -> Operand:
        """Return what operands give that are joined by operators, from left to right; looser ones end it."""
        left = self._signed()
        while (token := self._next()).kind == "sign" and (binds := _BINDS.get(token.text, 0)) >= loosest:
            self._at += 1
            one, other = single(self._cells, left), single(self._cells, self._operation(binds + 1))
            left = _joined(token.text, one, other)
        return left

    def _signed(self) -> Operand:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unknown
        sign = self._take("+", "-")
        value = self._signed() if sign else self._percent()
        self._depth -= 1
        return calculated("-", None, single(self._cells, value)) if sign == "-" else value

    def _percent(self) -> Operand:
        value = self._range()
        while self._take("%"):
            value = calculated("/", single(self._cells, value), 100.0)
        return value

    def _range(self) -> Operand:
        left = self._primary()
        while self._take(":"):
            here = self._next().kind == "cell"  # 明细!A1:B2 is all of it on the other sheet
            right = self._primary()
            if not (isinstance(left, ValueArea) and isinstance(right, ValueArea)):
                raise Unknown
            if left.sheet != right.sheet and not here:
                raise Unknown
            one, other = left.box, right.box
            corners = (min(one.row, other.row), min(one.column, other.column))
            left = ValueArea(
                left.sheet, Box(*corners, max(one.last_row, other.last_row), max(one.last_column, other.last_column))
            )
        return left

    # -- what stands between them -----------------------------------------------------------------------------------

    def _primary(self) -> Operand:
        self._cells.step()
        token = self._next()
        if token.kind in {"cell", "sheet", "column"}:
            return self._reference()
        self._at += 1
        match token.kind:
            case "number":
                return float(token.text)
            case "text":
                return token.text[1:-1].replace('""', '"')
            case "error":
                return Failed(token.text)
            case "name":
                return self._named(token.text.upper().removeprefix("_XLFN."))
            case "sign" if token.text == "(":
                value = self._operation()
                self._want(")")
                return value
        raise Unknown

    def _reference(self) -> Operand:
        sheet = self._sheet
        token = self._next()
        if token.kind == "sheet":
            self._at += 1
            sheet = token.text[:-1].strip("'").replace("''", "'").lower()
            token = self._next()
        self._at += 1
        try:
            if token.kind == "cell":
                return ValueArea(sheet, _box(token.text))
            if token.kind == "column":
                first = column_number(token.text.strip("$").upper())
                self._want(":")
                last = column_number(self._next().text.strip("$").upper())
                self._at += 1
                return ValueArea(sheet, Box(1, min(first, last), MAX_ROW, max(first, last)))
        except ValueError as error:
            raise Unknown from error
        raise Unknown

    def _named(self, name: str) -> Operand:
        if name in {"TRUE", "FALSE"} and self._next().text != "(":
            return name == "TRUE"
        self._want("(")
        arguments: list[Operand] = []
        while not self._take(")"):
            if arguments or self._next().text in {",", ";"}:
                if not arguments:
                    arguments.append(None)
                if not self._take(",", ";"):
                    raise Unknown
            arguments.append(None if self._next().text in {",", ";", ")"} else self._operation())
        if name not in FUNCTIONS:
            raise Unknown
        return FUNCTIONS[name](Arguments(self._cells, arguments))


def _joined(sign: str, one: Scalar, other: Scalar) -> Scalar:
    """Return what an operator makes of two values."""
    if sign in COMPARED:
        return compared(sign, one, other)
    return (failure(one, other) or text(one) + text(other)) if sign == "&" else calculated(sign, one, other)
