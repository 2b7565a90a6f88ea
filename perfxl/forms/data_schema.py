"""The JSON Schema (2020-12) of a form's ``data``: shape and types, not completeness."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from perfxl.model.field_type import Family
from perfxl.model.form import Field, Form
from perfxl.model.value import Kind, Op

Schema: TypeAlias = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_VALUE_KEYS: dict[Kind, tuple[str, ...]] = {
    Kind.NUMBER: ("op", "value", "unit"),
    Kind.RANGE: ("low", "high", "unit"),
    Kind.MONTHS: ("from", "to"),
    Kind.DATE: ("op", "date", "month"),
    Kind.FREQUENCY: ("times", "per"),
}
_VALUE_PROPERTIES: dict[str, Schema] = {
    "op": {"title": "比较符号", "enum": [*map(str, Op), None]},
    "value": {"title": "数值", "type": "number"},
    "unit": {"title": "单位", "type": "string"},
    "low": {"title": "下限", "type": "number"},
    "high": {"title": "上限", "type": "number"},
    "from": {"title": "起始月份", "type": "integer", "minimum": 1, "maximum": 12},
    "to": {"title": "截止月份", "type": "integer", "minimum": 1, "maximum": 12},
    "date": {"title": "日期", "type": "string", "pattern": r"^\d{4}-\d{2}(-\d{2})?$"},
    "month": {"title": "月份", "type": "integer", "minimum": 1, "maximum": 12},
    "times": {"title": "次数", "type": "number"},
    "per": {"title": "每", "type": "string"},
}


def schema(form: Form) -> Schema:
    """Return the JSON Schema of a form's data: titles are the printed labels, every property is there and may be null."""
    root = _object(form.title)
    for path, field in form.fields.items():
        if not field.hidden:
            _add(root, path.split("."), field, form, "")
    found: Schema = {"$schema": DIALECT, "$id": f"urn:perfxl:{form.id}:{form.version}", **root}
    if any(field.type.traits.family is Family.VALUE for field in form.fields.values()):
        found["$defs"] = {"indicator_value": _indicator_value()}
    return found


def _object(title: str) -> Schema:
    return {"title": title, "type": "object", "properties": {}, "required": [], "additionalProperties": False}


def _add(into: Schema, keys: Sequence[str], field: Field, form: Form, above: str) -> None:
    key, *rest = keys
    name = key.removesuffix("[]")
    path = f"{above}{name}"
    properties, required = into["properties"], into["required"]
    if not isinstance(properties, dict) or not isinstance(required, list):
        raise TypeError(into)
    if name not in properties:
        required.append(name)
        label = form.groups.get(path, name).split(" › ")[-1]
        if not rest:
            properties[name] = _field(field, form)
        elif key.endswith("[]"):
            properties[name] = {"title": label, "type": "array", "items": _object(f"{label}的一行")}
        else:
            properties[name] = _object(label)
    if not rest:
        return
    below = properties[name]
    if key.endswith("[]"):
        _add(below["items"], rest, field, form, f"{path}[].")
    else:
        _add(below, rest, field, form, f"{path}.")


def _field(field: Field, form: Form) -> Schema:
    found: Schema = {"title": field.parts[-1]}
    description = field.type.traits.description
    if description:
        found["description"] = description.format(money=form.money)
    if field.computed:
        found["readOnly"] = True
    return found | _type(field)


def _type(field: Field) -> Schema:
    match field.type.traits.family:
        case Family.NUMBER:
            return {"type": ["integer" if field.type.traits.whole else "number", "null"]}
        case Family.DATE:
            return {"type": ["string", "null"], "format": "date"}
        case Family.CHOICE if field.list:
            return {"type": ["string", "null"]}
        case Family.CHOICE:
            return {"enum": [*(choice.value for choice in field.choices), None]}
        case Family.TICK:
            return {"enum": [True, None]}
        case Family.VALUE:
            return {"anyOf": [{"$ref": "#/$defs/indicator_value"}, {"type": "null"}]}
        case Family.TEXT:
            return {"type": ["string", "null"]}


def _indicator_value() -> Schema:
    """An indicator value: the text as typed and what it says; which keys there are follows from its kind."""
    kinds = []
    for kind in Kind:
        keys = _VALUE_KEYS.get(kind, ())
        always = [key for key in keys if key not in {"unit", "date", "month"}]
        kinds.append(
            {
                "properties": {
                    "text": {"title": "填写的文字", "type": "string"},
                    "kind": {"const": str(kind)},
                    **{key: _VALUE_PROPERTIES[key] for key in keys},
                },
                "required": ["text", "kind", *always],
                "additionalProperties": False,
            }
        )
    return {"title": "指标值", "type": "object", "oneOf": kinds}
