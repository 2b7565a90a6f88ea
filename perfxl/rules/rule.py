"""A rule of the catalogue: one finding code with all that belongs to it.

What it says to people, how grave it is, its thresholds and words, what a form must have for it, the check of the import
and the live half that the workbook watches stand side by side in the module of the code's group. Everything else is
derived: the catalogue, the checks that run, what a workbook watches, docs/rules.md and docs/selfcheck.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from types import MappingProxyType
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.field_type import Measure
from perfxl.model.finding import NO_FIX, Finding, Fix, Severity, Shown
from perfxl.model.form import Form, FormRule
from perfxl.model.live import Live
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case

GROUPS: Mapping[str, str] = MappingProxyType(
    {
        "F": "文件",
        "S": "结构",
        "V": "填报值",
        "M": "资金",
        "G": "目标与指标",
        "C": "完成情况",
        "P": "评分",
        "X": "汇总",
        "Z": "自定",
    }
)
"""The groups of codes in the order of the catalogue, by the letter that their codes begin with."""

_UNITS = MappingProxyType({Measure.SHARE: "%", Measure.MONEY: "{money}"})
_MOST_RELATED = 100
"""Other cells that a finding names."""

Check: TypeAlias = Callable[[Case, FormRule], Iterator[Finding]]
"""Yields the findings of a rule that a form names, over the table or the group of fields that it names it for."""

Comparison: TypeAlias = Callable[[Case, FormRule, AcceptedForm], Iterator[Finding]]
"""Yields the findings of a rule whose ``pairs`` are figures held against those of another form of the unit."""

Need: TypeAlias = Callable[[Form, FormRule], str]
"""Returns what a form lacks for a rule that it names, "" where nothing."""


class LiveHalf(Struct, frozen=True):
    """What a workbook watches of a rule. ``unlike`` says where that is not just what the check says, "" where it is."""

    watch: Callable[[Form, FormRule], Iterable[Live]]
    unlike: str = ""


class OnlyAtImport(Struct, frozen=True):
    """There is no live half, and why."""

    because: str


class Named(Struct, frozen=True, kw_only=True):
    """A check that a form asks for by its code, over a table or a group of fields; with its live half or the lack of it."""

    needs: Need
    check: Check
    live: LiveHalf | OnlyAtImport


class Rule(Struct, frozen=True, kw_only=True):
    """One finding code. All texts are plain Chinese and end in a full stop, the title does not.

    ``severities`` begins with the one that is meant where nothing else is said; ``meaning`` says when the finding is
    raised, tolerances and thresholds included (the defaults: a form may set its own); ``remedy`` is what to do.
    ``limit`` and ``words`` are the threshold and the words of a rule that has some, where a form sets none.

    Where its findings come from: ``always`` checks every form, ``named`` those that ask for it, ``pairs`` holds a form
    against another one. Besides, a form may write any code as an expression that must hold; a rule with none of the
    three is only written so, or is about the file or the pile.

    The finding is idle, for others explain it, where ``explained_by`` stand at the same path and where ``idle_beside``
    stand in the same row.
    """

    code: str
    severities: tuple[Severity, ...]
    title: str
    meaning: str
    example: str
    remedy: str
    limit: Decimal | None = None
    words: tuple[str, ...] = ()
    always: Callable[[Case], Iterator[Finding]] | None = None
    named: Named | None = None
    pairs: Comparison | None = None
    explained_by: frozenset[str] = frozenset()
    idle_beside: frozenset[str] = frozenset()
    own: bool = False
    """Whether a form has given it its name."""

    @property
    def group(self) -> str:
        """What its codes are about, as a heading: 资金."""
        return GROUPS[self.code[0]]

    @property
    def severity(self) -> Severity:
        """How grave it is where nothing else is said."""
        return self.severities[0]

    def limit_in(self, asked: FormRule) -> Decimal:
        """Return the form's threshold, else the rule's own. Raises ValueError for a rule that has none."""
        limit = self.limit if asked.limit is None else asked.limit
        if limit is None:
            raise ValueError(self.code)
        return limit

    def words_in(self, asked: FormRule) -> tuple[str, ...]:
        """Return the form's words, else the rule's own."""
        return asked.words or self.words

    def finding(  # noqa: PLR0913 - a finding has that many parts
        self,
        message: str,
        *,
        severity: Severity | None = None,
        sheet: str | None = None,
        cell: str | None = None,
        path: str | None = None,
        label: str | None = None,
        value: Shown = None,
        expected: Shown = None,
    ) -> Finding:
        """Return a finding about the file, a sheet, or a cell that is no field's."""
        return Finding(self.code, severity or self.severity, message, sheet, cell, path, label, value, expected)

    def at(  # noqa: PLR0913 - a finding has that many parts
        self,
        case: Case,
        path: str | None,
        message: str,
        *,
        asked: FormRule | None = None,
        severity: Severity | None = None,
        value: Shown = None,
        expected: Shown = None,
        fix: Fix = NO_FIX,
        related: Iterable[str] = (),
        measure: Measure | None = None,
    ) -> Finding:
        """Return a finding at a path of a form. The form's own severity beats the given one, that beats the usual.

        ``measure`` is that of its numbers, None where it is the field's.
        """
        graded = severity or self.severity
        if asked is not None and asked.severity is not None:
            graded = asked.severity
        sheet, cell = case.sheet_of(path), case.cell(path)
        near = dict.fromkeys((case.sheet_of(other), case.cell(other)) for other in islice(related, _MOST_RELATED))
        others = [(there, name) for there, name in near if name is not None and (there, name) != (sheet, cell)]
        return Finding(
            code=self.code,
            severity=graded,
            message=message,
            sheet=sheet,
            cell=cell,
            path=path,
            label=case.label(path),
            value=value,
            expected=expected,
            fix=fix,
            related=tuple(f"{there}!{name}" for there, name in others),
            unit=_UNITS.get(measure or case.measure(path), "").format(money=case.form.money),
            title=self.title if self.own else "",
            remedy=self.remedy if self.own else "",
        )
