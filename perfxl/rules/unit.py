"""S09: whether a unit is in the roster. F09: whether it filled in a workbook that was made for another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from perfxl.model.finding import Finding, Severity
from perfxl.model.roster import Roster, RosterUnit, name_key
from perfxl.model.submission import Unit
from perfxl.rules.case import Case
from perfxl.rules.files import F09
from perfxl.rules.rule import Rule
from perfxl.rules.words import quoted

_CODE = re.compile(r"(?:[（(\[【]\s*+)?([0-9A-Za-z-]{3,}+)(?:\s*+[)）\]】])?")
"""主管部门及代码: the code stands before or behind the name, in brackets or not."""


def listed(case: Case, stamped: Unit | None, roster: Roster) -> Iterator[Finding]:
    """Yield what the roster has to say of the unit that a form names, and of the one that it was made for."""
    path = case.form.unit_path
    typed = case.record[path] if path else None
    name = typed.strip() if isinstance(typed, str) else ""
    code = stamped.code if stamped is not None and stamped.code else None
    by_code = roster.by_code(code) if code else None
    if by_code is None and stamped is not None and stamped.name:
        by_code = next(iter(roster.by_name(stamped.name)), None)
    if not name:
        return
    by_name = roster.by_name(name)
    if by_name:
        yield from _made_for_another(case, path, name, stamped, by_name, by_code)
    elif _of_a_listed_department(case, roster):
        return
    elif by_code is not None:
        message = f"单位名称{quoted(name)}与名册不同，这张表是发给名册里的{quoted(by_code.name)}的，请核对单位名称"
        yield S09.at(case, path, message, severity=Severity.WARNING, value=name, expected=by_code.name)
    else:
        near = roster.nearest(name)
        nearest = f"，最接近的是{quoted(near.name)}" if near is not None else ""
        message = f"名册里没有单位{quoted(name)}{nearest}，请按名册填写单位全称"
        yield S09.at(case, path, message, value=name, expected=near.name if near is not None else None)


def _made_for_another(
    case: Case,
    path: str,
    name: str,
    stamped: Unit | None,
    by_name: tuple[RosterUnit, ...],
    by_code: RosterUnit | None,
) -> Iterator[Finding]:
    """F09: the workbook was made for one unit and filled in by another; both are told."""
    if stamped is None or (by_code is not None and by_code in by_name):
        return
    other = by_code.name if by_code is not None else stamped.name
    if other and name_key(other) not in {name_key(unit.name) for unit in by_name}:
        message = f"这张表是发给{quoted(other)}的，填报单位却是{quoted(name)}，请核对是否填错了表"
        yield F09.at(case, path, message, value=name, expected=other)


def _of_a_listed_department(case: Case, roster: Roster) -> bool:
    """Tell whether the department above the unit of a project is in the roster, by name or by the code beside it."""
    above = case.record[case.form.supervisor_path] if case.form.many else None
    if not isinstance(above, str):
        return False
    codes = _CODE.findall(above)
    name = _CODE.sub("", above).strip(" 　:：")
    return bool(roster.by_name(above) or roster.by_name(name) or any(roster.by_code(code) for code in codes))


S09 = Rule(
    code="S09",
    severities=(Severity.ERROR, Severity.WARNING),
    title="单位不在名册中",
    meaning=(
        "与单位名册比对：代码和名称在名册中都找不到的，是错误，审核意见中写明最接近的单位；"
        "只是名称不同的，是警告。名称后的“（汇总）”“（本级）”不算不同。"
        "项目表的实施单位或主管部门有一个在名册中即可。"
    ),
    example=(
        "单位名称填“青溪区教育体育局”，名册中是“青溪区教育局”。审核意见：名册中没有“青溪区教育体育局”，"
        "最接近的是“青溪区教育局”。"
    ),
    remedy="请按名册填写单位名称和代码。单位已经更名的，由审核人员更新名册。",
)

RULES = (S09,)
