from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.reporting import rulebook
from perfxl.reporting.typeset import columns
from perfxl.rules.catalog import CATALOG, rule
from perfxl.rules.rule import OnlyAtImport

ROOT = Path(__file__).parents[2]


def test_the_page_in_the_docs_is_fresh() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == rulebook.markdown(CATALOG.values()), "run: python -m perfxl.reporting.rulebook"


def test_the_table_of_what_only_the_import_checks_is_fresh() -> None:
    page = (ROOT / "docs" / "selfcheck.md").read_text(encoding="utf-8")
    assert page == rulebook.selfcheck(page, CATALOG.values()), "run: python -m perfxl.reporting.rulebook"
    for entry in CATALOG.values():
        if entry.named is not None and isinstance(entry.named.live, OnlyAtImport):
            assert entry.code in page


def test_the_page_has_every_rule_in_the_table_and_in_full() -> None:
    page = rulebook.markdown(CATALOG.values())
    for entry in CATALOG.values():
        assert page.count(f"| [{entry.code}](#{entry.code.lower()}) | {entry.title} |") == 1
        assert page.count(f"\n### {entry.code} {entry.title}\n") == 1
        assert page.count(f'<a id="{entry.code.lower()}"></a>') == 1
        assert entry.meaning in page
        assert entry.example in page
        assert entry.remedy in page


def test_an_explanation_says_everything_within_eighty_columns() -> None:
    for entry in CATALOG.values():
        text = rulebook.explain(entry)
        assert text.startswith(f"{entry.code} {entry.title}\n{entry.group} · ")
        assert all(columns(line) < 80 for line in text.splitlines())
        joined = "".join(text.split())
        for part in (entry.meaning, entry.example, entry.remedy):
            assert "".join(part.split()) in joined


def test_an_overview_lists_each_code_below_its_group() -> None:
    assert rulebook.overview([rule("F01"), rule("F11"), rule("M02")]) == (
        "文件\n  F01  错误        不是工作簿或已损坏\n  F11  提示        已跳过的文件\n"
        "\n资金\n  M02  错误、警告  收入与支出合计不等\n"
    )


def test_an_overview_of_nothing_is_no_error() -> None:
    assert rulebook.overview([]) == "\n"


def test_check_tells_a_fresh_page_from_a_stale_and_a_missing_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert rulebook.main(["--check"]) == 1
    assert rulebook.main([]) == 0
    assert rulebook.main(["--check"]) == 0
    page = tmp_path / rulebook.PAGE
    page.write_text(page.read_text(encoding="utf-8").replace("错误", "差错", 1), encoding="utf-8")
    assert rulebook.main(["--check"]) == 1
    assert "stale" in capsys.readouterr().err
    assert rulebook.main(["--write"]) == 2


def test_it_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "perfxl.reporting.rulebook", "--check"]
    assert subprocess.run(command, cwd=ROOT, check=False).returncode == 0
