"""What a form holds as a master speaks of it: ``spending.initial``, the rows of ``by_function``, a text line by line."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeAlias

from perfxl.documents.signs import BLANK, FIRST, MORE, literal
from perfxl.forms.compute import compute
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form, Table
from perfxl.model.record import Record
from perfxl.model.value import Value
from perfxl.reporting.wording import plain

_CENT = Decimal("0.01")
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\d+[、.．])")

Part: TypeAlias = "Words | FigureText | BlankPart | ReportSection | MergedRows"


class Words:
    """A text as it was typed; one goes through its lines with ``for``. ``sign`` is set before it in the document."""

    __slots__ = ("_sign", "_text")

    def __init__(self, text: str, sign: str = "") -> None:
        self._text = text
        self._sign = sign

    def __str__(self) -> str:
        return self._text

    def __html__(self) -> str:
        return self._sign + literal(self._text)

    def __iter__(self) -> Iterator[Words]:
        return (Words(line.strip(" \t\u3000")) for line in self._text.splitlines() if line.strip(" \t\u3000"))

    def __eq__(self, other: object) -> bool:
        return self._text == (other._text if isinstance(other, Words) else other)

    def __hash__(self) -> int:
        return hash(self._text)


class FigureText(Decimal):
    """A number, and how it is written. It is there, whatever it is: a zero counts as true."""

    said: str

    def __new__(cls, value: Decimal, said: str) -> FigureText:  # noqa: PYI034 - a Decimal's own constructor names the class
        self = super().__new__(cls, value)
        self.said = said
        return self

    def __bool__(self) -> bool:
        return True

    def __abs__(self) -> FigureText:
        return FigureText(super().__abs__(), self.said.removeprefix("-"))

    def __str__(self) -> str:
        return self.said

    def __html__(self) -> str:
        return literal(self.said)


class BlankPart:
    """What was not filled in: false, without lines, rows or parts, neither less nor more than anything."""

    __slots__ = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return ""

    def __html__(self) -> str:
        return BLANK

    def __iter__(self) -> Iterator[Words]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __getitem__(self, key: object) -> BlankPart:
        return self

    def __lt__(self, other: object) -> bool:
        return False

    __le__ = __gt__ = __ge__ = __lt__


class ReportSection:
    """Values that stand together, by name; true where any of them is filled in."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Mapping[str, Part]) -> None:
        self._parts = parts

    def __getitem__(self, key: str) -> Part:
        return self._parts[key]

    def __bool__(self) -> bool:
        return any(self._parts.values())

    def __iter__(self) -> Iterator[str]:
        return iter(self._parts)


class MergedRows:
    """The rows of a table; true where there is one."""

    __slots__ = ("_rows",)

    def __init__(self, rows: Sequence[ReportSection]) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[ReportSection]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


NOTHING = BlankPart()


def contents(form: Form, record: Record) -> dict[str, Part]:
    """Return all that a form holds, by the first part of its path; what is computed is worked out anew."""
    whole = compute(form, record).record
    levels = _levels(form, whole)
    root: dict[str, object] = {}
    for path, field in form.fields.items():
        _fill(root, path.split("."), "", field, (whole, levels))
    return {key: _closed(part) for key, part in root.items()}


def names(values: Mapping[str, object] | ReportSection, before: str = "") -> Iterator[str]:
    """Yield the names that a master may use: whole, and by what follows a row's or a group's own name."""
    for key in values:
        value = values[key]
        yield before + key
        if before:
            yield key
        if isinstance(value, ReportSection):
            yield from names(value, f"{before}{key}.")
        elif isinstance(value, MergedRows):
            yield from (key for row in tuple(value)[:1] for key in row)


def _fill(
    into: dict[str, object], keys: Sequence[str], before: str, field: Field, known: tuple[Record, Mapping[str, Words]]
) -> None:
    key, *rest = keys
    record, levels = known
    if key.endswith("[]"):
        place = before + key[:-2]
        rows = into.setdefault(key[:-2], [{} for _ in range(record.sizes.get(place, 0))])
        for number, row in enumerate(rows if isinstance(rows, list) else ()):
            _fill(row, rest, f"{place}[{number}].", field, known)
    elif rest:
        below = into.setdefault(key, {})
        if isinstance(below, dict):
            _fill(below, rest, f"{before}{key}.", field, known)
    else:
        path = before + key
        into[key] = levels.get(path) or said(record[path], field.type)


