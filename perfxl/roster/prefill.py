"""What a roster prefills: its further columns as fields of the forms, each text as a value; mistakes are told at once."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct, field

from perfxl.forms.data import LONGEST_TEXT, MOST_DIGITS
from perfxl.forms.outgoing import Own
from perfxl.model.form import MOST_ROWS, Field, Form
from perfxl.model.grid import CellKind
from perfxl.model.path import generic
from perfxl.model.regex import deferred
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.value import Value
from perfxl.roster.read import RosterError, RosterProblem
from perfxl.values.coerce import coerce
from perfxl.values.label_text import flat, key
from perfxl.values.typed import CellProblem, Typed

_ROW = deferred(r"\[(\d+)\]")
_QUOTED = 40
_REFUSED = frozenset({CellProblem.UNREADABLE, CellProblem.NOT_OFFERED, CellProblem.PLACEHOLDER, CellProblem.ERROR_CELL})


class Prefills(Struct, frozen=True):
    """What is each unit's own, in the order of the roster: for each unit one Own a form; and what to say of it.

    ``notes`` names the columns that none of the forms has: a roster may serve others, too.
    """

    owns: tuple[tuple[Own, ...], ...]
    notes: tuple[str, ...] = ()


def prefills(roster: Roster, forms: Sequence[Form]) -> Prefills:
    """Return what a roster prefills in some forms.

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
    return Prefills(tuple(tuple(own[form.id] for form in forms) for own in owns), tuple(reader.notes()))


class _Reader(Struct):
    forms: Mapping[str, Form]
    problems: list[RosterProblem] = field(default_factory=list)
    unused: dict[str, str] = field(default_factory=dict)
    """Heads that no form makes use of, with the reason; "" where none has such a field."""

    def column(self, head: str) -> Mapping[str, str]:
        """Return the concrete path that a head means, by the forms that take it; what is wrong with it is told."""
        path = flat(head)
        by_path = {name: path for name, form in self.forms.items() if generic(path) in _shown(form)}
        named = by_path or {name: paths[0] for name, paths in self.labelled(head) if len(paths) == 1}
        wrong = self.wrong(head, named)
        if wrong:
            self.problems.append(RosterProblem(None, f"“{head}”一列{wrong}"))
            return {}
        idle = {name: self.idle(name, path) for name, path in named.items()}
        taken = {name: path for name, path in named.items() if not idle[name]}
        if not taken:
            self.unused[head] = next(iter(idle.values()), "")
        return taken

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
        for path in named.values():
            if "[]" in path:
                return f"要写明是第几行，第一行写成 {path.replace('[]', '[0]')}"
            if any(int(number) >= MOST_ROWS for number in _ROW.findall(path)):
                return f"的行数太大，最多 {MOST_ROWS} 行"
        return ""

    def idle(self, form: str, path: str) -> str:
        """Return why a form makes no use of a field that it has, "" where it does."""
        if self.forms[form].fields[generic(path)].computed:
            return "由表里的公式算出"
        return "就是单位名称" if path == self.forms[form].unit_path else ""

    def notes(self) -> Iterator[str]:
        """Yield what to say of the columns that are not used: why, and what may have been meant."""
        yield from (f"“{head}”一列{why}，没有用到" for head, why in self.unused.items() if why)
        unknown = [head for head, why in self.unused.items() if not why]
        if not unknown:
            return
        shown = [spec for form in self.forms.values() for spec in _shown(form).values()]
        known = [word for spec in shown for word in (spec.path.replace("[]", "[0]"), *spec.parts[-1:])]
        near = {head: difflib.get_close_matches(flat(head), known, 1) for head in unknown}
        meant = "".join(f"；“{head}”是否想写 {words[0]}" for head, words in near.items() if words)
        listed = "、".join(f"“{head}”" for head in unknown)
        columns = "一列" if len(unknown) == 1 else f" {len(unknown)} 列"
        yield f"{listed}{columns}不是这次的表中的项，没有用到{meant}（各项的名称见 perfxl show）"

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
