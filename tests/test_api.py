"""The Python interface: what can be imported, what is taken for a file, what is raised."""

from __future__ import annotations

import ast
import errno
import importlib
import inspect
import io
import pickle
import pkgutil
import re
import subprocess
import sys
import tomllib
import types
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, get_args, get_type_hints

import pytest
from msgspec import Struct
from msgspec.structs import fields

import perfxl
from perfxl.model.error import Error, reason_of
from support.pile import bad, good, lay

ROSTER = "code,name\n0001,青溪区档案局\n430407,石鼓区教育局\n"
SOURCE = Path(perfxl.__file__)
INSIDE = {
    "Form": {"bands", "rules", "groups", "page", "computed", "carries", "table", "flat", "codes", "lists"}
    | {"printed_as", "identity", "cover", "block", "sheets", "parts", "part_of"},
    "Period": {"parts"},
    "Type": {"traits"},
    "Field": {"formula", "needed", "barred", "caption", "choices"},
}
INSIDE |= {"Layout": {"live", "page", "lists", "cover"}, "PlacedCell": {"look", "caption", "font"}}
"""What a form and a layout are made of is looked at by perfxl alone, and may change."""


def public(kind: object) -> Iterator[type]:
    """Yield the classes of perfxl that an annotation names."""
    if isinstance(kind, type) and not get_args(kind) and kind.__module__.startswith("perfxl"):
        yield kind
    for part in get_args(kind):
        yield from public(part)


def named(kind: type) -> Iterator[type]:
    """Yield the classes that the public attributes of a class give."""
    hidden = INSIDE.get(kind.__name__, set())
    for field in fields(kind) if issubclass(kind, Struct) else ():
        if not field.name.startswith("_") and field.name not in hidden:
            yield from public(field.type)
    for name, member in vars(kind).items():
        call = member.fget if isinstance(member, property) else member
        if isinstance(call, types.FunctionType) and not name.startswith("_") and name not in hidden:
            yield from public(get_type_hints(call).get("return"))


def test_whatever_is_returned_accepted_or_found_in_it_can_be_imported() -> None:
    given = [getattr(perfxl, name) for name in perfxl.__all__]
    todo = [one for one in given if isinstance(one, type)]
    for function in (one for one in given if isinstance(one, types.FunctionType)):
        todo += [kind for hint in get_type_hints(function).values() for kind in public(hint)]
    seen: set[type] = set()
    while todo:
        kind = todo.pop()
        if kind not in seen:
            seen.add(kind)
            todo += named(kind)
    missing = {kind.__name__ for kind in seen if getattr(perfxl, kind.__name__, None) is not kind}
    assert missing == set()
    assert len(seen) > 35


def test_the_lists_of_names_agree() -> None:
    tree = ast.parse(SOURCE.read_text(encoding="utf-8"))
    known = next(node for node in tree.body if isinstance(node, ast.If))
    typed = {name.name: node.module for node in known.body if isinstance(node, ast.ImportFrom) for name in node.names}
    for name, place in typed.items():
        assert getattr(perfxl, name) is getattr(importlib.import_module(str(place)), name)
    assert perfxl.__all__ == sorted({*typed, "__version__"})
    assert dir(perfxl) == perfxl.__all__
    with pytest.raises(AttributeError, match="nothing"):
        _ = perfxl.nothing


