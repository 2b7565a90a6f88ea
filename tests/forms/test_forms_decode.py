from __future__ import annotations

from decimal import Decimal
from enum import StrEnum
from typing import Any, Self, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct, field

from perfxl.forms.definition.decode import Decoder, Refused, Scalar, keys
from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.definition.syntax import compose

NOWHERE = Place()


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


class Letter(Scalar, frozen=True):
    text: str

    @classmethod
    def parse(cls, text: str) -> Self:
        if len(text) != 1:
            raise Refused(f"“{text}”不是一个字母", "写一个字母")
        return cls(text)


class Wheel(Struct, frozen=True, kw_only=True):
    wheel: str
    size: int = 1
    place: Place = NOWHERE


class Bell(Struct, frozen=True, kw_only=True):
    bell: Letter
    place: Place = NOWHERE


class Bicycle(Struct, frozen=True, kw_only=True):
    id: str = field(name="bicycle")
    parts: tuple[Wheel | Bell, ...]
    colour: Colour | None = None
    weight: Decimal | None = None
    gears: int = 3
    light: bool = False
    sizes: dict[str, Decimal] = field(default_factory=dict)
    place: Place = NOWHERE


def decoded(text: str, wanted: Any = Bicycle) -> tuple[Any, list[str]]:
    problems = Problems("f")
    node = compose(text, problems)
    assert node is not None, problems.found
    value = Decoder(problems).decode(node, wanted, "车")
    return value, [f"{problem.line}:{problem.column} {problem.message}|{problem.remedy}" for problem in problems.found]


WHOLE = "bicycle: 甲\nparts:\n- {wheel: 前, size: 26}\n- {bell: x}\n"


def test_a_whole_construct() -> None:
    bicycle, said = decoded(WHOLE + "colour: red\nweight: 12.50\nlight: true\nsizes: {a: 10%, b: -1}\n")
    assert said == []
    assert bicycle == Bicycle(
        id="甲",
        parts=(Wheel(wheel="前", size=26, place=Place(3, 3)), Bell(bell=Letter("x"), place=bicycle.parts[1].place)),
        colour=Colour.RED,
        weight=Decimal("12.50"),
        light=True,
        sizes={"a": Decimal("0.1"), "b": Decimal(-1)},
        place=Place(1, 1),
    )


def test_a_construct_knows_where_it_and_its_values_stand() -> None:
    bicycle, _ = decoded(WHOLE)
    assert (bicycle.place.line, bicycle.place.column) == (1, 1)
    assert bicycle.place.of("parts") == Place(3, 1)
    assert bicycle.parts[0].place.of("size") == Place(3, 20)
    assert bicycle.parts[1].place.of("size") == Place(4, 3)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("weight: 12kg", "“weight”要写数字，现在是“12kg”"),
        ("weight: 1e9", "“weight”要写数字"),
        ("weight: 1_000", "“weight”要写数字"),
        ("weight: １２", "“weight”要写数字"),
        ("weight: .5", "“weight”要写数字"),
        ("weight: NaN", "“weight”要写数字"),
        ("weight: [1]", "“weight”只能写一个值"),
        ("gears: 3.0", "“gears”要写整数"),
        ("gears: -3", "“gears”要写整数"),
        ("gears: 三", "“gears”要写整数"),
        ("gears: ³", "“gears”要写整数"),
        ("gears: 1000000000", "“gears”要写整数"),
        ("light: True", "“light”只能是 true 或 false"),
        ("light: 是", "“light”只能是 true 或 false"),
        ("colour: rd", "“colour”不能是“rd”|是否想写 red"),
        ("colour: 蓝", "“colour”不能是“蓝”|可选：red、green"),
        ("sizes: [1]", "“sizes”要写成“名称: 内容”的形式"),
        ("sizes: {a: 甲}", "“a”要写数字"),
        ("color: red", "“车”里没有“color”这一项|是否想写 colour"),
        ("颜色: red", "“车”里没有“颜色”这一项|可用的项：bicycle、parts、colour"),
        ("bicycle: 乙", "“bicycle”写了两次"),
    ],
)
def test_a_wrong_value_is_told_and_the_rest_is_there(line: str, said: str) -> None:
    bicycle, found = decoded(f"{WHOLE}{line}\n")
    assert len(found) == 1
    assert said in found[0]
    assert bicycle == decoded(WHOLE)[0]


@pytest.mark.parametrize(
    ("part", "said", "left"),
    [
        ("{bell: xyz}", "3:10 “xyz”不是一个字母|写一个字母", 0),
        ("{wheels: 前}", "3:3 “parts”里有一项看不出是什么|是否想写 wheel", 0),
        ("{saddle: 前}", "3:3 “parts”里有一项看不出是什么|写明是哪一种：wheel、bell", 0),
        ("{size: 3}", "3:3 “parts”里有一项看不出是什么", 0),
        ("前轮", "3:3 “parts”里的每一项要写成“名称: 内容”的形式", 0),
        ('{wheel: ""}', "3:11 “wheel”没有写内容", 1),
        ("{wheel: 前, bell: x}", "3:14 “wheel”里没有“bell”这一项", 1),
    ],
)
def test_a_wrong_part_of_several_kinds(part: str, said: str, left: int) -> None:
    bicycle, found = decoded(f"bicycle: 甲\nparts:\n- {part}\n")
    assert [text for text in found if said in text] == found
    assert len(found) == 1
    assert len(bicycle.parts) == left


def test_a_missing_text_leaves_the_rest_to_be_seen_a_missing_list_does_not() -> None:
    bicycle, found = decoded("parts: []\ngears: x\n")
    assert bicycle.id == ""
    assert len(found) == 2
    bicycle, found = decoded("gears: x\n")
    assert bicycle is None
    assert [sign in text for sign, text in zip(("缺少“bicycle”", "缺少“parts”", "“gears”"), found, strict=True)] == [
        True
    ] * 3


def test_what_is_gone_makes_the_whole_incomplete() -> None:
    for text, gone in ((WHOLE, False), (WHOLE + "gears: x\n", False), (WHOLE + "- 1\n", True), ("bicycle: 甲\n", True)):
        problems = Problems("f")
        node = compose(text, problems)
        assert node is not None
        Decoder(problems).decode(node, Bicycle, "车")
        assert problems.incomplete is gone, text


def test_keys_are_those_of_the_language() -> None:
    assert list(keys(Bicycle)) == ["bicycle", "parts", "colour", "weight", "gears", "light", "sizes"]
    assert set(get_type_hints(Bicycle)) - {"place", "id"} == set(keys(Bicycle)) - {"bicycle"}


@given(number=st.decimals(-(10**9), 10**9, places=4, allow_nan=False), percent=st.booleans())
def test_numbers_are_read_exactly(number: Decimal, *, percent: bool) -> None:
    text = f"{number:f}{'%' if percent else ''}"
    assert decoded(f"[{text}]", tuple[Decimal, ...])[0] == ((number / 100 if percent else number),)


@given(text=st.text(max_size=20))
def test_any_word_is_either_a_value_or_a_mistake(text: str) -> None:
    problems = Problems("f")
    quoted = '"' + "".join(f"\\U{ord(char):08x}" for char in text if not 0xD800 <= ord(char) < 0xE000) + '"'
    node = compose(quoted, problems)
    assert node is not None
    for wanted in (str, int, bool, Decimal, Colour, Letter):
        problems.found.clear()
        value = Decoder(problems).decode(node, wanted, "甲")
        assert (value is None) == bool(problems.found)
