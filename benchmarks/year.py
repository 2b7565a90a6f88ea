"""What the steps of the year cost: ``python benchmarks/year.py [carry] [summarize] [300 3000 …]``.

So many accepted goals of projects become self-evaluations (carry), so many self-evaluations become a 汇总 (summarize): each
the whole command from start to end, in one run next to scripts that do as much of it as is easily done.

carry: plain json and openpyxl, with as many processes; the same values into the cells of the same blank. It checks nothing,
closes nothing, tells no origin. The processor time of one goal is measured too: it does not depend on what else the machine
does.

summarize: plain openpyxl, and pandas where it is installed; every amount of every return in a row, and a row of sums, which
are held against perfxl's. They have no live formulas, no official layout, no indicators, pivots, charts, rankings, findings.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import openpyxl

import perfxl
from perfxl.forms.definition.load import shipped
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

SOURCE, TO = "mof-project-goal", "mof-project-self-eval"
COUNTS = (300, 3000)
FEW = 40
KINDS = "initial", "budget", "executed"


def document(form: str, data: Mapping[str, Any]) -> bytes:
    """Return the JSON of a form as an import writes it."""
    forms = perfxl.load_forms()
    workbook = perfxl.generate(forms[form], data=data, unit_code="000000")
    return submission_json(process(workbook, f"{form}.xlsx", Library.of(forms)))


def lay(folder: Path, form: str, count: int) -> Path:
    """Write so many returns of a form, each of a project of its own with figures of its own, below a folder."""
    sample = json.loads((shipped() / form / "sample.json").read_text(encoding="utf-8"))
    tree = json.loads(document(form, sample))
    if tree["status"] != "accepted":
        raise SystemExit(f"the sample is rejected: {tree['findings']}")
    funds = json.loads(json.dumps(tree["forms"][0]["data"]["funds"]))
    for number in range(count):
        one = tree["forms"][0]
        one["data"]["project_name"] = f"第 {number} 个项目"
        one["unit"]["code"] = f"{number // 4:06}"
        if form == TO:
            for line, amounts in funds.items():
                moved = {
                    kind: round(amounts[kind] * (1 + number / 7), 2) for kind in KINDS if amounts[kind] is not None
                }
                one["data"]["funds"][line].update(moved)
        tree["source"]["sha256"] = f"{number:064x}"
        path = folder / f"{number % 17}" / f"{number}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")
    return folder


# -- carry --------------------------------------------------------------------------------------------------------------


def places() -> dict[str, str]:
    """Return where the plain script types each value: the cells of the blank, worked out once."""
    layout = perfxl.layout(perfxl.load_forms()[TO], year=2022)
    return {cell.path: cell.box.name for cell in layout.cells if cell.field is not None}


def blank(folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / "blank.xlsx"
    path.write_bytes(perfxl.generate(perfxl.load_forms()[TO], year=2022))
    return path


def copy(empty: Path, cells: Mapping[str, str], target: Path, source: Path) -> None:
    """Do for one goal what a script with openpyxl does: read the JSON, type the values into the blank, save."""
    (form,) = json.loads(source.read_text(encoding="utf-8"))["forms"]
    data = form["data"]
    values = {name: data[name] for name in ("project_name", "supervisor", "implementing_unit")}
    values |= {f"funds.{name}.initial": data["funds"]["annual"][name] for name in ("fiscal", "carryover", "other")}
    values["goal.expected"] = data["goal"]["annual"]
    free = [path.removesuffix(".name") for path in cells if path.startswith("indicators[") and path.endswith(".name")]
    for row, place in zip(data["annual_indicators"], free, strict=False):
        values[f"{place}.name"], values[f"{place}.target"] = row["name"], row["target"]["text"]
    book = openpyxl.load_workbook(empty)
    for path, value in values.items():
        book.worksheets[0][cells[path]].value = value
    book.save(target / f"{source.stem}.xlsx")


def carry_by_openpyxl(folder: Path) -> None:
    """Do it for all goals, in as many processes as there are processors."""
    out = folder.parent / "plain"
    work = partial(copy, blank(out), places(), out)
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(work, sorted(folder.rglob("*.json")), chunksize=20):
            pass


def one_by_one(folder: Path) -> None:
    """Print the processor time of one goal, in one process."""
    sources = sorted(folder.rglob("*.json"))[:FEW]
    out = folder.parent / "few"
    empty, cells = blank(out), places()
    perfxl.carry(sources[:2], TO, out)  # what is loaded once is loaded
    begin = time.process_time()
    perfxl.carry(sources, TO, out)
    ours = (time.process_time() - begin) / len(sources)
    begin = time.process_time()
    for source in sources:
        copy(empty, cells, out, source)
    peer = (time.process_time() - begin) / len(sources)
    print(f"processor time of one: perfxl {ours * 1000:.0f} ms, openpyxl {peer * 1000:.0f} ms")


# -- summarize ----------------------------------------------------------------------------------------------------------


def amounts(folder: Path) -> Iterator[dict[str, Any]]:
    """Yield the amounts of each return, a row each."""
    for path in sorted(folder.rglob("*.json")):
        (form,) = json.loads(path.read_text(encoding="utf-8"))["forms"]
        lines = form["data"]["funds"].items()
        row = {"code": form["unit"]["code"], "project": form["data"]["project_name"]}
        yield row | {f"{line}.{kind}": values[kind] for line, values in lines for kind in KINDS}


def sum_by_openpyxl(folder: Path) -> None:
    """Write a row for each return and a row of sums."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sums: dict[str, Decimal] = {}
    for number, row in enumerate(amounts(folder)):
        if not number:
            sheet.append(list(row))
        sheet.append(list(row.values()))
        for name, value in list(row.items())[2:]:
            sums[name] = sums.get(name, Decimal(0)) + Decimal(str(value or 0))
    sheet.append(["合计", None, *sums.values()])
    book.save(folder.parent / "openpyxl.xlsx")


