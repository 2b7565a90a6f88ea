"""What is said of a file and of its sheets as a whole."""

from __future__ import annotations

import pytest

from perfxl.model.reading import Oddity, Reading, ReadingNotice
from perfxl.rules.files import lacks


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
