"""Shared strings, rich text, escapes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from perfxl.package.limits import DEFAULT, Limits
from perfxl.package.strings import read_any_strings, read_strings, unescape
from perfxl.package.unreadable import Unreadable, UnreadableReason
from support.handmade import MAIN


def strings(items: str) -> list[str]:
    return read_strings(f'<sst xmlns="{MAIN}">{items}</sst>'.encode(), DEFAULT)


def test_runs_are_joined_and_phonetics_left_out() -> None:
    items = (
        "<si><r><rPr><b/></rPr><t>其中：</t></r><r><t>一般公共预算</t></r>"
        '<rPh sb="0" eb="2"><t>qí zhōng</t></rPh><phoneticPr fontId="1"/></si>'
    )
    assert strings(items) == ["其中：一般公共预算"]


def test_plain_text_and_its_phonetics() -> None:
    assert strings('<si><t>执行率</t><rPh sb="0" eb="1"><t>zhí</t></rPh></si>') == ["执行率"]


def test_blanks_and_breaks_stay_and_nothing_between_elements_is_read() -> None:
    assert strings('\n <si>\n <t xml:space="preserve">　甲 \n 乙 </t>\n </si>\n <si><t> 丙</t></si>') == [
        "　甲 \n 乙 ",
        " 丙",
    ]


def test_empty_items_keep_their_place() -> None:
    assert strings("<si/><si><t/></si><si><t>乙</t></si>") == ["", "", "乙"]


def test_any_prefix() -> None:
    data = f'<x:sst xmlns:x="{MAIN}"><x:si><x:r><x:t>甲</x:t></x:r></x:si></x:sst>'.encode()
    assert read_strings(data, DEFAULT) == ["甲"]


def test_other_encodings_of_xml() -> None:
    data = f'<?xml version="1.0" encoding="UTF-16"?><sst xmlns="{MAIN}"><si><t>甲</t></si></sst>'.encode("utf-16")
    assert read_strings(data, DEFAULT) == ["甲"]


@pytest.mark.parametrize(
    ("text", "decoded"),
    [
        ("甲_x000D_乙", "甲\r乙"),
        ("_x005F_x000D_", "_x000D_"),
        ("_xD83D__xDE00_", "😀"),
        ("_xD83D_", "\ufffd"),
        ("_x00G0_ _x12_ x000D_", "_x00G0_ _x12_ x000D_"),
    ],
)
def test_escapes(text: str, decoded: str) -> None:
    assert unescape(text) == decoded


def test_text_longer_than_a_cell_is_refused() -> None:
    with pytest.raises(Unreadable) as caught:
        strings(f"<si><t>{'长' * (DEFAULT.max_text + 1)}</t></si>")
    assert caught.value.reason is UnreadableReason.TOO_LARGE
    assert strings(f"<si><t>{'长' * DEFAULT.max_text}</t></si>")


def test_more_strings_than_cells_are_refused() -> None:
    data = f'<sst xmlns="{MAIN}">{"<si/>" * 4}</sst>'.encode()
    with pytest.raises(Unreadable):
        read_strings(data, replace(DEFAULT, max_cells=3))
    assert len(read_strings(data, replace(DEFAULT, max_cells=4))) == 4


ITEMS = (
    "<si><t>甲&amp;lt;_x000D_&#22269;</t></si><si><t/></si>",
    '<si><t xml:space="preserve"> a </t></si><si><t></t></si>',
    "<si/><si><t>b</t></si>",
    "<si><r><t>c</t></r><r><t>d</t></r></si>",
    "<si><t>e</t><rPh><t>f</t></rPh></si>",
    "<si><t>g</t></si><!-- h -->",
    "<si><t>i</t></si><x/>",
    "<si><t>j&nbsp;</t></si>",
    "<si><t>k</si>",
    "<si><t>l\x01</t></si>",
    "<si><t>l\uffff]]></t></si>",
    "<si><t>o]]></t></si>",
    "<si><t>p</t></si></sst>",
    "<si><t>q</t></si></sst><sst>",
    "<si><t>m</t></si>\n",
    "<si><t>n\r\n</t></si>",
    "",
)


@pytest.mark.parametrize("end", ["</sst>", "</sst>\n", "</sst>\u3000", "</sst>\f", "</sst><x/>", "", "<?x?></sst>"])
@pytest.mark.parametrize(
    "begin",
    [
        "<sst>",
        '<sst a="1" a="2">',
        "<?xml version='1.0'?>\n<sst x='&nbsp;'>",
        '<sst xmlns="x" count="3">',
        "<x:sst>",
        "<sst/>",
        "<?xml version='1.0' encoding='gbk'?><sst>",
    ],
)
def test_strings_read_by_one_expression_are_those_read_one_by_one(begin: str, end: str) -> None:
    for item in ITEMS:
        data = f"{begin}{item}{end}".encode()
        for limits in (
            DEFAULT,
            replace(DEFAULT, max_cells=1),
            replace(DEFAULT, max_text=1),
            replace(DEFAULT, max_depth=2),
        ):
            assert _told(read_strings, data, limits) == _told(read_any_strings, data, limits), data


def _told(read: Callable[[bytes, Limits], list[str]], data: bytes, limits: Limits) -> object:
    try:
        return read(data, limits)
    except Unreadable as problem:
        return problem.reason, problem.detail
