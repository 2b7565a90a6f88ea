"""审核意见: what was found in the returns that count, by rule and by unit, live over a line for each return and rule."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from msgspec import Struct

from perfxl.ledger.ledger import Ledger, Stored
from perfxl.ledger.tables import FINDINGS as TABLE
from perfxl.ledger.tables import KEY, SUBMISSIONS
from perfxl.model.address import Box, cell_name
from perfxl.rules.catalog import CATALOG
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.lists.sheet import Link, ListCell, ListLine, ListSheet, ListTable, criterion
from perfxl.year.summarize.stock import Stock
from perfxl.year.summarize.workbook.names import FINDINGS
from perfxl.year.summarize.workbook.rows import relative

_RULE_HEADS = ("规则", "内容", "错误", "警告", "提示", "涉及份数")
_UNIT_HEADS = ("单位代码", "单位名称", "错误", "警告", "提示", "有意见的份数")
_HEADS = ("规则", "内容", "错误", "警告", "提示", "单位代码", "单位名称", "表式", "年度", "项目名称", "标注件", "份数")
_WIDTHS = (12.0, 40.0, 9.0, 9.0, 9.0, 13.0, 30.0, 26.0, 8.0, 26.0, 9.0, 8.0)
_SEVERITIES = "SUM(f.severity = 'error'), SUM(f.severity = 'warning'), SUM(f.severity = 'info')"
_FROM = f"FROM _kept k CROSS JOIN {TABLE} f ON f.{KEY} = k.entered CROSS JOIN {SUBMISSIONS} s ON s.{KEY} = k.entered"
_OWN = "own_title(s.form, f.code)"
_BY_RULE = (
    f"SELECT f.code, {_SEVERITIES}, COUNT(DISTINCT k.{KEY}), {_OWN} {_FROM} "
    f"GROUP BY f.code, {_OWN} ORDER BY 2 DESC, 3 DESC, 4 DESC, 1, 6"
)
"""The rules, those with most errors, then most warnings first; a code of forms' own once for each thing that it means."""
_LINE = 18.0
_OPEN = "打开"


class FindingsPlan(Struct, frozen=True):
    """Where the three parts stand on the sheet: first and last row of each; a part without rows has a blank one."""

    rules: tuple[int, int]
    units: tuple[int, int]
    lines: tuple[int, int]
    count: int


def plan_findings(ledger: Ledger) -> FindingsPlan:
    """Lay out the sheet."""
    counts = [
        int(ledger.one(query)[0] or 0)
        for query in (
            f"SELECT COUNT(*) FROM (SELECT 1 {_FROM} GROUP BY f.code, {_OWN})",  # noqa: S608 - own names
            f"SELECT COUNT(*) FROM (SELECT 1 {_FROM} GROUP BY s.unit_code, s.unit_name)",  # noqa: S608 - own names
            f"SELECT COUNT(*) FROM (SELECT 1 {_FROM} GROUP BY k.{KEY}, f.code)",  # noqa: S608 - own names
        )
    ]
    row, parts = 5, []
    for count in counts:
        parts.append((row, row + max(1, count) - 1))
        row += max(1, count) + 3
    return FindingsPlan(parts[0], parts[1], parts[2], counts[2])


def findings_sheet(plan: FindingsPlan, ledger: Ledger, stock: Stock, output: Path) -> ListSheet:
    """Return the sheet; ``output`` is where the workbook will lie."""
    tables = [
        ListTable(f"_{FINDINGS}_{number}", Box(first - 1, 1, last, len(heads)), heads)
        for number, (heads, (first, last)) in enumerate(
            ((_RULE_HEADS, plan.rules), (_UNIT_HEADS, plan.units), (_HEADS, plan.lines)), start=1
        )
    ]
    return ListSheet(
        name=FINDINGS,
        widths=_WIDTHS,
        last=plan.lines[1],
        lines=lambda: _lines(plan, ledger),
        tables=tuple(tables),
        links=lambda: _links(plan, ledger, stock, output),
        frozen=(3, 1),
        heads=(1, 1),
        printed=len(_HEADS) - 1,
    )


def _lines(plan: FindingsPlan, ledger: Ledger) -> Iterator[ListLine]:
    yield ListLine(1, [ListCell(CellLook.TITLE, "审核意见")], 28)
    said = (
        "计入汇总的各份表的审核意见；规则的含义和怎样改，见 perfxl rules。"
        if plan.count
        else "计入汇总的各份表都没有审核意见。"
    )
    yield ListLine(2, [ListCell(CellLook.CAPTION, said)], 20)
    yield ListLine(plan.rules[0] - 2, [ListCell(CellLook.CAPTION, "一、按规则")], 20)
    yield _heads(plan.rules[0], _RULE_HEADS)
    yield from _part(plan.rules, _rules(plan, ledger), len(_RULE_HEADS))
    yield ListLine(plan.units[0] - 2, [ListCell(CellLook.CAPTION, "二、按单位")], 20)
    yield _heads(plan.units[0], _UNIT_HEADS)
    yield from _part(plan.units, _units(plan, ledger), len(_UNIT_HEADS))
    yield ListLine(plan.lines[0] - 2, [ListCell(CellLook.CAPTION, "三、逐份逐条")], 20)
    yield _heads(plan.lines[0], _HEADS)
    yield from _part(plan.lines, _details(ledger), len(_HEADS))


