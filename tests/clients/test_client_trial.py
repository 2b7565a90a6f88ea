"""Formulas of forms worked out by LibreOffice and by perfxl: both give the same, and what does not is named."""

from __future__ import annotations

from typing import Any

import pytest

from perfxl.expr.excel import to_excel
from perfxl.forms.definition.load import load_forms
from perfxl.trial.office import soffice, try_formulas
from perfxl.writer import cells
from support.cases import form_of
from support.trials import HEAD

pytestmark = pytest.mark.client

FORM = form_of(f"""{HEAD}
- row:
  - {{at: A, label: 数量}}
  - {{at: B, field: number, type: integer, preset: 3}}
  - {{at: C, label: 单价}}
  - {{at: D, field: price, type: money, preset: 2}}
  - {{at: E, label: 金额}}
  - {{at: F, field: amount, type: money, formula: number * price}}
""")


def test_shipped_forms_are_worked_out_alike() -> None:
    program = soffice()
    assert program is not None
    assert try_formulas({f"{name}/form.yaml": form for name, form in load_forms().items()}, program) == ()


def test_a_formula_that_gives_something_else_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def one_more(*given: Any) -> str:
        return f"1+{to_excel(*given)}"

    program = soffice()
    assert program is not None
    monkeypatch.setattr(cells, "to_excel", one_more)
    (found,) = try_formulas({"plan/form.yaml": FORM}, program)
    assert found.file == "plan/form.yaml"
    assert "F3“金额”的公式在 LibreOffice 里得出" in found.message
