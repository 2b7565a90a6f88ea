"""Every option of every command with wrong values; help, version, completion; what is said is said in Chinese."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import perfxl
from perfxl import cli
from support.command import Run
from support.filings import ERROR, document, filed
from support.pile import contents, good, lay

GROUP: Any = typer.main.get_command(cli.app)
OFFERED: dict[str, Any] = {name: GROUP.get_command(None, name) for name in GROUP.list_commands(None)}
FORM = "jilin-dept-self-eval"
COMMANDS = {
    "demo": (),
    "forms": (),
    "show": (FORM,),
    "schema": (FORM,),
    "generate": (FORM, "--year", "2024"),
    "import": ("in",),
    "check": ("in",),
    "carry": ("results", "--to", FORM),
    "summarize": ("results",),
    "report": ("results",),
    "notices": ("results",),
    "page": (),
    "serve": (),
    "adopt": ("blank.xlsx",),
    "diff": (FORM, FORM),
    "lint": (),
    "rules": (),
}
"""What each command needs besides options."""

NOWHERE = "没有这里"
BLANK = ("", "  ", "\u3000")
NUMBERS = ("24", "abc", "2024.5", "-1", "0", "1e3", "9" * 5000, "二〇二四", *BLANK)
WRONG: dict[str, tuple[str, ...]] = {
    "--year": NUMBERS,
    "--period": ("2024", "一季度", "2024年五季度", "abc", "2024年一季度", *BLANK),
    "--jobs": ("abc", "0", "-1", "1.5", "257", "9" * 5000, *BLANK),
    "--output-format": ("xml", "jsn", *BLANK),
    "--fail-on": ("warn", "info", "1", *BLANK),
    "--form": ("hunan", "自评", NOWHERE, *BLANK),
    "--expect": ("hunan", NOWHERE, "mof-project-goal:24", "mof-project-goal:", *BLANK),
    "--to": ("hunan", "自评", NOWHERE, *BLANK),
    "--runtime": (NOWHERE, "folder", "picture.png", *BLANK),
    "--roster": (NOWHERE, "folder", "picture.png", "empty", *BLANK),
    "--against": (NOWHERE, "picture.png", *BLANK),
    "--templates": (NOWHERE, "picture.png", "broken", *BLANK),
    "--data": (NOWHERE, "folder", "picture.png", "list.json", "empty", *BLANK),
    "--rows": (
        "projects",
        "=3",
        "indicators=",
        "indicators=0",
        "indicators=x",
        "indicators=9999999",
        f"{NOWHERE}=3",
        *BLANK,
    ),
    "--name": ("{{nothing}}", "{{", "{{ ''.__class__ }}", *BLANK),
    "--unit": BLANK,
    "--unit-code": BLANK,
    "--contact": BLANK,
    "-o": BLANK,
    "--at-least": ("abc", "-1", "101", *BLANK),
    "--id": ("自评表", "My Form", "a_b", *BLANK),
    "--sheet": (NOWHERE, *BLANK),
    "--copy": (NOWHERE, "folder", "picture.png", "empty", *BLANK),
    "--each": BLANK,
    "--workspace": ("picture.png", *BLANK),
    "--host": (NOWHERE, "1.2.3.4", *BLANK),
    "--port": ("abc", "0", "-1", "65536", "80.5", *BLANK),
    "--deadline": ("明天", "2024-02-30", "5月20日", *BLANK),
    "--cluster": (
        "10.1.2.3",
        "tcp://10.1.2.3",
        "10.1.2.3:0",
        "10.1.2.3:65536",
        "http://10.1.2.3:8786",
        NOWHERE,
        *BLANK,
    ),
    "--show-completion": ("csh", *BLANK),
}
"""Values that an option does not take; a new option has to have some, or to take none."""
FLAGS = {"--json", "--quiet", "--no-color", "--force", "--version", "--all", "--try", "--compare", "--blanks"}
FLAGS |= {"--officers", "--no-browser"}
PLACES = {"generate": 3, "import": 3, "carry": 3, "report": 3, "demo": 3}
"""Exit codes where results cannot be written."""

KNOWN = {
    "perfxl",
    "Excel",
    "Word",
    "WPS",
    "PDF",
    "PNG",
    "CSV",
    "JSON",
    "Schema",
    "Jinja",
    "Tab",
    "NaN",
    "UTF",
    *OFFERED,
}
KNOWN |= {"text", "json", "jsonl", "error", "warning", "bash", "zsh", "fish", "powershell", "output", "projects"}
KNOWN |= {"form", "version", "title", "region", "stage", "year", "basis", "sheet", "money", "columns", "bands", "unit"}
KNOWN |= {
    "code",
    "name",
    "project",
    "period",
    "xlsx",
    "docx",
    "tasks",
    "indicators",
    "sqlite",
    "duckdb",
    "parquet",
    "csv",
}
KNOWN |= {"xlsm", "xls", "et", "ods", "templates", "local", "Dask", "tcp"}
"""What may stand in Latin letters: names of programs and formats, words of the options, keys of a definition."""


def options(command: str) -> Iterator[str]:
    for parameter in OFFERED[command].params:
        if parameter.param_type_name == "option":
            yield parameter.opts[0]


CASES = [(command, option) for command in OFFERED for option in options(command)]
VALUED = [(command, option) for command, option in CASES if option in WRONG]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with wrong things in it, in which commands are run."""
    for folder in ("in", "folder"):
        (tmp_path / folder).mkdir()
    files = {
        "empty": b"",
        "blank.xlsx": good(),
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(64),
        "list.json": b"[1, 2]",
        "broken/x/form.yaml": b"form: x\n",
        "results/a.json": document("a.xlsx", filed("qinghai-dept-approval", {"unit_name": "青溪区教育局"})),
        "results/b.json": document("b.xlsx", filed("hunan-self-eval-report", {"unit_name": "青溪区教育局"})),
        "results/c.json": document("c.xlsx", filed("mof-project-goal", {"project_name": "甲"}), findings=(ERROR,)),
    }
    monkeypatch.chdir(lay(tmp_path, files))
    return tmp_path


