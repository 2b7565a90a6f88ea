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
    from perfxl.api import CannotMark, DataError, data_of, generate, layout, load_forms, marked, read
    from perfxl.batch.importing import import_returns
    from perfxl.batch.workers import Workers
    from perfxl.model.submission import Submission

_PLACES = {
    "CannotMark": "perfxl.api",
    "DataError": "perfxl.api",
    "Submission": "perfxl.model.submission",
    "Workers": "perfxl.batch.workers",
    "data_of": "perfxl.api",
    "generate": "perfxl.api",
    "import_returns": "perfxl.batch.importing",
    "layout": "perfxl.api",
    "load_forms": "perfxl.api",
    "marked": "perfxl.api",
    "read": "perfxl.api",
}

__all__ = [
    "CannotMark",
    "DataError",
    "Submission",
    "Workers",
    "data_of",
    "generate",
    "import_returns",
    "layout",
    "load_forms",
    "marked",
    "read",
]


def __getattr__(name: str) -> object:
    """Import what is asked for when it is asked for: the command line starts without what it does not need."""
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PLACES[name]), name)
