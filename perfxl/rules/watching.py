"""Conditions that a rule states once, for both halves: the workbook watches them, the check looks where they are broken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from perfxl.expr.evaluate import concrete, evaluate
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.expr.settle import settled_apart
from perfxl.model.expression import Expr
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import in_row, parent_of
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule

READS_WORDS = "要读文字的意思"
OTHER_FORMS = "要看另一张表"
"""Why a check has no live half."""


def watched(  # noqa: PLR0913 - a condition has that many parts
    rule: Rule,
    form: Form,
    asked: FormRule,
    must: str | Expr,
    at: str,
    want: str,
    *,
    each: str = "",
    severity: Severity | None = None,
    say: str = "",
    sides: tuple[str | Expr, str | Expr] | None = None,
    left: bool = False,
) -> LiveRule:
    """Return a condition, written as an author would write it; names are looked for in the row that ``at`` lies in.

    ``each`` is the table or block (generic) for whose rows it must hold; the form's severity beats the given one, that
    beats the rule's. ``say`` is what the workbook says where it is broken, with {left}, {right} and {gap}: the figures
    ``sides``, else the two sides of the condition. ``left``: what breaks it is still to be filled in, and no mistake yet.
    """
    row = f"{each}[]" if each else parent_of(at)
    scope = Scope({path: field.type for path, field in form.fields.items()}, row)

    def read(text: str | Expr) -> Expr:
        return parse(text, scope) if isinstance(text, str) else text

    return LiveRule(
        code=rule.code,
        severity=asked.severity or severity or rule.severity,
        must=read(must),
        at=at,
        want=want,
        each=each,
        say=say,
        sides=(read(sides[0]), read(sides[1])) if sides is not None else None,
        left=left,
    )


def broken(case: Case, condition: LiveRule, silenced_by: Iterable[str] | None = None) -> Iterator[str]:
    """Yield the rows ("" for the whole form) in which a condition does not hold.

    Skipped where a blank leaves it open, and where one of the generic paths ``silenced_by`` has a finding of its own:
    where none are given, any cell that the condition reads.
    """
    must = settled_apart(condition.must, case.record) if condition.each else condition.must
    for row in case.record.rows(condition.each) if condition.each else ("",):
        if evaluate(must, case.record, row) is not False:
            continue
        heeded = concrete(condition.must, case.record, row)
        if silenced_by is not None:
            heeded = tuple(in_row(path, row) for path in silenced_by)
        if case.sound(*heeded):
            yield row


def in_cells(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    """Yield nothing: the workbook watches the rule's cells by themselves, as it watches all that must be filled."""
    del form, asked
    yield from ()


def nothing_more(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield nothing: the finding comes from elsewhere, from the cells or from another form; the form has the rule."""
    del case, asked
    yield from ()
