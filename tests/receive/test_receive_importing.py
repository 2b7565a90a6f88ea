"""Importing into a folder again and again: what is done stays done, whatever happened in between."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.parsers import expat

import openpyxl
import pytest

import perfxl
from perfxl.api import generate
from perfxl.demo import type_in
from perfxl.forms.definition.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.reading import Sheets
from perfxl.model.submission import Submission
from perfxl.outputs import JOURNAL
from perfxl.package.package import Package
from perfxl.receive.conclude import conclude
from perfxl.receive.folder import WouldOverwriteError
from perfxl.receive.importing import gather
from perfxl.receive.inputs import Input
from perfxl.receive.library import Library
from perfxl.receive.pipeline import read_and_check
from perfxl.receive.request import Request
from perfxl.reporting.overview import Standing
from perfxl.rules.accepted import Accepted
from perfxl.workers import Workers
from support.hunan import SHEET
from support.pile import bad, contents, good, lay, saved, zipped


@cache
def files() -> dict[str, bytes]:
    return {
        "a.xlsx": good(),
        "教育/b.xlsx": bad("青溪区教育局", "030407"),
        "c.pdf": b"%PDF-1.7",
        "d.xlsx": saved(good("青溪区民政局", "030408"), "2024-01-16T08:30:00Z"),
        "e.xlsx": saved(bad("青溪区民政局", "030408"), "2024-01-17T08:30:00Z"),
    }


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are read, as they are."""
    names: list[str] = []

    def noted(
        data: bytes, file: str, library: Library, request: Request, accepted: Accepted
    ) -> tuple[Submission, Sheets]:
        names.append(file)
        return read_and_check(data, file, library, request, accepted)

    monkeypatch.setattr("perfxl.receive.examine.read_and_check", noted)
    return names


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    return lay(tmp_path / "in", files())


@pytest.fixture
def output(tmp_path: Path) -> Path:
    return tmp_path / "out"


def document(output: Path, name: str) -> dict[str, object]:
    found: dict[str, object] = json.loads((output / name).read_text(encoding="utf-8"))
    return found


def test_what_is_done_and_unchanged_is_not_read_again(pile: Path, output: Path, read: list[str]) -> None:
    first = perfxl.import_returns(pile, output)
    assert sorted(read) == sorted(files())
    before, read[:] = contents(output), []
    assert perfxl.import_returns(pile, output) == first
    assert read == []
    assert contents(output) == before


@pytest.mark.slow
def test_force_reads_all_again(pile: Path, output: Path, read: list[str]) -> None:
    perfxl.import_returns(pile, output)
    before, read[:] = contents(output), []
    perfxl.import_returns(pile, output, force=True)
    assert sorted(read) == sorted(files())
    assert contents(output) == before


@pytest.mark.slow
def test_what_has_changed_is_read_again(pile: Path, output: Path, read: list[str]) -> None:
    perfxl.import_returns(pile, output)
    read[:] = []
    (pile / "a.xlsx").write_bytes(bad())
    perfxl.import_returns(pile, output)
    assert read == ["a.xlsx"]
    assert document(output, "a.json")["status"] == "rejected"


@pytest.mark.slow
def test_another_question_is_another_answer(pile: Path, output: Path, read: list[str]) -> None:
    perfxl.import_returns(pile, output)
    read[:] = []
    perfxl.import_returns(pile, output, year=2024)
    assert sorted(read) == sorted(files())


