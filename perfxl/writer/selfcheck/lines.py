"""The lines of 填报自检 for one sheet: what is watched, how much of it is wrong, where, and what to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cached_property
from typing import assert_never

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import has_lists, to_excel_broken
from perfxl.expr.passed_over import passed_over
from perfxl.expr.rounding import explained, to_excel_explained
from perfxl.model.address import Box, cell_name, column_letter
from perfxl.model.expression import Expr, ExpressionError
from perfxl.model.finding import Severity
from perfxl.model.form import Required
from perfxl.model.layout import Layout, PlacedCell, Role, RowKind
from perfxl.model.live import LiveBands, LiveEarned, LiveMissed, LivePoints, LiveRule
from perfxl.model.path import generic, in_row
from perfxl.model.record import Record
from perfxl.values.label_text import level, points
from perfxl.writer.places import Places, places_of
from perfxl.writer.selfcheck import cells as typed
from perfxl.writer.selfcheck.columns import ColumnChecks, column_checks
from perfxl.writer.selfcheck.formula import CheckFormula, record_of
from perfxl.writer.selfcheck.hidden import ERROR, HERE, MISSING, MOST_LINES, NAME, SPARE, WARNING, Hidden, spans
from perfxl.writer.selfcheck.messages import Figures, said
from perfxl.writer.selfcheck.rows import RowCheck, RowChecks
from perfxl.writer.selfcheck.scores import Values, banded, earned, missed
from perfxl.writer.unfilled import unfilled

NONE = CheckFormula("0", 0)


class CheckLine(Struct, frozen=True):
    """A line of 填报自检.

    ``path`` is the cell or column that it is about ("" for all cells of a kind). ``errors``, ``warnings``, ``missing``
    count what is wrong; ``row`` is the row on the form to look at, 0 for none; ``column`` its column; ``say`` what to
    say when something is wrong, with the sign HERE for the cell that has ``row``; ``longest`` is the room that it takes.
    """

    code: str
    path: str
    want: str
    errors: CheckFormula
    warnings: CheckFormula
    missing: CheckFormula
    row: CheckFormula
    column: CheckFormula
    say: CheckFormula
    longest: str = ""

    @property
    def wrong(self) -> bool:
        return any(part.value for part in (self.errors, self.warnings, self.missing))


class Red(Struct, frozen=True):
    """A rule that colours cells of the form: of the whole form (``at``), or one watched on the hidden sheet.

    ``broken`` and ``rounding`` are where a rule of the whole form is broken, and where rounding explains that, on the form's sheet.
    """

    rule: LiveRule | None
    at: PlacedCell | None = None
    broken: str = ""
    rounding: str = ""
    check: RowCheck | None = None
    points: str = ""
    error: bool = True
    """Whether it turns red rather than yellow where there is no rule to say so."""
    silenced: str = "0"
    """How many texts stand among the figures that the rule adds up: while there are any it says nothing."""


class Watch(Struct, frozen=True):
    """What one sheet watches: the lines of 填报自检 and the cells that turn red."""

    lines: tuple[CheckLine, ...]
    reds: tuple[Red, ...]
    areas: tuple[typed.WatchedArea, ...]


def watch(layout: Layout, sheet: str, hidden: Hidden) -> Watch:
    """Return what a form on one sheet watches; what is watched by row is put on the hidden sheet."""
    return watch_sheets([(layout, sheet, Places.of(layout))], hidden)[0]


def watch_form(layouts: Sequence[Layout]) -> list[Watch]:
    """Return what each sheet of a form watches in a workbook of its own."""
    sheets = [(layout, layout.sheet) for layout in layouts]
    return watch_sheets([(*sheet, there) for sheet, there in zip(sheets, places_of(sheets), strict=True)], Hidden())


def watch_sheets(sheets: Sequence[tuple[Layout, str, Places]], hidden: Hidden) -> list[Watch]:
    """Return what each of a form's sheets watches: its layout, its name, where the values stand."""
    record = record_of(*(layout for layout, _, _ in sheets))
    texts: dict[str, tuple[int, int]] = {}
    watchers = [
        _Watcher(layout, here, Figures.of(here.elsewhere(name), record), hidden, texts=texts)
        for layout, name, here in sheets
    ]
    # What rules pass over is counted by the cells of all sheets.
    for watcher in watchers:
        watcher.cells()
    return [watcher.watch() for watcher in watchers]


