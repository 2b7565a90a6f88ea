"""The workbooks of a roster's units, made and written by as many processes as there are."""

from __future__ import annotations

import pickle
from collections.abc import Iterator, Sequence
from concurrent.futures import BrokenExecutor, Executor
from functools import lru_cache
from pathlib import Path

from msgspec import Struct

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.error import reason_of
from perfxl.outputs import write_whole
from perfxl.send.series import Series
from perfxl.workers import OutOfTime, WorkerDied

_AT_ONCE = 50
"""Workbooks that a worker makes in one call: asking for each by itself takes longer than making it."""


class Parcel(Struct, frozen=True):
    """One unit's workbook to be: the file that it goes to, what is the unit's own in each form."""

    path: Path
    owns: tuple[Own, ...]


class Sent(Struct, frozen=True):
    """What became of a workbook; ``error`` says why it could not be written, "" where it was."""

    path: Path
    error: str = ""


def send(
    outgoing: Sequence[Outgoing], parcels: Sequence[Parcel], executor: Executor | None = None, *, contact: str = ""
) -> Iterator[Sent]:
    """Write each unit's workbook, in the order of the parcels; in this process where no executor is given.

    ``contact`` is who answers questions. A file that cannot be written does not stop the others. What is written does not
    depend on the executor.
    """
    order = pickle.dumps((tuple(outgoing), contact))
    if executor is None:  # each is told as soon as it is there
        for parcel in parcels:
            yield from written(order, (parcel,))
        return
    calls = [tuple(parcels[start : start + _AT_ONCE]) for start in range(0, len(parcels), _AT_ONCE)]
    futures = [executor.submit(written, order, call) for call in calls]
    for call, future in zip(calls, futures, strict=True):
        try:
            sent = future.result()
        except (BrokenExecutor, OutOfTime, WorkerDied):
            sent = written(order, call)
        yield from sent


def written(order: bytes, parcels: Sequence[Parcel]) -> tuple[Sent, ...]:
    """Make and write some workbooks of an order (pickled, so that a worker keeps what it has rendered for it)."""
    series = _series(order)
    return tuple(_written(series, parcel) for parcel in parcels)


def _written(series: Series, parcel: Parcel) -> Sent:
    try:
        write_whole(parcel.path, series.workbook(parcel.owns))
    except OSError as error:
        return Sent(parcel.path, reason_of(error))
    return Sent(parcel.path)


@lru_cache(maxsize=1)
def _series(order: bytes) -> Series:
    return Series(*pickle.loads(order))  # noqa: S301 - what send() has just pickled
