"""Marks in the cells settle what is there; none is printed; what is wrong with one is told, with its cell."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import openpyxl
import pytest
from adopt_blanks import FORMS, bare, texts
from test_adopt_shapes import workbook

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.compare import compared
from perfxl.adopt.mark import Mark, MarkError, marked_text
from perfxl.adopt.workbook import NotAFormError, sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import read_common, shipped
from perfxl.model.field_type import Type
from perfxl.model.form import Required


def _adopted(book: Any, **cells: str) -> AdoptedForm:
    for cell, text in cells.items():
        book.active[cell] = text
    buffer = BytesIO()
    book.save(buffer)
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(buffer.getvalue(), "blank.xlsx", common, form="application").forms
    return one


def _list() -> Any:
    book: Any = openpyxl.Workbook()
    rows: list[list[str | None]] = [["补助明细表"], ["单位名称", None], ["对象", "数量", "标准", "小计"], [None] * 4]
    side = openpyxl.styles.Side(style="thin")
    for number, row in enumerate(rows, start=1):
        for column, text in enumerate(row, start=1):
            cell = book.active.cell(number, column, text)
            cell.border = openpyxl.styles.Border(left=side, right=side, top=side, bottom=side)
    book.active.merge_cells("A1:D1")
    book.active.merge_cells("B2:D2")
    return book


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("{{ unit_name }}", Mark("unit_name")),
        ("｛｛unit_name：金额　必填｝｝", Mark("unit_name", Type.MONEY, required=True)),
        ("{{ a.b : money = c + d }}", Mark("a.b", Type.MONEY, "c + d")),
        ("{{ items[].kind : 选项（新增、延续） }}", Mark("items[].kind", Type.CHOICE, choices=("新增", "延续"))),
        ("{{ a 必填 }}", Mark("a", required=True)),
    ],
)
def test_a_mark_says_name_type_choices_and_formula(text: str, mark: Mark) -> None:
    (read,) = marked_text(text).marks
    assert (read.path, read.type, read.formula, read.required, read.choices) == (
        mark.path,
        mark.type,
        mark.formula,
        mark.required,
        mark.choices,
    )


def test_a_brace_of_the_form_s_own_is_printed() -> None:
    assert marked_text(r"按\{{名称\{{填").pieces == ("按{{名称{{填",)
    made = _adopted(workbook(), B3=r"单位名称\{{甲", B12="填报人：")
    assert "单位名称{{甲" in texts(generate(made.form))


@pytest.mark.parametrize(
    "text",
    [
        "{{ a",
        "a }}",
        "{{ 名称 }}",
        "{{ a : 钱 }}",
        "{{ a = }}",
        "{{ a : 选项(是) }}",
        "{{ a : 文字(甲、乙) }}",
        "{{a {{b}}",
    ],
)
def test_a_mark_that_is_not_complete_is_refused(text: str) -> None:
    with pytest.raises(MarkError, match=r"[一-龥]"):
        marked_text(text)


def test_marks_settle_names_types_and_what_is_required() -> None:
    made = _adopted(
        workbook(),
        C3="{{ applicant : 文字 必填 }}",
        C9="{{ money.fiscal.first : 金额 }}",
        D9="{{ money.fiscal.now 必填 }}",
        C10="{{ money.other.first }}",
        E11="{{ money.total.paid = money.fiscal.paid + E10 }}",
        B12="填报人：{{ who }}　电话：{{ tel 必填 }}　填报日期：{{ day : 日期 }}",
    )
    fields = made.form.fields
    assert {"applicant", "money.fiscal.first", "money.other.first", "who", "tel", "day"} <= fields.keys()
    assert fields["applicant"].required is not Required.NO
    assert fields["money.fiscal.now"].required is not Required.NO
    assert fields["money.other.now"].required is Required.NO
    assert fields["tel"].required is not Required.NO
    assert fields["day"].type is Type.DATE
    assert fields["money.total.paid"].formula is not None
    assert made.proof == ()
    assert not any("{" in text for text in texts(generate(made.form)))
    assert "{{" not in made.text


def test_marks_make_a_growing_table_of_one_row() -> None:
    made = _adopted(
        _list(),
        A4="{{ grants[].receiver : 文字 必填 }}",
        B4="{{ grants[].count : 整数 }}",
        C4="{{ grants[].rate : 金额 }}",
        D4="{{ grants[].sum : 金额 = count * rate }}",
    )
    fields = made.form.fields
    assert [path for path in fields if path.startswith("grants[]")] == [
        "grants[].receiver",
        "grants[].count",
        "grants[].rate",
        "grants[].sum",
    ]
    assert fields["grants[].count"].type is Type.INTEGER
    assert fields["grants[].sum"].formula is not None
    assert made.proof == ()


def test_marks_that_are_no_matrix_s_make_values_that_stand_once() -> None:
    made = _adopted(workbook(), C9="{{ first }}", D9="{{ second : 年度 }}")
    assert made.form.fields["first"].type is Type.MONEY
    assert made.form.fields["second"].type is Type.YEAR


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"C3": "{{ a : 钱 }}", "C4": "{{ b"}, ["C3 的", "不认识", "C4 的", "没有写完"]),
        ({"C9": "{{ a }}", "D9": "{{ a }}"}, ["D9 的", "C9 同名"]),
        ({"C9": "{{ a }}", "D9": "{{ a.b }}"}, ["D9 的", "C9"]),
        ({"C9": "{{ items[].name }}"}, ["C9 的", "上面要有一行表头"]),
        ({"C3": "{{ a = b + c }}"}, ["C3 的", "算式"]),
        ({"C3": "{{ a : 选项 }}"}, ["C3 的", "有哪些选项"]),
        ({"B12": "{{ who }}　电话：{{ tel }}"}, []),
        ({"B12": "填报人：{{ who }}{{ tel }}"}, ["B12 的", "没有说明它的字"]),
        ({"B12": "填报人：{{ who }}　金额：{{ sum : 金额 }}"}, ["B12 的", "不是文字或日期"]),
    ],
)
def test_what_is_wrong_with_a_mark_is_told_with_its_cell(cells: dict[str, str], said: list[str]) -> None:
    with pytest.raises(NotAFormError) as found:
        _adopted(workbook(), **cells)
    assert all(part in str(found.value) for part in said)


def test_one_sheet_s_mistake_leaves_the_others() -> None:
    book = workbook()
    book.active["C3"] = "{{ 单位 }}"
    other = book.copy_worksheet(book.active)
    other.title, other["C3"] = "第二张", "{{ applicant }}"
    buffer = BytesIO()
    book.save(buffer)
    common, _ = read_common(shipped() / "common.yaml")
    made = adopt(buffer.getvalue(), "blank.xlsx", common)
    assert [one.sheet for one in made.forms] == ["第二张"]
    assert "C3 的" in made.passed_over[0].why


def test_an_original_with_marks_is_compared_by_what_it_prints() -> None:
    book = workbook()
    made = _adopted(book, C3="{{ applicant }}", B12="填报人：{{ who }}　电话：{{ tel }}")
    buffer = BytesIO()
    book.save(buffer)
    found = compared(sheets_of(buffer.getvalue())[0], sheets_of(generate(made.form))[0])
    assert found.percentage == 100


@pytest.mark.slow
@pytest.mark.parametrize("form", FORMS)
def test_every_value_of_a_shipped_form_keeps_the_name_that_a_mark_gives_it(form: str) -> None:
    """Adopt a blank, write a mark with every name and type into its cells, adopt that: the same names and types."""
    common, _ = read_common(shipped() / "common.yaml")
    (first,) = adopt(bare(form), "blank.xlsx", common, form="own").forms
    book = openpyxl.load_workbook(BytesIO(bare(form)))
    sheet: Any = book.worksheets[0]
    by_name = {path.replace("[]", ""): field for path, field in first.form.fields.items()}
    done: set[str] = set()
    for (row, column), name in sorted(first.adopted.paths.items()):
        spot = first.adopted.grid.at(row, column)
        field = by_name.get(name)
        if field is None or spot.cell.text or spot.place != (row, column) or field.computed or name in done:
            continue
        done.add(name)
        path = next(path for path in first.form.fields if path.replace("[]", "") == name)
        kind = f"选项({'、'.join(c.value for c in field.choices)})" if field.type is Type.CHOICE else field.type.value
        sheet.cell(row, column).value = f"{{{{ {path} : {kind} }}}}"
    buffer = BytesIO()
    book.save(buffer)
    (second,) = adopt(buffer.getvalue(), "blank.xlsx", common, form="own").forms
    assert len(done) > 5
    assert second.form.fields.keys() == first.form.fields.keys()
    assert {path: field.type for path, field in second.form.fields.items()} == {
        path: field.type for path, field in first.form.fields.items()
    }
