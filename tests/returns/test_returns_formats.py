"""The same workbooks as LibreOffice saves them in other formats: recognised by layout, and read completely."""

from __future__ import annotations

import json
import re

import pytest
import returns_retype
from test_returns_data import HERE, NAMES, datas, expected, returned

from perfxl.model.grid import Book
from perfxl.model.submission import By
from perfxl.readers.book import read_book

FORMATS = tuple(
    suffix for suffix in returns_retype.FORMATS if isinstance(read_book((HERE / f"hubei.{suffix}").read_bytes()), Book)
)
"""Those that are read at all: the rest is sent back with F01."""


def _blanks_as_one(data: object) -> object:
    """Two blanks in a row are one in OpenDocument, and LibreOffice writes them as two all the same."""
    return json.loads(re.sub(" {2,}", " ", json.dumps(data, ensure_ascii=False)))


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_another_format_has_the_same_data(name: str, suffix: str) -> None:
    submission = returned(f"{name}.{suffix}")
    forms = expected(name)["forms"]
    assert [(f.form, f.sheet, f.by) for f in submission.forms] == [(f["form"], f["sheet"], By.LAYOUT) for f in forms]
    for data, form in zip(datas(submission), forms, strict=True):
        assert _blanks_as_one(data) == _blanks_as_one(form["data"])


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_another_format_has_the_same_errors(name: str, suffix: str) -> None:
    told = {f"{f.severity.value} {f.code} {f.sheet}!{f.cell or ''}" for f in returned(f"{name}.{suffix}").findings}
    assert told >= set(expected(name)["findings"])


@pytest.mark.parametrize("suffix", returns_retype.FORMATS)
@pytest.mark.parametrize("name", NAMES)
def test_another_format_is_read_or_sent_back(name: str, suffix: str) -> None:
    submission = returned(f"{name}.{suffix}")
    assert bool(submission.forms) is (suffix in FORMATS)
    assert submission.forms or [f.code for f in submission.findings] == ["F01"]
