"""What is being collected: the forms and years of a round, beside which others do not count as handed in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Expected:
    """A form that is expected, of one year or (None) of any."""

    form: str
    year: int | None = None

    def is_met_by(self, form: str, year: int | None) -> bool:
        """Tell whether a form of a year is the expected one; a year that nothing tells is no other one."""
        return form == self.form and (self.year is None or year is None or year == self.year)
