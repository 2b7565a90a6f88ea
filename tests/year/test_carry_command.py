"""The command carry: what it writes and says, its exit codes, and what happens when things go wrong around it."""

from __future__ import annotations

import errno
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

import perfxl
from perfxl.outputs import write_whole
from perfxl.workers import Workers
from perfxl.year.carry import each
from perfxl.year.carry.merge import merge
from perfxl.year.sources import Reason
from support.command import Run
from support.filings import ERROR, document, filed
from support.pile import contents, lay, so_far

GOAL, MONITOR, SELF = "mof-project-goal", "mof-project-monitor", "mof-project-self-eval"
HUBEI, APPROVAL, JILIN = "hubei-dept-goal", "qinghai-dept-approval", "jilin-dept-self-eval"


def project(name: str, unit: str = "石鼓区教育局", code: str = "430407", **more: Any) -> bytes:
    rows = [{"level1": "产出指标", "level2": "数量指标", "name": "维修面积", "target": "≥560平方米"}]
    data = {"project_name": name, "implementing_unit": unit, "annual_indicators": rows, **more}
    return document(f"{unit}{name}.xlsx", filed(GOAL, data, unit=unit, code=code))


def monitored(name: str, target: str, unit: str = "石鼓区教育局", code: str = "430407") -> bytes:
    rows = [{"level1": "产出指标", "level2": "数量指标", "name": "维修面积", "target": target}]
    data = {"project_name": name, "implementing_unit": unit, "indicators": rows}
    return document(f"监控{name}.xlsx", filed(MONITOR, data, unit=unit, code=code))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder 结果 as imports have left it, in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    rejected = document("c.xlsx", filed(GOAL, {"project_name": "丙", "implementing_unit": "某局"}), findings=(ERROR,))
    files = {
        "结果/教育/a.json": project("校舍维修"),
        "结果/b.json": monitored("校舍维修", "≥500平方米"),
        "结果/c.json": rejected,
        "结果/summary.json": b'{"perfxl": 1, "returns": []}',
        "结果/别的.json": b"[]",
        "结果/别的表.json": document("d.xlsx", filed(HUBEI, {"unit_name": "石鼓区教育局"})),
    }
    return lay(tmp_path, files) / "结果"


# -- what it writes and says ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_workbooks_go_to_the_folder_paths_to_stdout_and_notes_to_stderr(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("carry", folder, "--to", SELF, "-o", "下发")
    name = "石鼓区教育局-校舍维修-项目支出绩效自评表-2024.xlsx"
    assert (ran.code, ran.out) == (0, f"下发/{name}\n")
    assert contents(folder.parent / "下发").keys() == {name}
    for said in (
        "“c.json”是退回的，没有采用",
        "“别的.json”不是导入的结果",
        "“别的表.json”里的《部门整体支出绩效目标申报表》没有采用",
        f"“{name}”带入 6 项，有 1 处请核对：",
        "绩效指标 › 维修面积 › 年度指标值",
        "“≥560平方米”",
        "“≥500平方米”",
        "已带入 1 个工作簿；有 1 处请核对",
    ):
        assert said in ran.err
    assert "summary.json" not in ran.err
    assert contents(folder) == before
    quiet = run("carry", folder, "--to", SELF, "-o", "下发", "--quiet")
    assert quiet.out == ran.out
    assert "请核对" not in quiet.err


