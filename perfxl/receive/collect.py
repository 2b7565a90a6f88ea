"""Piles as they are asked for: to be imported into a folder, or only to be looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from perfxl.receive.examine import Task
from perfxl.receive.folder import Folder, WouldOverwriteError
from perfxl.receive.inputs import find
from perfxl.receive.journal import Journal
from perfxl.receive.pile import Desk, Pile

__all__ = ["WouldOverwriteError", "gather", "look"]


def gather(paths: Sequence[Path], output: Path, task: Task, *, force: bool = False) -> tuple[Pile, Folder]:
    """Return the pile of what lies at some paths, and the folder that its results go to.

    ``force``: read again what is done and unchanged. Raises
    WouldOverwriteError where a result would take the place of a return.
    """
    journal = Journal.of(output)
    found = find(paths, task.asked.limits, but=output)
    folder = Folder(output, found.inputs, task, journal, force=force)
    return Pile(found, task, folder), folder


def look(paths: Sequence[Path], task: Task) -> Pile:
    """Return the pile of what lies at some paths; nothing is written."""
    return Pile(find(paths, task.asked.limits), task, Desk())
