"""Sit at LibreOffice as a person would: open a workbook, type, insert rows, read what the screen shows, save.

Run by a Python that has ``uno`` (the system's, or LibreOffice's own; 3.8 is enough), never by the tests' own:
``python typist.py PIPE SECONDS`` connects to the LibreOffice that listens on that pipe, waiting so long for it,
reads one job from stdin and writes its answer to stdout, both JSON. A job is

``{"open": path, "steps": [step...], "save_as": path, "format": "xlsx"}``

where ``save_as`` may be missing, and ``format`` too where the suffix says it (``text``: a document of Word as a PDF).
Each step has one verb, and ``sheet`` (name or index, the first where missing) to say where:

- ``{"type": "95%", "cell": "D5"}`` types into a cell, and what comes of it is what a person in China gets: ``95%`` is
  0.95 with a percent format in an ordinary cell and stays text in a Text cell, ``1,616.43`` is a number, ``2024/1/16``
  a date, ``=A1*2`` a formula (names in English, ``,`` or ``;`` between arguments), ``'95%`` text. A JSON number is its
  digits typed. Drop-downs and limits do not stop it, as they do not stop a person who pastes.
- ``{"clear": "D5:E9"}`` empties cells and leaves their formats.
- ``{"insert_rows": 2, "before": 7}``, ``{"delete_rows": 2, "from": 7}``: the commands of the menu.
- ``{"insert_columns": 1, "before": 3}``, ``{"delete_columns": 1, "from": 3}``: likewise, columns from 1.
- ``{"copy_rows": 2, "from": 7, "to": 9}`` copies rows over other rows.
- ``{"merge": "B2:D2"}``, ``{"unmerge": "B2:D2"}``.
- ``{"put": "95%", "cell": "D5"}`` pastes a text or, as a JSON number, a number (``format``: with this number format)
  as it is, also into a cell that a merge covers.
- ``{"copy_sheet": "新表"}`` copies a sheet behind the last one; ``{"into_new_file": path}`` copies a sheet into a new
  workbook and saves that one.
- ``{"print": "E"}`` makes the print area what is used of the columns from A to this one.
- ``{"rename": "新名"}``, ``{"unprotect": ""}`` (the password).
- ``{"recalculate": true}`` computes every formula afresh, which opening a workbook does not.
- ``{"read": ["D5", "F1:F3"]}`` answers with ``{sheet, cell, value, text, formula, format, error}`` for each cell: a
  number, a string or null; as displayed; or "" where there is none; the format code; the error's text or "".
- ``{"values": true}`` answers with ``{sheet: {cell: value}}`` of all cells of all sheets that hold something, an
  error as its text; dates and truth values are numbers there, as they are to LibreOffice.

The answer is ``{"answers": [...]}``, one for each ``read`` and ``values``, or ``{"refused": "why"}`` for what a
person could not have done either: a locked cell, a cell covered by a merge, rows of a protected sheet; ``{"unopened":
"why"}`` for a file that LibreOffice does not open. Nothing is saved then.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import uno

FILTERS = {
    "xlsx": "Calc MS Excel 2007 XML",
    "xlsm": "Calc MS Excel 2007 VBA XML",
    "xls": "MS Excel 97",
    "ods": "calc8",
    "pdf": "calc_pdf_Export",
    "text": "writer_pdf_Export",
}
CONTENT = 1 | 2 | 4 | 16  # com.sun.star.sheet.CellFlags: values, dates, strings, formulas
DONE = 1  # com.sun.star.frame.DispatchResultState.SUCCESS
OPENINGS = 4


class RefusedError(Exception):
    """What a person at the screen could not have done either."""


class UnopenedError(Exception):
    """LibreOffice does not open a file."""


class Typist:
    """Someone at an open workbook, doing one step after the other."""

    def __init__(self, desktop: Any, document: Any, dispatcher: Any) -> None:
        self.desktop = desktop
        self.document = document
        self.dispatcher = dispatcher

    def type(self, step: dict[str, Any]) -> None:
        sheet = self.sheet(step)
        cell = sheet.getCellRangeByName(step["cell"])
        self.refuse_covered(sheet, cell, step["cell"])
        if sheet.isProtected() and cell.CellProtection.IsLocked:
            raise RefusedError(f"{step['cell']} is locked")
        cell.FormulaLocal = str(step["type"])

    def clear(self, step: dict[str, Any]) -> None:
        sheet = self.sheet(step)
        cells = sheet.getCellRangeByName(step["clear"])
        protection = cells.CellProtection  # None where the cells differ
        if sheet.isProtected() and (protection is None or protection.IsLocked):
            raise RefusedError(f"{step['clear']} is locked")
        cells.clearContents(CONTENT)

    def insert_rows(self, step: dict[str, Any]) -> None:
        self.command(".uno:InsertRowsBefore", self.rows(step, step["before"], step["insert_rows"]))

    def delete_rows(self, step: dict[str, Any]) -> None:
        self.command(".uno:DeleteRows", self.rows(step, step["from"], step["delete_rows"]))

    def insert_columns(self, step: dict[str, Any]) -> None:
        self.command(".uno:InsertColumnsBefore", self.columns(step, step["before"], step["insert_columns"]))

    def delete_columns(self, step: dict[str, Any]) -> None:
        self.command(".uno:DeleteColumns", self.columns(step, step["from"], step["delete_columns"]))

    def merge(self, step: dict[str, Any]) -> None:
        self.unlocked(step).getCellRangeByName(step["merge"]).merge(True)

    def unmerge(self, step: dict[str, Any]) -> None:
        self.unlocked(step).getCellRangeByName(step["unmerge"]).merge(False)

    def put(self, step: dict[str, Any]) -> None:
        cell = self.unlocked(step).getCellRangeByName(step["cell"])
        if isinstance(step["put"], str):
            cell.String = step["put"]
            return
        cell.Value = step["put"]
        formats, english = self.document.NumberFormats, uno.createUnoStruct("com.sun.star.lang.Locale")
        english.Language, english.Country = "en", "US"
        number = formats.queryKey(step["format"], english, False)
        cell.NumberFormat = formats.addNew(step["format"], english) if number < 0 else number

    def copy_sheet(self, step: dict[str, Any]) -> None:
        sheets = self.document.Sheets
        sheets.copyByName(self.sheet(step).Name, step["copy_sheet"], sheets.Count)

    def into_new_file(self, step: dict[str, Any]) -> None:
        made = self.desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, (setting("Hidden", True),))
        try:
            made.Sheets.importSheet(self.document, self.sheet(step).Name, 0)
            for name in made.Sheets.ElementNames[1:]:
                made.Sheets.removeByName(name)
            store(made, step["into_new_file"])
        finally:
            made.close(True)

    def copy_rows(self, step: dict[str, Any]) -> None:
        rows = self.rows(step, step["from"], step["copy_rows"])
        target = self.rows(step, step["to"], step["copy_rows"])
        if self.sheet(step).isProtected():
            raise RefusedError("rows of a protected sheet")
        self.sheet(step).copyRange(target.getCellByPosition(0, 0).CellAddress, rows.RangeAddress)

    def rename(self, step: dict[str, Any]) -> None:
        self.sheet(step).Name = step["rename"]

    def print(self, step: dict[str, Any]) -> None:
        sheet = self.sheet(step)
        used = sheet.createCursor()
        used.gotoEndOfUsedArea(False)
        area = sheet.getCellRangeByName(f"A1:{step['print']}{used.RangeAddress.EndRow + 1}")
        sheet.setPrintAreas((area.RangeAddress,))

    def unprotect(self, step: dict[str, Any]) -> None:
        sheet = self.sheet(step)
        sheet.unprotect(step["unprotect"])
        if sheet.isProtected():
            raise RefusedError("the password is another")

    def recalculate(self, _step: dict[str, Any]) -> None:
        self.document.calculateAll()

    def read(self, step: dict[str, Any]) -> list[dict[str, Any]]:
        sheet = self.sheet(step)
        formats = self.document.NumberFormats
        found = []
        for name in step["read"]:
            for cell in each_cell(sheet.getCellRangeByName(name)):
                error = cell.String if cell.getError() else ""
                formula = cell.Type.value == "FORMULA"
                kind = cell.FormulaResultType2 if formula else {"EMPTY": 0, "VALUE": 1}.get(cell.Type.value, 2)
                found.append(
                    {
                        "sheet": sheet.Name,
                        "cell": cell_name(cell),
                        "value": None if error else {0: None, 1: cell.Value}.get(kind, cell.String),
                        "text": cell.String,
                        "formula": cell.Formula if formula else "",
                        "format": formats.getByKey(cell.NumberFormat).FormatString,
                        "error": error,
                    }
                )
        return found

    def values(self, _step: dict[str, Any]) -> dict[str, dict[str, Any]]:
        return {sheet.Name: dict(used_values(sheet)) for sheet in self.document.Sheets}

    def sheet(self, step: dict[str, Any]) -> Any:
        where = step.get("sheet", 0)
        sheets = self.document.Sheets
        if isinstance(where, int):
            return sheets.getByIndex(where)
        if not sheets.hasByName(where):
            raise RefusedError(f"there is no sheet {where}")
        return sheets.getByName(where)

    def rows(self, step: dict[str, Any], first: int, count: int) -> Any:
        last_column = self.sheet(step).Columns.Count - 1
        return self.sheet(step).getCellRangeByPosition(0, first - 1, last_column, first + count - 2)

    def columns(self, step: dict[str, Any], first: int, count: int) -> Any:
        last_row = self.sheet(step).Rows.Count - 1
        return self.sheet(step).getCellRangeByPosition(first - 1, 0, first + count - 2, last_row)

    def unlocked(self, step: dict[str, Any]) -> Any:
        if self.sheet(step).isProtected():
            raise RefusedError("a protected sheet")
        return self.sheet(step)

    def command(self, name: str, selection: Any) -> None:
        """Give a command of the menu for a selection; a protected sheet may refuse it."""
        controller = self.document.CurrentController
        controller.setActiveSheet(selection.Spreadsheet)
        controller.select(selection)
        result = self.dispatcher.executeDispatch(controller.Frame, name, "", 0, ())
        if result.State != DONE:
            raise RefusedError(f"{name} does not work on these rows")

    def refuse_covered(self, sheet: Any, cell: Any, name: str) -> None:
        merged = sheet.createCursorByRange(cell)
        merged.collapseToMergedArea()
        head, own = merged.RangeAddress, cell.CellAddress
        if (head.StartColumn, head.StartRow) != (own.Column, own.Row):
            raise RefusedError(f"{name} is covered by a merge")


VERBS = {
    "type": Typist.type,
    "clear": Typist.clear,
    "insert_rows": Typist.insert_rows,
    "delete_rows": Typist.delete_rows,
    "insert_columns": Typist.insert_columns,
    "delete_columns": Typist.delete_columns,
    "copy_rows": Typist.copy_rows,
    "merge": Typist.merge,
    "unmerge": Typist.unmerge,
    "put": Typist.put,
    "copy_sheet": Typist.copy_sheet,
    "into_new_file": Typist.into_new_file,
    "print": Typist.print,
    "rename": Typist.rename,
    "unprotect": Typist.unprotect,
    "recalculate": Typist.recalculate,
    "read": Typist.read,
    "values": Typist.values,
}


def each_cell(cells: Any) -> Any:
    for row in range(cells.Rows.Count):
        for column in range(cells.Columns.Count):
            yield cells.getCellByPosition(column, row)


def cell_name(cell: Any) -> str:
    return str(cell.AbsoluteName).rsplit(".", 1)[1].replace("$", "")


def used_values(sheet: Any) -> Any:
    """Yield (cell, value) of what a sheet holds, read as a block: a call for each cell would take seconds."""
    used = sheet.createCursor()
    used.gotoStartOfUsedArea(False)
    used.gotoEndOfUsedArea(True)
    values, formulas = used.getDataArray(), used.getFormulaArray()
    letters = [str(column.Name) for column in used.Columns]
    errors = {cell_name(cell): str(cell.String) for cells in used.queryFormulaCells(4) for cell in each_cell(cells)}
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            name = f"{letters[column]}{used.RangeAddress.StartRow + row + 1}"
            if name in errors:
                yield name, errors[name]
            elif value != "" or formulas[row][column]:
                yield name, value


def setting(name: str, value: Any) -> Any:
    made = uno.createUnoStruct("com.sun.star.beans.PropertyValue")
    made.Name, made.Value = name, value
    return made


def store(document: Any, path: str, kind: Any = None) -> None:
    target = Path(path)
    name = FILTERS[kind or target.suffix[1:]]
    document.storeToURL(target.as_uri(), (setting("FilterName", name), setting("Overwrite", True)))


def connect(pipe: str, seconds: float) -> Any:
    """Return the context of the LibreOffice at a pipe, waiting for it to come up."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    deadline = time.monotonic() + seconds
    while True:
        try:
            return resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except uno.getClass("com.sun.star.connection.NoConnectException"):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def work(context: Any, job: dict[str, Any]) -> list[Any]:
    """Do a job, return its answers; the workbook is closed whatever happens."""
    manager = context.ServiceManager
    desktop = manager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    if "quit" in job:
        desktop.terminate()
        return []
    quiet = (setting("Hidden", True), setting("MacroExecutionMode", 0), setting("UpdateDocMode", 0))
    document = None
    for trial in range(OPENINGS):
        try:
            document = desktop.loadComponentFromURL(Path(job["open"]).as_uri(), "_blank", 0, quiet)
        except uno.getClass("com.sun.star.lang.IllegalArgumentException") as error:
            raise UnopenedError(str(error)) from error
        if document is not None:
            break
        # LibreOffice answers before it is ready to open anything, the longer the busier the machine is.
        time.sleep(trial + 1)
    if document is None:
        raise UnopenedError(f"LibreOffice does not open {Path(job['open']).name}")
    try:
        typist = Typist(
            desktop, document, manager.createInstanceWithContext("com.sun.star.frame.DispatchHelper", context)
        )
        answers = []
        for step in job.get("steps", ()):
            (verb,) = step.keys() & VERBS.keys()
            answer = VERBS[verb](typist, step)
            if answer is not None:
                answers.append(answer)
        if "save_as" in job:
            store(document, job["save_as"], job.get("format"))
        return answers
    finally:
        document.close(True)


def main(pipe: str, seconds: str) -> None:
    job = json.load(sys.stdin.buffer)
    context = connect(pipe, float(seconds))
    answer: dict[str, Any]
    try:
        answer = {"answers": work(context, job)}
    except RefusedError as error:
        answer = {"refused": str(error)}
    except UnopenedError as error:
        answer = {"unopened": str(error)}
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
