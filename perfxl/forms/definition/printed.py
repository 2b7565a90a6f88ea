"""What a form prints in a growing table: 一级 and 二级, whole rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from perfxl.forms.definition.heads import leaves
from perfxl.forms.definition.language import CellSpec, CommonSpec, TableBand
from perfxl.forms.definition.problem import Problems
from perfxl.model.form import Group, Printed
from perfxl.values.label_text import level


def classification(spec: TableBand, levels: Sequence[int], common: CommonSpec, problems: Problems) -> tuple[Group, ...]:
    """Return the printed 一级 and 二级 of a table: its own, or shared ones by name."""
    groups: Mapping[str, tuple[str, ...]] = spec.groups
    if spec.classification:
        if spec.groups:
            problems.add(spec.place.of("classification"), "groups 和 classification 只能写一个", "删去其中一个")
        if spec.classification not in common.classifications:
            known = "、".join(common.classifications) or "无"
            problems.add(spec.place.of("classification"), f"没有名为“{spec.classification}”的分类", f"可用：{known}")
        groups = common.classifications.get(spec.classification, {})
    if groups and len(levels) < 2:
        problems.add(spec.place.of("columns"), "写了一级、二级的表要有 level: 1 和 level: 2 两列", "给这两列写上 level")
    return tuple(Group(text, level(text), below) for text, below in groups.items())


def printed(spec: TableBand, cells: Sequence[CellSpec], problems: Problems) -> tuple[Printed, ...]:
    """Read printed rows: levels, what is printed in other columns, ``hint`` for the target, ``rows`` of a kind.

    As on paper, what a row leaves out stands merged from the row above: levels, and in the same 二级 spread columns.
    """
    known = {cell.field: cell for cell in leaves(cells) if cell.field is not None}
    keys = [key for key, cell in known.items() if cell.level]
    found: list[Printed] = []
    for row in spec.printed:
        for name in row.keys() - known.keys() - {"hint", "rows", "open"}:
            offered = "、".join((*known, "hint", "rows", "open"))
            problems.add(spec.place.of("printed"), f"printed 里的“{name}”不是这张表的列", f"可用：{offered}")
        above = found[-1] if found else Printed((), {}, {})
        levels = _levels(row, keys, above.levels)
        values = {key: text for key, text in row.items() if key in known and key not in keys}
        if levels == above.levels:
            values = {key: text for key, text in above.values.items() if known[key].spread} | values
        hints = {"target": row["hint"]} if "hint" in row else {}
        count = int(row["rows"]) if row.get("rows", "").isdigit() else 1
        found += [Printed(levels, values, hints, row.get("open") == "true")] * count
    return tuple(found)


def _levels(row: Mapping[str, str], keys: Sequence[str], above: Sequence[str]) -> tuple[str, ...]:
    """The levels of a printed row: its own from the first that it has, before that those of the row above."""
    first = next((n for n, key in enumerate(keys) if row.get(key)), len(keys))
    return tuple(row.get(key, "") if n >= first else "".join(above[n : n + 1]) for n, key in enumerate(keys))
