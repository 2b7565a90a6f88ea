"""What 填报自检 says of a rule that does not hold."""

from __future__ import annotations

import re
from decimal import Decimal

from perfxl.expr.check import sort_of
from perfxl.expr.evaluate import concrete, evaluate
from perfxl.expr.excel import to_excel
from perfxl.model.expression import Binary, Call, Expr, Function
from perfxl.model.field_type import Sort, Type
from perfxl.model.finding import Severity
from perfxl.model.live import LiveRule
from perfxl.model.record import Record
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.formula import Formula

_HOLE = re.compile(r"\{(left|right|gap)\}")
_ASKED = {
    Severity.ERROR: "与左边的要求不符，请改正",
    Severity.WARNING: "与左边的要求不符，请核对",
    Severity.INFO: "与左边的要求不符，请看一下",
}


def said(rule: LiveRule, row: str, places: Places, record: Record) -> Formula:
    """Return a rule's own message with the figures of the moment; where it has none, that it does not hold."""
    sides = _sides(rule.must)
    plain = "还没有填写" if rule.left else _ASKED[rule.severity]
    if rule.say and not _HOLE.search(rule.say):
        return Formula(quoted(rule.say), rule.say)
    if sides is None or rule.left:
        return Formula(quoted(plain), plain)
    say = rule.say or f"现在是 {{left}}，对照的是 {{right}}，{plain}"
    share = any(_is_share(path, places) for side in sides for path in concrete(side, record, row))
    texts = [to_excel(side, places, row) for side in sides]
    values = [evaluate(side, record, row) for side in sides]
    left, right = (value if isinstance(value, Decimal) else Decimal(0) for value in values)
    formulas = {"left": texts[0], "right": texts[1], "gap": f"ABS({texts[0]}-{texts[1]})"}
    figures = {"left": left, "right": right, "gap": abs(left - right)}
    pieces, shown = [], ""
    for number, piece in enumerate(_HOLE.split(say)):
        if number % 2:
            text, there = _figure(formulas[piece], figures[piece], summed=rule.summed, share=share)
            pieces.append(text)
            shown += there
        elif piece:
            pieces.append(quoted(piece))
            shown += piece
    return Formula(f"IFERROR({'&'.join(pieces)},{quoted(plain)})", shown if None not in values else plain)


def _figure(formula: str, value: Decimal, *, summed: bool, share: bool) -> tuple[str, str]:
    """Return a figure of a message: as a formula, and as it stands when the workbook is written."""
    if share:
        return f'TEXT({formula},"0.00%")', f"{value * 100:.2f}%"
    if summed:
        return f'TEXT(ROUND({formula},2),"0.00")', f"{value:.2f}"
    # In Chinese Excel the format General has another name: a number joined to a text needs none.
    return f"ROUND({formula},2)", f"{round(value, 2).normalize():f}"


def _is_share(path: str, places: Places) -> bool:
    field = places.cells[path].field if path in places.cells else None
    return field is not None and field.type is Type.PERCENT


def _sides(must: Expr) -> tuple[Expr, Expr] | None:
    """The two sides of the comparison that a message speaks of: a rule's only one, or its first alternative."""
    match must:
        case Binary(operator, left, right) if operator.compares and sort_of(left) is Sort.NUMBER:
            return left, right
        case Call(Function.OR, (first, *_)):
            return _sides(first)
        case Call(Function.IF, (_, yes, no)):
            return _sides(yes) or _sides(no)
        case _:
            return None


def quoted(text: str) -> str:
    """Return a text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'
