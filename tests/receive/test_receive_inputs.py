from __future__ import annotations

import os
import tracemalloc
from pathlib import Path
from types import SimpleNamespace

import pytest

from perfxl.model.finding import Finding
from perfxl.package.limits import DEFAULT, Limits
from perfxl.places import read_at_most
from perfxl.receive.inputs import FoundInputs
from perfxl.receive.search import find
from support.pile import good, lay, zipped


def names(found: FoundInputs) -> list[str]:
    return [item.name for item in found.inputs]


def passed(found: FoundInputs) -> list[str]:
    return [submission.source.file for submission in found.passed_over]


def test_folders_with_all_below_them_in_the_order_of_their_names(tmp_path: Path) -> None:
    lay(tmp_path, {"b.xlsx": b"", "a/z.xlsx": b"", "a/a/b.xlsx": b"", "a.xls": b"x"})
    assert names(find([tmp_path], DEFAULT)) == ["a.xls", "b.xlsx", "a/z.xlsx", "a/a/b.xlsx"]


def test_several_folders_each_stand_under_their_own_name(tmp_path: Path) -> None:
    lay(tmp_path, {"甲/a.xlsx": b"", "乙/a.xlsx": b"", "c.xlsx": b""})
    found = find([tmp_path / "甲", tmp_path / "乙", tmp_path / "c.xlsx"], DEFAULT)
    assert names(found) == ["甲/a.xlsx", "乙/a.xlsx", "c.xlsx"]


def test_two_of_one_name_get_two(tmp_path: Path) -> None:
    lay(tmp_path, {"甲/a.xlsx": b"", "乙/a.xlsx": b""})
    assert names(find([tmp_path / "甲/a.xlsx", tmp_path / "乙/a.xlsx"], DEFAULT)) == ["a.xlsx", "a.xlsx（2）"]


