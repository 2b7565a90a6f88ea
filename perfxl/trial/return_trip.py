"""Whether what is typed into a form comes back: every value to its place, and nothing else."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from perfxl.align.pattern import compile_pattern
from perfxl.align.read import read
from perfxl.align.recognise import ACCEPT, MARGIN
from perfxl.align.unread import unread
from perfxl.forms.layout.place import place
from perfxl.model.form import Form
from perfxl.model.grid import Grid
from perfxl.model.layout import Layout
from perfxl.model.path import generic
from perfxl.model.reading import Oddity, Reading
from perfxl.model.record import Record
from perfxl.trial.answers import Answer, entered, left
from perfxl.trial.fault import Fault
from perfxl.trial.sheets import Filled, with_inserted_rows, without
from perfxl.trial.spoken import shown, spoken
from perfxl.trial.totals import recalculated, short_totals
from perfxl.values.bind import bind

_STRANGE = {
    Oddity.MISSING: "没有改动过的表，读取时认不出印的“{text}”",
    Oddity.REWORDED: "没有改动过的表，读取时把印的“{text}”当成了改过的“{label}”",
    Oddity.OUTSIDE: "没有改动过的表，读取时不知道“{text}”是什么",
}
_APART = "同样的字印了不止一处的，各印得不一样，读取时才分得清"
WHERE = "在它左边或上面印上它自己的名称；印在同一格的写成 caption，如 至____"
"""What an author does about an input that is not found."""


def return_trip(form: Form, layout: Layout, filled: Filled) -> Iterator[Fault]:
    """Yield what does not come back of a filled blank: of the whole, of halves of it, and with rows inserted."""
    pattern = compile_pattern(place(form))
    whole = read(pattern, filled.grid)
    yield from _strange(whole, layout, {answer.box.name for answer in filled.answers})
    lost = list(_lost(form, filled.answers, whole, ""))
    yield from lost
    if lost:
        return
    for kept in _parts(filled.answers):
        paths = {answer.path for answer in kept}
        grid = without(filled, layout, [answer for answer in filled.answers if answer.path not in paths])
        yield from _lost(form, left(layout, kept), read(pattern, grid), "只填一部分时，")
    grown = with_inserted_rows(filled, layout)
    grid = recalculated(grown.grid)
    reading = read(pattern, grid)
    lost = list(_lost(form, grown.answers, reading, "插入行以后，"))
    yield from lost or short_totals(form, grid, reading)


def _parts(answers: Sequence[Answer]) -> Iterator[list[Answer]]:
    """Yield parts of what is typed: every second cell, every second row, and the others."""
    for half in (0, 1):
        yield [answer for number, answer in enumerate(answers) if number % 2 == half]
        yield [answer for answer in answers if answer.box.row % 2 == half]


def unread_inputs(form: Form) -> Iterator[Fault]:
    """Yield the inputs that nothing printed leads to: what is typed there would be lost."""
    for part in form.parts:
        for cell in unread(place(part)):
            if cell.field is not None:
                message = f"{cell.box.name}“{spoken(cell.field)}”填了，交回后读不出来：没有印的字说明这一格是什么"
                fault = Fault(cell.field.line, message, WHERE)
                yield on_sheet(part.sheet, fault) if form.sheets else fault


def on_sheet(sheet: str, fault: Fault) -> Fault:
    """Return a fault with the sheet that it is on."""
    return replace(fault, message=f"工作表“{sheet}”：{fault.message}")


def alike(form: Form, grids: Sequence[Grid]) -> Iterator[Fault]:
    """Yield the sheets of a form of which one would be taken for another where the mark is lost."""
    patterns = [compile_pattern(place(part)) for part in form.parts] if form.sheets else []
    for own, grid in zip(patterns, grids, strict=False):
        sure = read(own, grid).confidence
        for other, part in zip(patterns, form.parts, strict=True):
            if other is not own and sure - read(other, grid).confidence < MARGIN:
                message = f"工作表“{grid.name}”与“{part.sheet}”印的字太像，标记丢了就分不清是哪一张"
                yield Fault(1, message, "两张工作表印上不同的标题或栏目名称")


def _strange(reading: Reading, layout: Layout, typed: Collection[str]) -> Iterator[Fault]:
    """Yield what the reader misses on a sheet that nobody changed, and that the sheet would not be known by itself.

    What was typed and is not read is told of its field.
    """
    placed = {cell.box.name: cell for cell in layout.cells}
    for notice in reading.notices:
        if notice.oddity in _STRANGE and notice.cell not in typed:
            cell = placed.get(notice.cell or "")
            line = cell.field.line if cell is not None and cell.field is not None else 1
            said = _STRANGE[notice.oddity].format(text=notice.text, label=notice.label)
            yield Fault(line, f"{notice.cell or '表上'}：{said}", _APART)
    if reading.confidence < ACCEPT:
        yield Fault(1, "交回的表没有标记时认不出是这张表", "给各格印上名称：认表靠的是印的字")


def _lost(form: Form, answers: Sequence[Answer], reading: Reading, when: str) -> Iterator[Fault]:
    """Yield, once for each field, the first value that is not where it belongs, and how many are not."""
    record = bind(form, reading).record
    wrong: dict[str, list[tuple[Answer, str]]] = defaultdict(list)
    homes = {entered(answer.value): answer for answer in answers}
    for answer in answers:
        if record[answer.path] != answer.value:
            wrong[answer.field.path].append((answer, _instead(form, record, answer, homes)))
    for found in wrong.values():
        answer, instead = found[0]
        many = f"等 {len(found)} 处" if len(found) > 1 else ""
        place = f"{answer.box.name}{many}“{spoken(answer.field)}”"
        said = shown(answer.value)
        yield Fault(answer.field.line, f"{when}{place}填了“{said}”，{instead}", WHERE)


def _instead(form: Form, record: Record, answer: Answer, homes: Mapping[str | Decimal, Answer]) -> str:
    """Say what became of a value that is not where it belongs."""
    at = next((path for path, value in record.values.items() if value == answer.value and path != answer.path), None)
    if at is not None and not answer.field.choices:
        return f"交回后读成了“{spoken(form.fields[generic(at)])}”"
    read = record[answer.path]
    if read is None:
        return "交回后没有读到"
    owner = homes.get(entered(read))
    of = f"，那是 {owner.box.name} 填的" if owner is not None and owner.path != answer.path else ""
    return f"交回后读成了“{shown(read)}”{of}"
