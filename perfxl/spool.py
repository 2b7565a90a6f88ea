"""Values on the disk instead of in memory: added one after another, read again one at a time, as often as wanted."""

from __future__ import annotations

import pickle
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from tempfile import SpooledTemporaryFile
from threading import Lock
from typing import Any, Generic, Protocol, TypeVar, overload
from weakref import finalize

from perfxl.outputs import OURS, reachable

_S = TypeVar("_S")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

IN_MEMORY = 500_000
"""Bytes up to which nothing is written, and what was read again is kept: a pile of a hundred returns needs no disk."""


class Packing(Protocol):
    """How values are written."""

    def pack(self, value: object) -> bytes:
        """Return a value as bytes."""

    def unpack(self, packed: bytes) -> Any:
        """Return the value that was packed."""


class WholePacking:
    """Values with all that they hold."""

    def pack(self, value: object) -> bytes:
        """Return a value as bytes."""
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)

    def unpack(self, packed: bytes) -> Any:
        """Return the value that was packed."""
        return pickle.loads(packed)  # noqa: S301 - what this program wrote, and nobody else can have written


class Spool(Sequence[_T]):
    """What was added, in that order; in memory stay only the places where each begins.

    ``packing`` is how a value is written: what very many hold it may leave out. The file has no name that anybody could
    find: it goes with the spool, and where the process is killed with that.
    """

    def __init__(self, packing: Packing | None = None, folder: Path | None = None) -> None:
        self._file = SpooledTemporaryFile(  # noqa: SIM115 - it is open as long as the spool is there
            max_size=IN_MEMORY, prefix=OURS, suffix=".tmp", dir=None if folder is None else str(reachable(folder))
        )
        finalize(self, self._file.close)
        self._ends = array("Q")
        self._packing = packing or WholePacking()
        self._known: dict[int, _T] = {}
        """Values as they were read again, as long as all of them are in memory."""
        self._turn = Lock()

    def __len__(self) -> int:
        return len(self._ends)

    def add(self, value: _T) -> int:
        """Add a value and return its number. Raises OSError where the disk does not take it."""
        return self.add_packed(self._packing.pack(value))

    def add_packed(self, packed: bytes) -> int:
        """Add a value that is packed as this spool packs its values, and return its number. Raises OSError."""
        with self._turn:
            begin = self._ends[-1] if self._ends else 0
            self._file.seek(begin)
            self._file.write(packed)
            self._ends.append(begin + len(packed))
            if self._ends[-1] > IN_MEMORY:
                self._known.clear()
            return len(self._ends) - 1

    @overload
    def __getitem__(self, number: int) -> _T: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[_T]: ...
    def __getitem__(self, number: int | slice) -> _T | Sequence[_T]:
        if isinstance(number, slice):
            return [self[one] for one in range(*number.indices(len(self)))]
        place = range(len(self._ends))[number]
        begin = self._ends[place - 1] if place else 0
        with self._turn:
            if place in self._known:
                return self._known[place]
            self._file.seek(begin)
            packed = self._file.read(self._ends[place] - begin)
        value: _T = self._packing.unpack(packed)
        with self._turn:
            if self._ends[-1] <= IN_MEMORY:
                self._known[place] = value
        return value

    def __iter__(self) -> Iterator[_T]:
        return (self[number] for number in range(len(self)))


class Derived(Sequence[_T_co], Generic[_S, _T_co]):
    """What a function makes of the values of another sequence, in their order or another, whenever it is asked for."""

    def __init__(self, source: Sequence[_S], made: Callable[[_S], _T_co], order: Sequence[int] | None = None) -> None:
        self._source = source
        self._made = made
        self._order = range(len(source)) if order is None else order

    def __len__(self) -> int:
        return len(self._order)

    @overload
    def __getitem__(self, number: int) -> _T_co: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[_T_co]: ...
    def __getitem__(self, number: int | slice) -> _T_co | Sequence[_T_co]:
        if isinstance(number, slice):
            return [self._made(self._source[place]) for place in self._order[number]]
        return self._made(self._source[self._order[number]])

    def __iter__(self) -> Iterator[_T_co]:
        return (self._made(self._source[place]) for place in self._order)


def picked(source: Sequence[_T], order: Sequence[int]) -> Sequence[_T]:
    """Return some values of a sequence as they are, in an order, whenever they are asked for."""
    return Derived(source, _as_it_is, order)


def _as_it_is(value: _T) -> _T:
    return value


class Again(Iterable[_T_co]):
    """What an iterator yields, from the beginning each time that somebody goes through it."""

    def __init__(self, begin: Callable[[], Iterator[_T_co]]) -> None:
        self._begin = begin

    def __iter__(self) -> Iterator[_T_co]:
        return self._begin()
