"""What the page does with workbooks, tried here: the same as an import; a verdict, a list, the sheet drawn."""

from __future__ import annotations

import json
import re
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
    return desk.check(top / "in", names, "q1")


@pytest.mark.slow
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


def test_identities_of_two_checks_differ(checked: desk.Checked, tmp_path: Path) -> None:
    """One page may show what several checks found: a link leads to a cell of its own file."""
    again = desk.check(tmp_path, lay(tmp_path, SEEDS / "hunan.xlsx"), "q2")
    found = [re.findall(r' id="([^"]+)"', view) for view in (*checked.views, *again.views)]
    together = [identity for each in found for identity in each]
    assert together
    assert len(together) == len(set(together))
    assert all(identity.startswith("q2") for identity in found[-1])


def test_what_a_worker_dies_of_has_a_finding() -> None:
    for why, code, said in (("TIME", "F13", "秒还没有读完"), ("DIED", "F13", "意外中断"), ("MEMORY", "F03", "1000 MB")):
        (document,) = json.loads(desk.lost("甲.xlsx", why, "q1").told())["results"]
        assert [finding["code"] for finding in document["findings"]] == [code]
        assert said in document["findings"][0]["message"]


def test_forms_are_made_ready_once() -> None:
    assert desk.prepare() == len(perfxl.load_forms())


def test_it_is_warmed_by_checking_a_blank_of_each_form(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "hunan-dept-self-eval"
    monkeypatch.setattr(desk, "load_forms", lambda: {name: perfxl.load_forms()[name]})
    seen: list[list[str]] = []
    monkeypatch.setattr(desk, "check", lambda folder, names: seen.append([str(*folder.rglob("*.xlsx"))[-6:], *names]))
    desk.warm()
    assert seen == [["0.xlsx", "0.xlsx"]]


def test_a_check_is_rehearsed_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each step is one check; who has no more time for them asks for no more."""
    checked: list[str] = []
    monkeypatch.setattr(desk, "check", lambda _, names: checked.extend(names))
    steps = desk.rehearse()
    for number in range(1, 4):
        next(steps)
        assert len(checked) == number
    assert [*steps] == []
    assert len(checked) == 3


def test_what_lay_there_is_taken_away(tmp_path: Path) -> None:
    lay(tmp_path / "in", SEEDS / "hunan.xlsx")
    desk.clear(tmp_path / "in")
    assert not (tmp_path / "in").exists()


def test_the_blank_is_the_one_that_is_sent_out() -> None:
    assert desk.blank("hunan-dept-self-eval") == perfxl.generate(perfxl.load_forms()["hunan-dept-self-eval"])
