from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path
from typing import Any

import perfxl
from perfxl.outputs import HISTORY
from support.pile import bad, good, lay


def lines(output: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (output / HISTORY).read_text(encoding="utf-8").splitlines()]


def test_every_import_is_logged_with_time_version_and_hashes(tmp_path: Path) -> None:
    pile, output = lay(tmp_path / "in", {"a.xlsx": good(), "b.pdf": b"%PDF-1.7"}), tmp_path / "out"
    begin = dt.datetime.now(dt.UTC).replace(microsecond=0)
    perfxl.import_returns(pile, output)
    *files, run = lines(output)
    hashes = {line["file"]: line["sha256"] for line in files}
    assert hashes["a.xlsx"] == hashlib.sha256(good()).hexdigest()
    assert hashes.keys() == {"a.xlsx", "b.pdf"}
    last = {line["file"]: line for line in files}
    for line in (*last.values(), run):
        assert begin <= dt.datetime.fromisoformat(line["at"]) <= dt.datetime.now(dt.UTC)
        assert line["perfxl"] == perfxl.__version__
        for name, digest in line["results"].items():
            assert hashlib.sha256((output / name).read_bytes()).hexdigest() == digest
    assert run["results"].keys() == {"findings.csv", "summary.json", "report.html"}


def test_it_is_only_added_to(tmp_path: Path) -> None:
    pile, output = lay(tmp_path / "in", {"a.xlsx": good()}), tmp_path / "out"
    perfxl.import_returns(pile, output)
    first = (output / HISTORY).read_bytes()
    perfxl.import_returns(pile, output)
    second = (output / HISTORY).read_bytes()
    assert second.startswith(first)
    assert [line.get("files") for line in lines(output)] == [None, 1, 0]
    (pile / "a.xlsx").write_bytes(bad())
    (output / HISTORY).write_bytes(second + b'{"at": "2024')
    perfxl.import_returns(pile, output)
    third = (output / HISTORY).read_bytes()
    assert third.startswith(second + b'{"at": "2024\n')
    assert third.count(b"\n") == second.count(b"\n") + 3
