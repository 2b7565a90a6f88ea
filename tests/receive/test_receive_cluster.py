"""More than one machine: the bytes of one, whatever becomes of a worker or of a file; who does not fit is refused."""

from __future__ import annotations

import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from msgspec.structs import replace

import perfxl
from perfxl.cluster import Cluster
from perfxl.receive.against import look_at
from perfxl.receive.pile import Desk, Pile
from perfxl.receive.request import Request
from perfxl.receive.search import find
from perfxl.receive.terms import Machine, Terms, Witness, misfit
from support.calls import echo
from support.command import Run
from support.machines import ROOT, environment, machines, needed, pids, scheduler, workers
from support.pile import bad, contents, die_on_b, good, lay, zipped

FORMS = tuple(sorted((name, tuple(one.digest for one in form.editions)) for name, form in perfxl.load_forms().items()))
TERMS = Terms(Machine.here(), (), FORMS, None, ())
PERFXL = (sys.executable, "-m", "perfxl")


# -- what a machine has to have in common: nothing of Dask --------------------------------------------------------------


def test_a_machine_like_this_one_fits() -> None:
    assert misfit(TERMS) == ""


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"version": "0.0.9"}, f"的 perfxl 是 {perfxl.__version__}，本机是 0.0.9"),
        ({"program": "0" * 64}, "的 perfxl 与本机的程序不同"),
        ({"python": "3.99"}, "，本机是 3.99"),
        ({"zlib": "9.9"}, "，本机是 9.9；标注件会不同"),
    ],
)
def test_another_program_does_not_fit(other: dict[str, str], said: str) -> None:
    assert said in misfit(replace(TERMS, machine=replace(TERMS.machine, **other)))


def test_other_forms_do_not_fit(tmp_path: Path) -> None:
    assert "表样与本机不同：mof-project-goal；" in misfit(
        replace(TERMS, forms=tuple((name, ("0",) if name == "mof-project-goal" else one) for name, one in FORMS))
    )
    assert f"没有表样文件夹“{tmp_path / 'none'}”" in misfit(replace(TERMS, templates=(tmp_path / "none",)))
    lay(tmp_path, {"forms/x/form.yaml": b"form: x\n"})
    assert "表样有错误" in misfit(replace(TERMS, templates=(tmp_path / "forms",)))


def test_other_files_do_not_fit(tmp_path: Path) -> None:
    file = lay(tmp_path, {"in/a/1.xlsx": good()}) / "in" / "a" / "1.xlsx"
    seen = Witness(tmp_path / "in", file, file.stat().st_size)
    assert misfit(replace(TERMS, witnesses=(seen,))) == ""
    assert f"看不到“{tmp_path / 'in'}”里的“a/1.xlsx”" in misfit(replace(TERMS, witnesses=(replace(seen, size=1),)))
    file.unlink()
    assert "看不到" in misfit(replace(TERMS, witnesses=(seen,)))


def test_other_results_accepted_earlier_do_not_fit(tmp_path: Path) -> None:
    before = look_at(tmp_path, perfxl.load_forms())
    assert misfit(replace(TERMS, against=before)) == ""
    assert "--against 的文件夹" in misfit(replace(TERMS, against=replace(before, digest="0")))
    assert "--against 的文件夹" in misfit(replace(TERMS, against=replace(before, folder=tmp_path / "none")))


# -- the command where there is no cluster ------------------------------------------------------------------------------


