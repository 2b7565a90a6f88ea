"""Print an expression as pieces of an Excel formula.

Inside a formula a blank is an Excel error, for errors pass through operators and functions as blanks do in the
language, and IF looks at the chosen branch only. What can be told beforehand is asked in front instead, which is
shorter and spares most formulas the IFERROR around them: ``IF(COUNT(E5:F5)<2,"",E5+F5)``. So there are three ways to be
blank:

- a cell that must hold a number and does not: it is empty, holds ``""`` or a text (``—``);
- a test: a text that is true where it is blank, and never gives an error;
- an error of the core.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple, Protocol, assert_never

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr import patterns
from perfxl.expr.areas import merged
from perfxl.expr.arithmetic import COMPARED_DECIMALS, UNSEEN, rounded
from perfxl.expr.from_inputs import keys_of
from perfxl.expr.pieces import BLANK_OR_NOTHING, ERROR, Binding, FormulaText, infix, joined, listed, literal, none_of
from perfxl.expr.sorts import CRITERION, YEARS, sort_of
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Sort

_COUNTING = frozenset(
    {
        *(Function.COUNT, Function.COUNTA, Function.COUNTIF, Function.SAID, Function.DECIMALS),
        Function.SAMEROWS,
        *(Function.LEN, Function.YEAR, Function.MONTH, Function.DAY),
    }
)
"""What gives whole numbers."""


class PlacedCells(Protocol):
    """Where the cells of a form stand, in the words of a formula. Areas include rows that are inserted later."""

    def cell(self, path: str, /) -> str:
        """Return the cell at a concrete path: ``E5``, ``$E5``, ``'自评表'!E5``."""

    def ranges(self, path: str, /) -> tuple[str, ...]:
        """Return the areas of a column: ``G12:G38``, or several.

        The path has brackets left open: ``indicators[].weight``, ``goals[0].indicators[].weight``. An area may begin at
        a locked head row and end at a locked last row (texts, no numbers). Columns of one table have equal areas.
        """

    def printed(self, path: str, /) -> tuple[str, ...]:
        """Return the cells of ``ranges`` that hold printed text (those locked rows) and not a value of the form."""


class Printer(Struct, frozen=True):
    """Print expressions about one row (``indicators[3]``, or "") of a form placed at ``cells``."""

    cells: PlacedCells
    row: str

    def closed(self, expr: Expr, blank: str, given: frozenset[str] = frozenset()) -> FormulaText:
        """Return a text that gives ``blank`` where the expression is blank, or an error where it is fallible.

        ``given``: the cells and tests that have been looked at before.
        """
        return self.text(expr, blank, given).without(given).closed(blank)

    def text(self, expr: Expr, blank: str = ERROR, given: frozenset[str] = frozenset()) -> FormulaText:
        """Return an expression's text; ``blank`` and ``given`` are for the branches of an IF, the last in it."""
        match expr:
            case Constant() | Blank() | FieldRef():
                return self.leaf(expr, blank)
            case Range():
                raise TypeError(expr)  # only as an argument: perfxl.expr.check lets no other through
            case Negate(operand):
                part = self.text(operand)
                return joined(f"-{part.held(Binding.MULTIPLY)}", [part], Binding.ADD)
            case Binary(operator, left, right) if operator.compares:
                return self.comparison(operator, left, right)
            case Binary(operator, left, right):
                level = Binding.ADD if operator in {Operator.ADD, Operator.SUBTRACT} else Binding.MULTIPLY
                if operator is Operator.JOIN:
                    level = Binding.JOIN
                return infix(operator, self.text(left), self.text(right), level, fallible=operator is Operator.DIVIDE)
            case Call(Function.IF, (condition, yes, no)):
                return self.choice(condition, (yes, no), blank, given)
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                assert_never(expr)

    def choice(self, condition: Expr, branches: tuple[Expr, Expr], blank: str, given: frozenset[str]) -> FormulaText:
        asked = self.text(condition)
        given |= {*asked.numbers, *asked.tests}
        yes, no = (self.closed(branch, blank, given) for branch in branches)
        return replace(
            asked,
            core=f"IF({asked.core},{yes.core},{no.core})",
            binding=Binding.ATOM,
            fallible=asked.fallible or yes.fallible or no.fallible,
        )

    def leaf(self, expr: Constant | Blank | FieldRef, blank: str) -> FormulaText:
        match expr:
            case Constant(value):
                return FormulaText(literal(value))
            case Blank():
                return FormulaText(blank, fallible=blank == ERROR)
            case FieldRef(_, sort):
                name = self.cells.cell(expr.path_at(self.row))
                numeric = sort in {Sort.NUMBER, Sort.DATE}
                return FormulaText(name, numbers=(name,)) if numeric else FormulaText(name, tests=(f'{name}=""',))
            case _:
                assert_never(expr)

    def comparison(self, operator: Operator, left: Expr, right: Expr) -> FormulaText:
        first, second = self.text(left), self.text(right)
        match sort_of(left):
            case Sort.NUMBER if not (_exact(left) and _exact(right)):
                zero = right == Constant(Decimal(0))
                gap = first if zero else infix(Operator.SUBTRACT, first, second, Binding.ADD)
                return joined(f"ROUND({gap.core},{COMPARED_DECIMALS}){operator}0", [gap], Binding.COMPARE)
            case Sort.TEXT:
                return infix(operator, _as_text(left, first, right), _as_text(right, second, left), Binding.COMPARE)
            case _:
                return infix(operator, first, second, Binding.COMPARE)

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> FormulaText:
        match function, arguments:
            case Function.ISBLANK, (operand,):
                return self.is_blank(operand)
            case Function.SUM, _:
                return self.total(arguments)
            case Function.SUMIF, (keys, key, Range() as values):
                return self.total_by_key(keys, key, values)
            case Function.SUMPRODUCT, _:
                multiplied = self.multiplied(arguments)
                return FormulaText(multiplied.total, Binding.ADD, tests=(f"{multiplied.tally}=0",))
            case Function.COUNTIF, (Range() as cells, wanted):
                return self.count_alike(cells, wanted)
            case Function.AVERAGE, _:
                names = listed(name for argument in arguments for leaf in self.leaves(argument) for name in leaf.names)
                return FormulaText(f"AVERAGE({names})", tests=(f"COUNT({names})=0",))
            case ((Function.COUNT | Function.COUNTA), _):
                return self.count([leaf for argument in arguments for leaf in self.leaves(argument)])
            case Function.SAID, _:
                return self.said([leaf for argument in arguments for leaf in self.leaves(argument)])
            case _:
                return self.of_one(function, arguments)

    def of_one(self, function: Function, arguments: tuple[Expr, ...]) -> FormulaText:
        """Return a function of single values, but that the areas of MIN and MAX are."""
        match function, arguments:
            case Function.DECIMALS, (operand,):
                part = self.text(operand)
                places = ",".join(map(str, range(COMPARED_DECIMALS)))
                core = f"SUMPRODUCT(--(ABS({part.core}-ROUND({part.core},{{{places}}}))>={UNSEEN}))"
                return joined(core, [part])
            case Function.FITS, (operand, Constant(str() as pattern)):
                part = self.text(operand)
                return joined(patterns.formula(part.core, pattern), [part])
            case Function.SAMEROWS, _:
                return self.same_rows([argument for argument in arguments if isinstance(argument, FieldRef)])
            case ((Function.TRIM | Function.MID), (operand, *_)):
                return self.cut(function, operand, arguments)
            case Function.DATE, (operand, *_) if not isinstance(operand, Constant):
                return self.day(operand, arguments)
            case ((Function.YEAR | Function.MONTH | Function.DAY), (operand,)):
                part = self.text(operand)
                # What is reckoned from a day may lie before all days.
                return joined(f"{function}({part.core})", [part], fallible=not isinstance(operand, FieldRef))
            case _:
                parts = [self.argument(argument) for argument in arguments]
                return joined(f"{function}({listed(part.core for part in parts)})", parts)

    def cut(self, function: Function, operand: Expr, arguments: tuple[Expr, ...]) -> FormulaText:
        """Return a function of a text that may leave nothing of it."""
        parts = [self.text(argument) for argument in arguments]
        core = f"{function}({','.join(part.core for part in parts)})"
        held = parts[0].core if isinstance(operand, FieldRef) else self.closed(operand, '""').core
        left = f'TRIM({held})=""' if function is Function.TRIM else f"LEN({held})<{parts[1].core}"
        return joined(core, [*parts, FormulaText("", tests=(left,))])

    def day(self, year: Expr, arguments: tuple[Expr, ...]) -> FormulaText:
        parts = [self.text(argument) for argument in arguments]
        held = self.closed(year, "0").core
        tests = (f"{held}<{YEARS[0]}", f"{held}>{YEARS[1]}")
        return joined(f"DATE({','.join(part.core for part in parts)})", [*parts, FormulaText("", tests=tests)])

    def argument(self, expr: Expr) -> FormulaText:
        """Return an argument of MIN and MAX, which may be several cells, or of a function of single values."""
        if not isinstance(expr, Range):
            return self.text(expr)
        names = listed(name for leaf in self.leaves(expr) for name in leaf.names)
        return FormulaText(names, tests=(f"COUNT({names})=0",))

    def is_blank(self, operand: Expr) -> FormulaText:
        part = self.text(operand)
        if part.fallible:
            return FormulaText(f"ISERROR({part.closed(ERROR).core})")
        if sort_of(operand) is Sort.DATE and isinstance(operand, FieldRef):
            return FormulaText(f'{part.core}=""', Binding.COMPARE)  # a date may be typed as text
        return FormulaText(part.guard or "FALSE", Binding.COMPARE)

    def leaves(self, expr: Expr) -> list[_Leaf]:
        match expr:
            case FieldRef(_, sort):
                return [_Leaf((self.cells.cell(expr.path_at(self.row)),), sort)]
            case Range(fields):
                paths = expr.paths_at(self.row)
                return [self.column(path, field.sort) for field, path in zip(fields, paths, strict=True)]
            case _:
                raise TypeError(expr)  # perfxl.expr.check lets only cells through

    def column(self, path: str, sort: Sort) -> _Leaf:
        if "[]" in path:
            return _Leaf(self.cells.ranges(path), sort, self.cells.printed(path))
        return _Leaf((self.cells.cell(path),), sort)

    def count_alike(self, cells: Range, wanted: Expr) -> FormulaText:
        """Return how many cells hold a text, or a number that meets a condition."""
        leaves = self.leaves(cells)
        areas = merged(name for leaf in leaves for name in leaf.names)
        if sort_of(cells) is Sort.NUMBER:
            condition = wanted.value if isinstance(wanted, Constant) else None
            return FormulaText("+".join(_meeting(area, str(condition)) for area in areas), Binding.ADD)
        part = self.text(wanted)
        key = _as_text(wanted, part, cells).held(Binding.ADD)
        printed = [name for leaf in leaves for name in leaf.printed]

        def same(name: str) -> str:
            return f"({_as_text(cells, FormulaText(name), wanted).core}={key})"

        core = "+".join(f"SUMPRODUCT(--{same(area)})" for area in areas)
        return joined(core + "".join(f"-{same(name)}" for name in printed), [part], Binding.ADD)

    def count(self, leaves: Sequence[_Leaf]) -> FormulaText:
        numbers = [name for leaf in leaves for name in leaf.names if leaf.sort is Sort.NUMBER]
        others = [leaf for leaf in leaves if leaf.sort is not Sort.NUMBER]
        terms = [f"COUNT({listed(numbers)})"] if numbers else []
        terms += [f'SUMPRODUCT(--({area}<>""))' for area in merged(name for leaf in others for name in leaf.names)]
        printed = sum(len(leaf.printed) for leaf in others)
        core = "+".join(terms) + (f"-{printed}" if printed else "")
        return FormulaText(core, Binding.ATOM if len(terms) == 1 and not printed else Binding.ADD)

    def said(self, leaves: Sequence[_Leaf]) -> FormulaText:
        areas = merged(name for leaf in leaves for name in leaf.names)
        terms = [f"SUMPRODUCT(--{none_of(area, BLANK_OR_NOTHING)})" for area in areas]
        printed = sum(len(leaf.printed) for leaf in leaves)
        core = "+".join(terms) + (f"-{printed}" if printed else "")
        return FormulaText(core, Binding.ATOM if len(terms) == 1 and not printed else Binding.ADD)

    def total(self, arguments: Sequence[Expr]) -> FormulaText:
        summands = [summand for argument in arguments for summand in self.summands(argument)]
        core = f"SUM({listed(summand.value for summand in summands)})"
        if any(summand.sure for summand in summands):
            return FormulaText(core)
        counted = [summand.counted for summand in summands if not summand.tally]
        counts = [f"COUNT({listed(counted)})"] if counted else []
        counts += [summand.tally for summand in summands if summand.tally]
        return FormulaText(core, tests=(f"{'+'.join(counts)}=0",))

    def summands(self, argument: Expr) -> list[_Summand]:
        match argument:
            case FieldRef() | Range():
                return [_Summand(name, name) for leaf in self.leaves(argument) for name in leaf.names]
            case Call(Function.SUM, arguments):
                return [summand for inner in arguments for summand in self.summands(inner)]
            case Call(Function.SUMIF, (keys, Constant() as key, Range() as values)):
                picked = self.picked(keys, key, values)
                return [_Summand(picked.total, tally=picked.tally)]
            case _:
                part = self.closed(argument, ERROR)
                if part.fallible:
                    return [_Summand(f"IFERROR({part.core},0)", part.core)]
                return [_Summand(part.core, sure=True)]

    def total_by_key(self, keys: Expr, key: Expr, values: Range) -> FormulaText:
        picked = self.picked(keys, key, values)
        wanted = self.text(key)
        return joined(picked.total, [wanted, FormulaText("", tests=(f"{picked.tally}=0",))], Binding.ADD)

    def same_rows(self, cells: Sequence[FieldRef]) -> FormulaText:
        """Return how many rows have what some cells of this row have, itself among them; heads are none."""
        parts = [self.text(cell) for cell in cells]
        leaves = [self.column(_bound(cell, self.row), cell.sort) for cell in cells]

        def alike(names: Sequence[str]) -> str:
            pairs = zip(cells, parts, names, strict=True)
            return "*".join(
                f"({_as_text(cell, FormulaText(name), cell).core}={_as_text(cell, part, cell).held(Binding.ADD)})"
                if cell.sort is Sort.TEXT
                else f"({name}={part.held(Binding.ADD)})"
                for cell, part, name in pairs
            )

        areas = zip(*(leaf.names for leaf in leaves), strict=True)
        core = "+".join(f"SUMPRODUCT(1*{alike(names)})" for names in areas)
        heads = zip(*(leaf.printed for leaf in leaves), strict=False)
        return joined(core + "".join(f"-{alike(names)}" for names in heads), parts, Binding.ADD)

    def multiplied(self, columns: Sequence[Expr]) -> _Picked:
        """Return how many rows have a number in each column, and the sum of their products."""
        areas = [merged(name for leaf in self.leaves(column) for name in leaf.names) for column in columns]
        rows = list(zip(*areas, strict=True))
        return _Picked(
            "+".join(f"SUMPRODUCT({'*'.join(f'ISNUMBER({area})' for area in row)})" for row in rows),
            "+".join(f"SUMPRODUCT({','.join(row)})" for row in rows),
        )

    def picked(self, keys: Expr, key: Expr, values: Range) -> _Picked:
        """Return the count and the sum of the numbers beside a key."""
        column, length = keys_of(keys)
        (names,), (amounts,) = self.leaves(column), self.leaves(values)
        wanted = _as_text(key, self.text(key), column).held(Binding.JOIN)
        pairs = [
            (
                f"LEFT({area},{length})" if length else _as_text(column, FormulaText(area), key).held(Binding.JOIN),
                amount,
            )
            for area, amount in zip(merged(names.names), merged(amounts.names), strict=True)
        ]
        return _Picked(
            "+".join(f"SUMPRODUCT(({area}={wanted})*ISNUMBER({amount}))" for area, amount in pairs),
            "+".join(f"SUMPRODUCT(--({area}={wanted}),{amount})" for area, amount in pairs),
        )


