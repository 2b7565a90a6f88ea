"""X01, X02 among the returns of one run: what only shows when all of them are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from perfxl.model.finding import Finding
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.submission import Submission
from perfxl.model.words import WHOLE
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.group import RULES, FormSums, Kin, consolidated, part
from perfxl.rules.labels import BETWEEN

CODES = frozenset(rule.code for rule in RULES)


def parts_of(submission: Submission) -> Iterator[FormSums]:
    """Yield what of each form of a return a sum over units needs."""
    for returned in submission.forms:
        yield part(AcceptedForm(submission.source.file, returned))


def together(parts: Iterable[FormSums], forms: Mapping[str, Form]) -> tuple[tuple[str, Finding], ...]:
    """Return what is to be said of the returns of a run beside each other: the file that it is about, the finding.

    The findings name the sheet and the path; cells are not known any more where returns are compared. ``parts`` are gone
    through twice; held are only those beside which there is a whole.
    """
    wholes = {one.about for one in parts if one.scope == WHOLE}
    groups: dict[tuple[str, Period, str], list[FormSums]] = defaultdict(list)
    for one in parts if wholes else ():
        if one.about in wholes:
            groups[one.about].append(one)
    found: list[tuple[str, Finding]] = []
    for (name, _, _), group in groups.items():
        kin = Kin(group)
        for whole in group:
            for said in consolidated(whole, kin) if whole.scope == WHOLE else ():
                label = forms[name].fields[said.path].label
                message = f"{label.replace(BETWEEN, '的')}{said.message}"
                finding = said.rule.finding(
                    message,
                    sheet=whole.sheet,
                    path=said.path,
                    label=label,
                    value=said.value,
                    expected=said.expected,
                )
                found.append((whole.file, finding))
    return tuple(found)
