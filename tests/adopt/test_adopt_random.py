"""A random definition → generate → strip everything that is ours → adopt → generate: the same grid."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from adopt_blanks import YEAR, grid, without_ours
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from perfxl.adopt.adopting import adopt
from perfxl.adopt.captions import several_in
from perfxl.api import generate
from perfxl.forms.definition.load import parse, read_common, shipped
from perfxl.model.form import Form

COMMON, _ = read_common(shipped() / "common.yaml")
WORDS = (
    *(
        "立项依据",
        "实施期限",
        "资金用途",
        "工作机制",
        "湖畔概况",
        "政策文号",
        "受益对象",
        "建设地点",
        "申报理由",
        "专家意见",
    ),
    *(
        "核定结果",
        "财政拨款",
        "其他资金",
        "上级补助",
        "单位自筹",
        "年初预算数",
        "全年执行数",
        "补助标准",
        "发放方式",
        "补助范围",
    ),
    *("用水定额", "施工图", "招标编号", "监理单位", "验收结论", "档案盒号", "牵头科室", "配合科室"),
)
"""Labels that say no type: of 数量 in a format of money the word counts."""
ASKING = ("单位名称", "主管部门", "项目负责人", "联系电话", "存在问题", "改进措施")
"""What is asked for on the right of it: next to another label it would be taken for answered."""
TYPES = ("text", "money", "date", "percent", "integer")
Band = list[str]
Draw = Callable[..., Any]


class Names:
    """Labels and names that a definition has used: each label once, each name once."""

    def __init__(self, words: list[str]) -> None:
        self.words = words
        self.asked = [*ASKING]
        self.number = 0

    def label(self) -> str:
        return self.words.pop()

    def asking(self) -> str:
        return self.asked.pop() if self.asked else self.label()

    def field(self) -> str:
        self.number += 1
        return f"v{self.number}"


def _pair(draw: Draw, names: Names) -> Band:
    return [
        "- row:",
        f"  - {{at: A, label: {names.asking()}}}",
        f"  - {{at: 'B:D', field: {names.field()}, type: {draw(st.sampled_from(TYPES))}}}",
    ]


def _two_pairs(draw: Draw, names: Names) -> Band:
    return [
        "- row:",
        *(
            line
            for label, value in (("A", "B"), ("C", "D"))
            for line in (
                f"  - {{at: {label}, label: {names.label()}}}",
                f"  - {{at: {value}, field: {names.field()}, type: {draw(st.sampled_from(TYPES))}}}",
            )
        ),
    ]


def _section(draw: Draw, names: Names) -> Band:
    lines = [f"- section: {names.label()}", "  at: A", "  bands:"]
    for _ in range(2):
        kind = draw(st.sampled_from(TYPES))
        lines += ["  - row:", f"    - {{at: B, label: {names.label()}}}"]
        lines += [f"    - {{at: 'C:D', field: {names.field()}, type: {kind}}}"]
    return lines


def _matrix(draw: Draw, names: Names) -> Band:
    lines = [
        f"- matrix: {names.field()}",
        f"  name: {names.label()}",
        "  head:",
        f"  - {{at: A, label: {names.label()}}}",
    ]
    lines += [f"  - {{at: {at}, label: {names.label()}, field: {at.lower()}, type: money}}" for at in "BCD"]
    lines += ["  rows:", *(f"  - {{label: {names.label()}, field: r{row}}}" for row in range(draw(st.integers(2, 3))))]
    total = draw(st.booleans())
    return [*lines, *(["  - {label: 合计, field: total, sum: [r0, r1]}"] if total else [])]


def _printed_matrix(draw: Draw, names: Names) -> Band:
    """A matrix with a column of numbers or texts, and rows whose cells print a text or differ in type, choices, preset."""
    further = draw(st.sampled_from(("serial: true", "prints: unit")))
    lines = [
        f"- matrix: {names.field()}",
        f"  name: {names.label()}",
        "  head:",
        f"  - {{at: A, label: {names.label()}}}",
        f"  - {{at: B, label: {'行次' if further == 'serial: true' else '计量单位'}, {further}}}",
        f"  - {{at: C, label: {names.label()}, field: c, type: money}}",
        f"  - {{at: D, label: {names.label()}, field: d, type: money}}",
        "  rows:",
    ]
    differing = draw(st.permutations(_OF_ROWS))
    for row in range(draw(st.integers(4, 5))):
        own = differing[row - 3] if row >= 3 else ""
        texts = ["unit: 万元"] if further == "prints: unit" else []
        texts += ["d: 按合同"] if row == 1 and draw(st.booleans()) else []
        said = (f"texts: {{{', '.join(texts)}}}" if texts else "", own)
        lines.append(f"  - {{{', '.join([f'label: {names.label()}', f'field: r{row}', *filter(None, said)])}}}")
    return lines


_OF_ROWS = (
    "cells: {c: {type: choice, choices: [是, 否]}}",
    "cells: {c: {type: integer, preset: 7}}",
    "cells: {c: {type: date}}",
    "omit: [c]",
    "cells: {c: {max: 500}}",
)


def _signed(draw: Draw, names: Names) -> Band:
    """A line in which several places stand, at the foot as a rule."""
    del draw
    places = [f"{{caption: '{names.label()}：____', field: {names.field()}, type: text}}" for _ in range(2)]
    return ["- row:", f"  - {{at: 'A:D', look: plain, places: [{', '.join(places)}]}}"]


def _blocks(draw: Draw, names: Names) -> Band:
    return [
        f"- block: {names.field()}",
        "  name: 目标",
        f"  count: {draw(st.integers(2, 3))}",
        "  bands:",
        "  - row:",
        "    - {at: 'A:D', look: listed, caption: '目标{n}：____', field: goal, type: text}",
        "  - row:",
        f"    - {{at: A, label: {names.label()}}}",
        f"    - {{at: 'B:D', field: {names.field()}, type: {draw(st.sampled_from(TYPES))}}}",
    ]


def _growing(draw: Draw, names: Names) -> Band:
    lines = [f"- table: {names.field()}", f"  name: {names.label()}", "  columns:"]
    for at in ("A", "'B:C'", "D"):
        kind = draw(st.sampled_from(("text", "money", "date")))
        lines.append(f"  - {{at: {at}, label: {names.label()}, field: {names.field()}, type: {kind}}}")
    return [*lines, f"  rows: {draw(st.integers(2, 5))}"]


def _indicators(draw: Draw, names: Names) -> Band:
    return [
        f"- table: {names.field()}",
        f"  name: {names.label()}",
        "  columns:",
        "  - {at: A, label: 一级指标, field: level1, type: text, level: 1}",
        "  - {at: B, label: 二级指标, field: level2, type: text, level: 2}",
        "  - {at: C, label: 三级指标, field: name, type: text}",
        "  - {at: D, label: 指标值, field: target, type: value}",
        f"  rows: {draw(st.integers(1, 3))}",
        "  groups: {产出指标: [数量指标, 质量指标], 效益指标: [社会效益指标, 生态效益指标]}",
    ]


KINDS = (_pair, _two_pairs, _section, _matrix, _printed_matrix, _growing, _indicators, _signed, _blocks)


@st.composite
def definitions(draw: Draw) -> str:
    """Draw a definition with a few bands of all kinds."""
    names = Names(list(draw(st.permutations(WORDS))))
    lines = [
        *("form: random", 'version: "2024"', "title: 专项资金绩效申报表", "region: 本地", "stage: declaration"),
        *("year_basis: 预算年度", "sheet: 申报表", "year: year", "columns: {A: 16, B: 18, C: 16, D: 18}", "bands:"),
        *(
            "- title: 专项资金绩效申报表",
            "- row:",
            "  - {at: 'A:D', look: caption, caption: （____年度）, field: year, type: year}",
        ),
    ]
    kinds: list[Callable[..., Band]] = draw(st.lists(st.sampled_from(KINDS), min_size=2, max_size=4))
    alone = {_indicators, _blocks, _signed, _printed_matrix}
    once = [kind for number, kind in enumerate(kinds) if kind not in alone or kind not in kinds[:number]]
    for kind in (_pair, *once):
        if len(names.words) > 9:
            lines += kind(draw, names)
    return "\n".join(lines) + "\n"


def loaded(text: str) -> Form:
    form, problems = parse(text, "random/form.yaml", COMMON)
    assert form is not None, problems
    return form


def comes_back(text: str) -> None:
    original = without_ours(generate(loaded(text), year=YEAR))
    (made,) = adopt(original, "a.xlsx", COMMON, form="random").forms
    one, other = grid(original), grid(generate(made.form, year=YEAR))
    assert {
        place: (one.get(place), other.get(place))
        for place in one.keys() | other.keys()
        if one.get(place) != other.get(place)
    } == {}
    assert made.proof == ()
    if "prints: unit" in text or "serial: true" in text:
        assert _in_matrices(made.form) == _in_matrices(loaded(text))


def _in_matrices(form: Form) -> list[tuple[str, ...]]:
    """Return what may be typed into each value of the matrices: type, choices, preset, upper bound."""
    once = [field for path, field in form.fields.items() if "[]" not in path and path.count(".") == 2]
    return [(one.type.value, str(one.choices), str(one.preset), str(one.maximum)) for one in once]


@pytest.mark.slow
@settings(max_examples=4, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(text=definitions())
def test_a_random_form_comes_back(text: str) -> None:
    comes_back(text)


@pytest.mark.slow
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(text=definitions())
def test_many_random_forms_come_back(text: str) -> None:
    comes_back(text)


@pytest.mark.parametrize(
    ("text", "captions"),
    [
        ("受益对象：　　　年初预算数：　　　", ["受益对象：____", "年初预算数：____"]),
        ("填报日期：　　年　月　日　　联系电话：　　", ["填报日期：____", "联系电话：____"]),
        ("填报人：　　填报日期：　　年　月　日", ["填报人：____", "填报日期：____"]),
    ],
)
def test_places_in_a_line_are_parted(text: str, captions: list[str]) -> None:
    assert [caption.text for caption in several_in(text)] == captions