@pytest.mark.parametrize(
    "name",
    [
        "~$a.xlsx",
        ".~lock.a.xlsx#",
        ".~a.xlsx",
        "Thumbs.db",
        "THUMBS.DB",
        ".DS_Store",
        "desktop.ini",
        "._a.xlsx",
        "~WRL0001.tmp",
    ],
)
def test_what_lies_about_is_passed_over_and_said(name: str, tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": b"", name: b"x"})
    found = find([tmp_path], DEFAULT)
    assert (names(found), passed(found)) == (["a.xlsx"], [name])
    ((finding,),) = [submission.findings for submission in found.passed_over]
    assert finding.code == "F11"
    assert name in finding.message


def test_folders_of_a_system_are_passed_over_as_a_whole(tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": b"", "__MACOSX/x/._a.xlsx": b"", "$RECYCLE.BIN/b.xlsx": b""})
    found = find([tmp_path], DEFAULT)
    assert (names(found), passed(found)) == (["a.xlsx"], ["$RECYCLE.BIN", "__MACOSX"])


def test_links_cannot_loop(tmp_path: Path) -> None:
    lay(tmp_path, {"a/a.xlsx": b""})
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "self.xlsx").symlink_to(tmp_path / "self.xlsx")
    (tmp_path / "dead.xlsx").symlink_to(tmp_path / "gone.xlsx")
    found = find([tmp_path], DEFAULT)
    assert names(found) == ["a/a.xlsx"]
    assert sorted(passed(found)) == ["a/up", "dead.xlsx", "self.xlsx"]


def test_a_link_to_a_file_is_that_file(tmp_path: Path) -> None:
    lay(tmp_path, {"x/a.xlsx": b"content", "in/b.xlsx": b""})
    (tmp_path / "in" / "a.xlsx").symlink_to(tmp_path / "x" / "a.xlsx")
    found = find([tmp_path / "in"], DEFAULT)
    assert [item.read(DEFAULT) for item in found.inputs] == [b"content", b""]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.xlsx")
    found = find([tmp_path], DEFAULT)
    assert (names(found), passed(found)) == ([], ["a.xlsx"])


def test_an_archive_is_read_as_a_folder(tmp_path: Path) -> None:
    lay(tmp_path, {"批.zip": zipped({"教育/a.xlsx": b"content", "教育/Thumbs.db": b""}), "b.xlsx": b""})
    found = find([tmp_path], DEFAULT)
    assert [(item.name, item.result) for item in found.inputs] == [
        ("b.xlsx", "b.xlsx"),
        ("批.zip/教育/a.xlsx", "批/教育/a.xlsx"),
    ]
    assert found.inputs[1].read(DEFAULT) == b"content"
    assert passed(found) == ["批.zip/教育/Thumbs.db"]


def test_a_workbook_that_is_called_zip_is_a_workbook(tmp_path: Path) -> None:
    lay(tmp_path, {"a.zip": good()})
    (item,) = find([tmp_path], DEFAULT).inputs
    assert item.read(DEFAULT) == good()


def test_the_folder_for_results_is_left_out(tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": b"", "out/b.xlsx": b""})
    assert names(find([tmp_path], DEFAULT, but=tmp_path / "out")) == ["a.xlsx"]
    assert names(find([tmp_path / "out"], DEFAULT, but=tmp_path / "out")) == ["b.xlsx"]


def test_results_are_no_returns_wherever_they_lie(tmp_path: Path) -> None:
    results = {
        "a.json": b'{\n  "perfxl": 1,\n',
        "summary.json": b'{\n  "perfxl": 1,\n',
        "findings.csv": "\ufefffile,sheet,cell,code,severity,path".encode(),
        "report.html": b'<!DOCTYPE html>\n<meta name="generator" content="perfxl">',
        ".perfxl-journal.jsonl": b"",
        ".perfxl-x.tmp": b"",
    }
    lay(tmp_path, {**results, "b.json": b"{}", "c.csv": b"1,2", "d.html": b"<p>"})
    found = find([tmp_path], DEFAULT)
    assert (names(found), passed(found)) == (["b.json", "c.csv", "d.html"], [])


@pytest.mark.parametrize("name", [".perfxl-a.xlsx", ".perfxl-journal.xlsx", ".perfxl-imports.jsonl.xlsx", "..xlsx"])
def test_a_return_is_read_whatever_its_name_begins_with(name: str, tmp_path: Path) -> None:
    lay(tmp_path, {name: good()})
    assert (names(find([tmp_path], DEFAULT)), passed(find([tmp_path], DEFAULT))) == ([name], [])


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": b"x" * 2_000_000})
    (item,) = find([tmp_path], DEFAULT).inputs
    found = item.read(Limits(max_bytes=1_000_000))
    assert isinstance(found, Finding)
    assert (found.code, "2 MB" in found.message) == ("F03", True)


def test_a_file_takes_the_memory_of_its_bytes_not_of_as_many_as_a_file_may_have(tmp_path: Path) -> None:
    """In a browser memory that was taken once is never given back."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x" * 1000)
    tracemalloc.start()
    try:
        assert read_at_most(path, DEFAULT.max_bytes) == path.read_bytes()
        assert tracemalloc.get_traced_memory()[1] < 1_000_000
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("claimed", [0, 999, 1000, 1001, 10**9])
@pytest.mark.parametrize("most", [0, 1, 998, 999, 1000, 1001, 2000])
def test_of_a_file_that_is_longer_or_shorter_than_it_was_no_less_is_read(
    claimed: int, most: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x" * 1000)
    monkeypatch.setattr("perfxl.places.os.fstat", lambda _: SimpleNamespace(st_size=claimed))
    assert len(read_at_most(path, most)) == min(1000, most + 1)


def test_a_file_that_is_gone_is_a_finding(tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": b""})
    (item,) = find([tmp_path], DEFAULT).inputs
    (tmp_path / "a.xlsx").unlink()
    found = item.read(DEFAULT)
    assert isinstance(found, Finding)
    assert found.code == "F01"


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is open to root")
def test_a_folder_that_cannot_be_opened_is_a_finding(tmp_path: Path) -> None:
    lay(tmp_path, {"a/a.xlsx": b"", "b.xlsx": b""})
    (tmp_path / "a").chmod(0)
    found = find([tmp_path], DEFAULT)
    (tmp_path / "a").chmod(0o755)
    assert [(item.name, item.refused is not None) for item in found.inputs] == [("a", True), ("b.xlsx", False)]


@pytest.mark.skipif(os.name == "nt", reason="names are Unicode there")
def test_a_name_that_is_no_text_still_is_a_name(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"\xff.xlsx")).write_bytes(b"x")
    (item,) = find([tmp_path], DEFAULT).inputs
    assert item.name == "�.xlsx"
    assert item.read(DEFAULT) == b"x"


@pytest.mark.skipif(os.name == "nt", reason="made by one relative step after the other")
def test_a_tree_deeper_than_paths_can_be_is_read_as_far_as_they_reach(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, {"top/a.xlsx": b"x"})
    monkeypatch.chdir(tmp_path / "top")
    for _ in range(260):
        os.mkdir("很深的文件夹")  # noqa: PTH102 - no path leads there from the top
        os.chdir("很深的文件夹")
    Path("b.xlsx").write_bytes(b"x")
    monkeypatch.chdir(tmp_path)
    found = find([tmp_path / "top"], DEFAULT)
    assert found.inputs[0].name == "a.xlsx"
    (refused,) = [item.refused for item in found.inputs[1:] if item.refused is not None]
    assert refused.code == "F01"
