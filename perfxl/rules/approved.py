"""C01: indicators and targets held against those that were declared or approved earlier."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import FormRule
from perfxl.model.value import IndicatorValue, operator_of
from perfxl.rules.accepted import AcceptedForm
from perfxl.rules.case import Case, in_use
from perfxl.rules.needs import columns
from perfxl.rules.rows import IndicatorRow, used, wording
from perfxl.rules.rule import Named, OnlyAtImport, Rule
from perfxl.rules.scoring import alike
from perfxl.rules.watching import OTHER_FORMS, nothing_more
from perfxl.rules.words import quoted
from perfxl.values.label_text import key as letters


class _Known(Struct, frozen=True):
    """An indicator as it was approved."""

    name: str
    levels: tuple[str, str]
    target: IndicatorValue | None

    @property
    def said(self) -> str:
        value = f"（指标值{quoted(self.target.text)}）" if self.target is not None else ""
        return f"{quoted(self.name)}{value}"


def changed(case: Case, asked: FormRule, earlier: AcceptedForm) -> Iterator[Finding]:
    """Yield indicators that are new, left out or called otherwise, and targets that are not the approved ones.

    They are found by their names, in the 一级 and 二级 that they stood in where a name occurs more than once.
    """
    when = earlier.form.stage.label
    known, rows = list(_known(earlier)), list(used(case, asked.over))
    if not known or not rows:
        return
    left = [one for one in known if not any(wording(one.name) == wording(row.text("name")) for row in rows)]
    for row in rows:
        same = [one for one in known if wording(one.name) == wording(row.text("name"))]
        if not same:
            renamed = _renamed(row, left, rows, known)
            if renamed is None:
                message = f"{row.name}不在{when}的指标里，请按{when}的指标填写；经批准增加的请附批准文件"
                yield C01.at(case, row.at("name"), message, asked=asked, value=row.text("name"))
                continue
            left.remove(renamed)
            message = f"指标名称{row.name}与{when}时的{quoted(renamed.name)}不同，请按{when}的名称填写"
            yield C01.at(case, row.at("name"), message, asked=asked, value=row.text("name"), expected=renamed.name)
            same = [renamed]
        yield from _target(case, asked, row, [one for one in same if one.levels == _levels(row)] or same, when)
    for one in left:
        message = f"{when}的指标{one.said}在这张表里没有，请补上；经批准取消的请附批准文件"
        yield C01.at(case, asked.over, message, asked=asked, expected=one.name)


def _target(case: Case, asked: FormRule, row: IndicatorRow, same: list[_Known], when: str) -> Iterator[Finding]:
    target = row.value("target")
    wanted = [one.target for one in same if one.target is not None]
    if target is None or not wanted or any(_equal(target, one) for one in wanted):
        return
    message = (
        f"{row.name}的指标值填的是{quoted(target.text)}，{when}时是{quoted(wanted[0].text)}，"
        f"请按{when}的指标值填写；经批准调整的请附批准文件"
    )
    yield C01.at(case, row.at("target"), message, asked=asked, value=target, expected=wanted[0])


def _equal(target: IndicatorValue, wanted: IndicatorValue) -> bool:
    """Tell whether two targets ask for the same; one without an operator goes with any."""
    asked, approved = operator_of(target), operator_of(wanted)
    contrary = asked is not None and approved is not None and asked is not approved
    return alike(target, wanted) and not contrary


def _renamed(row: IndicatorRow, left: list[_Known], rows: list[IndicatorRow], known: list[_Known]) -> _Known | None:
    """Return the indicator that a row is under another name: the only one that is missing where only this row is new."""
    missing = [one for one in left if one.levels == _levels(row)]
    names = {wording(one.name) for one in known}
    new = [one for one in rows if _levels(one) == _levels(row) and wording(one.text("name")) not in names]
    return missing[0] if len(missing) == 1 and len(new) == 1 else None


def _known(earlier: AcceptedForm) -> Iterator[_Known]:
    record = earlier.returned.record
    for table in (rule.over for rule in earlier.form.rules if rule.code == C01.code):
        for path in record.rows(table):
            name, target = record[f"{path}.name"], record[f"{path}.target"]
            if in_use(record, path):
                levels = _level(record[f"{path}.level1"]), _level(record[f"{path}.level2"])
                yield _Known(str(name).strip(), levels, target if isinstance(target, IndicatorValue) else None)


def _levels(row: IndicatorRow) -> tuple[str, str]:
    return _level(row.text("level1")), _level(row.text("level2"))


def _level(value: object) -> str:
    return letters(value).removesuffix("指标") if isinstance(value, str) else ""


C01 = Rule(
    code="C01",
    severities=(Severity.ERROR,),
    title="与批复的指标不一致",
    meaning=(
        "自评表、监控表中的指标或指标值，与此前批复的不同：多了、少了、名称改了或者指标值改了。没有批复表的，与申报表比较。"
        "按单位、年度、项目对应，只在有以前通过的结果可以核对时审核。"
    ),
    example="批复的目标值为“≥300人”，自评表填“≥200人”。审核意见：目标值应与批复的“≥300人”一致。",
    remedy="请按批复的指标和目标值填写。经批准调整过的，请附上调整文件。",
    named=Named(
        needs=columns("level1", "level2", "name", "target"), check=nothing_more, live=OnlyAtImport(OTHER_FORMS)
    ),
)

RULES = (C01,)
