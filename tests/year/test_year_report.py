"""The report: order, headings and figures of the official text, its table, and what happens when things go wrong."""

from __future__ import annotations

import errno
import io
import json
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import docx
import pytest

import perfxl
from perfxl.documents.masters.__main__ import MASTERS
from perfxl.forms.definition.load import shipped
from perfxl.model.finding import Severity
from perfxl.outputs import write_whole
from perfxl.year.report import each
from support.command import Run
from support.filings import ERROR, document, filed
from support.pile import contents, lay
from support.words import faceless, faults, grid, merges, paragraphs, root, small_master

REPORT, TABLE = "hunan-self-eval-report", "hunan-dept-self-eval"
NAME = "石鼓区教育局-绩效自评报告-2023.docx"


@cache
def _sample(form: str) -> str:
    return (shipped() / form / "sample.json").read_text(encoding="utf-8")


def sample(form: str, **changes: Any) -> dict[str, Any]:
    return {**json.loads(_sample(form), parse_float=Decimal), **changes}


def narrative(unit: str = "石鼓区教育局", code: str | None = "430407", year: int = 2023, **changes: Any) -> bytes:
    data = sample(REPORT, unit_name=unit, year=year, **changes)
    return document(f"报告{unit}.xlsx", filed(REPORT, data, year=year, unit=unit, code=code))


def scored(unit: str = "石鼓区教育局", code: str | None = "430407", year: int = 2023, **changes: Any) -> bytes:
    data = sample(TABLE, unit_name=unit, year=year, **changes)
    return document(f"表{unit}.xlsx", filed(TABLE, data, year=year, unit=unit, code=code))


