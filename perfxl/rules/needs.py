"""What a form must have for a rule that it names: columns of a table, rows of figures, computed fields."""

from __future__ import annotations

from perfxl.model.field_type import Type
from perfxl.model.form import Form, FormRule, Table
from perfxl.model.path import is_under
from perfxl.rules.funds.rows import fund_rows
from perfxl.rules.rule import Need

_POINTS = {"weight", "score"}
"""Columns that every rule about them counts with."""


def columns(*keys: str) -> Need:
    """Need a growing table with these columns, with points that are numbers."""

    def lack(form: Form, asked: FormRule) -> str:
        tables = [band.path for band in form.flat() if isinstance(band, Table)]
        if asked.over not in tables:
            return f"可增行的表（{'、'.join(tables) or '这张表没有'}）"
        wanting = [key for key in keys if f"{asked.over}[].{key}" not in form.fields]
        if wanting:
            return f"列 {'、'.join(wanting)}"
        spelled = [key for key in keys if key in _POINTS and not form.fields[f"{asked.over}[].{key}"].type.numeric]
        return f"填数的列 {'、'.join(spelled)}（现在填文字）" if spelled else ""

    return lack


def figures(*keys: str) -> Need:
    """Need rows of figures with a budget, one of them with each of these."""

    def lack(form: Form, asked: FormRule) -> str:
        found = fund_rows(form, asked.over)
        if not found:
            return "有 budget 的资金行"
        wanting = [key for key in keys if not any(f"{row}.{key}" in form.fields for row in found)]
        return "、".join(wanting)

    return lack


def computed(kind: Type) -> Need:
    """Need a computed field of a type."""

    def lack(form: Form, asked: FormRule) -> str:
        fields = (form.fields[path] for path in form.computed if is_under(path, asked.over))
        return "" if any(field.type is kind for field in fields) else "由公式计算的项"

    return lack


def amounts(form: Form, asked: FormRule) -> str:
    """Need an amount."""
    fields = (field for path, field in form.fields.items() if is_under(path, asked.over))
    return "" if any(field.type is Type.MONEY for field in fields) else "金额"
