"""The command summarize: what it writes and says, its exit codes, and what lies in a folder that is no return."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import pytest
from msgspec.structs import replace

from perfxl.year.summarize import summarize as module
from support.command import Run
from support.county import filings, lay
from support.filings import ERROR, document
from support.pile import contents

HUNAN = "hunan-dept-self-eval"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder 结果 with three returns that count, in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    return lay(tmp_path / "结果", 3, (HUNAN,))


def test_the_file_goes_to_stdout_and_what_was_done_to_stderr(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("summarize", folder, "--to", "csv")
    assert (ran.code, ran.out) == (0, "output/汇总-csv\n")
    assert ran.err == "正在写汇总…\n已汇总 3 份，3 个单位\n"
    assert contents(folder) == before
    quiet = run("summarize", folder, "--to", "csv", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, ran.out, "")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "kind"), [("a.sqlite", b"SQLite format 3"), ("a.db", b"SQLite"), ("a.xlsx", b"PK")])
def test_the_name_of_the_file_says_what_is_written(folder: Path, run: Run, name: str, kind: bytes) -> None:
    assert run("summarize", folder, "-o", name).out == f"{name}\n"
    assert Path(name).read_bytes().startswith(kind)


def test_into_a_folder_the_file_goes_under_its_own_name(folder: Path, run: Run) -> None:
    Path("汇总").mkdir()
    assert run("summarize", folder, "-o", "汇总", "--to", "sqlite").out == "汇总/汇总.sqlite\n"


def test_what_is_no_return_is_named_and_the_rest_added_up(folder: Path, run: Run) -> None:
    tree = json.loads(next(folder.rglob("*.json")).read_text("utf-8"))
    changes = {"旧.json": {"perfxl": 0}, "新.json": {"perfxl": 3}, "别的.json": {"perfxl": None}}
    for name, change in changes.items():
        (folder / name).write_text(json.dumps(tree | change), "utf-8")
    tree["forms"][0]["form"] = "our-own-form"
    (folder / "自定.json").write_text(json.dumps(tree), "utf-8")
    tree["forms"][0] |= {"form": HUNAN, "version": "2010", "data": {"unit_name": "某局"}}
    (folder / "旧表.json").write_text(json.dumps(tree), "utf-8")
    (folder / "半份.json").write_text('{"perfxl": 1, "sou', "utf-8")
    ran = run("summarize", folder, "--to", "csv")
    assert (ran.code, ran.out) == (0, "output/汇总-csv\n")
    for said in (
        "“旧.json”是旧版本的 perfxl 写的",
        "“新.json”是更新的版本的 perfxl 写的",
        "“别的.json”不是导入的结果",
        "“半份.json”不是导入的结果",
        "“自定.json”里的表式“our-own-form”这里没有；请用 --templates",
        "“旧表.json”里的《部门整体支出绩效自评表》是按另一版表样读的",
        "已汇总 3 份，3 个单位，6 项没有计入",
    ):
        assert said in ran.err
    assert "Traceback" not in ran.err


def test_rejected_and_superseded_ones_are_told_and_looked_at_when_asked_for(folder: Path, run: Run) -> None:
    (_, returned, _), (_, other, _) = list(filings(2, (HUNAN,), seed=5))
    (folder / "退.json").write_bytes(
        document("退.xlsx", replace(returned, unit=replace(returned.unit, code="9")), findings=(ERROR,))
    )
    (folder / "早.json").write_bytes(document("早.xlsx", replace(other, superseded_by="晚.xlsx")))
    ran = run("summarize", folder, "--to", "csv")
    assert "“退.json”是退回的，没有采用" in ran.err
    assert "“早.json”里的《部门整体支出绩效自评表》已由后来交回的“晚.xlsx”代替，没有采用" in ran.err
    assert ran.err.endswith("已汇总 3 份，3 个单位，2 项没有计入\n")
    everything = run("summarize", folder, "--to", "csv", "--all")
    assert everything.err.endswith("已汇总 4 份，4 个单位，1 项没有计入\n")
    lines = Path("output/汇总-csv/submissions.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[10] for line in lines] == ["status", *["accepted"] * 3, "rejected", "superseded"]


def test_nothing_that_counts_is_wrong_usage_and_leaves_nothing(folder: Path, run: Run) -> None:
    for path in folder.rglob("*.json"):
        path.unlink()
    (folder / "x.json").write_text("{}", "utf-8")
    ran = run("summarize", folder)
    assert (ran.code, ran.out) == (2, "")
    assert "“x.json”不是导入的结果" in ran.err
    assert "没有可以汇总的结果；退回的也要计入，请加 --all" in ran.err
    assert not list(Path("output").glob("*"))


def test_the_roster_says_who_is_missing_and_who_is_a_stranger(folder: Path, run: Run) -> None:
    Path("名册.csv").write_text("单位代码,单位名称\n43040001,甲\n43040000,乙\n9,丙局\n", "utf-8")
    ran = run("summarize", folder, "--to", "csv", "--roster", "名册.csv")
    assert "不在名册的单位 1 个：青溪县民政局" in ran.err
    assert "名册上还没有可用结果的单位 1 个：丙局" in ran.err
    lines = Path("output/汇总-csv/submissions.csv").read_text("utf-8-sig").splitlines()
    assert [line.split(",")[7] for line in lines[1:]] == ["43040001", "43040000", "43040002"]


def test_what_was_given_is_never_written_over(folder: Path, run: Run) -> None:
    (document_, *_) = folder.rglob("*.json")
    before = document_.read_bytes()
    ran = run("summarize", folder, "-o", document_, "--to", "xlsx")
    assert ran.code == 2
    assert "会覆盖" in ran.err
    assert document_.read_bytes() == before


def test_a_full_disk_is_told_and_the_old_file_stays(folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    Path("汇总.sqlite").write_bytes(b"old")
    monkeypatch.setattr(module, "write_sqlite", full)
    ran = run("summarize", folder, "-o", "汇总.sqlite")
    assert (ran.code, ran.out) == (3, "")
    assert "写不了“汇总.sqlite”：磁盘已满" in ran.err
    assert Path("汇总.sqlite").read_bytes() == b"old"
    assert {path.name for path in Path().iterdir()} == {"结果", "汇总.sqlite"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_device_that_takes_nothing_stays_what_it_is(folder: Path, run: Run) -> None:
    ran = run("summarize", folder, "-o", "/dev/full", "--to", "sqlite")
    assert ran.code == 3
    assert "写不了“/dev/full”：磁盘已满" in ran.err
    assert Path("/dev/full").is_char_device()
