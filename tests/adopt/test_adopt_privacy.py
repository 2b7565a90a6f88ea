"""Nothing that somebody has typed into a form without locks is printed in the blank that comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import openpyxl
import pytest
from adopt_blanks import FORMS, bare, bare_of, stripped
from msgspec.structs import replace
from openpyxl.styles import Border, Side
from test_adopt_authored import OWN, blank
from test_adopt_authored import forms as authored_forms
from test_adopt_filled import saved

from perfxl.adopt.sheet import Sheet
from perfxl.adopt.typed import typed_on
from perfxl.adopt.workbook import sheets_of
from perfxl.forms.definition.load import read_common, shipped

COMMON, _ = read_common(shipped() / "common.yaml")
LEVELS = frozenset(
    text for groups in COMMON.spec.classifications.values() for one in groups.items() for text in (one[0], *one[1])
)
NAMES = sorted({*FORMS, *OWN} - {"qinghai-dept-approval"})
EACH = [pytest.param(form, marks=() if form == "jilin-dept-self-eval" else pytest.mark.slow) for form in NAMES]
TEXTS = (
    *("欧阳修竹", "在建", "13871234567", "421003199001011234", "青溪区教育局", "小微企业", "按进度", "湖畔路 12 号"),
    *("已验收的校舍维修工程按合同约定付款", "王小明　主任", "ouyang@example.com", "第二批资金于十月拨付到位"),
)


@cache
def unlocked(form: str) -> tuple[Sheet, tuple[tuple[int, int], ...]]:
    """Return the blank of a form without locks, and the blank places that are filled in."""
    with_locks = stripped(form) if form in FORMS else blank(authored_forms()[form])
    (told,), (free,) = sheets_of(with_locks), sheets_of(bare(form) if form in FORMS else bare_of(with_locks))
    open_ = [cell.box[:2] for cell in told.anchors() if not cell.style.locked and cell.value is None]
    return free, tuple((row, column) for row, column in open_ if free.cells[row, column].value is None)


def printed(sheet: Sheet, typed: Mapping[tuple[int, int], str]) -> list[str]:
    """Return the typed texts of a sheet that its blank would print."""
    cells = {place: replace(cell, value=typed.get(cell.box[:2], cell.value)) for place, cell in sheet.cells.items()}
    found = typed_on(replace(sheet, cells=cells), LEVELS)
    return [text for place, text in typed.items() if text in found.instead.get(place, text)]


@pytest.mark.parametrize("form", EACH)
@pytest.mark.parametrize("every", [1, 2, 5])
def test_of_a_form_filled_in_all_over_or_in_places_nothing_is_printed(form: str, every: int) -> None:
    sheet, places = unlocked(form)
    typed = {
        place: f"{TEXTS[number % len(TEXTS)]}{number}" for number, place in enumerate(places) if number % every == 0
    }
    assert printed(sheet, typed) == []


@pytest.mark.slow
@pytest.mark.parametrize("form", EACH)
def test_one_name_alone_is_nearly_always_known(form: str) -> None:
    sheet, places = unlocked(form)
    step = max(len(places) // 40, 1)
    kept = [place for place in places[::step] if printed(sheet, {place: "欧阳修竹"})]
    assert len(kept) <= 0.05 * len(places[::step]) + 1


@pytest.mark.parametrize("form", EACH)
def test_of_a_blank_everything_is_printed(form: str) -> None:
    sheet, _ = unlocked(form)
    assert typed_on(sheet, LEVELS).left_out == ()


def rows(*lines: tuple[str | None, ...]) -> Sheet:
    """Return a sheet of boxed cells below a title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    line = Side(style="thin")
    sheet["A1"] = "项目申报表"
    for row, texts in enumerate(lines, start=2):
        for column, text in enumerate(texts, start=1):
            cell = sheet.cell(row, column, text)
            cell.border = Border(left=line, right=line, top=line, bottom=line)
    (read,) = sheets_of(saved(book))
    return read


@pytest.mark.parametrize(
    "lines",
    [
        (("项目负责人", "欧阳修竹", "牵头科室", None), ("建设地点", None, "招标编号", None)),
        (("牵头科室", "欧阳修竹", "项目负责人", None), ("建设地点", None, "招标编号", None)),
        (("牵头科室", "欧阳修竹", "配合科室", "第二科"), ("建设地点", None, "招标编号", None)),
        (("法定代表人", "欧阳修竹", "开户银行", None), ("建设地点", None, "招标编号", None)),
        (("项目负责人", "牵头科室", "配合科室"), (None, None, "欧阳修竹"), (None, None, None), (None, None, None)),
        (("项目负责人", "牵头科室", "配合科室"), ("欧阳修竹", None, None), (None, None, None)),
    ],
)
def test_a_name_is_none_of_the_form_s_words(lines: tuple[tuple[str | None, ...], ...]) -> None:
    found = typed_on(rows(*lines), LEVELS)
    assert "欧阳修竹" in {text for _, text in found.left_out}


def test_heads_after_one_that_asks_for_somebody_are_printed() -> None:
    sheet = rows(("项目负责人", "牵头科室", "配合科室"), (None, None, None), (None, None, None))
    assert typed_on(sheet, LEVELS).left_out == ()
