"""收表, 看一份: files handed in through the browser come to what the command makes of them, byte for byte."""

from __future__ import annotations

import datetime as dt
import io
import json
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import quote

import pytest

import perfxl
from perfxl.outputs import HISTORY, JOURNAL
from perfxl.serve.desk import Desk, identity
from perfxl.serve.jobs import Begun, Job, State, Step
from perfxl.serve.pages import receiving
from perfxl.serve.workspace import files_below
from support.pile import bad, good
from support.visitor import Visitor, serving

REPORT = "hunan-self-eval-report"
ROSTER = "单位代码,单位名称\n430407,石鼓区教育局\n0001,青溪区档案局\n".encode()


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    root = tmp_path_factory.mktemp("desk")
    (root / "名册.csv").write_bytes(ROSTER)
    with serving(root) as visitor:
        told = visitor.done(visitor.post("/returns", files=[("教育/甲.xlsx", bad()), ("教育/甲.xlsx", bad())]))
        assert (told["state"], told["counts"]) == ("done", {"退回": 1}), told
        yield visitor


def test_what_came_of_it_is_what_the_command_writes(visitor: Visitor, tmp_path: Path) -> None:
    root = visitor.desk.workspace.root
    perfxl.import_returns(root / "交回", tmp_path / "结果", roster=root / "名册.csv", templates=[root / "templates"])
    for file in sorted((tmp_path / "结果").rglob("*")):
        if file.is_file() and file.name not in {HISTORY, JOURNAL}:
            assert file.read_bytes() == (root / "结果" / file.relative_to(tmp_path / "结果")).read_bytes(), file


def test_the_page_says_who_is_missing_and_leads_to_each_return(visitor: Visitor) -> None:
    page = visitor.get("/returns").text
    assert "青溪区档案局" in page
    assert f"/returns/look/{identity('教育/甲.xlsx')}" in page
    overview = visitor.get("/returns/overview/")
    assert overview.status_code == 200
    assert "收表审核总览" in overview.text
    assert f"/returns/look/{identity('教育/甲.xlsx')}" in overview.text


def test_a_return_is_drawn_with_its_wrong_cell_and_its_data(visitor: Visitor) -> None:
    page = visitor.get(f"/returns/look/{identity('教育/甲.xlsx')}").text
    assert 'id="r0s0-H17"' in page
    assert "还有" in page
    assert "读到的数据" in page
    assert "石鼓区教育局" in page


def test_documents_and_copies_are_given_as_they_lie_there(visitor: Visitor) -> None:
    results = visitor.desk.workspace.results
    own = f"/returns/look/{identity('教育/甲.xlsx')}"
    assert visitor.get(f"{own}/data.json").content == (results / "教育/甲.json").read_bytes()
    marked = visitor.get(f"{own}/marked")
    assert marked.content == (results / "教育/甲.marked.xlsx").read_bytes()
    assert marked.headers["content-disposition"].startswith("attachment;")
    assert visitor.get("/returns/overview/教育/甲.marked.xlsx").content == marked.content
    assert visitor.get("/returns/findings.csv").content == (results / "findings.csv").read_bytes()
    with zipfile.ZipFile(io.BytesIO(visitor.get("/returns/marked.zip").content)) as archive:
        assert archive.namelist() == ["教育/甲.marked.xlsx"]
        assert archive.read("教育/甲.marked.xlsx") == marked.content


def test_notices_are_written(visitor: Visitor, tmp_path: Path) -> None:
    told = visitor.done(visitor.post("/returns/notices", {"deadline": "2024-05-20"}))
    assert (told["state"], told["doing"]) == ("done", "正在写通知")
    shown = visitor.get(told["back"]).text
    assert "已写退回通知 1 份" in shown
    given = visitor.get("/summary/file/" + quote("退回通知.docx"))
    assert given.status_code == 200
    perfxl.notices(visitor.desk.workspace.results, tmp_path / "退回通知.docx", deadline=dt.date(2024, 5, 20))
    assert given.content == (tmp_path / "退回通知.docx").read_bytes()


@pytest.mark.parametrize("name", ["..%2f..%2f名册.csv", "../名册.csv", ".perfxl-journal.jsonl", "教育", "nothing.json"])
def test_nothing_else_of_the_folder_is_given(visitor: Visitor, name: str) -> None:
    assert visitor.get(f"/returns/overview/{name}").status_code == 404


def test_nothing_is_written_over(tmp_path: Path) -> None:
    with serving(tmp_path) as visitor:
        visitor.done(visitor.post("/returns", files=[("甲.xlsx", bad())]))
        told = visitor.done(visitor.post("/returns", files=[("甲.xlsx", good()), ("甲.xlsx", bad())]))
        assert told["state"] == "done"
        kept = tmp_path / "交回"
        assert sorted(path.name for path in kept.iterdir()) == ["甲.xlsx", "甲（2）.xlsx"]
        assert ((kept / "甲.xlsx").read_bytes(), (kept / "甲（2）.xlsx").read_bytes()) == (bad(), good())
    with serving(tmp_path) as visitor:  # a server that starts again knows what was done
        visitor.latest()
        assert "甲（2）.xlsx" in visitor.get("/returns").text


