"""The steps that a line of work goes through, in their order: what is declared, approved, watched, evaluated, reported.

A form belongs to a stage of a chain. Other trades have chains of their own (common.yaml, ``chains``); what a stage means
to the rest is said by its attributes, never known by its name.
"""

from __future__ import annotations

from msgspec import Struct


class Stage(Struct, frozen=True):
    """A step of a chain: its name in definitions, what people call it, what they call its forms in short.

    ``repeats`` are the earlier stages whose indicators a form of this one has to repeat (C01), the one that counts most
    first. What a stage that ``approves`` says counts before all others. ``interim``: the period is not over yet.
    ``final``: what was reached is said here.
    """

    chain: str
    name: str
    label: str
    sheet: str
    repeats: tuple[str, ...] = ()
    approves: bool = False
    interim: bool = False
    final: bool = False

    def __str__(self) -> str:
        return self.name


class Chain(Struct, frozen=True):
    """Stages in the order in which they follow each other."""

    name: str
    title: str
    stages: tuple[Stage, ...]

    def stage(self, name: str) -> Stage | None:
        """Return the stage of a name, None where there is none."""
        return next((stage for stage in self.stages if stage.name == name), None)

    def place(self, stage: Stage) -> int:
        """Return the place of a stage in the order of work, from 0."""
        return self.stages.index(stage)

    def standing(self, stage: Stage) -> int:
        """Return how far down a stage's word counts, from 0: what was approved first, then the earlier before the later."""
        return sorted(self.stages, key=lambda one: not one.approves).index(stage)

    def repeated(self, stage: Stage) -> tuple[Stage, ...]:
        """Return the stages whose indicators a form of a stage has to repeat, the one that counts most first."""
        return tuple(found for name in stage.repeats if (found := self.stage(name)) is not None)


def _budget(
    name: str,
    label: str,
    sheet: str,
    repeats: tuple[str, ...] = (),
    *,
    approves: bool = False,
    interim: bool = False,
    final: bool = False,
) -> Stage:
    return Stage("budget", name, label, sheet, repeats, approves, interim, final)


BUDGET = Chain(
    "budget",
    "预算绩效管理",
    (
        _budget("declaration", "申报", "申报表"),
        _budget("approval", "批复", "批复表", approves=True),
        _budget("monitoring", "监控", "监控表", ("approval", "declaration"), interim=True),
        _budget("self-evaluation", "自评", "自评表", ("approval", "declaration", "monitoring"), final=True),
        _budget("report", "报告", "报告"),
    ),
)
"""The chain of forms that name none: budget performance management."""
