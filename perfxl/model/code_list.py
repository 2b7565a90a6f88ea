"""A list that a form's author keeps in a file: codes to choose from, with what each is called."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from msgspec import Struct


class Listed(Struct, frozen=True):
    """An entry: its code, what it is called, the entry of another list that it belongs to, its last year."""

    code: str
    name: str = ""
    under: str = ""
    until: int | None = None

    def ended(self, year: int | None) -> bool:
        """Tell whether it is not to be chosen any more in a year; in an unknown one everything is."""
        return year is not None and self.until is not None and self.until < year


class CodeList(Struct, frozen=True, dict=True):
    """A list by its name in the definition, in the order of its file; those of one group follow each other.

    ``digest`` is a short hash of the entries.
    """

    name: str
    entries: tuple[Listed, ...]
    digest: str = ""

    @property
    def grouped(self) -> bool:
        """Whether its entries belong to those of another list."""
        return any(entry.under for entry in self.entries)

    def find(self, code: str, under: str | None = None) -> Listed | None:
        """Return the entry of a code, of the group ``under`` where one is given; None where there is none."""
        found = self._by_code.get(code, ())
        return next((entry for entry in found if under is None or entry.under == under), None)

    @cached_property
    def _by_code(self) -> Mapping[str, list[Listed]]:
        found: dict[str, list[Listed]] = {}
        for entry in self.entries:
            found.setdefault(entry.code, []).append(entry)
        return found
