"""What a trial finds wrong with a form."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """A fault of a form: the line of its definition, what is wrong, what the author can do."""

    line: int
    message: str
    remedy: str
