"""A guess of what the sheet does not say: what was taken, how sure that is, and why."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct


class Sure(StrEnum):
    """How sure a guess is: it follows from the sheet, it is likely, it has to be looked at."""

    CERTAIN = "certain"
    LIKELY = "likely"
    UNSURE = "unsure"

    @property
    def chinese(self) -> str:
        return {"certain": "确定", "likely": "较有把握", "unsure": "请核对"}[self.value]


class Guess(Struct, frozen=True):
    """What was taken for a cell: in a few words, how sure, why, and at which path of the data it stands."""

    what: str
    sure: Sure
    why: str
    path: str = ""


class Remark(Struct, frozen=True):
    """Something about a cell or a whole sheet that the author has to know: what could not be said, what was left out."""

    cell: str
    text: str
