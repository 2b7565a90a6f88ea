"""What is asked of returns: one value for the command line, the Python interface and the workers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path

from perfxl.files import File, contents
from perfxl.forms.definition.load import load_forms
from perfxl.forms.named import form_named
from perfxl.model.roster import Roster
from perfxl.package.limits import DEFAULT, Limits
from perfxl.receive.against import Against, accepted, look_at
from perfxl.receive.library import Library
from perfxl.roster.read import read_roster
from perfxl.rules.accepted import NOTHING_ACCEPTED, Accepted


def roster_of(given: Roster | File) -> Roster:
    """Return a roster that was read, or the one in a file. Raises RosterError, OSError."""
    return given if isinstance(given, Roster) else read_roster(contents(given))


@dataclass(frozen=True)
class Request:
    """All that the results of a return depend on besides its bytes and perfxl itself.

    ``templates`` are folders of further definitions; ``form`` skips recognition; ``year`` is the year that was asked for,
    ``roster`` the units that were; ``against`` what was accepted earlier; ``limits`` those of reading.
    """

    templates: tuple[Path, ...] = ()
    form: str | None = None
    year: int | None = None
    roster: Roster | None = None
    against: Against | None = None
    limits: Limits = DEFAULT

    @classmethod
    def of(
        cls,
        *,
        templates: Iterable[Path | str] = (),
        form: str | None = None,
        year: int | None = None,
        roster: Roster | File | None = None,
        against: Against | Path | str | None = None,
        limits: Limits = DEFAULT,
    ) -> Request:
        """Make a request of what was given: files and folders are read, names looked up.

        Raises UnknownFormError where ``form`` is not among the forms, RosterError for a roster that cannot be used, OSError where
        a file or folder cannot be read, DefinitionError for a broken definition.
        """
        folders = tuple(map(Path, templates))
        known = load_forms(*folders)
        if form is not None:
            form_named(known, form)
        units = None if roster is None else roster_of(roster)
        earlier = look_at(Path(against), known) if isinstance(against, Path | str) else against
        return cls(folders, form, year, units, earlier, limits)

    def __reduce__(self) -> tuple[type[Request], tuple[object, ...]]:
        """Leave out what a worker finds again by itself."""
        return Request, tuple(getattr(self, field.name) for field in fields(self))

    @cached_property
    def library(self) -> Library:
        """The forms, loaded once for all files of a request. Raises DefinitionError."""
        return Library.of(load_forms(*self.templates))

    @cached_property
    def accepted(self) -> Accepted:
        """What was accepted earlier, read once for all files of a request. Raises OSError."""
        return NOTHING_ACCEPTED if self.against is None else accepted(self.against, self.library.forms)

    def digest(self) -> str:
        """Return the hash of what is asked for, the forms by their contents; it says whether results are still good."""
        named = {
            "forms": {name: form.digest for name, form in self.library.forms.items()},
            "form": self.form,
            "year": self.year,
            "roster": None if self.roster is None else [(unit.code, unit.name) for unit in self.roster.units],
            "against": None if self.against is None else self.against.digest,
            "limits": asdict(self.limits),
        }
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
