"""What carrying over costs: ``python benchmarks/year.py [300 3000 …]``.

So many accepted goals of projects become self-evaluations: the whole command, from start to end, beside a script with plain
json and openpyxl that does as much of it as is easily done (the same values into the cells of the same blank; it checks
nothing, closes nothing, tells no origin), with as many processes. Both in one run; and the processor time of one goal, which
does not depend on what else the machine does.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ProcessPoolExecutor
from functools import partial
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


def document(goal: Mapping[str, Any]) -> bytes:
    """Return the JSON of a goal as an import writes it."""
    forms = perfxl.load_forms()
    workbook = perfxl.generate(forms[SOURCE], data=goal, unit_code="000000")
    return submission_json(process(workbook, "目标.xlsx", Library.of(forms)))


def lay(folder: Path, count: int) -> None:
    """Write so many goals, each of a project of its own, below a folder."""
    goal = json.loads((shipped() / SOURCE / "sample.json").read_text(encoding="utf-8"))
    tree = json.loads(document(goal))
    if tree["status"] != "accepted":
        raise SystemExit(f"the sample is rejected: {tree['findings']}")
    for number in range(count):
        form = tree["forms"][0]
        form["data"]["project_name"] = f"第 {number} 个项目"
        form["unit"]["code"] = f"{number // 4:06}"
        tree["source"]["sha256"] = f"{number:064x}"
        path = folder / f"{number % 17}" / f"{number}.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(tree, ensure_ascii=False, indent=2), encoding="utf-8")


def places() -> dict[str, str]:
    """Return where the plain script types each value: the cells of the blank, worked out once."""
    layout = perfxl.layout(perfxl.load_forms()[TO], year=2022)
    return {cell.path: cell.box.name for cell in layout.cells if cell.field is not None}


def copy(blank: Path, cells: Mapping[str, str], target: Path, source: Path) -> None:
    """Do for one goal what a script with openpyxl does: read the JSON, type the values into the blank, save."""
    (form,) = json.loads(source.read_text(encoding="utf-8"))["forms"]
    data = form["data"]
    values = {name: data[name] for name in ("project_name", "supervisor", "implementing_unit")}
    values |= {f"funds.{name}.initial": data["funds"]["annual"][name] for name in ("fiscal", "carryover", "other")}
    values["goal.expected"] = data["goal"]["annual"]
    free = [path.removesuffix(".name") for path in cells if path.startswith("indicators[") and path.endswith(".name")]
    for row, place in zip(data["annual_indicators"], free, strict=False):
        values[f"{place}.name"], values[f"{place}.target"] = row["name"], row["target"]["text"]
    book = openpyxl.load_workbook(blank)
    for path, value in values.items():
        book.worksheets[0][cells[path]].value = value
    book.save(target / f"{source.stem}.xlsx")


def by_openpyxl(folder: Path) -> None:
    """Do it for all goals, in as many processes as there are processors."""
    out = folder.parent / "plain"
    out.mkdir()
    blank = out / "blank.xlsx"
    blank.write_bytes(perfxl.generate(perfxl.load_forms()[TO], year=2022))
    with ProcessPoolExecutor() as pool:
        for _ in pool.map(partial(copy, blank, places(), out), sorted(folder.rglob("*.json")), chunksize=20):
            pass


def by_perfxl(folder: Path) -> None:
    words = ["carry", str(folder), "--to", TO, "-o", str(folder.parent / "out"), "--quiet"]
    subprocess.run([sys.executable, "-m", "perfxl", *words], check=True, stdout=subprocess.DEVNULL)


def timed(name: str, count: int, work: Callable[[], None]) -> None:
    """Print what all of it took by the clock, and the greatest memory of the process that was started for it."""
    begin = time.perf_counter()
    work()
    seconds = time.perf_counter() - begin
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{count:6} goals  {name:9} {seconds:7.1f} s  {seconds / count * 1000:6.1f} ms each  {memory:5.0f} MB")


def one_by_one(folder: Path) -> None:
    """Print the processor time of one goal, in one process."""
    sources = sorted(folder.rglob("*.json"))[:FEW]
    out = folder.parent / "few"
    out.mkdir()
    blank = out / "blank.xlsx"
    blank.write_bytes(perfxl.generate(perfxl.load_forms()[TO], year=2022))
    cells = places()
    perfxl.carry(sources[:2], TO, out)  # what is loaded once is loaded
    begin = time.process_time()
    perfxl.carry(sources, TO, out)
    ours = (time.process_time() - begin) / len(sources)
    begin = time.process_time()
    for source in sources:
        copy(blank, cells, out, source)
    peer = (time.process_time() - begin) / len(sources)
    print(f"processor time of one: perfxl {ours * 1000:.0f} ms, openpyxl {peer * 1000:.0f} ms")


def main() -> None:
    print(f"{os.cpu_count()} processors; {SOURCE} → {TO}")
    for count in [int(word) for word in sys.argv[1:]] or COUNTS:
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch) / "results"
            folder.mkdir()
            lay(folder, count)
            one_by_one(folder)
            timed("perfxl", count, partial(by_perfxl, folder))
            timed("openpyxl", count, partial(by_openpyxl, folder))


if __name__ == "__main__":
    main()
