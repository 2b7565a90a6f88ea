"""An order to send forms out: what every unit gets, what is each unit's own, and how the workbooks are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.forms.definition.problem import Problem
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.error import Error
from perfxl.model.form import Form
from perfxl.send.naming import NameParts, file_names, named_together
from perfxl.trial.proof import try_inputs


class UndatedError(Error):
    """A form prints the year, and nobody has said which it is; ``title`` is the form's."""

    def __init__(self, title: str) -> None:
        super().__init__(title)
        self.title = title

    def __str__(self) -> str:
        return f"《{self.title}》上印有年度，又没有给出是哪一年"


def lost_inputs(forms: Sequence[Form]) -> Iterator[Problem]:
    """Yield what of some forms could not be read back to its place, and so must not be sent out."""
    for form in {form.id: form for form in forms}.values():
        yield from try_inputs(form)


def see_dated(outgoing: Sequence[Outgoing], owns: Sequence[tuple[Own, ...]]) -> None:
    """See that no form goes out with blanks for the year in its printed words. Raises UndatedError."""
    for number, one in enumerate(outgoing):
        undated = any(one.identity(own[number]).year is None for own in owns)
        if undated and one.prints_year():
            raise UndatedError(one.form.title)


def names(outgoing: Sequence[Outgoing], owns: Sequence[tuple[Own, ...]], pattern: str | None = None) -> list[str]:
    """Name each unit's file after all its forms, and after unit and year of its first sheet. Raises PatternError."""
    first = outgoing[0]
    stamps = [(first.identity(own[0]), first.period(own[0])) for own in owns]
    named = [
        NameParts(
            form=named_together((one.form.id for one in outgoing), "+"),
            title=named_together((one.form.title for one in outgoing), "、"),
            year="" if stamp.year is None else str(stamp.year),
            unit=stamp.unit.name or "",
            code=stamp.unit.code or "",
            period=period.name,
        )
        for stamp, period in stamps
    ]
    return file_names(named, pattern)
