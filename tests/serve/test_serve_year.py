"""下发, 结转, 汇总, 报告: what the browser makes is what the commands make, byte for byte."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import perfxl
from perfxl.roster.read import read_roster
from perfxl.roster.typed import as_table
from perfxl.serve.figures import figures
from support.command import Run
from support.filings import document, filed
from support.pile import bad, good
from support.visitor import Visitor, serving

ROSTER = "单位代码,单位名称\r\n430407,石鼓区教育局\r\n0001,青溪区档案局\r\n".encode("utf-8-sig")
FORM = "hunan-dept-self-eval"


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    root = tmp_path_factory.mktemp("desk")
    (root / "名册.csv").write_bytes(ROSTER)
    with serving(root) as visitor:
        yield visitor


def test_a_roster_as_it_is_typed_is_kept(visitor: Visitor) -> None:
    visitor.desk.workspace.roster_file.unlink()
    visitor.post("/send/roster", {"typed": "430407 石鼓区教育局\n0001，青溪区档案局\n"})
    assert visitor.desk.workspace.roster_file.read_bytes() == ROSTER
    page = visitor.get("/send").text
    assert "2 个单位" in page
    assert "430407,石鼓区教育局\n" in page.replace("\r", "")
    assert "第 3 行" in visitor.post("/send/roster", {"typed": "1 甲局\n1 乙局"}).text
    assert visitor.desk.workspace.roster_file.read_bytes() == ROSTER
    visitor.post("/send/roster", files=[("名册.csv", ROSTER)])
    assert visitor.desk.workspace.roster_file.read_bytes() == ROSTER


@pytest.mark.parametrize(
    ("typed", "units"),
    [
        ("430407 石鼓区教育局", [("430407", "石鼓区教育局")]),
        ("石鼓区教育局\t430407\n", [("430407", "石鼓区教育局")]),
        ("石鼓区教育局\n\n青溪区档案局", [(None, "石鼓区教育局"), (None, "青溪区档案局")]),
        ("单位名称,单位代码\n甲局,01", [("01", "甲局")]),
        ("A01、第一 小学", [("A01", "第一小学")]),
    ],
)
def test_a_list_that_is_typed(typed: str, units: list[tuple[str | None, str]]) -> None:
    assert [(unit.code, unit.name) for unit in read_roster(as_table(typed)).units] == units


def test_what_is_sent_out_is_what_the_command_writes(visitor: Visitor) -> None:
    assert "没有选择要下发的表" in visitor.post("/send", {"year": "2024"}).text
    assert "2000 到 2100" in visitor.post("/send", {"year": "24", "form": FORM}).text
    sent = visitor.post("/send", {"year": "2024年", "form": [FORM], "to": "all"})
    told = visitor.done(sent)
    assert told["state"] == "done", told
    given = {unit.name: data for unit, data in perfxl.generate_each(perfxl.load_forms()[FORM], ROSTER, year=2024)}
    page = visitor.get(told["back"]).text
    with zipfile.ZipFile(io.BytesIO(visitor.get(f"/send/files.zip?job={told['id']}").content)) as archive:
        assert len(archive.namelist()) == 2
        for (unit, workbook), name in zip(given.items(), archive.namelist(), strict=True):
            assert unit in name
            assert archive.read(name) == workbook
            assert name in page
            assert visitor.get(f"/send/file/{name}").content == workbook
    assert visitor.get("/send/file/../名册.csv").status_code == 404


def test_rows_and_names_of_files_are_chosen_as_the_command_has_them(visitor: Visitor, tmp_path: Path, run: Run) -> None:
    page = visitor.get("/send").text
    assert f'name="rows-{FORM}-indicators"' in page
    asked = {
        "form": FORM,
        "year": "2025",
        "to": "all",
        f"rows-{FORM}-indicators": "30 行",
        "name": "{{ code }}_{{ year }}",
    }
    assert "1 到 20000" in visitor.post("/send", {**asked, f"rows-{FORM}-indicators": "三"}).text
    told = visitor.done(visitor.post("/send", asked))
    assert (told["state"], told["doing"], told["total"], told["counts"]) == ("done", "正在生成", 2, {"已生成": 2})
    roster = visitor.desk.workspace.roster_file
    words = ("--year", 2025, "--roster", roster, "--rows", "indicators=30", "--name", "{{ code }}_{{ year }}")
    assert run("generate", FORM, *words, "-o", tmp_path).code == 0
    for name in ("430407_2025.xlsx", "0001_2025.xlsx"):
        assert (visitor.desk.workspace.sent / name).read_bytes() == (tmp_path / name).read_bytes()
    told = visitor.done(visitor.post("/send", {**asked, "name": "{{ nothing }}"}))
    assert told["state"] == "failed"
    assert "文件名的样式“{{ nothing }}”里用了没有的名称" in told["message"]


def test_one_may_be_made_without_a_roster(visitor: Visitor) -> None:
    told = visitor.done(
        visitor.post("/send", {"form": "mof-project-goal", "year": "2025", "to": "one", "unit": "甲局"})
    )
    assert told["state"] == "done"
    names = [path.name for path in visitor.desk.workspace.sent.iterdir()]
    assert "甲局-项目支出绩效目标申报表-2025.xlsx" in names, names


def test_a_blank_is_drawn(visitor: Visitor) -> None:
    page = visitor.get(f"/send/preview/{FORM}?year=2024").text
    assert '<table class="sheet"' in page
    assert visitor.get("/send/preview/nothing").status_code == 404


@pytest.mark.slow
def test_the_rest_of_the_year(visitor: Visitor, tmp_path: Path) -> None:
    root = visitor.desk.workspace.root
    assert visitor.done(
        visitor.post("/returns", files=[("甲.xlsx", good()), ("乙.xlsx", bad("青溪区档案局", "0001"))])
    )["counts"] == {"通过": 1, "退回": 1}
    (root / "结果" / "报告.json").write_bytes(
        document("报告.xlsx", filed("hunan-self-eval-report", {"unit_name": "石鼓区教育局"}))
    )
    (root / "结果" / "目标.json").write_bytes(document("目标.xlsx", filed("mof-project-goal", {"project_name": "甲"})))

    told = visitor.done(visitor.post("/summary", {"target": "xlsx"}))
    assert (told["state"], told["doing"]) == ("done", "正在写汇总"), told
    # It leads to the documents: where it lies counts.
    shutil.copytree(root / "结果", tmp_path / "结果")
    own = tmp_path / "汇总" / "汇总.xlsx"
    perfxl.summarize(tmp_path / "结果", own, roster=root / "名册.csv")
    assert visitor.get("/summary/file/汇总.xlsx").content == own.read_bytes()
    page = visitor.get(told["back"]).text
    assert "没有采用的" in page
    assert "<svg" in page
    assert figures(own)[0].title in page
    assert visitor.done(visitor.post("/summary", {"target": "csv", "all": "1"}))["state"] == "done"
    assert visitor.get("/summary/file/汇总-csv").headers["content-type"] == "application/zip"
    assert visitor.post("/summary", {"target": "doc"}).status_code == 400

    told = visitor.done(visitor.post("/carry", {"to": "mof-project-self-eval", "year": ""}))
    assert told["state"] == "done", told
    done = perfxl.carry(root / "结果", "mof-project-self-eval", tmp_path / "下发", roster=root / "名册.csv")
    for one in done.workbooks:
        assert (root / "下发" / one.file).read_bytes() == (tmp_path / "下发" / one.file).read_bytes()
        assert one.file in visitor.get(told["back"]).text
    assert visitor.done(visitor.post("/carry", {"to": "nothing"}))["state"] == "failed"

    told = visitor.done(visitor.post("/reports"))
    assert (told["state"], told["total"], told["counts"]) == ("done", 1, {"已写好": 1}), told
    perfxl.report(root / "结果", tmp_path / "报告")
    (written,) = (tmp_path / "报告").iterdir()
    assert visitor.get(f"/reports/file/{written.name}").content == written.read_bytes()
    assert visitor.get("/reports/files.zip").status_code == 200


@pytest.mark.slow
def test_nothing_to_do_is_told(tmp_path: Path) -> None:
    with serving(tmp_path) as visitor:
        for address, data in (("/summary", {"target": "xlsx"}), ("/carry", {"to": FORM}), ("/reports", {})):
            told = visitor.done(visitor.post(address, data))
            assert told["state"] == "failed"
            assert any("\u4e00" <= letter <= "\u9fff" for letter in told["message"])
        for address in (
            "/returns/overview/",
            "/returns/marked.zip",
            "/send/files.zip",
            "/reports/files.zip",
            "/jobs/x",
        ):
            assert visitor.get(address).status_code == 404
        for address in ("/", "/send", "/returns", "/carry", "/summary", "/reports", "/forms", "/forms/adopt", "/rules"):
            assert visitor.get(address).status_code == 200
