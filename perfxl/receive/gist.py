"""What settling needs of a return, small and packed: noted where the return is read, so that its document is not read again.

What is noted is what its document says, to the letter. A return of which the document spells something otherwise is not
noted: its document has to be read.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import io
import pickle
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from decimal import Decimal
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.model.submission import FormReturn, Source, Submission, span_of
from perfxl.model.value import FrequencyValue, NumberValue, RangeValue
from perfxl.model.words import WHOLE
from perfxl.reporting.document import is_spelled_out
from perfxl.reporting.overview import Filed, filed
from perfxl.rules.together import parts_of
from perfxl.rules.versions import Version, versions

_MENDED: Final = "�".encode()
"""What documents have in the place of half a character."""


class Gist(Struct, frozen=True):
    """A return without the values of its forms, and what there is to tell of each form at a glance."""

    submission: Submission
    filed: tuple[Filed, ...]

    @classmethod
    def of(cls, submission: Submission) -> Gist:
        """Return what is compared and told of a return."""
        light = tuple(replace(form, record=Record(), cells={}) for form in submission.forms)
        return cls(replace(submission, forms=light), tuple(map(filed, submission.forms)))


class Noted(Struct, frozen=True):
    """All that settling needs of a return: its gist, packed, the forms that could have another version, its sums, packed.

    ``has_whole``: one of its forms is that of a department as a whole; ``loose``: it holds no form.
    """

    gist: bytes
    versions: tuple[Version, ...]
    parts: bytes
    has_whole: bool
    loose: bool

    @classmethod
    def of(cls, submission: Submission) -> Noted:
        """Note what there is to settle of a return; the versions are those of a return 0."""
        odd = submission.unexpected
        parts = tuple(parts_of(submission))
        return cls(
            gist=_packed(Gist.of(submission)),
            versions=tuple(version for version in versions(0, submission) if version.sheet not in odd),
            parts=pickle.dumps(parts, pickle.HIGHEST_PROTOCOL),
            has_whole=any(part.scope == WHOLE for part in parts),
            loose=not submission.forms,
        )


def noted(submission: Submission, document: bytes) -> Noted | None:
    """Return what is to be noted of a return that has just been read; None where its document says it otherwise."""
    if _MENDED in document or not all(map(is_spelled_out, _numbers(submission))):
        return None
    source, forms = _to_the_second(submission.source), tuple(map(_as_written, submission.forms))
    return Noted.of(Submission(source, forms, submission.findings))


def _numbers(submission: Submission) -> Iterator[Decimal]:
    """Yield the numbers in the values and the findings of a return."""
    for finding in submission.findings:
        for shown in (finding.value, finding.expected, finding.fix.value):
            yield from _numbers_in(shown)
    for form in submission.forms:
        for value in form.record.values.values():
            if not isinstance(value, str):
                yield from _numbers_in(value)


def _numbers_in(value: object) -> Iterator[Decimal]:
    match value:
        case Decimal():
            yield value
        case NumberValue():
            yield value.value
        case RangeValue():
            yield value.low
            yield value.high
        case FrequencyValue():
            yield value.times


def _as_written(returned: FormReturn) -> FormReturn:
    """Return a form without the values that it prints and leaves out of its data."""
    form, record = returned.definition, returned.record
    hidden = [path for path, spec in form.fields.items() if spec.hidden]
    if not hidden:
        return returned
    left_out = {path for generic in hidden for path in record.paths(generic)}
    shown = Record({path: value for path, value in record.values.items() if path not in left_out}, record.sizes)
    return replace(returned, record=shown, span=span_of(form, shown))


def _to_the_second(source: Source) -> Source:
    moment = source.modified
    return source if moment is None else replace(source, modified=moment.astimezone(dt.UTC).replace(microsecond=0))


_FORMS: ContextVar[Mapping[tuple[str, str], Form]] = ContextVar("forms")
"""The forms that are known where something is being unpacked, by their names and versions."""


class GistPacking:
    """How gists, and what holds them, are written: forms by their names, of which these are."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        self._forms = _Editions(forms)

    def pack(self, value: object) -> bytes:
        """Return a value as bytes."""
        return _packed(value)

    def unpack(self, packed: bytes) -> Any:
        """Return the value, its forms being those that are known here."""
        before = _FORMS.set(self._forms)
        try:
            return pickle.loads(packed)  # noqa: S301 - what this program has packed, in this process or in a worker's
        finally:
            _FORMS.reset(before)


class _Editions(dict[tuple[str, str], Form]):
    """Versions of forms, each looked for once."""

    def __init__(self, forms: Mapping[str, Form]) -> None:
        super().__init__()
        self._forms = forms

    def __missing__(self, named: tuple[str, str]) -> Form:
        name, version = named
        found = self[named] = self._forms[name].edition(version) or self._forms[name]
        return found


def _packed(value: object) -> bytes:
    packed = io.BytesIO()
    _Pickler(packed, pickle.HIGHEST_PROTOCOL).dump(value)
    return packed.getvalue()


def _named(form: str, version: str) -> Form:
    return _FORMS.get()[form, version]


class _Pickler(pickle.Pickler):
    dispatch_table = copyreg.dispatch_table | {Form: lambda form: (_named, (form.id, form.version))}
