from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from perfxl.forms.definition.load import load_forms
from perfxl.forms.outgoing import Outgoing, Own
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form
from perfxl.model.layout import Layout
from perfxl.model.record import to_data
from perfxl.model.value import Value
from perfxl.send import series
from perfxl.send.series import Series
from perfxl.values.indicator import parse_indicator
from perfxl.writer.write import write
from support.effort import examples
from support.filled import record

FORMS = load_forms()

TEXTS = st.one_of(
    st.text(st.characters(codec="utf-8"), min_size=1, max_size=40),
    st.sampled_from(
        [
            "甲局",
            " 乙局 ",
            "\n",
            "a&b<c>\"d'",
            "<r>x</r>",
            "_x0041_",
            "\x01\ufffe",
            "&amp;",
            "总分",
            "合计",
            "无",
            "=1+1",
            "|perfxl1|",
            "局" * 61,
            "很长的内容" * 80,
            "两行\n内容",
            "√",
        ]
    ),
)
UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)
"""A case is workbooks rendered in full: making it smaller takes minutes."""
MONEY = st.decimals(0, 10**12, places=2) | st.sampled_from(
    [Decimal(0), Decimal("1E+3"), Decimal("0.1"), Decimal("-5.005")]
)


def values(field: Field) -> st.SearchStrategy[Value]:
    match field.type:
        case Type.YEAR:
            return st.sampled_from([Decimal(2023), Decimal(2024)])
        case Type.DATE:
            return st.dates(dt.date(1900, 1, 1), dt.date(2100, 1, 1))
        case Type.CHOICE:
            return st.sampled_from([choice.value for choice in field.choices])
        case Type.TICK:
            return st.just(value=True)
        case Type.VALUE:
            return TEXTS.map(parse_indicator)
        case Type.TEXT:
            return TEXTS
        case Type.INTEGER:
            return st.integers(-5, 10**9).map(Decimal)
        case Type.PERCENT:
            return st.decimals(0, 2, places=6)
        case _:
            return MONEY


@st.composite
def prefilled(draw: st.DrawFn, form: Form) -> list[dict[str, Value]]:
    """A few units' values of some fields, a few of them alike, now and then a blank."""
    fields = [
        spec for spec in form.fields.values() if not (spec.computed or spec.hidden or spec.path == form.unit_path)
    ]
    chosen = draw(st.lists(st.sampled_from(fields), max_size=4, unique_by=lambda spec: spec.path))
    columns = [spec.path.replace("[]", f"[{draw(st.integers(0, 2))}]") for spec in chosen]
    offers = [draw(st.lists(values(spec) | st.none(), min_size=1, max_size=3)) for spec in chosen]
    rows = [{path: draw(st.sampled_from(offer)) for path, offer in zip(columns, offers, strict=True)} for _ in range(5)]
    return [{path: value for path, value in row.items() if value is not None} for row in rows]


def same(outgoing: Sequence[Outgoing], owns: Sequence[Sequence[Own]]) -> None:
    made = Series(outgoing)
    for own in owns:
        layouts = [sheet for page, one in zip(outgoing, own, strict=True) for sheet in page.layouts(one)]
        assert made.workbook(own) == write(layouts)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
@settings(max_examples=examples(16), phases=UNSHRUNK)
@given(data=st.data())
def test_each_workbook_is_what_it_is_when_rendered_by_itself(name: str, data: st.DataObject) -> None:
    check(name, data)


def check(name: str, data: st.DataObject) -> None:
    """Compare the files byte for byte, which is part by part and cell by cell."""
    form = FORMS[name]
    known = (
        to_data(form, record(form, Random(data.draw(st.integers(0, 3))), most=4)) if data.draw(st.booleans()) else None
    )
    outgoing = Outgoing.of(form, year=data.draw(st.sampled_from([None, 2024])), data=known)
    units = st.tuples(TEXTS | st.none(), st.none() | st.sampled_from(["01", "a&b", '"']))
    owns = [Own(*data.draw(units), row) for row in data.draw(prefilled(form))]
    same([outgoing], [[own] for own in owns])


@pytest.mark.slow
@settings(max_examples=examples(3), phases=UNSHRUNK)
@given(st.data())
def test_several_forms_in_one_workbook_are_as_rendered(data: st.DataObject) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(FORMS)), min_size=2, max_size=3))
    outgoing = [Outgoing.of(FORMS[name], year=2024) for name in names]
    columns = {name: data.draw(prefilled(FORMS[name])) for name in names}
    owns = [
        [Own(unit, "01", columns[name][n]) for name in names]
        for n, unit in enumerate(data.draw(st.lists(TEXTS, min_size=5, max_size=5)))
    ]
    same(outgoing, owns)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMS)
def test_a_usual_roster_is_rendered_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: list[Sequence[Layout]] = []

    def counted(layouts: Sequence[Layout], contact: str = "") -> bytes:
        rendered.append(layouts)
        return write(layouts, contact)

    monkeypatch.setattr(series, "write", counted)
    form = FORMS[name]
    figures = [
        path for path, spec in form.fields.items() if spec.type is Type.MONEY and "[" not in path and not spec.computed
    ][:2]
    made = Series([Outgoing.of(form, year=2024)])
    books = {
        made.workbook([Own(f"第{number}中学", f"{number:06}", {path: Decimal(number) for path in figures})])
        for number in range(10, 60)
    }
    assert len(books) == 50
    assert len(rendered) == 1
