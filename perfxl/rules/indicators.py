"""G01, G03–G07: which indicators there are, and what they are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Rule
from perfxl.model.value import Type
from perfxl.rules.case import Case, is_nothing
from perfxl.rules.rows import Row, rows, used, wording
from perfxl.rules.scoring import alike
from perfxl.rules.words import short
from perfxl.values.label_text import flat
from perfxl.values.label_text import key as letters

CLASSIFICATION: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "产出指标": frozenset({"数量指标", "质量指标", "时效指标", "成本指标"}),
        "效益指标": frozenset({"经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"}),
        "满意度指标": frozenset({"服务对象满意度指标"}),
        "成本指标": frozenset({"经济成本指标", "社会成本指标", "生态环境成本指标"}),
    }
)
"""The national classification: 一级 with their 二级 (FORMS.md)."""

_NEEDED = ("产出", "效益")
_NAME_LENGTH = 100
_PART_LENGTH = 4
"""Characters that a part of a name must have to be a measure of its own."""
_MEASURE = "(?:率|人数|次数|场次|数量|金额|面积|满意度|知晓度|比例|占比)"
_LAST_MEASURE = re.compile(f"{_MEASURE}$")
_JOINED_MEASURE = re.compile(f"{_MEASURE}(?:以?及|和|与|、)")


def goals(case: Case, rule: Rule) -> Iterator[Finding]:
    """G01: yield goals without an indicator; for a table that belongs to no goal, the form itself."""
    above, bracket, _ = rule.over.rpartition("[]")
    if not bracket:
        if not any(used(case, rule.over)):
            yield case.finding(rule.code, rule.over, "绩效指标一行也没有填，至少要填一个三级指标", rule=rule)
        return
    prefix = f"{above}[]."
    texts = [
        field.key
        for path, field in case.form.fields.items()
        if path.startswith(prefix) and "[]" not in path[len(prefix) :] and field.type is Type.TEXT
    ]
    for goal in case.record.rows(above):
        written = next((key for key in texts if not is_nothing(case.record[f"{goal}.{key}"])), None)
        if written is not None and not any(row.path.startswith(f"{goal}.") for row in used(case, rule.over)):
            text = str(case.record[f"{goal}.{written}"])
            message = f"“{short(text)}”下面没有绩效指标，至少要填一个三级指标"
            yield case.finding(rule.code, f"{goal}.{written}", message, rule=rule, value=text)


def misplaced(case: Case, rule: Rule) -> Iterator[Finding]:
    """G03: yield 二级 of the national classification that stand under another 一级; each once where it is merged."""
    said: set[tuple[str | None, str]] = set()
    for row in rows(case, rule.over):
        first, second = row.text("level1"), row.text("level2")
        homes = [home for home, below in CLASSIFICATION.items() if second in below]
        if not first or not homes or {first, f"{first}指标"} & set(homes):
            continue
        path = row.at("level2")
        place = (case.cell(path), second)
        if place in said:
            continue
        said.add(place)
        right = "或".join(f"“{home}”" for home in homes)
        message = f"“{second}”放在了“{first}”之下，应归入{right}"
        yield case.finding(rule.code, path, message, rule=rule, value=second, related=(row.at("level1"),))


def nameless(case: Case, rule: Rule) -> Iterator[Finding]:
    """G04: yield rows with a value but no name. (A name without a value is a required cell that is blank.)"""
    for row in rows(case, rule.over):
        if row.text("name") or not row.sound("name"):
            continue
        keys = [key for key in ("target", "actual", "weight", "score") if row.has(key)]
        given = [key for key in keys if not is_nothing(case.record[row.at(key)])]
        if given:
            columns = "、".join(case.form.fields[f"{rule.over}[].{key}"].parts[-1] for key in given)
            message = f"这一行填了{columns}，没有三级指标的名称"
            yield case.finding(rule.code, row.at("name"), message, rule=rule, related=[row.at(key) for key in given])


def repeated(case: Case, rule: Rule) -> Iterator[Finding]:
    """G05: yield indicators that occur again: in one goal each time, in several goals with one value once."""
    by_name: dict[str, list[Row]] = defaultdict(list)
    for row in used(case, rule.over):
        by_name[wording(row.text("name"))].append(row)
    for name, same in by_name.items():
        if not name:
            continue
        elsewhere = False
        for index, row in enumerate(same[1:], 1):
            near = [other for other in same[:index] if _goal(other) == _goal(row)]
            if near:
                yield _again(rule, row, near)
            elif not elsewhere and not all(_differ(other, row) for other in same[:index]):
                elsewhere = True
                message = f"{row.name}在几个目标下重复出现，指标值相同"
                yield case.finding(
                    rule.code,
                    row.at("name"),
                    message,
                    severity=Severity.INFO,
                    value=row.text("name"),
                    related=[other.at("name") for other in same if other is not row],
                )


def _again(rule: Rule, row: Row, near: list[Row]) -> Finding:
    """Return the finding on a row whose name stands in the same goal before."""
    twins = [other for other in near if _levels(other) == _levels(row)]
    unlike = [other for other in twins if _differ(other, row)]
    if unlike:
        now, before = row.case.record[row.at("target")], row.case.record[unlike[0].at("target")]
        message = f"{row.name}在同一个二级指标下重复，指标值一处是“{_said(before)}”、一处是“{_said(now)}”，请只留一行"
    elif twins:
        message = f"{row.name}在同一个二级指标下重复，请只留一行"
    else:
        message = f"{row.name}在“{near[0].text('level2')}”和“{row.text('level2')}”下重复，请只留一处"
    return row.case.finding(
        rule.code,
        row.at("name"),
        message,
        rule=rule,
        severity=Severity.ERROR if unlike else Severity.WARNING,
        value=row.text("name"),
        related=[other.at("name") for other in near],
    )


def _goal(row: Row) -> str:
    """The goal that a row belongs to: the row of the block that its table stands in, "" where it stands in none."""
    return row.path[: row.path.rindex("[")].rpartition("]")[0]


def _levels(row: Row) -> tuple[str, str]:
    return row.text("level1"), row.text("level2")


def _differ(row: Row, other: Row) -> bool:
    """Tell whether two rows have different targets; how a target is spelled and a blank one make no difference."""
    one, two = row.value("target"), other.value("target")
    return one is not None and two is not None and not alike(one, two)


def _said(value: object) -> str:
    return short(str(getattr(value, "text", value or "")))


def overloaded(case: Case, rule: Rule) -> Iterator[Finding]:
    """G06: yield names that are too long, or hold two measures."""
    longest = _NAME_LENGTH if rule.limit is None else int(rule.limit)
    for row in used(case, rule.over):
        name = row.text("name")
        if len(name) > longest:
            message = f"三级指标的名称有 {len(name)} 个字，超过 {longest} 个字，请缩短"
        elif _measures(name) > 1:
            message = f"{row.name}在一个名称里写了两项以上内容，应分成几个指标，各填各的指标值"
        else:
            continue
        yield case.finding(rule.code, row.at("name"), message, rule=rule, value=name)


def _measures(name: str) -> int:
    """Count the measures in a name: parts between semicolons, or two nouns of measure joined by 和, 及."""
    parts = [part for part in re.split("[；;]", name) if len(letters(part)) >= _PART_LENGTH]
    return max(len(parts), 2 if _joins_measures(flat(name)) else 1)


def _joins_measures(name: str) -> bool:
    """Tell whether a noun of measure is joined to another one at the end, with words of their own before both."""
    last, joined = _LAST_MEASURE.search(name), _JOINED_MEASURE.search(name, 1)
    return last is not None and joined is not None and joined.end() + 2 <= last.start()


def lacking(case: Case, rule: Rule) -> Iterator[Finding]:
    """G07: yield the 一级 of the national classification that no indicator belongs to, output and effect."""
    found = [row.text("level1") for row in used(case, rule.over)]
    if not found and any(other.code == "G01" for other in case.form.rules):
        return
    for needed in _NEEDED:
        if not any(level.startswith(needed) for level in found):
            yield case.finding(rule.code, rule.over, f"没有填写{needed}指标，至少要有一项", rule=rule)