class _Watcher(Struct, dict=True):
    layout: Layout
    here: Places
    figures: Figures
    hidden: Hidden
    tables: dict[str, RowChecks] = field(default_factory=dict)
    columns: dict[str, ColumnChecks | None] = field(default_factory=dict)
    apart: dict[str, Values] = field(default_factory=dict)
    texts: dict[str, tuple[int, int]] = field(default_factory=dict)
    """The row of the hidden sheet that counts the texts where figures belong, and how many: by cell or column."""
    lines: list[CheckLine] = field(default_factory=list)
    reds: list[Red] = field(default_factory=list)
    areas: tuple[typed.WatchedArea, ...] = ()

    @property
    def places(self) -> Places:
        return self.figures.places

    @property
    def record(self) -> Record:
        return self.figures.record

    @cached_property
    def formulas(self) -> Mapping[str, Expr | None]:
        """The formula of each field, None of one that is typed."""
        cells = self.here.cells.items()
        return {generic(path): cell.field.formula for path, cell in cells if cell.field is not None}

    def cells(self) -> None:
        """Watch what the cells of the sheet must be by themselves."""
        self.required()
        self.areas = tuple(typed.areas(self.layout, self.here))
        self.typed(self.areas)

    def watch(self) -> Watch:
        for live in self.layout.live:
            match live:
                case LiveRule() if live.each and spans(self.here, live.each):
                    self.rows(self.by_row(live))
                case LiveRule():
                    self.rule(live)
                case LivePoints():
                    self.points(live)
                case LiveBands():
                    self.rows(self.partly(banded(self.table(live.table), live), live.table))
                case LiveMissed():
                    self.rows(self.partly(missed(self.table(live.table), live, self.values(live.table)), live.table))
                case LiveEarned():
                    self.rows(self.partly(earned(self.table(live.table), live, self.values(live.table)), live.table))
                case _:
                    assert_never(live)
        return Watch(tuple(self.lines), tuple(self.reds), self.areas)

    def table(self, path: str) -> RowChecks:
        if path not in self.tables:
            self.tables[path] = RowChecks.of(self.layout, self.figures, path, self.hidden)
        return self.tables[path]

    def by_row(self, live: LiveRule) -> RowCheck:
        """Watch a rule about each row of a table: by columns where it has very many rows and Excel can, else row by row."""
        wide = self.wide(live.each)
        if wide is not None:
            with suppress(ExpressionError):
                return wide.rule(live)
        return self.partly(self.table(live.each).rule(live), live.each)

    def partly(self, check: RowCheck, table: str) -> RowCheck:
        """Return a check by rows that says how many rows it looks at, where its table has more."""
        more = any(span.size + SPARE > MOST_LINES for span in spans(self.here, table))
        return replace(check, want=f"{check.want}（看前 {MOST_LINES} 行）") if more else check

    def wide(self, table: str) -> ColumnChecks | None:
        """Return what watches a table by its columns, None where it is watched row by row."""
        if table not in self.columns:
            self.columns[table] = column_checks(self.figures, self.hidden, spans(self.here, table))
        return self.columns[table]

    def values(self, table: str) -> Values:
        if table not in self.apart:
            self.apart[table] = Values.of(self.table(table))
        return self.apart[table]

    # -- what is left to fill in ------------------------------------------------------------------------------------

    def required(self) -> None:
        """Required cells that stand once have a line each, those of a table a line for each column."""
        for cell in self.layout.values:
            asked = cell.field is not None and cell.field.required is not Required.NO and cell.role is Role.INPUT
            if not asked or cell.field is None or cell.option or self._in_table(cell):
                continue
            if "[" in cell.path:
                continue
            test = unfilled(cell, self.places.name(cell.path))
            self.lines.append(
                CheckLine(
                    cell.field.missing,
                    cell.path,
                    f"{cell.field.label.replace(chr(10), '')}已填写",
                    NONE,
                    NONE,
                    CheckFormula(f"IF({test},1,0)", 0 if cell.path in self.record.values else 1),
                    *self._at(cell),
                    CheckFormula('"还没有填写"', "还没有填写"),
                )
            )
        for table in self._asked_tables():
            for check in (self.wide(table) or self.table(table)).missing():
                self.rows(check)

    def _in_table(self, cell: PlacedCell) -> bool:
        return self.here.rows[cell.box.row].kind is RowKind.TABLE

    def _asked_tables(self) -> list[str]:
        found: dict[str, None] = {}
        for row in self.layout.rows:
            found |= dict.fromkeys(table for table in (row.table, row.beside) if table and row.kind is RowKind.TABLE)
        return [table for table in found if spans(self.here, table)]

    # -- cells by themselves ----------------------------------------------------------------------------------------

    def typed(self, areas: tuple[typed.WatchedArea, ...]) -> None:
        """One line for each code; the areas it looks at are counted on the hidden sheet."""
        blamed: list[str] = []
        for code, want in typed.WANTS.items():
            found = [area for area in areas if area.code == code]
            if not found:
                continue
            first = self.hidden.next_row
            for area in found:
                row, self.hidden.next_row = self.hidden.next_row, self.hidden.next_row + 1
                letter = column_letter(area.box.column)
                column = CheckFormula(f"COLUMN({self.places.sheet}{letter}{area.box.row})", area.box.column).or_else(
                    "1"
                )
                flag = CheckFormula(f"IF($A{row}>0,1,0)", 1 if area.rows else 0)
                if code == typed.TEXT:
                    self.texts[area.path] = row, len(area.rows)
                for number, formula in enumerate(
                    (area.count(self.places), area.row(self.places), column, flag), start=1
                ):
                    self.hidden.cells[row, number] = formula
            counts, rows, columns, flags = (f"{NAME}!${letter}${first}:${letter}${row}" for letter in "ABCD")
            sought = f"MATCH(1,{flags},0)"
            worst = next((area for area in found if area.rows), None)
            total = CheckFormula(f"SUM({counts})", sum(len(area.rows) for area in found))
            knock_on = code == typed.COMPUTED_ERROR
            at = CheckFormula(f"INDEX({rows},{sought})", worst.rows[0] if worst else 0)
            beneath = CheckFormula(f"INDEX({columns},{sought})", worst.box.column if worst else 1)
            shown = cell_name(worst.rows[0], worst.box.column) if worst else ""
            many = f"等 {total.value} 处" if int(total.value) > 1 else ""
            place = f'ADDRESS({at.text},{beneath.text},4)&IF({total.text}>1," 等 "&{total.text}&" 处","")'
            self.lines.append(
                CheckLine(
                    code.partition("-")[0],
                    "",
                    want,
                    NONE if knock_on else total,
                    # An error value in an input shows in all that is computed from it: it is told once.
                    CheckFormula(f"IF({'+'.join(blamed)}>0,0,{total.text})", 0) if knock_on and blamed else NONE,
                    NONE,
                    at.or_else("0"),
                    beneath.or_else("1"),
                    CheckFormula(
                        f'{place}&"：{typed.SAYS[code]}"', f"{shown} {many}：{typed.SAYS[code]}".replace(" ：", "：")
                    ),
                )
            )
            if code in {"V02", "S06"}:
                blamed.append(total.text)

    # -- rules ------------------------------------------------------------------------------------------------------

    def rule(self, rule: LiveRule) -> None:
        """A rule about the whole form, or about each block of it."""
        rows = tuple(self.record.rows(rule.each)) if rule.each else ("",)
        for number, row in enumerate(rows, start=1):
            at = self._cell(rule.at, row)
            if at is None:
                continue
            printed = to_excel_broken(rule.must, self.places, row)
            silenced = self.silenced(rule.must, row)
            is_broken = evaluate(rule.must, self.record, row) is False and not silenced.value
            grave = rule.severity is Severity.ERROR and not rule.left
            rounding = to_excel_explained(rule.must, self.places, row) if rule.summed and grave else ""
            is_rounding = bool(rounding) and is_broken and explained(rule.must, self.record, row)
            worst = f"IF({rounding},0,1)" if rounding else "1"
            small = f"IF({rounding},1,0)" if rounding else "1"
            of_block = f"第 {number} 个：" if rule.each else ""
            message = said(rule, row, self.figures)
            # What a text keeps out of a sum is no mistake of the sum: that is told when the text has become a figure.
            broken = printed if silenced.constant else f"IF({silenced.text}>0,FALSE,{printed})"
            self.lines.append(
                CheckLine(
                    rule.code,
                    at.path,
                    f"{of_block}{rule.want}",
                    CheckFormula(f"IF({broken},{worst},0)", int(is_broken and not is_rounding)) if grave else NONE,
                    CheckFormula(f"IF({broken},{small},0)", int(is_broken and (is_rounding or not grave)))
                    if rounding or not (grave or rule.left)
                    else NONE,
                    CheckFormula(f"IF({broken},1,0)", int(is_broken)) if rule.left else NONE,
                    *self._at(at),
                    message.text,
                    message.longest,
                )
            )
            if rule.left:
                continue
            if has_lists(broken):
                self.reds.append(self.red_from_hidden(at, broken, broken_now=is_broken, error=grave))
            else:
                broken_here = self.at_home(printed, to_excel_broken, rule.must, row)
                rounding_here = rounding and self.at_home(rounding, to_excel_explained, rule.must, row)
                self.reds.append(Red(rule, at, broken_here, rounding_here, silenced=silenced.text))

    def red_from_hidden(self, at: PlacedCell, broken: str, *, broken_now: bool, error: bool) -> Red:
        """Return the colour of a cell whose condition Excel takes in cells only: it is worked out on the hidden sheet."""
        line, self.hidden.next_row = self.hidden.next_row, self.hidden.next_row + 1
        self.hidden.cells[line, 1] = CheckFormula(f"IF({broken},0,1)", int(not broken_now)).or_else("1")
        return Red(None, at, points="TRUE", silenced=f"{NAME}!$A${line}", error=error)

    def at_home(self, formula: str, printer: Callable[[Expr, Places, str], str], must: Expr, row: str) -> str:
        """Return a formula as it stands on the form's own sheet; it is printed anew where its text does not tell."""
        home = self.places.at_home(formula)
        return printer(must, self.here, row) if home is None else home

    def silenced(self, must: Expr, row: str = "") -> CheckFormula:
        """Return how many texts stand among the figures that a rule adds up or counts: Excel passes them over there."""
        paths = passed_over(must, self.formulas.get, row)
        return self._texts(lambda at: at in paths or generic(at) in paths)

    def _texts(self, meant: Callable[[str], bool]) -> CheckFormula:
        found = [counted for at, counted in self.texts.items() if meant(at)]
        if not found:
            return NONE
        areas = (f"{NAME}!$A${rows[0]}:$A${rows[-1]}" for rows in runs(sorted(row for row, _ in found)))
        return CheckFormula(f"SUM({','.join(areas)})", sum(count for _, count in found))

    def rows(self, check: RowCheck) -> None:
        """Something watched by row: how many rows, and the first of the gravest."""
        watched = check.watched
        errors, warnings, missing = (watched.count(grade) for grade in (ERROR, WARNING, MISSING))
        row = watched.row()
        total = sum(int(count.value) for count in (errors, warnings, missing))
        wrong = watched.wrong()
        more = f'IF({wrong}>1,"等 "&{wrong}&" 处","")'
        say, longest = check.message
        shown = f"第 {row.value} 行{f'等 {total} 处' if total > 1 else ''}：{say.value}"
        letter = column_letter(self._column(check.column).box.column)
        self.lines.append(
            CheckLine(
                check.code,
                check.column,
                check.want,
                errors,
                warnings,
                missing,
                row,
                CheckFormula(f"COLUMN({self.places.sheet}{letter}1)", self._column(check.column).box.column),
                CheckFormula(f'"第 "&{HERE}&" 行"&{more}&"："&{say.text}', shown),
                f"第 100 行等 100 处：{longest}",
            )
        )
        if not check.missing:
            self.reds.append(Red(check.rule, check=check))

    def points(self, live: LivePoints) -> None:
        """P01 by 一级: the rows from its own to the next one's."""
        table = f"{live.table}["
        tops = [
            cell
            for cell in self.layout.cells
            if cell.path.startswith(table) and cell.field is not None and cell.field.level == 1
        ]
        weights = [
            cell for path, cell in self.here.cells.items() if path.startswith(table) and path.endswith(".weight")
        ]
        if not weights:
            return
        letter = column_letter(weights[0].box.column)
        any_weight = any(self.record[cell.path] for cell in weights)
        for top in tops:
            # What the form says beats the caption: captions may count in hundredths of a part.
            given_points = live.points.get(level(top.text)) if live.points else points(top.text)
            if given_points is None:
                continue
            wanted = Decimal(given_points)
            total = _between(self.places, top, letter)
            found = [self.record[cell.path] for cell in weights if top.box.row <= cell.box.row <= top.box.last_row]
            given = sum((value for value in found if isinstance(value, Decimal)), Decimal(0))
            broken, broken_here = (_off(places, live.table, top, letter, wanted) for places in (self.places, self.here))
            silenced = self._texts(lambda at: generic(at) == f"{live.table}[].weight")
            broken = broken if silenced.constant else f"IF({silenced.text}>0,FALSE,{broken})"
            name = level(top.text)
            self.lines.append(
                CheckLine(
                    live.code,
                    top.path,
                    f"{name}各行的分值合计为 {wanted} 分",
                    CheckFormula(f"IF({broken},1,0)", int(any_weight and given != wanted and not silenced.value)),
                    NONE,
                    NONE,
                    *self._at(top),
                    CheckFormula(
                        f'"现在合计 "&ROUND({total},2)&" 分，应为 {wanted} 分"',
                        f"现在合计 {given.normalize():f} 分，应为 {wanted} 分",
                    ),
                )
            )
            self.reds.append(Red(None, top, points=broken_here, silenced=silenced.text))

    # -- places -----------------------------------------------------------------------------------------------------

    def _at(self, cell: PlacedCell) -> tuple[CheckFormula, CheckFormula]:
        name = f"{self.places.sheet}{Box(cell.box.row, cell.box.column, cell.box.row, cell.box.column).name}"
        return CheckFormula(f"ROW({name})", cell.box.row), CheckFormula(f"COLUMN({name})", cell.box.column)

    def _cell(self, path: str, row: str) -> PlacedCell | None:
        """The cell of a field, or the label of a group of fields."""
        path = in_row(path, row)
        if path in self.here.cells:
            return self.here.cells[path]
        if "[]" in path:
            return next(iter(self.here.by_field.get(path, ())), None)
        return next((cell for cell in self.layout.cells if cell.role is Role.LABEL and cell.path == path), None)

    def _column(self, path: str) -> PlacedCell:
        return self.here.by_field[path][0]


def runs(numbers: Sequence[int]) -> list[list[int]]:
    """Return ascending numbers in runs of neighbours."""
    found: list[list[int]] = []
    for number in numbers:
        if found and found[-1][-1] + 1 == number:
            found[-1].append(number)
        else:
            found.append([number])
    return found


def _off(places: Places, table: str, top: PlacedCell, letter: str, wanted: Decimal) -> str:
    """The condition that the weights of a 一级 do not add up to its points, once there are any weights."""
    whole = places.ranges(f"{table}[].weight")[0]
    return f"AND(SUM({whole})<>0,ROUND({_between(places, top, letter)}-{wanted},2)<>0)"


def _between(places: Places, top: PlacedCell, letter: str) -> str:
    """The sum of a column from the row of a 一级 to the row above what follows it."""
    own = column_letter(top.box.column)
    column = f"{places.sheet}${letter}:${letter}"
    first, below = f"{places.sheet}${own}${top.box.row}", f"{places.sheet}${own}${top.box.last_row + 1}"
    return f"SUM(INDEX({column},ROW({first})):INDEX({column},ROW({below})-1))"