def test_without_the_extra_it_is_said_what_to_install(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("dask", "distributed"):
        monkeypatch.setitem(sys.modules, name, None)
    ran = run("import", lay(tmp_path / "in", {"a.xlsx": good()}), "-o", tmp_path / "out", "--cluster", "127.0.0.1:8786")
    assert (ran.code, ran.out) == (2, "")
    assert 'pip install "perfxl[cluster]"' in ran.err
    assert not (tmp_path / "out" / "a.json").exists()


def test_a_number_of_processors_is_not_for_a_cluster(run: Run, tmp_path: Path) -> None:
    ran = run("import", tmp_path, "--cluster", "127.0.0.1:8786", "--jobs", 2)
    assert ran.code == 2
    assert "--cluster 与 --jobs 不能一起用" in ran.err


def test_without_it_nothing_of_dask_is_loaded(tmp_path: Path) -> None:
    lay(tmp_path, {"in/a.xlsx": good()})
    check = "import sys, perfxl.cli\ntry: perfxl.cli.main()\nfinally: print(*sys.modules, file=sys.stderr)"
    words = [sys.executable, "-c", check, "check", str(tmp_path / "in"), "--jobs", "1"]
    done = subprocess.run(words, env=environment(), capture_output=True, encoding="utf-8", check=True)
    assert not {"dask", "distributed", "fsspec", "tornado"} & {name.partition(".")[0] for name in done.stderr.split()}


# -- with a cluster -----------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    needed()
    with machines(tmp_path_factory.mktemp("machines"), 2) as address:
        yield address


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what comes in: of eighty units, some of it wrong, damaged, twice, packed, no workbook."""
    units = {f"{n // 40}/{n}.xlsx": (bad if n % 9 == 0 else good)(f"青溪区第{n}局", f"0304{n:02}") for n in range(80)}
    odd = {"x.docx": b"%PDF-1.7", "~$0.xlsx": b"", "批.zip": zipped({"教育/a.xlsx": bad(), "教育/b.xlsx": b"PK"})}
    return lay(tmp_path_factory.mktemp("returned"), {**units, **odd, "again/1.xlsx": bad("青溪区第1局", "030401")})


def command(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PERFXL, *map(str, words)], env=environment(), cwd=cwd, capture_output=True, check=False, encoding="utf-8"
    )


@pytest.mark.slow
def test_results_are_those_of_one_machine_though_a_worker_is_killed(
    cluster: str, returned: Path, tmp_path: Path
) -> None:
    """Relative paths, from another folder than that of the workers."""
    told = ("--output-format", "json", "--year", 2023)
    here = Path(os.path.relpath(returned, tmp_path))
    one = command("import", here, "-o", "one", *told, cwd=tmp_path)
    before = pids(cluster, 2)
    words = [*PERFXL, "import", str(here), "-o", "many", *map(str, told), "--cluster", cluster]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, env=environment(), cwd=tmp_path, stdout=pipe, stderr=pipe, encoding="utf-8") as many:
        end = time.monotonic() + 120
        while len([*tmp_path.glob("many/*/*.json")]) < 8 and time.monotonic() < end:
            time.sleep(0.02)
        os.kill(next(iter(before.values())), signal.SIGKILL)
        out, err = many.communicate(timeout=300)
    assert (many.returncode, out) == (one.returncode, one.stdout), err
    assert one.returncode == 3
    assert contents(tmp_path / "many") == contents(tmp_path / "one")
    assert len([*tmp_path.glob("many/**/*.json")]) == 80 + 4 + 1
    assert "Traceback" not in err
    assert "distributed" not in err
    again = command("import", here, "-o", "many", "--cluster", cluster, "--year", 2023, cwd=tmp_path)
    assert "个文件与上次相同" in again.stderr
    assert contents(tmp_path / "many") == contents(tmp_path / "one")


@pytest.mark.slow
def test_a_file_that_hangs_or_kills_its_process_costs_only_itself(cluster: str, tmp_path: Path) -> None:
    lay(tmp_path, {f"{name}.xlsx": good() for name in "abc"})
    request = Request()
    before = pids(cluster, 2)
    with Cluster(cluster) as executor:
        pile = Pile(find([tmp_path], request.limits), request, Desk())
        verdicts = {step.item.name: step.verdict.value for step in pile.read(executor, die_on_b)}
        assert verdicts == {"a.xlsx": "accepted", "b.xlsx": "unreadable", "c.xlsx": "accepted"}
        assert b"F13" in pile.shelf.get(1)
    with Cluster(cluster, seconds=5) as executor:  # in which a busy machine does the call after it
        late = executor.submit(time.sleep, 60)
        assert isinstance(late.exception(120), perfxl.OutOfTime)
        assert executor.submit(len, "ab").result(120) == 2
    assert pids(cluster, 2) == before


@pytest.mark.slow
def test_calls_go_together_and_large_arguments_once(cluster: str) -> None:
    large = bytes(300_000)
    with Cluster(cluster) as executor:
        assert executor.ahead == 64
        outcomes = [executor.submit(len, large) for _ in range(40)]
        assert [one.result(120) for one in outcomes] == [300_000] * 40
        assert isinstance(executor.submit(int, "x").exception(60), ValueError)
        assert isinstance(executor.submit(echo, lambda: 1).exception(60), (AttributeError, pickle.PicklingError))
    with pytest.raises(RuntimeError):
        executor.submit(len, large)


@pytest.mark.slow
def test_who_would_read_otherwise_is_refused(returned: Path, tmp_path: Path) -> None:
    """No scheduler, one without workers, a worker with another perfxl; nothing is read meanwhile."""
    needed()
    nobody = command("import", returned, "-o", "out", "--cluster", "tcp://127.0.0.1:9", cwd=tmp_path)
    assert (nobody.returncode, nobody.stdout) == (3, "")
    assert nobody.stderr == "“tcp://127.0.0.1:9”那里没有调度程序应答；请确认它已启动（dask scheduler），网络也通\n"
    shutil.copytree(ROOT / "perfxl", tmp_path / "old" / "perfxl", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "templates", tmp_path / "old" / "templates")
    face = tmp_path / "old" / "perfxl" / "__init__.py"
    face.write_text(face.read_text("utf-8").replace(f'"{perfxl.__version__}"', '"0.0.9"'), "utf-8")
    (tmp_path / "machines").mkdir()
    with ExitStack() as stack:
        address = stack.enter_context(scheduler(tmp_path / "machines"))
        idle = command("import", returned, "-o", "out", "--cluster", address, cwd=tmp_path)
        assert idle.returncode == 3
        assert "没有工作机" in idle.stderr
        stack.enter_context(workers(tmp_path / "machines", address, 1, {"PYTHONPATH": str(tmp_path / "old")}))
        refused = command("import", returned, "-o", "out", "--cluster", address, cwd=tmp_path)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"的 perfxl 是 0.0.9，本机是 {perfxl.__version__}；请在每台机器上安装同一版本" in refused.stderr
    assert "错误：工作机 tcp://" in refused.stderr
    assert not [*tmp_path.glob("out/**/*.json")]


@pytest.mark.slow
def test_a_scheduler_that_ends_in_the_middle_ends_the_run_which_can_go_on(tmp_path: Path) -> None:
    needed()
    lay(tmp_path / "in", {f"{n}.xlsx": good(f"青溪区第{n}局", f"0304{n:02}") for n in range(3)})
    (tmp_path / "machines").mkdir()
    with ExitStack() as stack:
        place = tmp_path / "machines"
        with machines(place, 1) as address:
            executor = stack.enter_context(Cluster(address))
            slow = executor.submit(time.sleep, 50)
            time.sleep(1)
        assert isinstance(slow.exception(120), perfxl.ClusterError)
        assert "接着做" in str(slow.exception())
