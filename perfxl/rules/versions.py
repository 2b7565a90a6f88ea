"""X03: which of several returns of one unit, period and form counts."""

from __future__ import annotations

import datetime as dt
from array import array
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, pairwise
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form
from perfxl.model.period import WHOLE_YEAR, Period, Span
from perfxl.model.roster import code_key, name_key
from perfxl.model.submission import Submission, Unit
from perfxl.model.words import scope_of
from perfxl.rules.accepted import project
from perfxl.rules.rule import Rule

_NAMED = 5
"""How many other returns a message names."""
_BEIJING = dt.timezone(dt.timedelta(hours=8))

_Key: TypeAlias = tuple[str, Period, str, str, str]
Place: TypeAlias = tuple[int, int]
"""A form of a return: the return's number in the batch, the form's in the return."""


class Version(Struct, frozen=True):
    """What of a form of a return tells whose it is and how late it is; None where nothing says so.

    ``made_from`` is the hash of the return that it is a marked copy of.
    """

    place: Place
    file: str
    sha256: str
    sheet: str
    title: str
    form: str
    year: int | None
    unit: Unit
    project: str
    scope: str
    modified: dt.datetime | None
    filled: dt.date | None
    made_from: str | None = None
    span: Span = WHOLE_YEAR
    named: str = "项目"
    """What the project is called: the field that tells returns apart may be another."""

    @property
    def period(self) -> Period:
        return Period(self.year, *self.span)


class Ruling(Struct, frozen=True):
    """What is said of a version; ``superseded_by`` is the file that counts instead, None where this one does."""

    finding: Finding
    superseded_by: str | None = None


def versions(number: int, submission: Submission) -> Iterator[Version]:
    """Yield the forms of a return that could have another version; ``number`` is the return's in the batch.

    Left out are forms that do not name all that tells them apart: the unit, the year or the part of it, the project.
    """
    for index, returned in enumerate(submission.forms):
        form = returned.definition
        named, period = project(returned), returned.period
        dated = period.known and (period.year is not None or not form.identity.dated)
        if not dated or not (returned.unit.name or returned.unit.code) or (form.many and not named):
            continue
        typed, filled = returned.record[form.unit_path], returned.record[form.filled_path]
        yield Version(
            place=(number, index),
            file=submission.source.file,
            sha256=submission.source.sha256,
            sheet=returned.sheet,
            title=form.title,
            form=form.id,
            year=period.year,
            unit=returned.unit,
            project=named,
            # A project has no 汇总 and no 本级: whatever stands after the unit's name, it is one project.
            scope=scope_of(typed) if isinstance(typed, str) and not form.many else "",
            modified=submission.source.modified,
            filled=filled if isinstance(filled, dt.date) else None,
            made_from=submission.source.made_from,
            span=returned.span,
            named=_called(form),
        )


def _called(form: Form) -> str:
    """Return what the fields are called that tell a unit's returns of one period apart."""
    keys = form.identity.keys
    return "项目" if keys in {(), (form.project_path,)} else "、".join(form.fields[path].parts[-1] for path in keys)


def rule_on(found: Sequence[Version]) -> dict[Place, Ruling]:
    """Rule on every version of which there are others; of two with the same content the first counts.

    Held are only those of which there may be others: most have none.
    """
    codes = _codes_wanted(found)
    marks = array("q", (hash(_key(version, codes)) for version in found))
    several = {one for one, other in pairwise(sorted(marks)) if one == other}
    groups: dict[_Key, list[Version]] = defaultdict(list)
    for number, mark in enumerate(marks):
        if mark in several:
            version = found[number]
            groups[_key(version, codes)].append(version)
    rulings: dict[Place, Ruling] = {}
    for group in groups.values():
        if len({version.file for version in group}) > 1:
            rulings |= _rule(group)
    return rulings


def _key(version: Version, codes: Mapping[str, str]) -> _Key:
    """Return what versions of one return have in common."""
    unit = code_key(version.unit.code or "") or codes.get(name_key(version.unit.name or ""), "")
    named = unit or name_key(version.unit.name or "")
    return version.form, version.period, named, name_key(version.project), version.scope


def _codes_wanted(found: Iterable[Version]) -> dict[str, str]:
    """Return the codes of the names that come without one somewhere."""
    bare = {name_key(version.unit.name or "") for version in found if not code_key(version.unit.code or "")}
    if not bare:
        return {}
    return codes_by_name(version.unit for version in found if name_key(version.unit.name or "") in bare)


def codes_by_name(units: Iterable[Unit]) -> dict[str, str]:
    """The code of each unit's name, where some return has both and they agree: a retyped form has lost the code."""
    codes: dict[str, set[str]] = defaultdict(set)
    for unit in units:
        if unit.name and unit.code:
            codes[name_key(unit.name)].add(code_key(unit.code))
    return {name: next(iter(known)) for name, known in codes.items() if len(known) == 1}


