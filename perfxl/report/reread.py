"""A submission from its JSON: what :mod:`perfxl.report.document` wrote, as values again, to the last digit."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from perfxl.model.finding import Finding, Fix, FixKind, Severity, Shown
from perfxl.model.form import Form
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit
from perfxl.model.value import IndicatorValue, Kind, Op, Type, Value
from perfxl.report.document import CONTRACT_VERSION

_Tree: TypeAlias = "Mapping[str, Any]"


class NoSubmission(ValueError):  # noqa: N818 - it names what the file is, not what the program did
    """A file that is no submission as perfxl writes it, or one of a form that is not known."""


def reread(document: bytes, forms: Mapping[str, Form]) -> Submission:
    """Return the submission that a JSON document holds; written again it gives the same bytes.

    Values that a form prints and leaves out of its data are not in the record. Raises NoSubmission.
    """
    try:
        tree = json.loads(document, parse_float=Decimal, parse_int=Decimal)
        if tree["perfxl"] != CONTRACT_VERSION:
            raise NoSubmission("perfxl")
        return Submission(
            _source(tree["source"]),
            tuple(_form(form, forms[form["form"]]) for form in tree["forms"]),
            tuple(_finding(finding) for finding in tree["findings"]),
        )
    except (LookupError, ValueError, TypeError, AttributeError, InvalidOperation, RecursionError) as error:
        raise NoSubmission(str(error)) from error


def _source(tree: _Tree) -> Source:
    modified = tree["modified"]
    return Source(
        file=tree["file"],
        sha256=tree["sha256"],
        bytes=int(tree["bytes"]),
        format=tree["format"],
        modified=dt.datetime.fromisoformat(modified) if modified else None,
    )


def _form(tree: _Tree, form: Form) -> FormReturn:
    return FormReturn(
        form=tree["form"],
        version=tree["version"],
        sheet=tree["sheet"],
        by=By(tree["recognized"]["by"]),
        confidence=float(tree["recognized"]["confidence"]),
        year=None if tree["year"] is None else int(tree["year"]),
        unit=Unit(tree["unit"]["name"], tree["unit"]["code"]),
        record=_record(form, tree["data"]),
        superseded_by=tree["superseded_by"],
    )


def _record(form: Form, data: _Tree) -> Record:
    values: dict[str, Value] = {}
    sizes: dict[str, int] = {}
    for path, field in form.fields.items():
        if not field.hidden:
            _gather(data, path.split("."), "", field.type, (values, sizes))
    return Record(values, sizes)


def _gather(
    tree: _Tree, keys: Sequence[str], before: str, kind: Type, into: tuple[dict[str, Value], dict[str, int]]
) -> None:
    """Take the values of one field out of nested data, row by row where it stands in tables."""
    key, *rest = keys
    values, sizes = into
    if key.endswith("[]"):
        place = before + key[:-2]
        rows = tree[key[:-2]]
        sizes[place] = len(rows)
        for index, row in enumerate(rows):
            _gather(row, rest, f"{place}[{index}].", kind, into)
    elif rest:
        _gather(tree[key], rest, f"{before}{key}.", kind, into)
    elif tree[key] is not None:
        values[before + key] = _value(tree[key], kind)


def _value(item: Any, kind: Type) -> Value:
    match kind:
        case Type.VALUE:
            return _indicator(item)
        case Type.DATE:
            return dt.date.fromisoformat(item)
        case _:
            value: Value = item  # the JSON has texts, truth values and numbers as the record has them
            return value


def _finding(tree: _Tree) -> Finding:
    return Finding(
        code=tree["code"],
        severity=Severity(tree["severity"]),
        message=tree["message"],
        sheet=tree["sheet"],
        cell=tree["cell"],
        path=tree["path"],
        label=tree["label"],
        value=_shown(tree["value"]),
        expected=_shown(tree["expected"]),
        fix=Fix(FixKind(tree["fix"]["kind"]), _shown(tree["fix"].get("value"))),
        related=tuple(tree["related"]),
    )


def _shown(item: Any) -> Shown:
    shown: Shown = _indicator(item) if isinstance(item, Mapping) else item
    return shown


def _indicator(tree: _Tree) -> IndicatorValue:
    op = tree.get("op")
    return IndicatorValue(
        text=tree["text"],
        kind=Kind(tree["kind"]),
        op=Op(op) if op else None,
        value=tree.get("value"),
        unit=tree.get("unit"),
        low=tree.get("low"),
        high=tree.get("high"),
        from_month=_whole(tree.get("from")),
        to_month=_whole(tree.get("to")),
        date=tree.get("date"),
        month=_whole(tree.get("month")),
        times=tree.get("times"),
        per=tree.get("per"),
    )


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)
