from __future__ import annotations

import contextlib
import io
import zipfile
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.package.limits import DEFAULT
from perfxl.package.package import Package, Relation
from perfxl.package.unreadable import Unreadable, UnreadableReason
from support.effort import examples
from support.handmade import RELATIONS, zipped
from support.packages import parts
from support.returns import by_openpyxl, by_xlsxwriter, zip64

TYPES = (
    '<Types><Default Extension="XML" ContentType="text/xml"/><Override PartName="/a/B.xml" ContentType="own"/></Types>'
)
WHOLE = by_openpyxl()
names = st.from_regex(r"[a-zé中]{1,5}/[a-z0-9]{1,5}\.(xml|bin)", fullmatch=True)


def package(inside: Mapping[str, str | bytes]) -> Package:
    return Package.open(zipped({"[Content_Types].xml": TYPES, **inside}), DEFAULT)


def refusal(data: bytes, **limits: int) -> UnreadableReason:
    with pytest.raises(Unreadable) as caught:
        Package.open(data, replace(DEFAULT, **limits))
    assert caught.value.detail
    return caught.value.reason


@settings(max_examples=examples(30))
@given(
    st.dictionaries(names, st.binary(max_size=60), max_size=5),
    st.dictionaries(names, st.binary(max_size=60), max_size=3),
    st.binary(max_size=20),
)
def test_what_is_rebuilt_reads_back(inside: dict[str, bytes], changes: dict[str, bytes], prefix: bytes) -> None:
    before = zipped({"[Content_Types].xml": TYPES, **inside})
    opened = Package.open(prefix.replace(b"PK", b"") + before, DEFAULT)
    removed = [name for name in list(inside)[:1] if name not in changes]
    after = opened.rebuilt(changes, removed)
    assert after == opened.rebuilt(changes, removed)
    expected = {**parts(before), **changes}
    for name in removed:
        del expected[name]
    assert parts(after) == expected
    assert list(parts(after)) == list(expected)
    assert Package.open(after, DEFAULT).rebuilt({}) == after


@pytest.mark.parametrize("data", [by_openpyxl(), by_xlsxwriter(), zip64()])
def test_untouched_members_keep_bytes_and_dates(data: bytes) -> None:
    before = zipfile.ZipFile(io.BytesIO(data))
    after = zipfile.ZipFile(io.BytesIO(Package.open(data, DEFAULT).rebuilt({"xl/workbook.xml": b"<new/>"})))
    assert after.testzip() is None
    for old, new in zip(before.infolist(), after.infolist(), strict=True):
        if old.filename != "xl/workbook.xml":
            assert (old.CRC, old.compress_size, old.compress_type) == (new.CRC, new.compress_size, new.compress_type)
        assert (old.filename, old.date_time, old.external_attr) == (new.filename, new.date_time, new.external_attr)
    assert after.read("xl/workbook.xml") == b"<new/>"


def test_names_match_whatever_their_case_and_slashes() -> None:
    opened = package({"xl\\Sheet1.xml": b"1", "/xl/b.xml": b"2"})
    assert opened.names == ("[Content_Types].xml", "xl/Sheet1.xml", "xl/b.xml")
    assert "XL/sheet1.xml" in opened
    assert opened.read("xl/SHEET1.xml") == b"1"
    assert opened.read("xl/b.xml") == b"2"
    assert "xl/c.xml" not in opened


def test_relations_are_resolved() -> None:
    inside = "".join(
        f'<r:Relationship Id="{number}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(
            [("a", "sheets/S1.xml"), ("b", "/XL/styles.xml"), ("c", "..\\x.xml"), ("d", "../../../xl/styles.xml")]
        )
    )
    outside = '<r:Relationship Id="9" Type="h" Target="http://例.中国/" TargetMode="External"/>'
    opened = package(
        {
            "xl/book.xml": b"",
            "xl/sheets/s1.xml": b"",
            "xl/styles.xml": b"",
            "xl/_rels/book.xml.rels": f"<r:Relationships>{inside}{outside}</r:Relationships>",
        }
    )
    found = opened.relations("xl/book.xml")
    assert [(relation.kind, relation.target) for relation in found[:4]] == [
        ("a", "xl/sheets/s1.xml"),
        ("b", "xl/styles.xml"),
        ("c", "x.xml"),
        ("d", "xl/styles.xml"),
    ]
    assert found[4] == Relation("9", "h", "http://例.中国/", external=True)
    assert opened.relations("") == ()


def test_content_types_by_part_then_by_extension() -> None:
    opened = package({"a/b.xml": b""})
    assert [opened.content_type(name) for name in ("A/b.xml", "c.Xml", "d.bin")] == ["own", "text/xml", ""]


def test_what_is_no_package() -> None:
    assert refusal(b"") is UnreadableReason.NOT_A_PACKAGE
    assert refusal(b"%PDF-1.4") is UnreadableReason.NOT_A_PACKAGE
    assert refusal(by_openpyxl()[:-40]) is UnreadableReason.DAMAGED


