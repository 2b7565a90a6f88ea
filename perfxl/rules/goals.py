"""G02: whether the goals that a form lists are those that it then sets out one by one."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from perfxl.model.field_type import Type
from perfxl.model.finding import Finding, Severity
from perfxl.model.form import Form, FormRule
from perfxl.model.regex import deferred
from perfxl.rules.case import Case, is_nothing
from perfxl.rules.rule import Named, OnlyAtImport, Rule
from perfxl.rules.watching import READS_WORDS
from perfxl.rules.words import quoted
from perfxl.values.label_text import key as letters

_MARK = deferred(
    r"(?:^|(?<=[\n\r。；;]))[ \t\u3000]*+"
    r"(?:(?:长期|年度|总体)?(?:目标|任务)[ ]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[:：、.．]?"
    r"|[（(]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})(?:[)）、．:：]|[.](?![0-9]))"
    r"|[①-⑳]|[一二三四五六七八九十]是)"
)
"""What stands in front of each goal of a list: 目标1：, 1., （一）, ①, 一是."""
_CLAUSE = deferred("[。；;：:\n]")
_LIKE = 0.6
"""From which likeness on two wordings are held to be one goal."""
_SHORTEST = 4
"""Letters from which on a part of a list is a goal."""


def _listed(case: Case, asked: FormRule) -> Iterator[Finding]:
    """Yield goals of the list in the text at ``at`` that are not set out below, and those below that it lacks.

    They are compared by their texts: neither numbers nor order count. A text that is no list says nothing.
    """
    text = case.record[asked.at]
    goals = {path: str(case.record[path]) for path in _statements(case, asked.over)}
    items = _items(text) if isinstance(text, str) and case.sound(asked.at, *goals) else []
    if not items or not goals:
        return
    of, named = case.form.fields[asked.at].parts[-1], case.form.groups.get(asked.over, "")
    lacking = [item for item in items if not any(_same(item, goal) for goal in goals.values())]
    if len(lacking) == len(items):
        message = f"{of}里列的 {len(items)} 个目标，与下面逐项填写的{named}一个也对不上，请使两处的文字一致"
        yield G02.at(case, asked.at, message, asked=asked, value=str(text), related=goals)
        return
    for item in lacking:
        message = f"{of}里列了{quoted(item)}，下面逐项填写的{named}里没有这一项，请使两处一致"
        yield G02.at(case, asked.at, message, asked=asked, value=item, related=goals)
    for path, goal in goals.items():
        if not any(_same(item, goal) for item in items):
            message = f"{case.name(path)}{quoted(goal)}没有列在前面的{of}里，请使两处一致"
            yield G02.at(case, path, message, asked=asked, value=goal, related=(asked.at,))


def _statement(form: Form, block: str) -> str | None:
    """Return the key of the text that says what a block's goal is, None where the path is no block with a text."""
    prefix = f"{block}[]."
    own = (field for path, field in form.fields.items() if path.startswith(prefix) and "[]" not in path[len(prefix) :])
    return next((field.key for field in own if field.type is Type.TEXT), None)


def _statements(case: Case, block: str) -> Iterator[str]:
    key = _statement(case.form, block)
    for goal in case.record.rows(block) if key is not None else ():
        if not is_nothing(case.record[f"{goal}.{key}"]):
            yield f"{goal}.{key}"


def _items(text: str) -> list[str]:
    """Return the goals of a list, without what numbers them; none where the text is no list."""
    parts = _MARK.split(text) if _MARK.search(text) else text.splitlines()
    found = [part.strip(" \t\u3000；;，,。\n\r") for part in parts]
    goals = [part for part in found if len(letters(part)) >= _SHORTEST]
    return goals if len(goals) > 1 or _MARK.search(text) else []


def _same(item: str, goal: str) -> bool:
    one, two = letters(_MARK.sub("", item)), letters(_MARK.sub("", goal))
    if not one or not two or one in two or two in one:
        return True
    heads = (_head(item), _head(goal))
    return max(_likeness(one, two), _likeness(*heads)) >= _LIKE


def _head(text: str) -> str:
    return letters(_CLAUSE.split(_MARK.sub("", text).strip())[0])


def _likeness(one: str, two: str) -> float:
    return SequenceMatcher(None, one, two, autojunk=False).ratio()


def _lack(form: Form, asked: FormRule) -> str:
    if _statement(form, asked.over) is None:
        return "写有文字的块"
    return "" if asked.at in form.fields else "列出各目标的那一项（at）"


G02 = Rule(
    code="G02",
    severities=(Severity.WARNING,),
    title="目标前后对不上",
    meaning="总目标中列出的各个目标，与后面逐个展开的目标对不上。比较的是文字内容，编号和先后不同没有关系。",
    example="总目标中有“提高保障能力”，后面没有展开这个目标。审核意见：没有找到与“提高保障能力”对应的目标。",
    remedy="请使两处的目标一一对应、文字一致。",
    named=Named(needs=_lack, check=_listed, live=OnlyAtImport(READS_WORDS)),
)

RULES = (G02,)
