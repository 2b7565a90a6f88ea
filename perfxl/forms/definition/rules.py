"""The rules of a form as its definition lists them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.expr.check import sort_of
from perfxl.expr.comparison import has_figures
from perfxl.forms.definition.fields import CODE, Fields
from perfxl.forms.definition.language import CommonSpec, RuleSpec, UseRules
from perfxl.forms.definition.problem import Problems
from perfxl.model.expression import Expr
from perfxl.model.field_type import Sort, Type
from perfxl.model.form import FormRule

_HOLES = re.compile(r"\{(\w*)\}")
_BANDS = ("达成", "部分达成", "未达成")
_SAID = {"left", "right", "gap"}


class Rules(Struct, frozen=True):
    """Builds rules over the fields, groups and tables of a form."""

    problems: Problems
    common: CommonSpec
    fields: Fields
    groups: Mapping[str, str]
    tables: Collection[str]

    def build(self, specs: tuple[RuleSpec | UseRules, ...]) -> tuple[FormRule, ...]:
        """Return the rules of some specs, shared lists opened."""
        types = self.fields.types()
        return tuple(self.rule(spec, types) for given in specs for spec in self.opened(given))

    def opened(self, spec: RuleSpec | UseRules) -> Iterator[RuleSpec]:
        if isinstance(spec, RuleSpec):
            yield spec
            return
        if spec.use not in self.common.rules:
            known = "、".join(self.common.rules) or "无"
            self.problems.add(spec.place.of("use"), f"没有名为“{spec.use}”的一组规则", f"可用：{known}")
        shared = self.common.rules.get(spec.use, ())
        for code in spec.without:
            if code not in [rule.code for rule in shared]:
                self.problems.add(spec.place, f"“{spec.use}”里没有 {code}", "删去 without 里的这一个")
        for rule in shared:
            if rule.code not in spec.without:
                yield replace(rule, over=rule.over or spec.over, place=spec.place)

    def rule(self, spec: RuleSpec, types: Mapping[str, Type]) -> FormRule:
        add, lack = self.problems.add, self.problems.lack
        if not CODE.fullmatch(spec.code):
            add(spec.place.of("code"), f"“{spec.code}”不是代码", "写成 M06 这样，代码见 perfxl rules")
        if [bool(spec.must), bool(spec.over), bool(spec.pairs)].count(True) != 1:
            remedy = "must 写必须成立的式子，over 写检查的表或项，pairs 写与另一张表核对的项"
            add(spec.place, f"{spec.code} 要写 must、over、pairs 之一", remedy)
        if bool(spec.pairs) != bool(spec.beside):
            add(spec.place, f"{spec.code} 的 pairs 和 beside 要一起写", "beside 写与哪张表核对")
        for path in spec.pairs:
            if path not in types:
                lack(spec.place.of("pairs"), f"pairs 的“{path}”不是这张表的项", "写一个 field 的名称")
        if spec.must and not (spec.at and spec.say):
            add(spec.place, f"{spec.code} 写了 must，还要写 at 和 say", "at 是标出的格，say 是说明")
        each, over = self.bracketed(spec.each), self.bracketed(spec.over)
        if each and each not in self.tables:
            tables = [table.replace("[]", "") for table in self.tables]
            lack(spec.place.of("each"), f"each 的“{spec.each}”不是可增行的表", f"可用：{'、'.join(tables)}")
        row = f"{each}[]" if each else ""
        whole = next((path for path in types if path.replace("[]", "") == spec.at), spec.at)
        at = f"{row}.{spec.at}" if row and f"{row}.{spec.at}" in types else whole
        if at and at not in types and at not in self.groups:
            lack(spec.place.of("at"), f"at 的“{spec.at}”不是这张表的项", "写一个 field 或 names 里的名称")
        if over and not self.known(over, types):
            lack(
                spec.place.of("over"),
                f"over 的“{spec.over}”不是这张表的项",
                "写一个 field、matrix、table 或 names 里的名称",
            )
        if spec.reverse not in {"", "linear", "ratio"}:
            add(spec.place.of("reverse"), f"reverse 不能是“{spec.reverse}”", "可选：linear、ratio")
        must = self.fields.expression(spec.must, row, spec.place.of("must"), types) if spec.must else None
        if must is not None and sort_of(must) is not Sort.TRUTH:
            add(
                spec.place.of("must"),
                f"{spec.code} 的 must 不是可以成立或不成立的式子",
                "写成比较，如 甲 = 乙、甲 <= 乙",
            )
        self.said(spec, must)
        return FormRule(
            code=spec.code,
            line=spec.place.line,
            must=must,
            each=each,
            over=over,
            at=at,
            say=spec.say,
            want=spec.want,
            severity=spec.severity,
            limit=spec.limit,
            words=spec.words,
            reverse=spec.reverse,
            points=spec.points,
            bands=self.bands(spec),
            beside=spec.beside,
            pairs=spec.pairs,
        )

    def said(self, spec: RuleSpec, must: Expr | None) -> None:
        """Report what a message cannot print: other names, and figures of a condition that compares none."""
        at = spec.place.of("say")
        holes = dict.fromkeys(_HOLES.findall(spec.say))
        for hole in holes:
            if hole not in _SAID:
                self.problems.add(at, f"say 里不能有 {{{hole}}}", "可用：{left} 左边的数、{right} 右边的数、{gap} 相差")
        known = [f"{{{hole}}}" for hole in holes if hole in _SAID]
        if known and must is not None and sort_of(must) is Sort.TRUTH and not has_figures(must):
            message = f"say 里的 {'、'.join(known)} 没有数可写：must 不是两个数的比较"
            remedy = "删去它，直接写明哪里不对；或把 must 写成两个数的比较，如 甲 = 乙、甲 <= 乙"
            self.problems.add(at, message, remedy)

    def bands(self, spec: RuleSpec) -> dict[str, tuple[Decimal, Decimal]]:
        """Return the parts of the weight that a score may be, by what is said in words."""
        if spec.points and spec.code != "P01":
            self.problems.add(spec.place.of("points"), f"points 对 {spec.code} 不起作用", "只用于 P01")
        if spec.bands and spec.code != "P04":
            self.problems.add(spec.place.of("bands"), f"bands 对 {spec.code} 不起作用", "只用于 P04")
        found: dict[str, tuple[Decimal, Decimal]] = {}
        for name, text in spec.bands.items():
            low, dash, high = text.partition("-")
            whole = dash and low.isdecimal() and high.isdecimal()
            if name not in _BANDS or not whole or not int(low) < int(high) <= 100:
                remedy = f"写成 {{{'、'.join(_BANDS)}: 百分之几到百分之几}}，如 达成: 80-100"
                self.problems.add(spec.place.of("bands"), f"bands 的“{name}: {text}”不对", remedy)
                continue
            found[name] = Decimal(low) / 100, Decimal(high) / 100
        return found

    def bracketed(self, path: str) -> str:
        """Return a path as the form has it: authors leave out the brackets of blocks (``annual_goals.indicators``)."""
        return next((table for table in self.tables if table.replace("[]", "") == path), path)

    def known(self, path: str, types: Mapping[str, Type]) -> bool:
        """Tell whether a path is a field, a group, a table, or the beginning of some."""
        if path in types or path in self.groups:
            return True
        return any(name.startswith((f"{path}.", f"{path}[")) for name in types)
