"""Masters filled in: what was typed comes through, what is blank takes its sentence along, mistakes have their places."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from perfxl.documents.master import fill_in
from perfxl.documents.mistakes import MasterError
from perfxl.documents.signs import literal, settled, without_signs
from perfxl.documents.values import (
    NOTHING,
    MergedRows,
    ReportSection,
    Words,
    contents,
    left_blank,
    money,
    percent,
    said,
)
from perfxl.model.field_type import Type
from perfxl.model.record import Record
from support.effort import examples
from support.filings import forms
from support.words import grid, merges, paragraphs, small_master

MASTER = Path("样.docx")
HUNAN = "hunan-dept-self-eval"


def filled(*texts: str, **values: object) -> list[str]:
    return paragraphs(fill_in(small_master(*texts), MASTER, values))


def mistake(*texts: str, **values: object) -> str:
    with pytest.raises(MasterError) as caught:
        filled(*texts, **values)
    return str(caught.value)


# -- how figures are written ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1616.43", "1616.43"),
        ("6558.5", "6558.50"),
        ("945", "945.00"),
        ("0", "0"),
        ("0.00", "0"),
        ("-3.1", "-3.10"),
        ("1051.475", "1051.475"),
        ("1E+2", "100.00"),
    ],
)
def test_money_has_two_decimals_and_never_loses_one(value: str, text: str) -> None:
    assert money(Decimal(value)) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "100%"),
        ("0.160322", "16.03%"),
        ("0.839652", "83.97%"),
        ("0.000023", "0.002%"),
        ("0.004642", "0.46%"),
        ("0.144", "14.40%"),
        ("1.1368", "113.68%"),
        ("0", "0%"),
        ("0.00005", "0.01%"),
        ("0.000049", "0.005%"),
    ],
)
def test_shares_are_rounded_as_the_official_text_has_them(value: str, text: str) -> None:
    assert percent(Decimal(value)) == text


def test_other_numbers_and_texts_are_written_as_they_are() -> None:
    assert str(said(Decimal("52.0"), Type.INTEGER)) == "52"
    assert str(said(Decimal("9.5"), Type.NUMBER)) == "9.5"
    assert said("  ", Type.TEXT) is NOTHING
    assert said(None, Type.MONEY) is NOTHING


def test_a_zero_is_there_and_a_blank_is_not() -> None:
    assert said(Decimal(0), Type.MONEY)
    assert not NOTHING
    assert filled("{% if a %}有{% endif %}", a=said(Decimal(0), Type.MONEY)) == ["有"]
    assert filled("{% if a < 0 %}调减{% endif %}", a=said(Decimal(-3), Type.MONEY)) == ["调减"]
    assert filled("{% if a < 0 %}调减{% endif %}", a=NOTHING) == [""]


# -- what was typed comes through -------------------------------------------------------------------------------------------


@settings(max_examples=examples(60), deadline=None)
@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Zl", "Zp"]), max_size=30)
    | st.sampled_from(["{{ a }}", "{% if %}", "{#", "{_{", "%_}", "<w:p/>", "&amp;", "a & b", "“”", "，。", "\ue0f0"])
)
def test_a_text_is_read_as_it_was_typed(text: str) -> None:
    before, after = filled("前{{ a }}后", "{% part %}，{{ a }}{% endpart %}。", a=Words(text))
    assert before == f"前{text}后"
    assert after == f"，{text}。"


def test_lines_become_paragraphs_and_breaks_in_a_cell_stay() -> None:
    text = Words("  第一行 \n\n第二行\r\n　第三行\tb")
    assert filled("{%p for line in a %}", "{{ line }}", "{%p endfor %}", a=text) == ["第一行", "第二行", "第三行\tb"]
    (row,) = grid(fill_in(small_master(rows=[["{{ a }}"]]), MASTER, {"a": Words("一\n二")}))
    assert row == ["一\n二"]


def test_three_thousand_characters_come_through() -> None:
    text = "绩效{{自评}}<报告>&" * 250
    assert filled("{{ a }}", a=Words(text)) == [text]


def test_what_no_file_can_hold_is_left_out() -> None:
    assert literal("a\x00\x07b\ufffe\ufdd0\ud800c") == "abc"
    assert filled("{{ a }}", a=Words("a\x0cb\u2028c\x07")) == ["a\nb\nc"]


# -- parts of sentences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("a", "b", "text"),
    [
        ("1", "2", "甲局有甲1，有乙2。"),
        ("1", "", "甲局有甲1。"),
        ("", "2", "甲局有乙2。"),
        ("", "", ""),
    ],
)
def test_a_part_goes_whole_where_something_in_it_is_blank(a: str, b: str, text: str) -> None:
    master = "{% part %}甲局{% part %}有甲{{ a }}，{% endpart %}{% part %}有乙{{ b }}{% endpart %}。{% endpart %}"
    assert filled(master, a=Words(a) if a else NOTHING, b=Words(b) if b else NOTHING) == [text]


def test_a_part_may_hold_paragraphs() -> None:
    texts = ("{%p part %}", "标题", "正文{{ a }}", "{%p endpart %}", "完")
    assert filled(*texts, a=NOTHING) == ["完"]
    assert filled(*texts, a=Words("x")) == ["标题", "正文x", "完"]


def test_a_blank_outside_of_parts_is_nothing() -> None:
    assert filled("a{{ a }}b{{ a.b.c }}c", a=NOTHING) == ["abc"]


def test_signs_are_told_from_what_was_typed() -> None:
    assert settled(f"a{NOTHING.__html__()}") != "a"
    assert without_signs(settled("甲，<w:t>。")) == "甲<w:t>。"


# -- groups down a column ---------------------------------------------------------------------------------------------------


def test_equal_first_and_second_levels_are_merged_second_ones_inside_first_ones_only() -> None:
    levels = [
        ("产出指标", "数量指标"),
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("效益指标", "质量指标"),
        (None, None),
    ]
    values: dict[str, str | None] = {}
    for number, (first, second) in enumerate(levels):
        values |= {f"indicators[{number}].level1": first, f"indicators[{number}].level2": second}
        values[f"indicators[{number}].name"] = f"指标{number}"
    record = Record({path: value for path, value in values.items() if value}, {"indicators": len(levels)})
    table = ReportSection(contents(forms()[HUNAN], record))
    loop = (
        ["{%tr for row in table.indicators %}"],
        ["{{ row.level1 }}", "{{ row.level2 }}", "{{ row.name }}"],
        ["{%tr endfor %}"],
    )
    document = fill_in(small_master(rows=loop), MASTER, {"table": table})
    assert merges(document, 0) == ["restart", "continue", "continue", "", ""]
    assert merges(document, 1) == ["restart", "continue", "", "", ""]
    assert [row[0] for row in grid(document)] == ["产出指标(50分)"] * 3 + ["效益指标（30分）", ""]
    assert [row[2] for row in grid(document)] == [f"指标{number}" for number in range(5)]


# -- mistakes ---------------------------------------------------------------------------------------------------------------

VALUES = {
    "unit_name": Words("甲局"),
    "spending": ReportSection({"initial": Words("1")}),
    "rows": MergedRows([ReportSection({"name": Words("a")})]),
}


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (("好", "{{ unit_nam }}"), "第 2 段“{{ unit_nam }}”有错：没有“unit_nam”这一项，是否想写 unit_name"),
        (("{{ spending.initail }}",), "没有“initail”这一项，是否想写 initial"),
        (("{% for row in rows %}{{ row.nam }}{% endfor %}",), "没有“nam”这一项，是否想写 name"),
        (("{{ unit_name }",), "第 1 段“{{ unit_name }”有错：标记"),
        (("甲", "{% if unit_name %}", "乙"), "{% if %} 没有对应的 {% endif %}"),
        (("{% part %}", "{{ unit_name }}"), "{% part %} 没有对应的 {% endpart %}"),
        (("{% endpart %}",), "{% endpart %} 前面没有对应的 {% part %}"),
        (("{% for x in rows %}{% endif %}",), "{% for %} 没有对应的 {% endfor %}，却写了 {% endif %}"),
        (("{% wenn unit_name %}",), "没有 {% wenn %} 这种标记；可以用 if、for、part"),
        (("{{ unit_name | gross }}",), "没有“| gross”这种写法"),
        (("{{ 1 / 0 }}",), "第 1 段“{{ 1 / 0 }}”有错：这里的写法算不出来"),
        (("{{ unit_name.__class__.__mro__ }}",), "有错"),
    ],
)
def test_a_mistake_is_told_with_its_place_and_remedy(texts: tuple[str, ...], said: str) -> None:
    told = mistake(*texts, **VALUES)
    assert told.startswith("文稿样“样.docx”")
    assert said in told


def test_marks_that_part_what_belongs_together_are_told() -> None:
    rows = [["{% if unit_name %}a"], ["b{% endif %}"]]
    master = small_master("{% for row in rows %}甲", rows=[["乙{% endfor %}"]])
    with pytest.raises(MasterError, match="标记套得不对"):
        fill_in(master, MASTER, {**VALUES, "rows": MergedRows([ReportSection({}), ReportSection({})])})
    assert fill_in(small_master(rows=rows), MASTER, VALUES)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"not a document", small_master("a")[:-200]])
def test_what_is_no_document_of_word_is_told(data: bytes) -> None:
    with pytest.raises(MasterError, match="不是 Word 文档"):
        fill_in(data, MASTER, {})


def test_what_was_not_filled_in_is_named_as_on_the_form() -> None:
    form = forms()["hunan-self-eval-report"]
    told = left_blank(form, Record({"unit_name": "甲局"}, {"results": 1}))
    assert "预算部门名称" not in told
    assert {
        "年度",
        "机构设置",
        "在职在编人员",
        "年初预算",
        "基本支出的金额",
        "存在问题",
        "一般公共预算支出结构情况",
    } <= set(told)
    assert not any(one.startswith(("一、", "1、", "四、")) for one in told)


def test_a_master_that_unpacks_beyond_all_bounds_is_not_opened() -> None:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(5_000_000))
    with pytest.raises(MasterError, match=r"打不开：.*压缩"):
        fill_in(whole.getvalue(), MASTER, {})


def test_a_master_reaches_nothing_but_its_values() -> None:
    for text in (
        "{{ ''.__class__ }}",
        "{{ lipsum.__globals__ }}",
        "{{ unit_name._text }}",
        "{% for x in range(10000000) %}a{% endfor %}",
    ):
        mistake(text, **VALUES)
