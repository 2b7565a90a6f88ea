"""The live half of the rules in LibreOffice, and held against the checks of the import: both say the same."""

from __future__ import annotations

import html
import io
import json
import os
import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest

import perfxl
from perfxl.expr.evaluate import concrete, evaluate
from perfxl.forms.compute import compute
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.forms.layout.place import place_live
from perfxl.forms.layout.set_out import set_out
from perfxl.model.address import cell_name
from perfxl.model.expression import Binary, Expr
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.layout import Layout, Role
from perfxl.model.live import LiveBands, LiveEarned, LiveMissed, LiveRule
from perfxl.model.path import generic, parent_of, row_of
from perfxl.model.record import Record
from perfxl.model.stamp import ROWS, SELF_CHECK
from perfxl.model.value import Value
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.values.indicator import parse_indicator
from perfxl.writer.selfcheck.hidden import Hidden
from perfxl.writer.selfcheck.lines import CheckLine, watch
from perfxl.writer.write import write
from support.filled import record
from support.office import Office

pytestmark = pytest.mark.client

FORMS = {name: form for name, form in load_forms().items() if not form.issued}
LIBRARY = Library.of(FORMS)
BOOKS = int(os.environ.get("PERFXL_PARITY_BOOKS", "1"))  # more for a thorough run
SHEETS = 20
TRIES = 24
CLOSE = Decimal("0.000001")

FIGURES = tuple(map(Decimal, ("0", "0", "1", "1", "2", "3", "5", "10", "10.01", "9.5")))
TARGETS = (
    "≥95%",
    "≥95%",
    "≥18个",
    "≤90万元",
    "≤ 1,200 元",
    ">=300人",
    "95%",
    "长期",
    "12月底前",
    "≥5-10次",
    "无",
    "5年内",
)
ACTUALS = (
    "96%",
    "90%",
    "95%",
    "100%",
    "18个",
    "17个",
    "30个",
    "18",
    "85万元",
    "100万元",
    "达成",
    "部分达成",
    "未达成",
    "300人",
)
REASONS = (None, None, "项目推迟", "无")
PARTLY = frozenset({"C04", "P03", "P04"})
FEWER = frozenset({"M09", "C02", "G04", "V01"})
"""Codes of which the live half knows fewer cases, or more, than the import (docs/selfcheck.md)."""

_FORMULA = re.compile(rb'<c r="([A-Z]+[0-9]+)"([^>]*)><f>(?:[^<]*)</f><v>([^<]*)</v></c>')


def troubled(form: Form, rules: tuple[object, ...], rng: Random, blank: float, turn: int) -> Record:
    """A random record in which each rule was made to hold or to break, that whose turn it is for certain."""
    made = record(form, rng, most=8, blank=blank)
    values: dict[str, Value] = dict(made.values)
    for path in form.fields:
        if path.endswith(".weight") and "[]" not in path and not form.fields[path].computed:
            values[path] = Decimal(rng.choice((10, 90)))
    for live in rules:
        if isinstance(live, LiveBands | LiveMissed | LiveEarned):
            _score(form, live.table, values, made, rng)
    expressions = [live for live in rules if isinstance(live, LiveRule)]
    for live in (*rng.sample(expressions, len(expressions)), expressions[turn % len(expressions)]):
        for row in made.rows(live.each) if live.each else ("",):
            _aim(form, live, row, values, made, rng)
    known = {path: value for path, value in values.items() if value is not None}
    return compute(form, Record(known, made.sizes)).record


def _score(form: Form, table: str, values: dict[str, Value], made: Record, rng: Random) -> None:
    for row in made.rows(table):
        for key, offered in (("target", TARGETS), ("actual", ACTUALS)):
            values[f"{row}.{key}"] = parse_indicator(rng.choice(offered))
        if f"{table}[].weight" in form.fields:
            values[f"{row}.weight"] = rng.choice(FIGURES)
            values[f"{row}.score"] = rng.choice((*FIGURES, values[f"{row}.weight"]))


def _aim(form: Form, live: LiveRule, row: str, values: dict[str, Value], made: Record, rng: Random) -> None:
    """Change what a rule reads until it holds, or until it breaks, whichever chance wants."""
    wanted = rng.random() < 0.5
    paths = _inputs(form, live.must, row, made)
    for attempt in range(TRIES):
        tried = dict(values)
        for path in paths:
            kind = form.fields[generic(path)].type
            if kind in {Type.MONEY, Type.NUMBER}:
                tried[path] = rng.choice(FIGURES)
            elif kind is Type.TEXT and path.endswith(".reason"):
                tried[path] = rng.choice(REASONS)
            elif kind is Type.TEXT and path.endswith(".name") and live.code == "G04":
                tried[path] = None if not wanted else values.get(path) or "新增学位"
        if attempt % 4 == 2:
            _level(tried, [path for path in paths if isinstance(tried.get(path), Decimal)], rng)
        if attempt % 2 and (figures := [p for p in paths if isinstance(tried.get(p), Decimal)]):
            _balance(form, live, row, tried, made, rng.choice(figures))
        if _holds(form, live, row, tried, made) is wanted:
            values.update(tried)
            return


