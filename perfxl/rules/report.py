"""X04: figures of a report that are not those of the table that it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import FormRule
from perfxl.model.grid import CellKind
from perfxl.model.path import generic
from perfxl.model.regex import deferred
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case
from perfxl.rules.compared import pairs
from perfxl.rules.rule import Rule

_PLACES = deferred(r"\.(0+)")
_DECIMALS = deferred(r"\.(\d+)")
_PRINTED = {Type.MONEY: 2}


def _differs(case: Case, asked: FormRule, other: AcceptedForm) -> Iterator[Finding]:
    """Yield figures that are not those of the other form."""
    for pair in pairs(case, asked, other):
        if pair.gap > _half_a_place(case, pair.path):
            message = (
                f"{case.name(pair.path)} {pair.shown(pair.here)} 与{other.named}中的 {pair.shown(pair.there)} "
                f"相差 {pair.shown(pair.gap)}，请以核对无误的一处为准，改正另一处"
            )
            yield X04.at(case, pair.path, message, asked=asked, value=pair.here, expected=pair.there)


def _half_a_place(case: Case, path: str) -> Decimal:
    """Return half of the last place that a figure is printed with: as typed, or by the format of its cell."""
    seen = case.sighting(path)
    places = _PRINTED.get(case.form.fields[generic(path)].type, 0)
    if seen is not None and seen.cell is not None:
        if seen.cell.kind is CellKind.NUMBER:
            found = _PLACES.search(seen.cell.format)
            places = len(found[1]) if found else places
        elif isinstance(seen.content, str):
            found = _DECIMALS.search(seen.content)
            places = len(found[1]) if found else 0
    return Decimal(1).scaleb(-places) / 2


X04 = Rule(
    code="X04",
    severities=(Severity.ERROR,),
    title="报告与表中数字不符",
    meaning="自评报告中的数与自评表中同一项的数，相差超过所写末位的半个单位。两张表在同一个文件里，或者自评表以前已经通过的，都作比较。",
    example="报告写基本支出 945.20 万元，自评表为 945.37。审核意见：报告中的 945.20 与表中的 945.37 相差 0.17。",
    remedy="请以核对无误的一处为准，改正另一处。",
    pairs=_differs,
)

RULES = (X04,)
