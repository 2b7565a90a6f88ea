"""Regular expressions that are compiled when they are first used: one return needs half of them, and each takes up to 4 ms."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast

_USES = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub", "subn")


class _Deferred(Generic[AnyStr]):
    def __init__(self, source: AnyStr, flags: int) -> None:
        self._source: AnyStr = source
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        """Compile the expression; from now on each of its methods is found here itself, as quickly as its own."""
        if name.startswith("__"):  # copying and pickling ask for what an expression has not
            raise AttributeError(name)
        compiled = re.compile(self._source, self._flags)
        for use in _USES:
            setattr(self, use, getattr(compiled, use))
        return getattr(compiled, name)


def deferred(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a regular expression that is compiled when it is first used; what is wrong with it is raised only then."""
    return cast("re.Pattern[AnyStr]", _Deferred(source, flags))
