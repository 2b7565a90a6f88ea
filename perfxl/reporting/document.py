"""A submission as JSON, as the contract has it: UTF-8, keys in its order, decimals exact, no time of day inside; where some lie."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

import msgspec

from perfxl.model.finding import Finding, Fix, FixKind, Severity
from perfxl.model.record import to_data
from perfxl.model.submission import FormReturn, Submission, Unit
from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    IndicatorValue,
    MonthsValue,
    NumberValue,
    RangeValue,
    WordValue,
)
from perfxl.outputs import reachable
from perfxl.reporting.wording import plain

Tree: TypeAlias = "bool | int | float | str | Decimal | msgspec.Raw | list[Tree] | dict[str, Tree] | None"
"""What the encoder takes as it is."""

CONTRACT_VERSION = 1

_ENCODER = msgspec.json.Encoder(decimal_format="number")
_DECIMALS = 6
"""With more of them a number may be written with a power of ten: 1E-7."""
_SUFFIX = ".json"
_SURROGATE = re.compile("[\ud800-\udfff]")


def submission_json(submission: Submission) -> bytes:
    """Return the submission as an indented JSON document that ends in a line feed.

    Raises TypeError for a value that is no form value; never for what a value holds.
    """
    return msgspec.json.format(_encoded(_submission(submission)), indent=2) + b"\n"


def as_line(document: bytes) -> bytes:
    """Return a document as one line of JSON (``--output-format jsonl``)."""
    return msgspec.json.format(document, indent=-1) + b"\n"


def as_element(document: bytes) -> bytes:
    """Return a document as an element of an indented array (``--output-format json``)."""
    return b"  " + document.rstrip().replace(b"\n", b"\n  ")


def document(tree: Mapping[str, object]) -> bytes:
    """Return a mapping of plain and form values as an indented JSON document that ends in a line feed."""
    return msgspec.json.format(_encoded(_tree(tree)), indent=2) + b"\n"


def pieces(tree: Mapping[str, object]) -> Iterator[bytes]:
    """Yield what ``document`` returns of a mapping, piece by piece; a value that is an iterator is gone through as a list.

    At least one value there is.
    """
    before = b"{"
    for key, value in tree.items():
        yield before + b"\n  " + _ENCODER.encode(key) + b": "
        before = b","
        if isinstance(value, Iterator):
            inside = b"["
            for item in value:
                yield inside + b"\n    " + _indented(item, b"    ")
                inside = b","
            yield b"[]" if inside == b"[" else b"\n  ]"
        else:
            yield _indented(value, b"  ")
    yield b"\n}\n"


def _indented(value: object, by: bytes) -> bytes:
    # A line feed in a JSON document stands between values only: inside a text it is written \n.
    return msgspec.json.format(_encoded(_tree(value)), indent=2).replace(b"\n", b"\n" + by)


def _encoded(tree: Tree) -> bytes:
    try:
        return _ENCODER.encode(tree)
    except UnicodeEncodeError:
        return _ENCODER.encode(_mended(tree))


def _mended(tree: Tree) -> Tree:
    """Return a tree with a sign in the place of half a character: of a file name that is no UTF-8, of a damaged sheet."""
    match tree:
        case str():
            return _SURROGATE.sub("�", tree)
        case list():
            return [_mended(item) for item in tree]
        case dict():
            return {key: _mended(item) for key, item in tree.items()}
        case _:
            return tree


def _submission(submission: Submission) -> dict[str, Tree]:
    source = submission.source
    return {
        "perfxl": CONTRACT_VERSION,
        "source": {
            "file": source.file,
            "sha256": source.sha256,
            "bytes": source.bytes,
            "format": source.format,
            "modified": _moment(source.modified),
            "made_from": source.made_from,
        },
        "status": submission.status.value,
        "counts": {severity.value: submission.count(severity) for severity in Severity},
        "forms": [_form(form) for form in submission.forms],
        "findings": [_finding(finding) for finding in submission.findings],
    }


def _moment(moment: dt.datetime | None) -> str | None:
    return moment.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z") if moment else None


def _form(form: FormReturn) -> dict[str, Tree]:
    return {
        "form": form.form,
        "version": form.version,
        "sheet": form.sheet,
        **({"sheets": [name or None for name in form.sheets]} if form.sheets else {}),
        "recognized": {"by": form.by.value, "confidence": form.confidence},
        "year": form.year,
        **identified(form),
        "unit": _unit(form.unit),
        "superseded_by": _tree(form.superseded_by),
        "data": _data(form),
        "cells": dict(form.cells),
    }


def _data(form: FormReturn) -> dict[str, Tree]:
    data: dict[str, Tree] = to_data(form.definition, form.record, _tree)  # type: ignore[assignment] # nested, of trees
    return data


def identified(form: FormReturn) -> dict[str, Tree]:
    """Return what tells a form from the unit's others, where that is more than the year and the project; else nothing.

    ``period`` is as people write it; each field that tells returns apart stands there by its path.
    """
    identity = form.definition.identity
    if not (identity.parts or identity.declared):
        return {}
    paths = (*identity.parts.values(), *identity.keys)
    told: dict[str, Tree] = {path: _tree(form.record[path]) for path in paths}
    return {"identity": {"period": (form.period.name or None) if form.period.known else None, **told}}


def _unit(unit: Unit) -> dict[str, Tree]:
    return {"code": _tree(unit.code), "name": _tree(unit.name)}


def _finding(finding: Finding) -> dict[str, Tree]:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "sheet": _tree(finding.sheet),
        "cell": finding.cell,
        "path": finding.path,
        "label": _tree(finding.label),
        "value": _tree(finding.value),
        "expected": _tree(finding.expected),
        "message": finding.message,
        "fix": _fix(finding.fix),
        "related": list(finding.related),
        **({"unit": finding.unit} if finding.unit else {}),
        **({"title": finding.title, "remedy": finding.remedy} if finding.title else {}),
    }


def _fix(fix: Fix) -> dict[str, Tree]:
    if fix.kind is FixKind.SUGGESTED:
        return {"kind": fix.kind.value, "value": _tree(fix.value)}
    return {"kind": fix.kind.value}


def _tree(value: object) -> Tree:
    tree: Tree
    match value:  # in the order of frequency: texts, blanks, numbers and indicator values make up nearly all of a form
        case str() | None | bool() | int():
            tree = value
        case Decimal():
            tree = _number(value)
        case _ if isinstance(value, IndicatorValue):
            tree = _indicator(value)
        case dt.date():
            tree = value.isoformat()[:10]
        case list() | tuple():
            tree = [_tree(item) for item in value]
        case Mapping():
            tree = {str(key): _tree(item) for key, item in value.items()}
        case _:
            raise TypeError(f"no form value: {type(value).__name__}")
    return tree


def _number(number: Decimal) -> Tree:
    if is_spelled_out(number):
        return number
    # JSON has no word for what is not finite, and no cell holds it.
    return msgspec.Raw(plain(number).encode()) if number.is_finite() else None


def is_spelled_out(number: Decimal) -> bool:
    """Tell whether a number's own spelling has no power of ten, as nearly all have none; it is written as it is."""
    text = str(number)
    point = text.find(".")
    return number.is_finite() and "E" not in text and (point < 0 or len(text) - point - 1 <= _DECIMALS)


