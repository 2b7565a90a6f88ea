"""What people do to a form before they send it back; the data stays what it was, or changes as is said here."""

from __future__ import annotations

import copy
import re
from collections import defaultdict
from collections.abc import Callable
from random import Random
from typing import Any, TypeAlias

from perfxl.model.address import Box
from perfxl.model.field_type import Type
from perfxl.model.form import Look
from perfxl.model.grid import CellKind
from perfxl.model.layout import PlacedRow, Role, RowKind
from perfxl.model.path import row_of
from support.draft import Draft, Line, Piece, text_cell

NOTES = ("附件1", "2023年度项目资料", "联系人：张某某  电话：0000-0000000", "（本表一式三份）", "单位盖章")
REMARKS = (
    "注：本表金额以万元为单位。",
    "填表人：李某",
    "审核人：王某  日期：2024年1月5日",
    "说明：以上数据来自决算报表。",
    "以下空白",
)
_TRADITIONAL = str.maketrans(
    "绩预实标数质时产会经济态续响对务项资总评价执计", "績預實標數質時產會經濟態續響對務項資總評價執計"
)
_TICKED = "✔"


Mutation: TypeAlias = Callable[[Draft, Random], bool]
"""Alters a draft; tells whether there was anything to alter."""


# -- rows and columns ---------------------------------------------------------------------------------------------------


def rows_inserted(draft: Draft, rng: Random) -> bool:
    for _ in range(rng.randint(1, 3)):
        draft.insert_row(rng.randint(2, len(draft.lines)))
    return True


def unused_rows_deleted(draft: Draft, rng: Random) -> bool:
    unused = [n for n in draft.rows(RowKind.TABLE) if not draft.lines[n - 1].pieces]
    chosen = sorted(rng.sample(unused, min(len(unused), rng.randint(1, 5))), reverse=True)
    for row in chosen:
        draft.delete_row(row)
    return bool(chosen)


def notes_above(draft: Draft, rng: Random) -> bool:
    for text in rng.sample(NOTES, rng.randint(1, 2)):
        draft.insert_row(1)
        draft.say(1, rng.choice((1, 1, 2)), text)
    return True


def notes_below(draft: Draft, rng: Random) -> bool:
    for text in rng.sample(REMARKS, rng.randint(1, 3)):
        draft.lines += [Line() for _ in range(rng.randint(0, 2))] + [Line()]
        draft.say(len(draft.lines), 1, text)
        if rng.random() < 0.5:
            draft.merges.append(Box(len(draft.lines), 1, len(draft.lines), max(2, draft.last_column())))
    return True


def note_on_the_right(draft: Draft, rng: Random) -> bool:
    row = rng.randint(1, len(draft.lines))
    edge = max([draft.last_column(), *(box.last_column for box in draft.merges)])
    draft.say(row, edge + rng.randint(2, 4), rng.choice(("已核对", "请领导审阅", "2023年12月", "8")))
    return True


def shifted_down(draft: Draft, rng: Random) -> bool:
    for _ in range(rng.randint(1, 5)):
        draft.insert_row(1)
    return True


def shifted_right(draft: Draft, rng: Random) -> bool:
    for _ in range(rng.randint(1, 3)):
        draft.insert_column(1)
    return True


def column_inserted(draft: Draft, rng: Random) -> bool:
    draft.insert_column(rng.randint(2, draft.last_column()))
    return True


def column_split(draft: Draft, rng: Random) -> bool:
    draft.insert_column(rng.randint(2, draft.last_column() + 1), stretch=True)
    return True


# -- merges --------------------------------------------------------------------------------------------------------------


def merges_dropped(draft: Draft, rng: Random) -> bool:
    """All merges, or some of them, but for values that hold for the rows below them: these would be lost."""
    if any(_covered(draft, row, column) for row, line in enumerate(draft.lines, start=1) for column in line.pieces):
        return False  # what the merges cover would come to light
    some = rng.random() < 0.5
    kept = [box for box in draft.merges if _holds_for_rows(draft, box) or (some and rng.random() < 0.5)]
    changed = len(kept) < len(draft.merges)
    draft.merges = kept
    return changed


def _covered(draft: Draft, row: int, column: int) -> bool:
    return any(box.holds(row, column) and (box.row, box.column) != (row, column) for box in draft.merges)


