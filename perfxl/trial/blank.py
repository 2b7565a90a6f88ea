"""What is wrong with a form before anything is typed into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.model.form import Form
from perfxl.model.layout import Layout
from perfxl.model.path import generic
from perfxl.trial.fault import Fault
from perfxl.writer.selfcheck.lines import watch_form

_GUARD = "合计的公式要挡住空白，如 IF(COUNT(栏目) = 0, BLANK, SUM(…))；预先填好的内容自己就不成立的，改 preset 或 must"


def loud_blank(form: Form, layouts: Sequence[Layout]) -> Iterator[Fault]:
    """Yield the rules that are broken on a blank: whoever opens it sees red before he has typed anything."""
    if form.issued:
        return
    for line in (line for watched in watch_form(layouts) for line in watched.lines):
        if line.errors.value or line.warnings.value:
            about = [rule.line for rule in form.rules if rule.code == line.code]
            exact = [rule.line for rule in form.rules if rule.code == line.code and rule.at == generic(line.path)]
            at = next(iter([*exact, *about]), 1)
            yield Fault(at, f"空白表上填报自检就报 {line.code}：{line.want or '请核对'}", _GUARD)