def _indicator(value: IndicatorValue) -> dict[str, Tree]:
    head: dict[str, Tree] = {"text": value.text, "kind": value.kind.value}
    return head | _said(value)


def _said(value: IndicatorValue) -> dict[str, Tree]:
    """Return the keys that apply to the value's kind; ``op`` is there even where none is stated."""
    match value:
        case NumberValue():
            return {"op": value.op, "value": _tree(value.value), **_stated(unit=value.unit)}
        case RangeValue():
            return {"low": _tree(value.low), "high": _tree(value.high), **_stated(unit=value.unit)}
        case MonthsValue():
            return {"from": value.from_month, "to": value.to_month}
        case DateValue():
            return {"op": value.op, **_stated(date=value.date, month=value.month)}
        case FrequencyValue():
            return {"times": _tree(value.times), "per": _tree(value.per)}
        case WordValue():
            return {}


def _stated(**values: str | int | None) -> dict[str, Tree]:
    return {key: _tree(value) for key, value in values.items() if value is not None}


def documents_in(folder: Path, unlisted: Callable[[OSError], None]) -> Iterator[Path]:
    """Yield the JSON files in a folder and all below it, by name; those whose names begin with a dot are not meant.

    ``unlisted`` is told of each folder that cannot be opened; links to folders are not followed.
    """
    start = reachable(folder)
    found = [
        folder / Path(root).relative_to(start) / name
        for root, _, names in os.walk(start, onerror=unlisted)
        for name in names
        if name.lower().endswith(_SUFFIX) and not name.startswith(".")
    ]
    yield from sorted(path for path in found if reachable(path).is_file())
