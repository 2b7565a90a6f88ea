from __future__ import annotations

import io
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from random import Random

import pytest
from msgspec.structs import replace

from perfxl.model.finding import Finding
from perfxl.package.limits import DEFAULT, Limits
from perfxl.receive.archive import ArchiveMember, extract, unpack
from support.pile import good, zipped


def entries(path: Path, data: bytes, limits: Limits = DEFAULT) -> list[ArchiveMember]:
    path.mkdir(exist_ok=True)
    (path / "批.zip").write_bytes(data)
    return list(unpack(path / "批.zip", limits) or ())


def code(entry: ArchiveMember) -> str:
    return entry.refused.code if entry.refused else ""


def test_files_in_the_order_of_their_names_with_their_bytes(tmp_path: Path) -> None:
    files = {"教育/b.xlsx": b"b" * 5000, "教育/a.xlsx": b"a", "c.xlsx": b""}
    found = entries(tmp_path, zipped(files))
    assert [entry.name for entry in found] == ["c.xlsx", "教育/a.xlsx", "教育/b.xlsx"]
    for entry in found:
        assert extract(tmp_path / "批.zip", entry.slices) == files[entry.name]


def test_names_from_windows_are_read_as_they_were(tmp_path: Path) -> None:
    found = entries(tmp_path, zipped({"财政局/一季度.xlsx": b"x"}, gbk=True))
    assert [entry.name for entry in found] == ["财政局/一季度.xlsx"]


@pytest.mark.parametrize(
    ("claimed", "name"),
    [
        ("../../a.xlsx", "a.xlsx"),
        ("/etc/a.xlsx", "etc/a.xlsx"),
        ("C:\\x\\a.xlsx", "x/a.xlsx"),
        ("..\\..\\a.xlsx", "a.xlsx"),
        ("x/./../a.xlsx", "x/a.xlsx"),
        ("...", "_"),
        ("//server/a.xlsx", "server/a.xlsx"),
        ("长" * 3000 + "/x/" + "名" * 3000 + ".xlsx", "长" * 200 + "/…/" + "名" * 195 + ".xlsx"),
    ],
)
def test_no_name_leads_out_of_the_archive(claimed: str, name: str, tmp_path: Path) -> None:
    assert [entry.name for entry in entries(tmp_path, zipped({claimed: b"x"}))] == [name]


def test_an_archive_in_an_archive_is_a_folder_in_a_folder(tmp_path: Path) -> None:
    found = entries(tmp_path, zipped({"内.zip": zipped({"a.xlsx": b"deep"}), "b.xlsx": b"b"}))
    assert [(entry.name, entry.result) for entry in found] == [
        ("b.xlsx", "b.xlsx"),
        ("内.zip/a.xlsx", "内/a.xlsx"),
    ]
    assert extract(tmp_path / "批.zip", found[1].slices) == b"deep"


def test_archives_inside_each_other_have_an_end(tmp_path: Path) -> None:
    data = b"x"
    for _ in range(5):
        data = zipped({"z.zip": data})
    (entry,) = entries(tmp_path, data)
    assert entry.refused is not None
    assert (entry.refused.code, "3 层" in entry.refused.message) == ("F03", True)


def test_what_a_mac_adds_is_passed_over_once(tmp_path: Path) -> None:
    found = entries(tmp_path, zipped({"a.xlsx": b"x", "__MACOSX/._a.xlsx": b"m", "__MACOSX/._b.xlsx": b"m"}))
    assert [(entry.name, bool(entry.passed_over)) for entry in found] == [("__MACOSX", True), ("a.xlsx", False)]


def test_a_link_is_no_file(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        link = zipfile.ZipInfo("a.xlsx")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
    (entry,) = entries(tmp_path, buffer.getvalue())
    assert "链接" in entry.passed_over


def encrypted(data: bytes) -> bytes:
    """Return an archive whose members claim to be encrypted."""
    patched = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = patched.find(mark)
        while at >= 0:
            patched[at + offset] |= 1
            at = patched.find(mark, at + 4)
    return bytes(patched)


def test_an_encrypted_archive_is_said_once(tmp_path: Path) -> None:
    (entry,) = entries(tmp_path, encrypted(zipped({"a.xlsx": b"x", "b.xlsx": b"x"})))
    assert (entry.name, code(entry)) == ("", "F02")


@pytest.mark.parametrize(
    ("files", "limits", "refused"),
    [
        ({str(number): b"" for number in range(9)}, replace(DEFAULT, max_entries=8), {"": "F03"}),
        ({"a": b"x" * 60, "b": b"x" * 60}, replace(DEFAULT, max_archive=100), {"": "F03"}),
        ({"a": b"x" * 60, "b": b"x"}, replace(DEFAULT, max_bytes=50), {"a": "F03", "b": ""}),
        ({"a": b"\0" * 3_000_000, "b": b"x"}, DEFAULT, {"a": "F03", "b": ""}),
        ({}, DEFAULT, {"": "F01"}),
    ],
    ids=["entries", "bytes", "one file", "ratio", "empty"],
)
def test_limits_are_findings(
    files: Mapping[str, bytes], limits: Limits, refused: Mapping[str, str], tmp_path: Path
) -> None:
    assert {entry.name: code(entry) for entry in entries(tmp_path, zipped(files), limits)} == refused


def test_what_archives_inside_hold_counts_together(tmp_path: Path) -> None:
    inner = zipped({str(number): b"" for number in range(5)})
    found = entries(tmp_path, zipped({"a.zip": inner, "b.zip": inner}), replace(DEFAULT, max_entries=10))
    assert [(entry.name, code(entry)) for entry in found][-1] == ("b.zip", "F03")


def test_a_forged_directory_costs_nothing(tmp_path: Path) -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 0xFFFFFFF0, 0, 0)
    (tmp_path / "a.zip").write_bytes(zipped({"a": b"x"})[:-22] + end)
    (entry,) = unpack(tmp_path / "a.zip", DEFAULT) or ()
    assert code(entry) == "F01"
    with (tmp_path / "b.zip").open("wb") as file:
        file.write(b"PK\x03\x04")
        file.truncate(20_000_000)
        file.seek(0, 2)
        file.write(struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, 19_000_000, 0, 0))
    (entry,) = unpack(tmp_path / "b.zip", DEFAULT) or ()
    assert code(entry) == "F03"


