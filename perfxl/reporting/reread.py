"""A submission from its JSON: what :mod:`perfxl.reporting.document` wrote, as values again, to the last digit."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, NoReturn, TypeAlias

from perfxl.forms.editions import is_renewable
from perfxl.model.error import Error
from perfxl.model.field_type import Family, Type
from perfxl.model.finding import Finding, Fix, FixKind, Severity, Shown
from perfxl.model.form import Form
from perfxl.model.moment import read_moment
from perfxl.model.record import Record
from perfxl.model.submission import By, FormReturn, Source, Submission, Unit, span_of
from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    IndicatorValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    RangeValue,
    Value,
    WordValue,
)
from perfxl.reporting.document import CONTRACT_VERSION

_Tree: TypeAlias = "Mapping[str, Any]"

_HALVES = re.compile("[\ud800-\udfff]")


class Why(StrEnum):
    """Why a document is no submission, or none that can be used here."""

    FOREIGN = "foreign"
    BATCH = "batch"
    """perfxl's own about a whole batch (summary.json), which is nothing strange."""
    OLDER = "older"
    NEWER = "newer"
    DAMAGED = "damaged"
    UNKNOWN_FORM = "unknown-form"
    OTHER_DEFINITION = "other-definition"


_SAID = {
    Why.FOREIGN: "不是导入的结果",
    Why.BATCH: "是整批的情况，不是一份交回件的数据",
    Why.OLDER: "是旧版本的 perfxl 写的，格式与现在不同；请用现在的版本重新导入交回的工作簿",
    Why.NEWER: "是更新的版本的 perfxl 写的，这个版本读不了；请先升级 perfxl",
    Why.DAMAGED: "缺少内容，或内容被改动过；请重新导入交回的工作簿",
}


class NoSubmission(Error, ValueError):  # noqa: N818 - it names what the file is, not what the program did
    """A file that is no submission as perfxl writes it, or one of a form that is not known here.

    ``said`` goes on after the file's name, in Chinese: what it is and what to do.
    """

    def __init__(self, why: Why, said: str = "") -> None:
        self.why = why
        self.said = said or _SAID[why]
        super().__init__(why, self.said)

    def __str__(self) -> str:
        return self.said


def reread(document: bytes, forms: Mapping[str, Form]) -> Submission:
    """Return the submission that a JSON document holds; written again it gives the same bytes.

    Values that a form prints and leaves out of its data are not in the record. Raises NoSubmission.
    """
    tree = parse(document)
    unknown = unknown_forms(tree, forms)
    if unknown:
        raise NoSubmission(Why.UNKNOWN_FORM, unknown_said(unknown))
    return submission(tree, forms)


def parse(document: bytes) -> _Tree:
    """Return a document of a submission as nested data, numbers exact; of its content only the outline is looked at.

    Raises NoSubmission.
    """
    try:
        tree = json.loads(document, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, RecursionError, InvalidOperation):
        raise NoSubmission(Why.FOREIGN) from None
    if not isinstance(tree, dict) or not isinstance(tree.get("perfxl"), Decimal):
        raise NoSubmission(Why.FOREIGN)
    if tree["perfxl"] != CONTRACT_VERSION:
        raise NoSubmission(Why.OLDER if tree["perfxl"] < CONTRACT_VERSION else Why.NEWER)
    if "returns" in tree:
        raise NoSubmission(Why.BATCH)
    forms = tree.get("forms")
    if not isinstance(forms, list) or not all(isinstance(form, dict) and _is_text(form.get("form")) for form in forms):
        raise NoSubmission(Why.DAMAGED)
    return tree


def unknown_forms(tree: _Tree, forms: Mapping[str, Form]) -> tuple[str, ...]:
    """Return the forms of a parsed document that are not among those known, each once."""
    return tuple(dict.fromkeys(form["form"] for form in tree["forms"] if form["form"] not in forms))


def unknown_said(unknown: Sequence[str]) -> str:
    """Say that a document's forms are not known here, after its name."""
    return f"里的表式{'、'.join(f'“{name}”' for name in unknown)}这里没有；请用 --templates 指出它的表样所在的文件夹"


def submission(tree: _Tree, forms: Mapping[str, Form]) -> Submission:
    """Return the submission of a parsed document, those of its forms that are known. Raises NoSubmission."""
    try:
        known = [form for form in tree["forms"] if form["form"] in forms]
        return Submission(
            _source(tree["source"]),
            tuple(_of_edition(form, forms[form["form"]]) for form in known),
            tuple(_finding(finding) for finding in tree["findings"]),
        )
    except (LookupError, ValueError, TypeError, AttributeError, InvalidOperation, RecursionError) as error:
        if isinstance(error, NoSubmission):
            raise
        raise NoSubmission(Why.DAMAGED) from error


