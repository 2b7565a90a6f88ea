"""The command that reads other people's workbooks says what differs from its list, either way."""

from __future__ import annotations

import hashlib
from pathlib import Path

import foreign
import pytest

READ = (Path(__file__).parent.parent / "returns" / "cases" / "03-lower-case-references.xlsx").read_bytes()
REFUSED = b"PK\x03\x04 nothing of a workbook"


@pytest.mark.parametrize(
    ("expected", "code", "said"),
    [
        ({REFUSED: "F01"}, 0, ""),
        ({}, 1, "refused.xlsx: F01, not read"),
        ({REFUSED: "F02"}, 1, "refused.xlsx: F01, not F02"),
        ({REFUSED: "F01", READ: "F01"}, 1, "read.xlsx: read, not F01"),
    ],
)
def test_what_differs_is_reported_either_way(
    expected: dict[bytes, str],
    code: int,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [f"{hashlib.sha256(data).hexdigest()[:16]}  {outcome}  # a file" for data, outcome in expected.items()]
    (tmp_path / "foreign.txt").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.setattr(foreign, "LIST", tmp_path / "foreign.txt")
    (tmp_path / "read.xlsx").write_bytes(READ)
    (tmp_path / "refused.xlsx").write_bytes(REFUSED)
    assert foreign.main([str(tmp_path), "--jobs", "1"]) == code
    out = capsys.readouterr().out
    assert said in out
    assert out.count("\n") == code


def test_the_list_is_sound() -> None:
    lines = [line for line in foreign.LIST.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    assert len(foreign.expected()) == len(lines)
    assert set(foreign.expected().values()).isdisjoint({foreign.READ, "too long"})
