"""``run.py`` makes an environment where there is none, and only there. Nothing is installed here."""

from __future__ import annotations

import ast
import importlib.util
import os
import runpy
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parent.parent / "run.py"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-all.lock")
SETTINGS = '[project]\nname = "perfxl"\n[tool.ruff]\nline-length = 120\n'


def loaded() -> ModuleType:
    spec = importlib.util.spec_from_file_location("run", SCRIPT)
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script in an empty folder, with set-up and start noted in ``run.log`` instead of done."""
    script = loaded()
    places = {"ROOT": "", "VENV": ".venv", "BEFORE": ".venv-before", "CLAIM": ".venv-lock"}
    for name, place in (places | dict(zip(("RUN_LOCK", "TEST_LOCK", "ALL_LOCK"), LOCKS, strict=True))).items():
        monkeypatch.setattr(script, name, tmp_path / place)
    for name in LOCKS:
        (tmp_path / name).write_text(name)
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    log: list[str] = []

    def make(lock: Path) -> None:
        log.append(f"make {lock.name}")
        for file, text in ((script.program("python"), ""), (script.VENV / script.READY, script.fingerprint(lock))):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")

    def start(*words: str) -> int:
        log.append(" ".join(words))
        return 7

    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "")
    monkeypatch.setattr(script, "make", make)
    monkeypatch.setattr(script, "start", start)
    monkeypatch.setattr(script, "log", log, raising=False)
    return script


def test_the_first_run_sets_up_and_the_second_starts_at_once(run: ModuleType) -> None:
    assert run.main(["demo"]) == 7
    assert run.main(["forms", "--json"]) == 7
    assert run.log == ["make requirements.lock", "perfxl demo", "perfxl forms --json"]


def test_test_runs_the_quick_tests_in_an_environment_that_then_serves_perfxl_too(run: ModuleType) -> None:
    run.main(["demo"])
    run.main(["test", "-k", "one"])
    run.main(["demo"])
    assert run.log[2:] == [
        "make requirements-dev.lock",
        "python -m pytest -n auto --dist worksteal -m not client and not slow -k one",
        "perfxl demo",
    ]


def test_one_word_more_runs_all_tests(run: ModuleType) -> None:
    run.main(["test", "--all", "-k", "one"])
    assert run.log == ["make requirements-all.lock", "python -m pytest -n auto --dist worksteal -k one"]


def test_the_environment_of_all_tests_serves_the_quick_ones_and_perfxl_too(run: ModuleType) -> None:
    run.main(["test"])
    run.main(["test", "--all"])
    run.main(["test"])
    run.main(["demo"])
    assert [line for line in run.log if line.startswith("make")] == [
        "make requirements-dev.lock",
        "make requirements-all.lock",
    ]


@pytest.mark.parametrize("change", ["lock", "settings", "python gone", "interrupted", "other python", "other folder"])
def test_an_environment_that_does_not_fit_is_made_anew(
    run: ModuleType, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    run.main(["demo"])
    match change:
        case "lock":
            run.RUN_LOCK.write_text("another")
        case "settings":
            (run.ROOT / "pyproject.toml").write_text(SETTINGS.replace("perfxl", "another"))
        case "python gone":
            run.program("python").unlink()
        case "interrupted":
            (run.VENV / run.READY).unlink()
        case "other python":
            monkeypatch.setattr(sys, "base_prefix", "/elsewhere")
        case "other folder":
            before, after = run.ROOT, run.ROOT.with_name("moved")
            before.rename(after)
            for name in ("ROOT", "VENV", "BEFORE", "CLAIM", "RUN_LOCK", "TEST_LOCK", "ALL_LOCK"):
                monkeypatch.setattr(run, name, after / getattr(run, name).relative_to(before))
    run.main(["demo"])
    assert run.log.count("make requirements.lock") == 2


@pytest.mark.parametrize("change", ["settings of a tool", "patch of the same Python"])
def test_an_environment_that_still_fits_is_kept(run: ModuleType, change: str, monkeypatch: pytest.MonkeyPatch) -> None:
    run.main(["demo"])
    if change == "settings of a tool":
        (run.ROOT / "pyproject.toml").write_text(SETTINGS.replace("120", "121"))
    else:
        monkeypatch.setattr(sys, "version", "3.11.99 (another build)")
    run.main(["demo"])
    assert run.log == ["make requirements.lock", "perfxl demo", "perfxl demo"]


def failing(run: ModuleType, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Let making an environment fail half-way."""

    def make(_lock: Path) -> None:
        (run.VENV / "half").mkdir(parents=True)
        raise error

    monkeypatch.setattr(run, "make", make)


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()], ids=["full", "ctrl-c"])
def test_what_worked_before_works_after_a_set_up_that_failed(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: BaseException
) -> None:
    run.main(["demo"])
    failing(run, monkeypatch, error)
    with pytest.raises(SystemExit) as end:
        run.main(["test"])
    assert end.value.code == (3 if isinstance(error, OSError) else 130)
    assert ("原来的环境没有动" in capsys.readouterr().err) == isinstance(error, OSError)
    run.main(["demo"])
    assert run.log == ["make requirements.lock", "perfxl demo", "perfxl demo"]
    assert {path.name for path in run.ROOT.iterdir()} == {*LOCKS, "pyproject.toml", ".venv", ".venv-lock"}


