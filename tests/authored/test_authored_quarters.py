"""教育统计: a trade with a chain of its own, whose units hand in every quarter; the audit of one opens the next."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from authored_returns import HERE

from perfxl.api import generate
from perfxl.forms.definition.load import lint
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.form import Form
from perfxl.receive.importing import import_returns
from perfxl.send.order import names
from perfxl.year.carry.carrying import carry
from perfxl.year.summarize.summarize import summarize
from support.command import Run

FOLDER = HERE / "school-statistics"
FIRST, SECOND = "一季度", "二季度"
UNITS = {"甲校": 100, "乙校": 200}


@cache
def known() -> Mapping[str, Form]:
    forms, problems = lint([FOLDER])
    assert not problems, [str(problem) for problem in problems]
    return forms


def figures(unit: str, quarter: str, income: int) -> dict[str, Any]:
    own = {"unit_name": unit, "year": 2025, "quarter": quarter, "students": 800}
    return {**own, "opening": 10, "income": income, "spending": 60}


@pytest.fixture(scope="module")
def returned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two quarters of two units, and 甲校's second once more."""
    folder = tmp_path_factory.mktemp("交回")
    form = known()["school-quarterly"]
    for unit, income in UNITS.items():
        for number, quarter in enumerate((FIRST, SECOND)):
            (folder / f"{unit}{quarter}.xlsx").write_bytes(generate(form, data=figures(unit, quarter, income + number)))
    (folder / "甲校二季度（改）.xlsx").write_bytes(generate(form, data=figures("甲校", SECOND, 150)))
    return folder


