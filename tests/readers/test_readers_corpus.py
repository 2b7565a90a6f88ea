from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import openpyxl
import pytest

from perfxl.api import marked
from perfxl.marks.mark import CannotMark, is_finding_list, mark, unmark
from perfxl.model.finding import Severity
from support import corpus
from support.office import Office
from support.packages import parts

# What openpyxl does not know of the later version's parts.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")

REMEDIES = {"V01": "请填写。", "M06": "请逐项核对后改正。"}


@cache
def marked_all(name: str) -> bytes:
    return mark(corpus.FILES[name], corpus.findings(corpus.FILES[name]), REMEDIES)


def test_the_corpus_is_of_many_makers_and_small() -> None:
    assert len(corpus.FILES) >= 20
    assert len({name.partition("-")[0] for name in corpus.FILES}) >= 4
    assert max(map(len, corpus.FILES.values())) < 60_000


@pytest.mark.parametrize("name", corpus.FILES)
def test_every_return_is_read_and_lacks_a_name(name: str) -> None:
    submission = corpus.read(corpus.FILES[name])
    assert submission.forms
    assert "V01" in {finding.code for finding in submission.findings}


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.OPEN)
def test_nothing_is_lost_in_a_marked_copy(name: str, assert_valid_package: Callable[..., None]) -> None:
    data, copy = corpus.FILES[name], marked_all(name)
    assert_valid_package(copy, source=data)
    own = corpus.cells(copy)
    assert is_finding_list(corpus.book(copy).sheets[0])
    assert {sheet: own[sheet] for sheet in own if sheet != corpus.book(copy).sheets[0].name} == corpus.cells(data)
    assert [
        (grid.name, grid.cells, grid.merges, grid.hidden)
        for grid in corpus.book(copy).sheets
        if not is_finding_list(grid)
    ] == [(grid.name, grid.cells, grid.merges, grid.hidden) for grid in corpus.book(data).sheets]
    before, after = parts(data), parts(copy)
    # all sheets are marked here: they, their notes, the styles, and what says which parts there are
    concerned = r"worksheets/|styles\.xml|comments?\d*\.xml|vml|workbook\.xml|Content_Types"
    kept = [part for part in before if not re.search(concerned, part, re.IGNORECASE)]
    assert kept
    assert all(after[part] == before[part] for part in kept)


@pytest.mark.parametrize("name", corpus.OPEN)
def test_what_has_no_finding_is_not_touched(name: str) -> None:
    data = corpus.FILES[name]
    finding = next(finding for finding in corpus.read(data).findings if finding.code == "V01")
    before, after = parts(data), parts(mark(data, [finding], REMEDIES))
    changed = {part for part in before if after[part] != before[part]}
    sheet = corpus.sheet_parts(data)[finding.sheet or ""]
    others = changed - {sheet, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
    folder, _, file = sheet.rpartition("/")
    others -= {f"{folder}/_rels/{file}.rels"}
    # a sheet that stood in front loses its selection, and notes that are there get ours behind them
    others = {
        part for part in others if not re.search(r"comments?\d*\.xml|vml", part) and b"tabSelected" not in before[part]
    }
    assert others == set()


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.OPEN)
def test_marks_come_off_the_corpus_byte_for_byte(name: str) -> None:
    data, copy = corpus.FILES[name], marked_all(name)
    assert parts(unmark(copy)) == parts(data)
    assert mark(copy, corpus.findings(data), REMEDIES) == copy


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.OPEN)
def test_a_corrected_return_comes_out_clean(name: str) -> None:
    data = corpus.FILES[name]
    before = corpus.read(data)
    missing = next(finding for finding in before.findings if finding.code == "V01")
    sheet, cell = missing.sheet or "", missing.cell or ""
    back = corpus.typed(marked(data, before), sheet, cell, "石鼓区教育局")
    after = corpus.read(back)
    direct = corpus.read(corpus.typed(data, sheet, cell, "石鼓区教育局"))
    assert after.findings == direct.findings
    assert (sheet, cell) not in {(finding.sheet, finding.cell) for finding in after.findings}
    clean = mark(back, [finding for finding in after.findings if finding.severity is Severity.INFO], {})
    written = b"".join(content for part, content in parts(clean).items() if not part.endswith(".bin"))
    for trace in ("perfxl.error", "perfxl.warning", "审核意见", "审核错误清单", "marks.json"):
        assert trace.encode() not in written, trace
    assert corpus.fills(clean) == corpus.fills(data)
    assert [grid.name for grid in corpus.book(clean).sheets] == [grid.name for grid in corpus.book(data).sheets]


@pytest.mark.parametrize("name", corpus.CLOSED)
def test_signed_and_strict_returns_are_left_alone(name: str) -> None:
    with pytest.raises(CannotMark):
        marked_all(name)
    assert unmark(corpus.FILES[name]) is corpus.FILES[name]


@pytest.mark.slow
@pytest.mark.parametrize("name", corpus.OPEN)
@pytest.mark.parametrize("cached", [True, False])
def test_openpyxl_reads_the_same_from_a_marked_copy(name: str, cached: bool) -> None:  # noqa: FBT001 - a parameter
    def cells(data: bytes) -> dict[str, dict[str, str]]:
        opened = openpyxl.load_workbook(io.BytesIO(data), data_only=cached)
        return {
            sheet.title: {
                cell.coordinate: f"{cell.number_format} {getattr(cell.value, 'text', cell.value)!r}"
                for row in sheet.iter_rows()
                for cell in row
                if cell.value is not None
            }
            for sheet in opened.worksheets
        }

    copy = marked_all(name)
    before, after = cells(corpus.FILES[name]), cells(copy)
    after.pop(corpus.book(copy).sheets[0].name)
    assert after == before


@pytest.mark.client
@pytest.mark.parametrize("name", corpus.OPEN)
def test_libreoffice_shows_the_same_in_a_marked_copy(name: str, office: Office, tmp_path: Path) -> None:
    source, copy = tmp_path / f"a{name}", tmp_path / f"b{name}"
    source.write_bytes(corpus.FILES[name])
    copy.write_bytes(marked_all(name))
    before, after = office.displayed(source), office.displayed(copy)
    assert "序号" in after.pop(next(iter(after))).values()
    assert after == before