def test_a_first_set_up_that_failed_leaves_nothing_half_made(
    run: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    failing(run, monkeypatch, run.SetUpError("ERROR: something of its own\n"))
    with pytest.raises(SystemExit):
        run.main(["demo"])
    assert capsys.readouterr().err.splitlines()[1:3] == [
        "未能备好运行环境，原因如下：",
        "  ERROR: something of its own",
    ]
    assert not run.VENV.exists()


@pytest.mark.parametrize("fits", [True, False])
def test_a_run_killed_while_it_made_the_environment_costs_nothing(run: ModuleType, *, fits: bool) -> None:
    run.main(["demo"])
    run.VENV.rename(run.BEFORE)
    (run.VENV / "half").mkdir(parents=True)
    if not fits:
        run.RUN_LOCK.write_text("another")
    run.main(["demo"])
    assert run.log.count("make requirements.lock") == (1 if fits else 2)
    assert not run.BEFORE.exists()
    assert not (run.VENV / "half").exists()


def test_one_left_over_after_the_new_one_was_made_does_no_harm(run: ModuleType) -> None:
    run.BEFORE.mkdir()
    run.main(["demo"])
    run.RUN_LOCK.write_text("another")
    run.BEFORE.mkdir()
    run.main(["demo"])
    assert run.log == ["make requirements.lock", "perfxl demo"] * 2
    assert not run.BEFORE.exists()


SAID = {
    "No module named 'ensurepip'": "缺少 venv 组件。Debian、Ubuntu 上请先运行：sudo apt-get install python3-venv",
    "OSError: [Errno 28] No space left on device: '/x'": "磁盘已满",
    "ERROR: Could not install packages due to an OSError: [WinError 112] 磁盘空间不足。": "磁盘已满",
    "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. If you\n    jinja2==3 from a": "校验值不符",
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError('<x>: Failed to establish a new "
    "connection: [Errno -2] Name or service not known')': /jinja2/\nERROR: No matching distribution found for jinja2": (
        "连不上软件源"
    ),
    "WARNING: Retrying (Retry(total=0)) after connection broken by 'ProxyError('Cannot connect to proxy.', "
    "NewConnectionError('refused'))'\nERROR: No matching distribution found for jinja2": "代理服务器连不上",
    "WARNING: Retrying after 'SSLError(SSLCertVerificationError(1, 'CERTIFICATE_VERIFY_FAILED'))'": "加密连接未通过验证",
    "ERROR: Could not find a version that satisfies the requirement a==99 (from versions: 1)\n"
    "ERROR: No matching distribution found for a==99": "软件源里没有所需的版本",
    "ERROR: In --require-hashes mode, all requirements must have their versions pinned with ==.": "锁定文件不完整",
    "error: subprocess-exited-with-error\n× Building wheel for lxml did not run": "没有适合这台电脑的安装包",
    "[WinError 32] 另一个程序正在使用此文件": "文件正被占用",
}


@pytest.mark.parametrize("said", SAID)
def test_the_true_cause_is_named_with_the_line_that_says_it(run: ModuleType, said: str) -> None:
    first, *lines = run.explained(f"WARNING: something before\n{said}\n").splitlines()
    assert SAID[said] in first
    assert 1 <= len(lines) <= 2
    assert lines[-1].strip() == said.splitlines()[-1].strip()


@pytest.mark.slow
def test_what_pip_says_is_kept_for_the_cause(run: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run, "program", lambda _: Path(sys.executable))
    wrong = tmp_path / "wrong.lock"
    wrong.write_text("nothing-of-that-name\n")
    with pytest.raises(run.SetUpError, match="No matching distribution"):
        run.pip("--no-index", "--require-hashes", "--requirement", str(wrong))


def test_a_second_run_waits_for_the_first(run: ModuleType) -> None:
    code = "import run, sys; run.CLAIM = run.Path(sys.argv[1])\nwith run.claimed(): print('in')"
    command = [sys.executable, "-c", code, str(run.CLAIM)]
    with run.claimed():
        waiting = subprocess.Popen(
            command, cwd=SCRIPT.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=os.environ
        )
        assert waiting.stderr
        assert waiting.stdout
        assert "等它完成" in waiting.stderr.readline()
        assert waiting.poll() is None
    with waiting:
        assert waiting.stdout.read() == "in\n"


def test_an_old_python_can_read_the_script_and_gets_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))
    monkeypatch.setattr(sys, "version_info", (3, 8, 18, "final", 0))
    with pytest.raises(SystemExit, match=r"perfxl 需要 Python 3\.11.*当前为 3\.8\.18"):
        runpy.run_path(str(SCRIPT))