def funds(basic: str) -> dict[str, Any]:
    whole = sample(TABLE)["funds"]
    return {**whole, "by_expense": {**whole["by_expense"], "basic": Decimal(basic)}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder 结果 with a report and its table, in the folder at hand."""
    monkeypatch.chdir(tmp_path)
    return lay(tmp_path, {"结果/教育/报告.json": narrative(), "结果/教育/表.json": scored()}) / "结果"


def made(folder: Path, name: str = NAME) -> bytes:
    perfxl.report(folder, "报告")
    return Path("报告", name).read_bytes()


# -- what it says -----------------------------------------------------------------------------------------------------------

HEADINGS = [
    "石鼓区教育局2023年绩效自评报告",
    "一、基本情况",
    "（一）部门基本情况",
    "1、机构设置",
    "2、人员编制情况",
    "3、部门主要职能",
    "（二）部门整体支出绩效目标，专项资金绩效目标",
    "二、一般公共预算支出情况",
    "1、整体支出情况",
    "2、一般公共预算支出结构情况",
    "3、资金管理情况",
    "三、部门整体支出绩效情况",
    "1.坚持党建引领，教育发展凝聚动力",
    "2.坚持内涵发展，素质教育深入实施",
    "3.坚持统筹兼顾，教育均衡取得实效",
    "4.坚持重点突破，教育事业惠民利民",
    "四、存在问题",
    "五、下一步改进措施",
    "部门整体支出绩效自评表",
]
FIGURES = [
    "截至2023年12月31日，我单位在职在编人员52人，退休人员38人。",
    (
        "石鼓区教育局2023年年初预算金额为1616.43万元，年中追加预算金额为4942.07万元，年终决算支出6558.50万元，年末结余金额0万元，"
        "全年预算执行率100%。"
    ),
    (
        "石鼓区教育局的部门整体支出主要用于单位的正常运转及项目支出等方面，其中：基本支出1051.47万元，占支出总额16.03%；包括："
        "人员经费支出945.00万元，占总支出的14.41%；公用经费支出106.47万元，占总支出的1.62%；项目支出5506.86万元，占支出总额83.97%。"
    ),
    (
        "2023年度财政拨款支出6463.09万元，主要用于以下方面：一般公共服务支出0.15万元，占0.002%；教育支出5996.30万元，占92.78%；"
        "文化旅游体育与传媒支出3.00万元，占0.05%；社会保障和就业支出101.89万元，占1.58%；卫生健康支出127.95万元，占1.98%；"
        "住房保障支出76.73万元，占1.19%；其他支出157.07万元，占2.43%。"
    ),
]


def test_headings_stand_in_the_official_order_and_the_figures_are_the_official_ones(folder: Path) -> None:
    said = paragraphs(made(folder))
    places = [said.index(heading) for heading in HEADINGS]
    assert places == sorted(places)
    for sentence in FIGURES:
        assert sentence in said
    assert not any("None" in one or "{" in one for one in said)


def test_every_text_that_was_typed_stands_line_by_line(folder: Path) -> None:
    said = paragraphs(made(folder))
    for key in ("organization", "functions", "goals", "fund_management", "problems", "measures"):
        for line in sample(REPORT)[key].split("\n"):
            assert line in said
    for result in sample(REPORT)["results"]:
        assert result["text"] in said


def test_the_scored_table_stands_at_the_end_with_its_groups_merged(folder: Path) -> None:
    document = made(folder)
    table = grid(document)
    assert table[0][3] == "石鼓区教育局"
    assert table[2][3:] == ["1616.43", "6558.50", "6558.50", "10", "100%", "10"]
    assert table[4][1] == "其中：一般公共预算：6463.09万元"
    assert table[4][5] == "其中：基本支出：1051.64万元"
    assert table[-1][6:8] == ["100", "100"]
    first = next(number for number, row in enumerate(table) if row[1].startswith("产出指标"))
    assert [row[1] for row in table[first:-1]] == (
        ["产出指标(50分)"] * 4 + ["效益指标（30分）"] * 4 + ["满意度指标（10分）"]
    )
    assert merges(document, 1)[first:-1] == ["restart", *["continue"] * 3, "restart", *["continue"] * 3, ""]
    assert set(merges(document, 2)[first:-1]) == {""}
    assert merges(document, 0)[first:-1] == ["continue"] * 9
    assert table[first + 4][3:9] == ["无", "无", "无", "", "", ""]


def test_without_its_table_the_report_ends_with_the_text(folder: Path) -> None:
    (folder / "教育/表.json").unlink()
    document = made(folder)
    assert "部门整体支出绩效自评表" not in paragraphs(document)
    assert not docx.Document(io.BytesIO(document)).tables


def test_a_sentence_with_nothing_to_say_is_left_out_whole(folder: Path) -> None:
    bare = narrative(
        staff={"retired": 3},
        spending={"initial": Decimal("12.3"), "personnel": {"amount": 1}, "final": 4},
        by_function=[{"name": "教育支出"}, {"name": "其他支出", "amount": 2}],
        results=[{"text": "做了。"}],
        organization=None,
        problems=None,
    )
    (folder / "教育/报告.json").write_bytes(bare)
    said = paragraphs(made(folder))
    assert "截至2023年12月31日，我单位退休人员3人。" in said
    assert "石鼓区教育局2023年年初预算金额为12.30万元，年终决算支出4.00万元，全年预算执行率32.52%。" in said
    assert (
        "石鼓区教育局的部门整体支出主要用于单位的正常运转及项目支出等方面，其中：人员经费支出1.00万元，占总支出的25%。"
    ) in said
    assert "2023年度财政拨款支出2.00万元，主要用于以下方面：其他支出2.00万元，占100%。" in said
    assert "做了。" in said
    assert not any("None" in one or one == "1." for one in said)
    assert said[said.index("四、存在问题") + 1] == "五、下一步改进措施"


def test_text_that_looks_like_marks_or_markup_comes_through(folder: Path) -> None:
    odd = "{{ year }} {% if x %} <w:p/> &amp; “引号”{_{"
    long = "字" * 3000
    changed = narrative(problems=f"{odd}\n{long}", results=[{"theme": odd, "text": odd}])
    (folder / "教育/报告.json").write_bytes(changed)
    said = paragraphs(made(folder))
    assert said.count(odd) == 2
    assert f"1.{odd}" in said
    assert long in said


# -- how it is set ----------------------------------------------------------------------------------------------------------


def test_every_run_says_its_chinese_face(folder: Path) -> None:
    assert faceless(made(folder)) == []


def test_the_page_is_that_of_an_official_document(folder: Path) -> None:
    document = docx.Document(io.BytesIO(made(folder)))
    (section,) = document.sections
    assert section.page_width is not None
    assert section.left_margin is not None
    assert section.right_margin is not None
    assert section.page_height is not None
    assert section.top_margin is not None
    assert section.bottom_margin is not None
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert (round(section.top_margin.mm), round(section.left_margin.mm)) == (37, 28)
    assert round((section.page_width - section.left_margin - section.right_margin) / 36000) == 156
    assert round((section.page_height - section.top_margin - section.bottom_margin) / 36000) == 225
    assert document.settings.odd_and_even_pages_header_footer
    faces = {
        one.text: one.style.font.name
        for one in document.paragraphs
        if one.style is not None and one.text in {HEADINGS[0], HEADINGS[1], HEADINGS[2], HEADINGS[3]}
    }
    assert list(faces.values()) == ["方正小标宋简体", "黑体", "楷体_GB2312", "仿宋_GB2312"]
    assert document.core_properties.title == HEADINGS[0]


def test_the_shipped_masters_are_as_the_program_makes_them() -> None:
    for name, make in MASTERS.items():
        assert (shipped() / name).read_bytes() == make(), f"{name}: run python -m perfxl.documents.masters"
        assert faults(make()) == []


# -- the command ------------------------------------------------------------------------------------------------------------


def test_a_figure_that_is_not_the_tables_is_said_and_the_report_is_written_all_the_same(folder: Path, run: Run) -> None:
    before = contents(folder)
    ran = run("report", folder, "-o", "报告")
    assert (ran.code, ran.out) == (1, f"报告/{NAME}\n")
    assert (
        f"“{NAME}”（X04）基本支出的金额 1051.47 与《部门整体支出绩效自评表》中的 1051.64 相差 0.17，请以核对无误的一处为准，改正另一处"
    ) in ran.err
    assert "已写 1 份报告；1 份的数与自评表不符" in ran.err
    assert contents(folder) == before


def test_with_equal_figures_all_is_well_and_the_same_input_gives_the_same_bytes(folder: Path, run: Run) -> None:
    (folder / "教育/表.json").write_bytes(scored(funds=funds("1051.47")))
    first = run("report", folder, "-o", "一")
    assert first.code == 0
    assert "X04" not in first.err
    with ThreadPoolExecutor(2) as executor:
        perfxl.report([folder / "教育/表.json", folder / "教育/报告.json"], "二", executor=executor)
    assert contents(Path("一")) == contents(Path("二"))


def test_what_was_not_filled_in_is_named(folder: Path, run: Run) -> None:
    (folder / "教育/报告.json").write_bytes(narrative(problems=None, results=[]))
    ran = run("report", folder, "-o", "报告")
    assert f"“{NAME}”里没有写的（没有填）：部门整体支出绩效情况、存在问题" in ran.err
    assert "没有填" not in run("report", folder, "-o", "报告", "--quiet").err


def test_tables_go_to_their_own_unit_and_year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    files = {
        "结果/a.json": narrative("甲局", "1"),
        "结果/b.json": narrative("乙局", None),
        "结果/c.json": scored("甲局", "2"),  # another unit of that name
        "结果/d.json": scored("甲局", "1", 2022),
        "结果/e.json": scored("乙局", "3"),
    }
    lay(tmp_path, files)
    done = perfxl.report("结果", "报告")
    assert [(one.unit.name, one.table) for one in done.reports] == [("甲局", ""), ("乙局", f"e.json#{TABLE}")]
    assert [finding.code for finding in done.reports[1].differences] == ["X04"]
    assert done.reports[1].differences[0].severity is Severity.ERROR
    assert done.reports[1].differences[0].cell is not None


@pytest.mark.slow
def test_a_rejected_return_is_written_about_and_said_unless_an_accepted_one_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    monkeypatch.chdir(tmp_path)
    returned = filed(REPORT, sample(REPORT), year=2023)
    lay(tmp_path, {"结果/a.json": document("a.xlsx", returned, findings=(ERROR,))})
    ran = run("report", "结果")
    assert ran.code == 0
    assert f"“{NAME}”用的“a.json”是退回的，改正后请重新生成" in ran.err
    (tmp_path / "结果/b.json").write_bytes(narrative())
    ran = run("report", "结果")
    assert ran.out == f"output/{NAME}\n"
    assert "“a.json”是退回的，同一张表已有通过的“b.json”，用那一份" in ran.err
    superseded = filed(REPORT, sample(REPORT), year=2023, superseded_by="b.xlsx")
    (tmp_path / "结果/a.json").write_bytes(document("a.xlsx", superseded))
    assert "“a.json”里的《绩效自评报告》已由后来交回的“b.xlsx”代替，没有采用" in run("report", "结果").err


# -- faults -----------------------------------------------------------------------------------------------------------------


def test_foreign_older_and_unknown_documents_are_named_and_passed_over(folder: Path, run: Run) -> None:
    unknown = json.loads(narrative("丙局"))
    unknown["forms"][0]["form"] = "no-such-form"
    older = json.loads(narrative("丁局"))
    older["perfxl"] = 0
    more = {"别的.json": b"[]", "未知.json": json.dumps(unknown).encode(), "旧.json": json.dumps(older).encode()}
    lay(folder, more)
    ran = run("report", folder, "-o", "报告")
    assert ran.out == f"报告/{NAME}\n"
    for said in (
        "“别的.json”不是导入的结果",
        "“未知.json”里的表式“no-such-form”这里没有",
        "“旧.json”是旧版本的 perfxl 写的",
    ):
        assert said in ran.err


def test_where_there_is_nothing_to_report_it_is_wrong_usage(tmp_path: Path, run: Run) -> None:
    lay(tmp_path, {"a.json": scored()})
    ran = run("report", tmp_path, "-o", tmp_path / "报告")
    assert ran.code == 2
    assert "没有可以写成报告的结果：要有《绩效自评报告》的数据" in ran.err
    assert not (tmp_path / "报告").exists()
    assert run("report", tmp_path / "nowhere").code == 2


def test_a_report_that_cannot_be_written_is_told_and_the_others_are_written(folder: Path, run: Run) -> None:
    lay(folder, {"甲.json": narrative("甲局", "1")})
    (Path("报告") / NAME).mkdir(parents=True)
    ran = run("report", folder, "-o", "报告")
    assert ran.code == 3
    assert ran.out == "报告/甲局-绩效自评报告-2023.docx\n"
    assert f"写不了“报告/{NAME}”" in ran.err
    assert "1 份没有写成" in ran.err
    assert not [name for name in contents(Path("报告")) if ".tmp" in name]


def test_a_full_disk_costs_the_reports_that_it_does_not_take(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(folder, {"甲.json": narrative("甲局", "1")})

    def full(path: Path, data: bytes) -> None:
        if "甲局" in path.name:
            raise OSError(errno.ENOSPC, "No space left on device")
        write_whole(path, data)

    monkeypatch.setattr(each, "write_whole", full)
    ran = run("report", folder, "-o", "报告")
    assert ran.code == 3
    assert ran.out == f"报告/{NAME}\n"
    assert "写不了“报告/甲局-绩效自评报告-2023.docx”：磁盘已满" in ran.err


def test_a_cut_is_called_a_cut(folder: Path) -> None:
    spending = {**sample(REPORT)["spending"], "added": Decimal("-12.5")}
    (folder / "教育/报告.json").write_bytes(narrative(spending=spending))
    assert any("年中调减预算金额为12.50万元，年终决算" in one for one in paragraphs(made(folder)))


def test_a_blank_amount_leaves_its_caption_in_the_table(folder: Path) -> None:
    (folder / "教育/表.json").write_bytes(scored(funds={"total": {"initial": 1}}))
    table = grid(made(folder))
    assert table[4][1] == "其中：一般公共预算："
    assert table[2][3:] == ["1.00", "", "", "", "", ""]


def test_a_folders_own_master_goes_before_the_shipped_one(folder: Path, run: Run) -> None:
    own = small_master("{{ unit_name }}{{ year }}年的报告：{{ spending.final }}万元。")
    lay(Path(), {f"样/{REPORT}/report.docx": own})
    run("report", folder, "-o", "报告", "--templates", "样")
    assert paragraphs((Path("报告") / NAME).read_bytes()) == ["石鼓区教育局2023年的报告：6558.50万元。"]


def test_any_form_may_have_a_report(folder: Path, run: Run) -> None:
    own = small_master("{{ unit_name }}：{{ funds.total.executed }}万元", "{%p if table %}", "附表", "{%p endif %}")
    lay(Path(), {f"样/{TABLE}/report.docx": own})
    ran = run("report", folder, "-o", "报告", "--templates", "样")
    assert sorted(ran.out.split()) == [f"报告/{NAME}", "报告/石鼓区教育局-部门整体支出绩效自评表-2023.docx"]
    written = Path("报告/石鼓区教育局-部门整体支出绩效自评表-2023.docx").read_bytes()
    assert paragraphs(written) == ["石鼓区教育局：6558.50万元"]


def test_a_master_with_a_mistake_is_wrong_usage_with_its_place(folder: Path, run: Run) -> None:
    lay(Path(), {f"样/{REPORT}/report.docx": small_master("好", "{{ spending.finl }}万元")})
    ran = run("report", folder, "-o", "报告", "--templates", "样")
    assert ran.code == 2
    assert (
        f"文稿样“样/{REPORT}/report.docx”第 2 段“{{{{ spending.finl }}}}万元”有错：没有“finl”这一项，是否想写 final"
    ) in ran.err
    assert "Traceback" not in ran.err
    assert not list(Path("报告").glob("*")) if Path("报告").exists() else True
    with pytest.raises(perfxl.MasterError):
        perfxl.report(folder, "报告", templates=["样"])


def test_no_document_of_word_is_loaded_before_it_is_needed() -> None:
    assert root(small_master("a")) is not None
    import subprocess  # noqa: PLC0415 - this test's alone
    import sys  # noqa: PLC0415

    code = "import sys, perfxl.cli; print(sorted({'docx', 'docxtpl', 'lxml', 'jinja2'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"


def test_the_page_for_clerks_names_all_that_a_master_may_use() -> None:
    page = (Path(perfxl.__file__).parent.parent / "docs/report-docx.md").read_text(encoding="utf-8")
    for path in perfxl.load_forms()[REPORT].fields:
        table, growing, column = path.partition("[].")
        assert f"`{table}` 的每一行" in page if growing else f"`{path}`" in page
        assert not growing or f"`{column}` " in page
