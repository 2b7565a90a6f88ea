"""What a trial finds wrong with a form."""

from __future__ import annotations

from typing import Final

from msgspec import Struct

ASK: Final = "请把表样和这句话发给维护人员"
"""What an author does about a fault that is not his."""


class Fault(Struct, frozen=True, order=True):
    """A fault of a form: the line of its definition, what is wrong, what the author can do."""

    line: int
    message: str
    remedy: str
