"""G01, G03–G07: which indicators there are, and what they are called."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.live import LiveRule
from perfxl.model.path import bare, in_row, key_of
from perfxl.rules.case import Case, is_nothing
from perfxl.rules.needs import columns
from perfxl.rules.once import once_a_form
from perfxl.rules.rows import IndicatorRow, rows, used, wording
from perfxl.rules.rule import LiveHalf, Named, OnlyAtImport, Rule
from perfxl.rules.scoring import alike
from perfxl.rules.watching import READS_WORDS, broken, watched
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
_PART_LENGTH = 4
"""Characters that a part of a name must have to be a measure of its own."""
_MEASURE = "(?:率|人数|次数|场次|数量|金额|面积|满意度|知晓度|比例|占比)"
_LAST_MEASURE = re.compile(f"{_MEASURE}$")
_JOINED_MEASURE = re.compile(f"{_MEASURE}(?:以?及|和|与|、)")


@once_a_form
def _watch_goals(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    above, bracket, last = asked.over.rpartition("[]")
    if not bracket:
        at = f"{asked.over}[].name"
        yield watched(G01, form, asked, f"SAID({bare(at)}) > 0", at, "至少填一个三级指标", left=True)
        return
    texts, names = _statements(form, above), f"{last.removeprefix('.')}.name"
    if texts:
        must = f"IF(SAID({', '.join(map(key_of, texts))}) = 0, TRUE, SAID({names}) > 0)"
        want, say = "写了目标的，下面至少要填一个三级指标", "写了目标，下面一个三级指标也没有填"
        yield watched(G01, form, asked, must, texts[0], want, each=above, say=say)


def _goals(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield goals without an indicator; for a table that belongs to no goal, the form itself."""
    for condition in _watch_goals(case.form, asked):
        for goal in broken(case, condition, silenced_by=()):
            if not goal:
                yield G01.at(case, asked.over, "绩效指标一行也没有填，至少要填一个三级指标", asked=asked)
                continue
            texts = [in_row(path, goal) for path in _statements(case.form, condition.each)]
            written = next(path for path in texts if not is_nothing(case.record[path]))
            text = str(case.record[written])
            message = f"“{short(text)}”下面没有绩效指标，至少要填一个三级指标"
            yield G01.at(case, written, message, asked=asked, value=text)


@once_a_form
def _statements(form: Form, block: str) -> list[str]:
    """Return the texts of a block, those of its tables left out."""
    prefix = f"{block}[]."
    own = ((path, field) for path, field in form.fields.items() if path.startswith(prefix))
    return [path for path, field in own if "[]" not in path[len(prefix) :] and field.type is Type.TEXT]


G01 = Rule(
    code="G01",
    severities=(Severity.ERROR,),
    title="目标没有指标",
    meaning="写了一个目标，下面却没有一个指标。",
    example="年度目标3写了内容，指标表空着。审核意见：年度目标3没有绩效指标。",
    remedy="请为这个目标至少填写一个三级指标和指标值。不再需要这个目标的，请把目标一并清空。",
    named=Named(needs=columns("name"), check=_goals, live=LiveHalf(_watch_goals)),
)


