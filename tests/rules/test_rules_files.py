"""What is said of a file and of its sheets as a whole."""

from __future__ import annotations

import pytest

from perfxl.forms.definition.load import load_forms
from perfxl.model.grid import Grid
from perfxl.model.reading import Candidate, Oddity, Reading, ReadingNotice
from perfxl.rules.files import attached, in_doubt, lacks


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
