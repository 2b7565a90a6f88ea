"""Totals over rows that an officer inserted: they have no formulas, and are in the totals all the same where that can be."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal

import pytest

import perfxl
from perfxl.expr.evaluate import evaluate
from perfxl.expr.from_inputs import from_inputs
from perfxl.model.form import Form
from perfxl.model.submission import Submission
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.trial.attempts import attempts
from support.cases import form_of
from support.trials import HEAD

BANDS = """
- table: items
  columns:
  - {{at: A, label: 名称, field: name, type: text}}
  - {{at: B, label: 数量, field: number, type: integer, min: 0}}
  - {{at: C, label: 单价, field: price, type: money}}
  - {{at: D:E, label: 金额, field: amount, type: money, formula: "{row}"}}
  - {{at: F, label: 备注, field: note, type: text}}
  rows: 5
- row:
  - {{at: A, label: 合计}}
  - {{at: B:C}}
  - {{at: D:E, field: total, type: money, formula: "{total}"}}
  - {{at: F}}
rules:
- {{code: M01, over: total}}
- {{code: M05, must: "{total} <= 100", at: total, say: 合计超过 100}}
"""
GUARDED = "IF(COUNT(items.amount) = 0, BLANK, ROUND(SUM(items.amount), 2))"


def plan(row: str, total: str) -> Form:
    return form_of(HEAD + BANDS.format(row=row, total=total))


def returned(form: Form, shown: str) -> Submission:
    """Hand the form in with three rows of 10, 20 and 30, the last of which was inserted: it has no formula in D6."""
    items = [{"name": name, "number": number, "price": 10} for number, name in enumerate("甲乙丙", start=1)]
    made = io.BytesIO(perfxl.generate(form, unit="某局", data={"items": items}))
    changed = io.BytesIO()
    with zipfile.ZipFile(made) as old, zipfile.ZipFile(changed, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub(r'<c r="D6"([^>]*)>.*?</c>', r'<c r="D6"\1/>', part.decode())
                part = re.sub(r'(<c r="D9"[^>]*><f>.*?</f><v>)60.0(</v>)', rf"\g<1>{shown}\2", text).encode()
            new.writestr(name, part)
    return process(changed.getvalue(), "a.xlsx", Library.of({form.id: form}))


@pytest.mark.parametrize("row", ["number * price", "SUM(number, price)"])
@pytest.mark.parametrize("total", ["SUM(items.amount)", GUARDED])
def test_a_total_of_products_and_sums_is_worked_out_from_what_was_typed(row: str, total: str) -> None:
    form = plan(row, total)
    right = "60.0" if row == "number * price" else "36.0"
    assert [one.code for one in returned(form, right).findings] == []


def test_a_total_that_leaves_out_an_inserted_row_is_a_warning_that_names_its_cell() -> None:
    found = returned(plan("ROUND(number * price, 2)", GUARDED), "30.0")
    (one,) = found.findings
    assert (one.code, one.severity.value, one.cell) == ("M01", "warning", "D9")
    assert "30.00 没有算上 D6" in one.message
    assert "60.00" in one.message
    assert found.forms[0].record["total"] == Decimal(60)


@pytest.mark.parametrize(
    "row", ["number * price", "SUM(number, price)", "price * price * number", "ROUND(number * price, 2)"]
)
@pytest.mark.parametrize("total", ["SUM(items.amount)", GUARDED, "SUM(items.amount, items.price) * 2"])
def test_what_is_added_up_is_the_same(row: str, total: str) -> None:
    form = plan(row, total)
    formula = form.fields["total"].formula
    rule = form.rules[1]
    assert formula is not None
    assert rule.must is not None
    other = from_inputs(formula, lambda path: form.fields[path].formula)
    assert (other == formula) is (row.startswith("ROUND"))
    for record, _ in attempts(form, rule, rule.must, 100):
        found, wanted = evaluate(other, record), evaluate(formula, record)
        if isinstance(found, Decimal) and isinstance(wanted, Decimal):
            assert abs(found - wanted) <= max(abs(wanted), Decimal(1)) * Decimal("1e-12")
        else:
            assert found == wanted
