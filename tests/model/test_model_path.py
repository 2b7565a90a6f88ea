"""Paths of a form's data."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from perfxl.model import path as paths

KEYS = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
STEPS = st.lists(st.tuples(KEYS, st.none() | st.integers(0, 120)), min_size=1, max_size=5)


def written(steps: list[tuple[str, int | None]]) -> str:
    return ".".join(key if index is None else f"{key}[{index}]" for key, index in steps)


@given(STEPS)
def test_a_generic_path_in_the_row_of_a_path_is_that_path(steps: list[tuple[str, int | None]]) -> None:
    path = written(steps)
    assert paths.in_row(paths.generic(path), path) == path
    assert paths.in_row(paths.generic(path), paths.row_of(path)) == path
    assert paths.bare(paths.generic(path)) == ".".join(key for key, _ in steps)


@given(STEPS)
def test_the_tables_of_a_path_hold_its_row(steps: list[tuple[str, int | None]]) -> None:
    path = written(steps)
    tables = list(paths.tables_in(path))
    assert [index for _, index in tables] == [index for _, index in steps if index is not None]
    row = paths.row_of(path)
    assert bool(row) is bool(tables)
    if tables:
        table, index = tables[-1]
        assert (paths.table_of(path), paths.index_of(row)) == (table, index)
        assert row == f"{table}[{index}]"
        assert paths.generic(paths.column_of(path)) == paths.generic(path)
    assert all(paths.is_under(path, table) for table, _ in tables)


@given(STEPS, KEYS)
def test_a_path_is_under_what_it_begins_with_key_by_key(steps: list[tuple[str, int | None]], key: str) -> None:
    path = written(steps)
    assert paths.is_under(path, path)
    assert paths.is_under(f"{path}.{key}", path)
    assert paths.is_under(f"{path}[0].{key}", path)
    assert not paths.is_under(f"{path}{key}", path)
    assert not paths.is_under(path, f"{path}.{key}")
    assert (paths.parent_of(f"{path}.{key}"), paths.key_of(f"{path}.{key}")) == (path, key)


@pytest.mark.parametrize(
    ("path", "row", "found"),
    [
        ("goals[].indicators[].name", "goals[1].indicators[2]", "goals[1].indicators[2].name"),
        ("goals[].indicators[].name", "goals[1]", "goals[1].indicators[].name"),
        ("total", "", "total"),
        ("total", "goals[1]", "total"),
    ],
)
def test_a_path_is_bound_to_a_row_index_by_index(path: str, row: str, found: str) -> None:
    assert paths.in_row(path, row) == found


def test_a_column_is_open_in_its_own_table_only() -> None:
    assert paths.column_of("goals[0].indicators[3].weight") == "goals[0].indicators[].weight"
    assert paths.column_of("funds.total") == "funds.total"
