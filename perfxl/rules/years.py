"""S11: years on a form that do not go with the form's own."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.rules.case import Case
from perfxl.rules.rule import Rule


def off(case: Case, year: int | None) -> Iterator[Finding]:
    """Yield the years that contradict the form's: the typed one, printed ones that were changed, ends of plans."""
    if year is None:
        return
    path = case.form.year_path
    typed = case.number(path) if path else None
    if typed is not None and int(typed) != year:
        message = f"标题下写的是 {int(typed)} 年度，这张表下发时是 {year} 年度，请核对年度"
        yield S11.at(case, path, message, value=typed)
    for sheet, reading in case.sheets:
        for told, cell in reading.years.items():
            if told != year:
                message = f"这里写的年份属于 {told} 年度的表，这张表是 {year} 年度的，请改正年份"
                yield S11.finding(message, sheet=sheet, cell=cell, value=Decimal(told))
    for own, field in case.form.fields.items():
        until = case.number(own) if field.type is Type.YEAR and own != path else None
        if until is not None and until < year:
            yield S11.at(case, own, f"{case.name(own)} {int(until)} 早于本表年度 {year}，请核对", value=until)


S11 = Rule(
    code="S11",
    severities=(Severity.WARNING,),
    title="年度前后不一致",
    meaning="标题、表头上的年度与这张表的年度不同，或者长期目标的截止年份早于这张表的年度。正文文字中的年份不作比较。",
    example="2024 年度的表，长期目标写“截止2023年”。审核意见：截止年份 2023 早于本表年度 2024。",
    remedy="请核对年度，改正表头的年份或长期目标的截止年份。",
)

RULES = (S11,)
