"""A form as the key of what is kept for it."""

from __future__ import annotations

from msgspec import Struct

from perfxl.model.form import Form


class SameForm(Struct, frozen=True, eq=False):
    """A form as the key of a table: itself and no other, however equal. Forms that are loaded again are the same."""

    form: Form

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SameForm) and self.form is other.form

    def __hash__(self) -> int:
        return id(self.form)
