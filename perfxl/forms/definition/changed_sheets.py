"""What changed on the sheets of a form: printed texts that came, went, were renamed or moved, columns, rows, paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from itertools import takewhile

from msgspec import Struct

from perfxl.forms.definition.change import Change, Kind, Part
from perfxl.forms.layout.place import place
from perfxl.model.address import column_letter
from perfxl.model.font import Font
from perfxl.model.form import Form
from perfxl.model.house import house_font
from perfxl.model.layout import Layout, PlacedCell, Role
from perfxl.model.path import generic

_YEAR = 2024
"""A year to print forms with, the same for both."""
_LONGEST_QUOTED = 40
_AROUND = 8
"""Characters that are quoted before and after what differs in a long text."""
_ALIKE = 0.5
"""How alike two texts are of which one may be the other, renamed (1 is the same)."""


class Sheets(Struct, frozen=True):
    """The blank of a form as it stands on its sheets, with what is printed on each and where values stand."""

    parts: Mapping[str, Form]
    layouts: Mapping[str, Layout]
    several: bool

    @classmethod
    def of(cls, form: Form) -> Sheets:
        """Return the sheets of a form's blank."""
        parts = {part.sheet: part for part in form.parts}
        return cls(parts, {name: place(part, year=_YEAR) for name, part in parts.items()}, bool(form.sheets))

    def cell_of(self, path: str) -> str:
        """Return the first cell of a value, "" where it has none."""
        for name, layout in self.layouts.items():
            for cell in layout.cells:
                own = (cell, *cell.others)
                if any(one.field is not None and generic(one.path) == path for one in own):
                    return self._said(name, cell.box.name)
        return ""

    def texts(self) -> dict[str, tuple[PlacedCell, str]]:
        """Return the printed texts without blanks, each with its first cell and what that is called."""
        found: dict[str, tuple[PlacedCell, str]] = {}
        for name, layout in self.layouts.items():
            for cell in layout.cells:
                if cell.role in {Role.LABEL, Role.PRINTED} and cell.text.strip():
                    found.setdefault("".join(cell.text.split()), (cell, self._said(name, cell.box.name)))
        return found

    def _said(self, sheet: str, cell: str) -> str:
        return f"“{sheet}”{cell}" if self.several else cell


class Renamed(Struct, frozen=True):
    """Which printed texts became others."""

    pairs: tuple[tuple[str, str], ...]

    @classmethod
    def by(cls, changes: Sequence[Change]) -> Renamed:
        """Return what was renamed according to the changes of labels."""
        return cls(tuple((one.old, one.new) for one in changes if one.kind is Kind.CHANGED and one.old != one.new))

    def explain(self, old: Sequence[str], new: Sequence[str]) -> bool:
        """Tell whether the labels that lead to a value differ in nothing but texts that were renamed."""
        if len(old) != len(new):
            return False
        differing = [("".join(a.split()), "".join(b.split())) for a, b in zip(old, new, strict=True) if a != b]
        return all(any(a in before and b in after for before, after in self.pairs) for a, b in differing)


def changed_labels(old: Sheets, new: Sheets) -> Iterator[Change]:
    """Yield printed texts that went, that are other ones now, that came, that stand in another order; each once."""
    before, after = old.texts(), new.texts()
    went, came = [text for text in before if text not in after], [text for text in after if text not in before]
    renamed = _renamed(before, after, went, came)
    for text in went:
        _, cell = before[text]
        if text in renamed:
            other = renamed[text]
            where = after[other][1]
            one, now = _differing(text, other)
            message = f"{where} 印的“{one}”改为“{now}”"
            yield Change(Part.LABEL, Kind.CHANGED, other, text, other, cell=where, message=message)
        else:
            yield Change(Part.LABEL, Kind.REMOVED, text, cell=cell, message=f"不再印“{text}”（原来在 {cell}）")
    for text in came:
        if text not in renamed.values():
            _, cell = after[text]
            yield Change(Part.LABEL, Kind.ADDED, text, cell=cell, message=f"{cell} 增印“{text}”")
    yield from _moved(before, after)


