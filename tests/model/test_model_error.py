"""perfxl's own errors go from one process to another whole, whatever they are made of."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import perfxl
from perfxl.model.error import Error
from perfxl.year.report.outcome import NothingToReportError


def kinds(above: type[Error] = Error) -> Iterator[type[Error]]:
    for kind in above.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_kind_comes_back_with_its_text_and_what_it_holds() -> None:
    for module in walk_packages(perfxl.__path__, "perfxl."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    known = [kind for kind in kinds() if kind.__module__.startswith("perfxl.")]
    assert len(known) > 20
    for kind in known:
        error = kind.__new__(kind, "哪里不对")
        error.args = ("哪里不对",)
        error.__dict__["about"] = ("甲", 1)
        there = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
        assert (type(there), there.args, there.__dict__) == (kind, error.args, error.__dict__)


def test_one_that_is_made_of_something_else_than_its_text_does() -> None:
    error = NothingToReportError(("《绩效自评报告》",), ())
    there = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert (str(there), there.left_out) == (str(error), ())
