"""What stands in the page in place of ``perfxl.forms.stock``: the forms are there already, parsed when it was built."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

from perfxl.forms.kept import from_text
from perfxl.model.form import Form

FORMS = "forms.json"
"""The file next to the module that holds the forms by id."""


@cache
def load_forms(*folders: Path | str) -> Mapping[str, Form]:
    """Return the forms of the page, whatever folders are asked for."""
    del folders
    return from_text(files("perfxl.forms").joinpath(FORMS).read_bytes())
