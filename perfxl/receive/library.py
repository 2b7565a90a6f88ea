"""The forms that a return may be, each prepared for the reader once a process, when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import Struct

from perfxl.align.pattern import Pattern, compile_pattern
from perfxl.align.recognise import PatternName
from perfxl.forms.layout.place import place
from perfxl.forms.same_form import SameForm
from perfxl.model.form import Form
from perfxl.model.reading import Candidate


class Library(Struct, frozen=True):
    """The forms that a return may be, and the patterns for the reader.

    These are by ``form`` of the newest version, ``form@2023`` of others; ``form#2`` is a sheet of a form on several.
    """

    forms: Mapping[str, Form]
    patterns: Mapping[str, Pattern]

    @classmethod
    def of(cls, forms: Mapping[str, Form]) -> Library:
        """Return a library of forms; to make one costs nothing."""
        return cls(forms, _Patterns(forms))

    def edition(self, candidate: Candidate) -> Form:
        """Return the version of a form by which a sheet was tried."""
        form = self.forms[candidate.form]
        return form.edition(candidate.version) or form if candidate.version else form


class _Patterns(Mapping[str, Pattern]):
    """The patterns of some forms: a return with a stamp needs one of them, and each takes as long as reading ten files."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = forms

    def __getitem__(self, name: str) -> Pattern:
        meant = PatternName.of(name)
        sheets = dict(_sheets(meant.form, self._forms[meant.form]))
        return _pattern(SameForm(sheets[name]))

    def __iter__(self) -> Iterator[str]:
        return (sheet for name, form in self._forms.items() for sheet, _ in _sheets(name, form))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _sheets(name: str, form: Form) -> Iterator[tuple[str, Form]]:
    """Yield every sheet of each version of a form, with what its pattern is called."""
    for edition in form.editions:
        version = "" if edition is form else edition.version
        for number, part in enumerate(edition.parts, start=1):
            yield str(PatternName(name, number if edition.sheets else 0, version)), part


@lru_cache(maxsize=128)
def _pattern(same: SameForm) -> Pattern:
    return compile_pattern(place(same.form))
