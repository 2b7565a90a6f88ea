"""What a roster prefills: its further columns as fields of the forms, each text as a value; mistakes are told at once."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from perfxl.forms.data import LONGEST_TEXT, MOST_DIGITS
from perfxl.forms.outgoing import Own
from perfxl.model.form import Field, Form
from perfxl.model.grid import CellKind
from perfxl.model.path import generic
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.value import Value
from perfxl.roster.read import RosterError, RosterProblem
from perfxl.values.coerce import coerce
from perfxl.values.label_text import flat, key
from perfxl.values.typed import Problem, Typed

_ROW = re.compile(r"\[(\d+)\]")
_MOST_ROWS = 2000
_QUOTED = 40
_REFUSED = frozenset({Problem.UNREADABLE, Problem.NOT_OFFERED, Problem.PLACEHOLDER, Problem.ERROR_CELL})


def prefills(roster: Roster, forms: Sequence[Form]) -> tuple[tuple[Own, ...], ...]:
    """Return what is each unit's own, in the order of the roster: for each unit one Own a form.

    The head of a further column is a field's path (``funds.total.initial``, ``projects[0].name``), or its label where no
    other field of the form has it; what is below is read like what an officer types. Raises RosterError.
    """
    reader = _Reader({form.id: form for form in forms})
    heads = dict.fromkeys(head for unit in roster.units for head in unit.prefill)
    columns = {head: reader.column(head) for head in heads}
    reader.twice(columns)
    owns = [
        {form: Own(unit.name, unit.code, reader.values(unit, form, columns)) for form in reader.forms}
        for unit in roster.units
    ]
    if reader.problems:
        raise RosterError(reader.problems)
    return tuple(tuple(own[form.id] for form in forms) for own in owns)


@dataclass(slots=True)
class _Reader:
    forms: Mapping[str, Form]
    problems: list[RosterProblem] = field(default_factory=list)

    def column(self, head: str) -> Mapping[str, str]:
        """Return the concrete path that a head means, by form; a head that means none is told."""
        path = flat(head)
        by_path = {name: path for name, form in self.forms.items() if generic(path) in _shown(form)}
        named = by_path or {name: paths[0] for name, paths in self.labelled(head) if len(paths) == 1}
        wrong = self.wrong(head, named)
        if wrong:
            self.problems.append(RosterProblem(None, f"“{head}”一列{wrong}"))
        return {} if wrong else named

    def labelled(self, head: str) -> Iterator[tuple[str, list[str]]]:
        """Yield for each form the fields that are called so: by all the words that lead to them, or the last of them."""
        said = key(head)
        for name, form in self.forms.items():
            fields = [spec for path, spec in _shown(form).items() if "[]" not in path]
            whole = [spec.path for spec in fields if key(spec.label) == said]
            yield name, whole or [spec.path for spec in fields if spec.parts and key(spec.parts[-1]) == said]

    def wrong(self, head: str, named: Mapping[str, str]) -> str:
        """Return what is wrong with a column, "" where nothing is."""
        several = [
            self.forms[name].fields[path] for name, paths in self.labelled(head) if len(paths) > 1 for path in paths
        ]
        if not named and several:
            return "有几处都叫这个名称，请改用数据名称：" + "、".join(
                f"{spec.path}（{spec.label}）" for spec in several
            )
        if not named:
            shown = [spec for form in self.forms.values() for spec in _shown(form).values()]
            known = [word for spec in shown for word in (spec.path.replace("[]", "[0]"), *spec.parts[-1:])]
            near = difflib.get_close_matches(flat(head), known, 1)
            meant = f"，是否想写 {near[0]}" if near else ""
            return f"不是表中的项{meant}；各项的数据名称见 perfxl show"
        for name, path in named.items():
            form = self.forms[name]
            spec = form.fields[generic(path)]
            if spec.computed:
                return "由表里的公式算出，不能预填"
            if path == form.unit_path:
                return "与单位名称一列重复，请删去"
            if "[]" in path:
                return f"要写明是第几行，第一行写成 {path.replace('[]', '[0]')}"
            if any(int(number) >= _MOST_ROWS for number in _ROW.findall(path)):
                return f"的行数太大，最多 {_MOST_ROWS} 行"
        return ""

    def twice(self, columns: Mapping[str, Mapping[str, str]]) -> None:
        """Tell columns that mean the same field."""
        first: dict[tuple[str, str], str] = {}
        for head, named in columns.items():
            others = [first[place] for place in named.items() if place in first]
            if others:
                self.problems.append(RosterProblem(None, f"“{others[0]}”和“{head}”两列是同一项，请删去一列"))
            first = dict.fromkeys(named.items(), head) | first

    def values(self, unit: RosterUnit, form: str, columns: Mapping[str, Mapping[str, str]]) -> Mapping[str, Value]:
        """Return a unit's own values of a form."""
        values: dict[str, Value] = {}
        for head, text in unit.prefill.items():
            path = columns[head].get(form)
            if path is not None:
                value, wrong = _value(text, self.forms[form].fields[generic(path)], self.forms[form].money)
                if value is not None:
                    values[path] = value
                problem = RosterProblem(unit.row, f"“{head}”一列：{wrong}")
                if wrong and problem not in self.problems:  # several forms may have the field
                    self.problems.append(problem)
        return values


def _shown(form: Form) -> Mapping[str, Field]:
    return {path: spec for path, spec in form.fields.items() if not spec.hidden}


def _value(text: str, spec: Field, money: str) -> tuple[Value, str]:
    """Return what an officer would mean by a text, or what is wrong with it."""
    if len(text.encode("utf-16-le")) // 2 > LONGEST_TEXT:
        return None, f"文字太长，一格最多 {LONGEST_TEXT} 个字"
    read = coerce(Typed(CellKind.TEXT, text), spec.type, spec.choices, money)
    if isinstance(read.value, Decimal) and read.value.adjusted() >= MOST_DIGITS:
        return None, f"数字太大，最多 {MOST_DIGITS} 位整数"
    if read.problem not in _REFUSED:
        return read.value, ""
    shown = text if len(text) <= _QUOTED else f"{text[:_QUOTED]}…"
    return None, f"“{shown}”填不进“{spec.label}”，{read.reason}"
