"""Tables of indicators: 一级 and 二级 printed down the left, 三级 printed or open, two tables side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from perfxl.adopt.draft import Draft, at, noted
from perfxl.adopt.fonts import head_heights, own_font, usual_height
from perfxl.adopt.grid import Kind, Spot
from perfxl.adopt.growing import ColumnPlace, column, lines_of, table_name
from perfxl.adopt.heads import Head, Heads, marked_or, own_spots
from perfxl.adopt.keys import Keys, known_key, named_key
from perfxl.forms.definition.language import ALWAYS, BandSpec, BesideSpec, CellSpec, TableBand
from perfxl.forms.printed_text import words
from perfxl.model.field_type import Type
from perfxl.values.label_text import flat, level

_LEVELS = {0: "level1", 1: "level2", 2: "name"}
_DEEPEST_LEVEL = 2
_REQUIRED = {"target": "G04", "actual": "C02", "weight": "", "score": ""}
_TARGET_WORDS = "指标值"


def nested(draft: Draft, heads: Heads, rows: Sequence[int]) -> tuple[BandSpec, ...]:
    """Return the table of indicators below some heads."""
    leaves = heads.leaves
    split = _second_half(leaves)
    beside = split < len(leaves)
    wanted = "mid_indicators" if beside else "indicators"
    name = draft.table_name(heads.above(rows, leaves[:split]), wanted, "indicators")
    left = _columns(draft, heads, leaves[:split], rows, name, first=0)
    noted(draft, heads.top, {spot: specs[-1] for spot, specs in left.items()})
    band = TableBand(
        table=name,
        name="中期指标" if beside else table_name(draft, "绩效指标"),
        columns=_specs(draft, heads, left),
        lines=lines_of(draft, rows[0]),
        height=usual_height(draft.grid.sheet, rows),
        head_heights=head_heights(draft.grid.sheet, heads.top, heads.bottom),
    )
    band = _with_rows(draft, band, leaves[:split], rows)
    if not beside:
        return (band,)
    other = draft.table_name(heads.above(rows, leaves[split:]), "annual_indicators", "indicators")
    right = _columns(draft, heads, leaves[split:], rows, other, first=1)
    draft.doubt(leaves[split].spot, "右边并排的另一张指标表", "表头里“二级指标”出现了两次：左边当作中期，右边当作年度")
    return (
        replace(
            band,
            beside=BesideSpec(table=other, name="年度指标", shared=("level1",), columns=_specs(draft, heads, right)),
        ),
    )


def rows_without_heads(draft: Draft, heads: Heads, rows: Sequence[int], name: str) -> TableBand:
    """Return the table of indicators in a block whose heads stand above all blocks."""
    columns = _columns(draft, heads, heads.leaves, rows, name, first=0)
    specs = tuple(
        replace(spec, label=None, name=words(leaf.spot.text)) if spec.field is not None else spec
        for leaf in heads.leaves
        for spec in columns[leaf.spot]
    )
    height = usual_height(draft.grid.sheet, rows)
    band = TableBand(table=name, name=table_name(draft, "绩效指标"), columns=specs, own_heads=False, height=height)
    return _with_rows(draft, band, heads.leaves, rows)


def _second_half(leaves: Sequence[Head]) -> int:
    """Return where a second table begins: at the second head 二级, or the length where there is none."""
    found = [number for number, leaf in enumerate(leaves) if "二级" in flat(leaf.spot.text)]
    return found[1] if len(found) > 1 else len(leaves)


def _specs(draft: Draft, heads: Heads, columns: dict[Spot, tuple[CellSpec, ...]]) -> tuple[CellSpec, ...]:
    """Return the heads of one half as the language writes them."""
    flat_columns = {spot: specs[-1] for spot, specs in columns.items()}
    wanted = [head for head in heads.heads if any(leaf.spot in columns for leaf in head.leaves())]
    specs = Heads(tuple(wanted), heads.top, heads.bottom).specs(draft, flat_columns)
    return tuple(_choice_of_ticks(spec) for spec in specs)


def _choice_of_ticks(spec: CellSpec) -> CellSpec:
    """Turn columns of which one is ticked into a choice: those below 完成目标可能性."""
    ticks = [inner for inner in spec.columns if inner.type is Type.TICK]
    if len(ticks) < 2 or len(ticks) < len(spec.columns) or "可能性" not in flat(spec.label or ""):
        return spec
    options = [inner.field or f"o{number}" for number, inner in enumerate(ticks, start=1)]
    choices = tuple(f"{option}|{flat(inner.label or '')}" for option, inner in zip(options, ticks, strict=True))
    inner = tuple(
        CellSpec(at=tick.at, label=tick.label, option=option) for tick, option in zip(ticks, options, strict=True)
    )
    hint = ticks[0].hint
    return CellSpec(label=spec.label, field="likelihood", type=Type.CHOICE, choices=choices, hint=hint, columns=inner)


def _columns(
    draft: Draft, heads: Heads, leaves: Sequence[Head], rows: Sequence[int], table: str, *, first: int
) -> dict[Spot, tuple[CellSpec, ...]]:
    """Return the columns by their heads; one split into a counter and its place has two. ``first`` is the first level."""
    keys = Keys(draft.settled_below(draft.path(table)))
    above = {leaf.spot: head for head in heads.heads for leaf in head.leaves()}
    found: dict[Spot, tuple[CellSpec, ...]] = {}
    for number, leaf in enumerate(leaves, start=first):
        spots = own_spots(draft.grid, rows, leaf.spot)
        inner = draft.grid.row(rows[0], leaf.spot.left, leaf.spot.right)
        spot = next((one for one in spots if one.kind is Kind.INPUT), None) or next(
            (one for one in spots if one.kind is Kind.COMPUTED), spots[-1]
        )
        spot = marked_or(spots, spot)
        key = draft.settled(spot, draft.path(table)) or keys.give(
            _LEVELS.get(number) or _wanted(leaf, above[leaf.spot], keys), "c"
        )
        path = f"{draft.path(table)}.{key}"
        label = leaf.spot.text if number != _DEEPEST_LEVEL else "三级指标名称"
        level_of = number + 1 if number < _DEEPEST_LEVEL else 0
        made = column(draft, spot, ColumnPlace(leaf.spot, key, path, label), indicator=True, level=level_of)
        if number == _DEEPEST_LEVEL:
            made = replace(made, type=Type.TEXT, choices=(), min=None, max=None, formula="")
        if number > _DEEPEST_LEVEL and any(one.kind is Kind.LABEL and one.height > 1 for one in spots):
            made = replace(made, type=Type.TEXT, spread=True)
        if number > _DEEPEST_LEVEL and any(one.kind is Kind.LABEL for one in spots):
            made = replace(made, type=Type.TEXT, choices=(), min=None, max=None, formula="")
        if key in _REQUIRED and spot.kind is Kind.INPUT and not made.spread:
            made = replace(made, required=ALWAYS, missing=_REQUIRED[key])
        for row in rows:
            for one in draft.grid.row(row, leaf.spot.left, leaf.spot.right):
                draft.paths.setdefault(one.place, path)
        counted = _counter(inner)
        if counted is not None:
            prefix = CellSpec(at=at(inner[0]), label=counted, font=own_font([inner[0]]))
            found[leaf.spot] = (prefix, replace(made, at=at(inner[-1])))
        else:
            found[leaf.spot] = (made,)
    return found


def _wanted(leaf: Head, head: Head, keys: Keys) -> str:
    key = named_key(leaf.spot.text)
    if key and head is not leaf and (key in keys.taken or "原因" in flat(head.spot.text)):
        if "原因" in flat(head.spot.text):
            return key if key == "reason" else f"cause.{key}"
        above = known_key(head.spot.text)
        return f"{above}_{key}" if above else key
    return key


def _counter(inner: Sequence[Spot]) -> str | None:
    """Return the label that counts the rows of a column: ``指标{n}:``, None where it has none."""
    if len(inner) < 2 or inner[0].kind is not Kind.LABEL or not re.search(r"\d", inner[0].text):
        return None
    return re.sub(r"\d+", "{n}", inner[0].text, count=1)


def _with_rows(draft: Draft, band: TableBand, leaves: Sequence[Head], rows: Sequence[int]) -> TableBand:
    """Add what is printed: groups where each 二级 has the same number of blank rows, else row by row."""
    grid = draft.grid
    groups: dict[str, list[str]] = {}
    sizes: set[int] = set()
    for row in rows:
        one, two = grid.at(row, leaves[0].spot.left), grid.at(row, leaves[1].spot.left)
        if two.top == row:
            groups.setdefault(one.text, []).append(two.text)
            sizes.add(two.height)
    more = any(
        spot.kind in {Kind.LABEL, Kind.FRAME}
        and spot.text
        and len(grid.row(spot.top, leaf.spot.left, leaf.spot.right)) == 1
        for leaf in leaves[_DEEPEST_LEVEL:]
        for spot in own_spots(grid, rows, leaf.spot)
    )
    even = len(sizes) == 1 and all(len(set(below)) == len(below) and all(below) for below in groups.values())
    distinct = len({level(text) for text in groups}) == len(groups) and all(groups)
    if not more and even and distinct:
        return replace(band, rows=sizes.pop(), groups={text: tuple(below) for text, below in groups.items()})
    return replace(band, printed=tuple(_printed(draft, leaves, rows, band)))


def _printed(draft: Draft, leaves: Sequence[Head], rows: Sequence[int], band: TableBand) -> list[dict[str, str]]:
    """Return what is printed in each row; a row with nothing of its own is one more of the row above."""
    keys = [draft.paths[(rows[0], leaf.spot.left)].rpartition(f"{band.table}.")[2] for leaf in leaves]
    found: list[dict[str, str]] = []
    for row in rows:
        item: dict[str, str] = {}
        for key, leaf in zip(keys, leaves, strict=True):
            spot = draft.grid.at(row, leaf.spot.left)
            if spot.top == row and spot.text and spot.kind in {Kind.LABEL, Kind.FRAME}:
                item[key] = spot.text
        if not item and found and "name" not in found[-1]:
            found[-1] = found[-1] | {"rows": str(int(found[-1].get("rows", "1")) + 1)}
        else:
            found.append(item)
    return found
