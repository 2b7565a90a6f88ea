"""A definition as text: form.yaml as an author would write it, with a comment for every guess that is not certain."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Any

from msgspec import NODEFAULT, Struct
from msgspec.structs import FieldInfo, fields

from perfxl.adopt.definition import Adopted
from perfxl.adopt.guess import Guess, Sure
from perfxl.adopt.standard import about
from perfxl.forms.definition.decode import Scalar
from perfxl.forms.definition.language import (
    At,
    BandSpec,
    BesideSpec,
    BlockBand,
    CellSpec,
    Corner,
    HeadBand,
    MatrixBand,
    MatrixGroup,
    RowBand,
    SectionBand,
    TableBand,
)
from perfxl.model.address import column_letter

_WIDTH = 118
_PLAIN = re.compile(r"[\w一-龥《》（）、。；％～]([\w一-龥《》（）、。；％～/ .+-]*[\w一-龥《》（）、。；％～/.+-])?")
_NUMBER_LIKE = re.compile(r"[-+.\d][\d_,.:eExX+-]*")
_WORDS_OF_YAML = {"y", "n", "yes", "no", "true", "false", "on", "off", "null", "none"}
_NESTED = (BlockBand, HeadBand, MatrixBand, MatrixGroup, RowBand, SectionBand, TableBand, BesideSpec)
_FIRST = (
    ("id", "version", "title", "region", "stage", "year_basis", "sheet", "money"),
    ("unit", "year", "half", "quarter", "month", "ten_days", "project", "supervisor", "filled", "many", "issued"),
    ("page", "fonts", "heights", "origin", "columns"),
)


def written(adopted: Adopted, file: str) -> str:
    """Return the text of form.yaml; ``file`` is the name of the workbook that it was adopted from."""
    spec = adopted.spec
    notes = _notes(adopted)
    lines = [
        f"# {spec.title}：perfxl adopt 从“{file}”读出。写法见 docs/authoring.md。",
        "# “?” 后面是推断的理由，请对着原表核对；核对过的可以删去。",
        "# region、stage、year_basis、version 是推断的，请改成公文上的。",
    ]
    lines += [f"# ! {remark.cell and f'{remark.cell}：'}{_one_line(remark.text)}" for remark in adopted.remarks]
    for group in _FIRST:
        lines.append("")
        lines += [line for name in group for line in _entry(_field(spec, name), getattr(spec, name))]
    lines += ["", "bands:"]
    for band in spec.bands:
        lines += _item(band, notes, "")
    if spec.rules:
        lines += ["", "# 随表式带上的审核规则，不适用的删去", "rules:"]
        lines += [line for rule in spec.rules for line in _flow(rule, "- ", {"": f"# {about(rule)}"})]
    return "\n".join(lines) + "\n"


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _notes(adopted: Adopted) -> Mapping[str, str]:
    """Return what is said of a value that is not certain, by the name that formulas have for it."""
    found: dict[str, str] = {}
    for guess in adopted.guesses.values():
        if guess.sure is not Sure.CERTAIN and guess.path:
            found.setdefault(guess.path, _said(guess))
    return found


def _said(guess: Guess) -> str:
    return f"# ? {guess.what}：{_one_line(guess.why)}"


# -- constructs -----------------------------------------------------------------------------------------------------


def _field(spec: Any, name: str) -> FieldInfo:
    return next(one for one in fields(spec) if one.name == name)


def _entry(one: FieldInfo, value: Any) -> list[str]:
    """Return a line ``key: value``, none where the value is what it is by itself."""
    if _usual(one, value):
        return []
    key = one.encode_name
    text = f"{key}: {_value(value)}"
    if _columns_of(text) <= _WIDTH:
        return [text]
    return (
        _wrapped(f"{key}: {{", [f"{k}: {_value(v)}" for k, v in value.items()], "}")
        if isinstance(value, dict)
        else [text]
    )


def _usual(one: FieldInfo, value: Any) -> bool:
    if one.default is not NODEFAULT:
        return bool(value == one.default)
    return one.default_factory is not NODEFAULT and value == one.default_factory()


def _entries(spec: Any, *, without: Sequence[str] = ()) -> list[tuple[str, Any]]:
    """Return the keys and values of a construct that are not what they are by themselves."""
    found = []
    for one in fields(spec):
        value = getattr(spec, one.name)
        if one.name not in {"place", *without} and not _usual(one, value):
            found.append((one.encode_name, value))
    return found


def _item(spec: Any, notes: Mapping[str, str], path: str) -> list[str]:
    """Return a construct as an item of a list: in one line where it is a cell or a row, else key by key."""
    if isinstance(spec, CellSpec) and not spec.columns:
        name = f"{path}.{spec.field}" if path and spec.field else spec.field or ""
        return _flow(spec, "- ", {name: notes[name]} if name in notes else {})
    if not isinstance(spec, _NESTED) and not (isinstance(spec, CellSpec) and spec.columns):
        return _flow(spec, "- ", {})
    lines = list(_keys(spec, notes, _inside(spec, path)))
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _inside(spec: BandSpec | Any, path: str) -> str:
    """Return the name that values inside a construct begin with."""
    own = getattr(spec, "block", "") or getattr(spec, "table", "")
    if isinstance(spec, MatrixBand | MatrixGroup):
        return ""
    return ".".join(part for part in (path, own) if part)


def _keys(spec: Any, notes: Mapping[str, str], path: str) -> Iterator[str]:
    """Yield the lines of a construct, key by key."""
    entries = _entries(spec)
    nested = [entry for entry in entries if isinstance(entry[1], tuple) and entry[1] and _is_list(entry[1])]
    for key, value in sorted(entries, key=lambda entry: _order(spec, entry[0])):
        if (key, value) in nested:
            yield f"{key}:"
            for item in value:
                yield from _item(item, notes, path)
        elif isinstance(value, BesideSpec):
            yield f"{key}:"
            outer = path.rpartition(".")[0]
            yield from (f"  {line}" for line in _keys(value, notes, f"{outer}.{value.table}".lstrip(".")))
        elif isinstance(value, CellSpec):
            yield from _flow(value, f"{key}: ", {})
        elif key == "groups":
            yield f"{key}:"
            yield from (f"  {_text(text)}: {_value(below)}" for text, below in value.items())
        else:
            yield f"{key}: {_value(value)}"


def _order(spec: Any, key: str) -> int:
    """Put the key that says what a construct is first, its lists last but for the rows' own number."""
    last = (
        "row",
        "heads",
        "head",
        "columns",
        "rows",
        "groups",
        "printed",
        "lines",
        "height",
        "head_heights",
        "bands",
        "beside",
    )
    if key in last:
        return 100 + last.index(key)
    return _names(spec).index(key) if key in _names(spec) else 0


