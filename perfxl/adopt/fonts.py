"""The fonts and the heights of rows of a sheet, and how a definition says them with the fewest words.

Each cell and band is read with its own; what most have is then said once for the form, and only what differs from that stays
where it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, TypeVar

from msgspec.structs import replace

from perfxl.adopt.grid import Spot
from perfxl.adopt.sheet import Sheet, Style
from perfxl.forms.definition.build import build
from perfxl.forms.definition.entries import look_of
from perfxl.forms.definition.fonts import BODY, HEAD, HIGHEST, LOWEST, TITLE, font_of
from perfxl.forms.definition.language import (
    BandSpec,
    BesideSpec,
    BlockBand,
    CellSpec,
    CommonSpec,
    FontSpec,
    FormSpec,
    HeadBand,
    MatrixBand,
    MatrixGroup,
    MatrixRow,
    RowBand,
    SectionBand,
    TableBand,
    TitleBand,
)
from perfxl.forms.definition.problem import Problems
from perfxl.forms.layout.place import place
from perfxl.forms.layout.row_heights import ONE_LINE
from perfxl.model.font import LARGEST, SMALLEST, Font, is_face
from perfxl.model.form import Look
from perfxl.model.house import house_font
from perfxl.model.layout import Layout, PlacedCell
from perfxl.values.label_text import flat

_MOST_OWN = 24
"""Cells with a font of their own that a definition names: a sheet with more has no fonts to speak of."""
_One = TypeVar("_One")


def font_in(style: Style) -> Font:
    """Return the font of a cell; a name or a size that no font on a form has counts as not said."""
    size = round(style.size * 2) / 2
    return Font(style.face if is_face(style.face) else "", size if SMALLEST <= size <= LARGEST else 0.0, style.bold)


def own_font(spots: Sequence[Spot]) -> FontSpec | None:
    """Return the font that most of some cells have, None of no cells."""
    found = _most(Counter(font_in(spot.cell.style) for spot in spots))
    return None if found is None else FontSpec(found)


def own_height(sheet: Sheet, first: int, last: int) -> Decimal | None:
    """Return how high somebody has made some rows together, in points; None where they are as high as what stands in them."""
    rows = range(first, last + 1)
    return _bounded(sum(sheet.heights[row] for row in rows)) if all(row in sheet.exact for row in rows) else None


def head_heights(sheet: Sheet, first: int, last: int) -> tuple[Decimal, ...]:
    """Return how high somebody has made each of some rows of heads, in points; none where one of them has its height by itself."""
    found = tuple(own_height(sheet, row, row) for row in range(first, last + 1))
    return tuple(height for height in found if height is not None) if None not in found else ()


def usual_height(sheet: Sheet, rows: Sequence[int]) -> Decimal | None:
    """Return how high the rows of a growing table are, in points, where they are alike or higher than one line makes them.

    Nobody has to have set them: rows that go on growing are not set, and yet were made so high.
    """
    heights = Counter(sheet.heights.get(row) for row in rows)
    found = _most(heights)
    return _bounded(found) if found is not None and (len(heights) == 1 or found > ONE_LINE) else None


def _bounded(points: float) -> Decimal:
    return min(max(Decimal(f"{points:.2f}".rstrip("0").rstrip(".")), LOWEST), HIGHEST)


def _most(counts: Counter[_One]) -> _One | None:
    """Return what there is most of, of equals always the same."""
    return min(counts, key=lambda one: (-counts[one], str(one)), default=None)


# -- said once for the form ------------------------------------------------------------------------------------------


class SetAs(NamedTuple):
    """A definition with its fonts and heights; ``mixed``: there are so many fonts that only the most frequent are said."""

    spec: FormSpec
    mixed: bool = False


def set_as(spec: FormSpec, sheet: Sheet, common: CommonSpec) -> SetAs:
    """Return a definition whose cells and bands have the fonts and heights of a sheet, with these said as briefly as can be."""
    bare = replace(spec, bands=_changed(spec.bands, lambda _: None, _without_height))
    problems = Problems("")
    form = build(bare, common, "", problems)
    if problems.found:
        return SetAs(bare)  # it does not load in any case
    layout = place(form)
    said = _fonts(layout, sheet)
    mixed = sum(_differing(cell, said) is not None for cell in _cells(spec.bands)) > _MOST_OWN

    def font(cell: CellSpec | TitleBand) -> FontSpec | None:
        return None if mixed else _differing(cell, said)

    heights = _heights(spec.bands)
    bands = _changed(spec.bands, font, lambda band: _differing_height(band, heights))
    return SetAs(replace(spec, bands=bands, fonts=said, heights=heights), mixed)


def _fonts(layout: Layout, sheet: Sheet) -> dict[str, FontSpec]:
    """Return the fonts of the looks that are not the house's, with as few words as can be."""
    counts: dict[Look, Counter[Font]] = {}
    for cell in layout.cells:
        there = sheet.cells.get((cell.box.row, cell.box.column))
        if there is not None and there.box == cell.box and _is_same(cell, there.text):
            font = font_in(there.style).over(house_font(cell.look))
            counts.setdefault(cell.look, Counter())[font] += 1
    usual = {look: found for look, fonts in sorted(counts.items()) if (found := _most(fonts)) is not None}
    of_all = sum((fonts for look, fonts in counts.items() if look is not Look.TITLE), Counter[Font]())
    ways = [_named(usual, None)]
    ways += [_named(usual, body) for body in sorted(of_all, key=lambda font: (-of_all[font], str(font)))[:_MOST_OWN]]
    return min(ways, key=len)


def _is_same(cell: PlacedCell, text: str) -> bool:
    return cell.field is not None or flat(cell.text) == flat(text)