@pytest.mark.slow
def test_another_definition_is_another_answer(pile: Path, output: Path, read: list[str], tmp_path: Path) -> None:
    perfxl.import_returns(pile, output)
    read[:] = []
    shipped = Path(perfxl.__file__).parent.parent / "templates" / "hunan-dept-self-eval" / "form.yaml"
    text = shipped.read_text(encoding="utf-8").replace("form: hunan-dept-self-eval", "form: mine", 1)
    lay(tmp_path / "forms", {"mine/form.yaml": text.encode()})
    perfxl.import_returns(pile, output, templates=[tmp_path / "forms"])
    assert sorted(read) == sorted(files())


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["missing", "changed", "cut"])
@pytest.mark.parametrize("name", ["a.json", "教育/b.marked.xlsx"])
def test_a_result_that_is_not_as_it_was_written_is_made_again(
    damage: str, name: str, pile: Path, output: Path, read: list[str]
) -> None:
    perfxl.import_returns(pile, output)
    before, read[:] = contents(output), []
    match damage:
        case "missing":
            (output / name).unlink()
        case "changed":
            (output / name).write_bytes(before[name].replace(b"a", b"b"))
        case _:
            (output / name).write_bytes(before[name][:100])
    perfxl.import_returns(pile, output)
    assert len(read) == 1
    assert contents(output) == before


def claimed(name: str, document: str) -> bytes:
    """Return a journal that has a document of that name for a return."""
    entry = {"name": name, "sha256": "0", "asked": "", "document": document, "document_sha256": "0"}
    return json.dumps({**entry, "marked": "", "marked_sha256": ""}).encode() + b"\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    "journal",
    [
        None,
        b"",
        b"\xff\xfe\n[]\n{}\nnull\n",
        b'{"name": "a.xlsx"',
        b'{"name":' * 50_000,
        claimed("a.xlsx", "a\0.json") + claimed("c.pdf", "c\udcff.json") + claimed("d.xlsx", "d" * 5000 + ".json"),
    ],
    ids=["none", "empty", "nonsense", "torn", "deep", "no names of files"],
)
def test_a_journal_that_is_damaged_costs_nothing_but_time(
    journal: bytes | None, pile: Path, output: Path, read: list[str]
) -> None:
    perfxl.import_returns(pile, output)
    before, read[:] = contents(output), []
    if journal is None:
        (output / JOURNAL).unlink()
    else:
        (output / JOURNAL).write_bytes(journal)
    perfxl.import_returns(pile, output)
    assert sorted(read) == sorted(files())
    assert contents(output) == before


@pytest.mark.slow
def test_a_torn_line_costs_its_file_only(pile: Path, output: Path, read: list[str]) -> None:
    perfxl.import_returns(pile, output)
    before, read[:] = contents(output), []
    whole = (output / JOURNAL).read_bytes()
    (output / JOURNAL).write_bytes(whole[:-30])
    perfxl.import_returns(pile, output)
    assert len(read) == 1
    assert contents(output) == before


@pytest.mark.slow
def test_a_journal_leads_nowhere_out_of_the_folder(pile: Path, output: Path, tmp_path: Path) -> None:
    lay(tmp_path, {"mine.json": b"mine"})
    digest = "5b3b1c2e"
    entry = {"name": "a.xlsx", "sha256": "", "asked": "", "document": "../mine.json", "document_sha256": digest}
    lay(output, {JOURNAL: json.dumps({**entry, "marked": "", "marked_sha256": ""}).encode() + b"\n"})
    perfxl.import_returns(pile, output)
    assert (tmp_path / "mine.json").read_bytes() == b"mine"


@pytest.mark.slow
def test_results_of_files_that_are_gone_stay_but_are_not_counted(pile: Path, output: Path) -> None:
    perfxl.import_returns(pile, output)
    (pile / "a.xlsx").unlink()
    overview = perfxl.import_returns(pile, output)
    assert (output / "a.json").exists()
    assert "a.xlsx" not in {returned.file for returned in overview.returns}
    assert '"a.xlsx"' not in (output / "summary.json").read_text(encoding="utf-8")


@pytest.mark.slow
def test_a_marked_copy_that_is_no_longer_true_goes_away(pile: Path, output: Path) -> None:
    perfxl.import_returns(pile, output)
    assert (output / "教育/b.marked.xlsx").exists()
    (pile / "教育/b.xlsx").write_bytes(b"%PDF-1.7")
    perfxl.import_returns(pile, output)
    assert not (output / "教育/b.marked.xlsx").exists()


