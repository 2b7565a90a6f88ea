"""An expression that is compiled when it is first used is otherwise one like any other."""

from __future__ import annotations

import copy
import pickle
import re
from typing import Any

import pytest

from perfxl.model.regex import deferred


def said(done: object) -> object:
    return (done.span(), done.groupdict()) if isinstance(done, re.Match) else done


@pytest.mark.parametrize(
    ("use", "given"),
    [
        ("match", ("ab12",)),
        ("search", ("12ab", 1)),
        ("fullmatch", ("AB",)),
        ("findall", ("ab 1 Cd",)),
        ("split", ("1ab2cd3", 1)),
        ("sub", (".", "1ab2cd3", 1)),
        ("subn", (".", "1ab2cd3")),
    ],
)
def test_it_does_what_a_compiled_one_does(use: str, given: tuple[Any, ...]) -> None:
    late, early = deferred("(?P<word>[a-z]+)", re.IGNORECASE), re.compile("(?P<word>[a-z]+)", re.IGNORECASE)
    for _ in range(2):  # the first time it is compiled
        assert said(getattr(late, use)(*given)) == said(getattr(early, use)(*given))
    assert [found.span() for found in late.finditer("ab cd")] == [(0, 2), (3, 5)]
    assert (late.pattern, late.flags, late.groupindex) == (early.pattern, early.flags, early.groupindex)


def test_bytes_are_read_with_an_expression_of_bytes() -> None:
    assert deferred(rb"\d").findall(b"a1b2") == [b"1", b"2"]


def test_it_is_compiled_when_it_is_used() -> None:
    broken = deferred("(")
    with pytest.raises(re.error):
        broken.match("")


@pytest.mark.parametrize("used", [False, True])
def test_it_can_be_copied_and_sent(*, used: bool) -> None:
    one = deferred("a+")
    assert not used or one.match("a")
    for other in (copy.copy(one), pickle.loads(pickle.dumps(one))):  # noqa: S301 - our own
        assert other.sub("b", "caac") == "cbc"