def _heads(first: int, heads: tuple[str, ...]) -> ListLine:
    return ListLine(first - 1, [ListCell(CellLook.HEAD, head) for head in heads], 24)


def _part(rows: tuple[int, int], cells: Iterator[list[ListCell]], width: int) -> Iterator[ListLine]:
    row = rows[0] - 1
    for row, line in enumerate(cells, start=rows[0]):
        yield ListLine(row, line, _LINE)
    if row < rows[0]:
        yield ListLine(rows[0], [ListCell(CellLook.TEXT)] * width, _LINE)


def _span(plan: FindingsPlan, letter: str) -> str:
    return f"${letter}${plan.lines[0]}:${letter}${plan.lines[1]}"


def top_rules(ledger: Ledger, most: int) -> tuple[tuple[str, int, int, int], ...]:
    """Return the first of the rules, as many as there are up to ``most``: code, errors, warnings, infos."""
    answers = ledger.ask(f"{_BY_RULE} LIMIT {most}")
    return tuple(
        (str(code), int(errors or 0), int(warnings or 0), int(infos or 0))
        for code, errors, warnings, infos, _, _ in answers
    )


def _rules(plan: FindingsPlan, ledger: Ledger) -> Iterator[list[ListCell]]:
    for row, (code, *counts, returns, own) in enumerate(ledger.ask(_BY_RULE), start=plan.rules[0]):
        wanted = f"{_span(plan, 'A')},{cell_name(row, 1)}"
        if own:
            wanted += f",{_span(plan, 'B')},{cell_name(row, 2)}"
        figures = [
            ListCell(CellLook.WHOLE, count, f"SUMIFS({_span(plan, letter)},{wanted})")
            for letter, count in zip("CDE", counts, strict=True)
        ]
        how_many = ListCell(CellLook.WHOLE, returns, f"COUNTIFS({wanted})")
        yield [ListCell(CellLook.MIDDLE, code), ListCell(CellLook.TEXT, own or _title(code)), *figures, how_many]


def _units(plan: FindingsPlan, ledger: Ledger) -> Iterator[list[ListCell]]:
    """The units that anything was found of, in the order of their returns."""
    query = (
        f"SELECT s.unit_code, s.unit_name, {_SEVERITIES}, COUNT(DISTINCT k.{KEY}) {_FROM} "
        f"GROUP BY s.unit_code, s.unit_name ORDER BY MIN(k.{KEY})"
    )
    for row, (code, name, *counts, returns) in enumerate(ledger.ask(query), start=plan.units[0]):
        wanted = ",".join(
            f"{_span(plan, letter)},{criterion(cell_name(row, column), text)}"
            for letter, column, text in (("F", 1, code), ("G", 2, name))
        )
        figures = [
            ListCell(CellLook.WHOLE, count, f"SUMIFS({_span(plan, letter)},{wanted})")
            for letter, count in zip("CDE", counts, strict=True)
        ]
        how_many = ListCell(CellLook.WHOLE, returns, f"SUMIFS({_span(plan, 'L')},{wanted})")
        yield [ListCell(CellLook.MIDDLE, code), ListCell(CellLook.TEXT, name), *figures, how_many]


def _details(ledger: Ledger) -> Iterator[list[ListCell]]:
    before: Stored = None
    for key, code, errors, warnings, infos, unit, name, form, year, project, marked, own in _asked(ledger):
        first, before = key != before, key
        yield [
            ListCell(CellLook.MIDDLE, code),
            ListCell(CellLook.TEXT, own or _title(code)),
            *(ListCell(CellLook.WHOLE, count) for count in (errors, warnings, infos)),
            ListCell(CellLook.MIDDLE, unit),
            ListCell(CellLook.TEXT, name),
            ListCell(CellLook.TEXT, ledger.titles[str(form)]),
            ListCell(CellLook.YEAR, year),
            ListCell(CellLook.TEXT, project),
            ListCell(CellLook.LINK if marked else CellLook.MIDDLE, _OPEN if marked else None),
            # A return is counted on its first line, so that a sum over lines counts returns.
            ListCell(CellLook.WHOLE, 1 if first else 0),
        ]


def _asked(ledger: Ledger) -> Iterator[tuple[Stored, ...]]:
    yield from ledger.ask(
        f"SELECT k.{KEY}, f.code, {_SEVERITIES}, s.unit_code, s.unit_name, s.form, s.year, s.project, s.marked, {_OWN} {_FROM} "
        f"GROUP BY k.{KEY}, f.code ORDER BY k.{KEY}, f.code"
    )


def _links(plan: FindingsPlan, ledger: Ledger, stock: Stock, output: Path) -> Iterator[Link]:
    query = f"SELECT k.{KEY}, s.marked {_FROM} GROUP BY k.{KEY}, f.code ORDER BY k.{KEY}, f.code"
    for row, (key, marked) in enumerate(ledger.ask(query), start=plan.lines[0]):
        if isinstance(marked, str) and isinstance(key, int):
            document = stock.entries[key - 1].document.path
            yield Link(
                row, _HEADS.index("标注件") + 1, relative(document.with_name(PurePosixPath(marked).name), output)
            )


def _title(code: Stored) -> str:
    rule = CATALOG.get(str(code))
    return rule.title if rule is not None else ""