def told(text: str) -> None:
    """Fail where a message is not in Chinese, or has words of Python or of the system; what is quoted may be anything."""
    assert any("\u4e00" <= char <= "\u9fff" for char in text)
    plain = re.sub(
        r"“[^”]*”|--?[a-z-]+|[\w./-]+\.(?:yaml|xlsx|csv|html)[:\d]*|[a-z]+(?:-[a-z]+)+|\{\{\w+\}\}", "", text
    )
    assert not set(re.findall(r"[A-Za-z]{2,}", plain)) - KNOWN, text


def test_every_option_is_tried() -> None:
    assert {option for _, option in CASES} <= WRONG.keys() | FLAGS
    assert COMMANDS.keys() == OFFERED.keys()


@pytest.mark.slow
@pytest.mark.parametrize(("command", "option"), VALUED)
def test_a_wrong_value_is_wrong_usage_that_says_what_is_allowed(
    command: str, option: str, run: Run, place: Path
) -> None:
    before = contents(place)
    for value in WRONG[option]:
        ran = run(command, *COMMANDS[command], option, value)
        assert (ran.code, ran.out) == (2, ""), ran
        told(ran.err)
        if not value.strip():
            assert f"选项 {option} " in ran.err
            continue
        assert value.partition("=3")[0][:30] in ran.err
        if option in {"--year", "--jobs"}:
            assert re.search(r"应是 \d+ 到 \d+ 的", ran.err)
        if option in {"--output-format", "--fail-on"}:
            assert "只能是" in ran.err
    assert contents(place) == before


