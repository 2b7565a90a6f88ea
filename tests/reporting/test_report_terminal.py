from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.record import Record
from perfxl.model.roster import Roster, RosterUnit
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.reporting.overview import Outcome, Overview, overview
from perfxl.reporting.terminal import render, summary_table
from perfxl.reporting.typeset import columns, visible
from perfxl.rules.files import attached
from support.cases import shipped_form
from support.effort import examples

E, W, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO


UNIT = Unit("青溪区教育局", "030407")


def form(by: By = By.STAMP, year: int | None = 2024, unit: Unit = UNIT) -> FormReturn:
    return FormReturn(shipped_form("hunan-dept-self-eval"), "2023", "自评表", by, 0.92, year, unit, Record())


def submission(*findings: Finding, forms: tuple[FormReturn, ...] = (form(),), file: str = "教育/a.xlsx") -> Submission:
    return Submission(Source(file, "00", 1, "xlsx"), forms, findings)


def at(cell: str, code: str = "P02", message: str = "得分大于分值", severity: Severity = E, **more: str) -> Finding:
    return Finding(code, severity, message, more.get("sheet", "自评表"), cell, label=more.get("label"))


def test_a_page_reads_like_this() -> None:
    findings = (
        Finding("M06", W, "收入性质合计 867.51 与全年预算数 867.50 相差 0.01", "自评表", "C9", label="按收入性质分"),
        at("H12", label="绩效指标 › 得分"),
        at("H13", label="绩效指标 › 得分"),
        at("B2", sheet="附表", label="绩效指标 › 得分"),
        Finding("V10", INFO, "已按 5 读取", "自评表", "C8"),
    )
    assert render(submission(*findings), color=False, width=100) == (
        "教育/a.xlsx  退回  错误 3  警告 1  提示 1\n"
        "  工作表“自评表”：部门整体支出绩效自评表，2024年度，青溪区教育局（030407），按文件中的标识认出\n"
        "  错误 P02 得分超出分值（3 处）\n"
        "    自评表!H12、H13；附表!B2  绩效指标 › 得分：得分大于分值\n"
        "    怎么办：请核对本项的分值和得分，把填错的改正。\n"
        "  警告 M06 收支性质合计不符\n"
        "    自评表!C9  按收入性质分：收入性质合计 867.51 与全年预算数 867.50 相差 0.01\n"
    )


def test_an_attachment_is_neither_passed_nor_without_a_form() -> None:
    said = attached("扫描件.pdf", "PDF 文件", "教育/a.xlsx")
    assert render(submission(said, forms=(), file="教育/扫描件.pdf"), color=False, width=100) == (
        "教育/扫描件.pdf  附件\n  “扫描件.pdf”是 PDF 文件，作为“教育/a.xlsx”的附件收下，没有读取\n"
    )


def test_infos_are_counted_and_not_written_out() -> None:
    given_one = submission(Finding("V10", INFO, "已按 5 读取", "自评表", "C8"))
    assert "已按 5 读取" not in render(given_one, color=False, width=80)
    assert "提示 1" in render(given_one, color=False, width=80)


def test_many_messages_of_one_code_end_in_a_list_of_cells() -> None:
    text = render(submission(*(at(f"F{row}", "C02", f"第 {row} 行未填") for row in range(1, 9))), color=False, width=80)
    assert "错误 C02 完成值未填（8 处）" in text
    assert "    自评表!F5  第 5 行未填\n    另有 3 处：自评表!F6、F7、F8\n" in text
    assert "第 6 行未填" not in text


def test_as_many_messages_as_are_listed_need_no_such_list() -> None:
    text = render(submission(*(at(f"F{row}", "C02", f"第 {row} 行未填") for row in range(1, 6))), color=False, width=80)
    assert "第 5 行未填" in text
    assert "另有" not in text


def test_equal_findings_with_different_labels_name_their_cells_only() -> None:
    text = render(submission(at("H12", label="甲"), at("H13", label="乙")), color=False, width=80)
    assert "    自评表!H12、H13  得分大于分值\n" in text


def test_a_finding_about_no_cell_names_the_sheet_or_nothing() -> None:
    sheet = Finding("S01", E, "缺少栏目“得分”", "自评表")
    file = Finding("F01", E, "这个文件是图片，不是 Excel 工作簿")
    assert "\n    自评表  缺少栏目“得分”\n" in render(submission(sheet), color=False, width=80)
    text = render(submission(file, forms=()), color=False, width=80)
    assert "\n  没有认出任何表\n" in text
    assert "\n    这个文件是图片，不是 Excel 工作簿\n" in text


def test_a_suggestion_is_named_and_an_applied_fix_is_not() -> None:
    suggested = Finding("M10", W, "疑按元填写", fix=Fix(FixKind.SUGGESTED, Decimal("1.2E+2")))
    applied = Finding("M10", W, "疑按元填写", fix=Fix(FixKind.APPLIED, Decimal("1.2E+2")))
    assert "建议改为：120\n" in render(submission(suggested), color=False, width=80)
    assert "建议改为" not in render(submission(applied), color=False, width=80)


