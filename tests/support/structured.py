"""Returns that are sound on the outside and forged inside: records of marks, dates, sheets, cells, merges, archives.

What :mod:`support.hostile` damages at random is here bent on purpose. The same number gives the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping
from functools import cache
from random import Random
from typing import Any, TypeAlias
from xml.sax.saxutils import escape

from perfxl.api import generate, marked, read
from perfxl.forms.definition.load import load_forms
from perfxl.marks.error_list import HEADS
from perfxl.model.record import to_data
from perfxl.package.draft import RECORD
from support.filled import record
from support.handmade import zipped
from support.hostile import MAKERS as DAMAGED
from support.hostile import Maker
from support.packages import parts
from support.pile import bad, good, saved
from support.pile import zipped as archived

Parts: TypeAlias = dict[str, bytes]
Told: TypeAlias = Mapping[str, Mapping[str, Any]]
"""A record of marks."""
Bend: TypeAlias = Callable[[Random, Parts], None]
"""Changes the parts of a workbook."""

DATES = (
    *("9999-12-31T23:59:59Z", "9999-12-31T23:30:00-14:00", "0001-01-01T00:00:00+14:00", "-0001-01-01T00:00:00Z"),
    *("1970-01-01", "2024-13-45", "2024-01-16T08:30:00.123456789Z", "99999-01-01T00:00:00Z", "2199-12-31T23:59:59Z"),
    *("", "昨天"),
)
TYPED = (
    *("=1+1", "_x005F_x0041_", "_xD800_", "\t", "　", "9" * 400, "-9" * 200, "1e400", "NaN", "∞", "≥≤≥≤", "%" * 300),
    *("0.1" * 100, "（" * 3000, "了" * 9000, "2024年13月45日", "明显" * 4000, "10-11月份" * 500),
    *("\u202e\u200b\ufeff", "无", "√" * 9),
)
_NAMES = (
    *("填报自检", "_perfxl", "_perfxl_rows", "错误清单", "'", "a" * 31, "表!表", "[1]表", "\u202e表", "自评表"),
    "自评表 ",
)
RECORDS = (
    *(b"[]", b"{}", b"null", b"[" * 9000 + b"]" * 9000, b'{"changed": [], "added": 1}'),
    b'{"changed": {"a": 1}, "added": {}}',
)
_CELL = re.compile(rb"<c [^>]*>(?:(?!</c>).)*</c>", re.DOTALL)


@cache
def _sound(number: int) -> bytes:
    """Return one of some sound workbooks: filled forms of every kind, accepted and rejected, marked copies of some."""
    forms = list(load_forms().values())
    if number == 0:
        return good()
    if number == 1:
        return bad()
    if number == 2:
        return marked(bad(), read(bad(), name="a.xlsx"))
    form = forms[number % len(forms)]
    data = record(form, Random(number), most=8)
    made = generate(form, year=2024, unit="青溪区教育局", unit_code="030407", data=to_data(form, data))
    return made if number % 2 else marked(made, read(made, name="a.xlsx"))


def _sheet(rng: Random, inside: Parts) -> str:
    return rng.choice([name for name in inside if name.startswith("xl/worksheets/sheet")])


def _records(rng: Random, inside: Parts) -> None:
    if RECORD not in inside or inside[RECORD] in RECORDS or rng.random() < 0.2:
        inside[RECORD] = rng.choice(RECORDS)
        return
    record_ = json.loads(inside[RECORD])
    inside[RECORD] = json.dumps(
        record_with(rng, record_, inside, rng.choice(list(record_["changed"]) or ["x"]))
    ).encode()


def record_with(rng: Random, told: Told, inside: Mapping[str, bytes], name: str) -> Told:
    """Return a record of marks that says something else of a part, and perhaps that another one was added."""
    size = len(inside.get(name, b""))
    edits = [
        [rng.randint(-9, size + 9), rng.randint(-9, size + 9), rng.choice(("", "x", "<c/>", "1111.1", "\x00", "é"))]
        for _ in range(rng.choice((1, 1, 2, 3, 3, 5, 9, 2000)))
    ]
    kept = told["changed"].get(name, {}).get("undo") or []
    entry = {
        "sha256": hashlib.sha256(inside.get(name, b"")).hexdigest() if rng.random() < 0.8 else "0",
        "undo": rng.choice((edits, sorted([*kept, *edits[:1]], key=str), kept[:-1], [["x", None, 1]], None, kept * 2)),
    }
    added = dict(told["added"])
    if rng.random() < 0.2:
        victim = rng.choice(sorted(inside))
        added[victim] = hashlib.sha256(inside[victim]).hexdigest()
    return {"changed": {**told["changed"], name: entry}, "added": added}


def _dates(rng: Random, inside: Parts) -> None:
    core = inside.get("docProps/core.xml", b"<a/>").decode()
    told = f'<dcterms:modified xsi:type="dcterms:W3CDTF">{rng.choice(DATES)}</dcterms:modified>'
    inside["docProps/core.xml"] = re.sub(
        r"<dcterms:modified.*?</dcterms:modified>", told, core, flags=re.DOTALL
    ).encode()
    name = _sheet(rng, inside)
    cells = list(_CELL.finditer(inside[name]))
    if cells:
        one = rng.choice(cells)
        place = re.search(rb'r="([A-Z]+\d+)"', one[0])
        new = f'<c r="{place[1].decode() if place else "A1"}" t="d"><v>{rng.choice(DATES)}</v></c>'.encode()
        inside[name] = inside[name][: one.start()] + new + inside[name][one.end() :]


def _cells(rng: Random, inside: Parts) -> None:
    """Type something awkward into cells that are there."""
    name = _sheet(rng, inside)

    def typed(found: re.Match[bytes]) -> bytes:
        place = re.search(rb'r="([A-Z]+\d+)"', found[0])
        if place is None or rng.random() > 0.1:
            return found[0]
        text = escape(rng.choice(TYPED))
        kinds = (
            f't="inlineStr"><is><t xml:space="preserve">{text}</t></is>',
            f't="str"><f>A1</f><v>{text}</v>',
            f"><v>{text}</v>",
            't="e"><v>#REF!</v>',
            f"><v>{rng.choice(('1E+300', '-1E-300', '1e99999', '0.30000000000000004', '12345678901234567890'))}</v>",
            "><f>1/0</f>",
        )
        return f'<c r="{place[1].decode()}" {rng.choice(kinds)}</c>'.encode()

    inside[name] = _CELL.sub(typed, inside[name])


def _strays(rng: Random, inside: Parts) -> None:
    name = _sheet(rng, inside)
    count, text = rng.choice(((50, "杂"), (3000, "杂"), (3000, "很长" * 9000), (200, "x" * 32_767), (40_000, "1")))
    rows = (
        f'<row r="{900 + row}">'
        + "".join(f'<c r="{_letters(20 + n)}{900 + row}" t="s"><v>0</v></c>' for n in range(100))
        + "</row>"
        for row in range(max(count // 100, 1))
    )
    inside[name] = inside[name].replace(b"</sheetData>", "".join(rows).encode() + b"</sheetData>")
    inside["xl/sharedStrings.xml"] = f"<sst><si><t>{text}</t></si></sst>".encode()


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _merges(rng: Random, inside: Parts) -> None:
    name = _sheet(rng, inside)
    boxes = "".join(
        f'<mergeCell ref="{_letters(rng.randint(1, 12))}{rng.randint(1, 60)}:{_letters(rng.randint(1, 300))}{rng.randint(1, 9999)}"/>'
        for _ in range(rng.choice((1, 30, 2000)))
    )
    inside[name] = inside[name].replace(b"</sheetData>", f"</sheetData><mergeCells>{boxes}</mergeCells>".encode(), 1)


def _sheets(rng: Random, inside: Parts) -> None:
    """Give sheets other names, states, places; put heads of ours on them."""
    book = inside["xl/workbook.xml"].decode()
    for old in re.findall(r'<sheet [^>]*?name="([^"]*)"', book):
        if rng.random() < 0.5:
            book = book.replace(f'name="{old}"', f'name="{escape(rng.choice(_NAMES))}"', 1)
    book = re.sub(r'state="[^"]*"', lambda _: f'state="{rng.choice(("visible", "hidden", "veryHidden", "?"))}"', book)
    if rng.random() < 0.2:
        book = re.sub(r"(<sheet [^>]*/>)", r"\1\1", book, count=1)
    inside["xl/workbook.xml"] = book.encode()
    if rng.random() < 0.4:
        name = _sheet(rng, inside)
        texts = rng.choice((("填报自检",), ("审核错误清单",), HEADS, ("序号", "检查内容", "结果", "说明", "查看")))
        cells = "".join(
            f'<c r="{_letters(n)}{900}" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(texts, 1)
        )
        inside[name] = inside[name].replace(b"</sheetData>", f'<row r="900">{cells}</row></sheetData>'.encode())


def _lists(rng: Random, inside: Parts) -> None:
    """Swell the lists of a package, or what is in its properties."""
    name, piece = rng.choice(
        (("[Content_Types].xml", "<Default/>"), ("_rels/.rels", "<Relationship/>"), ("xl/styles.xml", "<xf/>"))
    )
    if name in inside:
        last = inside[name].rindex(b"</")
        inside[name] = inside[name][:last] + (piece * rng.choice((10, 5000, 250_000))).encode() + inside[name][last:]


BENDS: tuple[tuple[Bend, int], ...] = (
    *((_records, 5), (_dates, 4), (_cells, 10), (_strays, 2), (_merges, 3), (_sheets, 6), (_lists, 1)),
)


def _bent(rng: Random) -> tuple[str, bytes]:
    inside = dict(parts(_sound(rng.randrange(24))))
    bends, weights = zip(*BENDS, strict=True)
    for bend in rng.choices(bends, weights, k=rng.choice((1, 1, 2, 3))):
        bend(rng, inside)
    return ".xlsx", zipped(dict(inside))


def _resaved(rng: Random) -> tuple[str, bytes]:
    return ".xlsx", saved(rng.choice((good(), bad())), rng.choice((*DATES, None)))


def _packed(rng: Random) -> tuple[str, bytes]:
    """Put returns into archives in archives, and forge what their directories claim."""
    inner = {
        f"{n}.xlsx": rng.choice((good(), b"x", b"PK\x03\x04", rng.randbytes(50))) for n in range(rng.randint(1, 4))
    }
    data = archived(inner, gbk=rng.random() < 0.2)
    for level in range(rng.randint(0, 4)):
        data = archived({f"{level}.zip": data, rng.choice(("a.xlsx", "../a.xlsx", "x" * 300)): b"x"})
    return ".zip", forged_directory(rng, data) if rng.random() < 0.6 else data


def forged_directory(rng: Random, data: bytes) -> bytes:
    """Return a zip file of which one number is another one, in a member's head or in the directory."""
    raw = bytearray(data)
    mark = rng.choice((b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06"))
    places = [found.start() for found in re.finditer(re.escape(mark), data)]
    if places:
        field = rng.choice(places) + rng.choice((8, 10, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 42))
        number: int = rng.choice((0, 1, 0xFFFF, 0x7FFFFFF0, 0xFFFFFFF0, rng.getrandbits(32)))
        raw[field : field + 4] = number.to_bytes(4, "little")
    return bytes(raw)


_MADE: tuple[tuple[Maker, int], ...] = (*DAMAGED, (_bent, 60), (_resaved, 3), (_packed, 8))


def made(number: int, seed: int) -> tuple[str, str, bytes]:
    """Return the kind, the suffix and the bytes of the input of a number."""
    rng = Random(f"{seed} {number}")
    makers, weights = zip(*_MADE, strict=True)
    maker: Maker = rng.choices(makers, weights)[0]
    suffix, data = maker(rng)
    return maker.__name__.strip("_"), suffix, data
