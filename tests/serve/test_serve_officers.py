"""检查: what an officer uploads is checked, shown, given back marked, and kept nowhere."""

from __future__ import annotations

import asyncio
import base64
import json
import re
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

import perfxl
from perfxl.serve import work
from perfxl.serve.bounds import CHECKS_A_WHILE, CHECKS_AT_ALL, CHECKS_AT_ONCE, WHILE
from perfxl.serve.pages import officers
from perfxl.serve.uploads import RefusedError
from perfxl.serve.visitors import Gate
from perfxl.workers import OutOfMemory, OutOfTime, WorkerDied
from support.pile import bad, good
from support.visitor import HERE, Visitor, serving


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("desk"), officers=True) as visitor:
        yield visitor


@pytest.fixture
def officer(visitor: Visitor) -> TestClient:
    return TestClient(visitor.client.app, base_url=HERE)


def test_a_workbook_is_checked_and_given_back_marked(
    visitor: Visitor, officer: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    page = officer.post("/check", files={"file": ("甲.xlsx", bad())}).text
    assert "改正后再上报" in page
    assert 'id="r0s0-H17"' in page
    found = re.search(r'download="(.*?)" href="data:.*?;base64,(.*?)"', page)
    assert found
    assert unescape(found[1]) == "甲.marked.xlsx"
    assert base64.b64decode(found[2]) == perfxl.marked(bad(), perfxl.read(bad(), name="甲.xlsx"))
    assert not [path for path in tmp_path.iterdir() if "perfxl" in path.name]
    assert not list(visitor.desk.workspace.returned.iterdir())


def test_a_sound_workbook_may_be_handed_in(officer: TestClient) -> None:
    assert "可以上报" in officer.post("/check", files={"file": ("甲.xlsx", good())}).text


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"file": ("甲.xlsx", b"nothing")}, "读不了"),
        ({"file": ("", b"")}, "请选择一个填好的工作簿"),
        ({"file": ("../../甲.xlsx", b"PK\x03\x04")}, "读不了"),
    ],
)
def test_what_is_no_workbook_is_told(officer: TestClient, files: dict[str, tuple[str, bytes]], said: str) -> None:
    assert said in officer.post("/check", files=files).text


@pytest.mark.parametrize(
    ("error", "code"), [(OutOfTime("x"), "F13"), (OutOfMemory("x"), "F03"), (WorkerDied("x"), "F13")], ids=repr
)
def test_what_a_worker_is_lost_over_is_told(error: Exception, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The finding says which of the three it was, as an import's does."""

    class _Desk:
        def looking(self, call: Callable[..., Any], *given: Any) -> Future[Any]:
            done: Future[Any] = Future()
            if call is work.check:
                done.set_exception(error)
            else:
                done.set_result(call(*given))
            return done

    visit: Any = SimpleNamespace(desk=_Desk())
    given: Any = SimpleNamespace(refused=(), files=("one",))
    monkeypatch.setattr(work, "lay_out", lambda _: (Path("none"), ["甲.xlsx"]))
    found = asyncio.run(officers.checked(visit, given))
    (document,) = map(json.loads, found.documents)
    assert [finding["code"] for finding in document["findings"]] == [code]


def test_the_page_is_not_there_unless_it_was_asked_for(tmp_path: Path) -> None:
    with serving(tmp_path) as visitor:
        assert visitor.get("/check").status_code == 404
        assert TestClient(visitor.client.app, base_url=HERE).get("/check").status_code == 403


def test_one_address_does_not_take_it_all() -> None:
    now = [0.0]
    gate = Gate(clock=lambda: now[0])
    entered = [gate.pass_through("a") for _ in range(CHECKS_AT_ONCE)]
    for each in entered:
        each.__enter__()
    with pytest.raises(RefusedError), gate.pass_through("a"):
        pass
    with gate.pass_through("b"):
        pass
    for each in entered:
        each.__exit__(None, None, None)
    for _ in range(CHECKS_A_WHILE - CHECKS_AT_ONCE):
        with gate.pass_through("a"):
            pass
    with pytest.raises(RefusedError), gate.pass_through("a"):
        pass
    now[0] = WHILE + 1
    with gate.pass_through("a"):
        pass
    many = [gate.pass_through(str(number)) for number in range(CHECKS_AT_ALL)]
    for each in many:
        each.__enter__()
    with pytest.raises(RefusedError), gate.pass_through("c"):
        pass