@pytest.mark.slow
def test_names_of_results_stay_whatever_else_comes(pile: Path, output: Path) -> None:
    perfxl.import_returns(pile, output)
    (pile / "a.xls").write_bytes(b"%PDF-1.7")
    perfxl.import_returns(pile, output)
    assert {path.name for path in output.glob("a.*")} == {"a.json", "a.marked.xlsx", "a.xls.json"}


@pytest.mark.slow
def test_results_may_lie_among_the_returns(pile: Path, read: list[str]) -> None:
    perfxl.import_returns(pile, pile)
    before, read[:] = contents(pile), []
    assert {name: before[name] for name in files()} == files()
    perfxl.import_returns(pile, pile)
    assert read == []
    assert contents(pile) == before


@pytest.mark.slow
def test_results_of_another_run_among_the_returns_are_none(pile: Path, output: Path) -> None:
    perfxl.import_returns(pile, output)
    before = contents(output)
    perfxl.import_returns(pile, pile)
    perfxl.import_returns(pile, pile / "results")
    (output / "a.json").unlink()
    overview = perfxl.import_returns(pile, output)
    assert len(overview.passed_over) == 8
    assert all("以前导入时写的标注件" in said for said in overview.passed_over)
    about_all = {"findings.csv", "summary.json", "report.html"}
    assert {name: data for name, data in contents(output).items() if name not in about_all} == {
        name: data for name, data in before.items() if name not in about_all
    }


@pytest.mark.slow
def test_a_marked_copy_that_an_officer_sends_back_is_a_return(pile: Path) -> None:
    perfxl.import_returns(pile, pile)
    marked = pile / "教育/b.marked.xlsx"
    marked.write_bytes(type_in(marked.read_bytes(), SHEET, {"H17": 20}))
    overview = perfxl.import_returns(pile, pile)
    standing = {returned.file: returned.standing for returned in overview.returns}
    assert standing["教育/b.marked.xlsx"] is Standing.WARNED
    assert standing["教育/b.xlsx"] is Standing.SUPERSEDED
    assert document(pile, "教育/b.marked.xlsx.json")["status"] == "accepted"
    assert document(pile, "教育/b.json")["status"] == "rejected"
    before = contents(pile)
    assert perfxl.import_returns(pile, pile) == overview
    assert contents(pile) == before


def test_no_result_takes_the_place_of_a_return(tmp_path: Path) -> None:
    lay(tmp_path, {"a.marked.xlsx": bad()})
    with pytest.raises(WouldOverwriteError):
        perfxl.import_returns(tmp_path, tmp_path)
    assert contents(tmp_path) == {"a.marked.xlsx": bad()}


# -- among each other -----------------------------------------------------------------------------------------------


def said(output: Path, name: str) -> list[str]:
    findings = document(output, name)["findings"]
    assert isinstance(findings, list)
    return [found["message"] for found in findings if found["code"] == "X03"]


def test_an_earlier_return_gives_way_and_both_say_so(pile: Path, output: Path) -> None:
    perfxl.import_returns(pile, output)
    assert document(output, "d.json")["forms"][0]["superseded_by"] == "e.xlsx"  # type: ignore[index]
    assert ["“e.xlsx”" in message for message in said(output, "d.json")] == [True]
    assert ["“d.xlsx”" in message for message in said(output, "e.json")] == [True]


@pytest.mark.slow
def test_what_is_said_of_two_goes_when_one_goes(pile: Path, output: Path, read: list[str], tmp_path: Path) -> None:
    perfxl.import_returns(pile, output)
    read[:] = []
    (pile / "e.xlsx").unlink()
    perfxl.import_returns(pile, output)
    assert read == []
    assert said(output, "d.json") == []
    perfxl.import_returns(pile, tmp_path / "fresh")
    fresh, again = contents(tmp_path / "fresh"), contents(output)
    assert {name: again[name] for name in fresh if name != JOURNAL} == {
        name: data for name, data in fresh.items() if name != JOURNAL
    }


