"""The Python interface: what the command line does, for programs."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from perfxl.files import File, contents, name_of
from perfxl.forms.asked_period import period_of
from perfxl.forms.data import Data
from perfxl.forms.named import form_named
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.model.layout import Layout
from perfxl.model.roster import Expected, Roster, RosterUnit
from perfxl.model.submission import Submission
from perfxl.receive.against import accepted, look_at
from perfxl.receive.copies import marked_copy
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.receive.request import Request, expected_of, roster_of
from perfxl.roster.prefill import prefills
from perfxl.rules.accepted import NOTHING_ACCEPTED
from perfxl.send.blank import blank
from perfxl.send.series import Series
from perfxl.writer.write import write


def generate(  # noqa: PLR0913 - one parameter for each thing that may be asked for
    forms: Form | Sequence[Form],
    *,
    year: int | None = None,
    period: str | None = None,
    unit: str | None = None,
    unit_code: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
    contact: str = "",
) -> bytes:
    """Return a blank or prefilled workbook, a sheet for each form; the same arguments give the same bytes.

    ``data`` is the ``data`` object of a form, whole or part; ``year``, ``period`` (a part of a year, 2025年一季度, of forms
    that are handed in more than once a year; others take its year) and ``unit`` beat it. ``rows`` gives growing tables
    another number of rows than the blank has (``{"projects": 30}``), more where the data needs them. ``contact`` stands on
    填表说明, for who has questions. Computed fields are worked out anew. Raises DataError where the data does not belong to the
    form, PeriodError for a ``period`` that is none of the forms.
    """
    wanted = [forms] if isinstance(forms, Form) else list(forms)
    if data is None and not rows and period is None:
        return blank(wanted, Own(unit, unit_code), year, contact)
    part = None if period is None else period_of(period, wanted)
    outgoing = [Outgoing.of(form, year=year, period=part, data=data, rows=rows) for form in wanted]
    return write([sheet for one in outgoing for sheet in one.layouts(Own(unit, unit_code))], contact)


def generate_each(
    forms: Form | Sequence[Form],
    roster: Roster | File,
    *,
    year: int | None = None,
    period: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
    contact: str = "",
) -> Iterator[tuple[RosterUnit, bytes]]:
    """Return each unit of a roster with its workbook, in the roster's order; the bytes are those of ``generate``.

    The roster's further columns prefill the fields that they name, and beat ``data``; a UserWarning names those that no
    form has. Raises DataError where the data does not belong to the form, RosterError where what is in the roster's
    columns does not, PeriodError as ``generate`` does.
    """
    wanted = [forms] if isinstance(forms, Form) else list(forms)
    part = None if period is None else period_of(period, wanted)
    series = Series([Outgoing.of(form, year=year, period=part, data=data, rows=rows) for form in wanted], contact)
    units = roster_of(roster)
    prefilled = prefills(units, wanted)
    for note in prefilled.notes:
        warnings.warn(note, stacklevel=2)
    return ((unit, series.workbook(own)) for unit, own in zip(units.units, prefilled.owns, strict=True))


def layout(
    form: Form,
    *,
    year: int | None = None,
    unit: str | None = None,
    unit_code: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
) -> Layout:
    """Return a form placed on a sheet, with what is known filled in; of a form on several sheets, the first.

    Raises DataError as ``generate`` does.
    """
    return layouts(form, year=year, unit=unit, unit_code=unit_code, data=data, rows=rows)[0]


def layouts(
    form: Form,
    *,
    year: int | None = None,
    unit: str | None = None,
    unit_code: str | None = None,
    data: Data | None = None,
    rows: Mapping[str, int] | None = None,
) -> tuple[Layout, ...]:
    """Return a form placed on each of its sheets, with what is known filled in. Raises DataError as ``generate`` does."""
    return Outgoing.of(form, year=year, data=data, rows=rows).layouts(Own(unit, unit_code))


def read(  # noqa: PLR0913 - one parameter for each thing that may be asked for
    file: File,
    *,
    name: str | None = None,
    forms: Mapping[str, Form] | None = None,
    form: str | None = None,
    year: int | None = None,
    roster: Roster | File | None = None,
    against: Path | str | None = None,
    expect: Iterable[Expected | str] = (),
) -> Submission:
    """Read and check a returned workbook. Whatever is in the file, the outcome is a Submission with its findings.

    ``name`` is the file's name in the results, its own where it has one. ``forms`` defaults to the shipped ones;
    ``form`` skips recognition; ``year`` is the year that was asked for, ``roster`` the units that were; ``against`` is a
    folder of submissions accepted earlier; beside the forms of ``expect`` (``form`` or ``form:2024``) others do not
    count. Raises OSError where a file or the folder cannot be read from the disk at all, UnknownFormError where a form
    is not among the forms, ExpectationError for one with a year that is none, RosterError for a roster that cannot be
    used.
    """
    known = load_forms() if forms is None else forms
    if form is not None:
        form_named(known, form)
    before = NOTHING_ACCEPTED if against is None else accepted(look_at(Path(against), known), known)
    units = None if roster is None else roster_of(roster)
    request = Request(form=form, year=year, roster=units, expected=tuple(expected_of(one, known) for one in expect))
    return process(contents(file), name_of(file) if name is None else name, Library.of(known), request, before)


def read_roster(file: File) -> Roster:
    """Return the units of a roster, whatever its format: CSV in the encodings in use, or a workbook.

    The heads are ``code`` and ``name`` or 单位代码 and 单位名称 in any order; the code may be left out. Further columns
    prefill the fields that their heads name. Raises RosterError, OSError where the file cannot be read.
    """
    return roster_of(file)


def marked(file: File, submission: Submission) -> bytes:
    """Return a copy of a returned workbook in which the wrong cells are highlighted and explained.

    An .xlsx or .xlsm file keeps everything that is in it. Of others, and of signed and strict ones, the copy is a new
    .xlsx with the forms as we print them and what was typed into them. Raises CannotMark for a file that cannot be
    marked and in which no form was read, OSError where it cannot be read from the disk.
    """
    return marked_copy(contents(file), submission).data
