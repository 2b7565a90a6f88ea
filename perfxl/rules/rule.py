"""A rule of the catalogue, in the words of those who read it."""

from __future__ import annotations

from dataclasses import dataclass

from perfxl.model.finding import Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """What stands behind one finding code; all texts are plain Chinese and end in a full stop, the title does not.

    ``severities`` begins with the one that is meant where nothing else is said; ``meaning`` says when the finding is
    raised, tolerances and thresholds included (the defaults: a form may set its own); ``remedy`` is what to do.
    """

    code: str
    severities: tuple[Severity, ...]
    group: str
    title: str
    meaning: str
    example: str
    remedy: str
