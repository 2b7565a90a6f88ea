"""Small calls for worker processes: light to import, for that counts as their time."""

from __future__ import annotations

import os
import time


def echo(value: object) -> object:
    """Return what is given."""
    return value


def sleep(seconds: float) -> float:
    """Return after some seconds."""
    time.sleep(seconds)
    return seconds


def die() -> None:
    """End the process at once."""
    os._exit(1)


def process_number() -> int:
    """Return the number of the process that this runs in."""
    return os.getpid()