@pytest.mark.slow
@pytest.mark.parametrize(("command", "option"), CASES)
def test_an_option_without_its_value_or_a_flag_with_one_is_told(
    command: str, option: str, run: Run, place: Path
) -> None:
    assert place.is_dir()
    flag = option in FLAGS
    ran = run(command, *COMMANDS[command], f"{option}=1" if flag else option)
    assert ran.code == 2
    assert ("后面不用写内容" if flag else "后面要有内容") in ran.err
    assert f"用法见 perfxl {command} --help" in ran.err
    told(ran.err)


@pytest.mark.slow
@pytest.mark.parametrize("command", PLACES)
@pytest.mark.parametrize("output", ["empty", "empty/below"])
def test_results_onto_a_file_are_told_in_chinese(command: str, output: str, run: Run, place: Path) -> None:
    (place / "in" / "a.xlsx").write_bytes(good())
    ran = run(command, *COMMANDS[command], "-o", output)
    assert ran.code == 3
    assert "写不了“" in ran.err
    assert "empty" in ran.err
    told(ran.err)
    assert (place / "empty").read_bytes() == b""


@pytest.mark.slow
@pytest.mark.parametrize("command", OFFERED)
def test_words_too_many_missing_or_misspelt_are_told(command: str, run: Run, place: Path) -> None:
    assert place.is_dir()
    ran = run(command, *COMMANDS.get(command, ()), "--nowhere")
    assert ran.code == 2
    assert "没有“--nowhere”这个选项" in ran.err
    told(ran.err)
    if COMMANDS.get(command):
        ran = run(command)
        assert ran.code == 2
        assert "缺少“" in ran.err
        told(ran.err)


def test_a_word_too_many_is_named(run: Run) -> None:
    ran = run("forms", "湖南", "自评")
    assert (ran.code, ran.out) == (2, "")
    assert "多写了“湖南 自评”" in ran.err


@pytest.mark.slow
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("hubei", ["hubei-dept-goal"]),
        ("Hunan", ["hunan-dept-self-eval", "hunan-self-eval-report"]),
        ("湖南", ["hunan-dept-self-eval", "hunan-self-eval-report"]),
        ("湖南报告", ["hunan-self-eval-report"]),
        ("self-eval jilin", ["jilin-dept-self-eval", "jilin-project-self-eval"]),
        ("监控表", ["mof-project-monitor"]),
        ("hunan-dept-self-evla", ["hunan-dept-self-eval"]),
        ("什么都不是", []),
    ],
)
def test_a_part_of_a_name_or_title_suggests_the_forms_that_have_it(said: str, meant: list[str], run: Run) -> None:
    for words in (("show", said), ("generate", said), ("check", ".", "--form", said)):
        ran = run(*words)
        assert ran.code == 2
        assert re.findall(r"[a-z]+(?:-[a-z]+)+(?=（)", ran.err) == meant
        assert ("是否想写" in ran.err) is bool(meant)


def test_a_definition_that_is_not_where_it_is_said_to_be_is_told(run: Run, place: Path) -> None:
    (place / "folder").mkdir(exist_ok=True)
    for name, said in (
        ("old/form.yaml", "没有“old/form.yaml”这个文件或文件夹"),
        ("form@2023.yaml", "没有“form@2023.yaml”这个文件或文件夹"),
        ("folder", "“folder”里没有表样（form.yaml）"),
        ("nothing", "没有编号为“nothing”的表式"),
    ):
        ran = run("diff", FORM, name)
        assert (ran.code, ran.out) == (2, "")
        assert said in ran.err


def test_a_runtime_that_is_not_there_is_told(run: Run, place: Path) -> None:
    ran = run("page", "--runtime", (place / "nowhere").as_posix())
    assert ran.code == 2
    assert "找不到这个文件或文件夹" in ran.err


def test_a_folder_without_workbooks_is_told(run: Run, place: Path) -> None:
    (place / "nothing").mkdir()
    assert "没有找到要读取的文件" in run("import", "nothing", "-o", "results").err
    assert "没有找到要读取的文件" in run("check", "nothing").err


# -- help, version, completion ------------------------------------------------------------------------------------------


