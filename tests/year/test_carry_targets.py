"""Which workbooks there are to be: whose, of which project and year, in which order; what is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.model.period import Identity, Part, Period
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import Unit
from perfxl.year.carry.targets import NothingToCarryError, Plan, plan
from perfxl.year.sources import Document, LeftOut, Reason, SourceForm, Survey
from support.filings import forms

GOAL, MONITOR, SELF = "mof-project-goal", "mof-project-monitor", "mof-project-self-eval"
HUBEI, APPROVAL, JILIN, PROJECT = (
    "hubei-dept-goal",
    "qinghai-dept-approval",
    "jilin-dept-self-eval",
    "jilin-project-self-eval",
)
UNIT = Unit("石鼓区教育局", "430407")


def entry(
    number: int, form: str, unit: Unit = UNIT, *, year: int | None = 2024, project: str = "", scope: str = ""
) -> SourceForm:
    name = f"{number}.json"
    return SourceForm(Document(Path(name), name), 0, f"{number}.xlsx", form, year, unit, project, scope)


def planned(to: str, *entries: SourceForm, year: int | None = None, roster: Roster | None = None) -> Plan:
    return plan(Survey(entries, ()), forms()[to], forms(), year, roster)


def told(found: Plan) -> list[tuple[str | None, str, int | None, list[str]]]:
    return [
        (target.unit.name, target.project, target.year, [one.document.name for one in target.entries])
        for target in found.targets
    ]


QUARTERLY = Identity(parts={Part.QUARTER: "quarter"})


def of_quarter(number: int, form: str, quarter: int, project: str = "") -> SourceForm:
    return replace(entry(number, form, project=project), about=Period.of(2024, {Part.QUARTER: quarter}))


def roster(*pairs: tuple[str, str | None]) -> Roster:
    return Roster(tuple(RosterUnit(name, code, row) for row, (name, code) in enumerate(pairs, start=2)))


# -- who belongs together -----------------------------------------------------------------------------------------------


def test_each_unit_has_a_workbook_and_each_project_of_a_form_of_projects() -> None:
    found = planned(
        SELF,
        entry(1, GOAL, project="甲"),
        entry(2, MONITOR, project="甲 "),
        entry(3, GOAL, project="乙"),
        entry(4, GOAL, Unit("财政局", "430401"), project="甲"),
    )
    assert told(found) == [
        ("财政局", "甲", 2024, ["4.json"]),
        ("石鼓区教育局", "乙", 2024, ["3.json"]),
        ("石鼓区教育局", "甲", 2024, ["1.json", "2.json"]),
    ]


def test_all_projects_of_a_unit_go_into_one_workbook_of_a_form_of_the_unit() -> None:
    found = planned(JILIN, *(entry(number, PROJECT, project=name) for number, name in enumerate("甲乙丙丁")))
    assert told(found) == [("石鼓区教育局", "", 2024, ["0.json", "1.json", "2.json", "3.json"])]


def test_a_unit_is_known_by_its_code_else_its_name_and_a_source_with_both_tells_the_code() -> None:
    renamed, nameless, retyped = Unit("石鼓教育局", "430407.0"), Unit(None, "430407"), Unit("石鼓区　教育局", None)
    found = planned(
        JILIN,
        *(entry(number, PROJECT, unit, project="甲") for number, unit in enumerate((UNIT, renamed, nameless, retyped))),
    )
    assert told(found) == [("石鼓区教育局", "", 2024, ["0.json", "1.json", "2.json", "3.json"])]
    other = planned(
        JILIN,
        entry(1, PROJECT, Unit("教育局", "1"), project="甲"),
        entry(2, PROJECT, Unit("教育局", "2"), project="乙"),
    )
    assert len(other.targets) == 2


def test_汇总_and_本级_are_two_workbooks() -> None:  # noqa: N802, PLC2401 - the words of the forms
    whole, own = entry(1, HUBEI, scope="汇总"), entry(2, HUBEI, scope="本级")
    found = planned(APPROVAL, whole, own)
    assert [target.unit_said for target in found.targets] == ["石鼓区教育局（本级）", "石鼓区教育局（汇总）"]
    found = planned(JILIN, entry(1, APPROVAL, scope="汇总"), entry(2, PROJECT, project="甲"))
    assert [(target.unit_said, len(target.entries)) for target in found.targets] == [("石鼓区教育局（汇总）", 2)]
    found = planned(
        JILIN, entry(1, APPROVAL, scope="汇总"), entry(2, APPROVAL, scope="本级"), entry(3, PROJECT, project="甲")
    )
    assert len(found.targets) == 3


def test_what_completes_others_makes_no_workbook_by_itself() -> None:
    found = planned(HUBEI, entry(1, HUBEI), entry(2, JILIN), entry(3, JILIN, Unit("财政局", "1")))
    assert told(found) == [("石鼓区教育局", "", 2025, ["1.json", "2.json"])]
    (left,) = found.left_out
    assert (left.name, left.reason) == ("3.json", Reason.UNCALLED)
    assert "只补充《部门整体支出绩效目标申报表》带入的内容" in left.message


def test_a_project_without_a_name_and_a_unit_without_any_are_left_out() -> None:
    found = planned(MONITOR, entry(1, GOAL), entry(2, GOAL, Unit(), project="甲"), entry(3, GOAL, project="甲"))
    assert told(found) == [("石鼓区教育局", "甲", 2024, ["3.json"])]
    assert ["没有项目名称" in found.left_out[0].said, "看不出是哪个单位的" in found.left_out[1].said] == [True, True]


# -- years --------------------------------------------------------------------------------------------------------------


def test_the_year_is_the_source_s_or_the_next_as_the_mapping_says() -> None:
    assert [target.year for target in planned(APPROVAL, entry(1, HUBEI)).targets] == [2024]
    assert [target.year for target in planned(HUBEI, entry(1, HUBEI)).targets] == [2025]


def test_two_years_are_two_workbooks_and_nothing_of_one_goes_into_the_other() -> None:
    found = planned(HUBEI, entry(1, HUBEI, year=2023), entry(2, HUBEI), entry(3, JILIN), entry(4, JILIN, year=2023))
    assert told(found) == [
        ("石鼓区教育局", "", 2024, ["1.json", "4.json"]),
        ("石鼓区教育局", "", 2025, ["2.json", "3.json"]),
    ]


def test_a_source_without_a_year_goes_with_the_only_year_there_is() -> None:
    found = planned(JILIN, entry(1, APPROVAL), entry(2, PROJECT, year=None, project="甲"))
    assert told(found) == [("石鼓区教育局", "", 2024, ["1.json", "2.json"])]
    assert [target.year for target in planned(JILIN, entry(1, PROJECT, year=None, project="甲")).targets] == [None]


def test_a_form_that_prints_its_year_does_not_go_out_without_one() -> None:
    found = planned(HUBEI, entry(1, HUBEI, year=None))
    assert not found.targets
    assert "请用 --year 写明" in found.left_out[0].message
    assert [target.year for target in planned(HUBEI, entry(1, HUBEI, year=None), year=2025).targets] == [2025]


def test_a_year_that_is_asked_for_takes_what_leads_to_it_and_leaves_the_others() -> None:
    found = planned(HUBEI, entry(1, HUBEI, year=2023), entry(2, HUBEI), year=2025)
    assert told(found) == [("石鼓区教育局", "", 2025, ["2.json"])]
    assert found.left_out[0].message == "“1.json”里的《部门整体支出绩效目标申报表》是 2023 年度的，没有用于 2025 年度"


def test_where_nothing_leads_to_the_year_asked_for_the_latest_is_taken_and_it_is_said() -> None:
    found = planned(HUBEI, entry(1, HUBEI, year=2022), entry(2, HUBEI, year=2023), year=2026)
    assert told(found) == [("石鼓区教育局", "", 2026, ["2.json"])]
    assert "是 2023 年度的，按要求用于 2026 年度" in found.remarks[0]
    assert [one.name for one in found.left_out] == ["1.json"]


# -- what is left out ---------------------------------------------------------------------------------------------------


def test_forms_of_which_nothing_is_taken_are_named() -> None:
    found = planned(MONITOR, entry(1, GOAL, project="甲"), entry(2, HUBEI), entry(3, JILIN))
    assert [(one.name, one.reason) for one in found.left_out] == [
        ("2.json", Reason.UNCALLED),
        ("3.json", Reason.UNCALLED),
    ]
    assert found.left_out[0].message == (
        "“2.json”里的《部门整体支出绩效目标申报表》没有采用：《项目支出绩效目标执行监控表》不从它带入"
    )


def test_where_nothing_given_is_taken_the_forms_that_would_be_are_named() -> None:
    with pytest.raises(NothingToCarryError, match=re.escape("《项目支出绩效目标申报表》（mof-project-goal）")) as error:
        planned(MONITOR, entry(1, HUBEI))
    assert [form.id for form in error.value.sources] == [GOAL]
    with pytest.raises(NothingToCarryError, match="没有可以带入的表"):
        planned(PROJECT, entry(1, HUBEI))


def test_where_all_that_would_be_taken_was_rejected_nothing_is_wrong() -> None:
    rejected = LeftOut("1.json", Reason.REJECTED, "是退回的，没有采用", (GOAL,))
    found = plan(Survey((), (rejected,)), forms()[MONITOR], forms(), None, None)
    assert (found.targets, found.left_out) == ((), (rejected,))


def test_versions_that_cannot_be_ordered_are_told() -> None:
    one, other = entry(1, HUBEI), entry(2, HUBEI)
    undecided = ((one, "分不出先后"), (other, "分不出先后，都保留了"))
    found = plan(Survey((one, other), (), undecided), forms()[APPROVAL], forms(), None, None)
    assert found.remarks == ("分不出先后", "分不出先后，都保留了")
    assert len(found.targets) == 1


# -- order --------------------------------------------------------------------------------------------------------------


def test_workbooks_stand_by_code_name_and_project_those_without_a_code_last() -> None:
    units = (Unit("丁局", None), Unit("甲局", "0102"), Unit("乙局", "0101"), Unit("丙局", None))
    found = planned(
        MONITOR, *(entry(n, GOAL, unit, project=project) for project in "乙甲" for n, unit in enumerate(units))
    )
    assert [(name, project) for name, project, _, _ in told(found)] == [
        *(("乙局", "乙"), ("乙局", "甲"), ("甲局", "乙"), ("甲局", "甲")),
        *(("丁局", "乙"), ("丁局", "甲"), ("丙局", "乙"), ("丙局", "甲")),
    ]


def test_a_roster_gives_order_and_codes_and_it_is_told_who_lacks_and_who_is_not_in_it() -> None:
    units = roster(("财政局", "0002"), ("教育局", "0001"), ("档案局", "0003"))
    found = planned(
        APPROVAL,
        entry(1, HUBEI, Unit("教育局", None)),
        entry(2, HUBEI, Unit("某某局", None)),
        entry(3, HUBEI, Unit(None, "0002")),
        roster=units,
    )
    assert [(target.unit.name, target.unit.code) for target in found.targets] == [
        ("财政局", "0002"),
        ("教育局", "0001"),
        ("某某局", None),
    ]
    assert found.remarks == ("名册里有 1 个单位没有可以带入的结果：档案局", "有 1 个单位不在名册里，排在最后：某某局")


@pytest.mark.slow
def test_thousands_of_units_take_no_time_that_grows_with_their_square() -> None:
    entries = [entry(n, HUBEI, Unit(f"第{n}局", f"{n:05}"), scope=("汇总", "")[n % 2]) for n in range(6000)]
    assert len(planned(APPROVAL, *entries).targets) == 6000


# -- quarters -----------------------------------------------------------------------------------------------------------


def test_of_several_quarters_the_last_of_each_project_goes_into_a_form_of_the_year() -> None:
    found = planned(
        JILIN,
        *(of_quarter(quarter, PROJECT, quarter, "甲") for quarter in (2, 4, 1)),
        of_quarter(5, PROJECT, 3, "乙"),
    )
    assert told(found) == [("石鼓区教育局", "", 2024, ["4.json", "5.json"])]
    assert [(one.name, "以最后一期（2024 年四季度）的为准，各期不相加" in one.said) for one in found.left_out] == [
        ("2.json", True),
        ("1.json", True),
    ]


def test_each_quarter_goes_into_the_same_quarter_and_a_year_into_one_that_is_not_known() -> None:
    form = replace(forms()[SELF], identity=replace(QUARTERLY, keys=("project_name",)))
    entries = (of_quarter(1, MONITOR, 1, "甲"), of_quarter(2, MONITOR, 2, "甲"), entry(3, GOAL, project="乙"))
    found = plan(Survey(entries, ()), form, forms(), None, None)
    assert [(target.project, target.period) for target in found.targets] == [
        ("乙", Period(2024, 0, 0)),
        ("甲", Period(2024, 1, 9)),
        ("甲", Period(2024, 10, 18)),
    ]


def test_where_a_year_is_asked_for_each_of_its_quarters_has_a_workbook() -> None:
    form = replace(forms()[SELF], identity=replace(QUARTERLY, keys=("project_name",)))
    entries = (
        of_quarter(1, MONITOR, 1, "甲"),
        of_quarter(2, MONITOR, 2, "甲"),
        entry(3, MONITOR, project="甲", year=None),
    )
    found = plan(Survey(entries, ()), form, forms(), 2024, None)
    assert [target.period for target in found.targets] == [Period(2024, 1, 9), Period(2024, 10, 18)]
    assert [(one.name, one.said) for one in found.left_out] == [
        ("3.json", "里的《项目支出绩效目标执行监控表》没有采用：看不出是哪一期的")
    ]
