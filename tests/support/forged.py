"""Single parts of what a return may bring, forged, each tried on what reads it: thousands a second, unlike whole returns.

Each kind makes its input from a generator of random numbers, hands it to the code, and yields what is wrong with what
came of it. A traceback is wrong by itself.
"""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TypeAlias
from xml.sax.saxutils import escape

from perfxl.model.address import MAX_COLUMN, MAX_ROW
from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Book, CellKind
from perfxl.model.submission import Unit
from perfxl.outputs import JOURNAL
from perfxl.package.draft import RECORD, restored
from perfxl.package.limits import DEFAULT
from perfxl.package.outline import read_modified
from perfxl.package.package import Package
from perfxl.readers.book import read_book
from perfxl.receive.archive import ArchiveMember, extract, unpack
from perfxl.receive.journal import Journal
from perfxl.receive.naming import stems
from perfxl.rules.budget import IN_ALL, in_all, on_a_sheet
from perfxl.rules.versions import Version, rule_on
from perfxl.values.coerce import coerce
from perfxl.values.typed import Typed
from support.handmade import book, zipped
from support.pile import zipped as archived
from support.structured import DATES, RECORDS, TYPED, Told, forged_directory, record_with

Kind: TypeAlias = Callable[[Random], Iterator[str]]

_NAMES = (
    *("a.xlsx", "../a.xlsx", "/a.xlsx", "..\\..\\a.xlsx", "C:\\a.xlsx", "a/../b.zip", "b.zip", "c.ZIP", "x" * 400),
    *(
        "教育/a.xlsx",
        "findings.csv/a.xlsx",
        "good.json",
        "a.marked.xlsx",
        "con",
        "nul.xlsx",
        ".",
        "..",
        "...",
        "~$a.xlsx",
    ),
    *(
        "a\x00b",
        "\ud800.xlsx",
        "\udcff",
        "\u202exslx",
        "A.XLSX",
        "e\u0301.xlsx",
        " a .xlsx",
        "summary",
        "a/" * 90 + "b",
    ),
)
_SAFE = frozenset('<>:"\\|?*\0\n')
_CONTENTS = (b"", b"x", b"PK\x03\x04", b"PK\x05\x06" + bytes(18), b"\0" * 9000)


def archives(rng: Random) -> Iterator[str]:
    """Archives in archives whose directories lie: nothing leads out, nothing is larger than was claimed and allowed."""
    data = archived(
        {_archivable(rng.choice(_NAMES)): rng.choice(_CONTENTS) for _ in range(rng.randint(0, 4))},
        gbk=rng.random() < 0.2,
    )
    for level in range(rng.randint(0, 4)):
        if rng.random() < 0.3:
            data = forged_directory(rng, data)
        data = archived({f"{level}.zip": data, _archivable(rng.choice(_NAMES)): rng.choice(_CONTENTS)})
    if rng.random() < 0.8:
        data = forged_directory(rng, data)
    if rng.random() < 0.1:
        data = data[: rng.randrange(len(data) + 1)]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.zip"
        path.write_bytes(data)
        for entry in unpack(path, DEFAULT) or ():
            yield from _of_archive(path, entry)


def _of_archive(path: Path, entry: ArchiveMember) -> Iterator[str]:
    if ".." in entry.name.split("/") or entry.name.startswith("/") or "\\" in entry.name:
        yield f"a name that leads away: {entry.name!r}"
    if entry.refused is not None:
        if entry.refused.code not in {"F01", "F02", "F03"}:
            yield f"refused by {entry.refused.code}"
    elif not entry.passed_over:
        content = extract(path, entry.slices)
        if not isinstance(content, Finding) and not len(content) == entry.slices[-1].size <= DEFAULT.max_bytes:
            yield f"{len(content)} bytes of {entry.slices[-1].size}"


def _archivable(name: str) -> str:
    return name.encode("gbk", errors="replace").decode("gbk").replace("\0", "_")


def records(rng: Random) -> Iterator[str]:
    """Records of marks that lie: what they lead to is a package, and none that is larger than file and record."""
    inside = {
        "[Content_Types].xml": b"<Types/>",
        "a.xml": b"<a>" + b"<b/>" * rng.randint(0, 50) + b"</a>",
        "b.xml": b"<b/>",
    }
    record: Told = {"changed": {}, "added": {}}
    for _ in range(rng.randint(1, 3)):
        record = record_with(rng, record, inside, rng.choice(("a.xml", "b.xml", "none.xml", "[Content_Types].xml")))
    told = rng.choice(RECORDS) if rng.random() < 0.1 else json.dumps(record).encode()
    inside[RECORD] = told
    back = restored(Package.open(zipped(dict(inside)), DEFAULT))
    if back is not None:
        opened = Package.open(back, DEFAULT)
        size = sum(len(opened.read(name)) for name in opened.names)
        if size > sum(map(len, inside.values())) + len(told):
            yield f"{size} bytes come of {sum(map(len, inside.values()))}"


