"""The structured fuzzer itself: a few of its inputs at every run, and that it sees what it looks for."""

from __future__ import annotations

import sys

import pytest
from fuzz import try_batch, try_parts, try_returns
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Submission
from perfxl.receive.examine import Examined, outcome_of, source_of
from perfxl.receive.request import Request
from perfxl.rules.files import F01, F11
from support.pile import good


@pytest.mark.slow
def test_some_parts() -> None:
    seen = try_parts(range(600), 7)
    assert seen.wrong == []
    assert len(seen.kinds) == 8


@pytest.mark.slow
def test_some_returns() -> None:
    assert try_returns(range(6), 7).wrong == []


@pytest.mark.slow
def test_more_returns_and_a_batch() -> None:
    assert try_returns(range(6, 120), 7).wrong == []
    if sys.platform != "win32":
        assert try_batch(0, 7, 40)[0] == []


def test_the_same_number_is_the_same_input() -> None:
    first, again = (try_parts(range(40, 60), seed) for seed in (1, 1))
    assert (first.kinds, first.codes) == (again.kinds, again.codes)


def test_a_traceback_is_seen_and_the_next_input_is_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise KeyError("a fault of our own")

    monkeypatch.setattr("fuzz.examined", fail)
    seen = try_returns(range(3), 1)
    assert [("a traceback" in one, "KeyError" in one) for one in seen.wrong] == [(True, True)] * seen.kinds.total()


@pytest.mark.parametrize(
    ("findings", "marked", "seen"),
    [
        ((), None, "neither a form nor a finding"),
        ((F11.finding("跳过"),), None, "nothing is said of the sheet"),
        ((Finding("F13", Severity.ERROR, "程序出了错"),), None, "the program was at fault"),
        ((Finding("Z99", Severity.ERROR, "?"),), None, "no such code"),
        ((F01.finding("打不开"),), b"PK", "cannot be read"),
        ((F01.finding("打不开"),), None, None),
    ],
)
def test_what_must_not_be_is_seen(
    findings: tuple[Finding, ...], marked: bytes | None, seen: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outcome(_: Request, name: str, data: bytes) -> Examined:
        return replace(outcome_of(Submission(source_of(name, data), (), findings)), marked=marked)

    monkeypatch.setattr("fuzz.examined", outcome)
    monkeypatch.setattr("fuzz.made", lambda *_: ("sound", ".xlsx", good()))
    wrong = try_returns(range(1), 1).wrong
    assert [one for one in wrong if seen and seen in one] if seen else wrong == []
