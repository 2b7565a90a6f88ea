"""What the page does with workbooks, tried here: the same as an import; a verdict, a list, the sheet drawn."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

import perfxl
from perfxl.page import desk

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "tests" / "returns"


def lay(top: Path, *files: Path) -> list[str]:
    for number, file in enumerate(files):
        (top / str(number)).mkdir(parents=True)
        shutil.copy(file, top / str(number) / file.name)
    return [file.name for file in files]


@pytest.fixture(scope="module")
def checked(tmp_path_factory: pytest.TempPathFactory) -> desk.Checked:
    top = tmp_path_factory.mktemp("desk")
    (top / "坏.xlsx").write_bytes(b"no workbook")
    names = lay(top / "in", SEEDS / "hunan.xlsx", SEEDS / "jilin.xls", top / "坏.xlsx", SEEDS / "hunan.xlsx")
    return desk.check(top / "in", names)


def test_documents_and_copies_are_those_of_an_import(checked: desk.Checked, tmp_path: Path) -> None:
    overview = perfxl.import_returns([SEEDS / "jilin.xls"], tmp_path)
    told = json.loads(checked.told())
    assert told["results"][1] == json.loads((tmp_path / overview.returns[0].document).read_text("utf-8"))
    assert checked.marked[1] == (tmp_path / overview.returns[0].marked).read_bytes()
    assert checked.names[1] == overview.returns[0].marked


def test_files_of_one_name_are_two(checked: desk.Checked) -> None:
    assert len(checked.documents) == 4
    assert len(set(checked.names)) == 4


def test_each_view_begins_with_a_verdict(checked: desk.Checked) -> None:
    said = [view.partition('">')[2].partition("</p>")[0] for view in checked.views]
    assert '<p class="verdict error">还有 2 处错误，改正后再上报</p>' in checked.views[0]
    assert '<p class="verdict error">这个文件读不了，不能上报</p>' in checked.views[2]
    assert len(said) == 4


def test_links_lead_to_cells_that_are_drawn(checked: desk.Checked) -> None:
    view = checked.views[0]
    targets = [part.partition('"')[0] for part in view.split('data-cell="')[1:]]
    assert targets
    assert all(f'id="{target}"' in view for target in targets)


def test_what_a_worker_dies_of_has_a_finding() -> None:
    for late, said in ((True, "秒还没有读完"), (False, "意外中断")):
        (document,) = json.loads(desk.lost("甲.xlsx", late).told())["results"]
        assert [finding["code"] for finding in document["findings"]] == ["F13"]
        assert said in document["findings"][0]["message"]


def test_forms_are_made_ready_once() -> None:
    assert desk.prepare() == len(perfxl.load_forms())


def test_what_lay_there_is_taken_away(tmp_path: Path) -> None:
    lay(tmp_path / "in", SEEDS / "hunan.xlsx")
    desk.clear(tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_the_blank_is_the_one_that_is_sent_out() -> None:
    assert desk.blank("hunan-dept-self-eval") == perfxl.generate(perfxl.load_forms()["hunan-dept-self-eval"])
