"""What is made late is what the standard library makes at once: both are asked the same."""

from __future__ import annotations

import copy
import dataclasses
import inspect
import pickle
from collections.abc import Callable
from dataclasses import FrozenInstanceError, field
from typing import Any, ClassVar

import pytest

from perfxl.model.lazy_dataclass import dataclass as late


def _declare(decorate: Callable[..., Any], **asked: bool) -> Any:
    """Return a class with fields of every kind, as a decorator makes it."""

    class Declared:
        """Fields of every kind."""

        kind: ClassVar[str] = "one"
        first: int
        second: str = "b"
        third: list[int] = field(default_factory=list)
        silent: int = field(default=0, repr=False)
        beside: int = field(default=0, compare=False)
        inner: list[int] = field(default_factory=list, init=False)
        named: int = field(default=5, kw_only=True)

        def __post_init__(self) -> None:
            if self.first < 0:
                raise ValueError("below zero")

    return decorate(slots=True, **asked)(Declared)


PAIRS = {
    name: (_declare(dataclasses.dataclass, **asked), _declare(late, **asked))
    for name, asked in {
        "frozen": {"frozen": True},
        "free": {},
        "by name only": {"frozen": True, "kw_only": True},
        "each its own": {"frozen": True, "eq": False},
    }.items()
}
CALLS: tuple[tuple[tuple[int, ...], dict[str, Any]], ...] = (
    ((), {"first": 1}),
    ((), {"first": 1, "second": "x", "third": [1], "silent": 2, "beside": 3, "named": 4}),
    ((1,), {}),
    ((1, 2, 3, 4, 5), {}),
    ((1, 2, 3, 4, 5, 6), {}),
    ((), {}),
    ((), {"first": -1}),
    ((), {"first": 1, "inner": []}),
    ((), {"first": 1, "strange": 0}),
    ((1,), {"first": 1}),
)


@late(frozen=True, slots=True)
class Single:
    """A value that can be pickled: its class has a place."""

    only: int
    more: tuple[int, ...] = ()


@late(frozen=True, slots=True)
class Longer(Single):
    """One that has a field more."""

    last: str = ""


@late(frozen=True, slots=True)
class Nothing:
    """No fields."""


@late(frozen=True, slots=True)
class Own:
    """One with methods of its own."""

    only: int

    def __repr__(self) -> str:
        return "mine"

    def __eq__(self, other: object) -> bool:
        return True

    def __hash__(self) -> int:
        return 7


def _outcome(kind: Any, args: tuple[Any, ...], named: dict[str, Any]) -> tuple[Any, ...]:
    try:
        made = kind(*args, **named)
    except (TypeError, ValueError) as error:
        return (str(error).rpartition("() ")[2],)
    one, two = dataclasses.replace(made), copy.deepcopy(made)
    return repr(made), dataclasses.asdict(made), made == one, one == two, made == 1, dataclasses.astuple(two)


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize(("args", "named"), CALLS, ids=str)
def test_values_are_made_and_refused_alike(name: str, args: tuple[Any, ...], named: dict[str, Any]) -> None:
    plain, ours = PAIRS[name]
    assert _outcome(ours, args, named) == _outcome(plain, args, named)


@pytest.mark.parametrize("name", PAIRS)
def test_a_class_says_of_itself_the_same(name: str) -> None:
    plain, ours = PAIRS[name]
    assert [*inspect.signature(ours).parameters] == [*inspect.signature(plain).parameters]
    assert ours.__match_args__ == plain.__match_args__
    assert ours.__slots__ == plain.__slots__
    assert (ours.__hash__ is None) == (plain.__hash__ is None)
    assert [one.name for one in dataclasses.fields(ours)] == [one.name for one in dataclasses.fields(plain)]


def test_a_frozen_value_lets_nothing_be_changed() -> None:
    value: Any = Single(1)
    for name in ("only", "new"):
        with pytest.raises(FrozenInstanceError):
            setattr(value, name, 2)
    with pytest.raises(FrozenInstanceError):
        del value.only
    assert value == Single(1)
    assert not hasattr(value, "__dict__")


def test_values_go_by_what_is_in_them() -> None:
    assert Single(1, (2,)) == Single(1, (2,)) != Single(1, (3,))
    assert len({Single(1), Single(1), Single(2)}) == 2
    assert hash(Single(1)) == hash((1, ()))
    assert Longer(1) != Single(1)
    assert repr(Longer(1, last="x")) == "Longer(only=1, more=(), last='x')"
    assert Nothing() == Nothing()
    assert pickle.loads(pickle.dumps(Longer(1, (2,), "x"))) == Longer(1, (2,), "x")  # noqa: S301 - just made
    assert (repr(Own(1)), Own(1) == 5, hash(Own(1))) == ("mine", True, 7)


def test_what_holds_itself_can_be_shown() -> None:
    _, ours = PAIRS["free"]
    value = ours(1)
    value.third = [value]
    assert "third=[...]" in repr(value)
