"""What sheets are called, and the identity that perfxl writes into one as a line of text: the writer writes it, the reader reads it."""

from __future__ import annotations

from msgspec.structs import replace

from perfxl.model.layout import Stamp
from perfxl.model.submission import Unit

NAME = "_perfxl"
"""The sheet's own defined name and the hidden sheet that carry the line; also the name of the document property."""

ROWS = "_perfxl_rows"
"""The hidden sheet on which growing tables are watched row by row."""
LISTS = "_perfxl_lists"
"""The hidden sheet with the lists that are chosen from."""
SELF_CHECK = "填报自检"
"""The sheet that tells an officer what is wrong or left."""
INSTRUCTIONS = "填表说明"
"""The sheet that tells an officer how the workbook is filled in; others name a sheet of theirs so, too."""
TOPICS = (
    "本表",
    "怎样填",
    "几张工作表",
    "颜色",
    "自检",
    "增减行",
    "收起空行",
    "增减目标",
    "几个项目",
    "保护",
    "打印和交回",
    "联系",
)
"""What stands down the left of it, as far as the forms need it."""
COVER, CONTENTS = "封面", "目录"
"""Sheets before the forms that ask for them; others name sheets of theirs so, too."""
FRONT = "_perfxl_front"
"""A sheet's own defined name that says that perfxl put it before the forms."""
OWN = frozenset({NAME, ROWS, LISTS, SELF_CHECK})
"""Sheets that perfxl adds to the forms; nothing on them is an officer's."""
LONGEST_NAME = 31
FORBIDDEN_IN_NAMES = r"[]:*?/\'!"
"""Excel takes ``'`` inside a name, and ``!``; what names a sheet before a cell or a defined name does not."""
_TAKEN = OWN | {INSTRUCTIONS, "history"}
"""In small letters: the sheets that perfxl adds, and one that Excel keeps for itself."""


_MARK = "perfxl1"
_PART = "#"
_LONGEST = 255
"""Excel's limit for a text constant in a defined name and for a document property."""

_KEPT_OUT = str.maketrans({"|": " ", "\n": " ", '"': "”", "!": "！"})
"""What would end a field or the line, or make a reference to a sheet of a defined name's text."""


def encode(stamp: Stamp) -> str:
    """Return a stamp as one line: mark, form, version, year, unit code, digest, unit name; at most 255 characters.

    The sheet of a form that stands on several is ``form#2``.
    A name that has no room is left out, never cut: half of a name is that of another unit. It stands on the form.
    """
    year = "" if stamp.year is None else str(stamp.year)
    form = f"{stamp.form}{_PART}{stamp.part}" if stamp.part else stamp.form
    fields = (_MARK, form, stamp.version, year, stamp.unit.code or "", stamp.digest, stamp.unit.name or "")
    line = "|".join(part.translate(_KEPT_OUT) for part in fields)
    if len(line) <= _LONGEST or stamp.unit == Unit():
        return line
    return encode(replace(stamp, unit=_shorter(stamp.unit)))


def _shorter(unit: Unit) -> Unit:
    return Unit(None, unit.code) if unit.name else Unit()


def decode(text: str) -> Stamp | None:
    """Return the stamp in a line, or in a defined name's ``"line"``; None where there is none."""
    fields = text.strip().removeprefix("=").strip('"').split("|", 6)
    if len(fields) != 7 or fields[0] != _MARK or not fields[1]:
        return None
    _, form, version, year, code, digest, name = fields
    number = int(year) if _is_number(year) and len(year) == 4 else None
    form, _, part = form.partition(_PART)
    known = int(part) if _is_number(part) and len(part) <= 2 else 0
    return Stamp(form, version, digest, number, Unit(name or None, code or None), known)


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()


def is_sheet_name(name: str) -> bool:
    """Tell whether a form's sheet can be called so: what spreadsheet programs, XlsxWriter and our own sheets leave."""
    spelt = (
        name.strip() != ""
        and len(name) <= LONGEST_NAME
        and name.isprintable()
        and set(FORBIDDEN_IN_NAMES).isdisjoint(name)
    )
    return spelt and name.casefold() not in _TAKEN
