"""What changed from one definition to another: what is filled in, what is printed, the rules, the layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import NamedTuple

from perfxl.forms.layout.place import place
from perfxl.model.field_type import Type
from perfxl.model.form import Field, Form, FormRule, Required
from perfxl.model.layout import Role

_YEAR = 2024
"""A year to print forms with, the same for both."""


class Part(StrEnum):
    """What a change is about, as people call it."""

    FORM = "表"
    FIELD = "填报项"
    LABEL = "印的字"
    RULE = "审核规则"
    LAYOUT = "版面"


class Kind(StrEnum):
    """How something changed."""

    ADDED = "增加"
    REMOVED = "删去"
    CHANGED = "修改"


class Change(NamedTuple):
    """One change: about what, what it is called on the form, how it was and how it is, "" where it was or is not."""

    part: Part
    kind: Kind
    name: str
    old: str = ""
    new: str = ""
    path: str = ""


def changes(old: Form, new: Form) -> tuple[Change, ...]:
    """Return what changed from one form to another, in the form's words and order."""
    return (
        *_of_form(old, new),
        *_of_fields(old.fields, new.fields),
        *_of_labels(old, new),
        *_of_rules(old, new),
        *_of_layout(old, new),
    )


def _of_form(old: Form, new: Form) -> Iterator[Change]:
    said = {
        "title": "名称",
        "version": "版本",
        "region": "地区",
        "money": "金额单位",
        "year_basis": "年度",
        "sheet": "工作表名",
    }
    for name, chinese in said.items():
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            yield Change(Part.FORM, Kind.CHANGED, chinese, before, after)


def _of_fields(old: Mapping[str, Field], new: Mapping[str, Field]) -> Iterator[Change]:
    for path, field in old.items():
        if path not in new:
            yield Change(Part.FIELD, Kind.REMOVED, field.label, field.type.traits.chinese, path=path)
            continue
        for what, before, after in _traits(field, new[path]):
            yield Change(Part.FIELD, Kind.CHANGED, f"{new[path].label}的{what}", before, after, path)
    for path, field in new.items():
        if path not in old:
            yield Change(Part.FIELD, Kind.ADDED, field.label, new=field.type.traits.chinese, path=path)


def _traits(old: Field, new: Field) -> Iterator[tuple[str, str, str]]:
    """Yield in what two fields of one name differ."""
    pairs = (
        ("名称", old.label, new.label),
        ("类型", _type(old.type), _type(new.type)),
        ("要求", _required(old), _required(new)),
        ("最小值", _shown(old.minimum), _shown(new.minimum)),
        ("最大值", _shown(old.maximum), _shown(new.maximum)),
        ("字数", _shown(old.length), _shown(new.length)),
        ("选项", "、".join(one.value for one in old.choices), "、".join(one.value for one in new.choices)),
        ("提示", old.hint, new.hint),
        ("计算", _computed(old), _computed(new)),
    )
    yield from (pair for pair in pairs if pair[1] != pair[2])
    if old.formula != new.formula and old.computed and new.computed:
        yield "算式", "原来的算式", "新的算式"


def _type(kind: Type) -> str:
    return kind.traits.chinese


def _required(field: Field) -> str:
    return {Required.NO: "可以不填", Required.ALWAYS: "必填", Required.IN_USE: "用到的行必填"}.get(field.required, "")


def _computed(field: Field) -> str:
    return "由公式得出" if field.computed else "填写"


def _shown(value: object) -> str:
    return "不限" if value is None else str(value)


def _of_labels(old: Form, new: Form) -> Iterator[Change]:
    """Yield printed texts that came or went, each once."""
    before, after = _texts(old), _texts(new)
    yield from (Change(Part.LABEL, Kind.REMOVED, text) for text in before if text not in after)
    yield from (Change(Part.LABEL, Kind.ADDED, text) for text in after if text not in before)


def _texts(form: Form) -> dict[str, None]:
    cells = place(form, year=_YEAR).cells
    texts = (cell.text for cell in cells if cell.role in {Role.LABEL, Role.PRINTED} and cell.text.strip())
    return dict.fromkeys("".join(text.split()) for text in texts)


def _of_rules(old: Form, new: Form) -> Iterator[Change]:
    before, after = list(map(_rule, old.rules)), list(map(_rule, new.rules))
    yield from (Change(Part.RULE, Kind.REMOVED, _called(old, rule)) for rule in old.rules if _rule(rule) not in after)
    yield from (Change(Part.RULE, Kind.ADDED, _called(new, rule)) for rule in new.rules if _rule(rule) not in before)


def _rule(rule: FormRule) -> tuple[object, ...]:
    """Return all that a rule is, but the line on which it stands."""
    return tuple(getattr(rule, name) for name in rule.__struct_fields__ if name != "line")


def _called(form: Form, rule: FormRule) -> str:
    where = rule.over or rule.each or rule.at
    return f"{rule.code} {rule.want or form.groups.get(where, '') or ''}".strip()


def _of_layout(old: Form, new: Form) -> Iterator[Change]:
    before, after = ({part.sheet: part for part in form.parts} for form in (old, new))
    if old.sheets or new.sheets:
        yield from (Change(Part.LAYOUT, Kind.REMOVED, f"工作表“{name}”") for name in before if name not in after)
        yield from (Change(Part.LAYOUT, Kind.ADDED, f"工作表“{name}”") for name in after if name not in before)
        for name, part in before.items():
            if name in after:
                yield from _of_sheet(part, after[name], f"工作表“{name}”的")
    else:
        yield from _of_sheet(old, new, "")


def _of_sheet(old: Form, new: Form, where: str) -> Iterator[Change]:
    if old.page.landscape != new.page.landscape:
        said = {True: "横向", False: "纵向"}
        yield Change(Part.LAYOUT, Kind.CHANGED, f"{where}纸张方向", said[old.page.landscape], said[new.page.landscape])
    if len(old.widths) != len(new.widths):
        yield Change(Part.LAYOUT, Kind.CHANGED, f"{where}列数", str(len(old.widths)), str(len(new.widths)))
    elif old.widths != new.widths:
        yield Change(Part.LAYOUT, Kind.CHANGED, f"{where}列宽")
    sizes = [len(place(form, year=_YEAR).rows) for form in (old, new)]
    if sizes[0] != sizes[1]:
        yield Change(Part.LAYOUT, Kind.CHANGED, f"{where}空白表的行数", str(sizes[0]), str(sizes[1]))
