"""How much work a call is: calls of functions that it makes, which are the same whatever else the machine does."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from types import FrameType


def calls_made(call: Callable[[], object]) -> int:
    """Return how many functions are called while something is called; each turn of a generator counts."""
    count = 0

    def note(frame: FrameType, event: str, arg: object) -> None:
        nonlocal count
        del frame, arg
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(before)
    return count


def growth(call: Callable[[int], object], size: int) -> float:
    """Return by how much more the work grows from twice a size to four times it than from it to twice it.

    That is 2 where it grows as the size does, and 4 where it grows as its square.
    """
    call(size)  # what is worked out once and kept is none of it
    once, twice, fourfold = (calls_made(partial(call, size * times)) for times in (1, 2, 4))
    return (fourfold - twice) / (twice - once)