class _Leaf(NamedTuple):
    """The cells or areas of one field, and those among them that hold printed text."""

    names: tuple[str, ...]
    sort: Sort
    printed: tuple[str, ...] = ()


class _Summand(NamedTuple):
    """Part of a sum: what is added, and what tells whether it is filled.

    That is a text that COUNT counts where it is filled (a cell, an area, something that may be an error), or the text
    of a count, or nothing where it is always filled (``sure``).
    """

    value: str
    counted: str = ""
    tally: str = ""
    sure: bool = False


class _Picked(NamedTuple):
    """What stands beside a key: how many numbers, and their sum (0 where there are none)."""

    tally: str
    total: str


def _bound(cell: FieldRef, row: str) -> str:
    """Return the path of the column that a cell of a row belongs to, its last brackets open."""
    table, _, key = cell.path_at(row).rpartition("[")
    return f"{table}[]{key.partition(']')[2]}"


def _meeting(area: str, condition: str) -> str:
    """Return how many numbers of an area meet a condition, as closely as comparisons look."""
    found = CRITERION.fullmatch(condition)
    if found is None:
        raise ValueError(condition)  # perfxl.expr.check lets no other through
    number = Decimal(found[2])
    below, above = (f"{number + gap:f}" for gap in (-UNSEEN, UNSEEN))
    at_least, more = f'COUNTIF({area},">"&{below})', f'COUNTIF({area},">="&{above})'
    match Operator(found[1]):
        case Operator.AT_LEAST:
            return at_least
        case Operator.MORE:
            return more
        case Operator.AT_MOST:
            return f'COUNTIF({area},"<"&{above})'
        case Operator.LESS:
            return f'COUNTIF({area},"<="&{below})'
        case Operator.EQUAL:
            return f"{at_least}-{more}"
        case _:
            return f"COUNT({area})-{at_least}+{more}"


def _as_text(expr: Expr, part: FormulaText, other: Expr) -> FormulaText:
    """Return an operand of a comparison of texts: a number that somebody typed for a text is taken as text."""
    harmless = isinstance(other, Constant) and isinstance(other.value, str) and not any(map(str.isdigit, other.value))
    if harmless or isinstance(expr, Constant):
        return part
    return replace(part, core=f'{part.held(Binding.JOIN)}&""', binding=Binding.JOIN)


def _exact(expr: Expr) -> bool:
    """Tell whether Excel holds a number without the noise of binary reckoning, to six decimals at most."""
    match expr:
        case Constant(Decimal() as value):
            return value == rounded(value, COMPARED_DECIMALS)
        case Negate(operand):
            return _exact(operand)
        case Call(function) if function in _COUNTING:
            return True
        case Call(Function.ROUND, (_, Constant(Decimal() as places))):
            return places <= COMPARED_DECIMALS
        case Call(Function.ABS | Function.MIN | Function.MAX, arguments):
            return all(_exact(argument) for argument in arguments)
        case _:
            return False
