"""S09: whether a unit is in the roster. F09: whether it filled in a workbook that was made for another one."""

from __future__ import annotations

from collections.abc import Iterator

from perfxl.model.finding import Finding, Severity
from perfxl.model.regex import deferred
from perfxl.model.roster import Roster, RosterUnit, code_key, name_key
from perfxl.model.submission import Unit
from perfxl.rules.case import Case
from perfxl.rules.files import F09
from perfxl.rules.rule import Rule
from perfxl.rules.words import quoted

_CODE = deferred(r"(?:[（(\[【]\s*+)?([0-9A-Za-z-]{3,}+)(?:\s*+[)）\]】])?")
"""主管部门及代码: the code stands before or behind the name, in brackets or not."""


def named(case: Case, stamped: Unit | None, roster: Roster | None) -> Iterator[Finding]:
    """Yield what there is to say of the unit that a form names: whether it is listed, and the one that the form is for.

    ``stamped`` is the unit that the workbook was made for, None where it says of none.
    """
    path = case.form.unit_path
    typed = case.record[path] if path else None
    name = typed.strip() if isinstance(typed, str) else ""
    if not name:
        return
    made_for = _made_for(stamped, roster)
    by_name = roster.by_name(name) if roster is not None else ()
    if made_for is not None and made_for.row and not by_name and not _is_above(case, made_for):
        message = f"单位名称{quoted(name)}与名册不同，这张表是发给名册里的{quoted(made_for.name)}的，请核对单位名称"
        yield S09.at(case, path, message, severity=Severity.WARNING, value=name, expected=made_for.name)
    elif roster is not None and not by_name and not _of_a_listed_department(case, roster):
        near = roster.nearest(name)
        nearest = f"，最接近的是{quoted(near.name)}" if near is not None else ""
        message = f"名册里没有单位{quoted(name)}{nearest}，请按名册填写单位全称"
        yield S09.at(case, path, message, value=name, expected=near.name if near is not None else None)
    elif made_for is not None and name_key(made_for.name) != name_key(name) and not _is_above(case, made_for):
        field = case.name(path)
        message = (
            f"这张表是发给{quoted(made_for.name)}的，{field}却填了{quoted(name)}：拿错了表的，请改用发给本单位的表；"
            f"本来就是{quoted(made_for.name)}的，请把{field}改回来"
        )
        yield F09.at(case, path, message, value=name, expected=made_for.name)


def _made_for(stamped: Unit | None, roster: Roster | None) -> RosterUnit | None:
    """Return the unit that a workbook was made for, as the roster has it; of one that is not listed the row is 0."""
    if stamped is None:
        return None
    if roster is not None:
        by_code = roster.by_code(stamped.code) if stamped.code else None
        known = by_code or next(iter(roster.by_name(stamped.name or "")), None)
        if known is not None:
            return known
    return RosterUnit(stamped.name, stamped.code, 0) if stamped.name else None


def _is_above(case: Case, unit: RosterUnit) -> bool:
    """Tell whether a unit is the department above the one of a project: its forms go to those below it, too."""
    names, codes = _department(case)
    return name_key(unit.name) in map(name_key, names) or bool(
        unit.code and code_key(unit.code) in map(code_key, codes)
    )


def _of_a_listed_department(case: Case, roster: Roster) -> bool:
    """Tell whether the department above the unit of a project is in the roster, by name or by the code next to it."""
    names, codes = _department(case)
    return any(map(roster.by_name, names)) or any(map(roster.by_code, codes))


def _department(case: Case) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return how the department above the unit of a project may be called, and its codes."""
    above = case.record[case.form.supervisor_path] if case.form.many else None
    if not isinstance(above, str):
        return (), ()
    return (above, _CODE.sub("", above).strip(" 　:：")), tuple(_CODE.findall(above))


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