def _holds_for_rows(draft: Draft, box: Box) -> bool:
    """Tell whether a merge tells more than where a cell is wide: blank ones of levels, typed ones of spread columns."""
    piece = draft.lines[box.row - 1].pieces.get(box.column)
    if piece is None:
        return box.last_row > box.row
    placed = piece.placed
    spread = placed is not None and placed.field is not None and placed.field.spread
    return box.last_row > box.row and spread and placed is not None and placed.role is not Role.PRINTED


def filled_down(draft: Draft, rng: Random) -> bool:
    """Tall cells are unmerged, and each cell that they covered says the same."""
    tall = [box for box in draft.merges if box.last_row > box.row and rng.random() < 0.8]
    done = False
    for box in tall:
        piece = draft.lines[box.row - 1].pieces.get(box.column)
        if piece is None or piece.placed is None:
            continue
        draft.merges.remove(box)
        for row in range(box.row + 1, box.last_row + 1):
            draft.lines[row - 1].pieces[box.column] = Piece(piece.cell, None)
        done = True
    return done


def copies_covered(draft: Draft, rng: Random) -> bool:
    """Covered cells of merges hold what the first one holds."""
    done = False
    for box in draft.merges:
        piece = draft.lines[box.row - 1].pieces.get(box.column)
        if piece is None or rng.random() < 0.7:
            continue
        row, column = rng.randint(box.row, box.last_row), rng.randint(box.column, box.last_column)
        if column not in draft.lines[row - 1].pieces:
            draft.lines[row - 1].pieces[column] = Piece(piece.cell, None)
            done = True
    return done


def merged_differently(draft: Draft, rng: Random) -> bool:
    """Cells are merged with blank ones on their right that nobody else's merge covers."""
    done = False
    edge = draft.last_column()
    for row, line in enumerate(draft.lines, start=1):
        for column in sorted(line.pieces):
            free = column < edge and column + 1 not in line.pieces
            both = any(box.holds(row, column) or box.holds(row, column + 1) for box in draft.merges)
            if free and not both and rng.random() < 0.5:
                draft.merges.append(Box(row, column, row, column + 1))
                done = True
    return done


def columns_relaid(draft: Draft, rng: Random) -> bool:
    """The form is laid out on another grid: most of its columns are several now, what stands there is merged over them."""
    for column in range(draft.last_column() + 1, 1, -1):
        for _ in range(rng.choice((0, 1, 1, 2))):
            draft.insert_column(column, stretch=True)
    return True


# -- labels ---------------------------------------------------------------------------------------------------------------


