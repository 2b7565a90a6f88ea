"""Official Excel forms: generate, fill in offline, read back, check, mark.

>>> import perfxl
>>> forms = perfxl.load_forms()
>>> blank = perfxl.generate(forms["hunan-dept-self-eval"], year=2023, unit="石鼓区教育局")
>>> submission = perfxl.read("returned.xlsx")  # doctest: +SKIP
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from perfxl.api import (
        CannotMark,
        DataError,
        RosterError,
        generate,
        generate_each,
        layout,
        load_forms,
        marked,
        read,
        read_roster,
    )
    from perfxl.model.submission import Submission
    from perfxl.receive.importing import import_returns
    from perfxl.workers import Workers

_PLACES = {
    "CannotMark": "perfxl.api",
    "DataError": "perfxl.api",
    "RosterError": "perfxl.api",
    "Submission": "perfxl.model.submission",
    "Workers": "perfxl.workers",
    "generate": "perfxl.api",
    "generate_each": "perfxl.api",
    "import_returns": "perfxl.receive.importing",
    "layout": "perfxl.api",
    "load_forms": "perfxl.api",
    "marked": "perfxl.api",
    "read": "perfxl.api",
    "read_roster": "perfxl.api",
}

__all__ = [
    "CannotMark",
    "DataError",
    "RosterError",
    "Submission",
    "Workers",
    "generate",
    "generate_each",
    "import_returns",
    "layout",
    "load_forms",
    "marked",
    "read",
    "read_roster",
]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the command line starts without what it does not need."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
