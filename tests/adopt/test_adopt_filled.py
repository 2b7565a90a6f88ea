"""Of a form that is filled in nothing is printed that somebody has typed; without locks a blank is read as well."""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest
from adopt_blanks import FORMS, YEAR, bare, grid, share, stripped, texts, without_locks, worn

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.typed import typed_on
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import read_common, shipped

QUICK = {"jilin-dept-self-eval"}
EACH = [pytest.param(form, marks=() if form in QUICK else pytest.mark.slow) for form in FORMS]
KNOWN_WORDS = {"henan-dept-goal", "qinghai-dept-approval"}
"""Forms of which a filled sheet prints words of its own region, or lacks the rows that a blank has."""


def adopted(data: bytes) -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(data, "original.xlsx", common, form="adopted").forms
    return one


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
@pytest.mark.parametrize("locks", [True, False])
def test_nothing_typed_is_printed(form: str, locks: bool) -> None:  # noqa: FBT001 - a parameter of the test
    data = stripped(form, filled=True) if locks else bare(form, filled=True)
    printed = texts(stripped(form)) | texts(bare(form))
    typed = texts(data) - printed
    made = adopted(data)
    blank = texts(generate(made.form, year=YEAR))
    assert len(typed) > 5
    assert not typed & blank
    assert not [text for text in typed if len(text) > 8 and any(text in whole for whole in blank)]
    assert not [text for text in typed if len(text) > 8 and text in made.text]
    if form not in KNOWN_WORDS:
        assert len(printed & blank) >= 0.9 * len(texts(stripped(form)))


TYPED = (
    "王小明",
    "13871234567",
    "0716-8123456",
    "新建教学楼一栋",
    "按计划完成校舍维修",
    "欧阳修竹",
    "青溪区教育局",
    "双优工程",
)


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
@pytest.mark.parametrize("locks", [True, False])
def test_two_typed_texts_are_not_printed(form: str, locks: bool) -> None:  # noqa: FBT001 - a parameter of the test
    if form == "qinghai-dept-approval":
        pytest.skip("issued: its locks say nothing of what is filled in")
    original = stripped(form) if locks else bare(form)
    blanks = [place for place, (text, is_open, _) in grid(stripped(form)).items() if is_open and not text]
    for turn in range(2):
        book = openpyxl.load_workbook(BytesIO(original))
        sheet = book.worksheets[0]
        for number in range(2):
            cell = sheet.cell(*blanks[(turn * 7 + number * 13) % len(blanks)])
            if not cell.value and '"' not in cell.number_format:
                cell.value = TYPED[(turn * 2 + number + len(form)) % len(TYPED)]
        made = adopted(saved(book))
        blank = texts(generate(made.form, year=YEAR))
        assert not [text for text in TYPED if text in made.text or any(text in whole for whole in blank)]


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_without_locks_the_same_cells_are_found(form: str) -> None:
    if form == "qinghai-dept-approval":
        pytest.skip("issued: its locks say nothing of what is filled in")
    for data in (bare(form), worn(form)):
        assert share(without_locks(form, data), grid(generate(adopted(data).form, year=YEAR))) >= 0.99


def test_a_blank_has_nothing_typed() -> None:
    (sheet,) = sheets_of(bare("mof-project-goal"))
    assert typed_on(sheet).left_out == ()


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("填报人：王小明　　联系电话：0716-1234567", "填报人：　　　　　　　　联系电话：　　　　"),
        ("单位：万元", "单位：万元"),
        ("其中：基本支出：1051.64万元", "其中：基本支出：　　　　万元"),
        ("青溪区教育局部门整体支出绩效自评表", "部门整体支出绩效自评表"),
        ("新建教学楼一栋", ""),
        ("数量指标", "数量指标"),
    ],
)
def test_what_is_printed_of_a_text_in_a_filled_form(text: str, printed: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"] = text
    sheet["A2"], sheet["B2"] = "单位名称", "青溪区教育局"
    found = typed_on(sheets_of(saved(book))[0])
    assert found.instead.get((1, 1), text) == printed


def saved(book: openpyxl.Workbook) -> bytes:
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()
