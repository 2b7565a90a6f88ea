"""The table of field types: one row for each, and what the rows have in common."""

from __future__ import annotations

import re

import pytest
from msgspec import NODEFAULT
from msgspec.structs import fields

from perfxl.model.field_type import Family, Measure, Type, TypeTraits


def test_a_row_says_everything() -> None:
    assert all(field.default is NODEFAULT and field.default_factory is NODEFAULT for field in fields(TypeTraits))


@pytest.mark.parametrize("kind", Type)
def test_what_people_read_is_chinese(kind: Type) -> None:
    traits = kind.traits
    for text in (traits.chinese, traits.meaning, traits.wanted, traits.hint, traits.description):
        assert not text or re.search("[一-鿿✔]", text)
        assert set(re.findall(r"\{(\w+)\}", text)) <= {"money"}
    assert traits.chinese
    assert traits.meaning


@pytest.mark.parametrize("kind", Type)
def test_only_numbers_have_what_numbers_have(kind: Type) -> None:
    traits = kind.traits
    if traits.family is Family.NUMBER:
        assert traits.as_number
        assert not traits.in_words
        return
    assert not kind.numeric
    assert traits.measure is Measure.PLAIN
    assert not traits.whole
    assert not traits.summed
    assert (traits.minimum, traits.least, traits.most, traits.places) == (None, None, None, None)


def test_no_two_types_are_called_the_same() -> None:
    assert len({kind.traits.chinese for kind in Type}) == len(Type)
