"""What the sheets and their tables are called: at most 31 characters, no two alike."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from perfxl.ledger.tables import LedgerTable
from perfxl.model.form import Form
from perfxl.model.period import Period

EXPLANATION, STATISTICS, RANKING, CHARTS = "说明", "指标统计", "排名", "图表"
FINDINGS, COMPARISON = "审核意见", "年度对比"
COMMON = (EXPLANATION, STATISTICS, RANKING, CHARTS, FINDINGS, COMPARISON)
OFFICIAL, DETAILS = "汇总", "明细"
FUNDS_PIVOT, INDICATORS_PIVOT = "资金透视", "指标透视"
_LONGEST = 31
_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+|\d+)、")
_NO_NAME = re.compile(r"\W")


class SheetNames:
    """Gives each sheet its name. S of the contract is the form's sheet, with its region where two forms' are alike."""

    def __init__(self, forms: Sequence[Form]) -> None:
        alike = Counter(form.sheet for form in forms)
        self._regions: Mapping[str, str] = {
            form.id: f"（{form.region}）" if alike[form.sheet] > 1 and form.region else "" for form in forms
        }
        self._taken = {name.lower() for name in COMMON}
        self._tables: set[str] = set()

    def sheet(self, form: Form, ending: str) -> str:
        """Return the name of a form's sheet that has not been asked for before: S with an ending."""
        own, end = (_clean(text) for text in (f"{form.sheet}{self._regions[form.id]}", ending))
        number = 1
        while True:
            last = end if number == 1 else f"{end[:20]}({number})"
            name = own[: _LONGEST - len(last)] + last
            if name.lower() not in self._taken:
                self._taken.add(name.lower())
                return name
            number += 1

    def table(self, sheet: str, period: Period) -> str:
        """Return the name of a table on a sheet, such as formulas may use."""
        part = "" if period.whole else f"_{period.first}_{period.last}"
        own = _NO_NAME.sub("_", f"_{sheet}_{period.year or 0}{part}")
        name, number = own, 1
        while name.lower() in self._tables:
            number += 1
            name = f"{own}_{number}"
        self._tables.add(name.lower())
        return name


def title(form: Form, table: LedgerTable) -> str:
    """Return what a growing table of a form is called on it: ``绩效指标``, ``项目支出情况``."""
    label = form.groups.get(table.path, "") or table.path.rpartition(".")[2]
    return _NUMBERED.sub("", label.rpartition(" › ")[2])


def _clean(text: str) -> str:
    return _FORBIDDEN.sub("", text).strip("'")
