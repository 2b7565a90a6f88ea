"""A record as nested data lies as its paths say."""

from __future__ import annotations

import json

import pytest

from perfxl.model.form import Form
from perfxl.model.record import Record, to_data
from support.filings import forms

EDITIONS = [edition for form in forms().values() for edition in (form, *form.older)]


def _by_paths(form: Form, record: Record) -> dict[str, object]:
    """Return a record as nested data, put together path by path."""
    data: dict[str, object] = {}
    for path, field in form.fields.items():
        if not field.hidden:
            _fill(data, path.split("."), record, "")
    return data


def _fill(into: dict[str, object], keys: list[str], record: Record, before: str) -> None:
    key, *rest = keys
    name = key.removesuffix("[]")
    if name != key:
        rows = into.setdefault(name, [{} for _ in range(record.sizes.get(before + name, 0))])
        assert isinstance(rows, list)
        for index, row in enumerate(rows):
            _fill(row, rest, record, f"{before}{name}[{index}].")
    elif rest:
        below = into.setdefault(key, {})
        assert isinstance(below, dict)
        _fill(below, rest, record, f"{before}{key}.")
    else:
        into[key] = record[before + key]


def _full(form: Form) -> Record:
    """Return a record with two rows in each growing table, the second of them filled with the paths themselves."""
    sizes: dict[str, int] = {}
    for path in form.fields:
        *tables, _ = path.split("[]")
        places = [""]
        for table in tables:
            places = [place + table for place in places]
            sizes.update(dict.fromkeys(places, 2))
            places = [f"{place}[{index}]" for place in places for index in range(2)]
    return Record({path.replace("[]", "[1]"): path for path in form.fields}, sizes)


@pytest.mark.parametrize("form", EDITIONS, ids=lambda form: f"{form.id}@{form.version}")
def test_data_is_nested_as_its_paths_are(form: Form) -> None:
    for record in (Record(), _full(form)):
        assert json.dumps(to_data(form, record)) == json.dumps(_by_paths(form, record))  # the order of keys counts
