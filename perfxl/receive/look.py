"""Looking: the pile of what lies at some paths, of which nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Executor

from perfxl.places import Place
from perfxl.receive.pile import Desk, Pile
from perfxl.receive.request import Request
from perfxl.receive.search import find


def look(paths: Sequence[Place], request: Request, executor: Executor | None = None) -> Pile:
    """Return the pile of what lies at some paths; nothing is written. ``executor`` opens archives."""
    return Pile(find(paths, request.limits, executor=executor), request, Desk())
