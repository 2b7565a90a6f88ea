"""The notices: who gets one, what it says in which order, how much, and what happens when things go wrong."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
from pathlib import Path

import docx
import pytest

import perfxl
from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.moment import read_moment
from perfxl.model.submission import FormReturn, Source, Submission, Unit
from perfxl.reporting.document import submission_json
from perfxl.rules.catalog import CATALOG
from perfxl.year.notices.outcome import Notice, NoticeForm, Point
from perfxl.year.notices.points import ROOM, fitting, lines, points
from support.command import Run
from support.filings import ERROR, document, filed
from support.pile import contents, lay
from support.words import faceless, faults, paragraphs, small_master

TABLE, GOAL = "hunan-dept-self-eval", "mof-project-goal"
SUM = Finding("M05", Severity.ERROR, "全年执行数 120.00 大于全年预算数 100.00，多 20.00", "自评表", "F5")
SLIP = Finding(
    "V02",
    Severity.ERROR,
    "“一百”不是数字，请填数字",
    "自评表",
    "E5",
    value="一百",
    fix=Fix(FixKind.SUGGESTED, "100"),
)
DOUBT = Finding("M09", Severity.WARNING, "执行率低于 90%，请说明原因", "自评表", "H5")
INFO = Finding("V10", Severity.INFO, "千位分隔符已去掉", "自评表", "D5")


def table(unit: str = "石鼓区教育局", code: str = "430407", year: int = 2023) -> FormReturn:
    return filed(TABLE, {"unit_name": unit, "year": year}, year=year, unit=unit, code=code)


def rejected(file: str, *findings: Finding, unit: str = "石鼓区教育局", code: str = "430407") -> bytes:
    return document(file, table(unit, code), findings=findings or (SUM,))


def unreadable(file: str) -> bytes:
    found = Finding("F01", Severity.ERROR, "这个文件不是 Excel 工作簿")
    return submission_json(Submission(Source(file, "0" * 64, 3, "unknown"), (), (found,)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder 结果 with returns that go back and others, in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    files = {
        "结果/教育/a.json": rejected("教育/a.xlsx", SLIP, SUM, SLIP, DOUBT, INFO),
        "结果/教育/a.marked.xlsx": b"marked",
        "结果/b.json": document("b.xlsx", table("甲局", "1"), findings=(DOUBT,)),
        "结果/c.json": document("c.xlsx", table("乙局", "2")),
        "结果/坏.json": unreadable("坏.xlsx"),
        "结果/summary.json": b'{"perfxl": 1, "returns": []}',
    }
    return lay(tmp_path, files) / "结果"


def said(path: Path) -> list[str]:
    return paragraphs(path.read_bytes())


# -- what it says -----------------------------------------------------------------------------------------------------------


def test_a_notice_names_unit_form_deadline_errors_what_to_do_and_doubts_in_this_order(folder: Path) -> None:
    perfxl.notices(folder / "教育", "通知.docx", deadline=dt.date(2024, 5, 20))
    text = [one for one in said(Path("通知.docx")) if one]
    assert text == [
        "关于退回2023年度\n《部门整体支出绩效自评表》的通知",
        "石鼓区教育局：",
        (
            "你单位报送的2023年度《部门整体支出绩效自评表》（文件：教育/a.xlsx）已经审核，有错误3处，现予退回。请按下列意见改正，"
            "于2024年5月20日前重新报送。"
        ),
        "一、须改正的错误（3处）",
        "1.自评表!E5：“一百”不是数字，请填数字。建议改为：100。",
        f"2.自评表!F5：{SUM.message}。处理办法：{CATALOG['M05'].remedy.rstrip('。')}。",
        "二、怎样改正",
        (
            "请打开随本通知发还的标注件“a.marked.xlsx”：红底的格是错误，黄底的格请核实，原因写在格的批注里，“错误清单”逐条列出。"
            "在标注件上改好、保存，直接报送即可，颜色和批注不用自己去掉。"
        ),
        "三、请核实的内容（1处）",
        "以下各处可能有误，请一并核实；核实无误的，不用改动。",
        "1.自评表!H5：执行率低于 90%，请说明原因。",
        "（审核单位盖章）",
        "年　　月　　日",
    ]


def test_without_a_deadline_or_marked_copy_or_doubts_these_are_left_out(folder: Path) -> None:
    (folder / "教育/a.marked.xlsx").unlink()
    (folder / "教育/a.json").write_bytes(rejected("教育/a.xlsx", SUM))
    perfxl.notices(folder / "教育", "通知.docx")
    text = said(Path("通知.docx"))
    assert any(one.endswith("现予退回。请按下列意见改正，重新报送。") for one in text)
    assert not any("标注件" in one or "核实的内容" in one for one in text)


def test_a_file_that_could_not_be_read_gets_one_too(folder: Path) -> None:
    done = perfxl.notices(folder, "通知.docx")
    assert [(one.document, one.unit) for one in done.notices][1] == ("坏.json", Unit())
    text = said(Path("通知.docx"))
    assert "关于退回所报文件的通知" in text
    assert "报送单位：" in text
    assert "你单位报送的文件“坏.xlsx”没有能够审核，现予退回。请按下列意见改正，重新报送。" in text


def test_projects_are_named(folder: Path) -> None:
    project = filed(GOAL, {"project_name": "校舍维修", "implementing_unit": "甲局"}, unit="甲局", code="1")
    lay(folder, {"项目.json": document("项目.xlsx", project, findings=(ERROR,))})
    perfxl.notices(folder / "项目.json", "通知.docx")
    assert any(
        "2024年度《项目支出绩效目标申报表》（项目：校舍维修；文件：项目.xlsx）已经审核" in one
        for one in said(Path("通知.docx"))
    )


def test_only_what_goes_back_gets_a_notice_each_begins_a_section_numbered_anew(folder: Path) -> None:
    done = perfxl.notices(folder, "通知.docx")
    assert [one.document for one in done.notices] == ["教育/a.json", "坏.json"]
    whole = docx.Document("通知.docx")
    assert len(whole.sections) == 2
    assert faceless(Path("通知.docx").read_bytes()) == []
    assert faults(Path("通知.docx").read_bytes()) == []


def test_messages_with_marks_come_through(folder: Path) -> None:
    odd = "“{{ x }}<b>&{% if %}”不对，请改"
    (folder / "教育/a.json").write_bytes(rejected("a.xlsx", Finding("V02", Severity.ERROR, odd, "自评表", "E5")))
    perfxl.notices(folder / "教育", "通知.docx")
    assert f"1.自评表!E5：{odd}。" in said(Path("通知.docx"))


# -- how much ---------------------------------------------------------------------------------------------------------------


def finding(number: int, severity: Severity, length: int) -> Finding:
    return Finding("V02", severity, f"第{number}处" + "错" * length, "自评表", f"E{number}")


def notice(errors: int, warnings: int, length: int = 40) -> Notice:
    first = points([finding(number, Severity.ERROR, length) for number in range(errors)], Severity.ERROR)
    second = points([finding(number, Severity.WARNING, length) for number in range(warnings)], Severity.WARNING)
    forms = (NoticeForm("部门整体支出绩效自评表", 2023),)
    return Notice("a.json", "a.xlsx", Unit("甲局"), forms, "a.marked.xlsx", first, second, errors, warnings)


@pytest.mark.parametrize(("errors", "warnings"), [(0, 0), (1, 1), (5, 3), (100, 0), (100, 100), (3, 100)])
def test_a_notice_lists_no_more_than_two_pages_hold(errors: int, warnings: int) -> None:
    made = notice(errors, warnings)
    first, second = fitting(made)
    used = sum(map(lines, made.errors[:first])) + sum(map(lines, made.warnings[:second]))
    assert used + (first < errors) + (second < warnings) <= ROOM
    assert first == errors or first >= 5
    assert not warnings or second >= 1
    if errors + warnings <= 8:
        assert (first, second) == (errors, warnings)


def test_what_is_not_listed_is_counted_finding_by_finding(folder: Path) -> None:
    found = [finding(number % 50, Severity.ERROR, 60) for number in range(60)]  # ten of them twice
    (folder / "教育/a.json").write_bytes(rejected("a.xlsx", *found))
    (made,) = perfxl.notices(folder / "教育", "通知.docx").notices
    assert sum(point.count for point in made.errors) + made.more_errors == 60
    assert f"其余{made.more_errors}处见标注件的“错误清单”。" in said(Path("通知.docx"))


def test_cells_of_equal_findings_stand_together_and_long_texts_are_cut() -> None:
    equal = [Finding("V02", Severity.ERROR, "不是数字", "自评表", f"E{number}") for number in range(1, 12)]
    (one,) = points(equal, Severity.ERROR)
    assert one.place == "自评表!E1、E2、E3、E4、E5、E6、E7、E8等 11 处"
    assert one.count == 11
    (long,) = points([finding(1, Severity.ERROR, 5000)], Severity.ERROR)
    assert lines(long) <= 12


def test_what_to_do_is_said_once_and_only_where_the_message_does_not_ask() -> None:
    first, second, third = points(
        [SUM, Finding("M05", Severity.ERROR, "另一处也大", "自评表", "F6"), SLIP], Severity.ERROR
    )
    assert first.remedy
    assert not second.remedy
    assert not third.remedy
    assert lines(Point("", "x")) == 1


# -- who gets one -----------------------------------------------------------------------------------------------------------


def test_what_a_later_return_replaced_does_not_go_back(folder: Path, run: Run) -> None:
    superseded = filed(TABLE, {"unit_name": "丙局"}, year=2023, unit="丙局", code="3", superseded_by="新.xlsx")
    older, newer = (
        submission_json(
            Submission(
                Source(f"{name}.xlsx", str(number) * 64, 1, "xlsx", read_moment(f"2024-01-0{number}T00:00:00Z")),
                (table("丁局", "4"),),
                findings,
            )
        )
        for number, name, findings in ((1, "旧", (SUM,)), (2, "新", ()))
    )
    lay(folder, {"丙.json": document("丙.xlsx", superseded, findings=(SUM,)), "丁旧.json": older, "丁新.json": newer})
    ran = run("notices", folder, "-o", "通知.docx")
    assert ran.code == 0
    assert "“丙.json”已由后来交回的“新.xlsx”代替，不再退回" in ran.err
    assert "“丁旧.json”已由后来交回的“丁新.json”代替，不再退回" in ran.err
    assert "已写退回通知 2 份" in ran.err


def test_where_nothing_goes_back_nothing_is_written(folder: Path, run: Run) -> None:
    ran = run("notices", folder / "b.json", folder / "c.json")
    assert (ran.code, ran.out) == (0, "")
    assert "没有要退回的，没有写通知" in ran.err
    assert not Path("output").exists()


# -- the command ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_all_go_into_one_document_or_each_into_its_own(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("notices", folder)
    assert (ran.code, ran.out) == (0, "output/退回通知.docx\n")
    ran = run("notices", folder, "--each", "各", "--deadline", "2024年5月20日")
    name = "石鼓区教育局-部门整体支出绩效自评表-退回通知-2023.docx"
    assert ran.out.split("\n")[:-1] == [f"各/{name}", "各/坏-退回通知.docx"]
    assert any("于2024年5月20日前重新报送" in one for one in said(Path("各", name)))
    both = run("notices", folder, "--each", "各", "-o", "全.docx")
    assert both.out.startswith("全.docx\n各/")
    assert contents(folder) == before


def test_the_same_input_gives_the_same_bytes(folder: Path) -> None:
    for name in ("一.docx", "二.docx"):
        perfxl.notices(folder, name)
    assert Path("一.docx").read_bytes() == Path("二.docx").read_bytes()


@pytest.mark.parametrize("day", ["明天", "2024-02-30", "5月20日", "20240520x"])
def test_a_deadline_that_is_no_day_is_wrong_usage(day: str, folder: Path, run: Run) -> None:
    ran = run("notices", folder, "--deadline", day)
    assert ran.code == 2
    assert f"选项 --deadline 填的是“{day}”，应是年月日，如 2024-05-20" in ran.err


# -- faults -----------------------------------------------------------------------------------------------------------------


def test_foreign_older_and_unknown_documents_are_named_and_passed_over(folder: Path, run: Run) -> None:
    older = json.loads(rejected("旧.xlsx"))
    older["perfxl"] = 0
    unknown = json.loads(rejected("未知.xlsx"))
    unknown["forms"][0]["form"] = "no-such-form"
    more = {"别的.json": b"[]", "旧.json": json.dumps(older).encode(), "未知.json": json.dumps(unknown).encode()}
    lay(folder, more)
    ran = run("notices", folder)
    assert ran.code == 0
    assert "“别的.json”不是导入的结果" in ran.err
    assert "“旧.json”是旧版本的 perfxl 写的" in ran.err
    assert "“未知.json”里的表式“no-such-form”这里没有" in ran.err
    assert "已写退回通知 2 份" in ran.err


@pytest.mark.skipif(os.name == "nt", reason="folders are no files there either, but the words differ")
def test_a_place_that_cannot_be_written_is_told_and_nothing_is_left_half_written(folder: Path, run: Run) -> None:
    Path("满").write_bytes(b"")
    ran = run("notices", folder, "-o", "满/通知.docx")
    assert ran.code == 3
    assert "写不了“" in ran.err
    assert "Traceback" not in ran.err
    ran = run("notices", folder, "--each", "满")
    assert ran.code == 3
    assert Path("满").read_bytes() == b""


def test_a_folders_own_master_goes_before_and_its_mistakes_have_a_place(folder: Path, run: Run) -> None:
    lay(Path(), {"样/notice.docx": small_master("{%p for notice in notices %}", "{{ notice.unit }}", "{%p endfor %}")})
    run("notices", folder / "教育", "-o", "通知.docx", "--templates", "样")
    assert said(Path("通知.docx")) == ["石鼓区教育局"]
    lay(Path(), {"样/notice.docx": small_master("好", "{{ notces }}")})
    ran = run("notices", folder, "-o", "坏.docx", "--templates", "样")
    assert ran.code == 2
    assert "文稿样“样/notice.docx”第 2 段“{{ notces }}”有错：没有“notces”这一项，是否想写 notices" in ran.err
    assert not Path("坏.docx").exists()


def test_the_document_is_one_of_word(folder: Path) -> None:
    perfxl.notices(folder, "通知.docx")
    assert docx.Document(io.BytesIO(Path("通知.docx").read_bytes())).core_properties.title == "退回通知"
