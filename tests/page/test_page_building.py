"""What the page is made of: the modules that it needs and no others, Python for the browser by its hashes, the same bytes again."""

from __future__ import annotations

import ast
import io
import json
import re
import shutil
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.forms.kept import from_text, to_text
from perfxl.page import alone, embedded, node, runtime
from perfxl.page import build as build_module
from perfxl.page.build import build
from perfxl.page.licences import licences
from perfxl.page.modules import REPLACED, own_modules, packed, unpacked
from perfxl.page.node import Frozen
from perfxl.page.runtime import HASHES, WHEEL, Runtime, RuntimeMissingError
from support.command import Run

HEAVY = {"jinja2", "lxml", "openpyxl", "rich", "typer", "yaml", "docxtpl", "sqlite3"}


def wheel() -> bytes:
    return packed({"msgspec/__init__.py": b"", "msgspec/_core.so": b"\0asm", "msgspec-1.dist-info/METADATA": b"x"})


@pytest.fixture
def fake() -> Runtime:
    return Runtime({name: wheel() if name == WHEEL else name.encode() for name in HASHES})


@pytest.mark.slow
def test_the_page_has_what_it_imports_and_no_library_that_it_does_not() -> None:
    found = own_modules()
    tops = {name.split("/")[0].removesuffix(".py") for name in found}
    assert tops == {"perfxl", "xlsxwriter"}
    assert "perfxl/page/desk.py" in found
    assert not any(name.startswith(("perfxl/cli/", "perfxl/year/", "perfxl/ledger/")) for name in found)
    assert not any(
        b"import " + name.encode() in data.split(b"TYPE_CHECKING:")[0] for data in found.values() for name in HEAVY
    )


def imported(tree: ast.AST) -> Iterator[tuple[str | None, str]]:
    """Yield what a module imports from others while it runs: module and name."""
    for part in ast.iter_child_nodes(tree):
        if isinstance(part, ast.If) and "TYPE_CHECKING" in ast.dump(part.test):
            continue
        if isinstance(part, ast.ImportFrom):
            yield from ((part.module, alias.name) for alias in part.names)
        yield from imported(part)


def test_what_is_replaced_has_all_that_is_asked_of_it() -> None:
    """Also what was asked of it first a moment ago: a page whose modules cannot be imported checks nothing."""
    found = own_modules()
    instead = {"perfxl.forms.stock": embedded, "perfxl.workers": alone}
    assert {name: other.__name__ for name, other in instead.items()} == dict(REPLACED)
    asked: set[tuple[str, str]] = set()
    for name, other in instead.items():
        assert other.__file__
        assert found[name.replace(".", "/") + ".py"] == Path(other.__file__).read_bytes()
        for source in (source for source in found.values() if name.encode() in source):
            asked |= {(name, word) for module, word in imported(ast.parse(source)) if module == name}
    assert {("perfxl.workers", "Stopped"), ("perfxl.forms.stock", "load_forms")} <= asked
    assert [(name, word) for name, word in sorted(asked) if not hasattr(instead[name], word)] == []


def test_forms_are_the_same_after_they_were_packed_and_packed_the_same_again() -> None:
    forms = dict(load_forms())
    text = to_text(forms.values())
    assert from_text(text) == forms
    assert to_text(from_text(text).values()) == text


def test_of_a_wheel_the_modules_and_the_compiled_part_are_taken() -> None:
    assert set(unpacked(wheel())) == {"msgspec/__init__.py", "msgspec/_core.so"}


def test_the_same_is_packed_into_the_same_bytes() -> None:
    assert packed({"b": b"2", "a": b"1"}) == packed({"a": b"1", "b": b"2"})