def test_nothing_is_imported_before_it_is_asked_for() -> None:
    code = "import perfxl, sys; print(sorted(name for name in sys.modules if name.startswith('perfxl.')))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "[]"


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((SOURCE.parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    assert project["project"]["dynamic"] == ["version"]
    assert project["tool"]["hatch"]["version"]["path"] == "perfxl/__init__.py"
    others = [path for path in SOURCE.parent.rglob("*.py") if perfxl.__version__ in path.read_text(encoding="utf-8")]
    assert others == [SOURCE]


# -- errors -------------------------------------------------------------------------------------------------------------


def errors() -> Iterator[type[Exception]]:
    for found in pkgutil.walk_packages([str(SOURCE.parent)], "perfxl."):
        if found.name != "perfxl.__main__":
            module = importlib.import_module(found.name)
            kinds = (kind for _, kind in inspect.getmembers(module, inspect.isclass) if kind.__module__ == found.name)
            yield from (kind for kind in kinds if issubclass(kind, Exception))


INNER = {
    "ExpressionError",
    "Malformed",
    "Refused",
    "UnfitPlate",
    "Unknown",
    "Unmarked",
    "Unreadable",
    "_Foreign",
    "_GivenUpError",
    "_TooLarge",
}
"""Errors that never leave the room that raises them; what they say becomes a finding or a problem."""


def test_all_errors_are_one_kind() -> None:
    for kind in errors():
        assert issubclass(kind, Error) is (kind.__name__ not in INNER), kind


def raised(call: Callable[[], object]) -> Error:
    with pytest.raises(Error) as caught:
        call()
    return caught.value


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    return lay(tmp_path / "templates", {"x/form.yaml": b"form: x\n"})


def test_errors_say_in_chinese_what_is_wrong_and_travel_between_processes(tmp_path: Path, templates: Path) -> None:
    form = perfxl.load_forms()["hunan-dept-self-eval"]
    (tmp_path / "a.marked.xlsx").write_bytes(bad())
    found = {
        perfxl.DataError: raised(lambda: perfxl.generate(form, data={"unit": 1, "goals": 2})),
        perfxl.RosterError: raised(lambda: perfxl.read_roster(b"code,name\n1,\n")),
        perfxl.DefinitionError: raised(lambda: perfxl.load_forms(templates)),
        perfxl.UnknownFormError: raised(lambda: perfxl.read(good(), form="hunan")),
        perfxl.WouldOverwriteError: raised(lambda: perfxl.import_returns(tmp_path / "a.marked.xlsx", tmp_path)),
        perfxl.CannotMark: raised(lambda: perfxl.marked(b"%PDF", perfxl.read(b"%PDF"))),
    }
    for kind, error in found.items():
        assert type(error) is kind
        back = pickle.loads(pickle.dumps(error))  # noqa: S301 - pickled here
        assert (type(back), str(back), vars(back)) == (kind, str(error), vars(error))
        assert any("\u4e00" <= char <= "\u9fff" for char in str(error)), error
    assert isinstance(found[perfxl.UnknownFormError], KeyError)
    assert "hunan-dept-self-eval" in str(found[perfxl.UnknownFormError])
    assert isinstance(found[perfxl.DataError], ValueError)


def test_a_folder_that_is_not_there_is_no_library(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        perfxl.load_forms(tmp_path / "nowhere")
    (tmp_path / "a.xlsx").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        perfxl.load_forms(tmp_path / "a.xlsx")


def test_what_the_system_says_is_chinese() -> None:
    for number in errno.errorcode:
        said = reason_of(OSError(number, "No space left on device"))
        assert not any("a" <= char.lower() <= "z" for char in said.replace("Excel、WPS", "")), said
    assert reason_of(OSError(errno.ENOSPC, "")).startswith("磁盘已满")
    assert reason_of(OSError("?")) == "系统没有允许"
    for path in SOURCE.parent.rglob("*.py"):
        assert not re.search(r"(?<!os)\.strerror", path.read_text(encoding="utf-8")), path


# -- files --------------------------------------------------------------------------------------------------------------


WAYS: dict[str, Callable[[Path], Any]] = {
    "path": lambda path: path,
    "text": str,
    "bytes": Path.read_bytes,
    "opened": lambda path: path.open("rb"),
    "in memory": lambda path: io.BytesIO(path.read_bytes()),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", WAYS)
def test_a_file_is_taken_as_path_text_bytes_or_opened(way: str, tmp_path: Path) -> None:
    lay(tmp_path, {"a.xlsx": bad(), "r.csv": ROSTER.encode()})
    whole = perfxl.read(tmp_path / "a.xlsx", roster=tmp_path / "r.csv")
    with ExitStack() as stack:

        def given(name: str) -> Any:
            file = WAYS[way](tmp_path / name)
            return stack.enter_context(file) if hasattr(file, "close") else file

        found = perfxl.read(given("a.xlsx"), name="a.xlsx", roster=given("r.csv"))
        assert found == whole
        assert perfxl.marked(given("a.xlsx"), found) == perfxl.marked(tmp_path / "a.xlsx", whole)
        assert perfxl.read_roster(given("r.csv")) == perfxl.read_roster(ROSTER.encode())
        (first, workbook), *_ = perfxl.generate_each(perfxl.load_forms()["jilin-dept-self-eval"], given("r.csv"))
        assert (first.name, workbook[:2]) == ("青溪区档案局", b"PK")


def test_a_file_is_called_as_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(good())
    with (tmp_path / "a.xlsx").open("rb") as file:
        assert perfxl.read(file).source.file == "a.xlsx"
    assert perfxl.read(good()).source.file == ""
    assert perfxl.read(good(), name="教育/b.xlsx").source.file == "教育/b.xlsx"
    assert perfxl.read(tmp_path / "a.xlsx").source.file == "a.xlsx"


def test_a_file_opened_as_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text(ROSTER, encoding="utf-8")
    with (tmp_path / "r.csv").open(encoding="utf-8") as file, pytest.raises(TypeError, match="二进制"):
        perfxl.read_roster(file)  # type: ignore[arg-type]


def test_imports_take_a_roster_in_every_way(tmp_path: Path) -> None:
    lay(tmp_path, {"in/a.xlsx": good(), "r.csv": ROSTER.encode()})
    for roster in (tmp_path / "r.csv", ROSTER.encode(), perfxl.read_roster(tmp_path / "r.csv")):
        overview = perfxl.import_returns(tmp_path / "in", tmp_path / "out", roster=roster)
        assert isinstance(overview, perfxl.Overview)
        assert [line.unit.name for line in overview.units] == ["青溪区档案局", "石鼓区教育局"]


def test_a_form_that_was_read_gives_its_data() -> None:
    (form,) = perfxl.read(good()).forms
    assert isinstance(form, perfxl.FormReturn)
    assert form.definition is perfxl.load_forms()[form.form]
    assert form.data["unit_name"] == "石鼓区教育局"
    funds = form.data["funds"]
    assert isinstance(funds, dict)
    assert form.record["funds.total.initial"] == funds["total"]["initial"]


@pytest.mark.parametrize(
    ("form", "rows", "said"),
    [
        ("henan-dept-goal", {"goals": 0}, "只能留 1 到 1000 块"),
        ("henan-dept-goal", {"tasks": 20_001}, "只能留 1 到 20000 行"),
        ("hubei-dept-goal", {"annual_goals": 1001}, "只能留 1 到 1000 块"),
    ],
)
def test_rows_that_no_blank_can_have_are_refused(form: str, rows: dict[str, int], said: str) -> None:
    with pytest.raises(perfxl.DataError) as told:
        perfxl.generate(perfxl.load_forms()[form], rows=rows)
    assert [(one.path, one.message) for one in told.value.misfits] == [(*rows, said)]
    assert perfxl.generate(perfxl.load_forms()[form], rows=dict.fromkeys(rows, 1))
