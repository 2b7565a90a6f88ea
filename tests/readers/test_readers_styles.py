"""Number formats of cell styles."""

from __future__ import annotations

import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS

from perfxl.package.limits import DEFAULT
from perfxl.package.unreadable import Unreadable, UnreadableReason
from perfxl.readers.styles import BUILT_IN, read_formats
from support.handmade import MAIN


def formats(inside: str) -> tuple[str, ...]:
    return read_formats(f'<styleSheet xmlns="{MAIN}">{inside}</styleSheet>'.encode(), DEFAULT)


def test_declared_and_built_in_by_style_index() -> None:
    inside = (
        '<numFmts count="1"><numFmt numFmtId="176" formatCode="0.00&quot;万元&quot;"/></numFmts>'
        '<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="176"/><xf numFmtId="10"/><xf numFmtId="49"/><xf/></cellXfs>'
        '<dxfs><dxf><numFmt numFmtId="176" formatCode="yyyy"/></dxf></dxfs>'
    )
    assert formats(inside) == ("General", '0.00"万元"', "0.00%", "@", "General")


def test_declaration_beats_the_built_in_and_may_stand_behind() -> None:
    inside = '<cellXfs><xf numFmtId="44"/></cellXfs><numFmts><numFmt numFmtId="44" formatCode="0.0"/></numFmts>'
    assert formats(inside) == ("0.0",)


def test_unknown_number_is_general() -> None:
    assert formats('<cellXfs><xf numFmtId="999"/><xf numFmtId="-1"/></cellXfs>') == ("General", "General")


@pytest.mark.parametrize("number", [*range(27, 37), *range(50, 59)])
def test_chinese_built_ins_are_dates_or_times(number: int) -> None:
    assert any(letter in BUILT_IN[number] for letter in "ymdhs")


@pytest.mark.parametrize("number", [number for number in BUILTIN_FORMATS if number < 50 and not 27 <= number <= 36])
def test_built_ins_mean_what_openpyxl_says(number: int) -> None:
    """Dates, percents, texts and decimals are the same; order and currency sign are those of Excel in Chinese."""
    ours, theirs = BUILT_IN[number], BUILTIN_FORMATS[number]
    for sign in ("%", "@", "E+", "#,##0", "0.00", "?/?", "[Red]", "[h]"):
        assert (sign in ours) == (sign in theirs)
    for letter in "ymdhs":
        assert (letter in ours.replace("[Red]", "")) == (letter in theirs.replace("[Red]", ""))


@pytest.mark.parametrize(
    "inside",
    ['<cellXfs><xf numFmtId="x"/></cellXfs>', '<numFmts><numFmt numFmtId="0"/></numFmts><cellXfs><xf/></cellXfs>'],
)
def test_a_style_that_does_not_say_its_format_is_general(inside: str) -> None:
    assert formats(inside) == ("General",)


def test_nonsense_is_damage() -> None:
    with pytest.raises(Unreadable) as caught:
        formats("<cellXfs>")
    assert caught.value.reason is UnreadableReason.DAMAGED
