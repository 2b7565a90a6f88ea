"""What a form takes over from others, as its definition says; resolved when all forms are known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from msgspec import Struct

from perfxl.expr.check import sort_of
from perfxl.expr.parse import parse
from perfxl.expr.scope import Scope
from perfxl.forms.definition.language import CarrySpec, RowTakeSpec
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.layout.resize import tables
from perfxl.model.carry import NEW_YEAR, Carry, Only, RowTake, Take, YearSpan
from perfxl.model.expression import Expr, ExpressionError, FieldRef
from perfxl.model.field_type import Sort, Type
from perfxl.model.form import Field, Form

_ROW = re.compile(r"\[\]")


def link(
    specs: Sequence[CarrySpec], form: Form, known: Mapping[str, Form], broken: Collection[str], problems: Problems
) -> tuple[Carry, ...]:
    """Return what ``form`` takes over, expressions parsed over the forms that it takes from; mistakes are noted.

    ``broken`` are forms that are there and could not be loaded: of those nothing is said here.
    """
    found: list[Carry] = []
    for spec in specs:
        source = known.get(spec.source)
        if source is None:
            if spec.source and spec.source not in broken:
                remedy = "写表式编号，见 perfxl forms；那张表在别处的，加上它所在的文件夹"
                problems.lack(spec.place.of("from"), f"from 的“{spec.source}”不是已有的表式", remedy)
            continue
        if any(other.source == spec.source for other in found):
            problems.add(spec.place.of("from"), f"“{spec.source}”写了两次", "合成一项")
        found.append(_Link.of(form, source, problems).carry(spec))
    return tuple(found)


class _Link(Struct, frozen=True):
    """One form that takes from one other."""

    form: Form
    source: Form
    problems: Problems
    types: Mapping[str, Type]
    """What an expression may name: the source's fields, and the receiving form's year."""

    @classmethod
    def of(cls, form: Form, source: Form, problems: Problems) -> _Link:
        types = {path: field.type for path, field in source.fields.items() if not field.hidden}
        return cls(form, source, problems, {NEW_YEAR: Type.YEAR} | types)

    def carry(self, spec: CarrySpec) -> Carry:
        rows = [self.rows(one) for one in spec.tables]
        outer_first = tuple(sorted(rows, key=lambda one: one.table.count("[]")))
        carry = Carry(spec.source, spec.year, self.takes(spec, "", ""), outer_first, spec.place.line)
        for given, one in zip(spec.tables, rows, strict=True):
            self.parent(given, one, rows)
        self.once(spec.tables)
        self.named(spec, carry)
        return carry

    # -- values ---------------------------------------------------------------------------------------------------------

    def takes(self, spec: CarrySpec | RowTakeSpec, table: str, row: str) -> tuple[Take, ...]:
        """Return the values of a mapping into a table, or ("") into values that stand once.

        ``row`` is the generic row of the source that names are looked up in first.
        """
        at = spec.place.of("take")
        for path in spec.lock:
            if path not in spec.take:
                self.problems.add(spec.place.of("lock"), f"lock 的“{path}”没有带入", "写 take 里有的名称，或删去")
        found = []
        for path, text in spec.take.items():
            whole = f"{table}[].{path}" if table else path
            field = self.target(whole, path, at.of(path))
            value = self.expression(text, row, at.of(path))
            if field is None or value is None:
                continue
            kind = (
                self.source.fields[value.path].type if isinstance(value, FieldRef) and value.path != NEW_YEAR else None
            )
            self.fits(text, value, kind, field, at.of(path))
            found.append(Take(whole, value, kind, path in spec.lock))
        return tuple(found)

    def target(self, path: str, said: str, at: Place) -> Field | None:
        """Return the field that a value goes into, None where there is none that it can go into."""
        field = self.form.fields.get(path)
        if field is None or field.hidden:
            inside = any(_ROW.sub("", other) == path for other in self.form.fields)
            remedy = "可增行的表写在 tables 里" if inside else "写一个 field 的名称，见 perfxl show"
            self.problems.lack(at, f"“{said}”不是《{self.form.title}》里可以带入的项", remedy)
            return None
        if path in self.form.identity.parts.values():
            self.problems.add(at, f"“{said}”说明是哪一期，由带入的期得出", "删去，不用带入")
            return None
        if field.computed:
            self.problems.add(at, f"“{said}”由公式得出，不能带入", "删去；带入公式用到的各项")
            return None
        return field

    def expression(self, text: str, row: str, at: Place) -> Expr | None:
        try:
            return parse(text, Scope(self.types, row))
        except ExpressionError as error:
            message = f"从《{self.source.title}》带入的“{text}”写得不对：{error}"
            self.problems.add(at, message, "写那张表的项或算式；写法见 docs/authoring.md 的“带入”一节")
            return None

    def fits(self, text: str, value: Expr, kind: Type | None, field: Field, at: Place) -> None:
        """Report a value that never can stand in its field."""
        wanted = field.type
        if kind is not None:
            alike = kind.traits.sort is wanted.traits.sort and wanted.traits.sort in {Sort.NUMBER, Sort.TEXT}
            fit = kind is wanted or alike
        else:
            given = sort_of(value)
            fit = given is wanted.traits.sort and given in {Sort.NUMBER, Sort.TEXT}
        if not fit:
            message = f"“{text}”得出的不是“{field.label}”要的内容"
            self.problems.add(at, message, f"“{field.label}”的 type 是 {wanted}，换一项")
        elif kind is wanted is Type.MONEY and self.source.money != self.form.money:
            message = f"“{text}”的单位是{self.source.money}，这张表的是{self.form.money}"
            self.problems.add(at, message, f"写成换算的算式，如 {text} / 10000")

    # -- rows -----------------------------------------------------------------------------------------------------------

    def rows(self, spec: RowTakeSpec) -> RowTake:
        table = self.table(spec.table, self.form, "table", spec)
        rows = self.table(spec.rows, self.source, "rows", spec) if spec.rows else ""
        takes = self.takes(spec, table, f"{rows}[]" if rows else "") if table and (rows or not spec.rows) else ()
        if not spec.match:
            self.problems.add(
                spec.place.of("match"), "match 没有写列", "写凭哪几列认出同一行，如 [level1, level2, name]"
            )
        adds = spec.add and spec.only is not Only.PRINTED
        for key in spec.match:
            known = not adds and f"{rows}[].{key}" in self.source.fields and f"{table}[].{key}" in self.form.fields
            if key not in spec.take and not known:
                self.problems.lack(spec.place.of("match"), f"match 的“{key}”没有带入", "在 take 里写上这一列")
        if spec.only is not None and table and not self.printed(table):
            self.problems.add(spec.place.of("only"), f"表“{spec.table}”没有印好的行", "删去 only")
        return RowTake(table, rows, spec.match, takes, spec.only, adds)

    def table(self, name: str, form: Form, key: str, spec: RowTakeSpec) -> str:
        """Return the generic path of a table or block by its name without brackets, "" where there is none."""
        found = next((path for path in _tables(form) if _ROW.sub("", path) == name), "")
        if not found:
            known = "、".join(tables(form)) or "无"
            message = f"{key} 的“{name}”不是《{form.title}》里可增行的表"
            self.problems.lack(spec.place.of(key), message, f"可用：{known}")
        return found

    def printed(self, table: str) -> bool:
        try:
            return bool(self.form.table(table).printed)
        except KeyError:
            return False

    # -- the whole --------------------------------------------------------------------------------------------------------

    def parent(self, spec: RowTakeSpec, one: RowTake, rows: Sequence[RowTake]) -> None:
        """Report rows of a table inside a block whose block does not come from what is above the source's rows."""
        above, before = (path.rpartition("[].")[0] for path in (one.table, one.rows))
        outer = [other for other in rows if (other.table, other.rows) == (above, before)]
        if above and one.adds and not any(other.adds for other in outer):
            name = _ROW.sub("", above)
            message = f"表“{spec.table}”套在“{name}”里，看不出各行放进哪一个"
            remedy = f"另写一项 table: {name}，rows 写那张表里对应的块；只补入已有的行写 add: false"
            self.problems.lack(spec.place.of("table"), message, remedy)

    def once(self, specs: Sequence[RowTakeSpec]) -> None:
        """Report rows that are taken into one table twice."""
        seen: dict[str, list[Only | None]] = defaultdict(list)
        for spec in specs:
            others = seen[spec.table]
            if others and (None in {*others, spec.only} or spec.only in others):
                self.problems.add(spec.place.of("table"), f"表“{spec.table}”写了两次", "合成一项，或分别写 only")
            others.append(spec.only)

    def named(self, spec: CarrySpec, carry: Carry) -> None:
        """Report a mapping by which nobody could tell whose the new form is, or that takes nothing."""
        if not spec.take and not spec.tables:
            self.problems.add(spec.place, f"从“{spec.source}”什么也没有带入", "写 take 或 tables")
        elif spec.year is YearSpan.FOLLOWING and self.form.identity.length != self.source.identity.length:
            message = f"《{self.source.title}》与这张表报送的期不一样长，说不清哪一期接着哪一期"
            self.problems.add(spec.place.of("year"), message, "写 same 或 next")
        elif self.form.many and not self.source.many:
            message = f"这张表一个项目一份，《{self.source.title}》不分项目，看不出带入哪一份"
            self.problems.add(spec.place.of("from"), message, "换一张分项目的表，或删去")
        elif not carry.supplements:
            self.whose(spec)

    def whose(self, spec: CarrySpec) -> None:
        named = {self.form.unit_path: "单位名称", self.form.project_path: "项目名称"}
        for path in dict.fromkeys((*named, *self.form.identity.keys)):
            if path and path not in spec.take:
                what = named.get(path) or self.form.fields[path].label
                self.problems.lack(spec.place.of("take"), f"没有带入{what}“{path}”", f"在 take 里写上 {path}: …")


def _tables(form: Form) -> tuple[str, ...]:
    """Return the generic paths of a form's growing tables and blocks."""
    found: dict[str, None] = {}
    for path, field in form.fields.items():
        if not field.hidden:
            for end in _ROW.finditer(path):
                found[path[: end.start()]] = None
    return tuple(found)
