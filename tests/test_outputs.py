from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from perfxl.outputs import sweep, write_whole


def test_a_file_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "x" / "a.json", b"one")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / "x" / "a.json", b"two")
    assert [file.name for file in (tmp_path / "x").iterdir()] == ["a.json"]
    assert (tmp_path / "x" / "a.json").read_bytes() == b"one"


def test_what_a_killed_run_left_is_swept_up_and_what_another_one_writes_is_not(tmp_path: Path) -> None:
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    old = tmp_path / ".perfxl-abc.tmp"
    names = (
        f".perfxl-{dead.pid}-x.tmp",
        f".perfxl-{os.getppid()}-x.tmp",
        ".perfxl-new.tmp",
        "a.tmp",
        ".perfxl-journal.jsonl",
    )
    for path in (old, *(tmp_path / name for name in names)):
        path.write_bytes(b"")
    os.utime(old, (time.time() - 4000, time.time() - 4000))
    sweep([tmp_path, tmp_path / "not there"])
    gone = {old.name, names[0]} if os.name != "nt" else {old.name}
    assert {file.name for file in tmp_path.iterdir()} == {old.name, *names} - gone