def _rule(group: Sequence[Version]) -> dict[Place, Ruling]:
    rulings: dict[Place, Ruling] = {}
    first: dict[str, Version] = {}
    for version in group:
        same = first.setdefault(version.sha256, version)
        if same.file != version.file:
            said = f"与“{same.file}”内容完全相同，以那一份为准，这一份不再使用"
            rulings[version.place] = Ruling(_finding(version, said), same.file)
    different = [version for version in group if first[version.sha256].file == version.file]
    followed = _followed(different)
    last, how = _latest([version for version in different if version.place not in followed])
    files = list(dict.fromkeys(version.file for version in last))
    latest = {version.place for version in last}
    for version in different:
        if len(first) == 1:
            copies = [other.file for other in group if other.file != version.file]
            said = f"与{_listed(copies)}内容完全相同，以这一份为准"
            rulings[version.place] = Ruling(_finding(version, said))
        elif followed.get(version.place) in files:
            after = followed[version.place]
            said = f"“{after}”是在这一份的标注件上改好的，以那一份为准，这一份不再使用"
            rulings[version.place] = Ruling(_finding(version, said), after)
        elif version.place not in latest:
            said = f"“{files[0]}”{how or '是后来交回的'}，以那一份为准，这一份不再使用"
            rulings[version.place] = Ruling(_finding(version, said), files[0])
        elif len(files) == 1:
            how = "是在标注件上改好的" if version.file in followed.values() else how
            earlier = dict.fromkeys(other.file for other in different if other.file != version.file)
            said = f"这一份{how}，以它为准，不再使用{_listed(earlier)}；请核对采用的是不是正确的一份"
            rulings[version.place] = Ruling(_finding(version, said))
        else:
            others = [file for file in files if file != version.file]
            said = f"与{_listed(others)}分不出先后，都保留了；请核对应采用哪一份，删去另一份后重新导入"
            rulings[version.place] = Ruling(_finding(version, said))
    return rulings


def _followed(group: Sequence[Version]) -> dict[Place, str]:
    """Return the versions that a marked copy of them has come back for, each with the last file that follows from it.

    Such a copy is later than what it was made from, whatever either says of its date.
    """
    made_of = {version.made_from: version for version in group if version.made_from}
    followed: dict[Place, str] = {}
    for version in group:
        seen = {version.sha256}
        last = version
        while (after := made_of.get(last.sha256)) is not None and after.sha256 not in seen:
            seen.add(after.sha256)
            last = after
        if last is not version:
            followed[version.place] = last.file
    return followed if len(followed) < len(group) else {}


def _latest(group: Sequence[Version]) -> tuple[list[Version], str]:
    """Return the latest versions, several where they cannot be ordered, and by what one is the latest.

    The time of saving decides where every version has one; the date on the form decides what is then still open.
    """
    last, how = list(group), ""
    if all(version.modified for version in last):
        newest = max(version.modified for version in last if version.modified)
        last = [version for version in last if version.modified == newest]
        how = f"保存得最晚（北京时间 {newest.astimezone(_BEIJING):%Y-%m-%d %H:%M}）"
    if len({version.file for version in last}) > 1 and all(version.filled for version in last):
        latest = max(version.filled for version in last if version.filled)
        last = [version for version in last if version.filled == latest]
        how = f"填报日期最晚（{latest}）"
    return last, how


def _listed(files: Collection[str]) -> str:
    names = "、".join(f"“{file}”" for file in islice(files, _NAMED))
    return f"{names}等 {len(files)} 份" if len(files) > _NAMED else names


def _finding(version: Version, said: str) -> Finding:
    whose = version.unit.name or version.unit.code
    about = f"{version.named}“{version.project}”的" if version.project else ""
    period = version.period.said
    message = f"{whose}{' ' if period or about else ''}{period}{about}《{version.title}》交回了几份：{said}"
    return X03.finding(message, sheet=version.sheet)


def missing(unit: Unit) -> Finding:
    """Return the finding on a unit of the roster that has not handed in."""
    whose = f"{unit.name}（{unit.code}）" if unit.name and unit.code else unit.name or unit.code
    return X03.finding(f"名册里的{whose}还没有交回，请催报")


X03 = Rule(
    code="X03",
    severities=(Severity.WARNING,),
    title="缺报或重复报送",
    meaning=(
        "名册中的单位没有交回；或者同一单位、同一年度（按季、按月报的，同一期）、同一张表交回了几份。几份中较晚的代替较早的，"
        "两份都写在审核意见中；分不出先后的，都保留。"
    ),
    example="青溪区教育局先后交回两份自评表。审核意见：“自评表（改）.xlsx”代替了“自评表.xlsx”。",
    remedy="没有交回的，请催报。重复报送的，请核对采用的是不是正确的一份，删去另一份。",
)

RULES = (X03,)
