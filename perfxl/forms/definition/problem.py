"""Mistakes in a form definition, collected so that an author sees all of them in one run."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping

from msgspec import Struct, field

from perfxl.model.error import Error


class Problem(Struct, frozen=True, order=True):
    """A mistake of a form's author: where it stands, what is wrong, what to do. Lines and columns count from 1."""

    file: str
    line: int
    column: int
    message: str
    remedy: str = ""

    def __str__(self) -> str:
        remedy = f"（{self.remedy}）" if self.remedy else ""
        return f"{self.file}:{self.line}:{self.column}: {self.message}{remedy}"


class Problems(Struct):
    """Collects the problems of one file.

    ``incomplete``: a part could not be read, so that what seems to be missing may be there.
    """

    file: str
    found: list[Problem] = field(default_factory=list)
    incomplete: bool = False

    def add(self, place: Place, message: str, remedy: str = "") -> None:
        """Add a mistake, once."""
        problem = Problem(self.file, place.line, place.column, message, remedy)
        if problem not in self.found:
            self.found.append(problem)

    def lack(self, place: Place, message: str, remedy: str = "") -> None:
        """Add that something is not there, unless it may be in a part that could not be read."""
        if not self.incomplete:
            self.add(place, message, remedy)


@dataclasses.dataclass(frozen=True, slots=True)
class Place:
    """A place in a definition file; that of a construct knows where the value of each of its keys stands."""

    line: int = 1
    column: int = 1
    keys: Mapping[str, Place] = dataclasses.field(default_factory=dict, compare=False, repr=False)

    def of(self, key: str) -> Place:
        """Return where a key's value stands, this place where the key is not given."""
        return self.keys.get(key, self)


class DefinitionError(Error):
    """Form definitions that cannot be used; carries every mistake found."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(problems)

    def __str__(self) -> str:
        return "\n".join(map(str, self.problems))
