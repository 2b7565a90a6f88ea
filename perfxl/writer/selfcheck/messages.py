"""What 填报自检 says of a rule that does not hold."""

from __future__ import annotations

import re
from decimal import Decimal

from perfxl.expr.check import sort_of
from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import to_excel
from perfxl.model.expression import Binary, Call, Expr, Function
from perfxl.model.field_type import Sort
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
    sides = _sides(rule.must) if rule.say else None
    plain = "还没有填写" if rule.left else _ASKED[rule.severity]
    if rule.say and not _HOLE.search(rule.say):
        return Formula(quoted(rule.say), rule.say)
    if sides is None:
        return Formula(quoted(plain), plain)
    texts = [to_excel(side, places, row) for side in sides]
    values = [evaluate(side, record, row) for side in sides]
    left, right = (value if isinstance(value, Decimal) else Decimal(0) for value in values)
    formulas = {"left": texts[0], "right": texts[1], "gap": f"ABS({texts[0]}-{texts[1]})"}
    figures = {"left": left, "right": right, "gap": abs(left - right)}
    pieces, shown = [], ""
    for number, piece in enumerate(_HOLE.split(rule.say)):
        if number % 2:
            rounded = f"ROUND({formulas[piece]},2)"
            # In Chinese Excel the format General has another name: a number joined to a text needs none.
            pieces.append(f'TEXT({rounded},"0.00")' if rule.summed else rounded)
            shown += f"{figures[piece]:.2f}" if rule.summed else f"{round(figures[piece], 2).normalize():f}"
        elif piece:
            pieces.append(quoted(piece))
            shown += piece
    return Formula(f"IFERROR({'&'.join(pieces)},{quoted(plain)})", shown if None not in values else plain)


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
