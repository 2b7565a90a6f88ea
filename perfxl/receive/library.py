"""The forms that a return may be, each prepared for the reader once a process, when it is first needed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from perfxl.align.pattern import Pattern, compile_pattern
from perfxl.forms.layout.place import place
from perfxl.model.form import Form


@dataclass(frozen=True, slots=True)
class Library:
    """The forms that a return may be, each with its pattern for the reader."""

    forms: Mapping[str, Form]
    patterns: Mapping[str, Pattern]

    @classmethod
    def of(cls, forms: Mapping[str, Form]) -> Library:
        """Return a library of forms; to make one costs nothing."""
        return cls(forms, _Patterns(forms))


class _Patterns(Mapping[str, Pattern]):
    """The patterns of some forms: a return with a stamp needs one of them, and each takes as long as reading ten files."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = dict(forms)

    def __getitem__(self, name: str) -> Pattern:
        return _pattern(_Same(self._forms[name]))

    def __iter__(self) -> Iterator[str]:
        return iter(self._forms)

    def __len__(self) -> int:
        return len(self._forms)


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A form as the key of a table: itself and no other, however equal. Forms that are loaded again are the same."""

    form: Form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.form is other.form

    def __hash__(self) -> int:
        return id(self.form)


@lru_cache(maxsize=128)
def _pattern(same: _Same) -> Pattern:
    return compile_pattern(place(same.form))
