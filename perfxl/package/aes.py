"""AES as a decipher (FIPS 197), in plain Python: the standard library has none.

It serves one purpose: files that Excel enciphers with a password that everybody knows (see ``encryption``), of some ten
thousand bytes. No secret is kept with it, so that nothing depends on how long it takes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from functools import cache
from typing import Final, NamedTuple, TypeAlias

BLOCK: Final = 16
Columns: TypeAlias = tuple[tuple[int, ...], ...]


def _doubled(value: int) -> int:
    return (value << 1 ^ 0x11B) & 0xFF if value & 0x80 else value << 1


def _product(a: int, b: int) -> int:
    """Return the product of two bytes in the field of AES."""
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = _doubled(a), b >> 1
    return product


def _boxes() -> tuple[bytes, bytes]:
    """Return the substitution of bytes, and the way back."""
    forward, back = bytearray(256), bytearray(256)
    value = inverse = 1
    while True:
        value ^= _doubled(value)  # times 3
        for shift in (1, 2, 4):  # divided by 3
            inverse ^= inverse << shift & 0xFF
        inverse ^= 0x09 if inverse & 0x80 else 0
        turned = inverse * 0x0101
        mixed = (turned ^ turned >> 4 ^ turned >> 5 ^ turned >> 6 ^ turned >> 7) & 0xFF ^ 0x63
        forward[value], back[mixed] = mixed, value
        if value == 1:
            break
    forward[0], back[0x63] = 0x63, 0
    return bytes(forward), bytes(back)


class _Tables(NamedTuple):
    """What the cipher looks up: most files are in clear, so that they are worked out for the first that is not."""

    box: bytes
    inverse_box: bytes
    columns: Columns
    """What each byte of a column adds to the column as it is unmixed, by its place."""
    substituted: Columns
    """Likewise, of a byte that is still to be substituted."""


@cache
def _tables() -> _Tables:
    box, inverse = _boxes()
    factors = 14, 9, 13, 11
    columns = tuple(
        tuple(
            int.from_bytes(bytes(_product(byte, factor) for factor in factors[-turn:] + factors[:-turn]))
            for byte in range(256)
        )
        for turn in range(4)
    )
    return _Tables(box, inverse, columns, tuple(tuple(column[byte] for byte in inverse) for column in columns))


class Decipher:
    """AES with a key of 16, 24 or 32 bytes."""

    def __init__(self, key: bytes) -> None:
        words = [int.from_bytes(key[at : at + 4]) for at in range(0, len(key), 4)]
        size, rounds = len(words), len(words) + 6
        constant = 1
        for number in range(size, 4 * (rounds + 1)):
            word = words[-1]
            if number % size == 0:
                word = _substituted((word << 8 | word >> 24) & 0xFFFFFFFF) ^ constant << 24
                constant = _doubled(constant)
            elif size > 6 and number % size == 4:
                word = _substituted(word)
            words.append(words[number - size] ^ word)
        turns = [words[at : at + 4] for at in range(0, len(words), 4)]
        self._first, self._last = turns[-1], turns[0]
        self._between = [[_unmixed(word) for word in turn] for turn in reversed(turns[1:-1])]

    def each(self, data: bytes) -> bytes:
        """Return the data, each block by itself (ECB)."""
        return b"".join(self._blocks(data))

    def chained(self, data: bytes, start: bytes) -> bytes:
        """Return the data, each block chained to the one before it (CBC); ``start`` is what the first is chained to."""
        plain = self.each(data)
        before = (start + data)[: len(plain)]
        return (int.from_bytes(plain) ^ int.from_bytes(before)).to_bytes(len(plain))

    def _blocks(self, data: bytes) -> Iterator[bytes]:
        one, two, three, four = _tables().substituted
        box = _tables().inverse_box
        for block in struct.iter_unpack(">4I", data[: len(data) // BLOCK * BLOCK]):
            a, b, c, d = (word ^ key for word, key in zip(block, self._first, strict=True))
            for e, f, g, h in self._between:
                a, b, c, d = (
                    one[a >> 24] ^ two[d >> 16 & 255] ^ three[c >> 8 & 255] ^ four[b & 255] ^ e,
                    one[b >> 24] ^ two[a >> 16 & 255] ^ three[d >> 8 & 255] ^ four[c & 255] ^ f,
                    one[c >> 24] ^ two[b >> 16 & 255] ^ three[a >> 8 & 255] ^ four[d & 255] ^ g,
                    one[d >> 24] ^ two[c >> 16 & 255] ^ three[b >> 8 & 255] ^ four[a & 255] ^ h,
                )
            rows = ((a, d, c, b), (b, a, d, c), (c, b, a, d), (d, c, b, a))
            words = (
                box[w >> 24] << 24 | box[x >> 16 & 255] << 16 | box[y >> 8 & 255] << 8 | box[z & 255]
                for w, x, y, z in rows
            )
            yield struct.pack(">4I", *(word ^ key for word, key in zip(words, self._last, strict=True)))


def _substituted(word: int) -> int:
    return int.from_bytes(bytes(_tables().box[byte] for byte in word.to_bytes(4)))


def _unmixed(word: int) -> int:
    mixed = 0
    for byte, column in zip(word.to_bytes(4), _tables().columns, strict=True):
        mixed ^= column[byte]
    return mixed