@pytest.fixture(scope="module")
def results(returned: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    output = tmp_path_factory.mktemp("结果")
    import_returns(returned, output, templates=[FOLDER])
    return output


def document(results: Path, name: str) -> dict[str, Any]:
    tree: dict[str, Any] = json.loads((results / f"{name}.json").read_text("utf-8"))
    return tree


def test_two_quarters_are_two_returns_and_one_quarter_twice_is_said(results: Path) -> None:
    codes = {
        path.stem: [
            finding["message"] for finding in document(results, path.stem)["findings"] if finding["code"] == "X03"
        ]
        for path in results.glob("*季度*.json")
    }
    assert {name for name, said in codes.items() if said} == {"甲校二季度", "甲校二季度（改）"}
    assert codes["甲校二季度"][0].startswith("甲校 2025 年二季度《教育经费季度统计表》交回了几份")


def test_the_json_says_what_tells_a_return_from_the_others(results: Path) -> None:
    form = document(results, "乙校一季度")["forms"][0]
    assert form["year"] == 2025
    assert form["identity"] == {"period": "2025年一季度", "quarter": FIRST}
    summary = json.loads((results / "summary.json").read_text("utf-8"))
    periods = {one["file"]: one["forms"][0]["period"] for one in summary["returns"]}
    assert periods["乙校二季度.xlsx"] == "2025年二季度"


def test_the_report_shows_both_quarters(results: Path) -> None:
    page = (results / "report.html").read_text("utf-8")
    assert "教育经费季度统计表（2025年一季度） <b>2</b> 份" in page
    assert "教育经费季度统计表（2025年二季度） <b>3</b> 份" in page


def test_only_the_quarter_that_is_collected_counts(returned: Path, tmp_path: Path) -> None:
    overview = import_returns(
        returned,
        tmp_path,
        templates=[FOLDER],
        roster=b"name\n\xe7\x94\xb2\xe6\xa0\xa1\n",
        expect=["school-quarterly:2025年一季度"],
    )
    counted = {each.file for each in overview.returns if not any(form.unexpected for form in each.forms)}
    assert counted == {"甲校一季度.xlsx", "乙校一季度.xlsx"}
    said = next(f.message for each in overview.returns for f in each.findings if f.code == "F15")
    assert said.startswith("这张表是 2025 年二季度的《教育经费季度统计表》（某县），这次收的是 2025 年一季度的《")


@pytest.mark.slow
def test_sheets_of_two_quarters_may_lie_in_one_workbook_of_one_quarter_not(tmp_path: Path) -> None:
    form = known()["school-quarterly"]
    for name, quarters in {"两季": (FIRST, SECOND), "重了": (FIRST, FIRST)}.items():
        (tmp_path / f"{name}.xlsx").write_bytes(
            together([generate(form, data=figures("甲校", q, 100)) for q in quarters])
        )
    import_returns(tmp_path, tmp_path / "结果", templates=[FOLDER])
    said = {
        name: [f["message"] for f in document(tmp_path / "结果", name)["findings"] if f["code"] == "F08"]
        for name in ("两季", "重了")
    }
    assert said == {
        "两季": [],
        "重了": ["工作表“季报”和“季报2”都是 2025 年一季度的《教育经费季度统计表》，只能有一张；请删去多余的一张"],
    }


def together(books: list[bytes]) -> bytes:
    """Return a workbook with the first sheet of some, as somebody copies them together."""
    first, *others = (openpyxl.load_workbook(io.BytesIO(data)) for data in books)
    for number, book in enumerate(others, start=2):
        copy = first.copy_worksheet(first.worksheets[0])
        copy.title = f"季报{number}"
        for row in book.worksheets[0].iter_rows():
            for cell in row:
                if cell.value is not None:
                    copy[cell.coordinate].value = cell.value
    saved = io.BytesIO()
    first.save(saved)
    return saved.getvalue()


def test_each_quarter_is_carried_to_the_next_stage_and_from_there_to_the_next_quarter(
    results: Path, tmp_path: Path
) -> None:
    audits = carry([results], "school-quarterly-audit", tmp_path / "核定", templates=[FOLDER])
    names = [one.file for one in audits.workbooks]
    assert names == [
        f"{unit}-教育经费季度核定表-2025年{quarter}.xlsx" for unit in ("乙校", "甲校") for quarter in (FIRST, SECOND)
    ]
    assert [one.period for one in audits.workbooks] == [FIRST, SECOND] * 2
    sheet = openpyxl.load_workbook(tmp_path / "核定" / names[1]).worksheets[0]
    cells = [sheet[cell] for cell in ("B2", "C2", "B4", "B5")]
    assert [cell.value for cell in cells] == [2025, 2, 201, 151], "which quarter it is, stands there"

    import_returns(tmp_path / "核定", tmp_path / "核定结果", templates=[FOLDER], against=results)
    filed = json.loads((tmp_path / "核定结果" / f"{names[1]}".replace(".xlsx", ".json")).read_text("utf-8"))
    assert filed["findings"] == []
    following = carry([tmp_path / "核定结果"], "school-quarterly", tmp_path / "下一季", templates=[FOLDER])
    assert [one.period for one in following.workbooks] == ["二季度", "三季度"] * 2
    sheet = openpyxl.load_workbook(tmp_path / "下一季" / following.workbooks[1].file).worksheets[0]
    assert (sheet["D3"].value, sheet["D4"].value) == ("三季度", 151), "it begins with what was left"


def test_an_audit_is_held_against_the_same_quarter_of_the_stage_before(results: Path, tmp_path: Path) -> None:
    form = known()["school-quarterly-audit"]
    own = {"unit_name": "乙校", "year": 2025, "income": 201, "spending": 60, "closing": 151}
    for quarter in (1, 2):
        (tmp_path / f"{quarter}.xlsx").write_bytes(generate(form, data={**own, "quarter": quarter}))
    import_returns(tmp_path, tmp_path / "结果", templates=[FOLDER], against=results)
    said = [[(f["code"], f["cell"]) for f in document(tmp_path / "结果", name)["findings"]] for name in ("1", "2")]
    assert said == [[("X04", "B4")], []]


def test_what_is_summed_up_is_each_quarter_by_itself(results: Path, tmp_path: Path) -> None:
    summarize([results], tmp_path / "汇总.xlsx", templates=[FOLDER])
    book = openpyxl.load_workbook(tmp_path / "汇总.xlsx")
    details = [[cell.value for cell in row] for row in book["季报明细"].iter_rows()]
    captions = [row[0] for row in details if isinstance(row[0], str) and "年" in row[0] and "份" in row[0]]
    assert captions == ["2025 年二季度　2 份　金额单位：万元", "2025 年一季度　2 份　金额单位：万元"]
    told = [
        [cell.value for cell in row]
        for row in book["汇总说明" if "汇总说明" in book.sheetnames else "说明"].iter_rows()
    ]
    assert [row[1] for row in told if row[0] and str(row[0]).startswith("教育经费季度统计表")] == [
        "2025 年二季度",
        "2025 年一季度",
    ]
    official = {cell.value for row in book["季报汇总"].iter_rows() for cell in row}
    assert {SECOND, FIRST} <= official


def test_a_blank_for_a_quarter_is_named_after_it() -> None:
    form = known()["school-quarterly"]
    asked = [Outgoing.of(form, year=2025, data=data) for data in ({"quarter": FIRST}, {})]
    named = [name for one in asked for name in names([one], [(Own("甲校"),)])]
    assert named == ["甲校-教育经费季度统计表-2025年一季度.xlsx", "甲校-教育经费季度统计表-2025.xlsx"]


# -- the period that a command was asked for -------------------------------------------------------------------------------


def test_forms_are_sent_out_for_a_quarter(run: Run, tmp_path: Path) -> None:
    asked = ("school-quarterly", "--templates", FOLDER, "--unit", "甲校", "-o", tmp_path)
    made = run("generate", *asked, "--period", "2025年二季度")
    assert made.code == 0, made.err
    path = Path(made.out.strip())
    assert "2025年二季度" in path.name
    sheet = openpyxl.load_workbook(path)["季报"]
    assert [sheet[cell].value for cell in ("A2", "D3")] == [2025, SECOND]


@pytest.mark.parametrize(
    ("form", "period", "more", "said"),
    [
        ("school-quarterly", "2025年3月", (), "《教育经费季度统计表》却是按季度报的"),
        ("school-quarterly", "2025年上半年", (), "不是它的一期"),
        ("school-quarterly", "2025", (), "应是哪一期，如 2025年一季度"),
        ("school-quarterly", "2025Q1", ("--year", "2024"), "只写 --period 就行"),
        ("jilin-dept-self-eval", "2025Q1", (), "一年报一次，只填年度 2025 就行：--year 2025"),
    ],
)
def test_a_period_that_is_none_of_the_form_is_told(
    run: Run, tmp_path: Path, form: str, period: str, more: tuple[str, ...], said: str
) -> None:
    made = run("generate", form, "--templates", FOLDER, "-o", tmp_path, "--period", period, *more)
    assert made.code == 2
    assert said in made.err


@pytest.mark.slow
def test_only_what_leads_to_the_quarter_is_carried(run: Run, results: Path, tmp_path: Path) -> None:
    asked = ("--to", "school-quarterly-audit", "--templates", FOLDER, "-o", tmp_path)
    carried = run("carry", results, *asked, "--period", "2025年二季度")
    assert carried.code == 0, carried.err
    assert [path.name for path in sorted(tmp_path.iterdir())] == [
        f"{unit}-教育经费季度核定表-2025年二季度.xlsx" for unit in ("乙校", "甲校")
    ]
    assert "用于2025 年一季度，要的是2025 年二季度" in carried.err