def test_what_is_expected_and_what_was_accepted_before_is_chosen_on_the_page(tmp_path: Path) -> None:
    """The same, byte for byte, as ``import --expect … --against …``; what is chosen lies in the workspace."""
    root = tmp_path / "desk"
    with serving(root) as visitor:
        (root / "名册.csv").write_bytes(ROSTER)
        visitor.done(visitor.post("/returns", files=[("甲.xlsx", good()), ("乙.xlsx", bad("青溪区档案局", "0001"))]))
        told = visitor.done(visitor.post("/returns/round", {"own": "1"}))
        assert told["state"] == "done", told
        assert [path.name for path in (root / "上一环节").iterdir()] == ["甲.json"]  # the one that was accepted
        asked = {"expect": [REPORT], f"period-{REPORT}": "2023年度"}
        refused = visitor.post("/returns/round", {**asked, f"period-{REPORT}": "去年"})
        assert refused.status_code == 400
        assert "去年" in refused.text
        answer = visitor.post("/returns/round", asked, files=[("别的.json", b"{}")])
        assert "“别的.json”没有收下" in answer.text
        visitor.done(answer)
        told = visitor.done(visitor.post("/returns", files=[("报告.xlsx", report())]))
        assert told["state"] == "done", told
        assert (root / "要收的表.txt").read_text("utf-8") == f"{REPORT}:2023\n"
        page = visitor.get("/returns").text
        assert "要收 1 种" in page
        assert "与上一环节的 1 份结果核对" in page
        assert f'value="{REPORT}" checked' in page
        own = perfxl.import_returns(
            root / "交回", tmp_path / "结果", roster=ROSTER, expect=[f"{REPORT}:2023"], against=root / "上一环节"
        )
        assert {one.unit.name: one.standing for one in own.units}["青溪区档案局"] == "missing"
        assert "X04" in (tmp_path / "结果" / "报告.json").read_text("utf-8")
        for file in (path for path in (tmp_path / "结果").rglob("*") if path.name not in {HISTORY, JOURNAL}):
            assert file.read_bytes() == (root / "结果" / file.relative_to(tmp_path / "结果")).read_bytes(), file
        visitor.done(visitor.post("/returns/round", {"clear": "1"}))
        assert not (root / "要收的表.txt").exists()
        assert not list((root / "上一环节").iterdir())


def report() -> bytes:
    """Return a report whose spending is not that of the table which goes with it."""
    spending = {"initial": 1616.43, "final": 6558.5, "basic": {"amount": 1051.47}, "project": {"amount": 5506.86}}
    data = {"year": 2023, "unit_name": "石鼓区教育局", "goals": "保障教育教学", "spending": spending}
    return perfxl.generate(perfxl.load_forms()[REPORT], data=data)


def test_who_knows_no_script_is_told_what_was_not_taken(tmp_path: Path) -> None:
    with serving(tmp_path) as visitor:
        visitor.done(visitor.post("/returns", files=[("甲.xlsx", bad())]))
        again = visitor.post("/returns", files=[("甲.xlsx", bad())])
        assert "早已收到" in again.text
        assert visitor.post("/returns").status_code == 400 or "没有选择文件" in visitor.post("/returns").text


def test_an_archive_is_read_as_a_folder_and_what_is_in_it_leads_nowhere(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("../../../外面.xlsx", good())
        archive.writestr("里/乙.xlsx", bad())
    with serving(tmp_path / "desk") as visitor:
        told = visitor.done(visitor.post("/returns", files=[("交.zip", data.getvalue())]))
        assert told["counts"] == {"通过": 1, "退回": 1}
    assert not list(tmp_path.rglob("外面.xlsx"))
    assert {path.name for path in tmp_path.iterdir()} == {"desk"}


def test_a_definition_that_is_broken_is_told_and_nothing_else_stops(tmp_path: Path) -> None:
    (tmp_path / "templates" / "x").mkdir(parents=True)
    (tmp_path / "templates" / "x" / "form.yaml").write_text("form: x\n", encoding="utf-8")
    with serving(tmp_path) as visitor:
        told = visitor.done(visitor.post("/returns", files=[("甲.xlsx", bad())]))
        assert told["state"] == "failed"
        assert "表样" in told["message"]
        assert json.dumps(told)
        assert (tmp_path / "交回" / "甲.xlsx").read_bytes() == bad()


def test_a_page_that_is_made_while_the_work_ends_shows_the_one_or_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    receive = Desk._receive  # noqa: SLF001 - held up until the page is half made

    def held(desk: Desk, job: Job) -> None:
        go_on.wait(60)
        receive(desk, job)

    def until_it_is_over(folder: Path) -> Mapping[str, Path]:
        go_on.set()
        while not all(job.over for job in clerk.desk.jobs.all()):
            time.sleep(0.01)
        return files_below(folder)

    monkeypatch.setattr(Desk, "_receive", held)
    (tmp_path / "交回").mkdir()
    (tmp_path / "交回" / "甲.xlsx").write_bytes(good())
    with serving(tmp_path) as clerk:
        clerk.desk.receive()
        monkeypatch.setattr(receiving, "files_below", until_it_is_over)
        page = clerk.get("/returns").text
    assert "data-job" in page or f"/returns/look/{identity('甲.xlsx')}" in page


def test_what_is_seen_of_work_does_not_go_on() -> None:
    job = Job("收表", "/returns")
    job.hear(Begun("正在审核", 2))
    job.hear(Step("甲.xlsx", "退回"))
    seen = job.seen()
    job.hear(Step("乙.xlsx", "退回"))
    job.state = State.DONE
    assert (seen.done, seen.counts, seen.lines, seen.over) == (1, {"退回": 1}, [("甲.xlsx", "退回")], False)
