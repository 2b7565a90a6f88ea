"""From a sheet to a definition: what it is called, whose it is, what stands on it, which rules come with it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from perfxl.adopt.bands import bands
from perfxl.adopt.copies import typed_next_to
from perfxl.adopt.draft import Area, Draft
from perfxl.adopt.fonts import set_as
from perfxl.adopt.formulas import counted_cells
from perfxl.adopt.grid import Grid, Kind, grid_of
from perfxl.adopt.guess import Guess, Remark
from perfxl.adopt.periods import parts_of
from perfxl.adopt.resolve import resolved
from perfxl.adopt.sheet import Sheet
from perfxl.adopt.standard import with_rules
from perfxl.adopt.typed import Typed
from perfxl.forms.definition.language import (
    BandSpec,
    BlockBand,
    CellSpec,
    CommonSpec,
    Corner,
    FormSpec,
    MatrixBand,
    PageSpec,
    RowBand,
    SectionBand,
    TitleBand,
)
from perfxl.forms.printed_text import words
from perfxl.model.address import Box, column_letter, parse_cell
from perfxl.model.field_type import Type
from perfxl.model.form import Paper
from perfxl.model.period import Part
from perfxl.model.stage import BUDGET
from perfxl.model.stamp import is_sheet_name
from perfxl.values.label_text import flat

_APPROVAL = "approval"
_TITLES = (
    (_APPROVAL, "批复|下达"),
    ("monitoring", "监控|跟踪"),
    ("self-evaluation", "自评|评价|评分|考核"),
    ("report", "报告"),
    ("declaration", "申报|目标|预算"),
)
"""What titles say of the stage, the surest first."""
_USUAL_WIDTH = Decimal("8.4")
_NARROWEST, _WIDEST = Decimal(1), Decimal(255)
_USUAL_FOOTER = "第 {page} 页，共 {pages} 页"
_YEAR = re.compile(r"20\d\d(?=年)")
_IN_BRACKETS = re.compile(r"[（(]\s*(20\d\d)\s*年度?\s*[)）]")
_BASES = {"self-evaluation": "被评价年度", "report": "被评价年度"}


class Adopted(Struct, frozen=True):
    """A definition of a sheet, with what was guessed for each cell and what its author has to know."""

    spec: FormSpec
    grid: Grid
    year: int | None
    guesses: dict[tuple[int, int], Guess]
    remarks: tuple[Remark, ...]
    paths: dict[tuple[int, int], str]
    mistakes: tuple[str, ...]
    """What is wrong with the marks in the cells."""


def adopted(sheet: Sheet, form: str, common: CommonSpec, copies: Sequence[Sheet] = ()) -> Adopted:
    """Return the definition of a sheet; what somebody has typed on it is not printed. ``copies`` of it show what that is."""
    levels = {
        text for groups in common.classifications.values() for one in groups.items() for text in (one[0], *one[1])
    }
    typed = typed_next_to(sheet, copies, frozenset(levels))
    formulas = {cell.box[:2]: cell.formula for cell in sheet.anchors() if cell.formula}
    grid = grid_of(sheet, typed.instead, counted_cells(formulas))
    origin = _origin(grid)
    draft = Draft(grid, year_of(sheet), left=origin.column)
    if sheet.unprinted:
        cells = "、".join(_runs([parse_cell(cell) for cell in sheet.unprinted]))
        draft.remark(None, f"打印区域以外的没有读：{cells}；是表上的，请先改打印区域再读")
    if sheet.hides:
        draft.remark(None, "隐藏的行和列没有读：要用的请先取消隐藏再读")
    made = bands(draft, Area(origin.row, sheet.rows, origin.column, sheet.columns))
    made = resolved(draft, made, common)
    title = next((words(band.title) for band in made if isinstance(band, TitleBand)), "") or sheet.name
    title = re.sub(r"\{[^{}]*\}年?度?", "", title).strip() or sheet.name
    stage = _stage(f"{title} {sheet.name}")
    once = list(_once(made))
    spec = FormSpec(
        id=form,
        version=str(draft.year or 1),
        title=title,
        region="本地",
        stage=stage,
        year_basis=_BASES.get(stage, "预算年度"),
        sheet=sheet.name if is_sheet_name(sheet.name) else re.sub(r"[\[\]:*?/\\']", "", title)[:31] or "表",
        money=_money(sheet),
        unit=_told(once, ("unit_name", "implementing_unit", "department_name"), Type.TEXT),
        year=_told(once, ("year",), Type.YEAR),
        supervisor=_told(once, ("supervisor",), Type.TEXT),
        filled=_told(once, ("fill_date",), Type.DATE),
        issued=sheet.closed and stage == _APPROVAL,
        page=_page(sheet, typed),
        columns=_columns(sheet),
        origin=origin,
        bands=made,
    )
    project = _told(once, ("project_name",), Type.TEXT)
    parts = parts_of(once)
    spec = replace(spec, project=project, many=bool(project), half=parts.get(Part.HALF, ""))
    spec = replace(spec, quarter=parts.get(Part.QUARTER, ""), month=parts.get(Part.MONTH, ""))
    spec = replace(spec, ten_days=parts.get(Part.TEN_DAYS, ""))
    spec, mixed = set_as(spec, sheet, common)
    if mixed:
        draft.remark(None, "各格的字体各不相同：只带了最常用的几种，其余的请对着原表看")
    remarks = tuple(_remarks(draft, spec, sheet, typed, len(copies)))
    if draft.mistakes:
        return Adopted(spec, grid, draft.year, draft.guesses, remarks, draft.paths, tuple(draft.mistakes))
    return Adopted(with_rules(spec, common), grid, draft.year, draft.guesses, remarks, draft.paths, ())


def _remarks(draft: Draft, spec: FormSpec, sheet: Sheet, typed: Typed, copies: int) -> Iterator[Remark]:
    if typed.left_out:
        cells = "、".join(_runs([parse_cell(cell) for cell, _ in typed.left_out]))
        how = f"对照另外 {copies} 份，" if copies else ""
        yield Remark(
            "",
            f"原表填有内容。{how}只印了肯定是表上印的字，下面各格的字当作填报的内容，没有印；是印的字的，请补上：{cells}",
        )
    if sheet.closed:
        what = (
            "按批复表写了 issued: true，单位不填" if spec.issued else "财政部门填好下发、单位不填的，请写 issued: true"
        )
        yield Remark("", f"原表全部锁定，看不出哪些格要填：{what}")
    if not spec.unit:
        yield Remark("", "没有认出哪一格填单位名称，请在 unit 后面写它的 field")
    yield from draft.remarks


def _runs(places: Sequence[tuple[int, int]]) -> list[str]:
    """Return cells in reading order, those below each other as one: B3:B42."""
    runs: dict[int, list[list[tuple[int, int]]]] = {}
    for row, column in sorted(places):
        own = runs.setdefault(column, [])
        if own and own[-1][-1][0] == row - 1:
            own[-1].append((row, column))
        else:
            own.append([(row, column)])
    found = sorted(run for own in runs.values() for run in own)
    return [Box(*run[0], *run[-1]).range_name for run in found]


def year_of(sheet: Sheet) -> int | None:
    """Return the year that the sheet prints, None where it prints none: ``（2024年度）``, the title's, the year heads' + 1."""
    texts = [(cell.box.row, cell.text) for cell in sheet.anchors() if cell.text]
    for _, text in texts:
        found = _IN_BRACKETS.search(text)
        if found is not None:
            return int(found[1])
    for row, text in texts:
        found = _YEAR.search(text)
        if row <= 3 and found is not None:
            return int(found[0])
    heads = {int(flat(text)[:4]) for _, text in texts if re.fullmatch(r"20\d\d年(度|底)?", flat(text))}
    if len(heads) > 1 and max(heads) - min(heads) == len(heads) - 1:
        return max(heads) + 1
    return None


def _origin(grid: Grid) -> Corner:
    """Return the cell in which the form begins: what is empty above it and on its left is its margin."""
    used = [spot.place for spot in grid.spots.values() if spot.kind is not Kind.VOID]
    return Corner(min((row for row, _ in used), default=1), min((column for _, column in used), default=1))


def _stage(title: str) -> str:
    return next((stage for stage, pattern in _TITLES if re.search(pattern, title)), BUDGET.stages[0].name)


def _money(sheet: Sheet) -> str:
    """Return the unit of money that the sheet prints most, 万元 where it prints none."""
    counts: Counter[str] = Counter()
    for cell in sheet.anchors():
        for found in re.findall(
            r"[百千万亿]{0,3}元(?=[)）\]】]|$)|(?<=单位[：:])[百千万亿]{0,3}元", flat(cell.text).strip()
        ):
            counts[found] += 1
    return counts.most_common(1)[0][0] if counts else "万元"


def _page(sheet: Sheet, typed: Typed) -> PageSpec:
    """Return how a form is printed; the lines at the top and the foot not where somebody has filled the sheet in."""
    paper = sheet.paper
    own = not typed.left_out
    return PageSpec(
        orientation="landscape" if paper.landscape else "portrait",
        margins=_margins(sheet),
        paper=Paper.A3 if paper.large else Paper.A4,
        header=paper.header if own else "",
        footer=paper.footer if own and paper.footer not in {"", _USUAL_FOOTER} else None,
    )


def _margins(sheet: Sheet) -> tuple[Decimal, ...]:
    margins = sheet.paper.margins
    return margins if margins and all(0 <= margin <= 5 for margin in margins) else ()


def _columns(sheet: Sheet) -> dict[str, Decimal]:
    found: dict[str, Decimal] = {}
    for column in range(1, sheet.columns + 1):
        width = sheet.widths.get(column)
        set_to = _USUAL_WIDTH if width is None else Decimal(str(round(width, 1)))
        found[column_letter(column)] = min(max(set_to, _NARROWEST), _WIDEST)
    return found


def _told(cells: Sequence[tuple[str, CellSpec]], names: Sequence[str], kind: Type) -> str:
    """Return the first of some names that a value has which stands once and is of a type, "" where there is none."""
    known = {path: cell for path, cell in cells if cell.type is kind and not cell.formula}
    return next((name for name in names if name in known), "")


def _once(bands_: Sequence[BandSpec]) -> Iterator[tuple[str, CellSpec]]:
    """Yield the values that stand once on the form, not in blocks."""
    for band in bands_:
        match band:
            case RowBand():
                yield from ((cell.field, cell) for cell in band.row if cell.field is not None)
            case SectionBand():
                yield from _once(band.bands)
            case MatrixBand() | BlockBand():
                pass
            case _:
                pass
