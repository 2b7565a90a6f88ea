"""A unit's workbook, with what belongs to the form rendered once: the bytes are those of a rendering."""

from __future__ import annotations

import pytest

from perfxl.api import generate, layout
from perfxl.forms.outgoing import Own
from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.send.blank import blank
from perfxl.writer.write import write

FORMS = list(load_forms().values())
UNITS = ((None, None), ("第一中学", "000001"), ("单位名称", "9" * 300))
"""The last has a name that forms print, too."""


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.id)
def test_a_blank_is_what_a_rendering_gives(form: Form) -> None:
    for unit, code in (*UNITS, UNITS[1]):
        rendered = write([layout(form, year=2024, unit=unit, unit_code=code)], "财政局")
        assert generate(form, year=2024, unit=unit, unit_code=code, contact="财政局") == rendered


def test_several_forms_and_years_stay_apart() -> None:
    pair = FORMS[:2]
    for year in (2023, 2024, None):
        rendered = write([layout(form, year=year, unit="第一中学") for form in pair])
        assert blank(pair, Own("第一中学"), year, "") == blank(pair, Own("第一中学"), year, "") == rendered
