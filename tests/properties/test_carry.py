"""Random valid sources → carry → import: every mapped value and no other; and what is carried on stays the same.

What is expected is worked out here from the definitions' text alone, by other means than the program's: plain data, no
matching, no expressions.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from random import Random
from typing import Any

import pytest
import yaml
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from perfxl.forms.compute import compute
from perfxl.forms.data import from_data
from perfxl.forms.definition.load import shipped
from perfxl.model.form import Form
from perfxl.model.period import Period
from perfxl.model.record import Record, to_data
from perfxl.model.submission import FormReturn, Unit
from perfxl.model.value import IndicatorValue, NumberValue, Op, Value
from perfxl.year.carry.outcome import Merged
from perfxl.year.carry.workbook import make
from support.carried import merged, read
from support.effort import examples
from support.filings import filed, forms
from support.filled import record

NEW_YEAR = 2024
UNIT = Unit("石鼓区教育局", "430407")
_YAML = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""The loader in C, ten times as quick, where there is one."""
WHOLE = [Phase.explicit, Phase.reuse, Phase.generate]


@cache
def declared(form: str) -> list[dict[str, Any]]:
    tree = yaml.load((shipped() / form / "form.yaml").read_text("utf-8"), _YAML)  # noqa: S506 - either is safe
    found: list[dict[str, Any]] = tree.get("carry", [])
    return found


STEPS = [(to, number) for to in forms() for number in range(len(declared(to)))]
ALONE = [(to, number) for to, number in STEPS if declared(to)[number].get("take")]


def source_year(step: Mapping[str, Any]) -> int:
    return NEW_YEAR - 1 if step["year"] == "next" else NEW_YEAR


def random_source(step: Mapping[str, Any], seed: int, **fixed: Value) -> FormReturn:
    """A form as a unit might have filed it; a form of a project always names it."""
    form = forms()[step["from"]]
    made = record(form, Random(seed), most=12)
    values = {
        **made.values,
        form.unit_path: "石鼓区教育局",
        **({form.project_path: "校舍维修"} if form.many else {}),
        **fixed,
    }
    return filed(form.id, compute(form, Record(values, made.sizes)).record, year=source_year(step))


# -- what is expected ---------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """Data without the parts of indicator values, numbers as they are written."""
    match value:
        case _ if isinstance(value, IndicatorValue):
            return value.text
        case Mapping() if {"text", "kind"} <= value.keys():
            return value["text"]
        case Mapping():
            return {key: plain(one) for key, one in value.items()}
        case list():
            return [plain(one) for one in value]
        case Decimal():
            return value.normalize() + 0
        case _:
            return value


def looked_up(data: Any, text: str) -> Any:
    """What a mapping's right side gives: a name, a difference, a year that is not over."""
    kept = re.fullmatch(r"IF\(([\w.]+) >= new_year, \1, BLANK\)", text)
    if kept:
        until = looked_up(data, kept[1])
        return until if until is not None and until >= NEW_YEAR else None
    left, minus, right = text.partition(" - ")
    if minus:
        one, other = looked_up(data, left), looked_up(data, right)
        return None if None in {one, other} else one - other
    for key in text.split("."):
        data = data[key]
    return data


def fits(form: Form, path: str, value: Any) -> Any:
    """A value where its new place can hold it."""
    field = form.fields[path]
    if isinstance(value, str) and field.length is not None and len(value) > field.length:
        return None
    below = isinstance(value, Decimal) and field.minimum is not None and value < field.minimum
    return None if below else value


def source_rows(data: Any, name: str) -> Iterator[tuple[int, Any]]:
    """The rows of a table inside blocks or not, each with the number of its block."""
    outer, dot, inner = name.partition(".")
    for number, row in enumerate(data[outer]):
        if dot:
            yield from ((number, one) for one in row[inner])
        else:
            yield number, row


