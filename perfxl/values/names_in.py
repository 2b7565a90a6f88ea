"""Which of many names stands in a text: looked for by its pieces, for lists of units are long and piles large."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from perfxl.values.label_text import key

_T = TypeVar("_T")
_SHORTEST = 3
"""A name or code shorter than this says nothing about the text in which it is found."""
_LONGEST = 300
"""Characters of a text that are looked at."""


class NamesIn(Generic[_T]):
    """Names and codes, each with what it is the name of."""

    def __init__(self, named: Iterable[tuple[str, _T]]) -> None:
        self._named: dict[str, list[_T]] = {}
        for name, one in named:
            word = key(name)
            if len(word) >= _SHORTEST:
                self._named.setdefault(word, []).append(one)
        self._lengths = sorted({len(word) for word in self._named}, reverse=True)

    def longest(self, text: str) -> list[_T]:
        """Return what the longest name in a text is the name of; several where several are, nothing where none is."""
        said = key(text)[:_LONGEST]
        for length in self._lengths:
            pieces = dict.fromkeys(said[start : start + length] for start in range(len(said) - length + 1))
            found = {id(one): one for piece in pieces for one in self._named.get(piece, ())}
            if found:
                return list(found.values())
        return []
