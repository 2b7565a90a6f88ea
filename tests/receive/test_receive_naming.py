from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.receive.naming import stems


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.xlsx", "教育/b.xlsx"], ["a", "教育/b"]),
        (["a.marked.xlsx"], ["a"]),
        (["a.xls", "a.xlsx"], ["a.xls", "a.xlsx"]),
        (["a.xlsx", "a.marked.xlsx"], ["a.xlsx", "a.marked.xlsx"]),
        (["A.xlsx", "a.xlsx"], ["A.xlsx", "a.xlsx.2"]),
        (["e\u0301.xlsx", "\xe9.xlsx"], ["\xe9.xlsx", "\xe9.xlsx.2"]),
        (["a"], ["a"]),
        (["..xlsx"], ["_"]),
        (["a/..xlsx", "...xlsx", ".xlsx"], ["a/_", "_", "xlsx"]),
        (
            ["findings.csv/a.xlsx", "REPORT.html/a.xlsx", "x/report.html/a.xlsx"],
            ["findings.csv_/a", "REPORT.html_/a", "x/report.html/a"],
        ),
        (["good.json/a.xlsx", "good.xlsx", "b.marked.xlsx/c.xlsx"], ["good.json_/a", "good", "b.marked.xlsx_/c"]),
        (["summary.json/a.xlsx", ".perfxl-journal.jsonl/a.xlsx"], ["summary.json_/a", "perfxl-journal.jsonl/a"]),
        (["summary.xlsx"], ["summary.xlsx"]),
        (["x/summary.xlsx"], ["x/summary"]),
        (["con.xlsx", "x/AUX.v2.xlsx"], ["_con", "x/_AUX.v2"]),
        (["../a.xlsx", "a?b:c.xlsx", "教育 ./b .xlsx"], ["_/a", "a_b_c", "教育/b"]),
    ],
)
def test_names_of_results(names: list[str], expected: list[str]) -> None:
    assert stems(names) == expected


parts = st.text(min_size=1, max_size=120).filter(lambda text: "/" not in text and text not in {".", ".."})


@given(st.lists(st.lists(parts, min_size=1, max_size=3).map("/".join), max_size=6))
def test_every_input_has_a_name_of_its_own_that_any_system_takes(names: list[str]) -> None:
    found = stems(names)
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        for part in name.split("/"):
            assert 0 < len(part.encode()) < 255 - len(".marked.xlsx.tmp")
            assert part not in {".", ".."}
            assert not set(part) & set('<>:"\\|?*\0\n')
            assert not part.endswith((".", " "))


def test_a_deep_place_has_a_short_name_and_one_of_its_own() -> None:
    deep = ["/".join(["很深的文件夹"] * 60 + [last]) for last in ("a.xlsx", "b.xlsx")]
    other = "/".join(["很深的文件夹"] * 61 + ["a.xlsx"])
    found = stems([*deep, other, "a.xlsx"])
    assert len(set(found)) == 4
    assert all(len(name.encode()) < 600 for name in found)
    assert found[0].rpartition("/")[0] == found[1].rpartition("/")[0]


def test_a_name_once_given_stays_whatever_else_comes() -> None:
    assert stems(["a.xls", "a.marked.xlsx"], ["a", ""]) == ["a", "a.marked.xlsx"]
    assert stems(["a.xls", "a.xlsx"], ["", "a.xlsx"]) == ["a", "a.xlsx"]
    assert stems(["a.xls"], [""], ["a"]) == ["a.xls"]
    assert stems(["a.xls", "a.xls"], ["", ""], ["a", "a.xls"]) == ["a.xls.2", "a.xls.3"]


def test_a_name_that_a_journal_claims_is_no_better_than_any_other() -> None:
    claims = ["../a", "findings.csv/a", "b", "b", "x\0"]
    assert stems(["a.xlsx"] * 5, claims) == ["a.xlsx", "a.xlsx.2", "b", "a.xlsx.3", "a.xlsx.4"]