def _renamed(
    before: Mapping[str, tuple[PlacedCell, str]],
    after: Mapping[str, tuple[PlacedCell, str]],
    went: Sequence[str],
    came: Sequence[str],
) -> dict[str, str]:
    """Return which texts became which: those that stand for the same value, those in the same place that are alike."""
    found: dict[str, str] = {}
    free = list(came)
    for text in went:
        path = generic(before[text][0].path)
        other = next((one for one in free if path and generic(after[one][0].path) == path), None)
        if other is not None:
            found[text] = other
            free.remove(other)
    matcher = SequenceMatcher(None, list(before), list(after), autojunk=False)
    for operation, first, last, start, end in matcher.get_opcodes():
        if operation != "replace":
            continue
        olds = [text for text in list(before)[first:last] if text in went and text not in found]
        news = [text for text in list(after)[start:end] if text in free]
        for text in olds:
            same = [one for one in news if after[one][0].box == before[text][0].box or len(olds) == len(news) == 1]
            other = max(news, key=lambda one: _alike(text, one), default="")
            chosen = other if other and _alike(text, other) >= _ALIKE else next(iter(same), "")
            if chosen:
                found[text] = chosen
                news.remove(chosen)
    return found


def _differing(old: str, new: str) -> tuple[str, str]:
    """Return two texts as they are quoted: of long ones what differs, with a few characters around it."""
    if max(len(old), len(new)) <= _LONGEST_QUOTED:
        return old, new
    same = _common(old, new)
    start, end = max(same - _AROUND, 0), max(_common(old[same:][::-1], new[same:][::-1]) - _AROUND, 0)

    def quoted(text: str) -> str:
        return f"{'……' if start else ''}{text[start : len(text) - end]}{'……' if end else ''}"

    return quoted(old), quoted(new)


