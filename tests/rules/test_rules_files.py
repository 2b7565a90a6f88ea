"""What is said of a file and of its sheets as a whole."""

from __future__ import annotations

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.grid import Grid
from perfxl.model.layout import Stamp
from perfxl.model.reading import Candidate, Oddity, Reading, ReadingNotice
from perfxl.model.submission import Unit
from perfxl.rules.files import attached, in_doubt, lacks, origin
from support.cases import case_of
from support.tinyforms import EVALUATION, SOUND


@pytest.mark.parametrize(
    ("labels", "said"),
    [
        ((), ""),
        (("主管部门",), "“主管部门”"),
        (("甲", "乙、丙", "丁"), "“甲”、“乙”、“丙”、“丁”"),
        (("甲", "乙、丙", "丁、戊"), "“甲”、“乙”、“丙”、“丁”等"),
        (("甲、、",), "“甲”"),
    ],
)
def test_four_of_the_labels_that_are_lacking_are_named(labels: tuple[str, ...], said: str) -> None:
    notices = tuple(ReadingNotice(Oddity.MISSING, None, "", label) for label in labels)
    others = (ReadingNotice(Oddity.COPY, "A1", "别的", "别的"),)
    assert lacks(Reading({}, {}, {}, (*others, *notices), 1.0)) == said


def test_the_form_that_a_sheet_is_read_as_is_named_before_the_other() -> None:
    reading = Reading({}, {}, {}, (), 0.9)
    names = ("mof-project-self-eval", "jilin-project-self-eval", "hunan-dept-self-eval")
    found = in_doubt(Grid("表一", {}), [Candidate(name, reading) for name in names], load_forms())
    assert found.message.startswith("工作表“表一”按《项目支出绩效自评表》（全国）读取，也可能是《")
    assert found.message.endswith("（吉林）），请核对") or "（吉林），请核对" in found.message


@pytest.mark.parametrize(("what", "said"), [("PDF 文件", "“扫描.pdf”是 PDF 文件，"), ("图片", "“扫描.pdf”是图片，")])
def test_what_comes_with_a_return_is_said_with_a_blank_before_letters_only(what: str, said: str) -> None:
    assert attached("扫描.pdf", what, "某局").message == f"{said}作为“某局”的附件收下，没有读取"


@pytest.mark.parametrize(
    ("asked", "year", "said"),
    [
        (None, None, []),
        (None, 2023, []),
        (2024, None, []),
        (2024, 2024, []),
        (2024, 2023, ["这张表是 2023 年度的，要的是 2024 年度，请核对是否交错了表"]),
        (2024, 2025, ["这张表是 2025 年度的，要的是 2024 年度，请核对是否交错了表"]),
    ],
)
def test_a_form_of_another_year_than_asked_for(asked: int | None, year: int | None, said: list[str]) -> None:
    case = case_of(EVALUATION, SOUND[EVALUATION.id])
    assert [(found.code, found.message) for found in origin(case, None, asked, year)] == [("F09", one) for one in said]


@pytest.mark.parametrize(
    ("form", "version", "said"),
    [
        (EVALUATION.id, "1", []),
        (EVALUATION.id, "0", ["这张表是 0 版，现在用的是 1 版，已按现在的版本读取，请核对"]),
        ("another", "0", []),
    ],
)
def test_a_form_made_from_another_version(form: str, version: str, said: list[str]) -> None:
    case = case_of(EVALUATION, SOUND[EVALUATION.id])
    found = origin(case, Stamp(form, version, "", 2023, Unit(None, None)), None, 2023)
    assert [(one.code, one.sheet, one.message) for one in found] == [("F09", "表", message) for message in said]
