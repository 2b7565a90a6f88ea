from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.model.record import Record
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.reporting.overview import ATTENTION, Outcome, Overview, Standing, overview
from support.cases import shipped_form

EDUCATION, HEALTH, PARK = Unit("青溪区教育局", "030407"), Unit("青溪区卫生局", "030408"), Unit("园区管委会", "030409")


def roster(*units: Unit) -> Roster:
    return Roster(tuple(RosterUnit(unit.name or "", unit.code, row) for row, unit in enumerate(units, start=2)))


ROSTER = roster(EDUCATION, HEALTH, PARK)

ERROR = Finding("P02", Severity.ERROR, "得分大于分值", "自评表", "H12")
WARNING = Finding("M06", Severity.WARNING, "不符", "自评表", "C9")
DAMAGED = Finding("F01", Severity.ERROR, "这是图片，请交回 Excel 文件")


def filed(unit: Unit, form: str = "hunan-dept-self-eval", record: Record | None = None) -> FormReturn:
    return FormReturn(shipped_form(form), "2023", "自评表", By.STAMP, 1.0, 2024, unit, record or Record())


def outcome(file: str, *findings: Finding, forms: tuple[FormReturn, ...]) -> Outcome:
    return Outcome.of(Submission(Source(file, "00", 1, "xlsx"), forms, findings))


def files(found: Overview, numbers: tuple[int, ...]) -> list[str]:
    return [found.returns[number].file for number in numbers]


def units(found: Overview) -> dict[str | None, Standing]:
    return {line.unit.name: line.standing for line in found.units}


def test_a_unit_of_the_roster_without_a_return_is_missing() -> None:
    found = overview([outcome("a.xlsx", ERROR, forms=(filed(EDUCATION),))], roster=ROSTER)
    assert [(line.unit, line.standing) for line in found.units] == [
        (HEALTH, Standing.MISSING),
        (PARK, Standing.MISSING),
        (EDUCATION, Standing.REJECTED),
    ]


def test_without_a_roster_nobody_is_missing() -> None:
    found = overview([outcome("a.xlsx", WARNING, forms=(filed(EDUCATION),))])
    assert not found.expected
    assert units(found) == {"青溪区教育局": Standing.WARNED}
    assert found.units[0].listed


@pytest.mark.parametrize(
    ("findings", "standing"),
    [((), Standing.PASSED), ((WARNING,), Standing.WARNED), ((WARNING, ERROR), Standing.REJECTED)],
)
def test_accepted_with_warnings_is_a_state_of_its_own(findings: tuple[Finding, ...], standing: Standing) -> None:
    found = overview([outcome("a.xlsx", *findings, forms=(filed(EDUCATION),))], roster=ROSTER)
    assert found.returns[0].standing is standing
    assert units(found)["青溪区教育局"] is standing


def test_a_unit_stands_where_its_returns_need_most_attention() -> None:
    returns = [
        outcome("a.xlsx", forms=(filed(EDUCATION),)),
        outcome("b.xlsx", WARNING, forms=(filed(EDUCATION, "mof-project-goal"),)),
    ]
    assert units(overview(returns, roster=ROSTER))["青溪区教育局"] is Standing.WARNED


def test_a_stranger_to_the_roster_is_told_from_its_units() -> None:
    found = overview([outcome("a.xlsx", forms=(filed(Unit("邻县教育局")),))], roster=ROSTER)
    assert [line.unit.name for line in found.units if not line.listed] == ["邻县教育局"]


def test_a_unit_is_known_by_its_code_and_without_one_by_its_name() -> None:
    returns = [
        outcome("a.xlsx", forms=(filed(Unit("教育局", "030407")),)),
        outcome("b.xlsx", forms=(filed(Unit("青溪区 卫生局（汇总）")),)),
    ]
    found = overview(returns, roster=ROSTER)
    assert units(found) == {
        "园区管委会": Standing.MISSING,
        "青溪区教育局": Standing.PASSED,
        "青溪区卫生局": Standing.PASSED,
    }


def test_equal_names_with_different_codes_are_two_units() -> None:
    twins = (Unit("中心小学", "01"), Unit("中心小学", "02"))
    found = overview([outcome("a.xlsx", forms=(filed(twins[1]),))], roster=roster(*twins))
    assert [line.standing for line in found.units] == [Standing.MISSING, Standing.PASSED]


def test_without_a_roster_they_are_two_as_well() -> None:
    twins = (Unit("中心小学", "01"), Unit("中心小学", "02"))
    found = overview([outcome(f"{unit.code}.xlsx", forms=(filed(unit),)) for unit in twins])
    assert [line.unit for line in found.units] == list(twins)


def project(supervisor: str) -> FormReturn:
    record = Record({"project_name": "校舍维修", "supervisor": supervisor})
    return filed(Unit("青溪区第一小学"), "mof-project-self-eval", record)


@pytest.mark.parametrize("supervisor", ["青溪区教育局", "青溪区教育局 0301", "0301-青溪区教育局", "（030407）"])
def test_a_project_counts_for_the_department_above(supervisor: str) -> None:
    found = overview([outcome("a.xlsx", forms=(project(supervisor),))], roster=ROSTER)
    assert [line.unit for line in found.units if line.returns] == [EDUCATION]


def test_a_project_of_a_department_that_is_not_expected_is_a_strangers() -> None:
    found = overview([outcome("a.xlsx", forms=(project("邻县教育局"),))], roster=ROSTER)
    assert [(line.unit.name, line.listed) for line in found.units if line.returns] == [("青溪区第一小学", False)]


