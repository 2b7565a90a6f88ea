"""A workbook adopted: a definition for each of its forms, proven before it is handed over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.copies import copy_of
from perfxl.adopt.definition import Adopted, adopted
from perfxl.adopt.guess import Guess, Remark, Sure
from perfxl.adopt.keys import Keys, known_key
from perfxl.adopt.mark import MarkError
from perfxl.adopt.marked import marked_sheet, unused
from perfxl.adopt.sheet import Sheet
from perfxl.adopt.workbook import (
    NoSuchSheetError,
    NotAFormError,
    PassedOver,
    named,
    no_form,
    sheets_of,
    together,
)
from perfxl.adopt.written import written
from perfxl.forms.definition.load import Common, parse
from perfxl.forms.definition.problem import Problem
from perfxl.forms.printed_text import words
from perfxl.model.error import Error
from perfxl.model.form import Form
from perfxl.trial.proof import try_form

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
_NO_INPUT = "没有要填的格（没有空框，也没有留有填写位置的字）"


class AdoptedForm(Struct, frozen=True):
    """A form that was adopted: its definition as text and as it loads, and what wants a look."""

    id: str
    sheet: str
    text: str
    form: Form
    adopted: Adopted
    proof: tuple[Problem, ...]

    @property
    def unsure(self) -> list[tuple[str, Guess]]:
        """The guesses that have to be looked at, with their cells; of a column once."""
        found: dict[str, tuple[str, Guess]] = {}
        for (row, column), guess in sorted(self.adopted.guesses.items()):
            if guess.sure is Sure.UNSURE:
                name = self.adopted.grid.at(row, column).cell.box.name
                found.setdefault(guess.path or name, (name, guess))
        return list(found.values())

    @property
    def remarks(self) -> tuple[Remark, ...]:
        return self.adopted.remarks


class AdoptedWorkbook(Struct, frozen=True):
    """What a workbook gave: its forms, and the sheets that were passed over."""

    forms: tuple[AdoptedForm, ...]
    passed_over: tuple[PassedOver, ...]


def adopt(
    data: bytes,
    file: str,
    common: Common,
    *,
    sheet: str | None = None,
    form: str | None = None,
    copies: Sequence[Sequence[Sheet]] = (),
) -> AdoptedWorkbook:
    """Return a definition for each form of a workbook; ``sheet`` takes one of its sheets, ``form`` is the id.

    ``copies`` are the sheets of other workbooks with the same forms, blank or filled in: what differs in them is filled in, what agrees
    is printed. Raises UnreadableWorkbookError for a file that cannot be read, NotAFormError where no form is in it, NoSuchSheetError.
    """
    sheets = sheets_of(data)
    if sheet is not None:
        wanted = named(sheets, sheet)
        if wanted is None:
            raise NoSuchSheetError(f"没有名为“{sheet}”的工作表；有：{'、'.join(one.name for one in sheets)}")
        sheets = [wanted]
    forms: list[AdoptedForm] = []
    passed: list[PassedOver] = []
    keys = Keys()
    for one in sheets:
        why = no_form(one)
        try:
            beside = [copy for other in copies if (copy := copy_of(one, other)) is not None]
            made = adopted_form(one, file, common, _id(one, form, keys), beside) if not why else None
        except (MarkError, UnusableError) as error:
            made, why = None, str(error)
        if made is None:
            passed.append(PassedOver(one.name, why or _NO_INPUT))
        else:
            forms.append(made)
    if not forms:
        raise NotAFormError("；".join(together(passed)))
    return AdoptedWorkbook(tuple(forms), tuple(passed))


class UnusableError(Error):
    """A sheet of which no definition comes that loads; the text says why."""


def adopted_form(
    sheet: Sheet, file: str, common: Common, form: str, copies: Sequence[Sheet] = ()
) -> AdoptedForm | None:
    """Return the form of a sheet, None where nothing is to be filled in on it.

    Where the definition does not load the rules are left out. Raises MarkError for marks that cannot be used,
    UnusableError where it does not load without rules either.
    """
    sheet, wrong = marked_sheet(sheet)
    if wrong:
        raise MarkError(_mistaken(wrong))
    made = adopted(sheet, form, common.spec, copies)
    if made.mistakes:
        raise MarkError(_mistaken(made.mistakes))
    if not any(guess.path for guess in made.guesses.values()):
        return None
    text = written(made, file)
    loaded, problems = parse(text, file, common)
    if loaded is None:
        made = replace(made, spec=replace(made.spec, rules=()))
        text = written(made, file)
        loaded, problems = parse(text, file, common)
    if loaded is None:
        raise UnusableError(f"读出的表样不能用：{_told(problems)}")
    wrong = tuple(unused(sheet, loaded, made.paths))
    if wrong:
        raise MarkError(_mistaken(wrong))
    return AdoptedForm(form, sheet.name, text, loaded, made, try_form(loaded))


def _mistaken(mistakes: Sequence[str]) -> str:
    return "里的标记有错误，请在原来的工作簿里改好再读：\n" + "\n".join(f"  {one}" for one in mistakes)


def _told(problems: Sequence[Problem]) -> str:
    return "；".join(problem.message for problem in problems[:3])


def is_id(text: str) -> bool:
    """Tell whether a text can be a form's id."""
    return bool(_ID.fullmatch(text))


def _id(sheet: Sheet, given: str | None, keys: Keys) -> str:
    """Return the id of a sheet's form: the given one, numbered from the second form on, else one from its title."""
    title = next((cell.text for cell in sheet.anchors() if cell.box.row <= 3 and len(words(cell.text)) > 4), sheet.name)
    wanted = given or known_key(title).replace("_", "-") or known_key(sheet.name).replace("_", "-") or "form"
    name = keys.give(wanted, "form").replace("_", "-")
    return name if is_id(name) else f"form-{len(keys.taken)}"
