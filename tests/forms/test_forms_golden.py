"""Golden workbooks: the blank and the filled sample of every form, part by part. Look at the picture before updating."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import cache

import pytest

from perfxl.api import generate
from perfxl.forms.definition.load import load_forms, shipped

FORMS = load_forms()


def sample(name: str) -> dict[str, object]:
    text = (shipped() / name / "sample.json").read_text(encoding="utf-8")
    given: dict[str, object] = json.loads(text, parse_float=Decimal)
    return given


@cache
def filled_in(name: str) -> bytes:
    return generate(FORMS[name], data=sample(name))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_the_blank_is_as_it_was(
    name: str, golden: Callable[[str, bytes], None], assert_valid_package: Callable[..., None]
) -> None:
    workbook = generate(FORMS[name], year=2024, unit="某某区教育局", unit_code="000001")
    assert_valid_package(workbook)
    golden(f"{name}.blank", workbook)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_the_sample_is_as_it_was(
    name: str, golden: Callable[[str, bytes], None], assert_valid_package: Callable[..., None]
) -> None:
    workbook = filled_in(name)
    assert_valid_package(workbook)
    golden(f"{name}.sample", workbook)


@pytest.mark.parametrize("name", FORMS)
def test_the_same_input_gives_the_same_bytes(name: str) -> None:
    assert generate(FORMS[name], data=sample(name)) == filled_in(name)
