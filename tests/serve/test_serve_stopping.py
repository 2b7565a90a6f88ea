"""Work that somebody stops: what was done stays, what was not is said, and the next piece of work begins."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import perfxl
import perfxl.receive.pile
from perfxl.serve.jobs import Begun, Job, State, Step
from support.pile import bad, contents, good
from support.visitor import Visitor, dawdle, linger, serving


@pytest.fixture
def visitor(tmp_path: Path) -> Iterator[Visitor]:
    with serving(tmp_path / "desk") as visitor:
        yield visitor


def dawdling(visitor: Visitor, title: str = "下发") -> Job:
    place = visitor.desk.workspace.sent
    return visitor.desk.making(place, title, "/send", dawdle, place)


def begun(job: Job) -> Job:
    deadline = time.monotonic() + 60
    while not job.done and time.monotonic() < deadline:
        time.sleep(0.01)
    return job


def stopped(visitor: Visitor, job: Job) -> dict[str, Any]:
    return visitor.done(visitor.post(f"/jobs/{job.identity}/stop"))


def test_what_was_written_stays_and_what_was_not_is_said(visitor: Visitor) -> None:
    job = begun(dawdling(visitor))
    assert "停止</button>" in visitor.get(f"/jobs/{job.identity}").text
    told = stopped(visitor, job)
    assert told["state"] == "stopped"
    assert told["message"] == "已停止：已生成 1 份，还有 2 份没有做。做完的都保留着；要接着做，请再做一次。"
    shown = visitor.get(f"/jobs/{job.identity}").text
    assert told["message"] in shown
    assert "停止</button>" not in shown
    assert told["message"] in visitor.get(told["back"]).text
    assert [path.name for path in visitor.desk.workspace.sent.iterdir()] == ["甲.xlsx"]
    form = {"form": "hunan-dept-self-eval", "year": "2024", "to": "one", "unit": "青溪区档案局"}
    assert visitor.done(visitor.post("/send", form))["state"] == "done"
    assert stopped(visitor, job) == told  # once more is no harm


def test_what_has_not_begun_does_not_begin(visitor: Visitor) -> None:
    first = begun(dawdling(visitor))
    second = dawdling(visitor, "下发：又一次")
    assert stopped(visitor, second)["message"] == "还没有开始，已取消。"
    third = dawdling(visitor, "下发：又一次")
    assert third is not second
    assert first.state is State.WORKING
    stopped(visitor, third)
    stopped(visitor, first)
    assert (second.done, third.done) == (0, 0)


def test_another_order_is_not_taken_for_the_one_that_waits(visitor: Visitor) -> None:
    first = begun(dawdling(visitor))
    units = ("青溪区档案局", "青溪区财政局", "青溪区档案局")
    for unit in units:
        visitor.post("/send", {"form": "hunan-dept-self-eval", "year": "2024", "to": "one", "unit": unit})
    waiting = [job for job in visitor.desk.jobs.all() if job is not first]
    assert [job.title for job in waiting] == ["下发：部门整体支出绩效自评表 2024年度"] * 2
    stopped(visitor, first)
    assert {visitor.finished(f"/jobs/{job.identity}")["state"] for job in waiting} == {"done"}
    assert len([*visitor.desk.workspace.sent.glob("青溪区*.xlsx")]) == 2


def test_nobody_stops_it_from_another_site(visitor: Visitor) -> None:
    job = begun(dawdling(visitor))
    assert visitor.client.post(f"/jobs/{job.identity}/stop", data={"token": "other"}).status_code == 403
    assert visitor.post("/jobs/none/stop").status_code == 404
    assert job.state is State.WORKING
    stopped(visitor, job)


def test_returns_that_were_checked_are_not_checked_again(
    visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, hear = visitor.desk, Job.hear

    def hear_once(job: Job, step: Begun | Step) -> None:
        hear(job, step)
        if isinstance(step, Step):
            desk.jobs.stop(job)

    files = [
        (f"{number}.xlsx", (bad if number % 2 else good)(f"青溪区第{number}局", f"0304{number:02}"))
        for number in range(5)
    ]
    with monkeypatch.context() as changed:
        changed.setattr(Job, "hear", hear_once)
        told = visitor.done(visitor.post("/returns", files=files))
    assert told["state"] == "stopped"
    assert told["message"].endswith("1 份，还有 4 份没有做。做完的都保留着；要接着做，请再做一次。")
    assert told["message"] in visitor.get("/returns").text
    assert len([*desk.workspace.results.glob("*.json")]) == 1
    assert visitor.done(visitor.post("/returns/again"))["state"] == "done"
    assert "已停止" not in visitor.get("/returns").text
    perfxl.import_returns(desk.workspace.returned, tmp_path / "here")
    assert contents(desk.workspace.results) == contents(tmp_path / "here")


def test_the_file_at_hand_is_not_waited_for(visitor: Visitor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = visitor.desk
    files = [("0.xlsx", good("青溪区财政局", "030400")), ("慢.xlsx", good("青溪区档案局", "030401"))]
    with monkeypatch.context() as changed:
        changed.setattr(perfxl.receive.pile, "perform", linger)
        visitor.post("/returns", files=files)
        job = begun(desk.jobs.all()[-1])
        began = time.monotonic()
        told = stopped(visitor, job)
        assert time.monotonic() - began < 30  # a file may take a minute, this one takes an hour
    assert told["state"] == "stopped"
    assert told["message"] == "已停止：通过 1 份，还有 1 份没有做。做完的都保留着；要接着做，请再做一次。"
    assert [path.name for path in desk.workspace.results.glob("*.json")] == ["0.json"]
    assert visitor.done(visitor.post("/returns/again"))["counts"] == {"通过": 2}
    perfxl.import_returns(desk.workspace.returned, tmp_path / "here")
    assert contents(desk.workspace.results) == contents(tmp_path / "here")
