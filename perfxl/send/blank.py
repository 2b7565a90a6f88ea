"""The workbook of one unit: what belongs to its forms is rendered once a process, and the unit's own put into it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from perfxl.forms.outgoing import Outgoing, Own
from perfxl.forms.same_form import SameForm
from perfxl.model.form import Form
from perfxl.send.series import Series


def blank(forms: Iterable[Form], own: Own, year: int | None, contact: str) -> bytes:
    """Return a unit's workbook, a sheet for each form, with nothing in it that is not the unit's own.

    The bytes are those of a rendering, whether it has been rendered before or not.
    """
    series = _series(tuple(map(SameForm, forms)), year, contact)
    return series.workbook([own] * series.sheets)


@lru_cache(maxsize=32)
def _series(forms: tuple[SameForm, ...], year: int | None, contact: str) -> Series:
    return Series([Outgoing.of(one.form, year=year) for one in forms], contact)
