"""Every authored form passes the trial that `perfxl lint --try` makes."""

from __future__ import annotations

import pytest
from authored_returns import HERE, authored

from perfxl.forms.definition.load import lint
from perfxl.trial.proof import try_form, try_looks

NAMES = sorted(path.parent.name for path in HERE.glob("*/form.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_authored_form_works(name: str) -> None:
    assert try_form(authored(name)) == ()


@pytest.mark.parametrize(
    "name", [*NAMES, "school-statistics/school-quarterly", "school-statistics/school-quarterly-audit"]
)
def test_an_authored_form_looks_right_on_its_pages(name: str) -> None:
    folder, _, own = name.rpartition("/")
    assert try_looks(lint([HERE / folder])[0][own]) == ()