def test_warnings_come_without_remedy_after_all_errors() -> None:
    text = render(submission(at("A1", "M06", severity=W), at("A2")), color=False, width=80)
    assert text.index("错误 P02") < text.index("怎么办") < text.index("警告 M06")
    assert text.count("怎么办") == 1


def test_a_code_that_the_catalogue_does_not_have_is_no_error() -> None:
    assert "错误 Z99\n    自评表!A1  不对\n" in render(submission(at("A1", "Z99", "不对")), color=False, width=80)


@pytest.mark.parametrize(
    ("read", "said"),
    [
        (form(By.LAYOUT), "按栏目认出（把握 92%）"),
        (form(By.OPTION), "按指定的表式读取\n"),
        (form(year=None), "，年度不明，"),
        (form(unit=Unit()), "，单位不明，"),
        (form(unit=Unit("青溪区教育局")), "，青溪区教育局，"),
        (form(unit=Unit(code="030407")), "，030407，"),
    ],
)
def test_how_a_form_was_recognised(read: FormReturn, said: str) -> None:
    assert said in render(submission(forms=(read,)), color=False, width=100)


def test_colour_is_asked_for_and_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    page = submission(at("H12"))
    monkeypatch.setenv("NO_COLOR", "1")
    coloured = render(page, color=True, width=80)
    assert "\x1b[1;31m退回\x1b[0m" in coloured
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in render(page, color=False, width=80)
    assert "\x1b" not in summary_table(batch(page), color=False, width=80)
    assert "\x1b[1;31m退回\x1b[0m" in summary_table(batch(page), color=True, width=80)


@settings(max_examples=examples(60))
@given(st.text(max_size=80), st.text(max_size=20), st.integers(40, 120))
def test_whatever_was_typed_lines_fit_and_nothing_steers_the_terminal(text: str, name: str, width: int) -> None:
    page = submission(Finding("V02", E, text, name, "A1", label=name, value=text), file=name)
    for line in render(page, color=False, width=width).removesuffix("\n").split("\n"):
        assert visible(line) == line
        assert columns(line) <= width


def test_nothing_typed_is_taken_for_markup_or_emoji() -> None:
    text = render(submission(at("A1", message="[red]不对[/red] :smile:")), color=True, width=80)
    assert "[red]不对[/red] :smile:" in text


def batch(*submissions: Submission, roster: Roster | None = None) -> Overview:
    return overview([Outcome.of(each) for each in submissions], roster=roster)


def rows(table: str) -> list[list[str]]:
    return [line.split() for line in table.splitlines() if not line.startswith("─")]


def test_the_table_has_the_words_and_the_order_of_the_page() -> None:
    pile = batch(
        submission(at("A1", "M06", severity=W), file="b[x].xlsx", forms=(form(), form())),
        submission(at("H12")),
        submission(Finding("F01", E, "这是图片"), forms=(), file="c.jpg"),
        submission(file="旧.xlsx", forms=(replace(form(), superseded_by="b[x].xlsx"),)),
        roster=Roster((RosterUnit("园区管委会", None, 2),)),
    )
    assert rows(summary_table(pile, color=False, width=100)) == [
        ["文件", "单位", "结果", "错误", "警告", "提示"],
        ["c.jpg", "读不了", "1", "0", "0"],
        ["教育/a.xlsx", "青溪区教育局（030407）", "退回", "1", "0", "0"],
        ["b[x].xlsx", "青溪区教育局（030407）", "通过但有警告", "0", "1", "0"],
        ["旧.xlsx", "青溪区教育局（030407）", "被替代", "0", "0", "0"],
        ["应报", "1", "家，已报", "0", "家，未报", "1", "家。收到", "4", "份文件：通过但有警告", "1",
         "份，退回", "1", "份，读不了", "1", "份，被替代", "1"],
        ["份。"],
    ]  # fmt: skip


def test_of_many_files_those_that_passed_are_only_counted() -> None:
    warned = submission(at("A1", "M06", severity=W), file="warned.xlsx")
    passed = [submission(file=f"{number}.xlsx") for number in range(50)]
    pile = batch(*passed, warned, submission(at("H12"), file="bad.xlsx"))
    assert [row[0] for row in rows(summary_table(pile, color=False, width=100))] == [
        "文件",
        "bad.xlsx",
        "通过的",
        "收到",
    ]


def test_long_names_are_folded_and_never_cut() -> None:
    table = summary_table(batch(submission(file="很长的文件名" * 10 + ".xlsx")), color=False, width=60)
    assert "".join(table.split()).count("很") == 10
    assert all(columns(line.replace("─", "-")) <= 60 for line in table.splitlines())


def test_an_empty_batch_is_said_to_be_empty() -> None:
    assert summary_table(batch(), color=False, width=80) == "收到 0 份文件。\n"