def sum_by_pandas(folder: Path) -> None:
    """Do the same with a frame."""
    frame = import_module("pandas").DataFrame(amounts(folder))  # no dependency: measured where it is installed
    sums = frame.drop(columns=["code", "project"]).sum()
    frame.loc[len(frame)] = {"code": "合计", **sums}
    frame.to_excel(folder.parent / "pandas.xlsx", index=False)


def last_row(path: Path, sheet: str = "") -> dict[str, float]:
    """Return the sums in the last row of a sheet, by the heads of their columns."""
    book = openpyxl.load_workbook(path, data_only=True, read_only=True)
    rows = [row for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows(values_only=True) if any(row)]
    heads = next(row for row in rows if len([cell for cell in row if cell]) > len(KINDS))
    return {str(head): cell for head, cell in zip(heads, rows[-1], strict=False) if isinstance(cell, int | float)}


def same_sums(folder: Path, peers: Sequence[str]) -> None:
    """Hold the sums of all against each other."""
    form = perfxl.load_forms()[TO]
    ours = last_row(folder.parent / "汇总.xlsx", f"{form.sheet}明细")
    for peer in peers:
        for name, value in last_row(folder.parent / f"{peer}.xlsx").items():
            label = form.fields[f"funds.{name}"].label
            if abs(ours.get(label, 0) - value) > 1e-6 * max(1, abs(value)):
                raise SystemExit(f"{peer}: {name} is {value}, perfxl has {ours.get(label)}")


# -- measuring ----------------------------------------------------------------------------------------------------------

PEERS: Mapping[str, Callable[[Path], None]] = {
    "carry-openpyxl": carry_by_openpyxl,
    "summarize-openpyxl": sum_by_openpyxl,
    "summarize-pandas": sum_by_pandas,
}


def timed(what: str, name: str, count: int, command: Sequence[str]) -> float:
    """Run a command and print what it took by the clock, and the most memory that one of its processes had."""
    begin = time.perf_counter()
    running = subprocess.Popen([sys.executable, *command], stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(running.pid, 0)
    seconds = time.perf_counter() - begin
    if status:
        raise SystemExit(f"{command} failed")
    print(
        f"{what:9} {count:6}  {name:9} {seconds:7.1f} s  {seconds / count * 1000:6.1f} ms each  "
        f"{usage.ru_utime + usage.ru_stime:7.1f} s of processors  {usage.ru_maxrss / 1024:5.0f} MB",
        flush=True,
    )
    return seconds


def compare(what: str, folder: Path, count: int, ours: Sequence[str], peers: Sequence[str]) -> None:
    """Time perfxl and its peers one after another, and print the ratios."""
    mine = timed(what, "perfxl", count, ["-m", "perfxl", what, str(folder), *ours, "--quiet"])
    for peer in peers:
        took = timed(what, peer, count, [__file__, "--peer", f"{what}-{peer}", str(folder)])
        print(f"{what:9} {count:6}  perfxl takes {mine / took:.2f} times as long as {peer}")


def main() -> None:
    if sys.argv[1:2] == ["--peer"]:
        PEERS[sys.argv[2]](Path(sys.argv[3]))
        return
    adders = ["openpyxl", *(["pandas"] if find_spec("pandas") else [])]
    print(f"{os.cpu_count()} processors; carry: {SOURCE} → {TO}; summarize: {TO}")
    steps = [word for word in sys.argv[1:] if not word.isdecimal()] or ["carry", "summarize"]
    for count in [int(word) for word in sys.argv[1:] if word.isdecimal()] or COUNTS:
        with tempfile.TemporaryDirectory() as scratch:
            if "carry" in steps:
                folder = lay(Path(scratch) / "goals", SOURCE, count)
                one_by_one(folder)
                compare("carry", folder, count, ["--to", TO, "-o", f"{scratch}/out"], ["openpyxl"])
            if "summarize" in steps:
                folder = lay(Path(scratch) / "results", TO, count)
                compare("summarize", folder, count, ["-o", f"{scratch}/汇总.xlsx"], adders)
                same_sums(folder, adders)


if __name__ == "__main__":
    main()
