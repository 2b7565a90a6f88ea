"""What is short is worked out once, what is long each time."""

from __future__ import annotations

from perfxl.model.remembered import if_short

CALLS: list[tuple[str, int]] = []


@if_short(3, 2)
def _said(text: str, times: int) -> str:
    """Say it."""
    CALLS.append((text, times))
    return text * times


def test_only_short_ones_are_remembered_and_not_more_than_were_asked_for() -> None:
    CALLS.clear()
    assert [_said("abc", 2), _said("abc", 2), _said("abc", 1)] == ["abcabc", "abcabc", "abc"]
    assert [_said("abcd", 1), _said("abcd", 1)] == ["abcd", "abcd"]
    assert CALLS == [("abc", 2), ("abc", 1), ("abcd", 1), ("abcd", 1)]
    _said("x", 1)
    _said("abc", 2)
    assert CALLS[-2:] == [("x", 1), ("abc", 2)]
    assert _said.__doc__ == "Say it."
