"""What a roster costs for each unit: ``python benchmarks/roster.py``.

A unit's workbook from the bytes of the rendered one, beside rendering it by XlsxWriter and beside openpyxl's load, three
cells and save of the rendered one; for each form. Then the whole command with 300 and 10,000 units, writing included.
"""

from __future__ import annotations

import io
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from pathlib import Path
from statistics import median

import openpyxl

from perfxl.forms.definition.load import load_forms
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.send.series import Series
from perfxl.writer.write import write

MANY = 50
FORM, COLUMN = "hunan-dept-self-eval", "funds.total.initial"


def figures(form: Form) -> list[str]:
    """Return up to two amounts of a form that stand once."""
    fields = form.fields.items()
    return [p for p, spec in fields if spec.type is Type.MONEY and "[" not in p and not spec.computed][:2]


def units(form: Form, count: int) -> list[Own]:
    """Return units with name, code and up to two amounts."""
    return [
        Own(f"第{n}中学", f"{n:06}", {path: Decimal(n) / 4 for path in figures(form)}) for n in range(100, 100 + count)
    ]


def edited(data: bytes, own: Own) -> bytes:
    """Return a workbook with a name and amounts typed in, as openpyxl loads and saves it."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    for number, value in enumerate([own.unit, *own.values.values()], start=1):
        book.worksheets[-1].cell(200, number).value = str(value)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rendered(outgoing: Outgoing, own: Own) -> bytes:
    """Return a unit's workbook as XlsxWriter renders it."""
    return write([outgoing.layout(own)])


def each(form: Form) -> None:
    """Print what a unit costs: processor time in milliseconds, which does not hang on what else the machine does."""
    outgoing, owns = Outgoing.of(form, year=2024), units(form, MANY)
    series = Series([outgoing])
    data = series.workbook(owns[:1])
    ours = [processor(partial(series.workbook, [own])) for own in owns]
    full = [processor(partial(rendered, outgoing, own)) for own in owns[:10]]
    peer = [processor(partial(edited, data, own)) for own in owns[:5]]
    print(
        f"{form.id:26} {len(figures(form))} amounts   {median(ours):5.2f} ms"
        f"   XlsxWriter {median(full):5.1f} ms   openpyxl {median(peer):6.1f} ms"
    )


def processor(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000


def whole(count: int) -> None:
    """Print what the command takes, from start to end."""
    with tempfile.TemporaryDirectory() as folder:
        roster = Path(folder) / "roster.csv"
        lines = "".join(f"{n:06},第{n}中学,{n}.25\n" for n in range(count))
        roster.write_text(f"code,name,{COLUMN}\n{lines}", encoding="utf-8")
        words = ["generate", FORM, "--year", "2024", "--roster", str(roster), "-o", f"{folder}/out", "--quiet"]
        begin = time.perf_counter()
        subprocess.run([sys.executable, "-m", "perfxl", *words], check=True, stdout=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
        size = sum(file.stat().st_size for file in Path(folder, "out").iterdir())
    print(
        f"{count:6} units, {FORM}: {seconds:6.2f} s, {seconds / count * 1000:5.2f} ms each, {size / 1e6:.0f} MB written"
    )


def main() -> None:
    print(f"{os.cpu_count()} processors")
    for form in load_forms().values():
        each(form)
    for count in (300, 10_000):
        whole(count)


if __name__ == "__main__":
    main()
