"""Print a condition about the rows of a table as one formula over whole columns, to be entered as an array formula.

A table of thousands of rows is watched by a formula a rule: each cell of a row is the column that it stands in, and what the
rule reads elsewhere stands in a cell of its own. A blank is an Excel error all the way up; what is no longer blank there is
caught where it is asked. AND and OR do not work row by row in Excel, and NOT loses errors in LibreOffice: they are products,
sums and differences.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, assert_never

from msgspec import Struct

from perfxl.expr.arithmetic import COMPARED_DECIMALS, UNSEEN
from perfxl.expr.pieces import BLANK_OR_NOTHING, ERROR, FORMULA_LIMIT, length, literal, none_of
from perfxl.expr.sorts import YEARS, sort_of
from perfxl.model.expression import (
    Binary,
    Blank,
    Call,
    Constant,
    Expr,
    ExpressionError,
    FieldRef,
    Function,
    Negate,
    Operator,
    Range,
)
from perfxl.model.field_type import Sort

_MOST_COMPARED = 3
"""Values in one MIN or MAX: each more doubles the formula."""
_ONE_BY_ONE = ExpressionError("逐行才算得出")


class WatchedColumns(Protocol):
    """Where the columns of a table stand, in the words of a formula."""

    def column(self, path: str, /) -> str:
        """Return the cells of a column from the first row of the table to the last; ``path`` is generic."""

    def apart(self, expr: Expr, /) -> str:
        """Return a cell that holds what an expression gives that reads nothing of the row."""


def broken_in_rows(rule: Expr, columns: WatchedColumns, table: str) -> str:
    """Return a formula that is 1 in each row of a table (generic path) in which a rule is false, else 0.

    Raises ExpressionError where Excel can work it out row by row only, or the formula is too long.
    """
    text = f"IFERROR(1-{_Printer(columns, f'{table}[].').text(rule)},0)"
    if length(text) > FORMULA_LIMIT // 2:
        raise _ONE_BY_ONE
    return text


def explained_in_rows(rule: Expr, columns: WatchedColumns, table: str) -> str:
    """Return the formula of perfxl.expr.rounding.explained by row, "" where nothing is summed up. Raises as broken_in_rows."""
    printer = _Printer(columns, f"{table}[].")
    match rule:
        case Binary(operator, left, right) if _is_loose(operator) and sort_of(left) is Sort.NUMBER:
            counted = [*printer.counted(left, summed=False), *printer.counted(right, summed=False)]
            if not counted:
                return ""
            gap = f"ROUND(ABS(ROUND({printer.text(left)},2)-ROUND({printer.text(right)},2)),2)"
            return f"IFERROR(1*({gap}<=ROUNDUP(0.005*({'+'.join(counted)}),2)),0)"
        case Call(Function.OR, parts):
            found = [text for part in parts if (text := explained_in_rows(part, columns, table))]
            return f"(1*({'+'.join(found)}>0))" if found else ""
        case Call(Function.AND, parts):
            reasons = [explained_in_rows(part, columns, table) for part in parts]
            held = (
                f"(1-{broken_in_rows(part, columns, table)}+{reason or '0'}>0)"
                for part, reason in zip(parts, reasons, strict=True)
            )
            return f"({'*'.join(held)})" if any(reasons) else ""
        case Call(Function.IF, (condition, yes, no)):
            branches = [explained_in_rows(branch, columns, table) or "0" for branch in (yes, no)]
            return f"IFERROR(IF({printer.text(condition)},{','.join(branches)}),0)" if branches != ["0", "0"] else ""
        case _:
            return ""


def _is_loose(operator: Operator) -> bool:
    return operator.compares and operator is not Operator.UNEQUAL and not operator.strict


class _Printer(Struct, frozen=True):
    columns: WatchedColumns
    row: str
    """What the paths of the row begin with: ``items[].``."""

    def text(self, expr: Expr) -> str:
        """Return an expression's text: a column of values, or one for all rows; an error where it is blank."""
        sort = sort_of(expr)
        if sort not in {None, Sort.TRUTH} and not isinstance(expr, Constant) and not self.reads_row(expr):
            return _leaf(self.columns.apart(expr), sort)
        match expr:
            case Constant(value):
                return literal(value)
            case Blank():
                return ERROR
            case FieldRef(path, sort):
                return _leaf(self.columns.column(path), sort)
            case Range():
                raise _ONE_BY_ONE
            case Negate(operand):
                return f"(-{self.text(operand)})"
            case Binary(operator, left, right) if operator.compares:
                return self.comparison(operator, left, right)
            case Binary(Operator.JOIN):
                raise _ONE_BY_ONE  # LibreOffice loses errors where it puts texts of a column together
            case Binary(operator, left, right):
                return f"({self.text(left)}{operator}{self.text(right)})"
            case Call(function, arguments):
                return self.call(function, arguments)
            case _:
                assert_never(expr)

    def reads_row(self, expr: Expr) -> bool:
        """Tell whether an expression reads a cell of the row."""
        match expr:
            case FieldRef(path):
                return path.startswith(self.row)
            case Range(fields, bound):
                return bound > 0 and any(field.path.startswith(self.row) for field in fields)
            case Negate(operand):
                return self.reads_row(operand)
            case Binary(_, left, right):
                return self.reads_row(left) or self.reads_row(right)
            case Call(Function.SAMEROWS):
                return True
            case Call(_, arguments):
                return any(map(self.reads_row, arguments))
            case _:
                return False

    def comparison(self, operator: Operator, left: Expr, right: Expr) -> str:
        first, second = self.text(left), self.text(right)
        match sort_of(left):
            case Sort.NUMBER | Sort.DATE:
                return f"(ROUND({first}-{second},{COMPARED_DECIMALS}){operator}0)"
            case _:
                return f"({first}{operator}{second})"

    def call(self, function: Function, arguments: tuple[Expr, ...]) -> str:
        match function, arguments:
            case Function.IF, (condition, yes, no):
                return f"IF({self.text(condition)},{self.text(yes)},{self.text(no)})"
            case Function.AND, _:
                return f"({'*'.join(f'({self.text(argument)})' for argument in arguments)}>0)"
            case Function.OR, _:
                return f"({'+'.join(f'({self.text(argument)})' for argument in arguments)}>0)"
            case Function.NOT, (operand,):
                return f"(1-{self.text(operand)})"
            case Function.ISBLANK, (FieldRef(path, sort),) if path.startswith(self.row):
                column = self.columns.column(path)
                return f"(1-ISNUMBER({column}))" if sort is Sort.NUMBER else f'({column}="")'
            case Function.ISBLANK, (operand,):
                return f"ISERROR({self.text(operand)})"
            case ((Function.SUM | Function.AVERAGE | Function.COUNT | Function.COUNTA | Function.SAID), _):
                return self.gathered(function, arguments)
            case ((Function.MIN | Function.MAX), _):
                return self.extreme(function, arguments)
            case _:
                return self.of_one(function, arguments)

    def of_one(self, function: Function, arguments: tuple[Expr, ...]) -> str:
        match function, arguments:
            case ((Function.ROUND | Function.ABS | Function.YEAR | Function.MONTH | Function.DAY), _):
                return f"{function}({','.join(map(self.text, arguments))})"
            case Function.DECIMALS, (operand,):
                text = self.text(operand)
                seen = (f"(ABS({text}-ROUND({text},{n}))>={UNSEEN})" for n in range(COMPARED_DECIMALS))
                return f"({'+'.join(seen)})"
            case ((Function.LEN | Function.UPPER | Function.LEFT | Function.RIGHT), _):
                return f"{function}({','.join(map(self.text, arguments))})"
            case ((Function.TRIM | Function.MID), _):
                text = f"{function}({','.join(map(self.text, arguments))})"
                return f'IF({text}="",{ERROR},{text})'
            case Function.DATE, (year, *others):
                text = self.text(year)
                inside = f"({text}>={YEARS[0]})*({text}<={YEARS[1]})"
                return f"IF({inside},DATE({','.join([text, *map(self.text, others)])}),{ERROR})"
            case _:
                raise _ONE_BY_ONE

    def cells(self, arguments: Sequence[Expr]) -> list[tuple[str, Sort]]:
        """Return the columns that some arguments stand for. Raises ExpressionError for anything else than cells of the row."""
        found: list[tuple[str, Sort]] = []
        for argument in arguments:
            fields = argument.fields if isinstance(argument, Range) else (argument,)
            for field in fields:
                if (
                    not isinstance(field, FieldRef)
                    or not self.reads_row(argument)
                    or "[]" in field.path[len(self.row) :]
                ):
                    raise _ONE_BY_ONE
                found.append((self.columns.column(field.path), field.sort))
        return found

    def gathered(self, function: Function, arguments: tuple[Expr, ...]) -> str:
        """Return what is added up or counted along each row."""
        if function is Function.SUM:
            return self.total(arguments)
        cells = self.cells(arguments)
        match function:
            case Function.COUNTA:
                terms = [f'({column}<>"")' for column, _ in cells]
            case Function.SAID:
                terms = [f"{none_of(column, BLANK_OR_NOTHING)}" for column, _ in cells]
            case _:
                terms = [f"ISNUMBER({column})" if sort is Sort.NUMBER else f'({column}<>"")' for column, sort in cells]
        counted = "+".join(f"1*{term}" for term in terms)
        if function is not Function.AVERAGE:
            return f"({counted})"
        # Divided by none it is blank.
        return f"(({'+'.join(f'IF(ISNUMBER({column}),{column},0)' for column, _ in cells)})/({counted}))"

    def total(self, arguments: Sequence[Expr]) -> str:
        texts = [text for argument in arguments for text in self.summands(argument)]
        filled = "*".join(f"ISERROR({text})" for text in texts)
        return f"IF({filled},{ERROR},{'+'.join(f'IFERROR({text},0)' for text in texts)})"

    def summands(self, argument: Expr) -> list[str]:
        if not isinstance(argument, Range):
            return [self.text(argument)]
        if not self.reads_row(argument):
            return [self.text(Call(Function.SUM, (argument,)))]
        return [_leaf(column, sort) for column, sort in self.cells([argument])]

    def extreme(self, function: Function, arguments: Sequence[Expr]) -> str:
        apart = (isinstance(argument, Range) and not self.reads_row(argument) for argument in arguments)
        texts = [
            self.text(Call(function, (argument,)) if alone else argument)
            for argument, alone in zip(arguments, apart, strict=True)
        ]
        if len(texts) > _MOST_COMPARED:
            raise _ONE_BY_ONE
        sign = "<" if function is Function.MIN else ">"
        found = texts[0]
        for text in texts[1:]:
            found = f"IF({found}{sign}{text},{found},{text})"
        return found

    def counted(self, expr: Expr, *, summed: bool) -> list[str]:
        """Return what counts the figures of each row that enter sums, as perfxl.expr.evaluate.summands does."""
        match expr:
            case FieldRef() | Range() if summed:
                return [f"ISNUMBER({column})" for column, _ in self.cells([expr])]
            case Negate(operand):
                return self.counted(operand, summed=summed)
            case Binary(operator, left, right):
                inside = operator in {Operator.ADD, Operator.SUBTRACT}
                return [*self.counted(left, summed=inside), *self.counted(right, summed=inside)]
            case Call(Function.SUMIF | Function.SUMPRODUCT | Function.IF):
                raise _ONE_BY_ONE
            case Call(function, arguments):
                inside = function is Function.SUM or (summed and function in {Function.ROUND, Function.ABS})
                return [text for argument in arguments for text in self.counted(argument, summed=inside)]
            case _:
                return []


def _leaf(name: str, sort: Sort | None) -> str:
    return (
        f"IF(ISNUMBER({name}),{name},{ERROR})"
        if sort in {Sort.NUMBER, Sort.DATE}
        else f'IF({name}="",{ERROR},{name}&"")'
    )
