from __future__ import annotations

import errno
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
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


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_device_stays_what_it_is_and_a_full_one_is_told() -> None:
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        write_whole(Path("/dev/full"), b"x")
    assert Path("/dev/full").is_char_device()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_gets_what_is_written(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with ThreadPoolExecutor() as pool:
        read = pool.submit(pipe.read_bytes)
        write_whole(pipe, b"x" * 100_000)
        assert len(read.result()) == 100_000
    assert pipe.is_fifo()


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
