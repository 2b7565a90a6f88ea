"""Whether the rounding of printed figures explains why a rule of money does not hold (RULES, Tolerance).

A sum of n printed figures may be off by 0.005·n, rounded up to a step of 0.01. Both halves again: the formula, and what
it gives for a record. perfxl.rules judges the same at import, with the words that belong to it.
"""

from __future__ import annotations

from decimal import Decimal

from perfxl.expr.arithmetic import rounded
from perfxl.expr.check import sort_of
from perfxl.expr.evaluate import evaluate, summands
from perfxl.expr.excel import to_excel_broken
from perfxl.expr.printer import PlacedCells, Printer
from perfxl.model.expression import Binary, Call, Expr, FieldRef, Function, Negate, Operator, Range
from perfxl.model.field_type import Sort
from perfxl.model.record import Record

_HALF, _CENT = Decimal("0.005"), Decimal("0.01")


def rounding_of(printed: int) -> Decimal:
    """Return by how much a sum of printed figures may be off through their rounding."""
    return _CENT * ((printed + 1) // 2)


def explained(rule: Expr, record: Record, at: str = "") -> bool:
    """Tell whether a rule of money that is broken misses by no more than the rounding of what is summed up."""
    match rule:
        case Binary(operator, left, right) if _compares(operator, left):
            one, other = evaluate(left, record, at), evaluate(right, record, at)
            if not isinstance(one, Decimal) or not isinstance(other, Decimal):
                return False
            return abs(rounded(one, 2) - rounded(other, 2)) <= rounding_of(summands(rule, record, at))
        case Call(Function.OR, parts):
            return any(explained(part, record, at) for part in parts)
        case Call(Function.AND, parts):
            broken = [part for part in parts if evaluate(part, record, at) is False]
            return all(explained(part, record, at) for part in broken)
        case Call(Function.IF, (condition, yes, no)):
            return explained(yes if evaluate(condition, record, at) else no, record, at)
        case _:
            return False


def to_excel_explained(rule: Expr, cells: PlacedCells, at: str = "") -> str:
    """Return the formula of explained, "" where nothing is summed up; it is right where the rule is broken.

    Raises ExpressionError as perfxl.expr.excel.
    """
    match rule:
        case Binary(operator, left, right) if _compares(operator, left):
            printer = Printer(cells, at)
            counts = _counts(printer, left, summed=False) + _counts(printer, right, summed=False)
            if not counts:
                return ""
            gap = f"ROUND({printer.text(left).core},2)-ROUND({printer.text(right).core},2)"
            return f"IFERROR(ROUND(ABS({gap}),2)<=ROUNDUP({_HALF}*({'+'.join(counts)}),2),FALSE)"
        case Call(Function.OR, parts):
            found = [text for part in parts if (text := to_excel_explained(part, cells, at))]
            return f"OR({','.join(found)})" if found else ""
        case Call(Function.AND, parts):
            found = [_unless_held(part, cells, at) for part in parts]
            return f"AND({','.join(found)})" if any(to_excel_explained(part, cells, at) for part in parts) else ""
        case Call(Function.IF, (condition, yes, no)):
            branches = [to_excel_explained(branch, cells, at) for branch in (yes, no)]
            asked = Printer(cells, at).closed(condition, "FALSE").core
            return f"IF({asked},{branches[0] or 'FALSE'},{branches[1] or 'FALSE'})" if any(branches) else ""
        case _:
            return ""


def _unless_held(part: Expr, cells: PlacedCells, at: str) -> str:
    reason = to_excel_explained(part, cells, at) or "FALSE"
    return f"OR(NOT({to_excel_broken(part, cells, at)}),{reason})"


def _compares(operator: Operator, left: Expr) -> bool:
    loose = operator.compares and operator is not Operator.UNEQUAL and not operator.strict
    return loose and sort_of(left) is Sort.NUMBER


def _counts(printer: Printer, expr: Expr, *, summed: bool) -> list[str]:
    """Return what counts the figures that enter the sums of an expression, as perfxl.expr.evaluate.summands does."""
    match expr:
        case FieldRef() | Range() if summed:
            names = [name for leaf in printer.leaves(expr) for name in leaf.names]
            return [f"COUNT({','.join(names)})"]
        case Negate(operand):
            return _counts(printer, operand, summed=summed)
        case Binary(operator, left, right):
            inside = operator in {Operator.ADD, Operator.SUBTRACT}
            return _counts(printer, left, summed=inside) + _counts(printer, right, summed=inside)
        case Call(Function.SUMIF, (keys, key, Range() as values)):
            return [printer.picked(keys, key, values).tally]
        case Call(Function.SUMPRODUCT, columns):
            return [printer.multiplied(columns).tally]
        case Call(Function.IF, (condition, yes, no)):
            asked = printer.closed(condition, "FALSE").core
            branches = [_counts(printer, branch, summed=summed) for branch in (yes, no)]
            if not any(branches):
                return []
            return [f"IF({asked},{'+'.join(branches[0]) or '0'},{'+'.join(branches[1]) or '0'})"]
        case Call(function, arguments):
            inside = function is Function.SUM or (summed and function in {Function.ROUND, Function.ABS})
            return [text for argument in arguments for text in _counts(printer, argument, summed=inside)]
        case _:
            return []