def _names(spec: Struct) -> tuple[str, ...]:
    return spec.__struct_fields__


def _is_list(value: tuple[Any, ...]) -> bool:
    return isinstance(value[0], Struct | dict)


def _flow(spec: Any, start: str, notes: Mapping[str, str]) -> list[str]:
    """Return a construct in braces, over several lines where one is too short, with the comments about it above it."""
    entries = list(spec.items()) if isinstance(spec, dict) else _entries(spec)
    pieces = [f"{key}: {_value(value)}" for key, value in entries]
    return [*notes.values(), *_wrapped(f"{start}{{", pieces, "}")]


def _wrapped(start: str, pieces: Sequence[str], end: str) -> list[str]:
    lines = [start]
    for number, piece in enumerate(pieces):
        text = piece + (end if number == len(pieces) - 1 else ",")
        begun = lines[-1] == start
        if not begun and _columns_of(lines[-1]) + _columns_of(text) + 1 > _WIDTH:
            lines.append(f"   {text}")
        else:
            lines[-1] += text if begun else f" {text}"
    return lines if pieces else [start + end]


def _columns_of(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


# -- values ---------------------------------------------------------------------------------------------------------


def _value(value: Any) -> str:
    match value:
        case dict():
            return "{" + ", ".join(f"{_text(key)}: {_value(item)}" for key, item in value.items()) + "}"
        case tuple() | list():
            return "[" + ", ".join(_value(item) for item in value) + "]"
        case Scalar():
            return _scalar(value)
        case bool() | int() | Decimal() | StrEnum() | str():
            return _single(value)
    return "{" + ", ".join(f"{key}: {_value(item)}" for key, item in _entries(value)) + "}"


def _single(value: bool | int | Decimal | StrEnum | str) -> str:  # noqa: FBT001 - one of the values that a key takes
    match value:
        case bool():
            return str(value).lower()
        case StrEnum():
            return value.value
        case str():
            return _text(value)
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _scalar(value: Scalar) -> str:
    """Return a word of the language: columns, a cell, a length, whether something is asked for."""
    match value:
        case At():
            first, last = value.columns
            return column_letter(first) if first == last else f"{column_letter(first)}:{column_letter(last)}"
        case Corner():
            return f"{column_letter(value.column)}{value.row}"
    said = str(value)
    return said if said in {"true", "false"} or said.isdigit() else _text(said)


def _text(text: str) -> str:
    """Return a text as YAML has it: as it is where nothing in it can be misread, else in quotes."""
    if _PLAIN.fullmatch(text) and not _NUMBER_LIKE.fullmatch(text) and text.lower() not in _WORDS_OF_YAML:
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t").replace("\r", "")
    return (
        '"'
        + "".join(
            letter if letter.isprintable() or letter == "\u3000" else f"\\u{ord(letter):04x}" for letter in escaped
        )
        + '"'
    )