@pytest.mark.slow
def test_programs_read_an_array_with_an_entry_a_workbook(folder: Path, run: Run) -> None:
    ran = run("carry", folder, "--to", SELF, "-o", "下发", "--output-format", "json")
    (entry,) = json.loads(ran.out)
    assert list(entry)[:8] == ["file", "form", "year", "unit", "project", "sources", "carried", "notes"]
    assert entry["file"] == "石鼓区教育局-校舍维修-项目支出绩效自评表-2024.xlsx"
    assert (entry["form"], entry["year"], entry["project"]) == (SELF, 2024, "校舍维修")
    assert entry["unit"] == {"code": "430407", "name": "石鼓区教育局"}
    assert entry["sources"] == ["b.json#mof-project-monitor", "教育/a.json#mof-project-goal"]
    assert entry["carried"] == len(entry["cells"]) == 6
    (note,) = entry["notes"]
    assert list(note)[:6] == ["kind", "path", "label", "value", "other", "message"]
    assert (note["kind"], note["path"]) == ("conflict", "indicators[0].target")
    assert (note["value"]["text"], note["other"]["text"]) == ("≥560平方米", "≥500平方米")
    cells = {cell["path"]: cell for cell in entry["cells"]}
    target = cells["indicators[0].target"]
    workbook = openpyxl.load_workbook(folder.parent / "下发" / entry["file"])
    assert workbook.worksheets[0][target["cell"]].value == "≥560平方米"
    assert target["locked"] is True
    assert target["from"]["source"] == "教育/a.json#mof-project-goal"
    assert target["from"]["file"] == "石鼓区教育局校舍维修.xlsx"
    assert target["from"]["sheet"]
    ((place),) = target["from"]["cells"]
    assert place["path"] == "annual_indicators[0].target"
    assert place["cell"]
    lines = run("carry", folder, "--to", SELF, "-o", "下发", "--output-format", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == [entry]


def test_without_anything_to_carry_the_array_is_empty(folder: Path, run: Run) -> None:
    for name in ("教育/a.json", "b.json"):
        (folder / name).unlink()
    ran = run("carry", folder, "--to", SELF, "-o", "下发", "--output-format", "json")
    assert (ran.code, json.loads(ran.out)) == (0, [])
    assert "是退回的" in ran.err


@pytest.mark.slow
def test_the_same_sources_give_the_same_bytes_in_one_process_and_in_several(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {f"{n}.json": project(f"项目{n}", f"第{n % 3}局", f"{n % 3:03}") for n in range(8)}
    source = lay(tmp_path / "结果", files)
    monkeypatch.setattr(each, "_AT_ONCE", 2)
    one = perfxl.carry(source, MONITOR, tmp_path / "one")
    with Workers(2, 60.0) as workers:
        several = perfxl.carry(source, MONITOR, tmp_path / "several", executor=workers)
    assert [carried.file for carried in one.workbooks] == [carried.file for carried in several.workbooks]
    assert one == several
    assert contents(tmp_path / "one") == contents(tmp_path / "several")
    assert len(contents(tmp_path / "one")) == 8


@pytest.mark.slow
def test_a_roster_and_a_year_and_a_pattern_are_what_they_are_for_generate(folder: Path, run: Run) -> None:
    (folder.parent / "名册.csv").write_text("单位代码,单位名称\n0407,石鼓区教育局\n0408,石鼓区财政局\n", "utf-8")
    (folder / "b.json").write_bytes(document("b.xlsx", filed(HUBEI, {"unit_name": "石鼓区教育局"}, code=None)))
    ran = run(
        *("carry", folder / "b.json", folder / "别的表.json", "--to", HUBEI, "--year", "2025", "-o", "下发"),
        *("--roster", "名册.csv", "--name", "{{code}}-{{year}}"),
    )
    assert ran.code == 0
    assert "名册里有 1 个单位没有可以带入的结果：石鼓区财政局" in ran.err
    assert "下发/0407-2025.xlsx" in ran.out


def test_the_workbook_s_stamp_has_the_unit_s_code_and_the_year(folder: Path, tmp_path: Path) -> None:
    (one,) = perfxl.carry(folder, SELF, tmp_path / "下发").workbooks
    returned = perfxl.read(tmp_path / "下发" / one.file).forms[0]
    assert (returned.by, returned.year, returned.unit.code) == (perfxl.By.STAMP, 2024, "430407")
    assert returned.unit.name == "石鼓区教育局"


# -- what is wrong --------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_form_that_takes_nothing_of_what_is_given_is_wrong_usage(folder: Path, run: Run) -> None:
    ran = run("carry", folder / "别的表.json", "--to", SELF, "-o", "下发")
    assert (ran.code, ran.out) == (2, "")
    assert (
        "《项目支出绩效目标申报表》（mof-project-goal）、《项目支出绩效目标执行监控表》（mof-project-monitor）"
        in ran.err
    )
    ran = run("carry", folder, "--to", "jilin-project-self-eval", "-o", "下发")
    assert ran.code == 2
    assert "它的表样里没有写 carry" in ran.err
    ran = run("carry", folder / "没有", "--to", SELF)
    assert ran.code == 2
    assert "找不到：" in ran.err
    (folder / "空").mkdir()
    ran = run("carry", folder / "空", "--to", SELF)
    assert ran.code == 2
    assert "没有导入的结果" in ran.err


@pytest.mark.slow
def test_older_newer_and_unknown_ones_are_named_and_the_rest_goes_on(folder: Path, run: Run) -> None:
    tree = json.loads((folder / "b.json").read_text("utf-8"))
    for name, change in {"旧.json": {"perfxl": 0}, "新.json": {"perfxl": 3}}.items():
        (folder / name).write_text(json.dumps(tree | change), "utf-8")
    tree["forms"][0]["form"] = "our-monitor"
    (folder / "自定.json").write_text(json.dumps(tree), "utf-8")
    del tree["forms"][0]["data"]["goal"]
    tree["forms"][0] |= {"form": MONITOR, "version": "2010"}
    (folder / "旧表.json").write_text(json.dumps(tree), "utf-8")
    ran = run("carry", folder, "--to", SELF, "-o", "下发")
    assert ran.code == 0
    assert len(ran.out.splitlines()) == 1
    for said in (
        "“旧.json”是旧版本的 perfxl 写的",
        "“新.json”是更新的版本的 perfxl 写的",
        "“自定.json”里的表式“our-monitor”这里没有；请用 --templates",
        "“旧表.json”里的《项目支出绩效目标执行监控表》是按另一版表样读的（那一版是 2010，现在是 2019）",
    ):
        assert said in ran.err
    assert "Traceback" not in ran.err


def full_at(number: int) -> Callable[[Path, bytes], None]:
    """Return a way to write files to a disk that is full at the so-many-eth."""
    written: Iterator[int] = iter(range(10**6))

    def write(path: Path, data: bytes) -> None:
        if next(written) == number:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_whole(path, data)

    return write


@pytest.mark.slow
def test_a_full_disk_costs_the_workbooks_that_it_does_not_take(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = lay(tmp_path / "结果", {f"{n}.json": project(f"项目{n}") for n in range(3)})
    monkeypatch.setattr(each, "write_whole", full_at(1))
    ran = run("carry", source, "--to", MONITOR, "-o", tmp_path / "下发")
    assert ran.code == 3
    assert len(ran.out.splitlines()) == 2
    assert "项目1-项目支出绩效目标执行监控表-2024.xlsx”：磁盘已满" in ran.err
    assert "已带入 2 个工作簿，1 个没有生成" in ran.err
    assert len(contents(tmp_path / "下发")) == 2


def test_a_document_that_is_gone_or_changed_meanwhile_costs_its_workbook(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = lay(tmp_path / "结果", {f"{n}.json": project(f"项目{n}") for n in range(3)})

    def meddling(*arguments: Any) -> Any:
        (source / "1.json").unlink(missing_ok=True)
        (source / "2.json").write_text("{}", "utf-8")
        return merge(*arguments)

    monkeypatch.setattr(each, "merge", meddling)
    done = perfxl.carry(source, MONITOR, tmp_path / "下发")
    assert [bool(one.error) for one in done.workbooks] == [False, True, True]
    assert done.workbooks[1].error == "读不了“1.json”：找不到这个文件或文件夹，可能已被移走或改名"
    assert done.workbooks[2].error.startswith("“2.json”刚才被改动过")


def test_the_roster_is_never_written_over(folder: Path, run: Run) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["单位代码", "单位名称"])
    sheet.append(["0407", "石鼓区教育局"])
    roster = folder.parent / "名册.xlsx"
    book.save(roster)
    before = roster.read_bytes()
    ran = run("carry", folder, "--to", SELF, "-o", folder.parent, "--roster", roster, "--name", "名册")
    assert ran.code == 2
    assert "会覆盖名册" in ran.err
    assert roster.read_bytes() == before


def test_python_gets_what_the_command_says(folder: Path, tmp_path: Path) -> None:
    done = perfxl.carry([folder], SELF, tmp_path / "下发")
    assert {one.reason for one in done.left_out} == {Reason.REJECTED, Reason.STRANGE, Reason.UNCALLED}
    (one,) = done.workbooks
    assert [note.kind for note in one.notes] == [perfxl.NoteKind.CONFLICT]
    with pytest.raises(perfxl.UnknownFormError):
        perfxl.carry(folder, "没有", tmp_path)
    with pytest.raises(perfxl.NothingToCarryError):
        perfxl.carry(folder, "jilin-project-self-eval", tmp_path)
    with pytest.raises(FileNotFoundError):
        perfxl.carry(folder / "没有", SELF, tmp_path)


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signals there")
def test_killed_in_the_middle_it_leaves_whole_workbooks_and_ends_as_well_when_run_again(tmp_path: Path) -> None:
    source = lay(tmp_path / "结果", {f"{n}.json": project(f"项目{n:03}") for n in range(60)})

    def start(output: Path) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "perfxl", "carry", str(source), "--to", MONITOR, "-o", str(output), "--quiet"]
        return subprocess.Popen(command, stdout=subprocess.DEVNULL)

    assert start(tmp_path / "whole").wait(300) == 0
    whole = contents(tmp_path / "whole")
    running = start(tmp_path / "out")
    deadline = time.monotonic() + 120
    while so_far(tmp_path / "out") < 2 and time.monotonic() < deadline:
        time.sleep(0.02)
    running.kill()
    running.wait()
    left = {name: data for name, data in contents(tmp_path / "out").items() if not name.startswith(".perfxl-")}
    assert 0 < len(left) < 60
    assert left.items() <= whole.items()
    assert start(tmp_path / "out").wait(300) == 0
    assert contents(tmp_path / "out") == whole


def test_show_tells_what_a_form_takes_over(run: Run) -> None:
    shown = run("show", SELF).out
    assert "三、从别的表带入\n  mof-project-goal（同一年度）\n    项目名称（锁定）、主管部门（锁定）" in shown
    assert "    【绩效指标】一级指标（锁定）、二级指标（锁定）、三级指标（锁定）、年度指标值（锁定）\n" in shown
    assert "带入" not in run("show", "jilin-project-self-eval").out
