"""Every word that a regional form prints is the printed one, in the order in which it stands on paper.

``printed_words/FORM.txt`` holds the labels of a filled form as printed, read row by row, blanks taken out; ``____``
stands for what is typed. A ``+`` marks what that copy does not have: a 二级 that its unit had no indicator for (the blank
prints it for the others), and what our sheet adds to collect a report.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.api import layout
from perfxl.forms.definition.load import load_forms
from perfxl.forms.layout.resize import tables
from perfxl.forms.printed_text import HOLE
from perfxl.model.layout import PlacedCell, Role

FORMS = load_forms()
WORDS = {path.stem: path for path in sorted(Path(__file__).parent.glob("printed_words/*.txt"))}
YEARS = {"henan-dept-goal": 2020, "hunan-dept-self-eval": 2023, "hunan-self-eval-report": 2023}
"""The years of the copies that the words are from; 2024 where it is not said."""


def words(cell: PlacedCell) -> str:
    text = cell.text if cell.role in {Role.LABEL, Role.PRINTED} else ""
    if cell.caption is not None:
        text = f"{cell.caption.before}{HOLE}{cell.caption.after}"
    return "".join(text.split())


def test_all_seven_regional_forms_are_compared() -> None:
    assert set(WORDS) == {name for name, form in FORMS.items() if form.region != "全国"}


@pytest.mark.parametrize("name", WORDS)
def test_the_printed_words_stand_in_their_order(name: str) -> None:
    form = FORMS[name]
    once = {table: 1 for table in tables(form) if not table.endswith("goals")}
    placed = layout(form, year=YEARS.get(name, 2024), rows=once)
    printed = [text for text in map(words, placed.cells) if text]
    assert printed == [line.removeprefix("+") for line in WORDS[name].read_text("utf-8").splitlines()]