@pytest.mark.slow
def test_a_run_that_stops_anywhere_is_taken_up_where_it_stopped(
    pile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perfxl.import_returns(pile, tmp_path / "whole")
    whole = contents(tmp_path / "whole")
    for stop in range(1, 100):
        if _stopped(pile, tmp_path / f"{stop}", stop, monkeypatch):
            perfxl.import_returns(pile, tmp_path / f"{stop}")
            assert contents(tmp_path / f"{stop}") == whole, stop
        else:
            break
    assert stop > 2 * len(files())


class Killed(BaseException):
    """The end of a run, at once."""


def _stopped(pile: Path, output: Path, stop: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Import and be killed at the moment before a file would be in its place; tell whether it came to that."""
    count: Iterator[int] = iter(range(1, 1000))
    replace, unlink = Path.replace, Path.unlink

    def counted(path: Path, target: Path) -> Path:
        if next(count) == stop:
            raise Killed
        return replace(path, target)

    def left(path: Path, *, missing_ok: bool = False) -> None:
        if not path.name.endswith(".tmp"):  # who is killed does not tidy up
            unlink(path, missing_ok=missing_ok)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", counted)
        patched.setattr(Path, "unlink", left)
        try:
            perfxl.import_returns(pile, output)
        except Killed:
            return True
    return False


# -- with a roster --------------------------------------------------------------------------------------------------

ROSTER = "单位代码,单位名称\n430407,石鼓区教育局\n030407,青溪区教育局\n030408,青溪区民政局\n030409,青溪区档案局\n"


@pytest.mark.slow
def test_who_is_missing_is_said_with_name_and_code(pile: Path, output: Path, tmp_path: Path) -> None:
    lay(tmp_path, {"roster.csv": ROSTER.encode("gb18030")})
    overview = perfxl.import_returns(pile, output, roster=tmp_path / "roster.csv")
    standing = {line.unit.name: line.standing.value for line in overview.units}
    assert standing == {
        "青溪区档案局": "missing",
        "石鼓区教育局": "warned",
        "青溪区教育局": "rejected",
        "青溪区民政局": "rejected",
    }
    lines = (output / "findings.csv").read_text(encoding="utf-8-sig").splitlines()
    (missing,) = [line for line in lines if line.startswith('"",')]
    assert ',"X03","warning",' in missing
    assert "青溪区档案局（030409）" in missing


@pytest.mark.slow
def test_another_roster_is_another_question(pile: Path, output: Path, tmp_path: Path, read: list[str]) -> None:
    lay(
        tmp_path,
        {"one.csv": ROSTER.encode(), "two.csv": ROSTER.encode("utf-8-sig"), "three.csv": ROSTER[:-19].encode()},
    )
    perfxl.import_returns(pile, output, roster=tmp_path / "one.csv")
    read[:] = []
    perfxl.import_returns(pile, output, roster=tmp_path / "two.csv")
    assert read == []
    perfxl.import_returns(pile, output, roster=tmp_path / "three.csv")
    assert sorted(read) == sorted(files())


@pytest.mark.slow
def test_without_a_roster_nobody_is_missing(pile: Path, output: Path) -> None:
    assert all(line.standing.value != "missing" for line in perfxl.import_returns(pile, output).units)
    assert "还没有交回" not in (output / "findings.csv").read_text(encoding="utf-8-sig")


# -- sums over units ------------------------------------------------------------------------------------------------


@cache
def department() -> dict[str, bytes]:
    return {
        "a.xlsx": type_in(good("青溪区教育局", "030500"), SHEET, {"D3": "青溪区教育局（汇总）", "D5": 3000}),
        "b.xlsx": type_in(good("青溪区教育局", "030500"), SHEET, {"D3": "青溪区教育局（本级）", "D5": 1000}),
        "c.xlsx": type_in(good("青溪区实验小学", "030500001"), SHEET, {"D5": 1000}),
    }


def sums(output: Path) -> list[str]:
    findings = document(output, "a.json")["findings"]
    assert isinstance(findings, list)
    return [found["path"] for found in findings if found["code"] in {"X01", "X02"}]


def listed(output: Path) -> bool:
    """Tell whether the marked copy of the whole speaks of sums over units."""
    book = openpyxl.load_workbook(output / "a.marked.xlsx")
    return any(value in {"X01", "X02"} for row in book["错误清单"].iter_rows(values_only=True) for value in row)


@pytest.mark.slow
def test_a_sum_over_units_that_is_wrong_is_in_the_marked_copy_too(output: Path, tmp_path: Path) -> None:
    pile = lay(tmp_path / "in", department())
    perfxl.import_returns(pile, output)
    assert "funds.total.initial" in sums(output)
    assert listed(output)
    assert document(output, "a.json")["status"] == "rejected"


@pytest.mark.slow
def test_it_comes_and_goes_with_the_returns_of_the_units(output: Path, tmp_path: Path, read: list[str]) -> None:
    pile = lay(tmp_path / "in", {"a.xlsx": department()["a.xlsx"]})
    perfxl.import_returns(pile, output)
    alone = contents(output)
    assert not sums(output)
    assert not listed(output)

    lay(pile, department())
    perfxl.import_returns(pile, output)
    perfxl.import_returns(pile, tmp_path / "at once")
    assert contents(output) == contents(tmp_path / "at once")

    read[:] = []
    (pile / "c.xlsx").unlink()
    (pile / "b.xlsx").unlink()
    perfxl.import_returns(pile, output)
    assert read == []
    again = contents(output)
    assert {name: again[name] for name in ("a.json", "a.marked.xlsx")} == {
        name: alone[name] for name in ("a.json", "a.marked.xlsx")
    }


@pytest.mark.slow
def test_of_very_many_findings_the_list_has_the_gravest_and_the_documents_all(
    pile: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    perfxl.import_returns(pile, output)
    before = contents(output)
    monkeypatch.setattr("perfxl.receive.pile.ROOM", 12)
    monkeypatch.setattr("perfxl.receive.pile.WITHOUT_ROOM", 3)
    overview = perfxl.import_returns(pile, output, force=True)
    after = contents(output)
    assert {name for name in before if before[name] != after[name]} == {"findings.csv", "summary.json", "report.html"}
    standings = {returned.file: returned.standing for returned in overview.returns}
    assert standings["教育/b.xlsx"] is Standing.REJECTED
    assert standings["d.xlsx"] is Standing.SUPERSEDED
    assert "另有" in after["findings.csv"].decode("utf-8-sig")


@pytest.mark.slow
def test_a_folder_of_returns_never_stands_in_the_place_of_a_result(output: Path, tmp_path: Path) -> None:
    names = ("findings.csv", "report.html", "summary.json", "good.json", "good.marked.xlsx")
    pile = lay(tmp_path / "in", {**{f"{name}/a.xlsx": good() for name in names}, "good.xlsx": bad()})
    overview = perfxl.import_returns(pile, output)
    assert len(overview.returns) == 6
    found = contents(output)
    assert {"findings.csv", "report.html", "summary.json", "good.json", "good.marked.xlsx"} <= found.keys()
    assert {f"{name}_/a.json" for name in names} <= found.keys()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_no_result_leaves_the_folder_by_a_link(pile: Path, output: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    output.mkdir()
    (output / "教育").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        perfxl.import_returns(pile, output)
    assert not list((tmp_path / "elsewhere").iterdir())
    assert {"a.json", "c.json", "report.html"} <= contents(output).keys()


def test_a_folder_that_is_itself_a_link_is_the_folder(pile: Path, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "there")
    perfxl.import_returns(pile, tmp_path / "out")
    assert (tmp_path / "there" / "教育" / "b.json").exists()


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_result_takes_the_place_of_a_link_and_not_of_what_that_leads_to(output: Path, tmp_path: Path) -> None:
    pile = lay(tmp_path / "in", {"a.xlsx": good()})
    lay(tmp_path, {"mine": b"mine"})
    output.mkdir()
    names = ("a.json", "findings.csv", "summary.json", "report.html")
    for name in names:
        (output / name).symlink_to(tmp_path / "mine")
    perfxl.import_returns(pile, output)
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert not [name for name in names if (output / name).is_symlink()]


def test_dates_at_the_ends_of_the_calendar_stop_nobody(output: Path, tmp_path: Path) -> None:
    ends = ("9999-12-31T23:30:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:30:00-14:00")
    files = {f"{number}.xlsx": saved(good(), end) for number, end in enumerate(ends)}
    overview = perfxl.import_returns(lay(tmp_path / "in", files), output)
    assert [returned.file for returned in overview.returns] == sorted(files)
    assert (output / "report.html").exists()


def test_a_journal_among_the_returns_hides_nothing(output: Path, tmp_path: Path) -> None:
    pile = lay(tmp_path / "in", {"a.xlsx": good(), "b.marked.xlsx": bad("青溪区民政局", "030408")})
    hashes = [hashlib.sha256((pile / name).read_bytes()).hexdigest() for name in ("a.xlsx", "b.marked.xlsx")]
    entry = {"name": "x", "sha256": "", "asked": "", "document": "a.xlsx", "document_sha256": hashes[0]}
    line = json.dumps({**entry, "marked": "b.marked.xlsx", "marked_sha256": hashes[1]})
    lay(pile, {JOURNAL: line.encode() + b"\n"})
    overview = perfxl.import_returns(pile, output)
    assert [returned.file for returned in overview.returns] == ["a.xlsx"]
    assert ["b.marked.xlsx" in said for said in overview.passed_over] == [True]


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="workers there do not have what is put in the place of a function here")
def test_nothing_of_a_return_is_opened_where_the_command_runs(
    output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped({"new.xlsx": saved(bad(), "2024-01-17T08:30:00Z")})
    files = {"批.zip": zipped({"内.zip": inner}), "old.xlsx": saved(good(), "2024-01-16T08:30:00Z"), "c.pdf": b"%PDF-"}
    pile = lay(tmp_path / "in", files)
    here, opened = os.getpid(), list[str]()

    def watch(place: object, name: str) -> None:
        work = getattr(place, name)

        def watched(*args: object, **kwargs: object) -> object:
            if os.getpid() == here:
                opened.append(name)
            return work(*args, **kwargs)

        monkeypatch.setattr(place, name, watched)

    for place, name in ((zipfile.ZipFile, "__init__"), (Input, "read"), (expat, "ParserCreate"), (Package, "open")):
        watch(place, name)
    with Workers(1, 60) as workers:
        overview = perfxl.import_returns(pile, output, executor=workers)
    standings = {returned.file: returned.standing for returned in overview.returns}
    assert standings["批.zip/内.zip/new.xlsx"] is Standing.REJECTED
    assert standings["old.xlsx"] is Standing.SUPERSEDED
    assert {"批/内/new.marked.xlsx", "old.marked.xlsx"} <= contents(output).keys()
    assert opened == []


@pytest.mark.parametrize("meanwhile", [bad(), good()[:5000]], ids=["another", "cut"])
def test_a_return_that_is_replaced_meanwhile_keeps_the_copy_of_what_was_read(
    meanwhile: bytes, output: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pile = lay(tmp_path / "in", {"a.xlsx": good()})
    request = Request()
    folder_pile, folder = gather([pile], output, request)
    list(folder_pile.read())
    before = contents(output)
    said = Finding("X01", Severity.ERROR, "汇总不符", sheet=SHEET, path="funds.total.initial")
    monkeypatch.setattr("perfxl.receive.pile.together", lambda *_: [("a.xlsx", said)])
    (pile / "a.xlsx").write_bytes(meanwhile)
    batch = conclude(folder_pile)
    folder.close()
    assert [item.name for item in folder_pile.changed] == ["a.xlsx"]
    assert contents(output)["a.marked.xlsx"] == before["a.marked.xlsx"]
    assert "X01" in [finding.code for finding in batch.submissions[0].findings]


@pytest.mark.slow
def test_a_fault_in_comparing_returns_costs_only_the_comparison(
    pile: Path, output: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise OverflowError("a fault of our own")

    monkeypatch.setattr("perfxl.receive.pile.rule_on", fail)
    monkeypatch.setattr("perfxl.reporting.page.pieces", fail)
    with pytest.raises(OverflowError):
        perfxl.import_returns(pile, output)
    found = contents(output)
    assert {"a.json", "教育/b.marked.xlsx", "findings.csv", "summary.json", "report.html"} <= found.keys()
    page = found["report.html"].decode()
    assert all(name in page for name in files())


@pytest.mark.slow
def test_a_corrected_marked_copy_of_an_old_workbook_takes_its_place(output: Path, tmp_path: Path) -> None:
    old = (Path(__file__).parent.parent / "returns" / "hunan.xls").read_bytes()
    pile = lay(tmp_path / "in", {"a.xls": old})
    perfxl.import_returns(pile, output)
    before = contents(output)
    marked = openpyxl.load_workbook(io.BytesIO(before["a.marked.xlsx"]))
    del marked["错误清单"]
    marked.save(pile / "a.marked.xlsx")
    overview = perfxl.import_returns(pile, output)
    standing = {returned.file: returned.standing for returned in overview.returns}
    assert standing["a.xls"] is Standing.SUPERSEDED
    assert standing["a.marked.xlsx"] is not Standing.SUPERSEDED
    assert {"a.json", "a.marked.xlsx", "a.marked.xlsx.json"} <= contents(output).keys()
    assert document(output, "a.json")["forms"][0]["superseded_by"] == "a.marked.xlsx"  # type: ignore[index]


@pytest.mark.slow
def test_what_is_not_being_collected_does_not_count_as_handed_in(output: Path, tmp_path: Path) -> None:
    forms = load_forms()
    other = generate(forms["mof-project-goal"], year=2024, unit="青溪区教育局", data={"project_name": "校舍维修"})
    pile = lay(tmp_path / "in", {"a.xlsx": good(), "b.xlsx": other, "c.xlsx": bad("青溪区民政局", "030408")})
    roster = tmp_path / "r.csv"
    roster.write_text("code,name\n430407,石鼓区教育局\n030407,青溪区教育局\n030408,青溪区民政局\n", encoding="utf-8")
    overview = perfxl.import_returns(pile, output, roster=roster, expect=["hunan-dept-self-eval:2023"])
    standing = {line.unit.name: line.standing for line in overview.units}
    assert standing == {
        "石鼓区教育局": Standing.WARNED,
        "青溪区教育局": Standing.MISSING,
        "青溪区民政局": Standing.REJECTED,
    }
    found = document(output, "b.json")
    assert [finding["code"] for finding in found["findings"]] == ["F15"]  # type: ignore[attr-defined]
    overview = perfxl.import_returns(pile, output, roster=roster, expect=["mof-project-goal"])
    assert {line.unit.name for line in overview.units if line.standing is Standing.MISSING} == {
        "石鼓区教育局",
        "青溪区民政局",
    }


def test_the_other_forms_of_a_workbook_go_on(output: Path, tmp_path: Path) -> None:
    forms = load_forms()
    several = generate([forms["mof-project-goal"], forms["mof-project-monitor"]], year=2024, unit="青溪区教育局")
    pile = lay(tmp_path / "in", {"a.xlsx": several})
    perfxl.import_returns(pile, output, expect=["mof-project-goal"])
    findings = document(output, "a.json")["findings"]
    said = {(finding["code"], finding["sheet"], finding["severity"]) for finding in findings}  # type: ignore[attr-defined]
    goal, monitor = forms["mof-project-goal"].sheet, forms["mof-project-monitor"].sheet
    assert said == {("S12", goal, "error"), ("S12", monitor, "info")}
