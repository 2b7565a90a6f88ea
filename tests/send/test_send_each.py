from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.send.each import Parcel, Sent, send
from perfxl.workers import Workers

FORM = load_forms()["jilin-dept-self-eval"]
OUTGOING = [Outgoing.of(FORM, year=2024)]


def parcels(folder: Path, count: int = 120) -> list[Parcel]:
    return [Parcel(folder / f"{number}.xlsx", (Own(f"第{number}中学", f"{number:03}"),)) for number in range(count)]


class Broken(Executor):
    """One whose processes die."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:  # noqa: ARG002 - as the base class has it
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("died"))
        return future


@pytest.fixture(params=["none", "threads", "workers", "broken"])
def executor(request: pytest.FixtureRequest) -> Iterator[Executor | None]:
    makers: dict[str, Callable[[], Executor | None]] = {
        "none": lambda: None,
        "threads": lambda: ThreadPoolExecutor(2),
        "workers": lambda: Workers(2, 60),
        "broken": Broken,
    }
    made = makers[request.param]()
    yield made
    if made is not None:
        made.shutdown()


@pytest.mark.slow
def test_what_is_written_does_not_depend_on_the_executor(executor: Executor | None, tmp_path: Path) -> None:
    wanted = parcels(tmp_path / "out")
    assert list(send(OUTGOING, wanted, executor)) == [Sent(parcel.path) for parcel in wanted]
    assert len(list((tmp_path / "out").iterdir())) == 120
    for number in (0, 49, 50, 119):
        rendered = generate(FORM, year=2024, unit=f"第{number}中学", unit_code=f"{number:03}")
        assert wanted[number].path.read_bytes() == rendered


def test_a_file_that_cannot_be_written_does_not_stop_the_others(tmp_path: Path) -> None:
    wanted = parcels(tmp_path, 3)
    wanted[1].path.mkdir()
    sent = list(send(OUTGOING, wanted))
    assert [bool(one.error) for one in sent] == [False, True, False]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0.xlsx", "1.xlsx", "2.xlsx"]