def _misplaced(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield 二级 of the national classification that stand under another 一级; each once where it is merged."""
    said: set[tuple[str | None, str]] = set()
    for row in rows(case, asked.over):
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
        yield G03.at(case, path, message, asked=asked, value=second, related=(row.at("level1"),))


G03 = Rule(
    code="G03",
    severities=(Severity.ERROR,),
    title="二级指标归类有误",
    meaning=("采用全国统一分类的表中，统一分类里的二级指标放到了别的一级指标之下。单位自己拟定的二级指标不受限制。"),
    example="“质量指标”放在了“效益指标”之下。审核意见：“质量指标”应归入“产出指标”。",
    remedy="请把这一行移到正确的一级指标之下。",
    named=Named(needs=columns("level1", "level2"), check=_misplaced, live=OnlyAtImport(READS_WORDS)),
)


@once_a_form
def _watch_nameless(form: Form, asked: FormRule) -> Iterator[LiveRule]:
    must = f"IF(ISBLANK(name), SAID({', '.join(_filled_beside(form, asked))}) = 0, TRUE)"
    want = "填了指标值的行，要有三级指标的名称"
    say = "这一行填了内容，没有三级指标的名称，请补上名称，或把整行清空"
    yield watched(G04, form, asked, must, f"{asked.over}[].name", want, each=asked.over, say=say)


def _nameless(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield rows with a value but no name. (A name without a value is a required cell that is blank.)"""
    for condition in _watch_nameless(case.form, asked):
        for path in broken(case, condition, silenced_by=(condition.at,)):
            row = IndicatorRow.of(case, path)
            given = [key for key in _filled_beside(case.form, asked) if not is_nothing(case.record[row.at(key)])]
            columns = "、".join(case.form.fields[f"{asked.over}[].{key}"].parts[-1] for key in given)
            related = [row.at(key) for key in given]
            message = f"这一行填了{columns}，没有三级指标的名称，请补上名称，或把整行清空"
            yield G04.at(case, row.at("name"), message, asked=asked, related=related)


def _filled_beside(form: Form, asked: FormRule) -> list[str]:
    return [key for key in ("target", "actual", "weight", "score") if f"{asked.over}[].{key}" in form.fields]


G04 = Rule(
    code="G04",
    severities=(Severity.ERROR, Severity.WARNING),
    title="指标名称与指标值缺一",
    meaning=(
        "有三级指标名称而没有指标值，或者有指标值而没有名称，是错误。名称由表上印好而没有填指标值的，是警告；"
        "印好而没有使用的备用行不算。"
    ),
    example="三级指标“图书更新数量”的指标值空着。审核意见：“图书更新数量”没有指标值。",
    remedy="请补全名称和指标值。不需要这个指标的，请把整行清空。",
    named=Named(
        needs=columns("name", "target"),
        check=_nameless,
        live=LiveHalf(_watch_nameless),
    ),
)


def _repeated(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield indicators that occur again: in one goal each time, in several goals with one value once."""
    by_name: dict[str, list[IndicatorRow]] = defaultdict(list)
    for row in used(case, asked.over):
        by_name[wording(row.text("name"))].append(row)
    for name, same in by_name.items():
        if not name:
            continue
        elsewhere = False
        for index, row in enumerate(same[1:], 1):
            near = [other for other in same[:index] if _goal(other) == _goal(row)]
            if near:
                yield _again(asked, row, near)
            elif not elsewhere and not all(_differ(other, row) for other in same[:index]):
                elsewhere = True
                message = f"{row.name}在几个目标下重复出现，指标值相同"
                yield G05.at(
                    case,
                    row.at("name"),
                    message,
                    severity=Severity.INFO,
                    value=row.text("name"),
                    related=[other.at("name") for other in same if other is not row],
                )


def _again(asked: FormRule, row: IndicatorRow, near: list[IndicatorRow]) -> Finding:
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
    return G05.at(
        row.case,
        row.at("name"),
        message,
        asked=asked,
        severity=Severity.ERROR if unlike else Severity.WARNING,
        value=row.text("name"),
        related=[other.at("name") for other in near],
    )


def _goal(row: IndicatorRow) -> str:
    """The goal that a row belongs to: the row of the block that its table stands in, "" where it stands in none."""
    return row.path[: row.path.rindex("[")].rpartition("]")[0]


def _levels(row: IndicatorRow) -> tuple[str, str]:
    return row.text("level1"), row.text("level2")


def _differ(row: IndicatorRow, other: IndicatorRow) -> bool:
    """Tell whether two rows have different targets; how a target is spelled and a blank one make no difference."""
    one, two = row.value("target"), other.value("target")
    return one is not None and two is not None and not alike(one, two)


def _said(value: object) -> str:
    return short(str(getattr(value, "text", value or "")))


G05 = Rule(
    code="G05",
    severities=(Severity.WARNING, Severity.ERROR, Severity.INFO),
    title="三级指标重复",
    meaning=(
        "同一目标、同一二级指标下有同名的三级指标，是警告；两处的指标值还不相同，是错误。"
        "同一目标下重复在不同的二级指标中，是警告。几个目标共用一个指标而指标值相同，只作一次提示。"
    ),
    example=("数量指标下两次出现“培训教师人数”，一处“≥300人”，一处“≥200人”。审核意见：三级指标重复，指标值不一致。"),
    remedy="请保留一行，删去重复的行。确是两项不同内容的，请在名称中写明区别。",
    named=Named(needs=columns("level2", "name", "target"), check=_repeated, live=OnlyAtImport(READS_WORDS)),
)


def _overloaded(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield names that are too long, or hold two measures."""
    longest = int(G06.limit_in(asked))
    for row in used(case, asked.over):
        name = row.text("name")
        if len(name) > longest:
            message = f"三级指标的名称有 {len(name)} 个字，超过 {longest} 个字，请缩短"
        elif _holds_two(name):
            message = f"{row.name}在一个名称里写了两项以上内容，应分成几个指标，各填各的指标值"
        else:
            continue
        yield G06.at(case, row.at("name"), message, asked=asked, value=name)


def _holds_two(name: str) -> bool:
    """Tell whether a name holds several measures: parts between semicolons, or two nouns of measure joined by 和, 及."""
    parts = re.split("[；;]", name) if "；" in name or ";" in name else ()
    return sum(len(letters(part)) >= _PART_LENGTH for part in parts) > 1 or _joins_measures(flat(name))


def _joins_measures(name: str) -> bool:
    """Tell whether a noun of measure is joined to another one at the end, with words of their own before both."""
    last, joined = _LAST_MEASURE.search(name), _JOINED_MEASURE.search(name, 1)
    return last is not None and joined is not None and joined.end() + 2 <= last.start()


G06 = Rule(
    code="G06",
    severities=(Severity.WARNING,),
    title="指标名称过长或含两项",
    meaning="指标名称超过 100 字，或者一个名称里写了两项内容，无法用一个指标值衡量。",
    example="三级指标填了“培训场次及参训人数”。审核意见：名称含有两项内容，应分成两个指标。",
    remedy="请缩短名称。含有两项内容的，请分成两行，各填各的指标值。",
    limit=Decimal(100),
    named=Named(needs=columns("name"), check=_overloaded, live=OnlyAtImport(READS_WORDS)),
)


def _lacking(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield the 一级 of the national classification that no indicator belongs to, output and effect."""
    found = [row.text("level1") for row in used(case, asked.over)]
    if not found and any(other.code == G01.code for other in case.form.rules):
        return
    for needed in _NEEDED:
        if not any(level.startswith(needed) for level in found):
            yield G07.at(case, asked.over, f"没有填写{needed}指标，至少要有一项", asked=asked)


G07 = Rule(
    code="G07",
    severities=(Severity.WARNING,),
    title="缺少产出或效益指标",
    meaning="采用全国统一分类的表中，没有产出指标，或者没有效益指标。",
    example="只填了产出指标和满意度指标。审核意见：没有效益指标。",
    remedy="请补上缺少的一类指标，至少一项。",
    named=Named(needs=columns("level1", "name"), check=_lacking, live=OnlyAtImport(READS_WORDS)),
)

RULES = (G01, G03, G04, G05, G06, G07)
