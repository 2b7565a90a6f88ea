from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from msgspec.structs import replace

from perfxl.forms.definition.load import load_forms
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import Value
from perfxl.rules.versions import Place, Ruling, missing, rule_on, versions

FORMS = load_forms()
DEPARTMENT, PROJECT, DATED = "hunan-dept-self-eval", "mof-project-self-eval", "hubei-dept-goal"
JANUARY, FEBRUARY = dt.datetime(2024, 1, 16, 20, tzinfo=dt.UTC), dt.datetime(2024, 2, 1, tzinfo=dt.UTC)


def returned(
    file: str,
    modified: dt.datetime | None = None,
    *,
    form: str = DEPARTMENT,
    year: int | None = 2023,
    unit: Unit = Unit("青溪区教育局", "030407"),  # noqa: B008 - a frozen value
    sha256: str = "",
    values: dict[str, Value] | None = None,
    made_from: str | None = None,
) -> Submission:
    record = Record(values or {})
    one = FormReturn(FORMS[form], FORMS[form].version, "表", By.STAMP, 1.0, year, unit, record)
    return Submission(Source(file, sha256 or file, 1, "xlsx", modified, made_from), (one,), ())


def rulings(*submissions: Submission) -> dict[Place, Ruling]:
    return rule_on([version for number, one in enumerate(submissions) for version in versions(number, one)])


def superseded(*submissions: Submission) -> list[str | None]:
    found = rulings(*submissions)
    return [found[number, 0].superseded_by if (number, 0) in found else None for number in range(len(submissions))]


def test_the_one_that_was_saved_last_counts_and_both_are_named() -> None:
    one, two = returned("一.xlsx", FEBRUARY), returned("二.xlsx", JANUARY)
    found = rulings(one, two)
    assert superseded(one, two) == [None, "一.xlsx"]
    assert "“二.xlsx”" in found[0, 0].finding.message
    assert "北京时间 2024-02-01 08:00" in found[0, 0].finding.message
    assert "“一.xlsx”" in found[1, 0].finding.message
    assert {ruling.finding.code for ruling in found.values()} == {"X03"}


def test_where_nothing_says_when_they_were_saved_the_date_on_the_form_decides() -> None:
    dates: list[dict[str, Value]] = [{"fill_date": dt.date(2024, 1, day)} for day in (9, 10, 8)]
    batch = [returned(f"{n}.xlsx", None, form=DATED, values=date) for n, date in enumerate(dates)]
    assert superseded(*batch) == ["1.xlsx", None, "1.xlsx"]
    assert "2024-01-10" in rulings(*batch)[1, 0].finding.message


def test_the_date_decides_what_the_time_leaves_open() -> None:
    dates: list[dict[str, Value]] = [{"fill_date": dt.date(2024, 1, day)} for day in (9, 10)]
    assert superseded(*(returned(f"{n}.xlsx", JANUARY, form=DATED, values=date) for n, date in enumerate(dates))) == [
        "1.xlsx",
        None,
    ]


@pytest.mark.parametrize("times", [(JANUARY, JANUARY), (None, None), (JANUARY, None)])
def test_two_that_cannot_be_ordered_are_both_kept(times: tuple[dt.datetime | None, ...]) -> None:
    batch = [returned(f"{number}.xlsx", time) for number, time in enumerate(times)]
    assert superseded(*batch) == [None, None]
    assert all("分不出先后" in ruling.finding.message for ruling in rulings(*batch).values())
    assert len(rulings(*batch)) == 2


@pytest.mark.parametrize(("others", "and_more"), [(1, ""), (5, ""), (6, "等 6 份")])
def test_five_other_files_are_named(others: int, and_more: str) -> None:
    batch = [returned(f"{number}.xlsx", JANUARY) for number in range(others + 1)]
    named = "、".join(f"“{number}.xlsx”" for number in range(1, min(others, 5) + 1))
    assert f"与{named}{and_more}分不出先后" in rulings(*batch)[0, 0].finding.message


def test_two_of_the_same_content_are_one() -> None:
    batch = [returned(file, JANUARY, sha256="00") for file in ("a.xlsx", "b.xlsx")]
    assert superseded(*batch) == [None, "a.xlsx"]
    said = {place: ruling.finding.message for place, ruling in rulings(*batch).items()}
    assert "“b.xlsx”" in said[0, 0]
    assert "“a.xlsx”" in said[1, 0]
    assert all("内容完全相同" in message for message in said.values())


def test_a_copy_of_an_earlier_one_changes_nothing() -> None:
    batch = [returned("a.xlsx", JANUARY, sha256="0"), returned("b.xlsx", FEBRUARY), returned("c", JANUARY, sha256="0")]
    assert superseded(*batch) == ["b.xlsx", None, "a.xlsx"]


def test_a_retyped_form_without_the_code_is_the_same_units() -> None:
    retyped = returned("b.xlsx", FEBRUARY, unit=Unit("青溪区 教育局"))
    assert superseded(returned("a.xlsx", JANUARY), retyped) == ["b.xlsx", None]


