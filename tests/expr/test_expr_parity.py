"""The formula of an expression and its evaluation agree: LibreOffice is the referee."""

from __future__ import annotations

import datetime as dt
import os
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from random import Random

import pytest
import xlsxwriter
from expr_sample import ROWS, TYPES, Sheet, Writer, expression, random_values, record
from msgspec.structs import replace
from xlsxwriter.worksheet import Worksheet

from perfxl.expr.check import sort_of
from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import to_excel, to_excel_broken
from perfxl.expr.texts import EXCEL_EPOCH
from perfxl.model.expression import (
    Binary,
    Call,
    Constant,
    Expr,
    ExpressionError,
    FieldRef,
    Function,
    Negate,
    Operator,
)
from perfxl.model.field_type import Sort
from perfxl.model.path import generic
from perfxl.model.record import Record
from perfxl.model.value import Value
from support.office import Office

pytestmark = pytest.mark.client

RECORDS = int(os.environ.get("PERFXL_PARITY_RECORDS", "10"))  # more for a thorough run
EACH = 40
TINY = Decimal("0.0000001")


@dataclass(frozen=True, slots=True)
class Case:
    """One expression in one row of one record, and the cells of the two formulas made of it."""

    source: str
    expr: Expr
    at: str
    values: Record
    sheet: str
    cell: str
    broken: str


def test_formula_and_evaluation_agree(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "对照.xlsx"
    cases = written(path, Random(5))
    found = office.recalculated(path)
    wrong = [
        f"{case.source} at {case.at or '-'}: {want!r}, {case.sheet} {case.cell}: {got!r}"
        for case in cases
        for want, got in compared(case, found[case.sheet])
        if not same(want, got)
    ]
    skipped = sum(evaluate(case.expr, case.values, case.at) is None for case in cases)
    print(f"{len(cases)} expressions, {skipped} blank, {len(wrong)} disagree")  # noqa: T201 - shown by pytest -s
    assert len(cases) > RECORDS * EACH // 2
    assert not wrong, "\n".join(wrong)


def compared(case: Case, sheet: dict[str, Decimal | str]) -> list[tuple[object, object]]:
    want = evaluate(case.expr, case.values, case.at)
    pairs: list[tuple[object, object]] = [(want, sheet.get(case.cell))]
    if sort_of(case.expr) is Sort.TRUTH:
        pairs.append((want is False, sheet.get(case.broken)))
    return pairs


def same(want: object, got: object, tolerance: Decimal = Decimal("1E-9")) -> bool:
    match want:
        case None:
            return got in {None, ""}
        case bool():
            return got in {Decimal(0), Decimal(1)} and bool(got) is want  # a truth value is a number to LibreOffice
        case Decimal():
            return isinstance(got, Decimal) and abs(want - got) <= max(abs(want), Decimal(1)) * tolerance
        case str():
            # what was typed as a number for a text comes through as a number
            return got == (Decimal(want) if want.isdigit() and isinstance(got, Decimal) else want)
        case _:
            return False


def written(path: Path, random: Random) -> list[Case]:
    """Write sheets of random values, each with random expressions about them in column A."""
    cases: list[Case] = []
    with xlsxwriter.Workbook(path) as book:
        for number in range(RECORDS):
            sheet = book.add_worksheet(f"第{number}张")
            values = random_values(random)
            place(sheet, values, random)
            for line in range(100, 100 + EACH):
                writer = Writer(random, random.choice(ROWS))
                case = drawn(writer, record(values), sheet.name, line)
                if case is None:
                    continue
                sheet.write_formula(case.cell, f"={to_excel(case.expr, Sheet(), case.at)}")
                if sort_of(case.expr) is Sort.TRUTH:
                    sheet.write_formula(case.broken, f"={to_excel_broken(case.expr, Sheet(), case.at)}")
                cases.append(case)
    return cases


def drawn(writer: Writer, values: Record, sheet: str, line: int) -> Case | None:
    """Return a random expression, None where it does not fit or hangs on the last bit of a binary number."""
    source = writer.any(writer.random.randint(1, 4))
    try:
        expr = expression(source, writer.row)
    except ExpressionError:
        return None
    at = writer.at()
    want = evaluate(expr, values, at)
    steady = all(same(want, evaluate(nudged(expr, by), values, at), Decimal("0.001")) for by in (TINY, -TINY))
    return Case(source, expr, at, values, sheet, f"A{line}", f"B{line}") if steady else None


def nudged(expr: Expr, by: Decimal) -> Expr:
    """Return an expression with what is rounded, compared or divided by moved a little."""
    match expr:
        case Call(Function.ROUND, (number, places)):
            return Call(Function.ROUND, (Binary(Operator.ADD, nudged(number, by), Constant(by)), places))
        case Call(function, arguments):
            return Call(function, tuple(nudged(argument, by) for argument in arguments))
        case Negate(operand):
            return Negate(nudged(operand, by))
        case Binary(operator, left, right):
            left, right = nudged(left, by), nudged(right, by)
            if operator is Operator.DIVIDE and not isinstance(right, FieldRef | Constant):
                right = Binary(Operator.ADD, right, Constant(by))
            return replace(expr, left=left, right=right)
        case _:
            return expr


def place(sheet: Worksheet, values: dict[str, Value], random: Random) -> None:
    """Write values where the sample's sheet has them, blanks as officers and formulas leave them."""
    places = Sheet()
    for cell, text in places.texts().items():
        sheet.write_string(cell, text)
    for path in [path for kind in TYPES for path in record().paths(kind)]:
        cell, kind, value = places.cell(path), TYPES[generic(path)], values.get(path)
        match value:
            case None:
                left = random.choice(["", '=""', "—" if kind.numeric else '=""'])
                _ = sheet.write_formula(cell, left) if left.startswith("=") else sheet.write_string(cell, left)
            case Decimal():
                sheet.write_number(cell, float(value))
            case dt.date():
                sheet.write_number(cell, (value - EXCEL_EPOCH).days)
            case bool():
                sheet.write_string(cell, "√")
            case _:
                text = value if isinstance(value, str) else value.text
                _ = sheet.write_number(cell, int(text)) if text.isdigit() else sheet.write_string(cell, text)
