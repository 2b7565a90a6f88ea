"""The forms that a return may be, prepared for reading once a process."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from perfxl.align.pattern import Pattern, compile_pattern
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.place import place
from perfxl.model.form import Form


@dataclass(frozen=True, slots=True)
class Library:
    """The forms that a return may be, each with its pattern for the reader. Made once, used for every file."""

    forms: Mapping[str, Form]
    patterns: Mapping[str, Pattern]

    @classmethod
    def of(cls, forms: Mapping[str, Form]) -> Library:
        """Prepare forms for reading."""
        return cls(forms, {name: compile_pattern(place(form)) for name, form in forms.items()})


@lru_cache(maxsize=2)
def library(templates: tuple[Path, ...] = ()) -> Library:
    """Return the shipped forms and those in further folders, loaded once for all files of a worker. Raises DefinitionError."""
    return Library.of(load_forms(*templates))
