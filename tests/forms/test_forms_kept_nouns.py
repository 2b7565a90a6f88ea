"""All that a form can be made of is kept: a noun that is forgotten would make its form one that no page can hold."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from enum import Enum

from perfxl.forms.kept import _NOUNS, from_text, to_text
from perfxl.model.form import Form
from support.cases import form_of


def nouns(kind: object, seen: set[object]) -> Iterator[type]:
    """Yield the classes of our own that a value of a type can be made of."""
    if kind in seen or isinstance(kind, str):
        return
    seen.add(kind)
    if isinstance(kind, type) and kind.__module__.startswith("perfxl."):
        yield kind
        if not issubclass(kind, Enum):
            for below in typing.get_type_hints(kind).values():
                yield from nouns(below, seen)
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is not None:
        for below in typing.get_args(kind):
            yield from nouns(below, seen)


def test_every_noun_of_a_form_is_known() -> None:
    # A preset is a text or a number: lint takes no indicator value for one.
    wanted = {one for one in nouns(Form, set()) if one.__module__ != "perfxl.model.value"}
    assert len(wanted) > 20
    assert wanted - {*_NOUNS} == set()


def test_a_form_with_a_cover_is_kept() -> None:
    made = form_of(COVERED)
    assert made.cover is not None
    assert from_text(to_text([made])) == {made.id: made}


COVERED = """\
form: covered-sample
version: "1"
title: 自评表
region: 测试
stage: report
year_basis: 年度
sheet: 自评表
columns: {A: 10, B: 20}
unit: unit_name
contents: true
cover:
  title: 部门自评
  lines: ["填报单位：{unit_name}"]
notes: [一、一个部门填一份。]
bands:
- row:
  - {at: A, label: 单位}
  - {at: B, field: unit_name, type: text, required: true}
"""
