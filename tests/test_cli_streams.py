"""The command line whatever stands behind its streams: the work is done and the report written all the same."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from perfxl.cli import console, main
from perfxl.receive.lock import locked
from support.pile import bad, good, lay

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a POSIX shell puts the streams together")
FORM = "hunan-dept-self-eval"


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("pile"), {"a.xlsx": good(), "b.xlsx": bad("青溪区教育局", "030407")})


def shell(line: str, cwd: Path | None = None) -> tuple[int, str]:
    """Run a line of shell in which ``perfxl`` is the command; return its exit code and what reached the streams."""
    root = Path(__file__).resolve().parent.parent
    paths = os.pathsep.join(filter(None, (str(root), os.environ.get("PYTHONPATH"))))
    line = f'perfxl() {{ "{sys.executable}" -m perfxl "$@"; }}\n{line}'
    env = {**os.environ, "PYTHONPATH": paths, "PYTHONUTF8": "1"}
    ran = subprocess.run(["bash", "-c", line], capture_output=True, check=False, env=env, timeout=120, cwd=cwd)
    return ran.returncode, (ran.stdout + ran.stderr).decode(errors="replace")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("streams", "code"),
    [
        pytest.param("| (read line; exit 0); exit ${PIPESTATUS[0]}", 1, marks=pytest.mark.slow),
        pytest.param("--output-format json | true; exit ${PIPESTATUS[0]}", 1, marks=pytest.mark.slow),
        pytest.param(">&-", 1, marks=pytest.mark.slow),
        pytest.param("2>&-", 1, marks=pytest.mark.slow),
        pytest.param(">&- 2>&-", 1, marks=pytest.mark.slow),
        (">/dev/full", 3),
        pytest.param("--output-format jsonl >/dev/full 2>/dev/full", 3, marks=pytest.mark.slow),
    ],
)
def test_the_report_is_written_whoever_listens(streams: str, code: int, pile: Path, tmp_path: Path) -> None:
    if "/dev/full" in streams and not Path("/dev/full").exists():
        pytest.skip("no such device here")
    found, said = shell(f'perfxl import "{pile}" -o "{tmp_path}" {streams}')
    assert "Traceback" not in said
    assert found == code, said
    assert {"a.json", "b.marked.xlsx", "report.html", "findings.csv", "summary.json"} <= {
        p.name for p in tmp_path.iterdir()
    }


@pytest.mark.slow
def test_all_units_get_their_workbook_whoever_listens(tmp_path: Path) -> None:
    units = "".join(f"{number:06},青溪区第{number}局\n" for number in range(120))
    (tmp_path / "r.csv").write_text(f"code,name\n{units}", encoding="utf-8")
    line = f'perfxl generate {FORM} --year 2024 --roster "{tmp_path}/r.csv" -o "{tmp_path}/out" --jobs 1'
    code, said = shell(f"{line} | (read line; exit 0); exit ${{PIPESTATUS[0]}}")
    assert (code, "Traceback" in said) == (0, False), said
    assert len(list((tmp_path / "out").glob("*.xlsx"))) == 120


@pytest.mark.parametrize("words", ["--help", pytest.param(f"show {FORM}", marks=pytest.mark.slow)])
def test_who_reads_only_the_first_line_has_seen_enough(words: str) -> None:
    assert shell(f"perfxl {words} | true; exit ${{PIPESTATUS[0]}}") == (0, "")


@pytest.mark.slow
def test_where_there_is_no_folder_any_more_that_is_said(pile: Path, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    code, said = shell(f'mkdir "{gone}"; cd "{gone}"; rmdir "{gone}"; perfxl import "{pile}"')
    assert (code, "Traceback" in said) == (3, False), said
    assert "找不到" in said


def _ran(monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    monkeypatch.setattr(sys, "argv", ["perfxl", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return ended.value.code


def _ends(monkeypatch: pytest.MonkeyPatch, error: Exception, *words: str) -> int | str | None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("perfxl.receive.importing.gather", fail)
    return _ran(monkeypatch, *words)


@pytest.mark.parametrize("debug", ["", "1"])
def test_a_fault_of_its_own_has_an_exit_code_of_its_own(
    debug: str, pile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(console.DEBUG, debug)
    assert _ends(monkeypatch, RuntimeError("a fault"), "import", str(pile), "-o", str(tmp_path)) == console.FAULT == 4
    said = capsys.readouterr().err
    assert "程序自己出了错" in said
    assert ("Traceback" in said) == bool(debug)


def test_a_disk_that_fails_is_no_fault_of_its_own(
    pile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = OSError(5, "Input/output error", "x.xlsx")
    assert _ends(monkeypatch, error, "import", str(pile), "-o", str(tmp_path)) == 3
    assert "读写“x.xlsx”时出了错：磁盘读写出错；请检查磁盘或网络" in capsys.readouterr().err


def test_a_demo_on_a_full_disk_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path), None, str(len(data)))

    monkeypatch.setattr("perfxl.demo.write_whole", full)
    assert _ran(monkeypatch, "demo", "-o", str(tmp_path)) == 3
    assert "磁盘已满" in capsys.readouterr().err


@pytest.mark.slow
def test_a_second_run_in_one_folder_is_told(pile: Path, tmp_path: Path) -> None:
    with locked(tmp_path):
        code, said = shell(f'perfxl import "{pile}" -o "{tmp_path}"')
    assert code == 3, said
    assert "另一个 perfxl 正在往" in said


def test_nothing_in_a_message_steers_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    console.say("“a\x9b31m\x1b]0;x\x07\u202eb”打不开\n  第二行")
    assert capsys.readouterr().err == "“a�31m�]0;x��b”打不开\n  第二行\n"


@pytest.mark.parametrize("words", [("--unit", "甲\udcff局"), ("--unit-code", "\udcfe"), ("--data", "d.json")])
def test_what_is_no_text_is_wrong_usage(
    words: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("d.json").write_text('{"unit_name": "甲\\ud800局"}', encoding="utf-8")
    assert _ran(monkeypatch, "generate", FORM, "--year", "2024", *words) == 2
    assert "认不出的字符" in capsys.readouterr().err
    assert not Path("output").exists()


def test_what_a_killed_run_left_half_written_is_swept_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(tmp_path, {".perfxl-999999999-x.tmp": b"PK"})
    assert _ran(monkeypatch, "generate", FORM, "--year", "2024", "-o", str(tmp_path)) == 0
    assert [path.suffix for path in tmp_path.iterdir()] == [".xlsx"]


@pytest.mark.slow
def test_a_temporary_folder_of_a_long_name_is_no_obstacle(pile: Path, tmp_path: Path) -> None:
    long = tmp_path / ("很长" * 30) / ("的路径" * 20)
    long.mkdir(parents=True)
    code, said = shell(f'TMPDIR="{long}" perfxl import "{pile}" -o "{tmp_path}/out" --jobs 1')
    assert (code, "Traceback" in said) == (1, False), said
