"""What an import wrote, found and opened again: what counts, and what is left out, each with its reason in Chinese."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

import perfxl
from perfxl.receive.importing import import_returns
from perfxl.reporting.reread import NoSubmission
from perfxl.year.sources import Reason, Survey, find, open_documents, survey, taken
from support.filings import ERROR, document, filed, forms
from support.pile import bad, good, lay

GOAL = "mof-project-goal"
DATA = {"project_name": "校舍维修", "implementing_unit": "石鼓区教育局", "goal": {"annual": "完成维修"}}


def surveyed(*paths: Path) -> Survey:
    return survey(open_documents(find(paths).documents, forms()), forms())


def test_what_an_import_wrote_is_found_with_all_below_and_its_summary_is_passed_over_in_silence(tmp_path: Path) -> None:
    returns = lay(tmp_path / "returned", {"教育/a.xlsx": good(), "b.xlsx": bad("某某局", "430408")})
    import_returns(returns, tmp_path / "结果")
    found = surveyed(tmp_path / "结果")
    (entry,) = found.entries
    assert (entry.named, entry.unit.code, entry.year) == ("教育/a.json#hunan-dept-self-eval", "430407", 2023)
    assert [(one.name, one.reason) for one in found.left_out] == [("b.json", Reason.REJECTED)]
    assert found.left_out[0].message == "“b.json”是退回的，没有采用"
    again = taken(entry, forms())
    assert again.record == perfxl.read(returns / "教育/a.xlsx").forms[0].record
    assert again.cells["goal.expected"] == "B12"


@pytest.mark.parametrize(
    ("text", "reason", "said"),
    [
        ("", Reason.STRANGE, "不是导入的结果"),
        ('[{"perfxl": 1}]', Reason.STRANGE, "不是导入的结果"),
        ('{"name": "某局"}', Reason.STRANGE, "不是导入的结果"),
        ('{"perfxl": "1"}', Reason.STRANGE, "不是导入的结果"),
        ("[" * 100_000, Reason.STRANGE, "不是导入的结果"),
        ('{"perfxl": 0, "forms": []}', Reason.STRANGE, "旧版本的 perfxl"),
        ('{"perfxl": 2, "forms": []}', Reason.STRANGE, "更新的版本"),
        ('{"perfxl": 1, "forms": 3}', Reason.STRANGE, "缺少内容"),
        ('{"perfxl": 1, "forms": [], "findings": []}', Reason.STRANGE, "缺少内容"),
    ],
)
def test_a_document_that_cannot_be_used_is_named_and_the_others_go_on(
    text: str, reason: Reason, said: str, tmp_path: Path
) -> None:
    lay(tmp_path, {"a.json": document("a.xlsx", filed(GOAL, DATA)), "别的.json": text.encode()})
    found = surveyed(tmp_path)
    assert len(found.entries) == 1
    assert [(one.name, one.reason) for one in found.left_out] == [("别的.json", reason)]
    assert said in found.left_out[0].said


def _changed(**changes: object) -> bytes:
    """A document whose form somebody, or another version of its definition, has written otherwise."""
    tree = json.loads(document("a.xlsx", filed(GOAL, DATA)))
    form = tree["forms"][0]
    for key, value in changes.items():
        if key == "added":
            form["data"]["telephone"] = value
        elif key == "lacking":
            del form["data"][value]
        elif key == "goal":
            form["data"]["goal"]["annual"] = value
        else:
            form[key] = value
    return json.dumps(tree).encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (_changed(added="0734-1", version="2010"), "按另一版表样读的（那一版是 2010"),
        (_changed(lacking="goal"), "按另一版表样读的"),
        (_changed(goal=5), "内容被改动过"),
        (_changed(unit={"name": 5, "code": None}), "内容被改动过"),
    ],
)
def test_data_of_another_definition_is_not_taken_for_this_one_s(data: bytes, said: str, tmp_path: Path) -> None:
    found = surveyed(lay(tmp_path, {"a.json": data}))
    assert not found.entries
    assert said in found.left_out[0].said
    assert "请重新导入" in found.left_out[0].said


def test_a_document_of_before_there_were_cells_in_it_is_used_all_the_same(tmp_path: Path) -> None:
    tree = json.loads(document("a.xlsx", filed(GOAL, DATA)))
    del tree["forms"][0]["cells"]
    (entry,) = surveyed(lay(tmp_path, {"a.json": json.dumps(tree).encode()})).entries
    assert taken(entry, forms()).cells == {}


def test_half_a_character_which_no_file_can_hold_is_replaced(tmp_path: Path) -> None:
    (entry,) = surveyed(lay(tmp_path, {"a.json": _changed(goal="\ud800a")})).entries
    assert taken(entry, forms()).record["goal.annual"] == "�a"


def test_of_a_document_with_a_form_that_is_unknown_here_the_others_are_used(tmp_path: Path) -> None:
    tree = json.loads(document("a.xlsx", filed(GOAL, DATA), filed(GOAL, {**DATA, "project_name": "设备购置"})))
    tree["forms"][0]["form"] = "our-own-form"
    found = surveyed(lay(tmp_path, {"a.json": json.dumps(tree).encode()}))
    assert [(entry.project, entry.number) for entry in found.entries] == [("设备购置", 0)]
    assert taken(found.entries[0], forms()).record["project_name"] == "设备购置"
    (left,) = found.left_out
    assert left.reason is Reason.UNKNOWN_FORM
    assert left.message == "“a.json”里的表式“our-own-form”这里没有；请用 --templates 指出它的表样所在的文件夹"


def test_rejected_and_superseded_ones_do_not_count(tmp_path: Path) -> None:
    later = filed(GOAL, DATA)
    lay(
        tmp_path,
        {
            "a.json": document("a.xlsx", filed(GOAL, DATA, superseded_by="b.xlsx")),
            "b.json": document("b.xlsx", later),
            "c.json": document("c.xlsx", filed(GOAL, DATA, unit="财政局", code="1"), findings=(ERROR,)),
        },
    )
    found = surveyed(tmp_path)
    assert [entry.document.name for entry in found.entries] == ["b.json"]
    assert [one.reason for one in found.left_out] == [Reason.SUPERSEDED, Reason.REJECTED]
    assert "后来交回的“b.xlsx”代替" in found.left_out[0].message


def test_of_two_imports_of_one_return_the_later_counts_and_those_without_an_order_both_do(tmp_path: Path) -> None:
    early = document("a.xlsx", filed("hubei-dept-goal", {"fill_date": "2024-01-05"}))
    late = document("a.xlsx", filed("hubei-dept-goal", {"fill_date": "2024-01-09"})).replace(
        b'"sha256": "', b'"sha256": "f'
    )
    lay(tmp_path, {"一月/a.json": early, "二月/a.json": late})
    found = surveyed(tmp_path / "一月", tmp_path / "二月")
    assert [entry.document.name for entry in found.entries] == ["二月/a.json"]
    assert "填报日期最晚" in found.left_out[0].message
    (tmp_path / "一月/a.json").write_bytes(early.replace(b"2024-01-05", b"2024-01-09"))
    found = surveyed(tmp_path)
    assert len(found.entries) == 2
    assert [entry.document.name for entry, _ in found.undecided] == ["一月/a.json", "二月/a.json"]
    assert "分不出先后" in found.undecided[0][1]


def test_a_document_given_twice_is_taken_once_and_folders_of_one_name_are_told_apart(tmp_path: Path) -> None:
    one = document("a.xlsx", filed(GOAL, DATA))
    lay(tmp_path, {"甲/结果/a.json": one, "乙/结果/a.json": one})
    twice = find([tmp_path / "甲/结果", tmp_path / "甲/结果/a.json"])
    assert [one.name for one in twice.documents] == ["a.json"]
    both = find([tmp_path / "甲/结果", tmp_path / "乙/结果"])
    assert [one.name for one in both.documents] == ["结果/a.json", "结果/a.json（2）"]
    with pytest.raises(FileNotFoundError):
        find([tmp_path / "丙"])


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root opens everything")
def test_what_the_disk_does_not_give_is_named(tmp_path: Path) -> None:
    lay(tmp_path, {"a.json": document("a.xlsx", filed(GOAL, DATA)), "锁/b.json": b"{}"})
    (tmp_path / "a.json").chmod(0)
    (tmp_path / "锁").chmod(0)
    try:
        found = find([tmp_path])
        opened = list(open_documents(found.documents, forms()))
        assert [one.reason for one in (*found.left_out, *opened[0].left_out)] == [Reason.UNREADABLE] * 2
    finally:
        (tmp_path / "锁").chmod(0o700)


def test_what_is_gone_or_changed_since_it_was_looked_at_is_not_taken(tmp_path: Path) -> None:
    (entry,) = surveyed(lay(tmp_path, {"a.json": document("a.xlsx", filed(GOAL, DATA))})).entries
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    with pytest.raises(NoSubmission):
        taken(entry, forms())
    (tmp_path / "a.json").unlink()
    with pytest.raises(FileNotFoundError):
        taken(entry, forms())