def dates(rng: Random) -> Iterator[str]:
    """Times at and beyond the ends of the calendar: read or not, and put in an order with others."""
    found = []
    for number in range(rng.randint(1, 4)):
        told = rng.choice(DATES) if rng.random() < 0.5 else _date(rng)
        core = f'<a xmlns:d="urn:dc"><d:modified>{escape(told)}</d:modified></a>'
        modified = read_modified(core.encode(errors="replace"), DEFAULT)
        filled = None if rng.random() < 0.5 else rng.choice((dt.date.min, dt.date.max, dt.date(2024, 1, 16)))
        digest = str(rng.randint(0, 3))
        made_from = rng.choice((None, "0", "1", digest))
        place, unit = (number, 0), Unit(rng.choice(("某局", None)), rng.choice(("1", None)))
        own = f"{number}.xlsx", digest, "表", "表", "form", 2024, unit, "", "", modified, filled, made_from
        found.append(Version(place, *own))
    rulings = rule_on(found)
    if {version.place for version in found} and all(ruling.superseded_by for ruling in rulings.values()) and rulings:
        yield "none of them counts"
    if len(rulings) > len(found):
        yield "more is said than there are"


def _date(rng: Random) -> str:
    year, month, day = rng.choice((0, 1, 1899, 1900, 2024, 9999, 10_000)), rng.randint(0, 13), rng.randint(0, 32)
    zone = rng.choice(("", "Z", "+14:00", "-14:00", "+25:00", "+08", "z"))
    return f"{year:04}-{month:02}-{day:02}T{rng.randint(0, 25):02}:{rng.randint(0, 61):02}:{rng.choice(('59', '00.1', '60'))}{zone}"


def sheets(rng: Random) -> Iterator[str]:
    """Workbooks of one small sheet, anything in its cells, rows and merges: read with every cell on the sheet, or refused."""
    rows = "".join(f"<row{_attribute(rng, 'r')}>{_cells(rng)}</row>" for _ in range(rng.randint(0, 4)))
    after = "".join(f'<mergeCell ref="{_reference(rng)}:{_reference(rng)}"/>' for _ in range(rng.randint(0, 3)))
    strings = rng.choice((None, None, "<sst><si><t>甲</t></si></sst>", "<sst", f"<sst>{'<si/>' * 9}</sst>"))
    found = read_book(book(rows, f"<mergeCells>{after}</mergeCells>", strings=strings))
    if isinstance(found, Book):
        for grid in found.sheets:
            if not all(1 <= row <= MAX_ROW and 1 <= column <= MAX_COLUMN for row, column in grid.cells):
                yield "a cell outside the sheet"
    elif found.code not in {"F01", "F03"}:
        yield f"refused by {found.code}"


def _cells(rng: Random) -> str:
    return "".join(
        f"<c{_attribute(rng, 'r')}{_attribute(rng, 's')}{_attribute(rng, 't')}>{_content(rng)}</c>"
        for _ in range(rng.randint(0, 5))
    )


def _attribute(rng: Random, name: str) -> str:
    values = {
        "r": (_reference(rng), str(rng.choice((0, 1, 2, 7, MAX_ROW, MAX_ROW + 1, -1, 10**30))), "?", ""),
        "s": ("0", "1", "-1", "99999999999", "x"),
        "t": ("s", "n", "b", "e", "d", "str", "inlineStr", "?"),
    }
    return "" if rng.random() < 0.3 else f' {name}="{rng.choice(values[name])}"'


def _reference(rng: Random) -> str:
    column = rng.choice(("A", "B", "C", "XFD", "XFE", "a", "", "ZZZZ", "$D"))
    return f"{column}{rng.choice(('1', '2', '3', '1048576', '1048577', '0', '', '-1', '01', '9' * 30))}"


def _content(rng: Random) -> str:
    text = escape(rng.choice((*TYPED, *DATES, "0", "1", "1E+300", "45307", "-1", "1e99999", "0x10", "１２")))
    return rng.choice(
        (f"<v>{text}</v>", f"<is><t>{text}</t></is>", f"<f>{text}</f><v>1</v>", "<f/>", "", f"<v/><v>{text}</v>")
    )


