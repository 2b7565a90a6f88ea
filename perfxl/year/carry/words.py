"""What is said of carrying over, in the words of those who read it."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.model.value import Value
from perfxl.rules.words import figure, percent, quoted
from perfxl.year.carry.outcome import CarryInput, Origin


def sheet_of(form: Form) -> str:
    """Return a form as one speaks of it in short: 申报表, 项目自评表."""
    return f"项目{form.stage.sheet}" if form.many else form.stage.sheet


def place_of(given: CarryInput, cells: tuple[tuple[str, str | None], ...]) -> str:
    """Return where something stands in a source: ``2024 年申报表 H32``; the project where its own form has one."""
    entry = given.entry
    year = f"{entry.year} 年" if entry.year is not None else ""
    year += entry.period.part_said
    project = quoted(entry.project) if entry.project else ""
    named = "、".join(dict.fromkeys(cell for _, cell in cells if cell))
    return f"{year}{sheet_of(given.returned.definition)}{project}{' ' if named else ''}{named}"


def said(value: Value, kind: Type) -> str:
    """Return a value as a note quotes it, to go on after 是: ``“≥560个”``, `` 120.5``."""
    match value:
        case None:
            return "空白"
        case bool():
            return "✔"
        case Decimal():
            return f" {percent(value) if kind is Type.PERCENT else figure(value)}"
        case dt.date():
            return f" {value.year} 年 {value.month} 月 {value.day} 日"
        case str():
            return quoted(value)
        case _:
            return quoted(value.text)


def differs(label: str, kept: str, origin: Origin, other: str, against: Origin) -> str:
    """Say that two sources have one value differently."""
    return f"{label}：{origin.said} 是{kept}，{against.said}（{against.file}）是{other}；按前者带入，请核对"


def has_no_row(label: str, value: str, origin: Origin, wanted: str, why: str) -> str:
    """Say that a value finds no row."""
    return f"{origin.said} 的{wanted}（{origin.file}）没有带入：{why}。内容是{value}，应填在 {label}，请核对名称后由单位填写"


def does_not_fit(label: str, value: str, origin: Origin, why: str) -> str:
    """Say that a value cannot stand in its new place."""
    return f"{label} 没有带入：{origin.said}（{origin.file}）的内容{why}。内容是{value}，请由单位改写后填写"
