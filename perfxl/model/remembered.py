"""What a function gives is remembered by what it is given, where that is short: what is remembered stays within bounds."""

from __future__ import annotations

from collections.abc import Callable, Sized
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

_Given = TypeVar("_Given", bound=Sized)
_P = ParamSpec("_P")
_T = TypeVar("_T")


def if_short(
    longest: int, many: int
) -> Callable[[Callable[Concatenate[_Given, _P], _T]], Callable[Concatenate[_Given, _P], _T]]:
    """Let a function be remembered for so many of the last first arguments that are no longer than ``longest``.

    What is longer, of which a hostile file may have much, is worked out each time.
    """

    def made(work: Callable[Concatenate[_Given, _P], _T]) -> Callable[Concatenate[_Given, _P], _T]:
        remembered = lru_cache(maxsize=many)(work)

        @wraps(work)
        def found(given: _Given, /, *args: _P.args, **others: _P.kwargs) -> _T:
            if len(given) > longest:
                return work(given, *args, **others)
            return remembered(given, *args, **others)  # type: ignore[arg-type] # what cannot be remembered is refused there

        return found

    return made