def _closed(part: object) -> Part:
    match part:
        case dict():
            return ReportSection({key: _closed(one) for key, one in part.items()})
        case list():
            return MergedRows([ReportSection({key: _closed(one) for key, one in row.items()}) for row in part])
        case Words() | FigureText():
            return part
        case _:
            return NOTHING


def said(value: Value, kind: Type) -> Part:
    """Return a value as it is written in a text."""
    match value:
        case None:
            return NOTHING
        case Decimal():
            return FigureText(value, _number(value, kind))
        case dt.date():
            return Words(f"{value.year}年{value.month}月{value.day}日")
        case bool():
            return Words("√")
        case str():
            return Words(value) if value.strip() else NOTHING
        case _:
            return Words(value.text)


def _number(value: Decimal, kind: Type) -> str:
    match kind:
        case Type.MONEY:
            return money(value)
        case Type.PERCENT:
            return percent(value)
        case _:
            return plain(value.normalize()) if value else "0"


def number(count: int) -> FigureText:
    """Return a count as a master speaks of it."""
    return FigureText(Decimal(count), str(count))


def money(value: Decimal) -> str:
    """Return an amount: two decimals, all that it has where it has more; nothing is ``0``."""
    if not value:
        return "0"
    exponent = value.normalize().as_tuple().exponent
    return (
        plain(value.quantize(_CENT)) if isinstance(exponent, int) and -2 <= exponent <= 12 else plain(value.normalize())
    )


def percent(value: Decimal) -> str:
    """Return a share with two decimals, without any where it is whole; a very small one with its first digit that counts."""
    hundredfold = value * 100
    rounded = hundredfold.quantize(_CENT, ROUND_HALF_UP)
    if not rounded and hundredfold:
        rounded = hundredfold.quantize(Decimal(1).scaleb(hundredfold.adjusted()), ROUND_HALF_UP)
    return f"{plain(rounded.to_integral_value() if rounded == rounded.to_integral_value() else rounded)}%"


def _levels(form: Form, record: Record) -> Mapping[str, Words]:
    """Return the 一级 and 二级 of all rows, as the form prints them, each with the sign that it begins a group or goes on.

    Equal ones that follow each other are a group, a 二级 only inside its 一级.
    """
    printed = {
        group.value: group.text.replace("\n", "")
        for band in form.flat()
        if isinstance(band, Table)
        for group in band.groups
    }
    tables: dict[str, list[Field]] = {}
    for path, field in form.fields.items():
        if field.level:
            tables.setdefault(path.rpartition(".")[0], []).append(field)
    found: dict[str, Words] = {}
    for table, columns in tables.items():
        above: dict[int, tuple[str, tuple[Value, ...]]] = {}
        columns.sort(key=lambda field: field.level)
        for row in record.paths(table):
            names = tuple(record[f"{row}.{field.key}"] for field in columns)
            for depth, (field, name) in enumerate(zip(columns, names, strict=True)):
                group = row.rpartition("[")[0], names[: depth + 1]
                if isinstance(name, str) and name:
                    text = printed.get(name, name) if field.level == 1 else name
                    found[f"{row}.{field.key}"] = Words(text, MORE if above.get(depth) == group else FIRST)
                above[depth] = group
    return found


def left_blank(form: Form, record: Record) -> tuple[str, ...]:
    """Return what of a form was not filled in, in its own words: single fields, and tables without a row."""
    own = Counter(field.parts[-1] for field in form.fields.values())
    blank: dict[str, None] = {}
    for path, field in form.fields.items():
        if field.computed or field.hidden:
            continue
        *above, last = map(_plain_head, field.parts)
        table, growing, _ = path.partition("[]")
        if growing and not record.sizes.get(table, 0):
            blank[above[-1] if above else last] = None
        elif not growing and record[path] is None:
            blank[f"{above[-1]}的{last}" if above and own[field.parts[-1]] > 1 else last] = None
    return tuple(blank)


def _plain_head(text: str) -> str:
    """Return a heading without its number: 三、部门整体支出绩效情况 → 部门整体支出绩效情况."""
    return _NUMBERED.sub("", text)
