"""What 填报自检 says of a rule that does not hold."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from msgspec import Struct

from perfxl.expr.arithmetic import rounded
from perfxl.expr.comparison import sides_of
from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import PlacedCells, to_excel
from perfxl.expr.measure import measure_of
from perfxl.model.field_type import Measure
from perfxl.model.finding import Severity
from perfxl.model.live import LiveRule
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.writer.places import Places
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import RowView

_HOLE = re.compile(r"\{(left|right|gap)\}")
_ASKED = {
    Severity.ERROR: "与左边的要求不符，请改正",
    Severity.WARNING: "与左边的要求不符，请核对",
    Severity.INFO: "与左边的要求不符，请看一下",
}


class Figures(Struct, frozen=True):
    """Where the figures of messages stand, what they measure, and what they are as the workbook is written."""

    places: Places
    record: Record
    measures: Mapping[str, Measure]

    @classmethod
    def of(cls, places: Places, record: Record) -> Figures:
        """Look up what each field of a layout measures, by its generic path."""
        fields = ((path, cell.field) for path, cell in places.cells.items())
        return cls(places, record, {generic(p): field.type.traits.measure for p, field in fields if field is not None})


class Message(NamedTuple):
    """What is said, and the longest that it may become (figures of the moment replaced)."""

    text: CheckFormula
    longest: str


def said(rule: LiveRule, row: str, figures: Figures) -> Message:
    """Return a rule's own message with the figures of the moment; where it has none, that it does not hold."""
    return _said(rule, figures, figures.places, row, row)


def said_in_row(rule: LiveRule, view: RowView, row: str | None, figures: Figures) -> Message:
    """Return a rule's message on the row of a table that a view finds; ``row`` is that row now, None where there is none."""
    return _said(rule, figures, view, view.row, row)


def _said(rule: LiveRule, figures: Figures, cells: PlacedCells, at: str, now: str | None) -> Message:
    sides = rule.sides or sides_of(rule.must)
    plain = "还没有填写" if rule.left else _ASKED[rule.severity]
    if rule.say and not _HOLE.search(rule.say):
        return Message(CheckFormula(quoted(rule.say), rule.say), rule.say)
    if sides is None or rule.left:
        return Message(CheckFormula(quoted(plain), plain), plain)
    say = rule.say or f"现在是 {{left}}，对照的是 {{right}}，{plain}"
    measure = measure_of(lambda path: figures.measures[path], *sides)
    texts = [to_excel(side, cells, at) for side in sides]
    values = [evaluate(side, figures.record, now) if now is not None else None for side in sides]
    left, right = (value if isinstance(value, Decimal) else Decimal(0) for value in values)
    formulas = {"left": texts[0], "right": texts[1], "gap": f"ABS({texts[0]}-{texts[1]})"}
    numbers = {"left": left, "right": right, "gap": abs(left - right)}
    pieces, shown = [], ""
    for number, piece in enumerate(_HOLE.split(say)):
        if number % 2:
            formula, there = _figure(formulas[piece], numbers[piece], measure, gap=piece == "gap")
            pieces.append(formula)
            shown += there
        elif piece:
            pieces.append(quoted(piece))
            shown += piece
    text = CheckFormula(f"IFERROR({'&'.join(pieces)},{quoted(plain)})", shown if None not in values else plain)
    return Message(text, shown)


def _figure(formula: str, value: Decimal, measure: Measure, *, gap: bool) -> tuple[str, str]:
    """Return a figure of a message: as a formula, and as it stands when the workbook is written."""
    if measure is Measure.SHARE and gap:
        return f'TEXT(100*({formula}),"0.00")&" 个百分点"', f"{rounded(value * 100, 2):.2f} 个百分点"
    if measure is Measure.SHARE:
        return f'TEXT({formula},"0.00%")', f"{rounded(value * 100, 2):.2f}%"
    if measure is Measure.MONEY:
        return f'TEXT(ROUND({formula},2),"0.00")', f"{rounded(value, 2):.2f}"
    # In Chinese Excel the format General has another name: a number joined to a text needs none.
    return f"ROUND({formula},2)", f"{rounded(value, 2).normalize():f}"


def quoted(text: str) -> str:
    """Return a text as it stands in a formula."""
    return '"' + text.replace('"', '""') + '"'
