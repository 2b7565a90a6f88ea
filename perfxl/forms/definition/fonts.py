"""The fonts and the heights of rows that a form states: for all of it, for a look, for a cell or a row."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from perfxl.forms.definition.language import FontSpec, FormSpec, SheetSpec
from perfxl.forms.definition.problem import Place, Problems
from perfxl.model.font import Font
from perfxl.model.form import Band, Block, Label, Look, Piece, Row, Section, Table
from perfxl.model.house import house_font

TITLE, HEAD, BODY = "title", "head", "body"
"""What ``heights`` are of; ``body`` is, of fonts too, all that is not named otherwise."""
HEIGHTS = (TITLE, HEAD, BODY)
LOWEST, HIGHEST = Decimal(1), Decimal(400)
"""Points: low rows keep others apart, Excel has none that is much higher."""


def fonts_of(form: FormSpec, sheet: FormSpec | SheetSpec, problems: Problems) -> Mapping[Look, Font]:
    """Return the fonts of the looks on a sheet of a form, those only that are not the house's own.

    What the sheet says of a look counts, else what the form says of it; the rest is set as ``body``, but not the title.
    """
    _check_names("fonts", sheet.fonts, (BODY, *Look), sheet.place, problems)
    said: dict[str, FontSpec] = {**form.fonts, **sheet.fonts}
    if not said:
        return {}
    return {look: one for look in Look if (one := font_of(said, look)) != house_font(look)}


def font_of(said: Mapping[str, FontSpec], look: Look) -> Font:
    """Return the font of a look from what a form says of its fonts."""
    base = house_font(look)
    if BODY in said and look is not Look.TITLE:
        base = said[BODY].font.over(base)
    own = said.get(look.value)
    return base if own is None else own.font.over(base)


def heights_of(form: FormSpec, sheet: FormSpec | SheetSpec, problems: Problems) -> Mapping[str, float]:
    """Return the heights in points that a sheet of a form states for titles, heads and all other rows."""
    _check_names("heights", sheet.heights, HEIGHTS, sheet.place, problems)
    at = sheet.place.of("heights")
    own = {name: height_in(points, at, problems) for name, points in sheet.heights.items()}
    return {name: float(points) for name, points in form.heights.items()} | own


def height_in(points: Decimal | None, at: Place, problems: Problems) -> float:
    """Return a height that is stated, 0 where none is; one that no row can have is reported."""
    if points is not None and not LOWEST <= points <= HIGHEST:
        problems.add(at, f"行高不能是 {points}", f"写 {LOWEST} 到 {HIGHEST} 磅，如 22")
    return float(points or 0)


def _check_names(key: str, given: Iterable[str], offered: Sequence[str], place: Place, problems: Problems) -> None:
    for name in given:
        if name not in offered:
            guess = difflib.get_close_matches(name, offered, 1)
            remedy = f"是否想写 {guess[0]}" if guess else f"可用：{'、'.join(offered)}"
            problems.add(place.of(key), f"“{key}”里没有“{name}”这一项", remedy)


def dressed(bands: Iterable[Band], fonts: Mapping[Look, Font]) -> tuple[Band, ...]:
    """Return bands with the font of each cell: its own, else that of its look; None where it is the house's."""
    return tuple(_band(band, fonts) for band in bands)


def _band(band: Band, fonts: Mapping[Look, Font]) -> Band:
    match band:
        case Row():
            return _row(band, fonts)
        case Table():
            return _table(band, fonts)
        case Section():
            return replace(band, spine=_label(band.spine, fonts), bands=dressed(band.bands, fonts))
        case Block():
            spine = None if band.spine is None else replace(band.spine, font=_font(band.spine, fonts))
            return replace(band, spine=spine, bands=dressed(band.bands, fonts))


def _row(row: Row, fonts: Mapping[Look, Font]) -> Row:
    return replace(row, pieces=tuple(_pieces(row.pieces, fonts)))


def _pieces(pieces: Iterable[Piece], fonts: Mapping[Look, Font]) -> Iterator[Piece]:
    yield from (replace(piece, font=_font(piece, fonts)) for piece in pieces)


def _label(label: Label, fonts: Mapping[Look, Font]) -> Label:
    return replace(label, font=_font(label, fonts))


def _table(table: Table, fonts: Mapping[Look, Font]) -> Table:
    return replace(
        table,
        heads=tuple(_row(head, fonts) for head in table.heads),
        entries=tuple(replace(entry, font=_font(entry, fonts)) for entry in table.entries),
        labels=tuple(_label(label, fonts) for label in table.labels),
        beside=None if table.beside is None else _table(table.beside, fonts),
    )


def _font(piece: Piece, fonts: Mapping[Look, Font]) -> Font | None:
    usual = fonts.get(piece.look)
    return usual if piece.font is None else piece.font.over(usual or house_font(piece.look))
