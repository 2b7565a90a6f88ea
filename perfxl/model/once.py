"""What is worked out of a value once, and kept with it."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

_Whole = TypeVar("_Whole")
_Found = TypeVar("_Found")


def once_each(work: Callable[[_Whole], _Found]) -> Callable[[_Whole], _Found]:
    """Let a function of a value (a struct with ``dict=True``) be worked out once for each such value.

    It goes by the value itself, not by what it is equal to: the constants 1 and TRUE are. What is kept is no part of the value.
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def found(whole: _Whole) -> _Found:
        kept: dict[str, _Found] = whole.__dict__
        if name not in kept:
            kept[name] = work(whole)
        return kept[name]

    return found
