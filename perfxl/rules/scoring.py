"""Whether an indicator was reached, and the score that it earned (RULES, Scoring).

Where in doubt there is no answer (None): a value that cannot be compared, a figure beside the target of which nobody
said whether more or less is better.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from enum import Enum

from perfxl.model.value import (
    DateValue,
    FrequencyValue,
    IndicatorValue,
    Kind,
    MonthsValue,
    NumberValue,
    Op,
    Quantity,
    RangeValue,
    ends_of,
    figure_of,
    measured_in,
    operator_of,
)
from perfxl.rules.rows import IndicatorRow
from perfxl.values.label_text import key as letters
from perfxl.values.units import PERCENT, same_measure, same_unit

SURPASSED = Decimal("1.3")
"""Above this multiple of its target an indicator was set too low, and its score may be lowered."""

FIGURES_ONLY = "公式认得“≥95%”“≤90万元”这样带符号、同单位的数；日期、区间、没有符号的和文字由审核判断"
"""How the live half of rules that hold figures against each other differs from their checks."""

_HUNDRED = Decimal(100)
RATIOS = frozenset({PERCENT, "‰", "百分点"})

_UNWANTED = (
    "变动率",
    "失学",
    "辍学",
    "投诉",
    "流失",
    "事故",
    "死亡",
    "发病",
    "违规",
    "违法",
    "超支",
    "逾期",
    "差错",
    "负债",
)
"""What a name speaks of when less may be better though its target has no operator that says so."""
_FAILED = ("未达", "未完成", "没有完成", "没有达", "未能", "不达标", "部分达", "部分完成")
_DONE = frozenset(
    {
        "达成",
        "全部达成",
        "已达成",
        "完成",
        "已完成",
        "全部完成",
        "达标",
        "已达标",
        "全部达标",
        "达成年度指标",
        "达成预期指标",
    }
)


_WEIGHTS = {"产出": "50", "效益": "30", "满意度": "10"}
_WEIGHTS_WITH_COSTS = {"成本": "20", "产出": "40", "效益": "20", "满意度": "10"}


def usual_points(level: str, levels: Collection[str]) -> str:
    """Return the points that a 一级 usually has beside such others, "" where it is none of the usual ones."""
    costs = any(other.startswith("成本") for other in levels)
    weights = _WEIGHTS_WITH_COSTS if costs else _WEIGHTS
    return next((points for name, points in weights.items() if level.startswith(name)), "")


class Direction(Enum):
    """Which side of its target an indicator should come out on."""

    UP = "up"
    DOWN = "down"


def direction(row: IndicatorRow, target: IndicatorValue) -> Direction | None:
    """Return the direction of an indicator: its operator's, else ≤ in cost indicators and ≥ in the others."""
    match operator_of(target):
        case Op.AT_LEAST | Op.MORE:
            return Direction.UP
        case Op.AT_MOST | Op.LESS:
            return Direction.DOWN
        case Op.ABOUT:
            return None
        case _:
            if row.costs:
                return Direction.DOWN
            return None if any(word in row.text("name") for word in _UNWANTED) else Direction.UP


def comparable(target: IndicatorValue, actual: IndicatorValue) -> bool:
    """Tell whether an actual value can be held against a target. 0.98 next to 95% may be either, so it cannot."""
    if Kind.NONE in {target.kind, actual.kind} or not same_measure(target, actual):
        return False
    return meant_percent(actual, target) is None and meant_percent(target, actual) is None


def meant_percent(value: IndicatorValue, other: IndicatorValue) -> Decimal | None:
    """Return the percentage that a bare fraction probably is (0.98: 98), by the value that it is held against.

    That is a percentage above 1, or a bare number about a hundred times as large.
    """
    share = figure_of(value)
    if measured_in(value) is not None or share is None or not isinstance(other, Quantity):
        return None
    low, high = ends_of(other)
    if other.unit == PERCENT:
        return share * _HUNDRED if 0 < share <= 1 < high else None
    near = 0 < share < 1 and share * _HUNDRED / 2 <= low and high <= share * _HUNDRED * 2
    return share * _HUNDRED if other.unit is None and near else None


def alike(target: IndicatorValue, actual: IndicatorValue) -> bool:
    """Tell whether an actual value is the target again: the same figure, or the same words."""
    if isinstance(target, NumberValue) and isinstance(actual, NumberValue):
        return target.value == actual.value and same_unit(target.unit, actual.unit)
    return letters(target.text) == letters(actual.text)


def reached(target: IndicatorValue, actual: IndicatorValue, way: Direction | None) -> bool | None:
    """Tell whether a target was reached, None where that cannot be told."""
    if not comparable(target, actual):
        return None
    match target, actual:
        case NumberValue() | RangeValue(), NumberValue() | RangeValue():
            return _quantity(target, actual, way)
        case DateValue(), DateValue():
            return _date(target, actual)
        case MonthsValue(), MonthsValue():
            return True if actual.to_month <= target.to_month else None
        case FrequencyValue(), FrequencyValue():
            return actual.times >= target.times
        case _:
            return _words(target, actual)


def surpassed(target: IndicatorValue, actual: IndicatorValue, way: Direction | None, limit: Decimal) -> bool:
    """Tell whether an actual figure lies above a multiple of a positive target that more is better of."""
    if way is not Direction.UP or not comparable(target, actual):
        return False
    wanted, got = figure_of(target), figure_of(actual)
    return wanted is not None and got is not None and wanted > 0 and got > wanted * limit


def earned(
    target: IndicatorValue, actual: IndicatorValue, way: Direction | None, weight: Decimal, reverse: str
) -> Decimal | None:
    """Return the score that figures earn, None where there is no rule for it.

    ``reverse`` is the form's way with indicators of which less is better: ``ratio``, else linear.
    """
    if not isinstance(target, Quantity) or not isinstance(actual, Quantity):
        return None
    done = reached(target, actual, way)
    if done is None:
        return None
    if done:
        return weight
    wanted, got = figure_of(target), figure_of(actual)
    if wanted is None or got is None or wanted <= 0 or got < 0:
        return None
    if way is Direction.UP:
        return got / wanted * weight
    share = wanted / got if reverse == "ratio" else 1 - (got - wanted) / wanted
    return max(share, Decimal(0)) * weight


def _quantity(target: Quantity, actual: Quantity, way: Direction | None) -> bool | None:
    low, high = ends_of(actual)
    if isinstance(target, RangeValue):
        least, most = ends_of(target)
        if least <= low and high <= most:
            return True
        return False if high < least or most < low else None
    wanted = ends_of(target)[0]
    if low == high == wanted:
        # Just 300 for more than 300 is no failure that one can take an officer to task for.
        return None if target.op in {Op.MORE, Op.LESS} else True
    if way is None:
        return None
    worst, best = (low, high) if way is Direction.UP else (-high, -low)
    line = wanted if way is Direction.UP else -wanted
    if best < line:
        return False
    return True if worst >= line and target.op is not Op.EQUAL else None


def _date(target: DateValue, actual: DateValue) -> bool | None:
    """At or before; a month without a year is compared with such a month only."""
    if target.month is not None and actual.month is not None:
        return actual.month <= target.month
    if target.date is None or actual.date is None:
        return None
    shared = min(len(target.date), len(actual.date))
    until, done = target.date[:shared], actual.date[:shared]
    return True if done <= until else False if target.op is Op.AT_MOST else None


def _words(target: IndicatorValue, actual: IndicatorValue) -> bool | None:
    said = letters(actual.text)
    if said.startswith(_FAILED):
        return False
    return True if said in _DONE or said == letters(target.text) else None
