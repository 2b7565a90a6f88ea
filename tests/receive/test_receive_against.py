"""Submissions accepted earlier, read from the folder of an import; and the option --against."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

import perfxl
from perfxl import cli
from perfxl.forms.definition.load import load_forms
from perfxl.receive.against import accepted, look_at
from support.pile import bad, good, lay

FORMS = load_forms()


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """An import of two units, one of them rejected, in a folder of a department."""
    returns = lay(tmp_path / "returned", {"教育/a.xlsx": good(), "b.xlsx": bad("某某局", "430408")})
    perfxl.import_returns(returns, tmp_path / "earlier")
    return tmp_path / "earlier"


def table(tmp_path: Path, basic: float) -> Path:
    """A report that goes with the table of the first unit."""
    spending = {"initial": 1616.43, "final": 6558.5, "basic": {"amount": basic}, "project": {"amount": 5506.86}}
    data = {"year": 2023, "unit_name": "石鼓区教育局", "goals": "保障教育教学", "spending": spending}
    path = tmp_path / "报告.xlsx"
    path.write_bytes(perfxl.generate(FORMS["hunan-self-eval-report"], data=data))
    return path


def test_what_was_accepted_is_found_in_all_folders_below_and_what_was_rejected_is_not(earlier: Path) -> None:
    found = look_at(earlier, FORMS)
    assert found.strange == ()
    assert [(one.file, one.returned.unit.name) for one in accepted(found, FORMS).filed] == [
        ("教育/a.xlsx", "石鼓区教育局")
    ]


def test_the_digest_tells_whether_the_submissions_are_the_same(earlier: Path) -> None:
    before = look_at(earlier, FORMS).digest
    (earlier / "注意.txt").write_text("不是数据", encoding="utf-8")
    assert look_at(earlier, FORMS).digest == before
    (earlier / "b.json").unlink()
    assert look_at(earlier, FORMS).digest != before


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    ["", "[]", "{", '{"a": 1}', '{"perfxl": 2}', '{"perfxl": 1, "forms": 3}', "[" * 100_000, "\ufeff", "null"],
    ids=["empty", "list", "cut", "other", "version", "shape", "deep", "mark", "null"],
)
def test_a_document_that_is_none_of_ours_is_named_and_passed_over(text: str, earlier: Path) -> None:
    (earlier / "别的.json").write_text(text, encoding="utf-8")
    found = look_at(earlier, FORMS)
    assert [name for name, _ in found.strange] == ["别的.json"]
    assert len(accepted(found, FORMS).filed) == 1


@pytest.mark.slow
@pytest.mark.parametrize("unit", [5, {}, ["某局"], True])
def test_a_document_in_which_somebody_changed_the_kind_of_a_value_is_none_of_ours(unit: object, earlier: Path) -> None:
    path = earlier / "教育" / "a.json"
    tree = json.loads(path.read_text(encoding="utf-8"))
    tree["forms"][0]["unit"]["name"] = unit
    path.write_text(json.dumps(tree), encoding="utf-8")
    assert [name for name, _ in look_at(earlier, FORMS).strange] == ["教育/a.json"]


def test_a_folder_that_is_not_there_is_an_error_of_the_operator(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError):
        look_at(tmp_path / "nowhere", FORMS)


def test_python_reads_against_a_folder_too(earlier: Path, tmp_path: Path) -> None:
    path = table(tmp_path, 1051.47)
    assert "X04" in {finding.code for finding in perfxl.read(path, against=earlier).findings}
    assert "X04" not in {finding.code for finding in perfxl.read(path).findings}


def ran(monkeypatch: pytest.MonkeyPatch, *words: object) -> int:
    monkeypatch.setattr(sys, "argv", ["perfxl", *map(str, words)])
    with pytest.raises(SystemExit) as end:
        cli.main()
    return int(end.value.code or 0)


@pytest.mark.slow
def test_the_option_of_the_command_line(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (earlier / "别的.json").write_text("[]", encoding="utf-8")
    ran(monkeypatch, "check", table(tmp_path, 1051.47), "--against", earlier)
    out, err = capsys.readouterr()
    assert "X04" in out
    assert "别的.json" in err
    assert ran(monkeypatch, "check", table(tmp_path, 1051.47), "--against", tmp_path / "nowhere") == 2


@pytest.mark.slow
def test_results_kept_from_an_earlier_run_are_not_taken_for_those_against_a_folder(
    earlier: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path, output = table(tmp_path, 1051.47), tmp_path / "out"
    ran(monkeypatch, "import", path, "-o", output)
    assert "X04" not in capsys.readouterr().out
    ran(monkeypatch, "import", path, "-o", output, "--against", earlier)
    assert "X04" in capsys.readouterr().out
    (found,) = [
        f for f in json.loads((output / "报告.json").read_text(encoding="utf-8"))["findings"] if f["code"] == "X04"
    ]
    assert (found["path"], found["value"], found["expected"]) == ("spending.basic.amount", 1051.47, 1051.64)
    assert found["cell"]
