"""``run.py`` makes an environment where there is none, and only there. Nothing is installed here."""

from __future__ import annotations

import ast
import importlib.util
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "run.py"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script in an empty folder, with set-up and start noted in ``run.log`` instead of done."""
    spec = importlib.util.spec_from_file_location("run", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    venv = tmp_path / ".venv"
    places = {"ROOT": tmp_path, "VENV": venv, "DONE": venv / "perfxl-ready"}
    locks = {"RUN_LOCK": tmp_path / "requirements.lock", "TEST_LOCK": tmp_path / "requirements-dev.lock"}
    for name, place in (places | locks).items():
        monkeypatch.setattr(script, name, place)
    for file in (*locks.values(), tmp_path / "pyproject.toml"):
        file.write_text(file.name)
    log: list[str] = []

    def make(lock: Path) -> None:
        log.append(f"make {lock.name}")
        for file, text in ((script.program("python"), ""), (script.DONE, script.fingerprint(lock))):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def start(*words: str) -> int:
        log.append(" ".join(words))
        return 7

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(script, "make", make)
    monkeypatch.setattr(script, "start", start)
    monkeypatch.setattr(script, "log", log, raising=False)
    return script


def test_the_first_run_sets_up_and_the_second_starts_at_once(run: ModuleType) -> None:
    assert run.main(["demo"]) == 7
    assert run.main(["forms", "--json"]) == 7
    assert run.log == ["make requirements.lock", "perfxl demo", "perfxl forms --json"]


def test_test_runs_pytest_in_an_environment_that_then_serves_perfxl_too(run: ModuleType) -> None:
    run.main(["demo"])
    run.main(["test", "-k", "one"])
    run.main(["demo"])
    assert run.log[2:] == ["make requirements-dev.lock", "python -m pytest -n auto -k one", "perfxl demo"]


@pytest.mark.parametrize("change", ["lock", "settings", "python gone", "interrupted", "other python"])
def test_an_environment_that_does_not_fit_is_made_anew(
    run: ModuleType, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.main(["demo"])
    match change:
        case "lock":
            run.RUN_LOCK.write_text("another")
        case "settings":
            (run.ROOT / "pyproject.toml").write_text("another")
        case "python gone":
            run.program("python").unlink()
        case "interrupted":
            run.DONE.unlink()
        case "other python":
            monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
    run.main(["demo"])
    assert run.log.count("make requirements.lock") == 2


@pytest.mark.parametrize("error", [OSError("磁盘已满"), subprocess.CalledProcessError(1, "pip"), KeyboardInterrupt()])
def test_a_set_up_that_fails_says_what_to_do(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    def make(_lock: Path) -> None:
        raise error

    monkeypatch.setattr(run, "make", make)
    with pytest.raises(SystemExit, match="自动重做"):
        run.main(["demo"])
    assert run.log == []


def test_an_old_python_can_read_the_script_and_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    with pytest.raises(SystemExit, match=r"perfxl 需要 Python 3\.11.*当前为 3\.8\.18"):
        runpy.run_path(str(SCRIPT))
