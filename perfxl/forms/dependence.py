"""What of a form depends on the values at some paths while the others stay as they are."""

from __future__ import annotations

from collections.abc import Iterable

from msgspec import Struct

from perfxl.expr.evaluate import references
from perfxl.expr.unsettled import stays_blank
from perfxl.model.expression import Expr
from perfxl.model.form import Form


class Dependence(Struct, frozen=True):
    """Fields (generic paths) that may change, those that may hold anything, and the computed ones among the first, in their order."""

    changing: frozenset[str]
    filled: frozenset[str]
    computed: tuple[str, ...]

    @classmethod
    def of(cls, form: Form, changing: Iterable[str], filled: Iterable[str]) -> Dependence:
        """Return what depends on some fields, where no others than those that are ``filled`` hold a value."""
        changed = set(changing)
        held = changed | set(filled) | {path for path, field in form.fields.items() if field.serial}
        computed = []
        for path in form.computed:
            field = form.fields[path]
            reads = {*(references(field.formula) if field.formula is not None else ())}
            reads |= {field.lookup, form.fields[field.lookup].within} if field.lookup else set()
            blank = field.formula is not None and stays_blank(field.formula, lambda path: path not in held)
            if blank and not field.lookup:
                continue
            held.add(path)
            if not changed.isdisjoint(reads):
                changed.add(path)
                computed.append(path)
        return cls(frozenset(changed), frozenset(held), tuple(computed))

    def settles(self, expr: Expr) -> bool:
        """Tell whether an expression gives the same whatever stands in the fields that may change."""
        return self.changing.isdisjoint(references(expr)) or stays_blank(expr, lambda path: path not in self.filled)