def test_limits_are_checked_before_anything_is_inflated() -> None:
    data = by_openpyxl()
    assert refusal(data, max_bytes=len(data) - 1) is UnreadableReason.TOO_LARGE
    assert refusal(data, max_entries=3) is UnreadableReason.TOO_LARGE
    assert refusal(data, max_unpacked=3000) is UnreadableReason.TOO_LARGE
    bomb = zipped({"[Content_Types].xml": TYPES, "xl/a.xml": b" " * 2_000_000})
    assert refusal(bomb) is UnreadableReason.TOO_LARGE
    assert Package.open(zipped({"[Content_Types].xml": TYPES, "xl/a.bin": b"\0" * 20_000}), DEFAULT)
    assert Package.open(data, replace(DEFAULT, max_bytes=len(data)))


def test_lists_are_bounded_together() -> None:
    listed = zipped(
        {
            "[Content_Types].xml": f"<Types>{'<Default/>' * 60}</Types>",
            "_rels/.rels": f"<Relationships>{'<Relationship/>' * 60}</Relationships>",
        }
    )
    opened = Package.open(listed, replace(DEFAULT, max_listed=122))
    assert (opened.content_type("a.xml"), len(opened.relations(""))) == ("", 60)
    opened = Package.open(listed, replace(DEFAULT, max_listed=121))
    assert opened.content_type("a.xml") == ""
    with pytest.raises(Unreadable) as caught:
        opened.relations("")
    assert caught.value.reason is UnreadableReason.TOO_LARGE


def test_lists_that_were_read_before_count_again() -> None:
    lists = {"_rels/.rels": f"<Relationships>{'<Relationship/>' * 20}</Relationships>", "a": ""}
    for own in ("one", "two"):  # two packages with the same lists, of which the second are remembered
        data = zipped({"[Content_Types].xml": TYPES, **lists, "b": own})
        assert len(Package.open(data, DEFAULT).relations("")) == 20
        with pytest.raises(Unreadable) as caught:
            Package.open(data, replace(DEFAULT, max_listed=20)).relations("")
        assert caught.value.reason is UnreadableReason.TOO_LARGE


def test_encrypted_and_doubled_members_are_refused() -> None:
    data = by_openpyxl()
    flagged = data.replace(b"PK\x01\x02\x14\x00\x14\x00\x00\x00", b"PK\x01\x02\x14\x00\x14\x00\x01\x00")
    flagged = flagged.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")
    assert flagged != data
    assert refusal(flagged) is UnreadableReason.ENCRYPTED
    assert refusal(zipped({"[Content_Types].xml": TYPES, "a.xml": "", "A.xml": ""})) is UnreadableReason.DAMAGED


def test_a_part_that_was_altered_is_not_read() -> None:
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("a.xml", "<whole/>")
    opened = Package.open(stored.getvalue().replace(b"<whole/>", b"<w0ole/>"), DEFAULT)
    with pytest.raises(Unreadable, match="损坏"):
        opened.read("a.xml")
    with pytest.raises(Unreadable, match="缺少"):
        opened.read("b.xml")
    assert opened.read("[Content_Types].xml") == TYPES.encode()


@settings(max_examples=examples(60))
@given(st.integers(0, 1 << 20), st.integers(1, 255))
def test_flipped_bytes_are_noticed_or_harmless(where: int, bits: int) -> None:
    place = where % len(WHOLE)
    broken = WHOLE[:place] + bytes([WHOLE[place] ^ bits]) + WHOLE[place + 1 :]
    with contextlib.suppress(Unreadable):
        opened = Package.open(broken, DEFAULT)
        for name in opened.names:
            opened.read(name)
            opened.content_type(name)
            opened.relations(name)


def test_entities_are_not_expanded() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa">]><Relationships>&a;</Relationships>'
    with pytest.raises(Unreadable):
        package({"a.xml": b"", "_rels/a.xml.rels": bomb}).relations("a.xml")


@given(st.lists(st.binary(max_size=6000), max_size=5))
def test_a_part_written_in_pieces_is_the_part_written_whole(pieces: list[bytes]) -> None:
    file = io.BytesIO()
    package({"a/b.xml": b"old", "图.xml": b"kept"}).stream({"A/B.xml": iter(pieces)}, file)
    found = Package.open(file.getvalue(), DEFAULT)
    assert {name: found.read(name) for name in found.names} == {
        "[Content_Types].xml": TYPES.encode(),
        "a/b.xml": b"".join(pieces),
        "图.xml": b"kept",
    }
    with zipfile.ZipFile(io.BytesIO(file.getvalue())) as archive:
        assert archive.testzip() is None


def test_a_stream_needs_its_part() -> None:
    with pytest.raises(KeyError):
        package({}).stream({"a.xml": [b""]}, io.BytesIO())
