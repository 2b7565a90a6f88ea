"""The command line: exit codes, streams, files, words."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import generate, layout
from perfxl.demo import type_in
from perfxl.forms.definition.load import load_forms, shipped
from perfxl.outputs import HISTORY
from support.command import Run
from support.hunan import SHEET, typed

NAME = "hunan-dept-self-eval"
FORM = load_forms()[NAME]
LAYOUT = layout(FORM, year=2023, unit="石鼓区教育局", unit_code="430407")


@pytest.fixture(scope="module")
def good() -> bytes:
    blank = generate(FORM, year=2023, unit="石鼓区教育局", unit_code="430407")
    return type_in(blank, SHEET, typed(LAYOUT))


@pytest.fixture(scope="module")
def bad(good: bytes) -> bytes:
    return type_in(good, SHEET, {"H17": 22})


# -- forms --------------------------------------------------------------------------------------------------------------


def test_forms_are_listed(run: Run) -> None:
    ran = run("forms")
    assert ran.code == 0
    assert NAME in ran.out
    assert "部门整体支出绩效自评表" in ran.out


def test_forms_as_json(run: Run) -> None:
    listed = {form["id"]: form for form in json.loads(run("forms", "--json").out)}
    assert listed[NAME]["title"] == FORM.title
    assert listed[NAME]["fields"] == len(FORM.fields)


def test_show_speaks_chinese_without_raw_formulas(run: Run) -> None:
    out = run("show", NAME).out
    assert "全年执行数 ÷ 全年预算数" in out
    assert "ROUND" not in out
    assert "M06" in out


def test_a_form_that_is_not_there_is_usage_with_a_guess(run: Run) -> None:
    ran = run("show", "hunan-dept-self-evla")
    assert ran.code == 2
    assert f"是否想写 {NAME}" in ran.err
    assert not ran.out


def test_rules_are_listed_and_explained(run: Run) -> None:
    assert "M06" in run("rules").out
    assert "收支性质合计不符" in run("rules", "m06").out
    ran = run("rules", "M66")
    assert ran.code == 2
    assert "没有代码" in ran.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["generat"], "没有“generat”这个命令，是否想写 generate"),
        (["show"], "缺少“表式”"),
        (["forms", "--jsno"], "没有“--jsno”这个选项"),
        (["generate", NAME, "--year", "abc"], "选项 --year 填的是“abc”，应是 2000 到 2100 的年度"),
        (["import", "nowhere.xlsx"], "找不到：nowhere.xlsx"),
    ],
)
def test_wrong_usage_is_told_in_chinese(words: list[str], said: str, run: Run) -> None:
    ran = run(*words)
    assert ran.code == 2
    assert said in ran.err


# -- lint ---------------------------------------------------------------------------------------------------------------


def test_the_shipped_forms_are_in_order(run: Run) -> None:
    ran = run("lint")
    assert ran.code == 0, ran.out
    assert "没有错误" in ran.err


def test_every_mistake_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    text = (shipped() / NAME / "form.yaml").read_text(encoding="utf-8")
    broken = text.replace("type: money", "type: mony", 1).replace("code: M08", "code: M8", 1)
    (tmp_path / NAME).mkdir()
    (tmp_path / NAME / "form.yaml").write_text(broken, encoding="utf-8")
    ran = run("lint", tmp_path)
    assert ran.code == 2
    lines = [text[: text.index(what)].count("\n") + 1 for what in ("type: money", "code: M08")]
    for line in lines:
        assert f"form.yaml:{line}:" in ran.out
    assert "是否想写 money" in ran.out


def test_a_broken_definition_stops_other_commands(run: Run, tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "form.yaml").write_text("form: x\n", encoding="utf-8")
    assert run("forms", "--templates", tmp_path).code == 2


# -- generate -----------------------------------------------------------------------------------------------------------


def test_generate_names_the_file_after_unit_form_and_year(run: Run, tmp_path: Path) -> None:
    ran = run("generate", NAME, "--year", 2024, "--unit", "某/某局", "-o", tmp_path)
    assert ran.code == 0
    (file,) = tmp_path.iterdir()
    assert file.name == "某_某局-部门整体支出绩效自评表-2024.xlsx"
    assert ran.out.strip() == file.as_posix()


@pytest.mark.slow
def test_generate_by_pattern_and_several_sheets(run: Run, tmp_path: Path) -> None:
    run("generate", f"{NAME}:2", "--unit-code", "001", "--name", "{{code}}_{{form}}", "-o", tmp_path)
    book = openpyxl.load_workbook(tmp_path / f"001_{NAME}.xlsx")
    assert [sheet.title for sheet in book if sheet.sheet_state == "visible"] == [
        "自评表",
        "自评表(2)",
        "填报自检",
        "填表说明",
    ]


@pytest.mark.parametrize("pattern", ["{{nothing}}", "{{", "{{ ''.__class__.__mro__ }}"])
def test_a_pattern_that_does_not_do_is_usage(pattern: str, run: Run, tmp_path: Path) -> None:
    assert run("generate", NAME, "--name", pattern, "-o", tmp_path).code == 2
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_generate_takes_the_year_from_a_date_in_the_data(run: Run, tmp_path: Path) -> None:
    ran = run("generate", "hubei-dept-goal", "--data", shipped() / "hubei-dept-goal/sample.json", "-o", tmp_path)
    (file,) = tmp_path.iterdir()
    assert (ran.code, file.stem.rpartition("-")[2]) == (0, "2024")
    sheet = openpyxl.load_workbook(file)["部门整体目标申报表"]
    assert {"2022年", "2023年"} <= {cell.value for row in sheet.iter_rows() for cell in row}


@pytest.mark.slow
def test_generate_beats_the_date_by_the_year_that_is_given(run: Run, tmp_path: Path) -> None:
    data = shipped() / "hubei-dept-goal/sample.json"
    assert run("generate", "hubei-dept-goal", "--data", data, "--year", 2025, "-o", tmp_path).code == 0
    assert [file.stem.rpartition("-")[2] for file in tmp_path.iterdir()] == ["2025"]


@pytest.mark.parametrize("name", ["hubei-dept-goal", "henan-dept-goal", "qinghai-dept-approval"])
def test_generate_asks_for_the_year_where_a_form_prints_it(run: Run, tmp_path: Path, name: str) -> None:
    ran = run("generate", name, "-o", tmp_path)
    assert (ran.code, list(tmp_path.iterdir())) == (2, [])
    assert f"《{load_forms()[name].title}》上印有年度" in ran.err
    assert "--year" in ran.err


@pytest.mark.parametrize("name", ["jilin-project-self-eval", "mof-project-goal"])
def test_generate_needs_no_year_where_none_is_printed(run: Run, tmp_path: Path, name: str) -> None:
    assert run("generate", name, "-o", tmp_path).code == 0


@pytest.mark.slow
def test_generate_says_who_answers_questions(run: Run, tmp_path: Path) -> None:
    assert run("generate", NAME, "--contact", "财政局预算科", "--name", "a", "-o", tmp_path).code == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["填表说明"]
    assert "财政局预算科" in {cell.value for row in sheet.iter_rows() for cell in row}


def test_generate_prefilled(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "d.json"
    data.write_text('{"unit_name": "甲局", "funds": {"total": {"initial": 12.5}}}', encoding="utf-8")
    run("generate", NAME, "--data", data, "--name", "a", "-o", tmp_path)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[SHEET]
    assert (sheet["D3"].value, sheet["D5"].value) == ("甲局", 12.5)


def test_data_that_does_not_belong_is_told_whole(run: Run, tmp_path: Path) -> None:
    data = tmp_path / "d.json"
    data.write_text('{"unit": "甲局", "funds": {"total": {"initial": "很多"}}}', encoding="utf-8")
    ran = run("generate", NAME, "--data", data, "-o", tmp_path)
    assert ran.code == 2
    assert "unit：" in ran.err
    assert "funds.total.initial：" in ran.err


# -- import and check -----------------------------------------------------------------------------------------------------


def test_import_writes_json_marked_copy_and_the_batch(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "in" / "教育").mkdir(parents=True)
    (tmp_path / "in" / "教育" / "a.xlsx").write_bytes(good)
    ran = run("import", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == 0
    written = {file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")}
    assert written == {
        ".perfxl-imports.jsonl",
        ".perfxl-journal.jsonl",
        "教育/a.json",
        "教育/a.marked.xlsx",
        "findings.csv",
        "report.html",
        "summary.json",
    }
    submission = json.loads((tmp_path / "out" / "教育" / "a.json").read_text(encoding="utf-8"))
    assert submission["source"]["file"] == "教育/a.xlsx"
    assert submission["forms"][0]["data"]["total"] == {"weight": 100, "score": 100}
    assert (tmp_path / "in" / "教育" / "a.xlsx").read_bytes() == good


@pytest.mark.slow
def test_a_rejected_return_is_exit_code_1_and_beside_it_3_wins(
    run: Run, tmp_path: Path, good: bytes, bad: bytes
) -> None:
    for name, data in {"good.xlsx": good, "bad.xlsx": bad}.items():
        (tmp_path / name).write_bytes(data)
    assert run("check", tmp_path / "good.xlsx").code == 0
    assert run("check", tmp_path / "good.xlsx", "--fail-on", "warning").code == 1
    assert run("check", tmp_path).code == 1
    (tmp_path / "c.xlsx").write_bytes("单位,金额\n".encode("gb18030"))
    assert run("check", tmp_path).code == 3


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("单位,金额\n某局,12\n".encode("gb18030"), "CSV"),
        (b"PK\x03\x04damaged", "损坏"),
        (b"", "空"),
    ],
    ids=["csv", "damaged", "empty"],
)
def test_what_is_no_workbook_is_one_finding_and_exit_code_3(data: bytes, said: str, run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(data)
    ran = run("import", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    submission = json.loads((tmp_path / "out" / "a.json").read_text(encoding="utf-8"))
    assert ran.code == 3
    assert [finding["code"] for finding in submission["findings"]] == ["F01"]
    assert said in submission["findings"][0]["message"]
    assert "Traceback" not in ran.err
    assert not (tmp_path / "out" / "a.marked.xlsx").exists()


def test_check_writes_nothing(run: Run, tmp_path: Path, bad: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.xlsx").write_bytes(bad)
    monkeypatch.chdir(tmp_path)
    ran = run("check", "a.xlsx")
    assert "P02" in ran.out
    assert [file.name for file in tmp_path.iterdir()] == ["a.xlsx"]


@pytest.mark.slow
def test_json_and_jsonl_go_to_stdout_alone(run: Run, tmp_path: Path, good: bytes) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        (tmp_path / name).write_bytes(good)
    array = json.loads(run("check", tmp_path, "--output-format", "json").out)
    lines = [json.loads(line) for line in run("check", tmp_path, "--output-format", "jsonl").out.splitlines()]
    assert array == lines
    assert [submission["source"]["file"] for submission in lines] == ["a.xlsx", "b.xlsx"]


def test_lock_files_are_passed_over_and_said(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(good)
    (tmp_path / "in" / "~$a.xlsx").write_bytes(b"x")
    (tmp_path / "in" / "Thumbs.db").write_bytes(b"x")
    ran = run("import", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == 0
    assert "~$a.xlsx" in ran.err
    assert "F11" in (tmp_path / "out" / "findings.csv").read_text(encoding="utf-8-sig")
    assert not list((tmp_path / "out").glob("*~*"))


@pytest.mark.parametrize("data", [b"x", b"\x04abcd" + b" " * 50 + bytes(110)])
def test_a_lock_file_that_is_handed_in_by_itself_is_called_one(
    run: Run, tmp_path: Path, good: bytes, data: bytes
) -> None:
    (tmp_path / "~$a.xlsx").write_bytes(data)
    (submission,) = json.loads(run("check", tmp_path / "~$a.xlsx", "--output-format", "json").out)
    (finding,) = submission["findings"]
    assert finding["code"] == "F01"
    assert "临时文件" in finding["message"]
    assert "纯文本" not in finding["message"]
    (tmp_path / "~$a.xlsx").write_bytes(good)  # whatever it is called, a workbook is read
    (submission,) = json.loads(run("check", tmp_path / "~$a.xlsx", "--output-format", "json").out)
    assert submission["forms"]


@pytest.mark.slow
def test_a_marked_copy_that_comes_back_clean_loses_its_marks(run: Run, tmp_path: Path, good: bytes, bad: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(bad)
    run("import", tmp_path / "a.xlsx", "-o", tmp_path / "one")
    corrected = type_in((tmp_path / "one" / "a.marked.xlsx").read_bytes(), SHEET, {"H17": 20})
    (tmp_path / "a.marked.xlsx").write_bytes(corrected)
    ran = run("import", tmp_path / "a.marked.xlsx", "-o", tmp_path / "two")
    assert ran.code == 0
    submission = json.loads((tmp_path / "two" / "a.json").read_text(encoding="utf-8"))
    (tmp_path / "b.xlsx").write_bytes(good)
    run("import", tmp_path / "b.xlsx", "-o", tmp_path / "two")
    original = json.loads((tmp_path / "two" / "b.json").read_text(encoding="utf-8"))
    assert submission["forms"] == original["forms"]
    assert submission["findings"] == original["findings"]


@pytest.mark.slow
def test_two_inputs_of_one_name_keep_their_suffixes(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(good)
    (tmp_path / "in" / "a.xlsm").write_bytes(good)
    run("import", tmp_path / "in", "-o", tmp_path / "out")
    assert {file.name for file in (tmp_path / "out").glob("*.json")} == {"a.xlsx.json", "a.xlsm.json", "summary.json"}


def test_results_never_overwrite_what_was_handed_in(run: Run, tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(bad)
    (tmp_path / "a.marked.xlsx").write_bytes(bad)
    ran = run("import", tmp_path / "a.marked.xlsx", "-o", tmp_path)
    assert ran.code == 2
    assert (tmp_path / "a.marked.xlsx").read_bytes() == bad


@pytest.mark.slow
def test_results_hang_neither_on_processes_nor_on_the_run(run: Run, tmp_path: Path, good: bytes, bad: bytes) -> None:
    (tmp_path / "in").mkdir()
    for number in range(4):
        (tmp_path / "in" / f"{number}.xlsx").write_bytes(bad if number % 2 else good)
    run("import", tmp_path / "in", "-o", tmp_path / "one", "--jobs", 1)
    run("import", tmp_path / "in", "-o", tmp_path / "two", "--jobs", 2)
    one = {file.name: file.read_bytes() for file in (tmp_path / "one").iterdir()}
    two = {file.name: file.read_bytes() for file in (tmp_path / "two").iterdir()}
    for files in (one, two):
        assert files.pop(HISTORY)  # the one file with the time in it
    assert one == two


# -- demo ---------------------------------------------------------------------------------------------------------------


def test_the_demo_shows_the_cent_at_its_cell(run: Run, tmp_path: Path) -> None:
    ran = run("demo", "-o", tmp_path)
    assert ran.code == 0
    assert "自评表!B6" in ran.out
    assert "收入性质合计6558.51与全年预算数6558.50相差0.01" in "".join(ran.out.split())
    assert (tmp_path / "demo" / "交回.marked.xlsx").exists()
    book = openpyxl.load_workbook(io.BytesIO((tmp_path / "demo" / "交回.xlsx").read_bytes()))
    assert book[SHEET]["E5"].value == 6558.5


@pytest.mark.slow
def test_it_starts_as_a_module_and_knows_its_commands() -> None:
    done = subprocess.run([sys.executable, "-m", "perfxl", "--help"], capture_output=True, check=True, encoding="utf-8")
    for command in ("demo", "forms", "show", "schema", "generate", "import", "check", "lint", "rules"):
        assert command in done.stdout


@pytest.mark.slow
def test_rows_of_a_growing_table_as_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("generate", NAME, "--rows", "indicators=5", "--name", "a", "-o", tmp_path).code == 0
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx")[SHEET]
    assert sheet["A59"].value == "总分"
    ran = run("generate", NAME, "--rows", "projects=5", "-o", tmp_path)
    assert ran.code == 2
    assert "可用：indicators" in ran.err
    assert run("generate", NAME, "--rows", "indicators", "-o", tmp_path).code == 2


# -- piles --------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_second_import_takes_what_is_done_and_says_so(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.xlsx").write_bytes(good)
    run("import", tmp_path / "in", "-o", tmp_path / "out")
    assert "1 个文件与上次相同" in run("import", tmp_path / "in", "-o", tmp_path / "out").err
    assert "与上次相同" not in run("import", tmp_path / "in", "-o", tmp_path / "out", "--force").err


@pytest.mark.slow
def test_a_roster_tells_who_is_missing(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(good)
    (tmp_path / "r.csv").write_text("code,name\n430407,石鼓区教育局\n0001,青溪区档案局\n", encoding="utf-8")
    ran = run("check", tmp_path / "a.xlsx", "--roster", tmp_path / "r.csv")
    assert ran.code == 0
    assert "青溪区档案局（0001）还没有交回" in ran.err
    (tmp_path / "r.csv").write_text("code,name\n1,甲\n1,乙\n", encoding="utf-8")
    ran = run("check", tmp_path / "a.xlsx", "--roster", tmp_path / "r.csv")
    assert ran.code == 2
    assert "第 2 行" in ran.err
    assert run("check", tmp_path / "a.xlsx", "--roster", tmp_path / "none.csv").code == 2


def test_a_folder_that_takes_no_results_is_exit_code_3(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(good)
    (tmp_path / "out").write_bytes(b"a file, not a folder")
    ran = run("import", tmp_path / "a.xlsx", "-o", tmp_path / "out")
    assert ran.code == 3
    assert "写不了" in ran.err
    assert "Traceback" not in ran.err


@pytest.mark.slow
def test_one_result_that_cannot_be_written_costs_only_itself(run: Run, tmp_path: Path, good: bytes, bad: bytes) -> None:
    (tmp_path / "in").mkdir()
    for name, data in {"a.xlsx": good, "b.xlsx": bad}.items():
        (tmp_path / "in" / name).write_bytes(data)
    (tmp_path / "out" / "a.json").mkdir(parents=True)
    ran = run("import", tmp_path / "in", "-o", tmp_path / "out")
    assert ran.code == 3
    assert "“a.xlsx”的结果写不了" in ran.err
    assert json.loads((tmp_path / "out" / "b.json").read_text(encoding="utf-8"))["status"] == "rejected"


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8"])
def test_no_console_is_too_poor_for_names_and_findings(encoding: str, tmp_path: Path, bad: bytes) -> None:
    (tmp_path / "in").mkdir()
    for name in ("青溪区🏫教育局›.xlsx", "~$石鼓✔.xlsx", os.fsdecode("坏名".encode("gbk")) + ".pdf"):
        (tmp_path / "in" / name).write_bytes(bad)
    command = [sys.executable, "-m", "perfxl", "import", str(tmp_path / "in"), "-o", str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, check=False, env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 1, done.stderr
    assert b"Traceback" not in done.stderr
    assert "提示".encode(encoding, "replace") in done.stdout
    assert len(list((tmp_path / "out").glob("*.json"))) == 3


def test_nothing_is_held_against_itself(run: Run, tmp_path: Path, good: bytes) -> None:
    (tmp_path / "a.xlsx").write_bytes(good)
    for output in ("out", "out/again"):
        ran = run("import", tmp_path / "a.xlsx", "-o", tmp_path / output, "--against", tmp_path / "out")
        assert ran.code == 2
        assert "--against" in ran.err
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_show_names_every_field_by_all_its_words_and_by_the_name_that_prefills_it(run: Run, tmp_path: Path) -> None:
    shown = run("show", "hubei-dept-goal").out
    form = load_forms()["hubei-dept-goal"]
    for path, field in form.fields.items():
        (line,) = [one for one in shown.splitlines() if one.endswith(f"　数据名称 {path.replace('[]', '[0]')}")]
        assert line.strip().startswith(f"{field.label}（")
    name = "long_term_goals[0].indicators[0].name"
    assert name in shown
    (tmp_path / "r.csv").write_text(f"name,{name}\n甲局,惠及人数\n", encoding="utf-8")
    ran = run("generate", form.id, "--year", 2024, "--roster", tmp_path / "r.csv", "--name", "a", "-o", tmp_path)
    assert (ran.code, ran.err) == (0, "已生成 1 个工作簿\n")


@pytest.mark.slow
def test_a_workbook_of_several_forms_is_named_after_all_of_them(run: Run, tmp_path: Path) -> None:
    forms = (NAME, "mof-project-self-eval:3")
    assert run("generate", *forms, "--year", 2024, "--unit", "某局", "-o", tmp_path).code == 0
    run("generate", *forms, "--year", 2024, "--name", "{{form}} {{title}}", "-o", tmp_path)
    assert {file.stem for file in tmp_path.iterdir()} == {
        "某局-部门整体支出绩效自评表、项目支出绩效自评表-2024",
        f"{NAME}+mof-project-self-eval 部门整体支出绩效自评表、项目支出绩效自评表",
    }