def labels_respelled(draft: Draft, rng: Random) -> bool:
    """Blanks and line breaks inside, full- and half-width signs, traditional characters."""
    ways: tuple[Callable[[str], str], ...] = (
        lambda text: " ".join(text) if len(text) < 8 else text,
        lambda text: text[: len(text) // 2] + "\n" + text[len(text) // 2 :],
        lambda text: text.replace("（", "(").replace("）", ")").replace("：", ":"),
        lambda text: text.replace("(", "（").replace(")", "）").replace(":", "："),
        lambda text: text.translate(_TRADITIONAL),
        lambda text: text.replace("\n", "").replace(" ", ""),
        lambda text: f"　{text} ",
    )
    done = False
    for _, _, piece in draft.labels():
        if rng.random() < 0.4 and isinstance(piece.cell.value, str):
            piece.cell = piece.cell._replace(value=rng.choice(ways)(piece.cell.value))
            done = True
    return done


def head_reworded(draft: Draft, rng: Random) -> bool:
    """One column head among others says something else; its neighbours tell what it was."""
    heads: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
    for row, column, piece in draft.labels():
        if piece.placed is not None and piece.placed.look is Look.HEAD and "____" not in piece.placed.template:
            heads[row].append((column, piece))
    rows = [cells for cells in heads.values() if len(cells) > 4]
    if not rows:
        return False
    _, piece = rng.choice(sorted(rng.choice(rows), key=lambda cell: cell[0])[1:-1])
    piece.cell = piece.cell._replace(value=rng.choice(("调整后情况", "填报数", "甲", "核定")))
    return True


def labels_by_another_name(draft: Draft, _rng: Random) -> bool:
    """Labels are called as the form declares that they may be."""
    done = False
    for _, _, piece in draft.labels():
        if piece.placed is not None and piece.placed.aliases:
            piece.cell = piece.cell._replace(value=piece.placed.aliases[0])
            done = True
    return done


def values_typed_behind_labels(draft: Draft, rng: Random) -> bool:
    """部门名称：某局, in one cell."""
    done = False
    for line in draft.lines:
        columns = sorted(line.pieces)
        labels = [c for c in columns if line.pieces[c].label]
        if line.placed is None or line.placed.kind is not RowKind.FIXED or len(columns) != 2 or labels != columns[:1]:
            continue
        label, value = (line.pieces[column] for column in columns)
        spec = value.placed.field if value.placed is not None else None
        if spec is None or spec.type is not Type.TEXT or value.placed is None or value.placed.caption is not None:
            continue
        if not isinstance(value.cell.value, str) or rng.random() < 0.5:
            continue
        text = re.sub(r"[：:\s]+$", "", str(label.cell.value)) + rng.choice("：:") + value.cell.value
        line.pieces = {columns[0]: Piece(text_cell(text), None)}
        done = True
    return done


def captions_typed(draft: Draft, rng: Random) -> bool:
    """The whole caption is typed as text, with the amount in it."""
    done = False
    for _, _, piece in _captions(draft):
        placed, value = piece.placed, piece.cell.value
        if placed is None or placed.caption is None or piece.cell.kind is not CellKind.NUMBER or rng.random() < 0.5:
            continue
        if placed.field is not None and placed.field.type is Type.DATE:
            continue
        piece.cell = text_cell(f"{placed.caption.before}{value}{placed.caption.after}")
        done = True
    return done


def captions_beside_their_values(draft: Draft, rng: Random) -> bool:
    """A caption stands in a cell of its own, its value in the next one."""
    done = False
    for row, column, piece in _captions(draft):
        placed, box = piece.placed, draft.merge_of(row, column)
        if placed is None or placed.caption is None or placed.look is Look.SPINE or rng.random() < 0.5:
            continue
        if placed.others:
            continue  # several captions in a cell do not stand in cells of their own by one cut
        value = _value_of(piece)
        before = placed.caption.before.replace("{n}", "1").strip()
        if not value or len(before) < 2 or placed.caption.after in {"年度)", "年度）"} or box.last_column == box.column:
            continue
        if before.startswith(("(", "（")):
            continue  # what goes on behind its value is no label beside it
        draft.merges = [other for other in draft.merges if other != box]
        piece.cell = text_cell(before)
        draft.lines[row - 1].pieces[column + 1] = Piece(text_cell(value), None)
        done = True
    return done


def _value_of(piece: Piece) -> str:
    """What stands inside a caption, as typed; nothing for a date, which only its format shows."""
    value, caption = piece.cell.value, piece.placed.caption if piece.placed is not None else None
    if caption is None or value is None or _is_date(piece):
        return ""
    if piece.cell.kind is CellKind.NUMBER:
        return str(value)
    before = re.escape(caption.before).replace(r"\{n\}", r"\d*")
    found = re.fullmatch(rf"{before}(.*){re.escape(caption.after)}", str(value), re.DOTALL)
    return found[1].strip() if found else ""


def captions_typed_over(draft: Draft, rng: Random) -> bool:
    """One bare number stands where a caption with its number was."""
    numbers = [(row, column, piece) for row, column, piece in _captions(draft) if piece.cell.kind is CellKind.NUMBER]
    numbers = [entry for entry in numbers if not _is_date(entry[2])]
    if not numbers:
        return False
    _, _, piece = rng.choice(numbers)
    piece.cell = piece.cell._replace(format="General")
    return True


def _captions(draft: Draft) -> list[tuple[int, int, Piece]]:
    return [
        (row, column, piece)
        for row, line in enumerate(draft.lines, start=1)
        for column, piece in line.pieces.items()
        if piece.placed is not None and piece.placed.caption is not None and piece.placed.look is not Look.HEAD
    ]


def _is_date(piece: Piece) -> bool:
    spec = piece.placed.field if piece.placed is not None else None
    return spec is not None and spec.type is Type.DATE


def row_label_reworded(draft: Draft, rng: Random) -> bool:
    """The only label of a row that stands once says something else; the rows above and below are known."""
    found = []
    for row in draft.rows(RowKind.FIXED):
        pieces = [p for p in draft.lines[row - 1].pieces.values() if p.placed is not None]
        labels = [p for p in pieces if p.label and p.placed is not None and p.placed.look is not Look.SPINE]
        if len(labels) == 1 and len(pieces) > 1 and not any(p.placed.caption for p in pieces if p.placed):
            found.append(labels[0])
    if not found:
        return False
    piece = rng.choice(found)
    piece.cell = piece.cell._replace(value=rng.choice(("本单位情况", "具体数额", "填报内容")))
    return True


def counters_dropped(draft: Draft, _rng: Random) -> bool:
    """年度目标2： becomes 年度目标：."""
    done = False
    for _, _, piece in draft.labels():
        if piece.placed is not None and "{n}" in piece.placed.template and isinstance(piece.cell.value, str):
            piece.cell = piece.cell._replace(value=re.sub(r"\d+", "", piece.cell.value))
            done = True
    return done


def title_deleted(draft: Draft, _rng: Random) -> bool:
    for number, line in enumerate(draft.lines, start=1):
        if any(p.placed is not None and p.placed.look is Look.TITLE for p in line.pieces.values()):
            draft.delete_row(number)
            return True
    return False


def columns_swapped(draft: Draft, rng: Random) -> bool:
    """Two columns of a growing table that are not 一级 or 二级 change places, heads and all."""
    rows = draft.rows(RowKind.TABLE)
    if not rows or any(line.placed is None for line in draft.lines):
        return False
    tables = {row.table for row in draft.layout.rows if row.kind is RowKind.TABLE}
    table = rng.choice(sorted(tables))
    own = [n for n in rows if _heads(draft, n) == table]
    heads = [n for n in draft.rows(RowKind.HEAD) if _heads(draft, n) == table]
    plain = [
        cell.box.column
        for cell in draft.layout.cells
        if cell.field is not None and cell.box.row == draft.lines[own[0] - 1].placed.number  # type: ignore[union-attr] # checked above
        if not cell.field.level and not cell.field.spread and cell.box.single
        if cell.field.path.rpartition("[]")[0] == table
    ]
    if len(heads) != 1 or len(plain) < 2:
        return False
    a, b = sorted(rng.sample(plain, 2))
    head = draft.lines[heads[0] - 1].pieces
    if any(c not in head or head[c].placed is None or head[c].placed.box.column != c for c in (a, b)):  # type: ignore[union-attr] # checked
        return False
    if any(box.holds(row, column) for box in draft.merges for row in (*heads, *own) for column in (a, b)):
        return False
    for row in (*heads, *own):
        pieces = draft.lines[row - 1].pieces
        left, right = pieces.pop(a, None), pieces.pop(b, None)
        pieces |= {column: p for column, p in ((b, left), (a, right)) if p is not None}
    return True


def column_of_ones_own(draft: Draft, rng: Random) -> bool:
    """The officer adds a column with a head of his own and writes in it; that is said, the rest is read."""
    rows = draft.rows(RowKind.TABLE)
    heads = draft.rows(RowKind.HEAD)
    if not rows or not heads:
        return False
    head = max((n for n in heads if n < rows[0]), default=0)
    table = _heads(draft, head) if head else ""
    if not table or _heads(draft, rows[0]) != table:
        return False
    rows = [row for row in rows if _heads(draft, row) == table]
    at = rng.randint(2, draft.last_column())
    inside = [box for box in draft.merges if box.row <= head <= box.last_row and box.column < at <= box.last_column]
    if inside:
        return False
    draft.insert_column(at)
    draft.say(head, at, "核对情况")
    for row in rows:
        inside = [box for box in draft.merges if box.row <= row <= box.last_row and box.column < at <= box.last_column]
        if rng.random() < 0.3 and not inside and draft.lines[row - 1].pieces:
            draft.say(row, at, "已核")
    return True


# -- what changes the data ------------------------------------------------------------------------------------------------


def row_copied(draft: Draft, rng: Random) -> bool:
    """A used row of a growing table is copied below itself: the data has it twice."""
    used = [n for n in draft.rows(RowKind.TABLE) if _index(draft, n) is not None]
    if not used:
        return False
    row = rng.choice(used)
    line = draft.lines[row - 1]
    index = _index(draft, row)
    if index is None or line.placed is None or line.placed.beside:
        return False
    rows = _list(draft.data, row_of(line.placed.record).rpartition("[")[0])
    twin = {
        column: Piece(piece.cell, piece.placed)
        for column, piece in line.pieces.items()
        if draft.merge_of(row, column).last_row == row
    }
    if any(piece.placed is None for piece in line.pieces.values()):
        return False
    draft.insert_row(row + 1, Line(twin, line.placed))
    # The last row of a merge: the copy stands below it, and inherits what stands above.
    rows.insert(index + 1, copy.deepcopy(rows[index]))
    return True


def row_left_blank(draft: Draft, rng: Random) -> bool:
    """What a row of a growing table held is cleared; the row stays where it is."""
    used = [n for n in draft.rows(RowKind.TABLE) if _index(draft, n) is not None]
    used = [n for n in used if not any(_is_given(piece) for piece in draft.lines[n - 1].pieces.values())]
    if not used:
        return False
    row = rng.choice(used)
    line, index = draft.lines[row - 1], _index(draft, row)
    if index is None or line.placed is None:
        return False
    kept = {c: p for c, p in line.pieces.items() if p.placed is not None and p.placed.field is not None}
    line.pieces = {c: p for c, p in kept.items() if p.placed and p.placed.field and p.placed.field.level}
    del _list(draft.data, row_of(line.placed.record).rpartition("[")[0])[index]
    return True


def _is_given(piece: Piece) -> bool:
    """Tell whether a piece of a row is not the officer's to clear: printed, computed, or standing for several rows."""
    placed = piece.placed
    if placed is None or placed.field is None or placed.field.computed or placed.field.spread:
        return True
    return placed.role is Role.PRINTED and not placed.field.level


def _list(data: dict[str, Any], path: str) -> list[dict[str, Any]]:
    found: Any = data
    for key, index in re.findall(r"(\w+)(?:\[(\d+)\])?\.?", path):
        found = found[key]
        if index:
            found = found[int(index)]
    assert isinstance(found, list)
    return found


def _index(draft: Draft, row: int) -> int | None:
    """The number in the data of a table's row, None where it is unused or stands in a block that may be."""
    placed = draft.lines[row - 1].placed
    if placed is None or placed.block or placed.beside or not _used(draft, row):
        return None
    before = [n for n in draft.rows(RowKind.TABLE) if n < row]
    return sum(_same_table(draft, n, placed) and _used(draft, n) for n in before)


def _same_table(draft: Draft, row: int, placed: PlacedRow) -> bool:
    other = draft.lines[row - 1].placed
    return other is not None and other.table == placed.table


def _used(draft: Draft, row: int) -> bool:
    for piece in draft.lines[row - 1].pieces.values():
        spec = piece.placed.field if piece.placed is not None else None
        if spec is None or spec.level or spec.computed or spec.spread or piece.cell.value in (None, ""):
            continue
        return True
    return False


def heads_repeated(draft: Draft, rng: Random) -> bool:
    """The heads of a table stand again in its middle, as at the top of a page."""
    tables = defaultdict(list)
    for row in draft.rows(RowKind.TABLE):
        placed = draft.lines[row - 1].placed
        if placed is not None and not placed.block:
            tables[placed.table].append(row)
    long = [rows for rows in tables.values() if len(rows) > 4]
    if not long:
        return False
    rows = rng.choice(long)
    first = draft.lines[rows[0] - 1].placed
    heads = [
        n for n in draft.rows(RowKind.HEAD) if first is not None and _heads(draft, n) == first.table and n < rows[0]
    ]
    if not heads:
        return False
    at = rng.choice(rows[2:-1])
    tall = [box for box in draft.merges if box.row < at <= box.last_row and box.row >= rows[0]]
    if tall:  # nobody breaks a page inside a merge without breaking the merge
        at = min(box.row for box in tall)
    if at <= rows[0]:
        return False
    for number, row in enumerate(heads):
        line = draft.lines[row - 1]
        pieces = {c: Piece(p.cell, p.placed) for c, p in line.pieces.items() if p.placed and p.placed.look is Look.HEAD}
        boxes = [box for box in draft.merges if box.row == row and box.column in pieces]
        draft.insert_row(at + number, Line(pieces, line.placed))
        draft.merges += [
            box._replace(row=at + number, last_row=at + number) for box in boxes if box.last_column > box.column
        ]
    return True


def _heads(draft: Draft, row: int) -> str:
    placed = draft.lines[row - 1].placed
    return placed.table if placed is not None else ""


def block_copied(draft: Draft, rng: Random) -> bool:
    """A whole goal with its table is copied behind itself."""
    return _block(draft, rng, twice=True)


def block_removed(draft: Draft, rng: Random) -> bool:
    """A whole goal with its table is deleted."""
    return _block(draft, rng, twice=False)


def _block(draft: Draft, rng: Random, *, twice: bool) -> bool:
    blocks: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(draft.lines, start=1):
        if line.placed is not None and line.placed.block:
            blocks[_block_record(line.placed)].append(number)
    record = rng.choice(sorted(blocks)) if blocks else ""
    rows = blocks[record]
    name = record.partition("[")[0]
    others = sum(other.startswith(f"{name}[") for other in blocks)
    if not rows or rows != list(range(rows[0], rows[-1] + 1)) or (not twice and others < 2):
        return False
    if not _told_apart(draft, rows):
        return False
    goals, index = draft.data[name], int(record.rstrip("]").split("[")[1])
    if twice:
        _copy_rows(draft, rows, goals, index)
    else:
        for row in reversed(rows):
            draft.delete_row(row)
        del goals[index : index + 1]
    for line in draft.lines:  # another copy or deletion would have to count anew
        if line.placed is not None and line.placed.block == name:
            line.placed = None
    return True


def _told_apart(draft: Draft, rows: list[int]) -> bool:
    """Tell whether a block has rows of its own, or one cell down its left: else nobody can tell it from the next."""
    kinds = {placed.kind for row in rows if (placed := draft.lines[row - 1].placed) is not None}
    return kinds != {RowKind.TABLE} or any(
        box.row == rows[0] and box.last_row == rows[-1] and len(rows) > 1 for box in draft.merges
    )


def _copy_rows(draft: Draft, rows: list[int], goals: list[dict[str, Any]], index: int) -> None:
    lines = [copy.deepcopy(draft.lines[row - 1]) for row in rows]
    twin = copy.deepcopy(goals[index]) if index < len(goals) else {}
    for piece in lines[0].pieces.values():  # where a value down the left tells them apart, it is another one
        if piece.placed is not None and piece.placed.look is Look.SPINE and piece.placed.field is not None:
            piece.cell = piece.cell._replace(value=f"{piece.cell.value}之二")
            twin[piece.placed.field.key] = f"{twin.get(piece.placed.field.key) or ''}之二"
    boxes = [box for box in draft.merges if rows[0] <= box.row and box.last_row <= rows[-1]]
    for number, line in enumerate(lines):
        draft.insert_row(rows[-1] + 1 + number, line)
    draft.merges += [box._replace(row=box.row + len(rows), last_row=box.last_row + len(rows)) for box in boxes]
    if index < len(goals):
        goals.insert(index + 1, twin)


def _block_record(placed: PlacedRow) -> str:
    return placed.record[: placed.record.index("]") + 1]


def untouched(draft: Draft, _rng: Random) -> bool:
    """Only the sheet has another name."""
    draft.name = "部门表"
    return True


MUTATIONS: tuple[Mutation, ...] = (
    rows_inserted,
    unused_rows_deleted,
    notes_above,
    notes_below,
    note_on_the_right,
    shifted_down,
    shifted_right,
    column_inserted,
    column_split,
    merges_dropped,
    merged_differently,
    columns_relaid,
    filled_down,
    copies_covered,
    labels_respelled,
    head_reworded,
    labels_by_another_name,
    values_typed_behind_labels,
    captions_typed,
    captions_beside_their_values,
    captions_typed_over,
    row_label_reworded,
    counters_dropped,
    title_deleted,
    columns_swapped,
    column_of_ones_own,
    row_copied,
    row_left_blank,
    heads_repeated,
    block_copied,
    block_removed,
    untouched,
)


# -- what cannot be made good: it must be said ---------------------------------------------------------------------------


def label_deleted(draft: Draft, rng: Random) -> bool:
    """A label is gone, its values are still there."""
    labels = [(r, c) for r, c, p in draft.labels() if p.placed is not None and p.placed.look is not Look.SPINE]
    if not labels:
        return False
    row, column = rng.choice(labels)
    del draft.lines[row - 1].pieces[column]
    return True


def row_deleted(draft: Draft, rng: Random) -> bool:
    """A row that stands once is deleted, with what it holds."""
    rows = draft.rows(RowKind.FIXED) + draft.rows(RowKind.HEAD)
    if not rows:
        return False
    draft.delete_row(rng.choice(rows))
    return True


def column_cleared(draft: Draft, rng: Random) -> bool:
    """Everything in one column of the sheet is gone."""
    column = rng.randint(1, draft.last_column())
    for line in draft.lines:
        line.pieces.pop(column, None)
    return True


def columns_deleted(draft: Draft, rng: Random) -> bool:
    """One column of the sheet is deleted."""
    draft.delete_column(rng.randint(1, draft.last_column()))
    return True


DAMAGES: tuple[Mutation, ...] = (label_deleted, row_deleted, column_cleared, columns_deleted)
