from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import nullcontext
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

import perfxl
from perfxl.package.limits import Limits
from perfxl.receive.examine import Verdict, Work, examine
from perfxl.receive.inputs import FoundInputs, Input
from perfxl.receive.pile import Desk, Pile
from perfxl.receive.request import Request
from perfxl.receive.run import AHEAD, BYTES_AHEAD, Job, run
from perfxl.workers import OutOfTime, Workers
from support.calls import echo
from support.pile import bad, contents, die_on_b, good, hang_on_b, lay, raise_on_b, swell_on_b, zipped


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return lay(tmp_path_factory.mktemp("one"), {"a.xlsx": good()}) / "a.xlsx"


def outcomes(
    one: Path, executor: Executor | None, work: Work, *names: str, request: Request | None = None
) -> dict[str, tuple[Verdict, list[str]]]:
    """Read a return under several names; the verdict and the codes by name."""
    pile = Pile(FoundInputs(tuple(Input(one, name, name) for name in names), ()), request or Request(), Desk())
    with executor or nullcontext():
        verdicts = {step.item.name: step.verdict for step in pile.read(executor, work)}
    documents = {item.name: json.loads(pile.shelf.get(number)) for number, item in enumerate(pile.found.inputs)}
    return {name: (verdicts[name], [found["code"] for found in documents[name]["findings"]]) for name in names}


class _First(Executor):
    """An executor that has done the first call, and none of the others."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, fn: Callable[..., Any], /, *_: object, **__: object) -> Future[Any]:
        del fn
        future: Future[Any] = Future()
        if not self.futures:
            future.set_result("first")
        self.futures.append(future)
        return future


class _Late(Executor):
    """An executor in which every call takes too long."""

    def submit(self, fn: Callable[..., Any], /, *_: object, **__: object) -> Future[Any]:
        del fn
        future: Future[Any] = Future()
        future.set_exception(OutOfTime())
        return future


def test_one_that_takes_too_long_is_a_finding(one: Path) -> None:
    assert outcomes(one, _Late(), examine, "a.xlsx") == {"a.xlsx": (Verdict.UNREADABLE, ["F13"])}


@pytest.mark.slow  # the limit has to be longer than a busy machine takes to get ready
def test_one_that_hangs_costs_only_itself(one: Path) -> None:
    request = Request(limits=Limits(max_seconds=20))
    found = outcomes(one, Workers(2, 20), hang_on_b, "a.xlsx", "b.xlsx", "c.xlsx", request=request)
    assert found["b.xlsx"] == (Verdict.UNREADABLE, ["F13"])
    assert {found[name][0] for name in ("a.xlsx", "c.xlsx")} == {Verdict.ACCEPTED}


@pytest.mark.slow
def test_one_that_kills_its_worker_costs_only_itself(one: Path) -> None:
    found = outcomes(one, Workers(2, 60), die_on_b, "a.xlsx", "b.xlsx", "c.xlsx", "d.xlsx")
    assert found["b.xlsx"] == (Verdict.UNREADABLE, ["F13"])
    assert {found[name][0] for name in ("a.xlsx", "c.xlsx", "d.xlsx")} == {Verdict.ACCEPTED}


@pytest.mark.slow
def test_one_that_breaks_somebody_elses_pool_is_found_and_costs_only_itself(one: Path) -> None:
    pool = ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    names = [f"{number}.xlsx" for number in range(AHEAD + 3)]
    found = outcomes(one, pool, die_on_b, *names, "b.xlsx", "z.xlsx")
    assert found.pop("b.xlsx") == (Verdict.UNREADABLE, ["F13"])
    assert sorted(found) == sorted([*names, "z.xlsx"])
    assert {verdict for verdict, _ in found.values()} == {Verdict.ACCEPTED}


def test_an_error_in_a_worker_is_a_finding(one: Path) -> None:
    found = outcomes(one, ThreadPoolExecutor(2), raise_on_b, "a.xlsx", "b.xlsx")
    assert found["b.xlsx"] == (Verdict.UNREADABLE, ["F13"])
    assert found["a.xlsx"][0] is Verdict.ACCEPTED


@pytest.mark.slow
def test_one_that_takes_all_memory_costs_only_itself(one: Path) -> None:
    found = outcomes(one, Workers(2, 60, 400_000_000), swell_on_b, "a.xlsx", "b.xlsx", "c.xlsx")
    assert found["b.xlsx"] == (Verdict.UNREADABLE, ["F03"])
    assert {found[name][0] for name in ("a.xlsx", "c.xlsx")} == {Verdict.ACCEPTED}


def test_no_more_is_under_way_than_workers_need() -> None:
    taken = 0

    def counted() -> Iterator[Job[object]]:
        nonlocal taken
        for number in range(3 * AHEAD):
            taken += 1
            yield Job(number, echo, (number,))

    with ThreadPoolExecutor(1) as executor:
        for done, (number, outcome) in enumerate(run(counted(), executor, Limits()), start=1):
            assert number == outcome
            assert taken <= done + AHEAD


def test_no_more_bytes_are_under_way_than_may_be() -> None:
    with ThreadPoolExecutor(1) as executor:
        taken = 0

        def counted() -> Iterator[Job[object]]:
            nonlocal taken
            for number in range(9):
                taken += 1
                yield Job(number, echo, (number,), BYTES_AHEAD // 2 + 1)

        for done, _ in enumerate(run(counted(), executor, Limits()), start=1):
            assert taken <= done + 1


@pytest.fixture(scope="module")
def pile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    units = {f"{number}.xlsx": good(f"青溪区第{number}局", f"03040{number}") for number in range(4)}
    odd = {"x.docx": b"%PDF-1.7", "~$0.xlsx": b"", "批.zip": zipped({"教育/a.xlsx": bad()})}
    return lay(tmp_path_factory.mktemp("pile"), {**units, **odd, "again/1.xlsx": bad("青溪区第1局", "030401")})


def executors() -> Iterator[tuple[str, Executor | None]]:
    yield "none", None
    yield "threads", ThreadPoolExecutor(3)
    yield "processes", ProcessPoolExecutor(2, mp_context=get_context("spawn"))
    yield "workers", Workers(2, 60)


@pytest.mark.slow
def test_what_nobody_waits_for_any_more_does_not_begin() -> None:
    executor = _First()
    steps = run((Job(number, echo, (number,)) for number in range(5)), executor, Limits())
    assert next(steps) == (0, "first")
    del steps  # whoever asked has stopped half-way
    assert [future.cancelled() for future in executor.futures] == [False, True, True, True, True]


def test_results_hang_on_no_executor(pile: Path, tmp_path: Path) -> None:
    found = {}
    for name, executor in executors():
        with executor or nullcontext():
            overview = perfxl.import_returns(pile, tmp_path / name, executor=executor)
        assert len(overview.returns) == 7
        found[name] = contents(tmp_path / name)
    assert len(found["none"]) == 4 * 2 + 1 + 2 * 2 + 4
    for name, files in found.items():
        assert files == found["none"], name


def test_an_unknown_form_is_an_error(pile: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        perfxl.import_returns(pile, tmp_path, form="no-such-form")
    assert not list(tmp_path.iterdir())
