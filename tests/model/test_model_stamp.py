from __future__ import annotations

import pytest

from perfxl.model.layout import Stamp
from perfxl.model.stamp import decode, encode
from perfxl.model.submission import Unit


@pytest.mark.parametrize(("name", "kept"), [("甲局", "甲局"), ('"甲"|乙\n!', "”甲” 乙 ！"), ("局" * 300, None)])
def test_a_stamp_is_one_line_without_quotes_and_references(name: str, kept: str | None) -> None:
    line = encode(Stamp("form", "1", "abc", 2024, Unit(name, "01")))
    assert len(line) <= 255
    assert not set(line) & set('"\n!')
    back = decode(line)
    assert back is not None
    assert back.unit.name == kept
    assert (back.form, back.year, back.unit.code) == ("form", 2024, "01")


def test_a_code_beyond_all_measure_is_left_out_too() -> None:
    back = decode(encode(Stamp("form", "1", "abc", 2024, Unit("甲局", "1" * 300))))
    assert back is not None
    assert back.unit == Unit()
