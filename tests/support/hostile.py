"""Files that somebody damaged or made to do harm: any number of them, the same for the same seed."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from random import Random
from typing import TypeAlias
from xml.sax.saxutils import escape

from perfxl.package.ole import SIGNATURE
from support.compound import compound
from support.handmade import book, worksheet, zipped
from support.handmade import parts as sound
from support.packages import parts
from support.pile import bad, good

Maker: TypeAlias = Callable[[Random], tuple[str, bytes]]
"""Makes the bytes of a file and the suffix that it is given."""

_TESTS = Path(__file__).resolve().parent.parent
_PIECES = (
    *(b"", b"-1", b"99999999999999999999", b"1e400", b"NaN", b"<", b'"', b"</c>", b"<row/>", b"&#0;", b"&x;", b"\xff"),
    *(b"\x00", b"\xed\xa0\x80", b"<!DOCTYPE a>", b"_xD800_", b"&#xD800;", b' r:id="rId1"', b"rId1", b"../../x"),
    *(b'<c r="A1">', b'<c r="XFD1048576"/>', b'<f t="array" ref="A1:XFD1048576">', b'<mergeCell ref="A1:XFD1048576"/>'),
)
FORMULAS = (
    "=cmd|'/c calc'!A0",
    "@SUM(1+1)*cmd|'/c calc'!A0",
    "+1+cmd",
    "-2+3+cmd",
    "\t=1+1",
    "＝HYPERLINK(1)",
    "\u3000=1",
)
MARKUP = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title><svg onload=alert(1)>",
    "{{ 7*7 }}",
    "]]>",
)
_TEXT = re.compile(r"<t(?: [^>]*)?>[^<]*</t>")
_NAMES = (
    *(
        "=cmd|' calc'!A0",
        "..",
        "...x",
        "<script>alert(1)<script>",
        "con",
        "nul.xlsx",
        "a" * 150,
        "绩效" * 30,
        "-o",
        "--force",
    ),
    *(
        "@SUM(1)",
        "\u202egnp",
        "a\nb",
        "a\tb",
        "summary",
        "report",
        "findings",
        "{{ 7*7 }}",
        "%s%n",
        "a\\..\\b",
        " x ",
        "\udcff\udcfe",
    ),
)
_ENTITIES = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd">',
    '<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p">%p;]>',
    '<!DOCTYPE a [<!ENTITY l0 "ha">' + "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12)) + "]>",
)
_SIGNED = (
    b"%PDF-1.7\n",
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"Rar!\x1a\x07",
    b"MZ",
    b"{\\rtf1",
    b"<html><table>",
    b"a,b,c\r\n",
)


@cache
def _originals(suffix: str) -> tuple[bytes, ...]:
    """Return sound files: returns of the corpus, of other programs and our own."""
    folders = (_TESTS / "corpus", _TESTS / "returns", _TESTS / "readers" / "foreign")
    found = [path.read_bytes() for folder in folders for path in sorted(folder.glob(f"*{suffix}"))]
    # An encrypted .xlsx is no zip: there is nothing in it to alter.
    found = [data for data in found if suffix == ".xls" or data.startswith(b"PK")]
    return tuple(found) + ((good(), bad()) if suffix == ".xlsx" else ())


def _flipped(rng: Random) -> tuple[str, bytes]:
    suffix = rng.choice((".xlsx", ".xlsx", ".xls", ".xls", ".xls", ".ods", ".xlsb"))
    data = bytearray(rng.choice(_originals(suffix)))
    for _ in range(rng.choice((1, 4, 40))):
        data[rng.randrange(len(data))] = rng.choice((0, 255, 127, 128, rng.randrange(256)))
    return suffix, bytes(data)


def _cut(rng: Random) -> tuple[str, bytes]:
    suffix = rng.choice((".xlsx", ".xls", ".ods", ".xlsb"))
    data = rng.choice(_originals(suffix))
    start, end = sorted(rng.randrange(len(data) + 1) for _ in range(2))
    return suffix, rng.choice((data[:start], data[:start] + data[end:], data[start:], data + data[start:end]))


def _altered(rng: Random) -> tuple[str, bytes]:
    """Alter text inside parts, under sound checksums: what gets past the package."""
    suffix = rng.choice((".xlsx", ".xlsx", ".ods", ".xlsb"))
    inside = parts(rng.choice(_originals(suffix)))
    for _ in range(rng.randint(1, 4)):
        name = rng.choice(sorted(inside))
        part = inside[name]
        start = rng.randrange(len(part) + 1)
        inside[name] = part[:start] + rng.choice(_PIECES) + part[start + rng.choice((0, 1, 12, 200)) :]
    return suffix, zipped(dict(inside))


def _swapped(rng: Random) -> tuple[str, bytes]:
    suffix = rng.choice((".xlsx", ".ods", ".xlsb"))
    inside = list(parts(rng.choice(_originals(suffix))).items())
    names = [name for name, _ in inside]
    for _ in range(rng.randint(1, 3)):
        one, other = rng.randrange(len(names)), rng.randrange(len(names))
        names[one], names[other] = names[other], names[one]
    kept = [(name, content) for name, (_, content) in zip(names, inside, strict=True) if rng.random() > 0.05]
    return suffix, zipped(dict(kept))


def _forged(rng: Random) -> tuple[str, bytes]:
    """Forge a field of a directory's entry or of its end: sizes, flags, methods, offsets, counts."""
    data = bytearray(rng.choice(_originals(".xlsx")))
    mark = rng.choice((b"PK\x01\x02", b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
    places = [at for at in range(len(data)) if data.startswith(mark, at)]
    at = rng.choice(places) + rng.choice((4, 6, 8, 10, 14, 16, 18, 20, 24, 28, 30, 32, 42))
    data[at : at + 4] = struct.pack(
        "<I", rng.choice((0, 1, 9, 99, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF, rng.getrandbits(32)))
    )
    return rng.choice((".xlsx", ".zip")), bytes(data)


def _entities(rng: Random) -> tuple[str, bytes]:
    inside = parts(good())
    name = rng.choice([name for name in inside if name.endswith((".xml", ".rels"))])
    head, _, rest = inside[name].decode().partition("?>")
    inside[name] = f"{head}?>{rng.choice(_ENTITIES)}{rest.replace('>', '>' + rng.choice(('&x;', '&l11;')), 1)}".encode()
    return ".xlsx", zipped(dict(inside))


def _dimensions(rng: Random) -> tuple[str, bytes]:
    far = rng.choice(
        ("XFD1048576", "A99999999999", "ZZZZZZ1", "A0", "A-1", "1A", "", "AAAAAAAAAAAAAAAAAAAA1", "$A$1", "Ａ１")
    )
    rows = rng.choice(
        (
            f'<row r="1"><c r="{far}"><v>1</v></c></row>',
            f'<row r="{far[-8:]}"><c r="A1"><v>{rng.choice(("1e999", "-", "NaN", "INF", "0x1", "١", "9" * 5000))}</v></c></row>',
            f'<row r="1"><c r="A1" t="s"><v>{rng.choice(("-1", "9" * 30, "x", ""))}</v></c></row>',
            f'<row r="1"><c r="A1" s="{rng.choice(("-1", "9" * 30, "x"))}"><v>45000</v></c></row>',
            f'<row r="1"><c r="A1" t="d"><v>{rng.choice(("0000-00-00", "9999-99-99T99:99", "x"))}</v></c></row>',
            f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"汉" * rng.choice((32767, 32768, 200000))}</t></is></c></row>',
            f'<row r="1"><c r="A1" x="{"a" * 500000}"><v>1</v></c></row>',
            "<a>" * rng.choice((65, 5000, 100000)),
            f"<row>{'<c/>' * 17000}</row>" * rng.choice((1, 5)),
        )
    )
    after = f'<mergeCells><mergeCell ref="A1:{far}"/></mergeCells>' * rng.choice((0, 1, 2000))
    return ".xlsx", book(rows, after)


def _encodings(rng: Random) -> tuple[str, bytes]:
    sheet = worksheet('<row r="1"><c r="A1" t="inlineStr"><is><t>部门整体支出绩效自评表</t></is></c></row>')
    name, codec = rng.choice(
        (("UTF-16", "utf-16"), ("GBK", "gbk"), ("UTF-8", "utf-16"), ("UTF-7", "utf-8"), ("nonsense", "utf-8"))
    )
    declared = f'<?xml version="1.0" encoding="{name}"?>{sheet}'
    return ".xlsx", zipped(sound(declared.encode(codec)))


def _old(rng: Random) -> tuple[str, bytes]:
    """Alter an old workbook by 32-bit words: chains of sectors that loop, lengths of records that lie."""
    data = bytearray(rng.choice(_originals(".xls")))
    for _ in range(rng.randint(1, 6)):
        at = 4 * rng.randrange(rng.choice((128, len(data) // 4)))
        word = rng.choice(
            (0, 1, 2, 0xFFFFFFFE, 0xFFFFFFFD, 0x7FFFFFFF, 0xFFFF0809, rng.randrange(len(data) // 512 + 1))
        )
        data[at : at + 4] = struct.pack("<I", word)
    return rng.choice((".xls", ".et", ".xlsx")), bytes(data)


def _compound(rng: Random) -> tuple[str, bytes]:
    names = rng.sample(
        ("Workbook", "Book", "EncryptionInfo", "EncryptedPackage", "WordDocument", "VBA"), rng.randint(1, 3)
    )
    data = bytearray(compound(*names))
    for _ in range(rng.randint(0, 2)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    return rng.choice((".xls", ".xlsx")), bytes(data)


def _bomb(rng: Random) -> tuple[str, bytes]:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts(good()).items():
            filled = name.startswith("xl/worksheets/") or name.endswith(rng.choice(("s.xml", "sharedStrings.xml")))
            swollen = content + b" " * rng.choice((2_000_000, 8_000_000)) if filled else content
            package.writestr(zipfile.ZipInfo(name), swollen, zipfile.ZIP_DEFLATED)
    return ".xlsx", file.getvalue()


def _archive(rng: Random) -> tuple[str, bytes]:
    """Pack an archive with names that lead out of it, archives in archives, many members, links, or the same name twice."""
    members = [
        (rng.choice((*_NAMES[:-1], "../../../x", "/etc/x", "C:\\x")) + rng.choice((".xlsx", ".zip", "")), bad()[:99])
    ]
    members += [("../" * rng.randint(0, 3) + "x.xlsx", rng.choice((good(), b"", b"PK")))]
    if rng.random() < 0.3:
        members += [(f"{number}.txt", b"") for number in range(rng.choice((10, 5001)))][
            : 5001 if rng.random() < 0.1 else 5
        ]
    data = b""
    for _ in range(rng.randint(1, 5)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for number, (name, content) in enumerate(members):
                archive.writestr(zipfile.ZipInfo(f"{name}" if rng.random() < 0.9 else f"{number}/{name}"), content)
        data = file.getvalue()
        members = [("inner.zip", data)]
    return ".zip", data


def _typed_in(rng: Random) -> tuple[str, bytes]:
    """Put formulas and markup where texts stand in a sound return, so that findings quote them."""
    inside = parts(bad())
    texts = rng.choice([name for name, part in inside.items() if name.startswith("xl/") and b"</t>" in part])

    def instead(found: re.Match[str]) -> str:
        return f"<t>{escape(rng.choice((*FORMULAS, *MARKUP)))}</t>" if rng.random() < 0.1 else found[0]

    inside[texts] = _TEXT.sub(instead, inside[texts].decode()).encode()
    return ".xlsx", zipped(dict(inside))


def _renamed(rng: Random) -> tuple[str, bytes]:
    noise = rng.randbytes(rng.choice((0, 1, 8, 600, 20000)))
    return rng.choice((".xlsx", ".xls", ".ods", ".xlsb", ".csv", ".zip", ".docx")), rng.choice(
        (
            b"",
            noise,
            bytes(rng.randrange(4000)),
            rng.choice(_SIGNED) + noise,
            SIGNATURE + noise,
            b"PK\x03\x04" + noise,
            b"PK\x05\x06" + bytes(18),
            zlib.compress(noise),
            zipped({"word/document.xml": "<a/>", "[Content_Types].xml": "<a/>"}),
            zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": noise}),
            ",".join(rng.choices(FORMULAS, k=20)).encode(rng.choice(("utf-8", "gb18030", "utf-16"))),
        )
    )


MAKERS: tuple[tuple[Maker, int], ...] = (
    *((_flipped, 8), (_cut, 4), (_altered, 10), (_swapped, 4), (_forged, 6), (_entities, 4), (_dimensions, 6)),
    *((_encodings, 2), (_old, 8), (_compound, 2), (_bomb, 1), (_archive, 2), (_typed_in, 6), (_renamed, 6)),
)


def hostile(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of hostile files; some names are themselves an attack, some are those of lock files."""
    rng = Random(seed)
    makers, weights = zip(*MAKERS, strict=True)
    for number in range(count):
        maker: Maker = rng.choices(makers, weights)[0]
        suffix, data = maker(rng)
        kind = maker.__name__.strip("_")
        name = f"{kind}-{number}"
        if rng.random() < 0.1:
            name = f"{rng.choice(_NAMES)}-{number}"
        elif rng.random() < 0.03:
            name = f"{rng.choice(('~$', '.~lock.', '._', '.~'))}{name}"
        yield f"{number % 7}/{name}{suffix}", data
