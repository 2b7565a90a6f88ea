"""``dataclass`` as the standard library has it, its methods not written before they are needed.

A frozen one with slots has six functions written and compiled for each class: a millisecond, three hundred times, before a
command does anything. Here ``__init__`` is written when the first value of its class is made, and the other methods are
shared by all classes. Fields, equality, hash, text, pickling and errors are those of ``dataclasses``.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass  # noqa: PLC0414 - to type checkers it is that
else:

    def dataclass(kind: type | None = None, /, **asked: bool) -> Any:
        """Do what ``dataclasses.dataclass`` does; ordered classes, and those without slots, are left to it."""
        if kind is None:
            return lambda found: dataclass(found, **asked)
        if not asked.get("slots") or asked.get("order"):
            return dataclasses.dataclass(kind, **asked)
        return _made(
            kind, frozen=asked.get("frozen", False), eq=asked.get("eq", True), kw_only=asked.get("kw_only", False)
        )


def _made(kind: type, *, frozen: bool, eq: bool, kw_only: bool) -> Any:
    kind.__doc__ = kind.__doc__ or f"{kind.__name__}."  # else a signature is worked out for it
    own = {name for name, value in vars(kind).items() if value is not None}
    made: Any = dataclasses.dataclass(init=False, repr=False, eq=False, slots=True, kw_only=kw_only)(kind)
    fields = dataclasses.fields(made)
    methods: dict[str, object] = {"__init__": _Initializer(made, frozen=frozen), "__repr__": _repr}
    if eq:
        values = _values_of([one.name for one in fields if one.compare])
        methods |= _compared(values, hashed=frozen)
    if frozen:
        methods |= {"__setattr__": _set_nothing, "__delattr__": _delete_nothing}
        methods |= {"__getstate__": _state, "__setstate__": _restore}
    for name, method in methods.items():
        if name == "__init__" or name not in own:
            setattr(made, name, method)
    return made


class _Initializer:
    """The ``__init__`` of a class, which takes this one's place as soon as it is asked for."""

    def __init__(self, kind: type, *, frozen: bool) -> None:
        self._kind, self._frozen = kind, frozen

    def __get__(self, value: object, _: type | None = None) -> Any:
        written = _written(self._kind, frozen=self._frozen)
        self._kind.__init__ = written  # type: ignore[misc] # that is what it is for
        return written if value is None else written.__get__(value)


def _written(kind: type, *, frozen: bool) -> Any:
    """Return the ``__init__`` of a class. A frozen value's slots are set by what sets slots: it lets nobody else."""
    fields = sorted(
        (one for one in dataclasses.fields(kind) if one.init or _given(one)), key=lambda one: bool(one.kw_only)
    )
    known: dict[str, object] = {"_LATER": _LATER}
    parameters, body = ["self"], []
    for number, one in enumerate(fields):
        known |= {f"_set{number}": getattr(kind, one.name).__set__, f"_default{number}": one.default}
        value = one.name
        if one.default_factory is not dataclasses.MISSING:
            known[f"_make{number}"] = one.default_factory
            value = f"_make{number}() if {one.name} is _LATER else {one.name}" if one.init else f"_make{number}()"
        elif not one.init:
            value = f"_default{number}"
        if one.init:
            if one.kw_only and "*" not in parameters:
                parameters.append("*")
            default = "_LATER" if one.default_factory is not dataclasses.MISSING else f"_default{number}"
            parameters.append(f"{one.name}={default}" if _given(one) else one.name)
        body.append(f" _set{number}(self, {value})" if frozen else f" self.{one.name} = {value}")
    if hasattr(kind, "__post_init__"):
        body.append(" self.__post_init__()")
    exec(f"def __init__({', '.join(parameters)}):\n" + ("\n".join(body) or " pass"), known)  # noqa: S102 - names of fields
    written: Any = known["__init__"]
    written.__qualname__ = f"{kind.__qualname__}.__init__"
    written.__module__ = kind.__module__
    return written


class _Later:
    """What stands for a value that is made anew for each."""

    def __repr__(self) -> str:
        return "<factory>"


_LATER = _Later()


def _given(one: dataclasses.Field[Any]) -> bool:
    """Tell whether a field has a value where none is given."""
    return one.default is not dataclasses.MISSING or one.default_factory is not dataclasses.MISSING


def _values_of(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """Return what takes the values of some fields, as a tuple."""
    if len(names) > 1:
        return attrgetter(*names)
    return lambda value: tuple(getattr(value, name) for name in names)


def _compared(values: Callable[[object], tuple[object, ...]], *, hashed: bool) -> dict[str, object]:
    def __eq__(self: object, other: object) -> bool:  # noqa: N807 - it becomes the method
        return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self: object) -> int:  # noqa: N807 - likewise
        return hash(values(self))

    return {"__eq__": __eq__, "__hash__": __hash__ if hashed else None}


@recursive_repr()
def _repr(self: Any) -> str:
    shown = (f"{one.name}={getattr(self, one.name)!r}" for one in dataclasses.fields(self) if one.repr)
    return f"{type(self).__qualname__}({', '.join(shown)})"


def _set_nothing(self: object, name: str, value: object) -> None:
    del self, value
    raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete_nothing(self: object, name: str) -> None:
    del self
    raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")


def _state(self: Any) -> list[object]:
    return [getattr(self, one.name) for one in dataclasses.fields(self)]


def _restore(self: Any, state: list[object]) -> None:
    for one, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, one.name, value)
