"""The rows of an indicator table as the rules read them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.path import generic
from perfxl.model.regex import deferred
from perfxl.model.value import IndicatorValue, Value
from perfxl.model.words import says_nothing
from perfxl.rules.case import Case, in_use, is_nothing
from perfxl.values.label_text import key as letters

COSTS = "成本指标"
"""The 一级 or 二级 in which less is better where nothing else is said; its own 二级 end in it too (经济成本指标)."""

_NUMBERED = re.compile(r"^[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[)）、．:：]|^[0-9]{1,2}[.](?![0-9])")


_OF_MONEY = deferred(
    "资金|经费|预算|支出|支付|付款|拨款|拨付|到位|执行率|执行进度|结转|结余|结算|决算|尾款|质保金|报账|报销|采购|招标|压减|追加|调减|调剂|收回"
)
_ASIDE = re.compile(r"[（(][^（）()]*+[)）]\s*+$")
_COUNTS = re.compile(r"(?:数|数量|人次|场次|次数|率|比例|比重|占比|面积|里程|金额|总额|产量|产值)$")
_NO_COUNT = deferred(r"(?:效率|参数|系数|指数|多数|少数|岁数|心中有数|频率)$")
"""Names that end like one that counts and are as often judged in words."""


class IndicatorRow(Struct, frozen=True):
    """One row of a table; ``path`` is like ``indicators[3]``, a key is the last part of a column's path."""

    case: Case
    path: str
    typed: Mapping[str, Value]
    """What stands in it, by key."""

    @classmethod
    def of(cls, case: Case, path: str) -> IndicatorRow:
        """Return the row at a path."""
        return cls(case, path, case.typed_in(path))

    def at(self, key: str) -> str:
        return f"{self.path}.{key}"

    def has(self, key: str) -> bool:
        """Tell whether the form has such a column."""
        return self.case.has(f"{generic(self.path)}.{key}")

    def text(self, key: str) -> str:
        """Return a text, ends trimmed; "" where it is blank."""
        value = self.typed.get(key)
        return value.strip() if isinstance(value, str) else ""

    def value(self, key: str) -> IndicatorValue | None:
        """Return an indicator value that a rule may read, None where it is blank or unreadable."""
        value = self.typed.get(key)
        return value if isinstance(value, IndicatorValue) and self.sound(key) else None

    def number(self, key: str) -> Decimal | None:
        """Return a number that a rule may read, None where it is blank or unreadable."""
        value = self.typed.get(key)
        return value if isinstance(value, Decimal) and self.sound(key) else None

    def sound(self, *keys: str) -> bool:
        unsound = self.case.unsound
        return not unsound or unsound.isdisjoint(map(self.at, keys))

    def blank(self, key: str) -> bool:
        """Tell whether a cell is blank or says 无, and is not just unreadable."""
        return is_nothing(self.typed.get(key)) and self.sound(key)

    @property
    def name(self) -> str:
        """The row as one speaks of it: by its name in quotation marks, else by its number."""
        return self.case.spoken(self.path)

    @property
    def used(self) -> bool:
        return in_use(self.case.record, self.path)

    @property
    def costs(self) -> bool:
        return self.text("level1").endswith(COSTS) or self.text("level2").endswith(COSTS)

    @property
    def counts(self) -> bool:
        """Tell whether it counts by its name: 受益学生数, 培训人次, 完成率, 绿化面积."""
        name = _ASIDE.sub("", self.text("name"))
        return bool(_COUNTS.search(name)) and not _NO_COUNT.search(name)

    @property
    def reason(self) -> str:
        """What the officer gave as a reason, "" where he gave none."""
        text = self.text("reason")
        return "" if says_nothing(text) else text


def rows(case: Case, table: str) -> Iterator[IndicatorRow]:
    """Yield all rows of a table (generic path: ``indicators``, ``annual_goals[].indicators``)."""
    for path in case.record.rows(table):
        yield IndicatorRow.of(case, path)


def used(case: Case, table: str) -> Iterator[IndicatorRow]:
    """Yield the rows that are in use: those with a name other than 无."""
    for path in case.used(table):
        yield IndicatorRow.of(case, path)


def answered(case: Case, table: str) -> Iterator[tuple[IndicatorRow, IndicatorValue, IndicatorValue]]:
    """Yield the rows in use that have a target and an actual value, with both."""
    for row in used(case, table):
        target, actual = row.value("target"), row.value("actual")
        if target is not None and actual is not None:
            yield row, target, actual


def reason_place(form: Form) -> str:
    """Return where a form asks for reasons (“偏差原因分析及改进措施”栏), "" where it has no place for any."""
    path = next((path for path in form.fields if path.endswith("].reason")), "")
    return f"“{form.fields[path].parts[-1]}”栏" if path else ""


def explain_there(form: Form, what: str) -> str:
    """Return the request to explain what is so, where a form has a place for that: ，确实如此的在…栏写明原因."""
    place = reason_place(form)
    return f"，确实如此的，请在{place}写明{what}" if place else ""


def speaks_of_money(text: str) -> bool:
    """Tell whether a reason is about money: 因项目采购推迟，资金结转下年支付."""
    return bool(_OF_MONEY.search(text))


def wording(name: str) -> str:
    """Return what two spellings of one name have in common: letters and digits, without a number in front."""
    return letters(_NUMBERED.sub("", name.strip()))