def test_what_lies_in_an_archive_may_be_larger_than_any_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("perfxl.receive.archive._LONGEST_DIRECTORY", 10_000)
    inner = zipped({"a.xlsx": good(), "noise": Random(1).randbytes(20_000)})
    assert len(inner) > 20_000
    found = {entry.name: entry for entry in entries(tmp_path, zipped({"内.zip": inner}))}
    assert found.keys() == {"内.zip/a.xlsx", "内.zip/noise"}
    assert extract(tmp_path / "批.zip", found["内.zip/a.xlsx"].slices) == good()


def claiming(name: str, packed: int, size: int) -> bytes:
    """Return an archive of five bytes of which its directory claims other sizes, beyond four bytes where they need it."""
    encoded, large = name.encode(), max(packed, size) >= 1 << 32
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 0, 0, 33, 0, 5, 5, len(encoded), 0) + encoded + b"hello"
    extra = struct.pack("<2H2Q", 1, 16, size, packed) if large else b""
    told = (0xFFFFFFFF, 0xFFFFFFFF) if large else (packed, size)
    lengths = (len(encoded), len(extra), 0, 0, 0)
    head = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 45, 0, 0, 0, 33, 0, *told, *lengths, 0, 0) + encoded + extra
    return local + head + struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 1, 1, len(head), len(local), 0)


@pytest.mark.parametrize("name", ["a.xlsx", "a.zip"])
@pytest.mark.parametrize(
    ("packed", "size"), [(0xFFFFFFF0, 5), (0x7FFFFFF0, 5), (5, 40_000_000), (2**63 - 1, 5), (2**63 - 1, 2**63 - 1)]
)
def test_a_forged_size_costs_nothing(packed: int, size: int, name: str, tmp_path: Path) -> None:
    tracemalloc.start()
    (entry,) = entries(tmp_path, claiming(name, packed, size))
    if entry.refused is None:
        found = extract(tmp_path / "批.zip", entry.slices)
        assert isinstance(found, Finding)
        assert found.code == "F01"
    else:
        assert code(entry) in {"F01", "F03"}
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def noted(times: list[int], work: Callable[[int], object], bits: int) -> object:
    times.append(bits)
    return work(bits)


def test_an_archive_inside_an_archive_is_inflated_once_for_all_its_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped({f"{number:02}.xlsx": b"%d" % number for number in range(30)})
    found = entries(tmp_path, zipped({"中.zip": zipped({"内.zip": inner})}))
    inflated: list[int] = []
    monkeypatch.setattr(zlib, "decompressobj", partial(noted, inflated, zlib.decompressobj))
    assert [extract(tmp_path / "批.zip", entry.slices) for entry in found] == [b"%d" % n for n in range(30)]
    assert len(inflated) == 30 + 2


def test_a_workbook_is_no_archive_whatever_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.zip").write_bytes(good())
    (tmp_path / "b.zip").write_bytes(b"Rar!\x1a\x07")
    (tmp_path / "c.zip").write_bytes(zipped({"a.xlsx": b"x"}))
    (tmp_path / "d.zip").write_bytes(b"PK\x03\x04 cut short")
    found = {name: unpack(tmp_path / f"{name}.zip", DEFAULT) for name in "abcd"}
    assert [name for name in "abcd" if found[name] is None] == ["a", "b"]
    (entry,) = found["d"] or ()
    assert entry.refused is not None
    assert (entry.refused.code, "压缩包已损坏" in entry.refused.message) == ("F01", True)


def test_a_damaged_file_in_an_archive_is_a_finding(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.xlsx": bytes(range(256)) * 9}))
    data[60] ^= 0xFF
    (entry,) = entries(tmp_path, bytes(data))
    found = extract(tmp_path / "批.zip", entry.slices)
    assert isinstance(found, Finding)
    assert found.code == "F01"
