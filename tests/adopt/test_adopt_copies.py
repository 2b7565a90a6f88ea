"""Another copy of a form shows what is printed: what differs is filled in, what agrees is the form's own."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from adopt_blanks import FORMS, YEAR, bare, grid, stripped, texts

from perfxl.adopt.adopting import AdoptedForm, adopt
from perfxl.adopt.workbook import sheets_of
from perfxl.api import generate
from perfxl.forms.definition.load import read_common, shipped
from support.command import Run

QUICK = {"jilin-dept-self-eval"}
EACH = [pytest.param(form, marks=() if form in QUICK else pytest.mark.slow) for form in FORMS]
UNIT = "青溪区教育局"


@cache
def adopted(data: bytes, *copies: bytes) -> AdoptedForm:
    common, _ = read_common(shipped() / "common.yaml")
    (one,) = adopt(data, "original.xlsx", common, form="adopted", copies=[sheets_of(copy) for copy in copies]).forms
    return one


def printed(form: str) -> frozenset[str]:
    return texts(stripped(form)) | texts(bare(form))


def retold(form: str) -> bytes:
    """Return the sample of a form as another unit would have filled it in: other texts in all places."""
    book: Any = openpyxl.load_workbook(io.BytesIO(bare(form, filled=True)))
    words = printed(form)
    for row in book.worksheets[0].iter_rows():
        for cell in row:
            text = cell.value
            if isinstance(text, str) and "".join(text.split()) not in words and not text.startswith("="):
                head, colon, rest = text.rpartition("：")
                cell.value = f"{head}{colon}另写的{rest[::-1]}" if colon else f"另写的{text[::-1]}"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_a_blank_beside_a_filled_one_shows_all_that_is_printed(form: str) -> None:
    filled, blank = bare(form, filled=True), bare(form)
    made = texts(generate(adopted(filled, blank).form, year=YEAR))
    typed = texts(filled) - printed(form)
    assert not typed & made
    assert not [text for text in typed if len(text) > 8 and any(text in whole for whole in made)]
    wanted = {text for text in texts(filled) & texts(blank) if "____" not in text}
    assert len(wanted & made) >= 0.95 * len(wanted), wanted - made


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_two_that_are_filled_in_show_what_is_typed(form: str) -> None:
    one, other = bare(form, filled=True), retold(form)
    made = texts(generate(adopted(one, other).form, year=YEAR))
    typed = (texts(one) | texts(other)) - printed(form)
    assert not typed & made
    alone = texts(generate(adopted(one).form, year=YEAR))
    assert printed(form) & made >= printed(form) & alone


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_a_filled_one_takes_nothing_from_a_blank(form: str) -> None:
    blank = bare(form)
    alone, together = (
        grid(generate(adopted(blank, *rest).form, year=YEAR)) for rest in ((), (bare(form, filled=True),))
    )
    places = alone.keys() | together.keys()
    assert sum(alone.get(place) == together.get(place) for place in places) >= 0.99 * len(places)


def _small(*cells: tuple[str, object]) -> bytes:
    book: Any = openpyxl.Workbook()
    side = openpyxl.styles.Side(style="thin")
    for name, value in cells:
        book.active[name] = value
    for row in book.active["A2:D5"]:
        for cell in row:
            cell.border = openpyxl.styles.Border(left=side, right=side, top=side, bottom=side)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _filled(unit: str, reason: str) -> bytes:
    return _small(
        ("A1", "湖畔市幸福工程补助申请表"),
        *(("A2", "单位名称"), ("B2", unit)),
        *(("A3", "幸福工程类别"), ("B3", reason), ("C3", "湖畔市核定意见")),
        *(("A4", "≥95%"), ("A5", "另附湖畔市材料清单")),
    )


def test_words_that_no_glossary_has_are_printed_where_two_units_have_them() -> None:
    made = texts(generate(adopted(_filled(UNIT, "甲类"), _filled("青溪区民政局", "乙类")).form))
    assert {"湖畔市幸福工程补助申请表", "幸福工程类别", "湖畔市核定意见", "另附湖畔市材料清单"} <= made
    assert not {UNIT, "甲类", "乙类"} & made


def test_what_agrees_in_two_of_one_unit_s_is_not_printed_for_that() -> None:
    one = adopted(_filled(UNIT, "甲类"))
    two = adopted(_filled(UNIT, "甲类"), _filled(UNIT, "甲类"))
    assert texts(generate(two.form)) == texts(generate(one.form))


def test_rows_that_were_put_in_do_not_matter() -> None:
    book: Any = openpyxl.load_workbook(io.BytesIO(_filled("青溪区民政局", "乙类")))
    book.active.insert_rows(3)
    buffer = io.BytesIO()
    book.save(buffer)
    made = texts(generate(adopted(_filled(UNIT, "甲类"), buffer.getvalue()).form))
    assert {"幸福工程类别", "湖畔市核定意见", "另附湖畔市材料清单"} <= made
    assert not {UNIT, "甲类", "乙类"} & made


def test_the_command_takes_another_copy(tmp_path: Path, run: Run) -> None:
    for name, data in (("a.xlsx", _filled(UNIT, "甲类")), ("b.xlsx", _filled("青溪区民政局", "乙类"))):
        (tmp_path / name).write_bytes(data)
    (tmp_path / "c.xlsx").write_bytes(b"broken")
    ran = run("adopt", tmp_path / "a.xlsx", "--copy", tmp_path / "b.xlsx", "--id", "own", "-o", tmp_path / "own")
    assert ran.code == 0, ran.err
    text = (tmp_path / "own" / "own" / "form.yaml").read_text(encoding="utf-8")
    assert "湖畔市核定意见" in text
    assert UNIT not in text
    ran = run("adopt", tmp_path / "a.xlsx", "--copy", tmp_path / "c.xlsx", "--id", "other", "-o", tmp_path / "own")
    assert ran.code == 2
    assert "--copy 的" in ran.err
    assert "c.xlsx" in ran.err