@pytest.mark.slow
def test_a_page_is_whole_and_the_same_again(fake: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.which", lambda _: None)
    forms = {"hunan-dept-self-eval": load_forms()["hunan-dept-self-eval"]}
    page = build(forms, fake)
    assert page == build(forms, fake)
    text = page.decode()
    assert "部门整体支出绩效自评表" in text
    assert "data-blank" not in text.partition("<script")[0]
    assert 'data-blank="hunan-dept-self-eval"' in build(forms, fake, tuple(forms)).decode()
    assert "default-src 'none'" in text
    for hole in (
        "{POLICY}",
        "{STYLE}",
        "{FORMS}",
        "{LICENCES}",
        "{DATA}",
        "{SCRIPT}",
        "{WORKER}",
        "{LOCK}",
        "{LIBRARY}",
    ):
        assert hole not in text
    for word in ("MPL-2.0", "PSF-2.0", "BSD-3-Clause"):
        assert word in text


def test_licences_that_have_to_be_handed_on_stand_in_the_page_in_full() -> None:
    text = licences({"msgspec-1.dist-info/licenses/LICENSE": b"Copyright <one>\nAll rights reserved."})
    assert "<h2>msgspec</h2><pre>Copyright &lt;one&gt;\nAll rights reserved.</pre>" in text
    assert "John McNamara" in text


@pytest.mark.slow
def test_memory_is_written_down_where_node_can_do_it(fake: Runtime, monkeypatch: pytest.MonkeyPatch) -> None:
    """The modules stay out then: they are in the memory already."""
    forms = {"hunan-dept-self-eval": load_forms()["hunan-dept-self-eval"]}
    monkeypatch.setattr(build_module, "compiled", lambda modules, *_: dict(modules))
    monkeypatch.setattr(build_module, "frozen", lambda *_: Frozen(b"memory", b"rest"))
    text = build(forms, fake).decode()
    assert {part.partition('"')[0] for part in text.split('data-part="')[1:]} == {
        "wasm",
        "asm",
        "js",
        "stdlib",
        "memory",
        "library",
    }
    monkeypatch.setattr(build_module, "frozen", lambda *_: None)
    text = build(forms, fake).decode()
    assert {part.partition('"')[0] for part in text.split('data-part="')[1:]} == {"wasm", "asm", "js", "stdlib", "site"}


@pytest.mark.parametrize("program", ["", "false"])
def test_without_a_node_that_works_nothing_is_compiled_and_no_memory_is_written(
    program: str, fake: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = shutil.which(program) if program else None
    monkeypatch.setattr("shutil.which", lambda _: found)
    modules = {"a.py": b""}
    assert node.compiled(modules, fake, "") == modules
    assert node.frozen(modules, b"", fake, "") is None


def test_even_the_oldest_browser_reads_what_tells_it_that_it_is_too_old() -> None:
    """The words of later JavaScript stop an old browser before it has run anything of a script."""
    text = (Path(build_module.__file__).parent / "old.js").read_text("utf-8")
    code = re.sub(r'"[^"]*"|//.*', "", text)
    assert not re.search(r"=>|`|\?\.|\?\?|\.\.\.|\b(?:let|const|class|async|await|of)\b", code)


# -- the runtime ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> dict[str, bytes]:
    """Small files in the place of the real ones."""
    import hashlib  # noqa: PLC0415

    files = {name: f"{name}!".encode() for name in HASHES}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    monkeypatch.setattr(runtime, "HASHES", hashes)
    return files


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with tarfile.open(path, "w:gz") as made:
        for name, data in files.items():
            entry = tarfile.TarInfo(f"package/{name}")
            entry.size = len(data)
            made.addfile(entry, io.BytesIO(data))
    return path


def test_it_is_taken_from_a_folder_or_an_archive(pinned: dict[str, bytes], tmp_path: Path) -> None:
    for name, data in pinned.items():
        (tmp_path / "folder").mkdir(exist_ok=True)
        (tmp_path / "folder" / name).write_bytes(data)
    assert dict(runtime.runtime(tmp_path / "folder").files) == pinned
    assert dict(runtime.runtime(archive(tmp_path / "a.tgz", pinned)).files) == pinned
    (tmp_path / "both").mkdir()
    archive(tmp_path / "both" / "p.tgz", {name: data for name, data in pinned.items() if name != WHEEL})
    (tmp_path / "both" / WHEEL).write_bytes(pinned[WHEEL])
    assert dict(runtime.runtime(tmp_path / "both").files) == pinned


def test_what_is_missing_changed_or_no_archive_is_told(pinned: dict[str, bytes], tmp_path: Path) -> None:
    with pytest.raises(RuntimeMissingError, match=r"没有网页要用的“pyodide\.mjs”"):
        runtime.runtime(archive(tmp_path / "a.tgz", {n: d for n, d in pinned.items() if n != "pyodide.mjs"}))
    with pytest.raises(RuntimeMissingError, match="不是同一个文件"):
        runtime.runtime(archive(tmp_path / "b.tgz", pinned | {"pyodide.mjs": b"other"}))
    (tmp_path / "c.tgz").write_bytes(b"no archive")
    with pytest.raises(RuntimeMissingError, match="不是完整的压缩包"):
        runtime.runtime(tmp_path / "c.tgz")


def test_without_a_network_or_the_program_that_fetches_it_says_what_to_do(
    pinned: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(runtime, "cache", lambda: tmp_path / "cache")
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(RuntimeMissingError, match="--runtime"):
        runtime.runtime(None)
    monkeypatch.setattr("shutil.which", lambda _: "/bin/false")
    with pytest.raises(RuntimeMissingError, match="检查网络"):
        runtime.runtime(None)
    for name, data in pinned.items():
        (tmp_path / "cache").mkdir(exist_ok=True)
        (tmp_path / "cache" / name).write_bytes(data)
    assert dict(runtime.runtime(None).files) == pinned


def test_the_command_tells_what_is_wrong(run: Run, tmp_path: Path) -> None:
    ran = run("page", "--runtime", str(tmp_path), "-o", str(tmp_path / "a.html"))
    assert ran.code == 2
    assert "npm pack pyodide@" in ran.err
    ran = run("page", "没有这样的表", "-o", str(tmp_path / "a.html"))
    assert ran.code == 2
    assert not (tmp_path / "a.html").exists()


def test_the_lock_names_the_python_of_the_page() -> None:
    from perfxl.page.build import _LOCK  # noqa: PLC0415

    assert json.loads(json.dumps(_LOCK))["info"]["python"].startswith("3.14")
    with zipfile.ZipFile(io.BytesIO(packed({"a": b""}))) as made:
        assert made.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)
