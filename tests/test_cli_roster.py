"""generate --roster: what goes out, what is told, exit codes."""

from __future__ import annotations

import errno
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from perfxl import cli
from perfxl.api import generate, generate_each, read, read_roster
from perfxl.forms.definition.load import load_forms

NAME = "hunan-dept-self-eval"
FORM = load_forms()[NAME]
LIST = '单位代码,单位名称,年初预算数\n012345,甲局,12.5\n012346,乙局,\n,丙/局,"1,200"\n'


@pytest.fixture
def roster(tmp_path: Path) -> Path:
    path = tmp_path / "名册.csv"
    path.write_text(LIST, encoding="gb18030")
    return path


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def start(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["perfxl", "generate", *map(str, words)])
        with pytest.raises(SystemExit) as end:
            cli.main()
        return int(end.value.code or 0), *capsys.readouterr()

    return start


Run = Callable[..., tuple[int, str, str]]


def returned(path: Path, number: int = 0) -> tuple[str | None, str | None, int | None, dict[str, Any]]:
    one = read(path).forms[number]
    return one.unit.name, one.unit.code, one.year, dict(one.data)


@pytest.mark.slow
def test_each_unit_gets_a_workbook(run: Run, roster: Path, tmp_path: Path) -> None:
    out = tmp_path / "下发"
    code, said, told = run(NAME, "--year", 2024, "--roster", roster, "-o", out)
    names = [f"{unit}-部门整体支出绩效自评表-2024.xlsx" for unit in ("甲局", "乙局", "丙_局")]
    assert (code, said.split(), told) == (0, [(out / name).as_posix() for name in names], "已生成 3 个工作簿\n")
    first, second, third = (returned(out / name) for name in names)
    assert first[:3] == ("甲局", "012345", 2024)
    assert third[:3] == ("丙/局", None, 2024)
    assert [one[3]["funds"]["total"]["initial"] for one in (first, second, third)] == [12.5, None, 1200]
    rendered = generate(
        FORM, year=2024, unit="甲局", unit_code="012345", data={"funds": {"total": {"initial": "12.5"}}}
    )
    assert (out / names[0]).read_bytes() == rendered


@pytest.mark.slow
def test_a_roster_s_cell_beats_the_unit_which_beats_the_data(run: Run, roster: Path, tmp_path: Path) -> None:
    data = tmp_path / "d.json"
    data.write_text(json.dumps({"unit_name": "丁局", "year": 2020, "funds": {"total": {"initial": 7, "budget": 8}}}))
    code, *_ = run(
        NAME,
        "--roster",
        roster,
        "--unit",
        "戊局",
        "--unit-code",
        "99",
        "--data",
        data,
        "--name",
        "{{code}}",
        "-o",
        tmp_path,
    )
    assert code == 0
    assert returned(tmp_path / "012345.xlsx")[:3] == ("甲局", "012345", 2020)
    assert returned(tmp_path / "99.xlsx")[:3] == ("丙/局", "99", 2020)
    funds = [returned(tmp_path / f"{name}.xlsx")[3]["funds"]["total"] for name in ("012345", "012346")]
    assert [(fund["initial"], fund["budget"]) for fund in funds] == [(12.5, 8), (7, 8)]


@pytest.mark.slow
def test_several_forms_make_one_workbook_a_unit(run: Run, roster: Path, tmp_path: Path) -> None:
    code, said, _ = run(NAME, "mof-project-self-eval:2", "--roster", roster, "-o", tmp_path / "o")
    assert (code, len(said.split())) == (0, 3)
    forms = read(Path(said.split()[0])).forms
    assert [(one.form, one.unit.name) for one in forms] == [(NAME, "甲局"), *[("mof-project-self-eval", "甲局")] * 2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code,name\n01,甲\n01,乙\n", "第 3 行：单位代码 01 重复：第 2 行“甲”、第 3 行“乙”"),
        ("code,name\n01,\n", "第 2 行：缺单位名称"),
        ("code,name\n430407.0,甲\n430407,乙\n", "第 3 行：单位代码 430407 重复：第 2 行“甲”、第 3 行“乙”"),
        ("code,name,年初预算数\n01,甲,很多\n", "第 2 行：“年初预算数”一列：“很多”填不进"),
        ("", "找不到“单位名称”这一列"),
    ],
)
def test_a_roster_with_mistakes_is_wrong_usage_and_nothing_is_written(
    run: Run, roster: Path, tmp_path: Path, text: str, said: str
) -> None:
    roster.write_text(text, encoding="utf-8")
    code, out, told = run(NAME, "--roster", roster, "-o", tmp_path / "o")
    assert (code, out) == (2, "")
    assert f"名册“{roster}”有错误，请先改正：\n  {said}" in told
    assert not (tmp_path / "o").exists()


