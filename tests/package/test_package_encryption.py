# ruff: noqa: S105, S324 - the password that everybody knows, and the hashes of the formats
"""Files that are enciphered with the password that everybody knows are read; others stay closed."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.model.finding import Finding
from perfxl.model.grid import Book
from perfxl.package.aes import Decipher
from perfxl.package.encryption import rc4, record_cipher, unlocked
from perfxl.package.limits import DEFAULT
from perfxl.package.unreadable import Unreadable
from perfxl.readers.book import read_book
from support.records import number, record, workbook

FOREIGN = Path(__file__).parent.parent / "readers" / "foreign"
PASSWORD = "VelvetSweatshop"


@pytest.mark.parametrize("size", [16, 24, 32])
def test_aes_as_the_standard_has_it(size: int) -> None:
    """FIPS 197, appendix C."""
    enciphered = {
        16: "69c4e0d86a7b0430d8cdb78070b4c55a",
        24: "dda97ca4864cdfe06eaf70a0ec0d7191",
        32: "8ea2b7ca516745bfeafc49904b496089",
    }
    plain = Decipher(bytes(range(size))).each(bytes.fromhex(enciphered[size]))
    assert plain.hex() == "00112233445566778899aabbccddeeff"


def test_chained_blocks() -> None:
    """NIST SP 800-38A, F.2.2."""
    decipher = Decipher(bytes.fromhex("2b7e151628aed2a6abf7158809cf4f3c"))
    blocks = bytes.fromhex("7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b2")
    plain = decipher.chained(blocks, bytes(range(16)))
    assert plain.hex() == "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"


def test_rc4() -> None:
    """RFC 6229, key of 40 bits."""
    assert rc4(bytes.fromhex("0102030405"), bytes(16)).hex() == "b2396305f03dc027ccc3524a0a1118a8"


@pytest.mark.parametrize("name", ["structure-agile.xlsx", "structure-rc4.xls"])
def test_a_protected_structure_is_no_password(name: str) -> None:
    book = read_book((FOREIGN / name).read_bytes())
    assert isinstance(book, Book)
    assert [cell.value for cell in book.sheets[0].cells.values()] == ["指标", Decimal("6558.51")]


def test_a_password_of_its_own_is_told() -> None:
    found = read_book((FOREIGN / "password-agile.xlsx").read_bytes())
    assert isinstance(found, Finding)
    assert found.code == "F02"


def test_what_is_not_enciphered_stays_as_it_is() -> None:
    for data in (b"", b"PK\x03\x04", (FOREIGN / "jilin-dept-self-eval.xls").read_bytes()):
        assert unlocked(data, DEFAULT) is data


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_239), st.binary(min_size=1, max_size=8))
def test_altered_in_any_way_it_is_read_or_closed(place: int, piece: bytes) -> None:
    data = bytearray((FOREIGN / "structure-agile.xlsx").read_bytes())
    data[place : place + len(piece)] = piece
    found = read_book(bytes(data))
    assert isinstance(found, Book) or found.code in {"F01", "F02"}


def test_a_password_that_would_take_hours_is_not_tried() -> None:
    data = (FOREIGN / "structure-agile.xlsx").read_bytes()
    slow = data.replace(b'spinCount="100000" ', b'spinCount="9999999"')
    assert slow != data
    with pytest.raises(Unreadable):
        unlocked(slow, DEFAULT)


# -- old workbooks, enciphered record by record -----------------------------------------------------------------------


def _old(filepass: bytes, cipher: Callable[[int, bytes], bytes]) -> bytes:
    """Return a workbook of one number, enciphered: heads of records and the places of sheets are not."""
    plain = workbook([number(1, 1, 6558.51)], record(0x002F, filepass))
    written, position = b"", 0
    while position < len(plain):
        kind, length = struct.unpack_from("<HH", plain, position)
        body = plain[position + 4 : position + 4 + length]
        kept = length if kind in {0x0809, 0x002F} else 4 if kind == 0x0085 else 0
        written += plain[position : position + 4] + body[:kept] + cipher(position + 4, body)[kept:]
        position += 4 + length
    return written


def _rc4_cipher(key: Callable[[int], bytes]) -> Callable[[int, bytes], bytes]:
    stream = b"".join(rc4(key(block), bytes(1024)) for block in range(4))
    return lambda start, body: bytes(a ^ b for a, b in zip(body, stream[start:], strict=False))


def _first_way(password: str) -> tuple[bytes, Callable[[int, bytes], bytes]]:
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    hashed = hashlib.md5(password.encode("utf-16-le")).digest()[:5]
    hashed = hashlib.md5((hashed + salt) * 16).digest()[:5]

    def key(block: int) -> bytes:
        return hashlib.md5(hashed + struct.pack("<I", block)).digest()

    proof = rc4(key(0), verifier + hashlib.md5(verifier).digest())
    return struct.pack("<HHH", 1, 1, 1) + salt + proof, _rc4_cipher(key)


def _second_way(password: str) -> tuple[bytes, Callable[[int, bytes], bytes]]:
    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    hashed = hashlib.sha1(salt + password.encode("utf-16-le")).digest()

    def key(block: int) -> bytes:
        return hashlib.sha1(hashed + struct.pack("<I", block)).digest()[:16]

    proof = rc4(key(0), verifier + hashlib.sha1(verifier).digest())
    header = struct.pack("<8I", 4, 0, 0x6801, 0x8004, 128, 1, 0, 0) + "R\0".encode("utf-16-le")
    verified = struct.pack("<I", 16) + salt + proof[:16] + struct.pack("<I", 20) + proof[16:]
    return struct.pack("<HHHII", 1, 2, 2, 4, len(header)) + header + verified, _rc4_cipher(key)


@pytest.mark.parametrize("way", [_first_way, _second_way])
def test_old_workbooks(way: Callable[[str], tuple[bytes, Callable[[int, bytes], bytes]]]) -> None:
    book = read_book(_old(*way(PASSWORD)))
    assert isinstance(book, Book)
    assert [cell.value for cell in book.sheets[0].cells.values()] == [Decimal("6558.51")]
    found = read_book(_old(*way("其他")))
    assert isinstance(found, Finding)
    assert found.code == "F02"


def test_an_old_workbook_that_is_only_obfuscated() -> None:
    """The body of a font as a workbook of Excel 95 with a protected structure has it at this place."""
    cipher = record_cipher(bytes.fromhex("59b30a9a"), 0)
    assert cipher is not None
    assert record_cipher(bytes.fromhex("59b30a9b"), 0) is None
    body = b"\xc8\x00\x00\x00\xff\x7f\x90\x01\x00\x00\x00\x00\x00\x00\x05Arial"
    mask = bytes.fromhex("876b9ae21ee305621e699660986e9404")
    start = 37
    turned = bytes((byte << 5 | byte >> 3) & 255 for byte in body)
    covered = bytes(byte ^ mask[(start + len(body) + place) % 16] for place, byte in enumerate(turned))
    assert cipher(start, covered) == body
