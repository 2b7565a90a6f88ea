"""Returns at addresses: read as those on a disk are, within the same limits; what gives access is in no result."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from msgspec.structs import replace

import perfxl
from perfxl.model.finding import Finding
from perfxl.package.limits import Limits
from perfxl.places import Address, place_of, read_at_most
from perfxl.receive.inputs import Input
from support import machines
from support.bucket import BUCKET, SECRET, bucket, needed
from support.command import Run
from support.machines import environment
from support.pile import bad, contents, good, lay, zipped


@cache
def files() -> dict[str, bytes]:
    return {
        **{f"{n % 2}/{n}.xlsx": (bad if n % 3 == 0 else good)(f"青溪区第{n}局", f"0304{n:02}") for n in range(6)},
        "教育/名 称#1?.xlsx": bad(),
        "批.zip": zipped({"教育/a.xlsx": bad(), "里.zip": zipped({"b.xlsx": good("青溪区档案局", "030499")})}),
        "empty.xlsx": b"",
        "0/~$1.xlsx": b"x",
        "__MACOSX/0/._1.xlsx": b"x",
        "old/a.json": b'{\n  "perfxl": 1\n}',
        "old/report.html": b'<!doctype html>\n<meta name="generator" content="perfxl">',
        "old/other.json": b"{}",
        ".perfxl-journal.jsonl": b"",
    }


def test_an_address_is_told_from_a_path_and_shown_without_what_gives_access() -> None:
    assert place_of("s3://b/x.xlsx") == Address("s3://b/x.xlsx")
    assert place_of("C://x") == Path("C://x")
    assert place_of("教育/a.xlsx") == Path("教育/a.xlsx")
    assert place_of(Path("s3://b")) == Path("s3://b")
    assert str(Address("ftp://clerk:secret@host/a b/c.xlsx")) == "ftp://host/a b/c.xlsx"
    assert str(Address("https://host/c.xlsx?Signature=secret#x")) == "https://host/c.xlsx"
    assert Address("https://host/c.xlsx?Signature=secret").name == "c.xlsx"
    assert Address("s3://b/交回/c#1?.xlsx").name == "c#1?.xlsx"
    for wrong in ("file:///etc/passwd", "zip://a.xlsx::s3://b/a.zip", "LOCAL://x"):
        with pytest.raises(perfxl.AddressError, match="不能这样写"):
            place_of(wrong)


def test_without_the_extra_it_is_said_what_to_install(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "fsspec", None)
    ran = run("check", "s3://b/a.xlsx")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == '错误：还没有安装读“s3://b/a.xlsx”要用的组件，请先运行：pip install "perfxl[cluster]"\n'


@pytest.mark.slow
def test_what_lies_in_memory_is_read_as_what_lies_on_a_disk(tmp_path: Path) -> None:
    """The same files, at an address of fsspec's that needs no server, and in a folder."""
    needed()
    import fsspec  # noqa: PLC0415 - not there where only the quick tests are run

    memory = fsspec.filesystem("memory")
    memory.pipe({f"/in/{name}": data for name, data in files().items()})
    try:
        there = perfxl.import_returns("memory://in", tmp_path / "there")
        lay(tmp_path / "in", files())
        here = perfxl.import_returns(tmp_path / "in", tmp_path / "here")
        assert there == here
        assert contents(tmp_path / "there") == contents(tmp_path / "here")
        assert len(there.returns) == 6 + 1 + 2 + 1 + 1
        most = Limits(max_bytes=1000)
        (found,) = (file for parts, file in Address("memory://in").below() if parts == ("0", "0.xlsx"))
        for file in (found, replace(found, size=None), replace(found, size=10**9)):
            refused = Input(file, "0.xlsx", "0.xlsx").read(most)
            assert isinstance(refused, Finding)
            assert refused.code == "F03"
        assert len(read_at_most(replace(found, size=None), 1000)) == 1001
    finally:
        memory.rm("/in", recursive=True)
    with pytest.raises(perfxl.AddressError, match="找不到：memory://in"):
        perfxl.import_returns("memory://in", tmp_path / "there")
    with pytest.raises(perfxl.AddressError, match="不认识这样的地址"):
        perfxl.import_returns("nowhere://in", tmp_path / "there")


@pytest.fixture(scope="module")
def access() -> Iterator[dict[str, str]]:
    needed()
    with bucket({f"交回/{name}": data for name, data in files().items()}) as found:
        yield found


def command(cwd: Path, access: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    words = (sys.executable, "-m", "perfxl", *words)
    return subprocess.run(words, env=environment(**access), cwd=cwd, capture_output=True, check=False, encoding="utf-8")


@pytest.mark.slow
def test_a_bucket_is_read_as_a_folder_is_by_one_machine_and_by_more(access: dict[str, str], tmp_path: Path) -> None:
    lay(tmp_path / "交回", files())
    told = ("--output-format", "json", "--jobs", "1")
    here = command(tmp_path, access, "import", "交回", "-o", "here", *told)
    one = command(tmp_path, access, "import", f"s3://{BUCKET}/交回/", "-o", "one", *told)
    assert (one.returncode, one.stdout) == (here.returncode, here.stdout), one.stderr
    assert contents(tmp_path / "one") == contents(tmp_path / "here")
    (tmp_path / "machines").mkdir()
    with machines.machines(tmp_path / "machines", 1, access) as address:
        words = ("import", f"s3://{BUCKET}/交回", "-o", "many", "--output-format", "json", "--cluster", address)
        many = command(tmp_path, access, *words)
    assert (many.returncode, many.stdout) == (here.returncode, here.stdout), many.stderr
    assert contents(tmp_path / "many") == contents(tmp_path / "here")
    written = b"".join([*contents(tmp_path / "many").values(), *contents(tmp_path / "one").values()])
    assert SECRET.encode() not in written
    assert SECRET not in many.stderr + one.stderr


@pytest.mark.slow
def test_what_is_wrong_with_an_address_is_said_without_what_gives_access(
    access: dict[str, str], tmp_path: Path
) -> None:
    one = command(tmp_path, access, "check", f"s3://{BUCKET}/交回/1/1.xlsx", "--output-format", "json")
    assert one.returncode == 0
    assert '"file": "1.xlsx"' in one.stdout
    nobody = {**access, "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "", "AWS_EC2_METADATA_DISABLED": "true"}
    ran = command(tmp_path, {**nobody, "HOME": str(tmp_path)}, "check", f"s3://{BUCKET}/交回")
    assert (ran.returncode, ran.stdout) == (3, "")
    assert ran.stderr.startswith(("没有权限读", "读不了"))
