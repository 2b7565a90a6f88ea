"""What the steps of the year cost: so many accepted goals become self-evaluations (carry), so many of those a 汇总.

Each is the whole command, beside scripts that do as much of it as is easily done.

carry: plain json and openpyxl, with as many processes; the same values into the cells of the same blank. It checks nothing,
closes nothing, tells no origin.

summarize: plain openpyxl, and pandas where it is installed; every amount of every return in a row, and a row of sums, which
are held against perfxl's. They have no live formulas, no official layout, no indicators, pivots, charts, rankings, findings.
"""

from __future__ import annotations

import json
import sys
import tempfile
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
from benchmarks.figures import Figure, Run, run
from perfxl.forms.definition.load import shipped
from perfxl.receive.library import Library
from perfxl.receive.pipeline import process
from perfxl.reporting.document import submission_json

ROOM = "year"
SOURCE, TO = "mof-project-goal", "mof-project-self-eval"
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


def _took(*words: str) -> Run:
    return run("-m", "perfxl", *words, "--quiet")


def figures(*, short: bool) -> Iterator[Figure]:
    count = 20 if short else 100
    adders = ["openpyxl", *(["pandas"] if find_spec("pandas") else [])]
    with tempfile.TemporaryDirectory() as scratch:
        goals, results = lay(Path(scratch) / "goals", SOURCE, count), lay(Path(scratch) / "results", TO, count)
        carried = _took("carry", str(goals), "--to", TO, "-o", f"{scratch}/out")
        yield from _beside(f"carry, {count} goals", carried, goals, ["carry-openpyxl"])
        summed = _took("summarize", str(results), "-o", f"{scratch}/汇总.xlsx")
        yield from _beside(f"summarize, {count} returns", summed, results, [f"summarize-{name}" for name in adders])
        same_sums(results, adders)


def _beside(name: str, ours: Run, folder: Path, peers: Sequence[str]) -> Iterator[Figure]:
    for peer in peers:
        theirs = run("-m", "benchmarks.year", peer, str(folder)).milliseconds
        yield Figure(ROOM, name, ours.milliseconds, "ms", peer, theirs, ours.milliseconds / theirs)
    yield Figure(ROOM, f"{name}: largest process", ours.megabytes, "MB")


if __name__ == "__main__":
    PEERS[sys.argv[1]](Path(sys.argv[2]))