def _source(tree: _Tree) -> Source:
    modified = tree["modified"]
    return Source(
        file=_text(tree["file"]),
        sha256=tree["sha256"],
        bytes=int(tree["bytes"]),
        format=tree["format"],
        modified=read_moment(modified) if modified else None,
        made_from=tree["made_from"],
    )


def _of_edition(tree: _Tree, newest: Form) -> FormReturn:
    """Return a form that was read: its data has the newest version's names, or those of the version that it was read by."""
    read_by = newest.edition(tree["version"])
    return _form(tree, newest if read_by is None or is_renewable(read_by, newest) else read_by)


def _form(tree: _Tree, form: Form) -> FormReturn:
    record = _record_of(tree, form)
    return FormReturn(
        definition=form,
        version=tree["version"],
        sheet=tree["sheet"],
        by=By(tree["recognized"]["by"]),
        confidence=float(tree["recognized"]["confidence"]),
        year=None if tree["year"] is None else int(tree["year"]),
        unit=Unit(_text_or_none(tree["unit"]["name"]), _text_or_none(tree["unit"]["code"])),
        record=record,
        superseded_by=_text_or_none(tree["superseded_by"]),
        cells={str(path): _text(cell) for path, cell in tree.get("cells", {}).items()},
        span=span_of(form, record),
        sheets=tuple(_text_or_none(name) or "" for name in tree.get("sheets", ())),
    )


def _record_of(tree: _Tree, form: Form) -> Record:
    """Return the values of a form's data; raises NoSubmission where they are those of another definition of it."""
    try:
        record = _record(form, tree["data"])
    except (LookupError, TypeError, AttributeError) as error:
        raise NoSubmission(Why.OTHER_DEFINITION, _otherwise(tree, form)) from error
    if any(path not in form.fields for path in _leaves(tree["data"], form, "")):
        raise NoSubmission(Why.OTHER_DEFINITION, _otherwise(tree, form))
    return record


def _otherwise(tree: _Tree, form: Form) -> str:
    read, now = tree["version"], form.version
    versions = f"（那一版是 {read}，现在是 {now}）" if read != now else ""
    return f"里的《{form.title}》是按另一版表样读的{versions}，栏目与现在的不同；请重新导入交回的工作簿"


def _leaves(item: Any, form: Form, path: str) -> Iterator[str]:
    """Yield the generic path of each value in nested data."""
    if path in form.fields or not isinstance(item, dict | list):
        if item is not None:
            yield path
    elif isinstance(item, list):
        for row in item:
            yield from _leaves(row, form, f"{path}[]")
    else:
        for key, below in item.items():
            yield from _leaves(below, form, f"{path}.{key}" if path else key)


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
    value: Value
    match kind.traits.family:
        case Family.VALUE:
            value = _indicator(item)
        case Family.DATE:
            value = dt.date.fromisoformat(item)
        case Family.TEXT | Family.CHOICE:
            value = _text(item)
        case Family.TICK:
            value = True if item is True else _refuse(item)
        case Family.NUMBER:
            value = item if isinstance(item, Decimal) else _refuse(item)
    return value


def _refuse(item: Any) -> NoReturn:
    """Raise for a value of another kind than its place has: a document that somebody has edited may hold anything."""
    raise ValueError(item)


def _is_text(item: Any) -> bool:
    return isinstance(item, str)


def _text(item: Any) -> str:
    """Return a text; halves of characters, which no file can hold, are replaced as they are where documents are written."""
    return _HALVES.sub("�", item) if isinstance(item, str) else _refuse(item)


def _text_or_none(item: Any) -> str | None:
    return None if item is None else _text(item)


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
        unit=tree.get("unit", ""),
        title=tree.get("title", ""),
        remedy=tree.get("remedy", ""),
    )


def _shown(item: Any) -> Shown:
    shown: Shown = _indicator(item) if isinstance(item, Mapping) else item
    return shown


def _indicator(tree: _Tree) -> IndicatorValue:
    text, op = _text(tree["text"]), Op(tree["op"]) if tree.get("op") else None
    match Kind(tree["kind"]):
        case Kind.NUMBER:
            return NumberValue(text, tree["value"], op, tree.get("unit"))
        case Kind.RANGE:
            return RangeValue(text, tree["low"], tree["high"], tree.get("unit"))
        case Kind.MONTHS:
            return MonthsValue(text, int(tree["from"]), int(tree["to"]))
        case Kind.DATE:
            month = tree.get("month")
            return DateValue(text, op, tree.get("date"), None if month is None else int(month))
        case Kind.FREQUENCY:
            return FrequencyValue(text, tree["times"], tree["per"])
        case (Kind.DURATION | Kind.GRADE | Kind.NONE | Kind.TEXT) as kind:
            return WordValue(text, kind)