def _level(tried: dict[str, Value], figures: list[str], rng: Random) -> None:
    """Set all figures but one to the same: rules about nothing out of nothing, and about what did not move."""
    level = rng.choice((Decimal(0), Decimal(5)))
    for path in figures:
        tried[path] = level
    if figures:
        tried[rng.choice(figures)] = rng.choice(FIGURES)


def _inputs(form: Form, must: Expr, row: str, made: Record) -> list[str]:
    found: dict[str, None] = {}
    waiting = list(concrete(must, made, row))
    while waiting:
        path = waiting.pop()
        formula = form.fields[generic(path)].formula
        if formula is None:
            found[path] = None
        else:
            waiting += concrete(formula, made, row_of(path))
    return sorted(found)


def _balance(form: Form, live: LiveRule, row: str, tried: dict[str, Value], made: Record, path: str) -> None:
    """Set one figure so that the two sides of a comparison are equal, if they hang on it in a straight line."""
    match live.must:
        case Binary(_, left, right):
            gaps = []
            for value in (Decimal(0), Decimal(1)):
                whole = _computed(form, {**tried, path: value}, made)
                one, other = evaluate(left, whole, row), evaluate(right, whole, row)
                gaps.append(one - other if isinstance(one, Decimal) and isinstance(other, Decimal) else None)
            zero, step = gaps
            if zero is not None and step is not None and step != zero and (figure := zero / (zero - step)) >= 0:
                tried[path] = round(figure, 2)
        case _:
            return


def _holds(form: Form, live: LiveRule, row: str, tried: dict[str, Value], made: Record) -> object:
    return evaluate(live.must, _computed(form, tried, made), row)


def _computed(form: Form, values: dict[str, Value], made: Record) -> Record:
    known = {path: value for path, value in values.items() if value is not None}
    return compute(form, Record(known, made.sizes)).record


