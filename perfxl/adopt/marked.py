"""A sheet with the marks in its cells taken as what they settle; what is wrong with them is told, with the cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from perfxl.adopt.mark import Mark, MarkError, marked_text
from perfxl.adopt.sheet import Cell, Sheet
from perfxl.forms.printed_text import HOLE
from perfxl.model.field_type import Type
from perfxl.model.form import Form
from perfxl.values.label_text import key


class MarkedSheet(NamedTuple):
    """A sheet without the text of its marks, and what is wrong with them."""

    sheet: Sheet
    mistakes: tuple[str, ...]


def marked_sheet(sheet: Sheet) -> MarkedSheet:
    """Return a sheet whose cells know their marks: one that holds nothing else is blank, others have a place in the text."""
    mistakes: list[str] = []
    instead: dict[int, Cell] = {}
    for cell in sheet.anchors():
        if "{{" not in cell.text and "｛｛" not in cell.text and "}}" not in cell.text and "｝｝" not in cell.text:
            continue
        try:
            instead[id(cell)] = _settled(cell)
        except MarkError as error:
            mistakes.append(f"{cell.box.name} 的{error}")
    if not instead and not mistakes:
        return MarkedSheet(sheet, ())
    cells = {place: instead.get(id(cell), cell) for place, cell in sheet.cells.items()}
    made = replace(sheet, cells=cells)
    return MarkedSheet(made, (*mistakes, *_at_odds(made)))


def _settled(cell: Cell) -> Cell:
    pieces, marks = marked_text(cell.text)
    if len(marks) > 1 and any(not key(piece) or "\n" in piece for piece in pieces[:-1]):
        raise MarkError(
            f"“{marks[1].text}”前面没有说明它的字；一格里有几个标记的，每个前面写上字和冒号，如 联系人：{{{{ contact }}}}"
        )
    if len(marks) > 1 and (
        bad := next((mark for mark in marks if mark.type not in {None, Type.TEXT, Type.DATE}), None)
    ):
        raise MarkError(f"“{bad.text}”不是文字或日期；一格里有几处的只能填文字和日期，这一处请另用一格")
    alone = len(marks) == 1 and not any(piece.strip() for piece in pieces)
    text = None if alone else HOLE.join(pieces)
    limit = cell.limit
    for mark in marks:
        if mark.type is Type.CHOICE and not mark.choices and (limit is None or len(limit.choices) < 2):
            raise MarkError(
                f"“{mark.text}”没有写有哪些选项，写成 {{{{ {mark.path} : 选项(新增、延续) }}}} 这样，或者给这一格设下拉列表"
            )
    return replace(cell, value=text, marks=marks)


def _at_odds(sheet: Sheet) -> Iterator[str]:
    """Yield what marks say against each other: one name twice, one that is a value and the beginning of others."""
    first: dict[str, tuple[Mark, str]] = {}
    for cell in sheet.anchors():
        for mark in cell.marks:
            known = first.setdefault(mark.path, (mark, cell.box.name))
            if known[1] == cell.box.name and known[0] is mark:
                continue
            if "[]" not in mark.path:
                yield f"{cell.box.name} 的“{mark.text}”与 {known[1]} 同名，一个名称只能用在一处，请改一个"
            elif mark.type not in {None, known[0].type} and known[0].type is not None:
                yield f"{cell.box.name} 的“{mark.text}”与 {known[1]} 是同一列，类型却不同，请改成一样的"
    names = {mark.name: where for mark, where in first.values()}
    for name, where in names.items():
        beginning = next((other for other in names if name.startswith(f"{other}.")), None)
        if beginning is not None:
            yield f"{where} 的“{name}”以 {names[beginning]} 的“{beginning}”开头；已是一个值的名称，不能再分层，请改其中一个"


def unused(sheet: Sheet, form: Form, paths: Mapping[tuple[int, int], str]) -> Iterator[str]:
    """Yield the marks that a form does not have as they say; ``paths`` are the names that cells were given."""
    for cell in sheet.anchors():
        for mark in cell.marks:
            field = form.fields.get(mark.path)
            if field is not None and (mark.type is None or mark.type is field.type):
                continue
            yield f"{cell.box.name} 的“{mark.text}”用不上：{_why(mark, paths.get(cell.box[:2], ''), form)}"


def _why(mark: Mark, read_as: str, form: Form) -> str:
    field = form.fields.get(mark.path)
    if field is not None:
        return (
            f"这一处读成了{field.type.traits.chinese}，与公式、指标层级或同一列其他标记不合；去掉类型，或者改成一样的"
        )
    inside = next((path for path in form.fields if read_as and path.replace("[]", "") == read_as), "")
    block = inside.rpartition("[]")[0]
    if block and f"{block}[]." not in mark.path:
        return f"这一格在重复的各行或各块里，名称前面要写“{block}[].”，如 {{{{ {block}[].{mark.path.rpartition('.')[2]} }}}}"
    if "[]" in mark.path and not block:
        return "“[]”是表格的一列；这一格上面要有一行表头，下面留空行。不是表格的，去掉“[]”"
    return "同一个表格、同一行或同一列的标记，名称的开头要一样；请对着旁边的标记改成一样的"
