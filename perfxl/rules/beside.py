"""What a form says held against what else is known: other forms of the unit, those of its parts, the roster."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.model.finding import Finding
from perfxl.model.form import Form, FormRule
from perfxl.model.roster import Roster
from perfxl.model.submission import Unit
from perfxl.model.words import WHOLE
from perfxl.rules import approved, unit
from perfxl.rules.accepted import Accepted, AcceptedForm, at_stage
from perfxl.rules.case import Case
from perfxl.rules.catalog import CATALOG
from perfxl.rules.group import Kin, consolidated, part


def check(
    case: Case,
    filed: AcceptedForm,
    others: Sequence[AcceptedForm],
    accepted: Accepted,
    roster: Roster | None,
    stamped: Unit | None,
) -> Iterator[Finding]:
    """Yield what a form and others do not agree on.

    ``others`` are the forms of the same workbook, which come before those accepted earlier; ``stamped`` is the unit that
    the workbook was made for.
    """
    yield from unit.named(case, stamped, roster)
    known = (*Accepted(tuple(others)).of(filed), *accepted.of(filed))
    for asked in case.form.rules:
        rule = CATALOG.get(asked.code)
        if rule is None:  # of the form's own: never about another form
            continue
        if rule is approved.C01:
            for earlier in at_stage(known, *case.form.chain.repeated(case.form.stage))[:1]:
                yield from approved.changed(case, asked, earlier)
        elif rule.pairs is not None:
            for other in _meant(known, case.form, asked)[:1]:
                yield from rule.pairs(case, asked, other)
    own = part(filed)
    near = [part(one) for one in (*others, *accepted.like(filed))] if own.scope == WHOLE else []
    for said in consolidated(own, Kin(near)):
        message = f"{case.name(said.path)}{said.message}"
        yield said.rule.at(case, said.path, message, value=said.value, expected=said.expected)


def _meant(known: Sequence[AcceptedForm], form: Form, asked: FormRule) -> tuple[AcceptedForm, ...]:
    """Return what a rule holds a form against: a form by its id, or the forms of a stage of its chain."""
    stage = form.chain.stage(asked.beside)
    if stage is not None:
        return at_stage(known, stage)
    return tuple(other for other in known if other.form.id == asked.beside)