def test_the_name_alone_shows_what_there_is(run: Run) -> None:
    bare, asked = run(), run("--help")
    assert bare.out == asked.out
    assert (bare.code, asked.code) == (2, 0)
    assert all(f"  {command} " in bare.out for command in OFFERED)
    assert not bare.err


@pytest.mark.parametrize("command", OFFERED)
def test_help_is_chinese_and_names_every_option(command: str, run: Run) -> None:
    ran = run(command, "-h")
    assert ran.code == 0
    told(ran.out)
    for option in options(command):
        assert re.search(rf"^  {option}[ ,]", ran.out, re.MULTILINE)
    for word in ("Usage", "Options", "required", "default", "list", "Show"):
        assert word not in ran.out


def test_help_shows_what_is_taken_where_nothing_is_said(run: Run) -> None:
    assert "用法：perfxl page [表样...] [选项]" in run("page", "-h").out
    assert "默认为 95。" in run("adopt", "-h").out
    assert "不识别" not in run("adopt", "-h").out
    served = run("serve", "-h").out
    assert "默认为当前文件夹。" in served
    assert "默认为 8300。" in served


def test_the_version_is_told(run: Run) -> None:
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"perfxl {perfxl.__version__}\n", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "powershell"])
def test_the_script_of_a_shell_asks_perfxl(shell: str, run: Run) -> None:
    ran = run("--show-completion", shell)
    assert ran.code == 0
    assert "_PERFXL_COMPLETE" in ran.out
    assert f"complete_{shell}" in ran.out


def completed(*words: str) -> list[str]:
    asked = {"_PERFXL_COMPLETE": "complete_bash", "COMP_WORDS": " ".join(words), "COMP_CWORD": str(len(words) - 1)}
    done = subprocess.run(
        [sys.executable, "-m", "perfxl"], env=os.environ | asked, capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout.split()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("perfxl", "ge"), ["generate"]),
        (("perfxl", "show", "mof-project-m"), ["mof-project-monitor"]),
        (("perfxl", "generate", "hun"), ["hunan-dept-self-eval", "hunan-self-eval-report"]),
        (("perfxl", "import", "x", "--output-format", "j"), ["json", "jsonl"]),
        (("perfxl", "check", "x", "--fail-on", ""), ["error", "warning"]),
        (("perfxl", "check", "x", "--form", "ji"), ["jilin-dept-self-eval", "jilin-project-self-eval"]),
        (("perfxl", "check", "--fail"), ["--fail-on"]),
    ],
)
def test_a_shell_completes_commands_options_forms_and_words(words: tuple[str, ...], expected: list[str]) -> None:
    assert sorted(completed(*words)) == expected


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_bash_takes_the_script(run: Run, tmp_path: Path) -> None:
    script = run("--show-completion", "bash").out
    perfxl_here = tmp_path / "perfxl"
    perfxl_here.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m perfxl "$@"\n', encoding="utf-8")
    perfxl_here.chmod(0o755)
    asked = f"{script}\nCOMP_WORDS=(perfxl sch)\nCOMP_CWORD=1\n_perfxl_completion perfxl\necho ${{COMPREPLY[@]}}"
    paths = os.environ | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", asked], env=paths, capture_output=True, check=True, encoding="utf-8")
    assert done.stdout.strip() == "schema"


# -- Ctrl-C -------------------------------------------------------------------------------------------------------------


def test_after_ctrl_c_the_same_command_goes_on(run: Run, place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(place / "in", {"a.xlsx": good(), "b.xlsx": good("青溪区档案局", "030401")})

    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("perfxl.receive.pile.Pile.settle", stopped)
        ran = run("import", "in", "-o", "out", "--jobs", 1)
    assert ran.code == 130
    assert ran.err.splitlines()[-1] == "已中止；再运行一次同样的命令就接着做"
    ran = run("import", "in", "-o", "out", "--jobs", 1)
    assert "2 个文件与上次相同" in ran.err
    assert len(json.loads((place / "out" / "summary.json").read_text(encoding="utf-8"))["returns"]) == 2
