"""The types of fields, one row of a table for each: all that depends on a type and on nothing else.

What must be done for a type and cannot be said in a table (read it from a cell) is done by ``perfxl.values.coerce``; the
rest of the program asks the table. A new type is a row here and a case there; what is missing mypy tells.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum, StrEnum
from types import MappingProxyType
from typing import assert_never

from msgspec import Struct


class Type(StrEnum):
    """The type of a field, as a definition names it; the JSON and the sheet's side of each stand in the contract."""

    TEXT = "text"
    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    INTEGER = "integer"
    YEAR = "year"
    DATE = "date"
    CHOICE = "choice"
    TICK = "tick"
    VALUE = "value"

    __hash__ = str.__hash__  # not that of Enum, which is Python code: types are looked up thousands of times a workbook

    @property
    def traits(self) -> TypeTraits:
        """What depends on the type."""
        return TRAITS[self]

    @property
    def numeric(self) -> bool:
        return self.traits.family is Family.NUMBER


class Family(Enum):
    """What a value of a type is in Python and in JSON."""

    TEXT = "text"
    CHOICE = "choice"
    VALUE = "value"
    NUMBER = "number"
    DATE = "date"
    TICK = "tick"


class Sort(StrEnum):
    """What an expression gives. Of a tick one can only ask whether it is there; dates can only be compared."""

    NUMBER = "number"
    TEXT = "text"
    TRUTH = "truth"
    DATE = "date"
    TICK = "tick"


class Measure(Enum):
    """What a number measures, which decides on rounding, tolerance and how it is quoted."""

    MONEY = "money"
    SHARE = "share"
    PLAIN = "plain"


class Align(Enum):
    """On which side of its cell a value stands where the form does not say."""

    LEFT = "left"
    RIGHT = "right"
    MIDDLE = "middle"


class TypeTraits(Struct, frozen=True, kw_only=True):
    """What depends on a type. Texts are Chinese; ``{money}`` in them is the form's unit of money.

    ``chinese`` is the type's name, ``meaning`` explains it to authors, ``hint`` to who types, ``description`` to readers
    of the data ("": nothing to explain). ``wanted`` is what belongs into a cell that cannot be read, ``noun`` what a
    cell takes that refuses something else. ``captioned_format`` is the number format inside a caption, None where the
    caption stands in the cell's own text. ``minimum`` holds where the definition gives none, ``least`` and ``most`` while
    typing. ``places`` are the decimals that the data keeps at most. ``summed``: over units it adds up. ``alone``: it
    fills its cell and changes nothing else in a workbook.
    """

    chinese: str
    meaning: str
    family: Family
    measure: Measure
    align: Align
    number_format: str
    captioned_format: str | None
    hint: str
    wanted: str
    noun: str
    whole: bool
    minimum: Decimal | None
    least: Decimal | None
    most: Decimal | None
    places: int | None
    summed: bool
    alone: bool
    description: str

    @property
    def sort(self) -> Sort:
        """What it gives in an expression; an indicator value counts as its text."""
        match self.family:
            case Family.NUMBER:
                return Sort.NUMBER
            case Family.DATE:
                return Sort.DATE
            case Family.TICK:
                return Sort.TICK
            case Family.TEXT | Family.CHOICE | Family.VALUE:
                return Sort.TEXT
            case _:
                assert_never(self.family)

    @property
    def in_words(self) -> bool:
        """Whether what is typed is taken as words, and a caption stands in the same text."""
        return self.captioned_format is None

    @property
    def as_number(self) -> bool:
        """Whether its cell holds a number for Excel, as dates do."""
        return self.family in {Family.NUMBER, Family.DATE}


