"""Numbers that were typed as text: what they say, what had to be put right, and what must be asked back."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec import Struct

from perfxl.model.regex import deferred
from perfxl.model.words import compact, half_width, trim
from perfxl.values.spelling import splits_number

LONGEST: Final = 40
"""Characters of a number with its unit; anything longer is prose."""

_NUMERAL = deferred(
    r"(?P<sign>[-+]?)(?P<mark>¥|人民币|RMB)?(?P<digits>[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?)"
    r"(?P<unit>%|‰|[^\W\d_]{0,6}|[^\W\d_]{1,3}/[^\W\d_]{1,3})"
)
_BRACKETED = deferred(r"\((.+)\)")
_CHINESE_POINT = deferred("([0-9])。([0-9])")


class Numeral(Struct, frozen=True):
    """A number read from text: ``unit`` is what stood behind it, "" if nothing.

    ``changes`` are plain-Chinese half sentences of what was put right; ``doubt`` is one of why the number is only a
    guess (100 in brackets may be −100), "" where it is sure.
    """

    value: Decimal
    unit: str
    changes: tuple[str, ...]
    doubt: str


def read_numeral(text: str) -> Numeral | None:
    """Return the number of a text, None where it has none: ``１５２,186.4　``, ``￥190.00``, ``6558.50万元``."""
    typed = trim(text)
    if len(typed) > LONGEST:
        return None
    half = half_width(typed)
    core, doubt = compact(half), ""
    if splits_number(half):
        doubt = "数字中间有空格或换行"
    if bracketed := _BRACKETED.fullmatch(core):
        core, doubt = f"-{bracketed[1]}", "数字写在括号里，可能是负数"
    if "。" in core:
        core, doubt = _CHINESE_POINT.sub(r"\1.\2", core), "小数点写成了句号"
    found = _NUMERAL.fullmatch(core)
    if not found:
        return None
    mark, digits, unit = found["mark"], found["digits"], found["unit"]
    changes = [
        said
        for said, so in (
            ("全角字符已转为半角", half != typed),
            ("空格已去掉", text != typed or (compact(half) != half)),
            ("千位分隔符已去掉", "," in digits),
            (f"“{mark}”已去掉", bool(mark)),
        )
        if so
    ]
    value = Decimal(found["sign"] + digits.replace(",", ""))
    return Numeral(value, unit, tuple(changes), doubt)