@pytest.mark.slow
def test_one_roster_serves_all_forms_and_what_none_takes_is_said_once(run: Run, roster: Path, tmp_path: Path) -> None:
    roster.write_text(
        "code,name,年初预算数,project_name,片区,年初预算\n01,甲,1,校舍,一,2\n02,乙,2,操场,二,3\n", encoding="utf-8"
    )
    code, out, told = run(NAME, "--year", 2024, "--roster", roster, "-o", tmp_path / "o")
    assert (code, len(out.split())) == (0, 2)
    said = "“project_name”、“片区”、“年初预算” 3 列不是这次的表中的项，没有用到；“年初预算”是否想写 年初预算数"
    assert told.count(f"名册“{roster}”：{said}") == 1
    told = run(NAME, "mof-project-self-eval", "--year", 2024, "--roster", roster, "-o", tmp_path / "o")[2]
    assert "“片区”、“年初预算” 2 列不是这次的表中的项" in told


def test_codes_without_their_zeros_are_a_warning_to_who_sends_out_and_to_who_takes_in(
    run: Run, roster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    roster.write_text("code,name\n000012,甲\n1,乙\n4,丙\n", encoding="utf-8")
    code, _, told = run(NAME, "--year", 2024, "--roster", roster, "-o", tmp_path / "o")
    said = f"名册“{roster}”：有的单位代码可能丢了开头的 0：第 3 行“乙”1、第 4 行“丙”4"
    assert (code, said in told) == (0, True)
    monkeypatch.setattr(sys, "argv", ["perfxl", "check", str(tmp_path / "none"), "--roster", str(roster)])
    (tmp_path / "none").mkdir()
    with pytest.raises(SystemExit):
        cli.main()
    assert said in capsys.readouterr().err


def test_a_roster_that_is_not_there_is_wrong_usage(run: Run, tmp_path: Path) -> None:
    assert run(NAME, "--roster", tmp_path / "x.csv")[0] == 2


def test_a_given_file_is_never_written_to(run: Run, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "名册.xlsx") as book:
        book.add_worksheet().write_column("A1", ["name", "名册"])
    before = (tmp_path / "名册.xlsx").read_bytes()
    code, _, told = run(NAME, "--roster", tmp_path / "名册.xlsx", "--name", "{{unit}}", "-o", tmp_path)
    assert code == 2
    assert "会覆盖" in told
    assert (tmp_path / "名册.xlsx").read_bytes() == before


def test_what_cannot_be_written_is_told_and_the_rest_is_there(run: Run, roster: Path, tmp_path: Path) -> None:
    (tmp_path / "甲局.xlsx").mkdir()
    code, out, told = run(NAME, "--roster", roster, "--name", "{{unit}}", "-o", tmp_path)
    assert code == 3
    assert len(out.split()) == 2
    assert "写不了“" in told
    assert "已生成 2 个工作簿，1 个写不了" in told


@pytest.mark.slow
def test_jobs_do_not_change_what_is_written(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("name\n" + "".join(f"第{number}中学\n" for number in range(120)))
    for jobs in (1, 2):
        assert run(NAME, "--roster", path, "--jobs", jobs, "-o", tmp_path / str(jobs), "--quiet")[0::2] == (0, "")
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()} for name in ("1", "2"))
    assert one == two
    assert len(one) == 120


def test_programs_get_the_workbooks_of_a_roster() -> None:
    units = read_roster(LIST.encode())
    made = list(generate_each(FORM, units, year=2024, data={"funds": {"total": {"budget": 3}}}))
    assert [unit.name for unit, _ in made] == ["甲局", "乙局", "丙/局"]
    data = {"funds": {"total": {"budget": 3}}}
    assert made[1][1] == generate(FORM, year=2024, unit="乙局", unit_code="012346", data=data)


def test_workbooks_that_cannot_be_written_are_told_together(
    run: Run, roster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", str(path), None, str(len(data)))

    monkeypatch.setattr("perfxl.send.each.write_whole", full)
    code, out, told = run(NAME, "--year", 2024, "--roster", roster, "--name", "{{unit}}", "-o", tmp_path / "o")
    first = (tmp_path / "o" / "甲局.xlsx").as_posix()
    assert (code, out) == (3, "")
    assert told == f"写不了“{first}”等 3 个文件：磁盘已满；请腾出空间，或换一个磁盘\n已生成 0 个工作簿，3 个写不了\n"
