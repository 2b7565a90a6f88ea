"""Evaluate an expression over a record, and tell what it reads.

The meaning of the language, which perfxl.expr.excel prints as a formula that gives the same:

- A blank is not zero. An operator, a comparison, ROUND, ABS, AND, OR, NOT with a blank operand gives a blank, also
  where the other operands would settle it. A rule that comes out blank is skipped.
- IF with a blank condition gives a blank; else the chosen branch alone counts. ISBLANK tells. BLANK is a blank.
- SUM takes a blank as 0 where at least one summand is filled; all blank gives a blank. SUMIF is the SUM of those
  values whose row has the key: no such row, or none with a value, gives a blank (``SUM(0, SUMIF(…))`` gives 0).
- MIN and MAX pass over the blank cells of a column or group, which is blank when all are. An argument that is blank,
  a single cell or a whole column, makes the result blank.
- COUNT counts filled cells with numbers, COUNTA filled cells of any kind, SAID those of them that say something: not 无
  or a dash (perfxl.model.words; the formula knows them as they are mostly spelled). 0 where there are none.
- Division by zero, and a number beyond Excel's, give a blank.
- Numbers are Decimal of 40 digits and a result has 15, as a cell has; ROUND rounds half away from zero.
- Two numbers are compared by their difference at six decimals: that is finer than anything printed on a form (a percent
  is a fraction of at most six decimals) and coarser than the noise of Excel's binary numbers.
- SUMPRODUCT is the sum over the rows in which each column has a number, blank where there is none; AVERAGE is the mean
  of the filled cells, blank where there are none. COUNTIF counts the cells with a text, or with numbers that meet a
  condition (``'>=60'``). DECIMALS is how many decimals a number has, six at most.
- ``&`` puts texts and numbers together; LEFT, RIGHT, MID, TRIM, UPPER are Excel's, blank where nothing is left. LEN
  counts characters. A day and a number of days are added; DATE of a year before 1901 or after 9999 is a blank.
- Texts are equal when they are but for upper and lower case, as in Excel. An indicator value counts as its text, a
  date as its day number in Excel. A value of another sort than its field's counts as a blank.
"""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from perfxl.expr.arithmetic import Result, settled
from perfxl.expr.cells import fields_of, leaves, numbers_of, paths_of
from perfxl.expr.compile import compiled, matching, products
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
from perfxl.model.once import once_each
from perfxl.model.record import Record


def evaluate(expr: Expr, record: Record, at: str = "") -> Result:
    """Return what an expression gives for a record, in the row ``at`` (``indicators[3]``) where it is about a row.

    Never raises on what the record holds; raises ValueError where the expression needs a row and ``at`` is none.
    """
    result = compiled(expr)(record, at)
    return settled(result) if isinstance(result, Decimal) else result


@once_each
def references(expr: Expr) -> tuple[str, ...]:
    """Return the generic paths that an expression reads, each once, in the order of reading."""
    return tuple(dict.fromkeys(field.path for leaf in leaves(expr) for field in fields_of(leaf)))


def concrete(expr: Expr, record: Record, at: str = "") -> tuple[str, ...]:
    """Return the paths in a record that an expression reads, each once; both branches of an IF. Raises as evaluate."""
    return tuple(paths_of(expr)(record, at))


def summands(expr: Expr, record: Record, at: str = "") -> int:
    """Return how many printed figures enter the sums of an expression: n of the tolerance 0.005·n (RULES, Tolerance).

    Counted are the filled cells under SUM, SUMIF, ``+`` and ``-``; a figure that stands by itself, constants, factors
    and the branch of an IF that is not taken are not. Raises as evaluate.
    """
    return _summands(expr, record, at, summed=False)


def _summands(expr: Expr, record: Record, at: str, *, summed: bool) -> int:
    match expr:
        case FieldRef() | Range():
            return len(numbers_of(expr)(record, at)) if summed else 0
        case Constant() | Blank():
            return 0
        case Negate(operand):
            return _summands(operand, record, at, summed=summed)
        case Binary(operator, left, right):
            inside = operator in {Operator.ADD, Operator.SUBTRACT}
            return _summands(left, record, at, summed=inside) + _summands(right, record, at, summed=inside)
        case Call(Function.SUMIF, (keys, key, values)):
            return len(matching(keys, key, values)(record, at))
        case Call(Function.SUMPRODUCT, columns):
            return len(products(columns)(record, at))
        case Call(Function.IF, (condition, yes, no)):
            truth = compiled(condition)(record, at)
            taken = 0 if truth is None else _summands(yes if truth else no, record, at, summed=summed)
            return _summands(condition, record, at, summed=False) + taken
        case Call(function, arguments):
            inside = function is Function.SUM or (summed and function in {Function.ROUND, Function.ABS})
            return sum(_summands(argument, record, at, summed=inside) for argument in arguments)
        case _:
            assert_never(expr)
