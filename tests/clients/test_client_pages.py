"""Every form on paper through LibreOffice: blank, filled in in three ways, with twice as many rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from perfxl.forms.definition.load import load_forms
from support.office import Office
from support.paper import STATES, cut, print_form

pytestmark = pytest.mark.client

FORMS = load_forms()
ONE_PAGE = {
    "hunan-dept-self-eval": {"blank", "sample", "ordinary", "typed"},
    "jilin-project-self-eval": {"blank", "sample", "ordinary", "typed"},
    "mof-project-goal": {"blank", "sample", "ordinary", "typed"},
    "mof-project-self-eval": {"blank", "sample", "ordinary", "typed"},
}
MANY = 5


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("name", FORMS)
def test_nothing_is_cut_and_no_page_is_nearly_empty(name: str, state: str, office: Office, tmp_path: Path) -> None:
    pages = print_form(FORMS[name], state, office, tmp_path)
    assert cut(pages) == []
    nearly_empty = [page for page in pages if page.fill < 0.2]
    assert len(nearly_empty) <= (len(pages) >= MANY)
    assert pages[0].scale > 0.83  # as LibreOffice has it, whose columns are as wide as the machine's fonts make them
    if state in ONE_PAGE.get(name, ()):
        assert len(pages) == 1
