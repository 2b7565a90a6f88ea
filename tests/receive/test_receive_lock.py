from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import perfxl
from perfxl.outputs import LOCK
from perfxl.receive.lock import InUseError, locked
from support.pile import contents, good, lay

_HOLD = """
import sys
from pathlib import Path
from perfxl.receive.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_one_run_at_a_time(tmp_path: Path) -> None:
    pile, output = lay(tmp_path / "in", {"a.xlsx": good()}), tmp_path / "out"
    with locked(output):
        before = contents(output)
        with pytest.raises(InUseError):
            perfxl.import_returns(pile, output)
        assert contents(output) == before
    perfxl.import_returns(pile, output)
    assert not (output / LOCK).exists()


def test_a_run_in_another_folder_is_another_matter(tmp_path: Path) -> None:
    with locked(tmp_path / "a"), locked(tmp_path / "b"), locked(tmp_path / "a" / "c"):
        pass


def test_a_killed_run_holds_nothing(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout is not None
        holder.stdout.readline()
        with pytest.raises(InUseError), locked(tmp_path):
            pass
        holder.kill()
        holder.wait()
    with locked(tmp_path):
        pass
