"""S01–S05, S07, S08, S11: what became of the form's structure and of its formulas."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Field
from perfxl.model.grid import CellKind
from perfxl.model.reading import Notice, Oddity
from perfxl.model.record import generic
from perfxl.model.value import Type, Value
from perfxl.rules.case import Case
from perfxl.rules.words import figure, money, percent, short


def check(case: Case) -> Iterator[Finding]:
    """Yield what was strange about the sheet, then what happened to its formulas."""
    for notice in case.reading.notices:
        yield _notice(case, notice)
    yield from _formulas(case)


_NOTICES = {
    Oddity.MISSING: ("S01", Severity.ERROR, "表上找不到“{label}”这一行，请用下发的表重新填报，不要删改表上印好的文字"),
    Oddity.REWORDED: ("S02", Severity.WARNING, "“{text}”这一格的文字与表样不同，按“{label}”读取，请改回原来的文字"),
    Oddity.MOVED: ("S03", Severity.INFO, "“{text}”所在的行与表样的位置不同，已按内容读取"),
    Oddity.MERGED: (
        "S03",
        Severity.WARNING,
        "“{text}”这一行归在了上面的“{label}”之下，表上看不出分界；如另属一组或另一个目标，请在这一行写明",
    ),
    Oddity.COPY: ("S07", Severity.INFO, "合并单元格里还留有一份“{text}”，没有重复读取"),
    Oddity.OUTSIDE: (
        "S08",
        Severity.WARNING,
        "“{text}”不在任何填报栏内，没有读取；如属填报内容请移到相应的栏，不属则删去",
    ),
}


def _notice(case: Case, notice: Notice) -> Finding:
    code, severity, message = _NOTICES[notice.oddity]
    return Finding(
        code=code,
        severity=severity,
        message=message.format(text=short(notice.text), label=short(notice.label)),
        sheet=case.sheet,
        cell=notice.cell,
        label=notice.label or None,
        value=notice.text or None if notice.oddity is not Oddity.MISSING else None,
    )


def _formulas(case: Case) -> Iterator[Finding]:
    """S04: typed over a formula (stamped workbooks). S05: a cached result that is stale or absent."""
    for path, seen in case.reading.seen.items():
        field = case.form.fields[generic(path)]
        if not field.computed:
            continue
        cell = seen.cell
        stated, value = case.bound.stated.get(path), case.record[path]
        if cell is None or cell.formula is None:
            if case.stamped and seen.content is not None and not _blank(seen.content):
                yield _replaced(case, path, field, seen.content)
        elif path not in case.unsound and cell.kind is not CellKind.ERROR and not agree(stated, value):
            if stated is None:
                message = f"{case.name(path)}的公式没有存下计算结果，系统已算出 {_quote(value, field)}"
            else:
                shown, right = _quote(stated, field), _quote(value, field)
                message = f"{case.name(path)}显示的 {shown} 没有随填报更新，系统已重新算出 {right}"
            yield case.finding("S05", path, message, value=_plain(stated), expected=_plain(value))


def _replaced(case: Case, path: str, field: Field, content: object) -> Finding:
    stated, value = case.bound.stated.get(path), case.record[path]
    typed = f" {_quote(stated, field)}" if stated is not None else f"“{short(str(content))}”"
    message = f"{case.name(path)}原来是公式，现在填的是{typed}，系统按公式计算，请恢复公式"
    plain = _plain(stated)
    return case.finding("S04", path, message, value=str(content) if plain is None else plain, expected=_plain(value))


def agree(stated: Value, value: Value) -> bool:
    """Tell whether a cached result is the recomputed one, but for the noise of binary numbers."""
    if isinstance(stated, Decimal) and isinstance(value, Decimal):
        return abs(stated - value) < Decimal("0.000001")
    return stated == value


def _blank(content: object) -> bool:
    return isinstance(content, str) and not content.strip()


def _plain(value: Value) -> Decimal | str | None:
    return value if isinstance(value, Decimal | str) else None


def _quote(value: Value, field: Field) -> str:
    if not isinstance(value, Decimal):
        return "空白" if value is None else f"“{value}”"
    match field.type:
        case Type.PERCENT:
            return percent(value)
        case Type.MONEY:
            return money(value)
        case _:
            return figure(value)
