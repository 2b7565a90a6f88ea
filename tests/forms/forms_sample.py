"""Definitions for the tests of the definition language.

They are files of their own, so that a change to a shipped form breaks no test of the language: a scored self-evaluation
as shipped once, a form with every construct, and one set as forms on paper are.
"""

from __future__ import annotations

from pathlib import Path

from perfxl.forms.definition.load import NOTHING_COMMON, Common, load_forms, parse, read_common
from perfxl.model.form import Form

SAMPLE = Path(__file__).parent / "sample"
HUNAN = (SAMPLE / "hunan-dept-self-eval" / "form.yaml").read_text(encoding="utf-8")
PAPER = (SAMPLE / "paper-sample" / "form.yaml").read_text(encoding="utf-8")
WIDE = (SAMPLE / "wide-sample" / "form.yaml").read_text(encoding="utf-8")
COMMON = read_common(SAMPLE / "common.yaml")[0]
SMALL = """\
form: small-sample
version: "1"
title: 小样表
region: 测试
stage: report
year_basis: 年度
sheet: 小样
columns: {A: 10, B: 20}
bands:
- row:
  - {at: A, label: 名称}
  - {at: B, field: name, type: text}
"""


def formed(text: str, common: Common = COMMON) -> Form:
    """The form of a definition that has to be sound."""
    form, problems = parse(text, "form.yaml", common)
    assert form is not None, "\n".join(map(str, problems))
    return form


HUNAN_FORM = formed(HUNAN)
WIDE_FORM = formed(WIDE)
PAPER_FORM = formed(PAPER)
SMALL_FORM = formed(SMALL, NOTHING_COMMON)
SHIPPED = load_forms()
ALL = {form.id: form for form in (SMALL_FORM, WIDE_FORM, HUNAN_FORM, *SHIPPED.values())}
