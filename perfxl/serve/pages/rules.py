"""规则: the catalogue of finding codes, each with what it means and what to do."""

from __future__ import annotations

from itertools import groupby

from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from perfxl.reporting.rulebook import severity_names
from perfxl.rules.catalog import CATALOG
from perfxl.rules.own import own_rule
from perfxl.serve.visit import Page, Visit


async def show(visit: Visit) -> Response:
    """Show all rules, those of one's own forms after the shipped ones."""
    forms = await run_in_threadpool(visit.desk.workspace.forms)
    groups = [(group, list(rules)) for group, rules in groupby(CATALOG.values(), lambda rule: rule.group)]
    groups += [(form.title, [own_rule(code) for code in form.codes.values()]) for form in forms.values() if form.codes]
    return visit.show("rules.html.j2", groups=groups, severities=severity_names)


PAGES: tuple[Page, ...] = (("GET", "/rules", show),)