def expected(form: Form, step: Mapping[str, Any], data: Any) -> Any:
    """What the new form's data should be: mapped values, the year, what the form sets itself, and nothing else."""
    found: dict[str, Any] = {}

    def put(into: dict[str, Any], path: str, value: Any) -> None:
        *above, last = path.split(".")
        for key in above:
            into = into.setdefault(key, {})
        into[last] = value

    for path, field in form.fields.items():
        if field.preset is not None and "[]" not in path:
            put(found, path, field.preset)
    if form.year_path:
        put(found, form.year_path, NEW_YEAR)
    for path, text in step.get("take", {}).items():
        value = fits(form, path, looked_up(data, text))
        if value is not None:
            put(found, path, value)
    for table in step.get("tables", ()):
        rows(form, table, data, found)
    given, misfits = from_data(form, found)
    assert not misfits
    return plain(to_data(form, compute(form, given).record))


def rows(form: Form, table: Mapping[str, Any], data: Any, found: dict[str, Any]) -> None:
    outer, dot, inner = table["table"].partition(".")
    for number, row in source_rows(data, table["rows"]) if "rows" in table else [(0, data)]:
        values = {
            key: fits(form, f"{outer}[].{inner + '[].' if dot else ''}{key}", looked_up(row, text))
            for key, text in table["take"].items()
        }
        if dot:
            found[outer][number].setdefault(inner, []).append(values)
        else:
            found.setdefault(outer, []).append(values)


def carried(to: str, *given: FormReturn) -> tuple[Merged, Any]:
    """Merge sources, write the workbook and read it back."""
    found = merged(to, *given, year=NEW_YEAR)
    made = make(forms()[to], found, period=Period(NEW_YEAR), unit=UNIT)
    (returned,) = read(made.data).forms
    assert (returned.form, returned.year) == (to, NEW_YEAR)
    for path, cell in made.cells.items():
        # A label down the left stands again on a further page, and is read where it stands next to its row.
        again = path.endswith((".level1", ".level2")) and path in returned.cells
        assert returned.cells.get(path) == cell or not cell or again, path
    return found, returned.data


# -- properties -----------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(("to", "number"), [one for one in ALONE if one[0] != "henan-dept-goal"])
@settings(max_examples=examples(8), phases=WHOLE)
@given(seed=st.integers(0, 2**32))
def test_every_mapped_value_arrives_and_no_other(to: str, number: int, seed: int) -> None:
    step = declared(to)[number]
    source = random_source(step, seed)
    found, data = carried(to, source)
    got, wanted = plain(data), expected(forms()[to], step, source.data)
    if any("." in table["rows"] and "." not in table["table"] for table in step.get("tables", ()) if "rows" in table):
        # What stood in several places comes together group by group, each group in its order.
        got["indicators"].sort(key=levels)
        wanted["indicators"].sort(key=levels)
    assert got == wanted
    assert not [note for note in found.notes if note.kind != "dropped"]


def levels(row: Mapping[str, Any]) -> tuple[str, str]:
    return row["level1"] or "", row["level2"] or ""


@settings(max_examples=examples(8), phases=WHOLE)
@given(seed=st.integers(0, 2**32))
def test_of_printed_rows_the_targets_arrive_and_of_a_unit_s_own_the_names(seed: int) -> None:
    (step,) = declared("henan-dept-goal")
    source = random_source(step, seed)
    _, data = carried("henan-dept-goal", source)
    printed = {(row.levels, row.values.get("name")) for row in forms()["henan-dept-goal"].table("indicators").printed}
    before, now = plain(source.data), plain(data)
    assert [(row["name"], row["content"]) for row in now["tasks"]] == [
        (row["name"], row["content"]) for row in before["tasks"]
    ]
    wanted = [
        (*levels(row), row["name"], row["target"] if (levels(row), row["name"]) in printed else None)
        for row in before["indicators"]
    ]
    assert [(row["level1"], row["level2"], row["name"], row["target"]) for row in now["indicators"]] == wanted
    assert now["goals"] == []


def values_of(found: Merged) -> dict[str, Any]:
    return {path: plain(held.value) for path, held in found.held.items()}


