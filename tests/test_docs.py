"""Documents say what is so: their examples run and print what they show."""

from __future__ import annotations

import doctest
import inspect
import re
import shutil
import types
from pathlib import Path

import pytest

import perfxl
from perfxl.forms.definition.load import shipped
from support.examples import commands, fits, run_command, run_programs, show_file
from support.pile import good, lay

ROOT = Path(perfxl.__file__).parent.parent
DOCUMENTS = sorted(path.relative_to(ROOT).as_posix() for path in [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
TEXTS = {name: (ROOT / name).read_text(encoding="utf-8") for name in DOCUMENTS}
WITH_COMMANDS = [name for name, text in TEXTS.items() if commands(text)]
WITH_PROGRAMS = [name for name, text in TEXTS.items() if "```python\n" in text]
ELSEWHERE = {"git", "pip", "pipx", "python", "uv"}
"""Programs that examples may name and that are not run here: they set up, or need the network."""


@pytest.fixture
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder as the documents suppose it: after the demonstration, with a mistake in a definition of one's own.

    A document that has files next to it, in a folder of its name, has them there as well.
    """
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "120")
    definition = (shipped() / "hunan-dept-self-eval" / "form.yaml").read_text(encoding="utf-8")
    own = definition.replace("form: hunan-dept-self-eval", "form: x", 1).replace("unit: unit_name", "unit: unit_nam", 1)
    lines = own[own.index("form: x") :].splitlines(keepends=True)
    before = 11 - next(number for number, line in enumerate(lines) if line.startswith("unit:"))
    lay(tmp_path, {"my-forms/x/form.yaml": ("#\n" * before + "".join(lines)).encode(), "returned/教育/a.xlsx": good()})
    beside = (ROOT / request.node.callspec.params["name"]).with_suffix("")
    if beside.is_dir():
        shutil.copytree(beside, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_there_are_examples() -> None:
    assert {"README.md", "README.zh-CN.md"} <= {*WITH_COMMANDS}
    assert {"README.md", "README.zh-CN.md", "docs/api.md"} <= {*WITH_PROGRAMS}


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_COMMANDS)
def test_commands_print_what_is_shown(name: str, place: Path) -> None:
    assert "三、收回、审核" in run_command("perfxl demo")
    wrong = []
    for example in commands(TEXTS[name]):
        program, _, rest = example.command.partition(" ")
        if program in ELSEWHERE:
            continue
        assert program in {"perfxl", "cat"}, f"{name}:{example.line}: {example.command}"
        printed = show_file(rest, example.printed) if program == "cat" else run_command(example.command)
        if not fits(printed, example.printed):
            wrong.append(f"{name}:{example.line}: {example.command}\n{printed}")
    assert not wrong, "\n".join(wrong)
    assert place.is_dir()


@pytest.mark.slow
@pytest.mark.parametrize("name", WITH_PROGRAMS)
def test_programs_print_what_is_shown(name: str, place: Path) -> None:
    lay(place, {"units.csv": "code,name\n430407,石鼓区教育局\n".encode()})
    for block, printed, expected in run_programs(TEXTS[name], name):
        assert expected is None or fits(printed, expected), f"{name}:{block.line}:\n{printed}"


def test_the_package_shows_at_its_head_how_it_is_used() -> None:
    assert doctest.testmod(perfxl) == doctest.TestResults(0, 4)


@pytest.mark.parametrize(
    ("printed", "expected", "same"),
    [
        ("a\nb\nc\n", "a\n…\nc\n", True),
        ("a\nc\n", "a\n…\nc\n", True),
        ("a\nb\n", "a\n…\nc\n", False),
        ("a  \n", "a\n", True),
        ("output/1.5 s\n", "output/… s\n", True),
        ("a\nb\n", "a\n", False),
        ("(a)\n", "(a)\n", True),
        ("", "", True),
    ],
)
def test_an_example_with_something_left_out_fits(printed: str, expected: str, same: bool) -> None:  # noqa: FBT001
    assert fits(printed, expected) is same


def test_the_page_about_python_names_all_that_can_be_imported() -> None:
    named = set(re.findall(r"`(\w+)`", TEXTS["docs/api.md"])) | {"__version__"}
    assert set(perfxl.__all__) - named == set()


def test_what_a_function_raises_can_be_imported() -> None:
    functions = [one for name in perfxl.__all__ if isinstance(one := getattr(perfxl, name), types.FunctionType)]
    for function in functions:
        said = inspect.getdoc(function) or ""
        raised = re.findall(r"\b(?:[A-Z]\w+Error|CannotMark)\b", said)
        for name in raised:
            assert hasattr(perfxl, name) or name in {"OSError", "TypeError", "ValueError", "FileNotFoundError"}, (
                function,
                name,
            )
