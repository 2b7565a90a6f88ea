"""S09 and F09: the unit that was typed, the roster, and the unit that the workbook was made for."""

from __future__ import annotations

import pytest

from perfxl.model.finding import Severity
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import Unit
from perfxl.rules.unit import named
from support.cases import case_of, form_of

FORM = form_of("""
form: tiny-unit
version: "1"
title: 表
region: 试验
stage: declaration
year_basis: 年度
sheet: 表
money: 万元
unit: unit_name
columns: {A: 8, B: 8}
bands:
- row:
  - {at: A, label: 单位名称}
  - {at: B, field: unit_name, type: text}
""")
LISTED = Roster((RosterUnit("某区教育局", "030407", 2), RosterUnit("某区民政局", "030408", 3)))
OF_EDUCATION = Unit("某区教育局", "030407")


@pytest.mark.parametrize(
    ("typed", "stamped", "roster", "said"),
    [
        ("某区教育局", None, LISTED, None),
        ("某区教育局（汇总）", None, LISTED, None),
        ("某区教育厅", None, LISTED, ("S09", Severity.ERROR, "某区教育局")),
        ("水务站", None, LISTED, ("S09", Severity.ERROR, None)),
        ("水务站", None, None, None),
        ("", OF_EDUCATION, LISTED, None),
        # made for a unit of the roster, known by its code, by its name, or not at all
        ("某区教体局", OF_EDUCATION, LISTED, ("S09", Severity.WARNING, "某区教育局")),
        ("某区教体局", Unit(None, "030407"), LISTED, ("S09", Severity.WARNING, "某区教育局")),
        ("某区教体局", Unit("某区教育局"), LISTED, ("S09", Severity.WARNING, "某区教育局")),
        ("某区教体局", Unit("某区教育局", "999"), LISTED, ("S09", Severity.WARNING, "某区教育局")),
        ("水务站", Unit("某区水务局", "030499"), LISTED, ("S09", Severity.ERROR, None)),
        # another unit's workbook
        ("某区民政局", OF_EDUCATION, LISTED, ("F09", Severity.WARNING, "某区教育局")),
        ("某区民政局", OF_EDUCATION, None, ("F09", Severity.WARNING, "某区教育局")),
        ("某区民政局", Unit(None, "030408"), None, None),
        ("某区教育局（本级）", OF_EDUCATION, None, None),
    ],
)
def test_who_filled_in_whose_form(
    typed: str, stamped: Unit | None, roster: Roster | None, said: tuple[str, Severity, str | None] | None
) -> None:
    found = list(named(case_of(FORM, {"unit_name": typed}), stamped, roster))
    assert [(one.code, one.severity, one.expected) for one in found] == ([said] if said else [])
    assert all(one.path == "unit_name" and one.value == typed for one in found)