def values(rng: Random) -> Iterator[str]:
    """Texts and numbers of any sort in fields of every type: read, or a problem said; never more than was typed."""
    pieces = (
        *TYPED,
        "≥",
        "95%",
        "个",
        "10-11月份",
        "2024年1月16日",
        "12月底前",
        "每月1次",
        "－",
        ".",
        "1,0",
        "万元",
        " ",
        "二〇二四",
    )
    text = "".join(rng.choice(pieces) for _ in range(rng.randint(1, 4)))[: DEFAULT.max_text]
    number = Decimal(rng.choice(("0", "1E+300", "-1E-300", "0.95", "45307", "2958466", "-1", "99999999999999.9")))
    code = rng.choice(("General", "0%", "yyyy/m/d", "h:mm", '0"个"', "0.0,", "[h]", "@", ";;;", "0" * 300))
    typed = Typed(CellKind.TEXT, text) if rng.random() < 0.6 else Typed(CellKind.NUMBER, number, code)
    for kind in Type:
        found = coerce(typed, kind)
        if isinstance(found.value, str) and len(found.value) > DEFAULT.max_text:
            yield f"{len(found.value)} characters in a {kind}"


def findings(rng: Random) -> Iterator[str]:
    """Any number of findings: those that are told and those that are counted are all; the gravest are told."""
    severities = tuple(Severity)
    found = [
        Finding(code, rng.choice(severities), "m" * rng.choice((1, 1, 5000)), "表", "A1", value=rng.choice(TYPED))
        for code in rng.choices(("S08", "V01", "V16"), k=rng.choice((0, 1, 7, 30, 300)))
    ] * rng.choice((1, 1, 1, 1, 1, 20))
    if rng.random() < 0.5:
        found = list(on_a_sheet(found, "表", Counter()))
    told = in_all(found)
    if len(told) > IN_ALL + 3 * len(severities) or any(len(one.message) > 1000 for one in told):
        yield f"{len(told)} of {len(found)} findings"
    if found and {one.severity for one in found} != {one.severity for one in told}:
        yield "a severity got lost"
    if sum(len(str(one.value)) for one in told) > 1_000_000 + len(told) * 200:
        yield "too much is quoted"


def journals(rng: Random) -> Iterator[str]:
    """Journals that somebody made up: no name of theirs leads away, and none is believed that no file could have."""
    lines = []
    for _ in range(rng.randint(1, 5)):
        keys = ("name", "sha256", "asked", "document", "document_sha256", "marked", "marked_sha256")
        entry: dict[str, object] = {key: rng.choice((*_NAMES, "", "0")) for key in keys}
        if rng.random() < 0.2:
            entry[rng.choice((*keys, "more"))] = rng.choice((1, None, [], {"a": 1}))
        lines.append(json.dumps(entry)[: rng.choice((20, 9999, 9999))])
    with TemporaryDirectory() as folder:
        (Path(folder) / JOURNAL).write_text(rng.choice(("\n", "\r\n", "")).join(lines), encoding="utf-8")
        journal = Journal.of(Path(folder))
        entries = [entry for entry in map(journal.entry, journal.names) if entry is not None]
        for name in (name for entry in entries for name in entry.results):
            if name.startswith("/") or ".." in name.split("/"):
                yield f"a name that leads away: {name!r}"
            journal.wrote(name)
    yield from names(rng, [entry.document.removesuffix(".json") for entry in entries])


def names(rng: Random, before: list[str] | None = None) -> Iterator[str]:
    """Inputs of any name, results from an earlier run: each has a name of its own that every file system takes."""
    wanted = [
        "/".join(rng.choice(_NAMES) for _ in range(rng.randint(1, 3))).strip("/") or "a"
        for _ in range(rng.randint(1, 6))
    ]
    earlier = [*(before or ()), *[""] * len(wanted)][: len(wanted)]
    found = stems(wanted, earlier)
    if len({name.casefold() for name in found}) < len(found):
        yield f"one name for two: {found}"
    for name in found:
        if any(part in {"", ".", ".."} or _SAFE & set(part) or len(part.encode()) > 240 for part in name.split("/")):
            yield f"a name that some file system does not take: {name!r}"


KINDS: Mapping[str, Kind] = {
    kind.__name__: kind for kind in (archives, records, dates, sheets, values, findings, journals, names)
}