def laid(workbook: bytes, layouts: int) -> Iterator[tuple[str, str, Decimal | str]]:
    """The formulas of 填报自检 and of the hidden sheet with the results that we wrote: sheet, cell, result."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as package:
        for sheet, number in ((SELF_CHECK, layouts + 1), (ROWS, layouts + 2)):
            for name, attributes, value in _FORMULA.findall(package.read(f"xl/worksheets/sheet{number}.xml")):
                text = html.unescape(value.decode())
                yield sheet, name.decode(), text if b'"str"' in attributes else Decimal(text)


def agree(ours: Decimal | str, theirs: Decimal | str | None) -> bool:
    if isinstance(ours, Decimal) and isinstance(theirs, Decimal):
        return abs(ours - theirs) < CLOSE
    return (ours or None) == (theirs or None)


def books(form: Form, blank: float = 0.25) -> Iterator[list[Record]]:
    rng = Random(form.id)
    rules = place_live(form).live
    for book in range(BOOKS):
        yield [troubled(form, rules, rng, blank, book * SHEETS + sheet) for sheet in range(SHEETS)]


@pytest.mark.parametrize("name", FORMS)
def test_what_is_watched_recalculates_to_what_was_written(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    wrong: list[str] = []
    counted: Counter[tuple[str, bool]] = Counter()
    for number, records in enumerate(books(form)):
        workbook = write([set_out(place_live(form, one, year=2024)) for one in records])
        path = tmp_path / f"{number}.xlsx"
        path.write_bytes(workbook)
        theirs = office.recalculated(path)
        for sheet, cell, ours in laid(workbook, SHEETS):
            got = theirs[sheet].get(cell)
            if not agree(ours, got):
                wrong.append(f"{number} {sheet}!{cell}: {ours!r} {got!r}")
        counted += outcomes(form, records)
    print(f"{name}: {sum(counted.values())} cases, {len(wrong)} disagree")  # noqa: T201 - shown by pytest -s
    for rule in {key for key, _ in counted}:
        print(f"  {rule}: {counted[rule, True]} right, {counted[rule, False]} wrong")  # noqa: T201 - likewise
    assert not wrong, "\n".join(wrong[:20])


def outcomes(form: Form, records: list[Record]) -> Counter[tuple[str, bool]]:
    """How often each rule held and broke."""
    found: Counter[tuple[str, bool]] = Counter()
    for number, live in enumerate(place_live(form).live):
        if not isinstance(live, LiveRule):
            continue
        for one in records:
            for row in one.rows(live.each) if live.each else ("",):
                result = evaluate(live.must, one, row)
                if result is not None:
                    found[f"{number} {live.code} {live.at}", bool(result)] += 1
    return found


@pytest.mark.parametrize("name", FORMS)
def test_the_import_says_what_the_workbook_says(name: str) -> None:
    form = FORMS[name]
    wrong: list[str] = []
    for records in books(form, blank=0):
        for one in records:
            layout = place_live(form, one, year=2024)
            submission = process(write([layout]), "a.xlsx", LIBRARY)
            found = Counter((f.code, generic(f.path or ""), f.severity) for f in submission.findings)
            for (code, path, severity), count in said(layout).items():
                got = found[code, path, severity]
                if (
                    path.endswith(".level1") and count
                ):  # a 一级 without rows shows its points to nobody but the workbook
                    got += found[code, "indicators", Severity.WARNING]
                differs = got < count if code in PARTLY else code not in FEWER and got != count
                if differs and not excused(code, path, submission.findings):
                    wrong.append(f"{code} {path} {severity}: live {count}, import {got}")
    assert not wrong, "\n".join(wrong[:20])


def excused(code: str, path: str, findings: Sequence[Finding]) -> bool:
    """Whether the import keeps silent because a cell that the rule reads has a finding of its own already."""
    table = "indicators" if code == "P01" else _group(path)
    said = {(finding.code, generic(finding.path or "")) for finding in findings}
    codes = {code for code, _ in said}
    unsound = any(own in {"V01", "V02", "V03", "V04", "G04", "C02"} and _group(at) == table for own, at in said)
    match code:
        case "M05":  # what was spent of no budget at all is one finding
            return unsound or ("M07", path) in said or ("M13", f"{parent_of(path)}.rate") in said
        case "M13":  # an absurd rate of the total row is that of one of its rows
            elsewhere = path.endswith(".total.rate") and any(own == code and at != path for own, at in said)
            return unsound or elsewhere or "M10" in codes  # nor is a slipped point said twice
        case "P01":  # a 一级 that deviates is named in the finding on the total
            return unsound or ("P01", "total.weight") in said
        case "P03" | "P04":
            return unsound or "P02" in codes
        case "P06":
            return unsound or "C04" in codes
        case _:
            return unsound


def _group(path: str) -> str:
    return path.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]


def said(layout: Layout) -> Counter[tuple[str, str, Severity]]:
    """How many errors and warnings each line has, by code and path."""
    found: Counter[tuple[str, str, Severity]] = Counter()
    for line in watched(layout):
        if line.path:
            found[line.code, generic(line.path), Severity.ERROR] += int(line.errors.value)
            found[line.code, generic(line.path), Severity.WARNING] += int(line.warnings.value)
    return found


def watched(layout: Layout) -> tuple[CheckLine, ...]:
    return watch(layout, layout.sheet, Hidden()).lines


def test_rows_inserted_by_an_officer_are_watched(office: Office, tmp_path: Path) -> None:
    form = FORMS["hunan-dept-self-eval"]
    path = tmp_path / "a.xlsx"
    path.write_bytes(write([set_out(place_live(form, year=2024))]))
    layout = place_live(form, year=2024)
    last = max(
        cell.box.row for cell in layout.cells if cell.path.startswith("indicators[") and cell.path.endswith(".name")
    )
    columns = {
        cell.field.key: re.sub(r"[0-9]", "", cell.box.name.split(":")[0])
        for cell in layout.cells
        if cell.field is not None and cell.path.startswith("indicators[0].")
    }
    new = {"name": "新增学位", "target": "≥18个", "actual": "9个", "weight": 10, "score": 12}
    steps: list[dict[str, object]] = [
        {"sheet": form.sheet, "unprotect": ""},
        {"sheet": form.sheet, "insert_rows": 1, "before": last + 1},
        *({"sheet": form.sheet, "cell": f"{columns[key]}{last + 1}", "type": value} for key, value in new.items()),
    ]
    sheet = office.recalculated(office.edit(path, steps, tmp_path / "b.xlsx"))[SELF_CHECK]
    results = {sheet.get(f"B{row}"): (sheet.get(f"C{row}"), sheet.get(f"D{row}")) for row in range(6, 60)}
    assert results["得分在 0 和本行分值之间"][0] == "错误 1 处"
    assert str(results["得分在 0 和本行分值之间"][1]).startswith(f"第 {last + 1} 行")
    assert results["没有达到指标值、或达到指标值的 130% 以上的，要写明原因"][0] == "错误 1 处"
    assert results["满意度指标各行的分值合计为 10 分"][0] == "通过"
    assert results["至少填一个三级指标"][0] == "通过"
    assert results["分值合计为 100"][1] == "分值合计 20，应为 100，相差 80"


# -- nothing breaks it ---------------------------------------------------------------------------------------------------

WRONG = ("#REF!", "#DIV/0!", "#VALUE!", "#N/A", "#NAME?", "Err:")


def counted(shown: Mapping[str, Mapping[str, Value]], sheet: str = SELF_CHECK) -> str:
    """The headline of 填报自检, no cell of which is an error value."""
    bad = {cell: value for cell, value in shown[sheet].items() if isinstance(value, str) and value.startswith(WRONG)}
    assert not bad
    return str(shown[sheet]["A2"])


def goals_of(layout: Layout) -> list[tuple[int, int]]:
    """The first and last rows of the last repeated block of each kind."""
    rows: dict[str, list[int]] = {}
    for cell in layout.cells:
        found = re.match(r"(.+?)\[(\d+)\]\.indicators\[", cell.path)
        if found is not None:
            rows.setdefault(f"{found[1]}[{found[2]}]", []).append(cell.box.row)
    last: dict[str, tuple[int, int]] = {}
    for block, numbers in rows.items():
        last[block.partition("[")[0]] = (min(numbers), max(numbers))
    return list(last.values())


@pytest.mark.parametrize("name", FORMS)
def test_no_deletion_and_no_error_value_breaks_it(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    layout = place_live(form)
    path = tmp_path / "in.xlsx"
    path.write_bytes(write([layout]))
    sheet = form.sheet
    inputs = [cell for cell in layout.cells if cell.role is Role.INPUT and cell.field is not None and not cell.option]
    amounts = [cell for cell in inputs if cell.field is not None and cell.field.type is Type.MONEY]
    # In a cell of text =1/0 is a text: forms without figures have no cell for an error value.
    struck = next((cell for cell in inputs if cell.field is not None and cell.field.type.numeric), None)
    unprotect = {"unprotect": "", "sheet": sheet}
    cell = cell_name(struck.box.row, struck.box.column) if struck is not None else ""
    if struck is not None:
        error = office.run(
            {
                "open": str(path),
                "steps": [
                    unprotect,
                    {"type": "=1/0", "cell": cell, "sheet": sheet},
                    {"recalculate": True},
                    {"values": True},
                ],
            }
        )[0]
        headline = counted(error)
        assert headline.startswith("还有错误 1 处"), headline
    if amounts:
        steps = [unprotect, {"put": "三十万", "cell": cell, "sheet": sheet}, {"recalculate": True}, {"values": True}]
        headline = counted(office.run({"open": str(path), "steps": steps})[0])
        assert headline.startswith("还有错误 1 处、提醒 0 处")
        assert re.search(rf"先改正第 \d+ 项：“{sheet}”的 {cell}，", headline)
    for first, last in goals_of(layout):
        steps = [unprotect, {"delete_rows": last - first + 1, "from": first, "sheet": sheet}, {"recalculate": True}]
        assert "错误 0 处" in counted(office.run({"open": str(path), "steps": [*steps, {"values": True}]})[0])


@pytest.mark.parametrize("name", FORMS)
def test_a_text_among_amounts_is_one_mistake_until_it_is_mended(name: str, office: Office, tmp_path: Path) -> None:
    form = FORMS[name]
    given = json.loads((shipped() / name / "sample.json").read_text(encoding="utf-8"))
    layout = perfxl.layout(form, data=given, year=2024)
    amounts = [
        cell
        for cell in layout.cells
        if cell.role is Role.INPUT and cell.field is not None and cell.field.type is Type.MONEY and cell.value
    ]
    if not amounts:
        pytest.skip("no amounts")
    path = tmp_path / "in.xlsx"
    path.write_bytes(write([layout]))
    last = {"recalculate": True}, {"values": True}
    before = errors_in(office.run({"open": str(path), "steps": [{"unprotect": "", "sheet": form.sheet}, *last]})[0])
    for cell in (amounts[0], amounts[-1]):
        there = cell_name(cell.box.row, cell.box.column)
        put = {"put": f"约{cell.value}万", "cell": there, "sheet": form.sheet}
        shown = office.run({"open": str(path), "steps": [{"unprotect": "", "sheet": form.sheet}, put, *last]})[0]
        found = errors_in(shown)
        new = {want: said for want, said in found.items() if want not in before}
        assert len(new) == 1, new
        assert next(iter(new.values()))[1].startswith(f"{there}：填了文字")


def errors_in(shown: Mapping[str, Mapping[str, Value]]) -> dict[str, tuple[str, str]]:
    """What 填报自检 calls an error or asks to look at: result and explanation, by what is watched."""
    sheet = shown[SELF_CHECK]
    lines = {
        str(sheet[f"B{row}"]): (str(sheet.get(f"C{row}")), str(sheet.get(f"D{row}")))
        for row in range(6, 90)
        if sheet.get(f"B{row}")
    }
    return {want: said for want, said in lines.items() if said[0].startswith(("错误", "提醒"))}
