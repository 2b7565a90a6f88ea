"""What is asked of returns: one value for the command line, the Python interface and the workers."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from perfxl.files import File, contents
from perfxl.forms.named import form_named
from perfxl.forms.stock import load_forms
from perfxl.model.error import Error
from perfxl.model.form import Form
from perfxl.model.period import read_period
from perfxl.model.roster import Expected, Roster
from perfxl.package.limits import DEFAULT, Limits
from perfxl.receive.against import Against, accepted, look_at
from perfxl.receive.library import Library
from perfxl.rules.accepted import NOTHING_ACCEPTED, Accepted


def roster_of(given: Roster | File) -> Roster:
    """Return a roster that was read, or the one in a file. Raises RosterError, OSError."""
    if isinstance(given, Roster):
        return given
    from perfxl.roster.read import read_roster  # noqa: PLC0415 - most piles have none: start-up counts

    return read_roster(contents(given))


class ExpectationError(Error):
    """A form with a year or a part of it that is none; ``given`` is what stands there."""

    def __init__(self, given: str) -> None:
        super().__init__(given)
        self.given = given

    def __str__(self) -> str:
        form = self.given.partition(":")[0]
        return f"“{self.given}”的年度写得不对，写成 {form}:2024 这样；按季、按月报的，写成 {form}:2024年一季度、{form}:2024年3月"


def expected_of(given: Expected | str, forms: Mapping[str, Form]) -> Expected:
    """Return what is expected, also from ``form`` or ``form:2024``. Raises UnknownFormError, ExpectationError."""
    if isinstance(given, Expected):
        form_named(forms, given.form)
        return given
    name, colon, year = unicodedata.normalize("NFKC", given).strip().partition(":")
    form = form_named(forms, name.strip())
    if not colon:
        return Expected(form.id)
    period = read_period(year)
    if period is None or not (period.whole or period.length == form.identity.length):
        raise ExpectationError(given)
    return Expected(form.id, period.year, (period.first, period.last))


class Request(Struct, frozen=True, dict=True):
    """All that the results of a return depend on besides its bytes and perfxl itself.

    ``templates`` are folders of further definitions; ``form`` skips recognition; ``year`` is the year that was asked for,
    ``roster`` the units that were; ``against`` what was accepted earlier; ``limits`` those of reading; beside the forms
    and years that are ``expected`` others do not count as handed in (where there are none, all do).
    """

    templates: tuple[Path, ...] = ()
    form: str | None = None
    year: int | None = None
    roster: Roster | None = None
    against: Against | None = None
    limits: Limits = DEFAULT
    expected: tuple[Expected, ...] = ()

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
        expect: Iterable[Expected | str] = (),
    ) -> Request:
        """Make a request of what was given: files and folders are read, names looked up.

        Raises UnknownFormError where ``form``, or one of ``expect``, is not among the forms, ExpectationError for one with
        a year that is none, RosterError for a roster that cannot be used, OSError where a file or folder cannot be read,
        DefinitionError for a broken definition.
        """
        folders = tuple(Path(folder).absolute() for folder in templates)
        known = load_forms(*folders)
        if form is not None:
            form_named(known, form)
        units = None if roster is None else roster_of(roster)
        earlier = look_at(Path(against).absolute(), known) if isinstance(against, Path | str) else against
        expected = tuple(expected_of(one, known) for one in expect)
        return cls(folders, form, year, units, earlier, limits, expected)

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
            "forms": {name: [one.digest for one in form.editions] for name, form in self.library.forms.items()},
            "form": self.form,
            "year": self.year,
            "roster": None if self.roster is None else [(unit.code, unit.name) for unit in self.roster.units],
            "against": None if self.against is None else self.against.digest,
            "limits": asdict(self.limits),
            "expected": [(one.form, one.year, *one.span) for one in self.expected],
        }
        return hashlib.sha256(json.dumps(named, sort_keys=True).encode()).hexdigest()
