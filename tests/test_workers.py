from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, wait
from multiprocessing import get_context
from pathlib import Path

import pytest

from perfxl import workers as module
from perfxl.workers import OutOfTime, Stopped, WorkerDied, Workers, tell
from support.calls import die, echo, process_number, sleep


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(2, 30) as pool:
        yield pool


@pytest.mark.slow
def test_calls_come_back_with_their_values(workers: Workers) -> None:
    assert [future.result(60) for future in [workers.submit(echo, number) for number in range(30)]] == list(range(30))


def test_they_run_elsewhere_and_in_no_more_processes_than_asked_for(workers: Workers) -> None:
    found = {workers.submit(process_number).result(60) for _ in range(10)}
    assert os.getpid() not in found
    assert len(found) <= 2


def test_whoever_follows_a_call_is_told_of_its_steps_in_their_order(workers: Workers) -> None:
    seen: list[object] = []
    assert workers.follow(seen.append, _count, 3).result() == "done"
    assert seen == [0, 1, 2]
    assert workers.submit(_count, 2).result() == "done"  # nobody follows this one
    assert seen == [0, 1, 2]
    tell(7)  # nor does anybody here


def _count(most: int) -> str:
    for number in range(most):
        tell(number)
    return "done"


def test_a_call_is_begun_with_whether_or_not_another_one_was_just_done(workers: Workers) -> None:
    for pause in (0, 0.001, 0.01, 0.05):
        for number in range(20):
            first, second = workers.submit(echo, number), workers.submit(echo, -number)
            time.sleep(pause)
            third = workers.submit(sleep, 0)
            assert (first.result(20), second.result(20)) == (number, -number)
            third.result(20)


def test_an_error_is_raised_where_the_call_came_from(workers: Workers) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        workers.submit(int, "x").result(60)


def test_one_that_dies_costs_the_one_call_that_it_was_at(workers: Workers) -> None:
    before, dying = workers.submit(echo, 1), workers.submit(die)
    after = [workers.submit(echo, number) for number in range(5)]
    assert isinstance(dying.exception(60), WorkerDied)
    assert [future.result(60) for future in (before, *after)] == [1, 0, 1, 2, 3, 4]


@pytest.mark.slow
def test_one_that_hangs_costs_the_one_call_that_it_was_at() -> None:
    with Workers(1, 4) as pool:  # in which a busy machine does the call after it
        hanging, after = pool.submit(sleep, 600), pool.submit(echo, 1)
        assert isinstance(hanging.exception(60), OutOfTime)
        assert after.result(60) == 1


def test_one_that_is_wanted_no_more_is_ended_and_the_next_begins() -> None:
    with Workers(1, 600) as pool:
        running, queued, after = pool.submit(sleep, 600), pool.submit(sleep, 600), pool.submit(echo, 1)
        while not running.running():
            time.sleep(0.01)
        pool.stop(queued)
        pool.stop(running)
        assert queued.cancelled()
        assert isinstance(running.exception(60), Stopped)
        assert after.result(60) == 1
        pool.stop(after)  # done is done
        assert (pool.submit(echo, 2).result(60), after.result()) == (2, 1)
    pool.stop(after)


def test_what_it_had_told_before_it_was_ended_is_heard(tmp_path: Path) -> None:
    """Whoever follows is slow at first: what comes in the meantime is not lost."""
    seen: list[object] = []
    all_told = tmp_path / "told"

    def slow(step: object) -> None:
        if not seen:
            while not all_told.exists():
                time.sleep(0.01)
            pool.stop(running)
        seen.append(step)

    with Workers(1, 600) as pool:
        running = pool.follow(slow, _count_and_sleep, 50, all_told)
        assert isinstance(running.exception(60), Stopped)
    assert seen == [*range(50)]


def _count_and_sleep(most: int, all_told: Path) -> None:
    _count(most)
    all_told.touch()
    sleep(600)


def test_what_cannot_be_sent_is_told_either_way(workers: Workers) -> None:
    assert isinstance(workers.submit(echo, threading.Lock()).exception(60), TypeError)
    assert isinstance(workers.submit(threading.Lock).exception(60), TypeError)
    assert workers.submit(echo, 1).result(60) == 1


def test_a_cancelled_shutdown_ends_at_once() -> None:
    pool = Workers(1, 60)
    running, queued = pool.submit(sleep, 600), pool.submit(echo, 1)
    while not running.running():
        time.sleep(0.01)
    begin = time.monotonic()
    pool.shutdown(cancel_futures=True)
    assert time.monotonic() - begin < 30
    assert queued.cancelled()
    assert isinstance(running.exception(), BrokenExecutor)


def test_nothing_is_taken_after_shutdown() -> None:
    pool = Workers(1, 60)
    assert pool.submit(echo, 1).result(60) == 1
    pool.shutdown()
    with pytest.raises(RuntimeError):
        pool.submit(echo, 1)


def test_where_no_process_can_be_started_calls_fail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_serve", die_at_once)
    with Workers(2, 60) as pool:
        futures = [pool.submit(echo, number) for number in range(3)]
        wait(futures, 60)
        assert all(isinstance(future.exception(0), BrokenExecutor) for future in futures)


def die_at_once(_: object) -> None:
    die()


def test_processes_may_be_started_from_nothing_as_on_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_context", lambda: get_context("spawn"))
    with Workers(1, 60) as pool:
        assert pool.submit(die).exception(60) is not None
        assert pool.submit(echo, 1).result(60) == 1