def _named(usual: Mapping[Look, Font], body: Font | None) -> dict[str, FontSpec]:
    """Return what a form says of the fonts of its looks where all but the title is set in ``body``."""
    said = {} if body is None else {BODY: FontSpec(_shortest(body, house_font(Look.LABEL)))}
    for look, font in usual.items():
        base = font_of(said, look)
        if font != base:
            said[look.value] = FontSpec(_shortest(font, base))
    return said


def _shortest(font: Font, base: Font) -> Font:
    """Return what has to be said of a font that is another one by itself."""
    face = font.face if font.face != base.face else ""
    ends_with_number = face.rpartition(" ")[2].isdigit()
    other_size = font.size != base.size or ends_with_number
    short = Font(face, font.size if other_size else 0.0, font.bold)
    return short if str(short) else Font(size=font.size)


def _differing(cell: CellSpec | TitleBand, said: Mapping[str, FontSpec]) -> FontSpec | None:
    """Return what a cell has to say of its font, None where it is that of its look."""
    if cell.font is None:
        return None
    base = font_of(said, Look.TITLE if isinstance(cell, TitleBand) else look_of(cell))
    font = cell.font.font.over(base)
    return None if font == base else FontSpec(_shortest(font, base))


def _cells(specs: Iterable[Any]) -> Iterator[CellSpec | TitleBand]:
    """Yield the cells of bands that may have a font of their own."""
    for spec in specs:
        match spec:
            case TitleBand():
                yield spec
            case CellSpec():
                yield from _cells(spec.columns) if spec.columns else (spec,)
            case RowBand():
                yield from spec.row
            case MatrixBand():
                yield from _cells(spec.head)
            case TableBand() | BesideSpec():
                yield from _cells(spec.columns)
                yield from _cells((spec.beside,) if isinstance(spec, TableBand) and spec.beside is not None else ())
            case SectionBand() | BlockBand():
                yield from _cells(spec.bands)


def _heights(bands: Sequence[BandSpec]) -> dict[str, Decimal]:
    """Return the heights that most rows of a kind have, of those kinds of which most rows have any that is set."""
    counts: dict[str, Counter[Decimal | None]] = {kind: Counter() for kind in (TITLE, HEAD, BODY)}
    for kind, height in _stated(bands):
        counts[kind][height] += 1
    found = {kind: _most(heights) for kind, heights in counts.items()}
    # No row can say that it has none.
    least = {kind: counts[kind][None] + (2 if kind == BODY else 1) for kind in counts}
    return {
        kind: height for kind, height in found.items() if height is not None and counts[kind][height] >= least[kind]
    }


def _stated(specs: Iterable[Any]) -> Iterator[tuple[str, Decimal | None]]:
    for spec in specs:
        if isinstance(spec, _HEADED) and not (isinstance(spec, TableBand) and not spec.own_heads):
            yield from ((HEAD, height) for height in spec.head_heights or (None,))
        match spec:
            case TitleBand():
                yield TITLE, spec.height
            case RowBand():
                yield _kind(spec), spec.height / spec.rows if spec.height is not None else None
            case MatrixBand() | MatrixGroup():
                yield from _stated(spec.rows)
            case MatrixRow():
                yield BODY, spec.height
            case SectionBand() | BlockBand():
                yield from _stated(spec.bands)


def _kind(band: TitleBand | RowBand | MatrixRow) -> str:
    if isinstance(band, TitleBand):
        return TITLE
    heads = isinstance(band, RowBand) and all(cell.look is Look.HEAD for cell in band.row)
    return HEAD if heads else BODY


_HEADED = (HeadBand, MatrixBand, TableBand)
_Band = TitleBand | RowBand | HeadBand | MatrixBand | MatrixRow | TableBand


def _differing_height(band: _Band, heights: Mapping[str, Decimal]) -> Any:
    """Return a band with its height where it is not that of its kind; what states a height goes by no lines."""
    if isinstance(band, _HEADED):
        usual_heads = all(height == heights.get(HEAD) for height in band.head_heights)
        band = replace(band, head_heights=() if usual_heads else band.head_heights)
    if isinstance(band, HeadBand | MatrixBand) or band.height is None:
        return band
    if isinstance(band, TableBand):
        return replace(band, lines=Decimal(1))
    usual = heights.get(_kind(band), Decimal(0))
    if isinstance(band, RowBand):
        return replace(band, height=None if band.height == usual * band.rows else band.height, lines=Decimal(1))
    return replace(band, height=None if band.height == usual else band.height)


def _without_height(band: _Band) -> Any:
    if isinstance(band, _HEADED):
        band = replace(band, head_heights=())
    return band if isinstance(band, HeadBand | MatrixBand) else replace(band, height=None)


def _changed(
    specs: Sequence[Any], font: Callable[[CellSpec | TitleBand], FontSpec | None], height: Callable[[_Band], Any]
) -> tuple[Any, ...]:
    """Return constructs whose cells have other fonts, and whose bands other heights."""

    def changed(spec: Any) -> Any:
        inside = {name: many(getattr(spec, name, ())) for name in _INSIDE if getattr(spec, name, ())}
        made = replace(spec, **inside) if inside else spec
        if isinstance(made, TableBand) and made.beside is not None:
            made = replace(made, beside=changed(made.beside))
        if isinstance(made, TitleBand) or (isinstance(made, CellSpec) and not made.columns):
            made = replace(made, font=font(made))
        return height(made) if isinstance(made, _Band) else made

    def many(inner: Any) -> Any:
        return tuple(map(changed, inner)) if isinstance(inner, tuple) else inner  # of a table ``rows`` is a number

    return tuple(map(changed, specs))


_INSIDE = ("row", "head", "rows", "columns", "bands")
"""What holds cells, or bands with cells. Heads that stand by themselves are set as all heads are."""
