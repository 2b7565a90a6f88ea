"""The directory of OLE compound files."""

from __future__ import annotations

import struct

from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.package.ole import Compound
from support.compound import compound
from support.effort import examples


def names(data: bytes) -> frozenset[str]:
    return Compound(data).names


def test_streams_under_the_root() -> None:
    assert names(compound("Workbook", "\x05SummaryInformation")) == {"Workbook", "\x05SummaryInformation"}


def test_many_entries_over_several_sectors() -> None:
    many = [f"流{number}" for number in range(40)]
    assert names(compound(*many)) == set(many)


def test_streams_of_an_embedded_object_do_not_count() -> None:
    assert names(compound("WordDocument", "ObjectPool", inside={"ObjectPool": ["Workbook"]})) == {
        "WordDocument",
        "ObjectPool",
    }


def test_directory_beyond_the_tables_that_the_header_names() -> None:
    assert names(compound("Workbook", padding_sectors=110 * 128)) == {"Workbook"}


def test_chain_that_bites_its_tail_ends() -> None:
    data = bytearray(compound("Workbook"))
    (directory,) = struct.unpack_from("<I", data, 48)
    (table,) = struct.unpack_from("<I", data, 76)
    struct.pack_into("<I", data, (table + 1) * 512 + 4 * directory, directory)
    assert names(bytes(data)) == {"Workbook"}


@settings(max_examples=examples(100))
@given(st.data())
def test_damage_gives_names_or_none(data: st.DataObject) -> None:
    whole = bytearray(compound("Workbook", "Book"))
    for place in data.draw(st.lists(st.integers(8, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    assert isinstance(names(bytes(whole[: data.draw(st.integers(0, len(whole)))])), frozenset)
