from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.outputs import stems, sweep, write_whole


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a.xlsx", "教育/b.xlsx"], ["a", "教育/b"]),
        (["a.marked.xlsx"], ["a"]),
        (["a.xls", "a.xlsx"], ["a.xls", "a.xlsx"]),
        (["a.xlsx", "a.marked.xlsx"], ["a.xlsx", "a.marked.xlsx"]),
        (["A.xlsx", "a.xlsx"], ["A.xlsx", "a.xlsx.2"]),
        (["e\u0301.xlsx", "\xe9.xlsx"], ["\xe9.xlsx", "\xe9.xlsx.2"]),
        (["a"], ["a"]),
        (["summary.xlsx"], ["summary.xlsx"]),
        (["x/summary.xlsx"], ["x/summary"]),
        (["con.xlsx", "x/AUX.v2.xlsx"], ["_con", "x/_AUX.v2"]),
        (["../a.xlsx", "a?b:c.xlsx", "教育 ./b .xlsx"], ["_/a", "a_b_c", "教育/b"]),
    ],
)
def test_names_of_results(names: list[str], expected: list[str]) -> None:
    assert stems(names) == expected


parts = st.text(min_size=1, max_size=120).filter(lambda text: "/" not in text and text not in {".", ".."})


@given(st.lists(st.lists(parts, min_size=1, max_size=3).map("/".join), max_size=6))
def test_every_input_has_a_name_of_its_own_that_any_system_takes(names: list[str]) -> None:
    found = stems(names)
    assert len({name.casefold() for name in found}) == len(names)
    for name in found:
        for part in name.split("/"):
            assert 0 < len(part.encode()) < 255 - len(".marked.xlsx.tmp")
            assert part not in {".", ".."}
            assert not set(part) & set('<>:"\\|?*\0\n')
            assert not part.endswith((".", " "))


def test_a_file_is_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "x" / "a.json", b"one")

    def fail(*_: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_whole(tmp_path / "x" / "a.json", b"two")
    assert [file.name for file in (tmp_path / "x").iterdir()] == ["a.json"]
    assert (tmp_path / "x" / "a.json").read_bytes() == b"one"


def test_what_a_killed_run_left_is_swept_up(tmp_path: Path) -> None:
    for name in (".perfxl-abc.tmp", "a.tmp", ".perfxl-journal.jsonl"):
        (tmp_path / name).write_bytes(b"")
    sweep([tmp_path, tmp_path / "not there"])
    assert {file.name for file in tmp_path.iterdir()} == {"a.tmp", ".perfxl-journal.jsonl"}
