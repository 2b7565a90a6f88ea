"""Codes of forms' own in the 汇总 workbook: by the title of their form, two forms' one code apart."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from perfxl.ledger.ledger import Ledger, LedgerForm
from perfxl.model.record import Record
from perfxl.year.summarize.workbook.findings import findings_sheet, plan_findings
from support.cases import form_of
from support.tinyforms import PURCHASE_TEXT

CODES = """\
codes:
- {{code: Z01, title: {title}, meaning: 见表样。, remedy: 请核对。, severity: warning}}
rules:
- {{code: Z01, must: price <= 100, at: price, say: 单价过高}}
"""


def test_a_code_of_two_forms_is_counted_by_what_each_means(tmp_path: Path) -> None:
    first = form_of(PURCHASE_TEXT + CODES.format(title="单价偏高"))
    second = form_of(PURCHASE_TEXT.replace("form: tiny-purchase", "form: tiny-other") + CODES.format(title="超过概算"))
    with Ledger(tmp_path / "ledger", (first, second)) as ledger:
        for form, codes in ((first, ("Z01", "M05")), (second, ("Z01",)), (second, ("Z01",))):
            about = (*("",) * 3, form.id, "1", 2024, "", f"单位{len(codes)}", *(None,) * 8)
            findings = tuple((code, "warning", *(None,) * 7) for code in codes)
            ledger.enter(LedgerForm(form, about, findings, Record({}, {})))
        ledger.keep((1, 2, 3))
        plan = plan_findings(ledger)
        sheet = findings_sheet(plan, ledger, cast("Any", None), tmp_path / "汇总.xlsx")
        lines = {line.number: [cell for cell in line.cells if cell is not None] for line in sheet.lines()}
    rules = {lines[row][1].value: lines[row] for row in range(plan.rules[0], plan.rules[1] + 1)}
    assert {title: (cells[0].value, cells[3].value) for title, cells in rules.items()} == {
        "超过概算": ("Z01", 2),
        "单价偏高": ("Z01", 1),
        "部分大于总额": ("M05", 1),
    }
    # The sheet adds the two up apart, too.
    assert all((",$B$" in str(cells[3].formula)) == (cells[0].value == "Z01") for cells in rules.values())
    details = [lines[row][1].value for row in range(plan.lines[0], plan.lines[1] + 1)]
    assert details == ["部分大于总额", "单价偏高", "超过概算", "超过概算"]
