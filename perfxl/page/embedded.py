"""What stands in the page in place of ``perfxl.forms.stock``: the forms are there already, parsed when it was built."""

from __future__ import annotations

import pickle
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from perfxl.model.form import Form

FORMS = "forms.pickle"
"""The file next to the module that holds the forms by id."""


@cache
def load_forms(*folders: Path | str) -> Mapping[str, Form]:
    """Return the forms of the page, whatever folders are asked for."""
    del folders
    forms: Mapping[str, Form] = pickle.loads(  # noqa: S301 - written by the build, together with this module
        files("perfxl.forms").joinpath(FORMS).read_bytes()
    )
    return forms