def told_apart(step: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Tell whether no two rows of a table have the same names: in another order such rows are not to be known again."""
    for table in step.get("tables", []):
        if "rows" not in table or "match" not in table:
            continue  # one row for each return
        *parents, last = table["rows"].split(".")
        holders = [data]
        for parent in parents:
            holders = [row for holder in holders for row in holder[parent]]
        for holder in holders:
            rows = holder.get(last) or []
            if len({str([row.get(name) for name in table["match"]]) for row in rows}) < len(rows):
                return False
    return True


@pytest.mark.slow
@pytest.mark.parametrize(("to", "number"), ALONE)
@settings(max_examples=examples(12), phases=WHOLE)
@given(seed=st.integers(0, 2**32), shuffle=st.integers(0, 2**32))
def test_a_source_given_again_with_its_rows_in_another_order_changes_nothing(
    to: str, number: int, seed: int, shuffle: int
) -> None:
    source = random_source(declared(to)[number], seed)
    assume(told_apart(declared(to)[number], plain(source.data)))
    once = merged(to, source, year=NEW_YEAR)
    again = merged(to, source, swapped(source, Random(shuffle)), year=NEW_YEAR)
    assert values_of(again) == values_of(once)
    assert again.record.sizes == once.record.sizes
    assert [note.kind for note in again.notes if note.kind != "dropped"] == []


def swapped(source: FormReturn, rng: Random) -> FormReturn:
    """The same form with the rows of each table, and its blocks, in another order."""

    def mixed(item: Any) -> Any:
        match item:
            case list():
                rows = [mixed(row) for row in item]
                return rng.sample(rows, len(rows))
            case Mapping():
                return {key: mixed(one) for key, one in item.items()}
            case _:
                return item

    form = source.definition
    given, _ = from_data(form, mixed(source.data))
    return replace(source, record=compute(form, given).record, cells={})


@pytest.mark.slow
@settings(max_examples=examples(40), phases=WHOLE)
@given(first=st.integers(0, 2**32), second=st.integers(0, 2**32), common=st.integers(0, 2**32))
def test_of_two_sources_nothing_is_lost_in_silence(first: int, second: int, common: int) -> None:
    """Each value of either source stands in the new form, or a note has it; the earlier stage's stands."""
    to = "mof-project-self-eval"
    goal, monitor = declared(to)
    one, other = (
        random_source(goal, first),
        renamed(random_source(monitor, second), random_source(goal, first), Random(common)),
    )
    found = merged(to, one, other, year=NEW_YEAR)
    kept = [(key_of(path), plain(held.value)) for path, held in found.held.items()]
    told = [(key_of(note.path), plain(value)) for note in found.notes for value in (note.value, note.other)]
    for step, source in ((goal, one), (monitor, other)):
        for path, value in mapped(step, source):
            assert value is None or (path, value) in kept or (path, value) in told, (path, value)
    mine = [(path, value) for path, value in mapped(goal, one) if value is not None]
    assert all(value in kept or value in told for value in mine)
    held = {held.origin.source for path, held in found.held.items() if (key_of(path), plain(held.value)) in mine}
    assert held <= {"1.json#mof-project-goal", "2.json#mof-project-monitor"}
    for note in found.notes:
        if note.kind == "conflict":
            assert note.origin.source == "2.json#mof-project-monitor"


def renamed(source: FormReturn, other: FormReturn, rng: Random) -> FormReturn:
    """A form some of whose rows are called as those of another one, and stand where they do."""
    form = source.definition
    data: Any = source.data
    named: Any = other.data
    for row in data["indicators"]:
        if named["annual_indicators"] and rng.random() < 0.5:
            row |= {key: rng.choice(named["annual_indicators"])[key] for key in ("level1", "level2", "name")}
    given, _ = from_data(form, data)
    return replace(source, record=compute(form, given).record, cells={})


def mapped(step: Mapping[str, Any], source: FormReturn) -> Iterator[tuple[str, Any]]:
    """Each value that a mapping takes of a source, by the generic path of its new place."""
    data: Any = plain(source.data)
    for path, text in step["take"].items():
        yield path, looked_up(data, text)
    for table in step["tables"]:
        for _, row in source_rows(data, table["rows"]):
            for key, text in table["take"].items():
                if key not in table["match"]:
                    yield f"{table['table']}.{key}", looked_up(row, text)


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 2])
@settings(max_examples=examples(20), phases=WHOLE)
@given(seed=st.integers(0, 2**32), other=st.integers(0, 2**32), common=st.integers(0, 2**32))
def test_what_was_reached_last_year_stands_in_its_row_or_is_told(
    number: int, seed: int, other: int, common: int
) -> None:
    to = "hubei-dept-goal"
    declaration, evaluation = declared(to)[0], declared(to)[number]
    goals = random_source(declaration, seed)
    rows_of_goals = [row for goal in plain(goals.data)["annual_goals"] for row in goal["indicators"]]
    result, rng = random_source(evaluation, other), Random(common)
    data: Any = result.data
    for row in data["indicators"]:
        if rows_of_goals and rng.random() < 0.5:
            row |= {key: rng.choice(rows_of_goals)[key] for key in ("level1", "level2", "name")}
    given, _ = from_data(result.definition, data)
    found = merged(to, goals, replace(result, record=given), year=NEW_YEAR)
    reached = {row["actual"] for row in plain(data)["indicators"]} - {None}
    taken = {plain(held.value) for held in found.held.values() if held.origin.source == f"2.json#{evaluation['from']}"}
    told = {plain(note.value) for note in found.notes}
    assert reached <= taken | told
    assert taken <= reached
    assert {key_of(path) for path, held in found.held.items() if held.origin.source.startswith("2.")} <= {
        "annual_goals.indicators.prev1"
    }