def project(name: str | None) -> dict[str, Any]:
    return {"form": PROJECT, "values": {"project_name": name} if name else {}}


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({}, {"year": 2024}),
        ({}, {"unit": Unit("青溪区民政局", "030408")}),
        ({}, {"form": "jilin-dept-self-eval"}),
        ({}, {"unit": Unit()}),
        ({"year": None}, {"year": None}),
        ({"values": {"unit_name": "青溪区教育局（本级）"}}, {"values": {"unit_name": "青溪区教育局（汇总）"}}),
        (project("校舍维修"), project("教师培训")),
        (project(None), project(None)),
    ],
    ids=["year", "unit", "form", "no unit", "no year", "scope", "project", "no project"],
)
def test_different_returns_stand_beside_each_other(one: dict[str, Any], two: dict[str, Any]) -> None:
    assert not rulings(returned("a.xlsx", JANUARY, **one), returned("b.xlsx", FEBRUARY, **two))


def test_a_form_without_a_year_does_not_hide_those_after_it() -> None:
    one, without = returned("a.xlsx"), returned("a.xlsx", year=None)
    assert [found.place for found in versions(3, replace(one, forms=without.forms + one.forms))] == [(3, 1)]


def test_two_of_one_project_are_versions() -> None:
    batch = [returned("a.xlsx", JANUARY, **project("校舍维修")), returned("b.xlsx", FEBRUARY, **project("校舍维修 "))]
    assert superseded(*batch) == ["b.xlsx", None]
    assert "项目“校舍维修”" in rulings(*batch)[0, 0].finding.message


def test_a_project_is_one_whatever_stands_after_the_name_of_its_unit() -> None:
    named = [{"project_name": "校舍维修", "implementing_unit": f"青溪区教育局{scope}"} for scope in ("", "（本级）")]
    batch = [
        returned(f"{n}.xlsx", time, form=PROJECT, values={**one})
        for n, (time, one) in enumerate(zip((JANUARY, FEBRUARY), named, strict=True))
    ]
    assert superseded(*batch) == ["1.xlsx", None]


def test_two_sheets_of_one_file_are_no_versions_of_each_other() -> None:
    one = returned("a.xlsx", JANUARY)
    twice = Submission(one.source, one.forms * 2, ())
    assert not rulings(twice)
    later = returned("b.xlsx", FEBRUARY)
    found = rulings(twice, later)
    assert {place: ruling.superseded_by for place, ruling in found.items()} == {
        (0, 0): "b.xlsx",
        (0, 1): "b.xlsx",
        (1, 0): None,
    }


def test_a_marked_copy_that_comes_back_follows_what_it_was_made_from() -> None:
    old, new = returned("a.xls"), returned("a.marked.xlsx", JANUARY, made_from="a.xls")
    assert superseded(old, new) == ["a.marked.xlsx", None]
    assert superseded(new, old) == [None, "a.marked.xlsx"]
    found = rulings(old, new)
    assert "标注件上改好的" in found[0, 0].finding.message
    assert "标注件上改好的" in found[1, 0].finding.message


def test_whatever_their_dates_say() -> None:
    batch = returned("a", FEBRUARY), returned("b", JANUARY, made_from="a"), returned("c", JANUARY, made_from="b")
    assert superseded(*batch) == ["c", "c", None]
    assert superseded(*batch[:2], returned("d", FEBRUARY)) == ["d", "d", None]


def test_of_two_corrected_copies_of_one_return_the_later_counts() -> None:
    batch = returned("a"), returned("b", JANUARY, made_from="a"), returned("c", FEBRUARY, made_from="a")
    assert superseded(*batch) == ["c", "c", None]
    undecided = returned("a"), returned("b", made_from="a"), returned("c", made_from="a")
    assert superseded(*undecided) == ["c", None, None]


def test_copies_that_claim_to_follow_each_other_follow_nothing() -> None:
    batch = returned("a", FEBRUARY, made_from="b"), returned("b", JANUARY, made_from="a")
    assert superseded(*batch) == [None, "a"]
    assert superseded(returned("a", made_from="a"), returned("b")) == [None, None]


@pytest.mark.parametrize(
    ("unit", "named"),
    [(Unit("某局", "0304"), "某局（0304）"), (Unit("某局", None), "某局"), (Unit(None, "0304"), "0304")],
)
def test_a_unit_that_has_not_handed_in_is_named_by_what_is_known_of_it(unit: Unit, named: str) -> None:
    assert missing(unit).message == f"名册里的{named}还没有交回，请催报"


def test_of_two_that_are_both_the_latest_the_first_is_named_to_the_earlier_one() -> None:
    batch = [returned("0.xlsx", JANUARY), returned("1.xlsx", FEBRUARY), returned("2.xlsx", FEBRUARY)]
    assert superseded(*batch) == ["1.xlsx", None, None]
    assert "“1.xlsx”" in rulings(*batch)[0, 0].finding.message
