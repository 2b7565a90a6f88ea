"""What is watched in a table of very many rows: a few formulas a rule over its whole columns, however many rows there are."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property

from msgspec import Struct

from perfxl.expr.columnwise import broken_in_rows, explained_in_rows
from perfxl.expr.evaluate import evaluate
from perfxl.expr.excel import to_excel
from perfxl.expr.pieces import none_of
from perfxl.expr.rounding import explained
from perfxl.model.address import column_letter
from perfxl.model.expression import Expr
from perfxl.model.finding import Severity
from perfxl.model.live import LiveRule
from perfxl.model.path import generic, row_of
from perfxl.writer.selfcheck.formula import CheckFormula
from perfxl.writer.selfcheck.hidden import ERROR, HERE, HOLDS, MISSING, NAME, SPARE, WARNING, Hidden, RowView, TableSpan
from perfxl.writer.selfcheck.messages import Figures, said_in_row
from perfxl.writer.selfcheck.rows import LEFT, RowCheck, required_columns, text_of, typed_keys, unasked_names

MANY = 300
"""Rows of the blank from which a table is watched by columns."""


class WatchedColumns(Struct, frozen=True):
    """What is wrong in the rows of a table: by grade, how many rows and the first of them, in cells of the hidden sheet."""

    line: int
    counts: Mapping[int, int]
    first: int
    area: str = ""
    """No cells beside the rows have their grades."""

    def count(self, grade: int) -> CheckFormula:
        """Return how many rows have a grade."""
        letter = {ERROR: "A", WARNING: "B", MISSING: "C"}[grade]
        return CheckFormula(f"{NAME}!${letter}${self.line}", self.counts.get(grade, 0))

    def wrong(self) -> str:
        """Return the formula of how many rows have a mark."""
        return f"SUM({NAME}!$A${self.line}:$C${self.line})"

    def row(self) -> CheckFormula:
        """Return the row of the first of the gravest marks, 0 where there is none."""
        return CheckFormula(f"{NAME}!$D${self.line}", self.first)


class ColumnChecks(Struct, dict=True):
    """Makes the checks of one table of very many rows, which stands once on the sheet."""

    figures: Figures
    hidden: Hidden
    span: TableSpan

    @cached_property
    def line(self) -> int:
        """The row of the hidden sheet that holds the first and the last row of the table."""
        line, sheet = self._next(), self.figures.places.sheet
        above, below = self.span.first - 1, self.span.last + 1
        self.hidden.cells[line, 1] = CheckFormula(f"ROW({sheet}$A${above})+1", self.span.first).or_else("1")
        self.hidden.cells[line, 2] = CheckFormula(f"ROW({sheet}$A${below})-1", self.span.last).or_else("1")
        return line

    @property
    def row(self) -> str:
        return f"{self.span.path}[0]"

    def column(self, path: str) -> str:
        """Return the cells of a column from the first row of the table to the last, inserted rows among them."""
        return self._area(column_letter(self.figures.places.cells[path.replace("[]", "[0]")].box.column))

    def apart(self, expr: Expr) -> str:
        """Put what an expression gives for the whole form into a cell of the hidden sheet; return its name."""
        line, result = self._next(), evaluate(expr, self.figures.record)
        value = "" if result is None else int(result) if isinstance(result, bool) else result
        self.hidden.cells[line, 1] = CheckFormula(to_excel(expr, self.figures.places), value).or_else('""')
        return f"$A${line}"

    def rule(self, rule: LiveRule) -> RowCheck:
        """Watch a rule about each row. Raises ExpressionError where Excel can watch it row by row only."""
        grave = MISSING if rule.left else ERROR if rule.severity is Severity.ERROR else WARNING
        summed = rule.summed and grave == ERROR
        broken = broken_in_rows(rule.must, self, self.span.path)
        rounding = explained_in_rows(rule.must, self, self.span.path) if summed else ""

        def graded(path: str) -> int:
            if evaluate(rule.must, self.figures.record, path) is not False:
                return HOLDS
            return WARNING if rounding and explained(rule.must, self.figures.record, path) else grave

        conditions = {grave: f"{broken}*(1-{rounding})" if rounding else broken}
        if rounding:
            conditions[WARNING] = f"{broken}*{rounding}"
        watched, first = self._watched(conditions, graded)
        message = said_in_row(rule, RowView(self.figures.places, self.row, HERE), first, self.figures)
        return RowCheck(rule.code, rule.want, generic(rule.at), watched, message, rule, missing=rule.left)

    def missing(self) -> Iterator[RowCheck]:
        """Watch the values that each row in use must have."""
        places, record = self.figures.places, self.figures.record
        typed = typed_keys(places, self.row)
        named = f"{self.row}.name" in places.cells
        unasked = unasked_names(places, [f"{self.span.path}[{number}]" for number in range(self.span.size)])
        if named:
            used = none_of(self.column(f"{self.row}.name"), unasked)
        else:
            columns = [self.column(f"{self.row}.{key}") for key in typed]
            used = f"(({'+'.join(f'LEN({column})' for column in columns)})>0)"
        for cell in required_columns(places, self.row):
            key = cell.path.rpartition(".")[2]

            def graded(path: str, key: str = key) -> int:
                if named:
                    in_use = text_of(record, f"{path}.name") not in unasked
                else:
                    in_use = any(record[f"{path}.{other}"] is not None for other in typed)
                return MISSING if in_use and record[f"{path}.{key}"] is None else HOLDS

            blank = f"IFERROR({used}*(LEN(TRIM({self.column(cell.path)}))=0),FALSE)"
            watched, _ = self._watched({MISSING: blank}, graded)
            if cell.field is not None:
                want = cell.field.parts[-1].replace("\n", "")
                yield RowCheck(cell.field.missing, f"{want}要填写", generic(cell.path), watched, LEFT, missing=True)

    # -- cells of the hidden sheet ----------------------------------------------------------------------------------

    def _next(self) -> int:
        line, self.hidden.next_row = self.hidden.next_row, self.hidden.next_row + 1
        return line

    def _area(self, letter: str) -> str:
        column = f"{self.figures.places.sheet}${letter}:${letter}"
        return f"INDEX({column},$A${self.line}):INDEX({column},$B${self.line})"

    def _watched(
        self, conditions: Mapping[int, str], graded: Callable[[str], int]
    ) -> tuple[WatchedColumns, str | None]:
        """Put the counts of some grades and the first row of the gravest on a line; return that row's path now."""
        grades = self._grades(graded)
        counts = {grade: sum(1 for found in grades.values() if found == grade) for grade in conditions}
        worst = next((grade for grade in sorted(conditions, key=_GRAVEST.index) if counts[grade]), None)
        path = next((path for path, found in grades.items() if found == worst), None)
        number = self._number(path) if path is not None else 0
        line = self._next()
        rows = f"ROW({self._area('A')})"
        firsts = []
        for grade, letter in ((ERROR, 1), (WARNING, 2), (MISSING, 3)):
            if grade not in conditions:
                self.hidden.cells[line, letter] = CheckFormula("0", 0)
                continue
            text = f"SUM(IF({conditions[grade]},1,0))"
            self.hidden.cells[line, letter] = CheckFormula(text, counts[grade], spread=True).or_else("0")
            firsts.append((f"{column_letter(letter)}{line}", f"MIN(IF({conditions[grade]},{rows}))"))
        text = "0"
        for count, least in reversed(firsts):
            text = f"IF({count}>0,{least},{text})"
        self.hidden.cells[line, 4] = CheckFormula(text, number, spread=True).or_else("0")
        return WatchedColumns(line, counts, number), path

    def _grades(self, graded: Callable[[str], int]) -> Mapping[str, int]:
        """Return the grades of the rows that are worked out now: those with anything in them, and the first blank one."""
        filled = {row_of(path) for path in self.figures.record.values}
        found: dict[str, int] = {}
        blank: int | None = None
        for number in range(self.span.size):
            path = f"{self.span.path}[{number}]"
            if path in filled:
                found[path] = graded(path)
            else:
                blank = graded(path) if blank is None else blank
                found[path] = blank
        return found

    def _number(self, path: str) -> int:
        return self.span.first + int(path.rpartition("[")[2].rstrip("]"))


_GRAVEST = (MISSING, ERROR, WARNING)
"""From the gravest on, as the grades of rows watched one by one are numbered."""


def column_checks(figures: Figures, hidden: Hidden, spans: Sequence[TableSpan]) -> ColumnChecks | None:
    """Return what makes the checks of a table by columns, None of one with few rows or in several places."""
    if len(spans) != 1 or spans[0].size + SPARE <= MANY or "[" in spans[0].path:
        return None
    return ColumnChecks(figures, hidden, spans[0])