def key_of(path: str) -> str:
    return re.sub(r"\[\d*\]", "", path)


@pytest.mark.slow
@pytest.mark.parametrize("to", ["mof-project-goal", "hubei-dept-goal", "henan-dept-goal"])
@settings(max_examples=examples(6), phases=WHOLE)
@given(seed=st.integers(0, 2**32), filling=st.integers(0, 2**32))
def test_carried_filled_in_imported_and_carried_again_it_stays_the_same(to: str, seed: int, filling: int) -> None:
    (step, *_) = declared(to)
    first, _ = carried(to, random_source(step, seed))
    returned = filled_in(to, first, Random(filling))
    second, data = carried(to, replace(returned, year=NEW_YEAR - 1))
    keys = {path for table in step["tables"] for path in (f"{table['table']}.{key}" for key in table["match"])}
    before = [(key_of(path), plain(held.value)) for path, held in first.held.items() if key_of(path) in keys]
    after = [(key_of(path), plain(held.value)) for path, held in second.held.items() if key_of(path) in keys]
    assert after == before
    assert not [note for note in second.notes if note.kind != "dropped"]
    assert data


def filled_in(to: str, found: Merged, rng: Random) -> FormReturn:
    """A carried workbook, its open blanks filled in at random, imported."""
    form = forms()[to]
    more = record(form, rng, most=0)
    values = {path: value for path, value in more.values.items() if "[" not in path} | dict(found.record.values)
    for row in (path for table in tables(form) for path in found.record.rows(table)):
        for path, field in form.fields.items():
            key = path.rpartition("[].")[2]
            own = f"{row}.{key}"
            if (
                key_of(path).rpartition(".")[0] == key_of(row)
                and own not in values
                and key in {"target", "prev1", "remark"}
            ):
                values[own] = NumberValue("≥9个", Decimal(9), Op.AT_LEAST, "个") if field.type == "value" else "备注"
    whole = compute(form, Record(values, found.record.sizes)).record
    made = make(form, replace(found, record=whole), period=Period(NEW_YEAR), unit=UNIT)
    return read(made.data).forms[0]


def tables(form: Form) -> list[str]:
    return list(dict.fromkeys(path.rpartition("[]")[0] for path in form.fields if "[]" in path))


@pytest.mark.slow
@settings(max_examples=examples(8), phases=WHOLE)
@given(seed=st.integers(0, 2**32))
def test_a_goal_that_went_through_its_monitoring_says_the_same_as_by_itself(seed: int) -> None:
    (step,) = declared("mof-project-monitor")
    goal = random_source(step, seed)
    monitor, _ = carried("mof-project-monitor", goal)
    made = make(forms()["mof-project-monitor"], monitor, period=Period(NEW_YEAR), unit=UNIT)
    alone = merged("mof-project-self-eval", goal, year=NEW_YEAR)
    both = merged("mof-project-self-eval", goal, read(made.data).forms[0], year=NEW_YEAR)
    assert values_of(both) == values_of(alone)
    assert [note for note in both.notes if note.kind != "dropped"] == []
