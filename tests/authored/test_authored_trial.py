"""Every authored form passes the trial that `perfxl lint --try` makes."""

from __future__ import annotations

import pytest
from authored_returns import HERE, authored

from perfxl.trial.proof import try_form

NAMES = sorted(path.parent.name for path in HERE.glob("*/form.yaml"))


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_an_authored_form_works(name: str) -> None:
    assert try_form(authored(name)) == ()
