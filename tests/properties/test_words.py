"""Words that mean the same wherever they are read: by the reader, by the rules, by the live half of a workbook."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.align.read import read
from perfxl.expr.evaluate import evaluate
from perfxl.expr.pieces import BLANK_OR_NOTHING, none_of
from perfxl.forms.definition.load import load_forms
from perfxl.model.address import column_number
from perfxl.model.field_type import Type
from perfxl.model.grid import CellKind
from perfxl.model.reading import Reading
from perfxl.model.record import Record
from perfxl.model.roster import name_key
from perfxl.model.value import Kind
from perfxl.model.words import (
    BLANKS,
    CROSSES,
    LIKE_TICKS,
    NOTHING,
    OWN,
    TICKS,
    WHOLE,
    compact,
    half_width,
    is_cross,
    is_tick,
    says_nothing,
    scope_of,
    without_scope,
)
from perfxl.rules.case import in_use, is_nothing
from perfxl.rules.live import live
from perfxl.rules.rows import IndicatorRow
from perfxl.values.bind import bind
from perfxl.values.coerce import CellProblem, Typed, coerce
from perfxl.values.indicator import parse_indicator
from support.altered import PATTERNS, draft_of
from support.cases import case_of
from support.tinyforms import EVALUATION

FORMS = load_forms()
FIGURES = [kind for kind in Type if kind.numeric]
NO_WORDS = [*FIGURES, Type.DATE, Type.TICK]

blanks = st.text(BLANKS, max_size=2)
nothing = st.builds("{}{}{}".format, blanks, st.sampled_from(NOTHING), blanks)
something = st.text("无暂不适用-－—/1甲√否 ", max_size=4).filter(lambda text: not says_nothing(text))


def typed(text: str, kind: Type) -> tuple[object, CellProblem]:
    found = coerce(Typed(CellKind.TEXT, text), kind)
    return found.value, found.problem


# -- nothing -----------------------------------------------------------------------------------------------------------


@given(nothing, st.sampled_from(NO_WORDS))
def test_nothing_is_nothing_to_the_reader(text: str, kind: Type) -> None:
    assert typed(text, kind) == (None, CellProblem.NORMALISED)
    assert parse_indicator(text).kind is Kind.NONE


@given(nothing)
def test_nothing_is_nothing_to_the_rules(text: str) -> None:
    assert is_nothing(text)
    assert is_nothing(parse_indicator(text))
    assert not in_use(Record({"indicators[0].name": text}, {"indicators": 1}), "indicators[0]")
    case = case_of(EVALUATION, {"indicators[0].name": "甲", "indicators[0].reason": text})
    assert IndicatorRow.of(case, "indicators[0]").reason == ""


@given(something)
def test_something_is_something_to_the_reader_and_to_the_rules(text: str) -> None:
    assert not is_nothing(text)
    assert parse_indicator(text).kind is not Kind.NONE
    assert in_use(Record({"indicators[0].name": text}, {"indicators": 1}), "indicators[0]")
    assert all(typed(text, kind) != (None, CellProblem.NORMALISED) for kind in FIGURES)


@pytest.mark.parametrize("word", NOTHING)
def test_each_word_for_nothing_is_one_to_the_live_half(word: str) -> None:
    assert word in BLANK_OR_NOTHING
    assert f"|{word}|" in none_of("C9", BLANK_OR_NOTHING)


def test_a_workbook_and_the_rules_ask_for_a_reason_in_the_same_rows() -> None:
    form = FORMS["hunan-dept-self-eval"]
    (lost,) = (one for one in live(form) if one.code == "P06")
    for name in (*NOTHING, "培训人数"):
        for reason in (*NOTHING, "项目推迟"):
            row = {"name": name, "reason": reason, "weight": Decimal(5), "score": Decimal(4)}
            record = Record({f"indicators[0].{key}": value for key, value in row.items()}, {"indicators": 1})
            holds = evaluate(lost.must, record, "indicators[0]")  # type: ignore[union-attr]
            assert holds is (says_nothing(name) or not says_nothing(reason)), (name, reason)


# -- ticks -------------------------------------------------------------------------------------------------------------

MONITOR = FORMS["mof-project-monitor"]
ROW = {"indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "甲"}]}
CAUSE, CERTAIN, POSSIBLE = "H", "N", "O"
"""The column of a tick, and those of two options of one choice."""


def read_with(*marks: tuple[str, str]) -> Reading:
    """Read the form with texts in columns of its first indicator."""
    sheet = draft_of(MONITOR, ROW)
    (row,) = (cell.box.row for cell in sheet.layout.cells if cell.path == "indicators[0].name")
    for letters, text in marks:
        sheet.say(row, column_number(letters), text)
    return read(PATTERNS[MONITOR.id], sheet.grid())


def ticked(reading: Reading) -> tuple[object, object]:
    """Return what became of the tick and of the choice."""
    bound = bind(MONITOR, reading)
    assert not bound.unreadable
    return bound.record["indicators[0].cause.funding"], bound.record["indicators[0].likelihood"]


@pytest.mark.slow
@pytest.mark.parametrize("mark", [*TICKS, *LIKE_TICKS])
def test_a_tick_is_one_in_a_field_and_in_an_option(mark: str) -> None:
    for typed_as in (mark, f" {mark}", f"{mark}\ufe0f"):
        assert ticked(read_with((CAUSE, typed_as), (POSSIBLE, typed_as))) == (True, "possible")


@pytest.mark.slow
@pytest.mark.parametrize("mark", [*CROSSES, *NOTHING])
def test_a_cross_ticks_neither_a_field_nor_an_option(mark: str) -> None:
    assert ticked(read_with((CAUSE, mark), (CERTAIN, mark), (POSSIBLE, "√"))) == (None, "possible")
    assert ticked(read_with((CAUSE, mark), (CERTAIN, mark))) == (None, None)


@given(st.text("✔√☑是✓✅对vVyY1×✗✘☐□否nN0X有-", min_size=1, max_size=2))
def test_no_mark_is_a_tick_and_a_cross(text: str) -> None:
    value, problem = typed(text, Type.TICK)
    assert not (is_tick(text) and is_cross(text))
    assert (value is True) == is_tick(text)
    assert (value is None and problem is CellProblem.NORMALISED) == is_cross(text)


# -- 汇总 and 本级 ------------------------------------------------------------------------------------------------------

NAMES = st.text("青溪区教育局（）()汇总本级 ", min_size=1, max_size=10).filter(lambda name: not scope_of(name))
BRACKETS = st.sampled_from(["（{}）", "({})", "( {} )", "（{}）　", " （{}）\u200b", "﹙{}﹚"])


@given(NAMES, BRACKETS, st.sampled_from([WHOLE, OWN]))
def test_a_scope_is_known_and_taken_off_wherever_a_name_is_compared(name: str, brackets: str, scope: str) -> None:
    typed_as = name + brackets.format(scope)
    assert scope_of(typed_as) == scope
    assert compact(without_scope(typed_as)) == compact(name)
    assert name_key(typed_as) == name_key(without_scope(typed_as)) == name_key(name)


@given(NAMES)
def test_a_name_without_a_scope_stays_as_it_is(name: str) -> None:
    assert without_scope(name) == name


# -- spelling ----------------------------------------------------------------------------------------------------------


@given(st.text())
def test_a_text_made_half_width_and_compact_stays_so(text: str) -> None:
    assert half_width(half_width(text)) == half_width(text)
    assert compact(compact(text)) == compact(text)
    assert not set(compact(text)) & set(BLANKS)
