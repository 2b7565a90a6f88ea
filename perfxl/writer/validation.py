"""What guards typing in a generated workbook: drop-downs, limits and hints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal

from msgspec.structs import replace

from perfxl.model.field_type import Family, Type
from perfxl.model.form import Field
from perfxl.model.layout import PlacedCell
from perfxl.model.words import TICK

_COMPUTED = "由表中公式计算，不用填写。"
TITLE_LENGTH = 32
MESSAGE_LENGTH = 255
_EARLIEST = dt.date(2000, 1, 1)


def validation(
    field: Field, money: str, option: str = "", wants: Sequence[str] = (), origin: str = ""
) -> dict[str, object] | None:
    """Return XlsxWriter's data validation for a field, None where there is nothing to say or to limit.

    ``option`` is the choice that a tick in the cell means, "" where the choice itself is typed. ``wants`` is what must
    hold, else the cell turns red: it stands in the hint too, and first of all ``origin``, where the value was taken over
    from.
    """
    if option:
        field = replace(field, type=Type.TICK, choices=())
    hint = _COMPUTED if field.computed else field.hint or field.type.traits.hint.format(money=money)
    hint = "\n".join((*filter(None, (origin, hint)), *(f"要求：{want}。" for want in wants)))
    options = (_limit(field, money) if not field.computed else None) or {"validate": "any"}
    if options["validate"] == "any" and not hint:
        return None
    if hint:
        options["input_title"] = field.parts[-1][:TITLE_LENGTH]
        options["input_message"] = hint[:MESSAGE_LENGTH]
    return options


def several(cell: PlacedCell) -> dict[str, object]:
    """Return the hint of a cell with several places: the hints of all, and that nothing printed may go."""
    fields = [each.field for each in (cell, *cell.others) if each.field is not None]
    title = "、".join(field.parts[-1] for field in fields)
    hints = [f"{field.parts[-1]}：{field.hint}" for field in fields if field.hint]
    message = "\n".join((*hints, "各填在印好的字后面，印好的字不要删去。"))
    return {"validate": "any", "input_title": title[:TITLE_LENGTH], "input_message": message[:MESSAGE_LENGTH]}


def taken_over(field: Field, origin: str) -> dict[str, object]:
    """Return the data validation of a cell that is closed to the officer: where its value was taken over from."""
    title, message = field.parts[-1][:TITLE_LENGTH], origin[:MESSAGE_LENGTH]
    return {"validate": "any", "input_title": title, "input_message": message}


def _limit(field: Field, money: str) -> dict[str, object] | None:
    """What may be typed, with the message that Excel shows for anything else."""
    name = field.parts[-1]
    match field.type.traits.family:
        case Family.NUMBER:
            low, high = bounds(field)
            limit: dict[str, object] = {"validate": "integer" if field.type.traits.whole else "decimal"}
            return _stop({**limit, **_between(low, high)}, f"“{name}”{_range(field, low, high, money)}")
        case Family.CHOICE if field.list:
            return _stop(
                {"validate": "list", "source": ["—"]}, f"“{name}”请从下拉列表中选择，可以先输入开头几个字再选。"
            )
        case Family.CHOICE:
            offered = [choice.value for choice in field.choices]
            return _stop({"validate": "list", "source": offered}, f"“{name}”请从下拉列表中选择：{'、'.join(offered)}。")
        case Family.TICK:
            return _stop({"validate": "list", "source": [TICK]}, f"“{name}”符合的打 {TICK}，不符合的留空。")
        case Family.DATE:
            limit = {"validate": "date", "criteria": ">=", "value": _EARLIEST}
            return _stop(limit, f"“{name}”请输入日期，如 2024-1-16。")
        case Family.TEXT if field.length is not None or field.least is not None:
            return _stop(*_length(field, name))
        case Family.TEXT | Family.VALUE:
            return None


def _length(field: Field, name: str) -> tuple[dict[str, object], str]:
    least, most = field.least, field.length
    if least is None:
        return {"validate": "length", "criteria": "<=", "value": most}, f"“{name}”不超过 {most} 个字。"
    if most is None:
        return {"validate": "length", "criteria": ">=", "value": least}, f"“{name}”不少于 {least} 个字。"
    if least == most:
        return {"validate": "length", "criteria": "=", "value": least}, f"“{name}”是 {least} 个字。"
    return (
        {"validate": "length", "criteria": "between", "minimum": least, "maximum": most},
        f"“{name}”不少于 {least} 个字，不超过 {most} 个字。",
    )


def bounds(field: Field) -> tuple[Decimal | None, Decimal | None]:
    """Return the least and greatest number that a field takes."""
    traits = field.type.traits
    low, high = field.minimum, field.maximum
    return (traits.least if low is None else low), (traits.most if high is None else high)


def _between(low: Decimal | None, high: Decimal | None) -> dict[str, object]:
    if low is not None and high is not None:
        return {"criteria": "between", "minimum": float(low), "maximum": float(high)}
    if low is not None:
        return {"criteria": ">=", "value": float(low)}
    if high is not None:
        return {"criteria": "<=", "value": float(high)}
    return {"criteria": "between", "minimum": -1e15, "maximum": 1e15}


def _range(field: Field, low: Decimal | None, high: Decimal | None, money: str) -> str:
    what = field.type.traits.noun.format(money=money)
    around = "，前后的文字会自动显示" if field.caption else ""
    limit = ""
    if low is not None and high is not None:
        limit = f"，在 {low} 到 {high} 之间"
    elif low is not None:
        limit = "，减少的填负数" if low < 0 else f"，不小于 {low}"
    elif high is not None:
        limit = f"，不大于 {high}"
    return f"这一格只输入{what}{limit}{around}。"


def _stop(limit: Mapping[str, object], message: str) -> dict[str, object]:
    return {**limit, "error_title": "请检查填写的内容", "error_message": message[:MESSAGE_LENGTH]}
