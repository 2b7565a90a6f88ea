"""What a form says held against what else is known: other forms of the unit, those of its parts, the roster."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from perfxl.model.finding import Finding
from perfxl.model.form import Rule, Stage
from perfxl.model.grid import CellKind
from perfxl.model.record import generic
from perfxl.model.roster import Roster
from perfxl.model.submission import Unit
from perfxl.model.value import Type
from perfxl.rules import approved, units
from perfxl.rules.accepted import Accepted, Filed, at_stage
from perfxl.rules.case import Case
from perfxl.rules.group import WHOLE, consolidated, part
from perfxl.rules.words import figure, money, percent

_PLACES = re.compile(r"\.(0+)")
_DECIMALS = re.compile(r"\.(\d+)")
_WHOLE = {Type.MONEY: 2}


def check(
    case: Case, filed: Filed, others: Sequence[Filed], accepted: Accepted, roster: Roster | None, stamped: Unit | None
) -> Iterator[Finding]:
    """Yield what a form and others do not agree on.

    ``others`` are the forms of the same workbook, which come before those accepted earlier; ``stamped`` is the unit that
    the workbook was made for.
    """
    if roster is not None:
        yield from units.listed(case, stamped, roster)
    known = (*Accepted(tuple(others)).of(filed), *accepted.of(filed))
    for rule in case.form.rules:
        if rule.code == approved.CODE and case.form.stage in approved.BEFORE:
            for earlier in at_stage(known, *approved.BEFORE[case.form.stage])[:1]:
                yield from approved.changed(case, rule, earlier)
        elif rule.pairs:
            for other in _meant(known, rule)[:1]:
                yield from compared(case, rule, other)
    own = part(filed)
    near = [part(one) for one in (*others, *accepted.like(filed))] if own.scope == WHOLE else []
    for said in consolidated(own, near):
        message = f"{case.name(said.path)}{said.message}"
        yield case.finding(said.code, said.path, message, value=said.value, expected=said.expected)


def _meant(known: Sequence[Filed], rule: Rule) -> tuple[Filed, ...]:
    """Return what a rule holds a form against: a form by its id, or the forms of a stage."""
    if rule.beside in {stage.value for stage in Stage}:
        return at_stage(known, Stage(rule.beside))
    return tuple(other for other in known if other.form.id == rule.beside)


def compared(case: Case, rule: Rule, other: Filed) -> Iterator[Finding]:
    """M05: yield figures that are less than they were before. X04: figures that are not those of another form."""
    for path, there in rule.pairs.items():
        own, others = case.number(path), other.returned.record[there]
        if own is None or not isinstance(others, Decimal):
            continue
        kind = case.form.fields[generic(path)].type
        mine, theirs = (_shown(value, kind) for value in (own, others))
        gap = _shown(abs(own - others), kind)
        label = other.form.fields[generic(there)].parts[-1]
        if rule.code == "X04" and abs(own - others) > _half_a_place(case, path):
            message = (
                f"{case.name(path)} {mine} 与{other.named}中的 {theirs} 相差 {gap}，请以核对无误的一处为准，改正另一处"
            )
        elif rule.code == "M05" and own < others:
            message = (
                f"{case.name(path)} {mine} 小于{other.named}中的{label} {theirs}，少 {gap}；"
                "全年执行数不会少于年中已执行的数，请核对"
            )
        else:
            continue
        yield case.finding(rule.code, path, message, rule=rule, value=own, expected=others)


def _shown(value: Decimal, kind: Type) -> str:
    return money(value) if kind is Type.MONEY else percent(value) if kind is Type.PERCENT else figure(value)


def _half_a_place(case: Case, path: str) -> Decimal:
    """Return half of the last place that a figure is printed with: as typed, or by the format of its cell."""
    seen = case.sighting(path)
    places = _WHOLE.get(case.form.fields[generic(path)].type, 0)
    if seen is not None and seen.cell is not None:
        if seen.cell.kind is CellKind.NUMBER:
            found = _PLACES.search(seen.cell.format)
            places = len(found[1]) if found else places
        elif isinstance(seen.content, str):
            found = _DECIMALS.search(seen.content)
            places = len(found[1]) if found else 0
    return Decimal(1).scaleb(-places) / 2
