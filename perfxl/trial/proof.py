"""A form tried before anybody fills it in: what is wrong with it that its definition alone does not show."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.forms.definition.problem import Problem
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.form import Form
from perfxl.model.grid import Book
from perfxl.model.record import Record
from perfxl.readers.book import read_book
from perfxl.trial.answers import answers, typed_in
from perfxl.trial.blank import loud_blank
from perfxl.trial.fault import ASK, Fault
from perfxl.trial.looks import odd_looks
from perfxl.trial.return_trip import alike, on_sheet, return_trip, unread_inputs
from perfxl.trial.rules import idle_rules, speechless_rules, two_minds
from perfxl.trial.sheets import Filled
from perfxl.writer.write import write

_YEAR = 2024
"""The year that the form is tried with; any will do."""


def try_form(form: Form, file: str = "") -> tuple[Problem, ...]:
    """Fill a form in by its cells, read it back, try its rules; return what does not work, each as a problem of ``file``.

    What is read must be what was typed, in its place: whole, in part, and with rows inserted. Takes no file and starts no
    program; raises nothing, whatever the form is like.
    """
    return _problems(_faults(form), form, file)


def try_inputs(form: Form, file: str = "") -> tuple[Problem, ...]:
    """Return the inputs of a form that could not be read when it comes back, each as a problem of ``file``.

    Looks at what is printed near them, and fills nothing in.
    """
    return _problems(unread_inputs(form), form, file)


def try_looks(form: Form, file: str = "") -> tuple[Problem, ...]:
    """Return what looks wrong on the pages of a form, each as a problem of ``file``."""
    return _problems(odd_looks(form, _YEAR), form, file)


def _problems(faults: Iterator[Fault], form: Form, file: str) -> tuple[Problem, ...]:
    found = dict.fromkeys(faults)
    return tuple(Problem(file or f"{form.id}/form.yaml", fault.line, 1, fault.message, fault.remedy) for fault in found)


def _faults(form: Form) -> Iterator[Fault]:
    """Yield the faults of a form; where perfxl itself fails over it, that is the last one."""
    doing = "生成空白表"
    try:
        unread = tuple(unread_inputs(form))
        if unread:
            yield from unread
            return
        layouts = Outgoing.holding(form, Record(), _YEAR).layouts(Own())
        typed = [answers(form, layout, _YEAR) for layout in layouts]
        book = read_book(write([typed_in(layout, answered) for layout, answered in zip(layouts, typed, strict=True)]))
        doing = "读回填好的表"
        if isinstance(book, Book):
            grids = [next(grid for grid in book.sheets if grid.name == layout.sheet) for layout in layouts]
            for part, layout, grid, answered in zip(form.parts, layouts, grids, typed, strict=True):
                for fault in return_trip(part, layout, Filled(grid, answered)):
                    yield fault if len(layouts) == 1 else on_sheet(layout.sheet, fault)
            yield from alike(form, grids)
        else:
            yield Fault(1, f"生成的空白表打不开：{book.message}", ASK)
        doing = "查看空白表"
        yield from loud_blank(form, layouts)
        doing = "试算各条规则"
        yield from idle_rules(form)
        yield from speechless_rules(form)
        yield from two_minds(form)
    except Exception as error:  # noqa: BLE001 - whatever a form makes fail is what its author must hear of
        yield Fault(1, f"{doing}时程序出了错：{type(error).__name__} {error}", ASK)
