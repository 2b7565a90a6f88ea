"""A form for the tests of the rule language: its fields, places for them on a sheet, random records and expressions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from random import Random

from perfxl.expr.parse import Scope, parse
from perfxl.model.expression import Expr
from perfxl.model.field_type import Type
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import Value, WordValue

TYPES: Mapping[str, Type] = {
    "year": Type.YEAR,
    "unit_name": Type.TEXT,
    "from": Type.TEXT,
    "start": Type.DATE,
    "end": Type.DATE,
    "funds.total.initial": Type.MONEY,
    "funds.total.budget": Type.MONEY,
    "funds.total.executed": Type.MONEY,
    "funds.total.weight": Type.NUMBER,
    "funds.total.rate": Type.PERCENT,
    "funds.by_income.general": Type.MONEY,
    "funds.by_income.gov_fund": Type.MONEY,
    "funds.by_income.other": Type.MONEY,
    "funds.special": Type.MONEY,
    "projects[].category": Type.CHOICE,
    "projects[].year_budget": Type.MONEY,
    "projects[].urgent": Type.TICK,
    "indicators[].name": Type.TEXT,
    "indicators[].target": Type.VALUE,
    "indicators[].weight": Type.NUMBER,
    "indicators[].score": Type.NUMBER,
    "goals[].statement": Type.TEXT,
    "goals[].indicators[].weight": Type.NUMBER,
    "goals[].indicators[].score": Type.NUMBER,
}

TABLE_ROWS = 3
GOALS = 2
ROWS = ("", "funds.total", "projects[]", "indicators[]", "goals[]", "goals[].indicators[]")

_HEAD = 30
_BLOCK = TABLE_ROWS + 2
_LETTERS = {path: chr(ord("B") + index) for index, path in enumerate(TYPES)}
_SIGNS = (">=", ">", "<", "<=", "=", "<>")
_WORDS = ("特定目标", "人员类", "ABC", "Abc", "项目1", "100", "无", "—")


def expression(source: str, row: str = "") -> Expr:
    """Parse an expression over the sample form."""
    return parse(source, Scope(TYPES, row))


def record(values: Mapping[str, Value] | None = None) -> Record:
    """Return a record of the sample form with as many rows as its sheet has."""
    goals = {f"goals[{goal}].indicators": TABLE_ROWS for goal in range(GOALS)}
    return Record(values or {}, {"projects": TABLE_ROWS, "indicators": TABLE_ROWS, "goals": GOALS, **goals})


class Sheet:
    """The places: single cells in row 5; tables in columns of their own, between a head and a last row of text."""

    def cell(self, path: str) -> str:
        numbers = [int(number) for number in re.findall(r"\[(\d+)\]", path)]
        letter = _LETTERS[generic(path)]
        if not numbers:
            return f"{letter}5"
        block = numbers[0] if len(numbers) > 1 else 0
        return f"{letter}{_HEAD + block * _BLOCK + 1 + numbers[-1]}"

    def ranges(self, path: str) -> tuple[str, ...]:
        letter, one = _LETTERS[generic(path)], re.search(r"\[(\d+)\]", path)
        count = GOALS if path.count("[") > 1 else 1
        blocks = [int(one[1])] if one else range(count)
        tops = [_HEAD + block * _BLOCK for block in blocks]
        return tuple(f"{letter}{top}:{letter}{top + _BLOCK - 1}" for top in tops)

    def printed(self, path: str) -> tuple[str, ...]:
        return tuple(end for area in self.ranges(path) for end in area.split(":"))

    def texts(self) -> dict[str, str]:
        """Return the printed cells: a text that is a category, too, so that a total by key would notice."""
        ends = [end for path in TYPES if "[]" in path for area in self.ranges(path) for end in area.split(":")]
        return dict.fromkeys(ends, _WORDS[0])


def random_values(random: Random) -> dict[str, Value]:
    """Return values for the sample form, a few of them left blank."""
    empty = record()
    paths = [path for kind in TYPES for path in empty.paths(kind)]
    return {path: _random_value(random, TYPES[generic(path)]) for path in paths if random.random() < 0.85}


def _random_value(random: Random, kind: Type) -> Value:
    match kind:
        case Type.TEXT | Type.CHOICE:
            return random.choice(_WORDS)
        case Type.VALUE:
            return WordValue(random.choice(_WORDS))
        case Type.DATE:
            return dt.date(2024, 1, random.randint(1, 3))
        case Type.TICK:
            return True
        case _:
            return random.choice([Decimal(0), Decimal(random.randint(-300, 9900)) / 100, Decimal(random.randint(0, 5))])


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes random expressions about one kind of row, as an author would."""

    random: Random
    row: str

    def any(self, depth: int) -> str:
        return self.random.choice([self.number, self.number, self.truth, self.truth, self.text])(depth)

    def number(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice([*self.names(numeric=True), "0", "1", "2.5", "100"])
        ways: list[Callable[[], str]] = [
            lambda: f"{self.number(0)} / {self.number(0)}",
            lambda: f"ROUND({self.number(0)} / {self.number(0)} * {self.number(0)}, 2)",
            lambda: f"({self.number(depth - 1)}) {self.random.choice('+-*')} ({self.number(depth - 1)})",
            lambda: f"{self.number(depth - 1)} {self.random.choice('+-*/')} {self.number(0)}",
            lambda: f"-{self.number(0)}",
            lambda: f"ROUND({self.number(depth - 1)}, {self.random.randint(0, 3)})",
            lambda: f"ABS({self.number(depth - 1)})",
            lambda: f"{self.random.choice(['SUM', 'MIN', 'MAX'])}({self.some(depth - 1)}, {self.some(depth - 1)})",
            lambda: f"SUM({self.several()})",
            lambda: f"COUNT({self.several()}, {self.random.choice(self.names(numeric=True))})",
            lambda: f"COUNTA({self.filled()}, {self.filled()})",
            lambda: f"SAID({self.several()}, {self.random.choice(['indicators.name', *self.names(numeric=False)])})",
            lambda: f"COUNTIF(projects.category, {self.text(0)})",
            lambda: f"COUNTIF({self.several()}, '{self.random.choice(_SIGNS)}{self.random.choice(['0', '1', '2.5'])}')",
            lambda: "SUMPRODUCT(indicators.weight, indicators.score)",
            lambda: "SUMPRODUCT(goals.indicators.weight, goals.indicators.score)",
            lambda: f"AVERAGE({self.several()}, {self.random.choice(self.names(numeric=True))})",
            lambda: f"SAMEROWS({self.random.choice(['name', 'weight', 'name, weight', 'target, name'])})",
            lambda: f"DECIMALS({self.number(0)})",
            lambda: f"LEN({self.text(depth - 1)})",
            lambda: f"{self.day(depth - 1)} - {self.day(0)}",
            lambda: f"{self.random.choice(['YEAR', 'MONTH', 'DAY'])}({self.day(depth - 1)})",
            lambda: f"SUMIF(projects.category, {self.text(0)}, projects.year_budget)",
            lambda: f"IF({self.truth(depth - 1)}, {self.blank_or(self.number, depth)}, {self.number(depth - 1)})",
        ]
        return self.random.choice(ways)()

    def truth(self, depth: int) -> str:
        if depth == 0:
            order = self.random.choice(["<", "<=", ">", ">=", "==", "!=", "=", "<>"])
            equal = self.random.choice(["==", "!=", "=", "<>"])
            asked = self.random.choice(
                [*self.names(numeric=True), *self.names(numeric=False), "projects.category"][:-1]
            )
            return self.random.choice(
                [
                    f"{self.number(1)} {order} {self.number(0)}",
                    f"{self.number(0)} {order} {self.number(0)}",
                    f"{self.text(0)} {equal} {self.text(0)}",
                    f"{self.day(1)} {order} {self.day(0)}",
                    f"ISBLANK({asked})",
                    f"FITS({self.text(0)}, '{self.random.choice(['###', '@@@', '项目#', 'a?*', '手机'])}')",
                ]
            )
        ways: list[Callable[[], str]] = [
            lambda: f"({self.truth(depth - 1)} and {self.truth(depth - 1)})",
            lambda: f"OR({self.truth(depth - 1)}, {self.truth(depth - 1)})",
            lambda: f"NOT({self.truth(depth - 1)})",
            lambda: f"({self.truth(depth - 1)}) == ({self.truth(0)})",
            lambda: f"ISBLANK({self.number(depth - 1)})",
            lambda: f"IF({self.truth(depth - 1)}, {self.truth(depth - 1)}, {self.blank_or(self.truth, depth)})",
            lambda: f"{self.number(depth)} >= {self.number(depth - 1)}",
            lambda: f"{self.text(depth - 1)} == {self.text(depth - 1)}",
        ]
        return self.random.choice(ways)()

    def text(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice([*self.names(numeric=False), *(f"'{word}'" for word in _WORDS)])
        ways: list[Callable[[], str]] = [
            lambda: f"IF({self.truth(depth - 1)}, {self.text(depth - 1)}, {self.blank_or(self.text, depth)})",
            lambda: f"{self.text(0)} & {self.text(depth - 1)}",
            lambda: f"'甲' & {self.number(0)}",
            lambda: f"{self.random.choice(['LEFT', 'RIGHT'])}({self.text(depth - 1)}, {self.random.randint(1, 4)})",
            lambda: f"MID({self.text(depth - 1)}, {self.random.randint(1, 4)}, {self.random.randint(1, 3)})",
            lambda: f"{self.random.choice(['TRIM', 'UPPER'])}({self.text(depth - 1)})",
        ]
        return self.random.choice(ways)()

    def day(self, depth: int) -> str:
        if depth == 0:
            return self.random.choice(["start", "end", "DATE(2024, 1, 2)", "DATE(year, 12, 31)"])
        ways: list[Callable[[], str]] = [
            lambda: f"({self.day(depth - 1)} {self.random.choice('+-')} {self.random.randint(0, 400)})",
            lambda: f"{self.random.choice(['MIN', 'MAX'])}({self.day(depth - 1)}, {self.day(0)})",
            lambda: f"IF({self.truth(0)}, {self.day(depth - 1)}, {self.blank_or(self.day, depth)})",
        ]
        return self.random.choice(ways)()

    def blank_or(self, write: Callable[[int], str], depth: int) -> str:
        return "BLANK" if self.random.random() < 0.3 else write(depth - 1)

    def some(self, depth: int) -> str:
        return self.several() if self.random.random() < 0.5 else self.number(depth)

    def several(self) -> str:
        inside = ["indicators.weight", "indicators.score"] if self.row.startswith("goals[]") else []
        return self.random.choice(
            ["funds.by_income", "indicators.weight", "projects.year_budget", "goals.indicators.score", "funds", *inside]
        )

    def filled(self) -> str:
        return self.random.choice(
            ["projects", "indicators.name", "projects.urgent", "goals.statement", "unit_name", "funds", "start"]
        )

    def names(self, *, numeric: bool) -> list[str]:
        fixed = ["year", "funds.special", "funds.total.budget"] if numeric else ["unit_name", "from"]
        inside = [path.removeprefix(f"{self.row}.") for path in TYPES if self.row and path.startswith(f"{self.row}.")]
        return fixed + [
            name
            for name in inside
            if "[]" not in name
            and TYPES[f"{self.row}.{name}"] is not Type.TICK
            and TYPES[f"{self.row}.{name}"].numeric is numeric
        ]

    def at(self) -> str:
        """Return one of the concrete rows."""
        row = self.row
        while "[]" in row:
            row = row.replace("[]", f"[{self.random.randrange(GOALS)}]", 1)
        return row