def _traits(kind: Type) -> TypeTraits:  # noqa: PLR0911 - one for each type
    match kind:
        case Type.TEXT:
            return TypeTraits(
                chinese="文字",
                meaning="文字",
                family=Family.TEXT,
                measure=Measure.PLAIN,
                align=Align.LEFT,
                number_format="General",
                captioned_format=None,
                hint="",
                wanted="内容",
                noun="内容",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=True,
                description="",
            )
        case Type.MONEY:
            return TypeTraits(
                chinese="金额",
                meaning="金额，显示两位小数；单位见 money",
                family=Family.NUMBER,
                measure=Measure.MONEY,
                align=Align.RIGHT,
                number_format="#,##0.00",
                captioned_format="0.00",
                hint="输入数字，单位{money}，不用写单位和千分号。",
                wanted="数字（单位{money}）",
                noun="金额（单位{money}）",
                whole=False,
                minimum=Decimal(0),
                least=None,
                most=None,
                places=None,
                summed=True,
                alone=True,
                description="金额，单位{money}",
            )
        case Type.PERCENT:
            return TypeTraits(
                chinese="百分数",
                meaning="百分数；数据里存小数，92.47% 是 0.9247",
                family=Family.NUMBER,
                measure=Measure.SHARE,
                align=Align.MIDDLE,
                number_format="0.00%",
                captioned_format="0.00%",
                hint="输入百分数，如 95%。",
                wanted="百分数，如 95%",
                noun="百分数",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=6,
                summed=False,
                alone=True,
                description="比率，写成小数，最多六位：0.9247 即 92.47%",
            )
        case Type.NUMBER:
            return TypeTraits(
                chinese="数字",
                meaning="数，如分值、得分",
                family=Family.NUMBER,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format="General",
                captioned_format="General",
                hint="输入数字。",
                wanted="数字",
                noun="数字",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=True,
                description="",
            )
        case Type.INTEGER:
            return TypeTraits(
                chinese="整数",
                meaning="整数，如人数",
                family=Family.NUMBER,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format="0",
                captioned_format="General",
                hint="输入整数。",
                wanted="整数",
                noun="整数",
                whole=True,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=True,
                alone=True,
                description="",
            )
        case Type.YEAR:
            return TypeTraits(
                chinese="年度",
                meaning="年度，四位数",
                family=Family.NUMBER,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format='0"年"',
                captioned_format="0",
                hint="输入四位数的年度，如 2024。",
                wanted="四位数的年度，如 2024",
                noun="年度",
                whole=True,
                minimum=None,
                least=Decimal(2000),
                most=Decimal(2100),
                places=None,
                summed=False,
                alone=False,
                description="",
            )
        case Type.DATE:
            return TypeTraits(
                chinese="日期",
                meaning="日期",
                family=Family.DATE,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format='yyyy"年"m"月"d"日"',
                captioned_format='yyyy"年"m"月"d"日"',
                hint="输入日期，如 2024-1-16。",
                wanted="日期，如 2024-1-16",
                noun="日期",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=True,
                description="日期，写成 2024-01-16",
            )
        case Type.CHOICE:
            return TypeTraits(
                chinese="选项",
                meaning="从 choices 里选一项",
                family=Family.CHOICE,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format="@",
                captioned_format=None,
                hint="从下拉列表中选择。",
                wanted="内容",
                noun="内容",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=False,
                description="",
            )
        case Type.TICK:
            return TypeTraits(
                chinese="打✔",
                meaning="打 ✔ 或留空",
                family=Family.TICK,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format="@",
                captioned_format="General",
                hint="符合的打 ✔，不符合的留空。",
                wanted="✔ 或留空",
                noun="✔",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=False,
                description="打 ✔ 为 true，留空为 null",
            )
        case Type.VALUE:
            return TypeTraits(
                chinese="指标值",
                meaning="指标值，如 ≥95%、≤90万元、10-11月、优秀",
                family=Family.VALUE,
                measure=Measure.PLAIN,
                align=Align.MIDDLE,
                number_format="@",
                captioned_format=None,
                hint="",
                wanted="内容",
                noun="内容",
                whole=False,
                minimum=None,
                least=None,
                most=None,
                places=None,
                summed=False,
                alone=True,
                description="",
            )
        case _:
            assert_never(kind)


TRAITS: Mapping[Type, TypeTraits] = MappingProxyType({kind: _traits(kind) for kind in Type})