def test_one_rejected_return_of_several_rejects_the_unit() -> None:
    returns = [
        outcome("a.xlsx", forms=(filed(EDUCATION),)),
        outcome("b.xlsx", ERROR, forms=(filed(EDUCATION, "mof-project-goal"),)),
    ]
    found = overview(returns, roster=ROSTER)
    assert found.units[-1].standing is Standing.REJECTED
    assert files(found, found.units[-1].returns) == ["b.xlsx", "a.xlsx"]


def test_a_superseded_return_does_not_count() -> None:
    returns = [
        outcome("old.xlsx", ERROR, forms=(replace(filed(EDUCATION), superseded_by="new.xlsx"),)),
        outcome("new.xlsx", forms=(filed(EDUCATION),)),
    ]
    found = overview(returns, roster=ROSTER)
    (line,) = (line for line in found.units if line.unit == EDUCATION)
    assert line.standing is Standing.PASSED
    assert (files(found, line.returns), files(found, line.superseded)) == (["new.xlsx"], ["old.xlsx"])
    assert [(each.file, each.standing) for each in found.returns] == [
        ("new.xlsx", Standing.PASSED),
        ("old.xlsx", Standing.SUPERSEDED),
    ]


def test_a_return_counts_as_long_as_one_of_its_forms_does() -> None:
    both = (replace(filed(EDUCATION), superseded_by="new.xlsx"), filed(EDUCATION, "mof-project-goal"))
    found = overview([outcome("old.xlsx", forms=both)])
    assert found.returns[0].standing is Standing.PASSED
    assert (found.units[0].returns, found.units[0].superseded) == ((0,), (0,))


def test_a_file_that_cannot_be_read_is_counted_for_the_unit_in_its_name() -> None:
    found = overview([outcome("收/青溪区教育局-自评表.jpg", DAMAGED, forms=())], roster=ROSTER)
    (line,) = (line for line in found.units if line.unit == EDUCATION)
    assert line.standing is Standing.UNREADABLE
    assert line.guessed
    assert found.returns[0].standing is Standing.UNREADABLE


def test_a_file_name_that_fits_two_units_is_nobodys() -> None:
    twins = (Unit("中心小学", "0101"), Unit("中心小学", "0102"))
    found = overview([outcome("中心小学.jpg", DAMAGED, forms=())], roster=roster(*twins))
    assert [line.standing for line in found.units] == [Standing.MISSING, Standing.MISSING]


def test_the_longer_name_beats_the_one_inside_it() -> None:
    listed = roster(Unit("教育局"), Unit("青溪区教育局"))
    found = overview([outcome("青溪区教育局.jpg", DAMAGED, forms=())], roster=listed)
    assert units(found) == {"教育局": Standing.MISSING, "青溪区教育局": Standing.UNREADABLE}


def test_a_damaged_second_file_does_not_hide_a_good_one() -> None:
    returns = [
        outcome("青溪区教育局.xlsx", forms=(filed(EDUCATION),)),
        outcome("青溪区教育局.jpg", DAMAGED, forms=()),
    ]
    found = overview(returns, roster=roster(EDUCATION))
    assert found.units[0].standing is Standing.PASSED
    assert len(found.units[0].returns) == 2


def test_a_form_brings_its_title_project_and_score() -> None:
    form = shipped_form("mof-project-self-eval")
    record = Record(
        {"project_name": "校舍维修", "total.score": Decimal("88.5"), "indicators[0].score": Decimal("88.5")},
        {"indicators": 1},
    )
    found = overview([outcome("a.xlsx", forms=(filed(EDUCATION, form.id, record),))])
    (line,) = found.returns[0].forms
    assert (line.title, line.project, line.score) == ("项目支出绩效自评表", "校舍维修", Decimal("88.5"))


def test_what_was_passed_over_is_said() -> None:
    lock = Submission(Source("~$a.xlsx", "", 0, ""), (), (Finding("F11", Severity.INFO, "“~$a.xlsx”是临时文件"),))
    assert overview([], passed_over=[lock]).passed_over == ("“~$a.xlsx”是临时文件",)


UNITS = st.builds(
    Unit, st.sampled_from([None, "甲局", "乙局", "丙局（本级）", "丙局"]), st.sampled_from([None, "01", "02"])
)


@given(
    st.lists(st.tuples(UNITS, st.sampled_from([(), (ERROR,), (WARNING,), (DAMAGED,)])), max_size=8),
    st.none() | st.lists(UNITS, max_size=4).map(lambda units: roster(*units)),
)
def test_every_return_is_there_once_and_every_unit_stands_somewhere(
    drawn: list[tuple[Unit, tuple[Finding, ...]]], listed: Roster | None
) -> None:
    returns = [outcome(f"{n}.xlsx", *findings, forms=(filed(unit),)) for n, (unit, findings) in enumerate(drawn)]
    found = overview(returns, roster=listed)
    assert sorted(each.file for each in found.returns) == sorted(each.submission.source.file for each in returns)
    counted = {file for line in found.units for file in files(found, line.returns)}
    assert counted >= {f"{n}.xlsx" for n, (unit, _) in enumerate(drawn) if unit.name or unit.code}
    for lines in (found.units, found.returns):
        order = [ATTENTION.index(line.standing) for line in lines]
        assert order == sorted(order)
    for line in found.units:
        assert (line.standing is Standing.MISSING) == (not line.returns)
