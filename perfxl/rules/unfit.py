"""Rules of a form that perfxl cannot run: no such code, no such check, or the form lacks what the check reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from perfxl.model.form import Form, FormRule
from perfxl.rules.catalog import CATALOG


class UnfitRule(NamedTuple):
    """A rule that cannot be run: the line of the definition that asks for it, what is wrong, what to do."""

    line: int
    message: str
    remedy: str


def unfit(form: Form) -> Iterator[UnfitRule]:
    """Yield the rules of a form that perfxl cannot run, in the form's order."""
    for asked in form.rules:
        found = _wrong(form, asked)
        if found is not None:
            yield UnfitRule(asked.line, *found)


def _wrong(form: Form, asked: FormRule) -> tuple[str, str] | None:
    if asked.code in form.codes:
        return None if asked.must is not None else (f"{asked.code} 是自定的代码，没有现成的审核", "写成式子（must）")
    rule = CATALOG.get(asked.code)
    if rule is None:
        remedy = "在 codes 里写明它的名称" if asked.code.startswith("Z") else "代码见 perfxl rules"
        return f"没有代码 {asked.code}", remedy
    if asked.must is not None:
        return None
    if asked.pairs:
        paired = "、".join(code for code, other in CATALOG.items() if other.pairs is not None)
        return None if rule.pairs else (f"{rule.code} 不能与另一张表核对", f"可以写 pairs 的代码：{paired}")
    if rule.named is None:
        named = "、".join(code for code, other in CATALOG.items() if other.named is not None)
        remedy = f"写成式子（must），或删去这一条；可以直接写 over 的代码：{named}"
        return f"{rule.code} 不是对着表或项审核的规则", remedy
    lack = rule.named.needs(form, asked)
    return (f"{rule.code} 审核“{asked.over}”，那里缺少{lack}", "改正 over，或删去这一条") if lack else None
