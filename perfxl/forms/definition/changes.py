"""What changed from one definition to another: what is filled in, what is printed, the rules, the layout."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from perfxl.forms.definition.change import Change, Kind, Part
from perfxl.forms.definition.changed_sheets import Renamed, Sheets, changed_labels, changed_layout
from perfxl.model.form import Choice, Field, Form, FormRule, Required
from perfxl.rules.catalog import CATALOG

_TRAITS = {
    "类型": "的类型",
    "要求": "",
    "最小值": "的最小值",
    "最大值": "的最大值",
    "字数": "最多填的字数",
}


def changes(old: Form, new: Form) -> tuple[Change, ...]:
    """Return what changed from one form to another, in the form's words and order."""
    before, after = Sheets.of(old), Sheets.of(new)
    labels = tuple(changed_labels(before, after))
    renamed = Renamed.by(labels)
    return (
        *_of_form(old, new),
        *_of_fields(old.fields, new.fields, before, after, renamed),
        *labels,
        *_of_rules(old, new),
        *changed_layout(before, after),
    )


def _of_form(old: Form, new: Form) -> Iterator[Change]:
    said = {
        "title": "表的名称",
        "version": "版本",
        "region": "地区",
        "money": "金额单位",
        "year_basis": "年度的意思",
        "sheet": "工作表名",
    }
    for name, chinese in said.items():
        before, after = str(getattr(old, name)), str(getattr(new, name))
        if before != after:
            message = f"{chinese}由“{before}”改为“{after}”"
            yield Change(Part.FORM, Kind.CHANGED, chinese, before, after, message=message)


def _of_fields(
    old: Mapping[str, Field], new: Mapping[str, Field], before: Sheets, after: Sheets, renamed: Renamed
) -> Iterator[Change]:
    for path, field in old.items():
        kind = field.type.traits.chinese
        if path not in new:
            cell = before.cell_of(path)
            message = f"“{field.label}”没有了（原来{_at(cell)}填{kind}）"
            yield Change(Part.FIELD, Kind.REMOVED, field.label, kind, path=path, cell=cell, message=message)
            continue
        cell = after.cell_of(path)
        for what, one, other, message in _traits(field, new[path], renamed):
            name = new[path].label
            said = f"“{name}”{_in_brackets(cell)}{message}"
            yield Change(Part.FIELD, Kind.CHANGED, f"{name}的{what}", one, other, path, cell, said)
    for path, field in new.items():
        if path not in old:
            cell, kind = after.cell_of(path), field.type.traits.chinese
            message = f"增加了“{field.label}”（{_at(cell)}填{kind}）"
            yield Change(Part.FIELD, Kind.ADDED, field.label, new=kind, path=path, cell=cell, message=message)


def _at(cell: str) -> str:
    return f"在 {cell} " if cell else ""


def _in_brackets(cell: str) -> str:
    return f"（{cell}）" if cell else ""


def _traits(old: Field, new: Field, renamed: Renamed) -> Iterator[tuple[str, str, str, str]]:
    """Yield in what two fields of one name differ: what it is, how it was, how it is, the end of a sentence."""
    if old.label != new.label and not renamed.explain(old.parts, new.parts):
        yield "名称", old.label, new.label, f"原来叫“{old.label}”"
    pairs = (
        ("类型", old.type.traits.chinese, new.type.traits.chinese),
        ("要求", _required(old), _required(new)),
        ("最小值", _shown(old.minimum), _shown(new.minimum)),
        ("最大值", _shown(old.maximum), _shown(new.maximum)),
        ("字数", _shown(old.length), _shown(new.length)),
    )
    for what, one, other in pairs:
        if one != other:
            yield what, one.strip(), other.strip(), f"{_TRAITS[what]}由{one}改为{other}".rstrip()
    if old.choices != new.choices:
        offered = ["、".join(one.value for one in choices) for choices in (old.choices, new.choices)]
        yield "选项", offered[0], offered[1], _choices(old.choices, new.choices)
    if old.hint != new.hint:
        yield "提示", old.hint, new.hint, _hint(old.hint, new.hint)
    if old.computed != new.computed:
        one, other = _computed(old), _computed(new)
        yield "计算", one, other, f"原来{one}，现在{other}"
    elif old.formula != new.formula:
        yield "算式", "原来的算式", "新的算式", "的算式改了"


def _choices(old: Sequence[Choice], new: Sequence[Choice]) -> str:
    """Return which words are offered no more and which are offered now."""
    before, after = [one.value for one in old], [one.value for one in new]
    came, went = [one for one in after if one not in before], [one for one in before if one not in after]
    said = [f"增加了{_quoted(came)}"] if came else []
    said += [f"删去了{_quoted(went)}"] if went else []
    return f"的选项{'，'.join(said)}" if said else "的选项改了先后或写法"


def _quoted(words: Sequence[str]) -> str:
    return "".join(f"“{word}”" for word in words)


def _hint(old: str, new: str) -> str:
    if not old:
        return f"增加了提示“{new}”"
    return f"的提示由“{old}”改为“{new}”" if new else f"删去了提示“{old}”"


def _required(field: Field) -> str:
    return {Required.NO: "可以不填", Required.ALWAYS: "必填", Required.IN_USE: "用到的行必填"}.get(
        field.required, "合条件的必填"
    )


def _computed(field: Field) -> str:
    return "由公式得出" if field.computed else "由单位填写"


def _shown(value: object) -> str:
    return "不限" if value is None else f" {value} "


def _of_rules(old: Form, new: Form) -> Iterator[Change]:
    """Yield rules that came, went or are other ones; one about the same with the same code is the same one, changed."""
    before, after = list(map(_rule, old.rules)), list(map(_rule, new.rules))
    went = [rule for rule in old.rules if _rule(rule) not in after]
    came = [rule for rule in new.rules if _rule(rule) not in before]
    for rule in went:
        successor = next((one for one in came if _about(one) == _about(rule)), None)
        name = _called(old, rule)
        if successor is None:
            yield Change(Part.RULE, Kind.REMOVED, name, message=f"不再审核：{name}")
            continue
        came.remove(successor)
        now = _called(new, successor)
        message = f"审核规则由“{name}”改为“{now}”" if name != now else f"审核规则“{name}”的内容改了"
        yield Change(Part.RULE, Kind.CHANGED, now, name, now, message=message)
    for rule in came:
        name = _called(new, rule)
        yield Change(Part.RULE, Kind.ADDED, name, message=f"增加审核：{name}")


def _rule(rule: FormRule) -> tuple[object, ...]:
    """Return all that a rule is, but the line on which it stands."""
    return tuple(getattr(rule, name) for name in rule.__struct_fields__ if name != "line")


def _about(rule: FormRule) -> tuple[str, str]:
    return rule.code, rule.over or rule.each or rule.at


def _called(form: Form, rule: FormRule) -> str:
    """Return what a rule is called: its code, what must hold or what its code is about, and of what."""
    where = rule.over or rule.each or rule.at
    place = form.groups.get(where, "") or (form.fields[where].label if where in form.fields else "")
    own = form.codes.get(rule.code)
    title = own.title if own is not None else CATALOG[rule.code].title if rule.code in CATALOG else ""
    said = rule.want or title
    return f"{rule.code} {said}{_in_brackets(place) if not rule.want else ''}".strip()
