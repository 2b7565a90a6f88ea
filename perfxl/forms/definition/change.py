"""A change from one definition of a form to another: for programs what changed in what, for people a sentence."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Part(StrEnum):
    """What a change is about, as people call it."""

    FORM = "表"
    FIELD = "填报项"
    LABEL = "印的字"
    RULE = "审核规则"
    LAYOUT = "版面"


class Kind(StrEnum):
    """How something changed."""

    ADDED = "增加"
    REMOVED = "删去"
    CHANGED = "修改"


class Change(NamedTuple):
    """One change: about what, what it is called on the form, how it was and how it is, "" where it was or is not.

    ``cell`` is where it stands on the new blank, of what went on the old one; ``message`` says all of it in a sentence.
    """

    part: Part
    kind: Kind
    name: str
    old: str = ""
    new: str = ""
    path: str = ""
    cell: str = ""
    message: str = ""
