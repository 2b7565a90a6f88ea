"""Text that is taken without a parser is text that a parser takes."""

from __future__ import annotations

from pyexpat import ExpatError, ParserCreate

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.package.plain_text import is_plain_text
from support.effort import examples

PIECES = ("甲", "a", "&amp;", "&lt;", "&quot;", "&nbsp;", "&#22269;", "&#0;", "&", ";", "]]", ">", "\n", "\t", "😀")
ODD = (
    b"\x00",
    b"\x01",
    b"\x1f",
    b"\x7f",
    b"\xc2\x85",
    b"\xef\xbf\xbd",
    b"\xef\xbf\xbe",
    b"\xef\xbf\xbf",
    b"\xed\xa0\x80",
)


def _is_well_formed(text: bytes) -> bool:
    try:
        text.decode()
        ParserCreate().Parse(b"<a>" + text + b"</a>", True)
    except (ExpatError, ValueError):
        return False
    return True


@settings(max_examples=examples(500))
@given(st.lists(st.sampled_from([*(piece.encode() for piece in PIECES), *ODD]), max_size=8).map(b"".join))
def test_plain_text_is_well_formed(text: bytes) -> None:
    try:
        text.decode()
    except UnicodeDecodeError:
        return  # who asks decodes it, too
    assert not is_plain_text(text) or _is_well_formed(text), text


@pytest.mark.parametrize("text", ["", "甲&amp;乙", "1 &lt; 2", "a]]b", "]>", "行\n行"])
def test_what_stands_in_cells_is_plain(text: str) -> None:
    assert is_plain_text(text.encode())


@pytest.mark.parametrize("text", ["&#22269;", "&nbsp;", "&", "]]>", "\x01", "\ufffe", "\uffff"])
def test_what_takes_a_closer_look(text: str) -> None:
    assert not is_plain_text(text.encode())
