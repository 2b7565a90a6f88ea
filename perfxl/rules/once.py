"""What of a rule hangs on its form alone is worked out once a form: returns are many, forms few."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from perfxl.model.form import Form, FormRule

_P = ParamSpec("_P")
_T = TypeVar("_T")


def once_a_form(work: Callable[Concatenate[Form, _P], Iterable[_T]]) -> Callable[Concatenate[Form, _P], tuple[_T, ...]]:
    """Let a function of a form, of rules and paths of it, be worked out once for each; it is given as a tuple.

    What it gives is kept with the form, as what hangs on an expression alone is kept with that (``perfxl.model.once``). A rule is
    known by itself, not by what it is equal to. What is given by name is not known again.
    """
    name = f"{work.__module__}.{work.__qualname__}"

    @wraps(work)
    def found(form: Form, /, *args: _P.args, **others: _P.kwargs) -> tuple[_T, ...]:
        if others:
            return tuple(work(form, *args, **others))
        kept: dict[tuple[object, ...], tuple[object, tuple[_T, ...]]] = form.__dict__.setdefault(name, {})
        key = tuple(id(one) if isinstance(one, FormRule) else one for one in args)
        known = kept.get(key)
        if known is None:
            # With the rules themselves: as long as they are there no other has their ids.
            known = kept[key] = args, tuple(work(form, *args, **others))
        return known[1]

    return found
