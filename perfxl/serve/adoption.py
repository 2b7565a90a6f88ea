"""A workbook understood as forms, corrected, tried and kept: each step one call of a worker."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.adopting import adopt
from perfxl.adopt.correct import FieldEntry, corrected, fields
from perfxl.adopt.page import looked_at, page, sides
from perfxl.adopt.workbook import together
from perfxl.forms.definition.load import DEFINITION, parse, read_common, shipped
from perfxl.outputs import write_whole
from perfxl.trial.proof import try_form

PAGE = "adopt.html"


class DraftForm(Struct, frozen=True):
    """A definition under way: its text, its fields, what was understood of the sheet, what wants a look, what is wrong.

    ``tried`` says what came of trying it: nothing where it has not been tried since it was changed.
    """

    id: str
    sheet: str
    title: str
    text: str
    fields: tuple[FieldEntry, ...]
    sides: str
    page: str
    looks: tuple[str, ...]
    problems: tuple[str, ...] = ()
    tried: tuple[str, ...] | None = None


class Draft(Struct, frozen=True):
    """What a workbook gave: definitions under way, and what was passed over."""

    file: str
    forms: tuple[DraftForm, ...]
    passed_over: tuple[str, ...] = ()


def understand(path: Path, name: str, form: str | None) -> Draft:
    """Return what a workbook is understood to be. Raises UnreadableWorkbookError, NotAFormError, OSError."""
    common, _ = read_common(shipped() / "common.yaml")
    made = adopt(path.read_bytes(), name, common, form=form)
    return Draft(
        name,
        tuple(
            DraftForm(
                one.id,
                one.sheet,
                one.form.title,
                one.text,
                fields(one.text),
                sides(one),
                page(one, name),
                tuple(looked_at(one)),
                (),
                tuple(problem.message for problem in one.proof),
            )
            for one in made.forms
        ),
        tuple(f"没有读：{each}" for each in together(made.passed_over)),
    )


def correct(form: DraftForm, corrections: Mapping[int, FieldEntry], text: str) -> DraftForm:
    """Return a definition with corrections, tried: generated, filled in, read back; what is wrong is in it.

    ``text`` is the definition as it was edited by hand; "" where it was not.
    """
    own = text or corrected(form.text, corrections)
    common, _ = read_common(shipped() / "common.yaml")
    loaded, problems = parse(own, DEFINITION, common)
    wrong = tuple(f"第 {one.line} 行：{one.message}，{one.remedy}" for one in problems)
    changed = replace(form, text=own, fields=fields(own), problems=wrong)
    if loaded is None:
        return replace(changed, tried=None)
    return replace(changed, title=loaded.title, tried=tuple(problem.message for problem in try_form(loaded)))


def keep(form: DraftForm, folder: Path) -> None:
    """Write a definition and its page where the definitions of one's own lie. Raises OSError."""
    write_whole(folder / form.id / DEFINITION, form.text.encode())
    write_whole(folder / form.id / PAGE, form.page.encode())


def is_there(forms: Sequence[DraftForm], folder: Path) -> list[str]:
    """Return which of some ids have a definition already."""
    return [one.id for one in forms if (folder / one.id / DEFINITION).exists()]
