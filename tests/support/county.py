"""A county's submissions, as an import would have written them: many units, several forms, figures of each unit's own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from random import Random

from msgspec.structs import replace

from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import shipped
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Unit
from perfxl.model.value import IndicatorValue, NumberValue, Value
from perfxl.values.indicator import parse_indicator
from support.filings import document, forms

FOUR = ("hubei-dept-goal", "hunan-dept-self-eval", "mof-project-self-eval", "jilin-dept-self-eval")
# fmt: off
_OFFICES = (
    "教育", "卫生健康", "民政", "财政", "水利", "农业农村", "商务", "审计", "统计", "司法", "林业", "档案",
    "交通运输", "文化旅游", "应急管理", "医疗保障",
)
# fmt: on
_WARNINGS = (
    Finding("M09", Severity.WARNING, "执行率低于 90%，表中没有说明原因"),
    Finding("V11", Severity.WARNING, "指标值没有写符号"),
    Finding("V10", Severity.INFO, "千位分隔符已去掉"),
    Finding("C05", Severity.WARNING, "全部指标的实际完成值都等于年度指标值，请核实"),
)


def unit(number: int) -> tuple[str, str]:
    """Return the code and the name of a unit."""
    office = _OFFICES[number % len(_OFFICES)]
    return f"4304{number:04}", f"青溪县{office}局" if number < len(_OFFICES) else f"青溪县{office}局第{number}中心"


@cache
def sample(form: str) -> Record:
    """Return what the shipped sample of a form holds, read as an import reads it."""
    data = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"), parse_float=Decimal)
    record, misfits = from_data(forms()[form], data)
    assert not misfits, misfits
    read: dict[str, Value] = {
        path: parse_indicator(value.text) if isinstance(value, IndicatorValue) else value
        for path, value in record.values.items()
    }
    return Record(read, record.sizes)


def own(form: str, number: int, year: int, chance: Random) -> Record:
    """Return a unit's record of a form: the sample's words, figures of its own, some left blank."""
    definition = forms()[form]
    values: dict[str, Value] = {}
    for path, value in sample(form).values.items():
        kind = definition.fields[generic(path)]
        if kind.computed or (kind.type in {Type.MONEY, Type.INTEGER} and chance.random() < 0.1):
            continue
        values[path] = _own(value, kind.type, chance)
    if definition.year_path:
        values[definition.year_path] = Decimal(year)
    values[definition.unit_path] = unit(number)[1]
    if definition.many:
        values["project_name"] = f"{_OFFICES[chance.randrange(len(_OFFICES))]}能力提升项目{number}"
    return compute(definition, Record(values, sample(form).sizes)).record


def _own(value: Value, kind: Type, chance: Random) -> Value:
    match value:
        case Decimal() if kind is Type.MONEY:
            return (value * chance.randint(60, 140) / 100).quantize(Decimal("0.01"))
        case Decimal() if kind is Type.INTEGER:
            return Decimal(chance.randint(0, 300))
        case Decimal() if kind is Type.NUMBER and value < 10:
            return value * chance.randint(5, 10) / 10
        case NumberValue(value=figure) if chance.random() < 0.5:
            moved = (figure * chance.randint(80, 110) / 100).quantize(Decimal("0.1"))
            return parse_indicator(value.text.replace(f"{figure}", f"{moved}"))
        case _:
            return value


def returns(form: str, record: Record, year: int | None, name: str | None, code: str | None = None) -> FormReturn:
    """Return a form as it was read, without the cells that its values stood in: they cost most of the time."""
    definition = forms()[form]
    return FormReturn(definition, definition.version, definition.sheet, By.STAMP, 1.0, year, Unit(name, code), record)


def filings(
    count: int, wanted: Sequence[str] = FOUR, *, years: Sequence[int] = (2024,), seed: int = 1
) -> Iterator[tuple[str, FormReturn, tuple[Finding, ...]]]:
    """Yield so many submissions by turns of the forms: name of the document, the form in it, findings about it."""
    chance = Random(seed)
    for number in range(count):
        form = wanted[number % len(wanted)]
        year = years[number // len(wanted) % len(years)]
        code, name = unit(number // len(wanted) // len(years))
        returned = returns(form, own(form, number // len(wanted) // len(years), year, chance), year, name, code)
        findings = tuple(replace(one, sheet=returned.sheet) for one in _WARNINGS if chance.random() < 0.3)
        yield f"{name}/{form}-{year}-{number}.json", returned, findings


def lay(
    folder: Path, count: int, wanted: Sequence[str] = FOUR, *, years: Sequence[int] = (2024,), seed: int = 1
) -> Path:
    """Write submissions into a folder, as an import would have left them, and return it."""
    for name, returned, findings in filings(count, wanted, years=years, seed=seed):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(document(name.replace(".json", ".xlsx"), returned, findings=findings))
    return folder