def _common(one: str, other: str) -> int:
    """Return how many characters two texts begin with alike."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


def _alike(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _moved(
    before: Mapping[str, tuple[PlacedCell, str]], after: Mapping[str, tuple[PlacedCell, str]]
) -> Iterator[Change]:
    """Yield texts that stand in another order now: what only went down because of a row above it has not moved."""
    one, other = [text for text in before if text in after], [text for text in after if text in before]
    blocks = SequenceMatcher(None, one, other, autojunk=False).get_matching_blocks()
    kept = {text for block in blocks for text in one[block.a : block.a + block.size]}
    for text in one:
        if text not in kept:
            (_, was), (_, now) = before[text], after[text]
            message = f"“{text}”由 {was} 移到 {now}"
            yield Change(Part.LABEL, Kind.CHANGED, text, was, now, cell=now, message=message)


def changed_layout(old: Sheets, new: Sheets) -> Iterator[Change]:
    """Yield what changed in the sheets, the paper, the columns and the number of rows."""
    before, after = old.parts, new.parts
    if not (old.several or new.several):
        (one,), (other,) = before.values(), after.values()
        yield from _of_sheet(one, other, old, new, "")
        return
    for name in before:
        if name not in after:
            yield Change(Part.LAYOUT, Kind.REMOVED, f"工作表“{name}”", message=f"工作表“{name}”没有了")
    for name in after:
        if name not in before:
            yield Change(Part.LAYOUT, Kind.ADDED, f"工作表“{name}”", message=f"增加了工作表“{name}”")
    for name, part in before.items():
        if name in after:
            yield from _of_sheet(part, after[name], old, new, f"工作表“{name}”的")


def _of_number(name: str, old: object, new: object) -> Change:
    return Change(Part.LAYOUT, Kind.CHANGED, name, str(old), str(new), message=f"{name}由 {old} 改为 {new}")


def _of_sheet(old: Form, new: Form, before: Sheets, after: Sheets, where: str) -> Iterator[Change]:
    turned = {True: "横向", False: "纵向"}
    for name, one, other in (
        ("纸张方向", turned[old.page.landscape], turned[new.page.landscape]),
        ("纸张", old.page.paper.value, new.page.paper.value),
        ("页眉", old.page.header or "（没有）", new.page.header or "（没有）"),
        ("页脚", old.page.footer or "（没有）", new.page.footer or "（没有）"),
    ):
        if one != other:
            message = f"{where}{name}由“{one}”改为“{other}”"
            yield Change(Part.LAYOUT, Kind.CHANGED, f"{where}{name}", one, other, message=message)
    if len(old.widths) != len(new.widths):
        yield _of_number(f"{where}列数", len(old.widths), len(new.widths))
    else:
        widths = zip(old.widths, new.widths, strict=True)
        for number, (width, other_width) in enumerate(widths, start=new.origin[1]):
            if width != other_width:
                yield _of_number(f"{where} {column_letter(number)} 列的宽度".strip(), width, other_width)
        yield from _wider(before.layouts[old.sheet], after.layouts[new.sheet], where)
    yield from _set_otherwise(before.layouts[old.sheet], after.layouts[new.sheet], where)
    rows = [len(sheets.layouts[part.sheet].rows) for sheets, part in ((before, old), (after, new))]
    if rows[0] != rows[1]:
        yield _of_number(f"{where}空白表的行数", *rows)


def _wider(old: Layout, new: Layout, where: str) -> Iterator[Change]:
    """Yield the printed texts that stand across other columns than before."""
    before, after = _once(old), _once(new)
    for text, cell in after.items():
        box = before[text].box if text in before else None
        if box is not None and box[1::2] != cell.box[1::2]:
            one, other = (f"{column_letter(at.column)}:{column_letter(at.last_column)}" for at in (box, cell.box))
            message = f"{where}“{text}”（{cell.box.name}）原来占 {one} 列，现在占 {other} 列"
            yield Change(Part.LAYOUT, Kind.CHANGED, text, one, other, cell=cell.box.name, message=message)


def _set_otherwise(old: Layout, new: Layout, where: str) -> Iterator[Change]:
    """Yield the fonts and the heights of rows that were changed, each pair of them once with the first text that shows it."""
    before, after = _once(old), _once(new)
    same = {text: (before[text], cell) for text, cell in after.items() if text in before}
    fonts: dict[tuple[Font, Font], PlacedCell] = {}
    heights: dict[tuple[float, float], PlacedCell] = {}
    for one, other in same.values():
        fonts.setdefault((_font(one), _font(other)), other)
        heights.setdefault((_height(old, one), _height(new, other)), other)
    for (was, now), cell in fonts.items():
        if was != now:
            yield _of_look(cell, "的字体", where, str(was), str(now))
    for (high, higher), cell in heights.items():
        if high != higher:
            yield _of_look(cell, "一行的行高", where, *(f"{it:g} 磅" if it else "按字数" for it in (high, higher)))


def _of_look(cell: PlacedCell, what: str, where: str, old: str, new: str) -> Change:
    text = "".join(cell.text.split())
    message = f"{where}“{text}”（{cell.box.name}）等处{what}由“{old}”改为“{new}”"
    return Change(Part.LAYOUT, Kind.CHANGED, text, old, new, cell=cell.box.name, message=message)


def _font(cell: PlacedCell) -> Font:
    return cell.font or house_font(cell.look)


def _height(layout: Layout, cell: PlacedCell) -> float:
    return layout.rows[cell.box.row - 1].stated


def _once(layout: Layout) -> dict[str, PlacedCell]:
    """Return the printed texts that stand in one cell only, without blanks."""
    texts = ["".join(cell.text.split()) for cell in layout.cells if cell.role is Role.LABEL]
    counts = Counter(texts)
    labels = (cell for cell in layout.cells if cell.role is Role.LABEL)
    return {text: cell for text, cell in zip(texts, labels, strict=True) if text and counts[text] == 1}
