"""Rules of a form's own name: codes Z01 to Z99, with their title, text and remedy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from perfxl.model.finding import Finding
from perfxl.model.form import Form, OwnCode
from perfxl.rules.catalog import CATALOG
from perfxl.rules.rule import Rule


def rule_in(form: Form, code: str) -> Rule:
    """Return the rule of a code as a form has it: one of the catalogue, or its own. Raises KeyError for neither."""
    own = form.codes.get(code)
    return CATALOG[code] if own is None else own_rule(own)


def own_rule(own: OwnCode) -> Rule:
    """Return a rule of a form's own name."""
    return Rule(
        code=own.code,
        severities=(own.severity,),
        title=own.title,
        meaning=own.meaning,
        example=own.example,
        remedy=own.remedy,
        own=True,
    )


def title_of(findings: Iterable[Finding], code: str) -> str:
    """Return the title of a code, "" where it has none; of one of a form's own, as a finding with it says."""
    if code in CATALOG:
        return CATALOG[code].title
    return next((finding.title for finding in findings if finding.code == code), "")


def remedies(findings: Iterable[Finding]) -> Mapping[str, str]:
    """Return by code what is to be done: of all codes, those of forms' own as findings with them say."""
    own = {finding.code: finding.remedy for finding in findings if finding.remedy}
    return {code: rule.remedy for code, rule in CATALOG.items()} | own
