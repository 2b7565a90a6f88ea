"""The JSON Schema (2020-12) of the definition language itself, so that an editor completes and checks form.yaml.

It is made from the structs of perfxl.forms.definition.language. What two keys have to do with each other, what a formula reads
and what Excel allows is for the loader to say: every definition that it takes is valid here.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

from perfxl.forms.definition.decode import keys
from perfxl.forms.definition.glossary import CONSTRUCTS, LOOKS, ONLY, PAPERS, PRINTED, SEVERITIES, SPANS, STAGES, TYPES
from perfxl.forms.definition.language import Asked, At, Corner, FontSpec, FormSpec, Length, TableBand
from perfxl.model.carry import Only, YearSpan
from perfxl.model.field_type import Type
from perfxl.model.finding import Severity
from perfxl.model.form import Look, Paper

Schema: typing.TypeAlias = dict[str, typing.Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

_WORDS: Mapping[type[StrEnum], Mapping[typing.Any, str]] = {
    Type: TYPES,
    Look: LOOKS,
    Paper: PAPERS,
    Severity: SEVERITIES,
    YearSpan: SPANS,
    Only: ONLY,
}
# The loader reads every value as it is typed, so that 2023 and "2023", 10 and 10% are equally right.
_WORD: Schema = {"type": ["string", "number", "boolean", "null"]}
_NUMBER: Schema = {"type": ["number", "string"], "pattern": r"^-?\d{1,15}(\.\d{1,9})?%?$"}
_WHOLE: Schema = {"type": ["integer", "string"], "minimum": 0, "pattern": r"^\d{1,9}$"}
_CELL: Schema = {"type": "string", "pattern": "^[A-Z]{1,3}[1-9][0-9]{0,6}$"}
_LENGTH: Schema = {"type": ["integer", "string"], "minimum": 1, "pattern": r"^(=\d{1,5}|\d{1,5}(-\d{0,5})?)$"}
_COLUMNS: Schema = {"type": "string", "pattern": "^[A-Z]{1,3}(:[A-Z]{1,3})?$"}
_SCALARS: Mapping[type, Schema] = {
    str: _WORD,
    bool: {"enum": [True, False, "true", "false"]},
    int: _WHOLE,
    Decimal: _NUMBER,
    At: _COLUMNS,
    Corner: _CELL,
    Asked: {"type": ["boolean", "string"]},
    Length: _LENGTH,
    FontSpec: {"type": ["string", "number"]},
}


def schema() -> Schema:
    """Return the schema of a form.yaml; that of a common.yaml is ``#/$defs/CommonSpec`` in it."""
    constructs = {construct.__name__: _construct(construct) for construct in CONSTRUCTS}
    return {
        "$schema": DIALECT,
        "title": "perfxl 表样（form.yaml）",
        "$ref": f"#/$defs/{FormSpec.__name__}",
        "$defs": constructs,
    }


def _construct(construct: type) -> Schema:
    entry = CONSTRUCTS[construct]
    known = keys(construct).values()
    found: Schema = {
        "title": entry.title,
        "description": entry.purpose,
        "type": "object",
        "properties": {key.name: {**_value(key.wanted), "description": entry.keys[key.name]} for key in known},
        "required": [key.name for key in known if key.required],
        "additionalProperties": False,
    }
    if construct is FormSpec:
        # A chain of the author's own has stages of its own; without one it is one of the usual ones.
        usual = [{"const": name, "title": text} for name, text in STAGES.items()]
        found["if"] = {"not": {"required": ["chain"]}}
        found["then"] = {"properties": {"stage": {"oneOf": usual}}}
    if construct is TableBand:
        row = {name: {**_WORD, "description": text} for name, text in PRINTED.items()}
        found["properties"]["printed"]["items"]["properties"] = row
    return found


def _value(wanted: typing.Any) -> Schema:
    """Return the schema of what may stand at a key, as perfxl.forms.definition.decode takes it."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in {typing.Union, types.UnionType}:
        options = [option for option in arguments if option is not types.NoneType]
        return _value(options[0]) if len(options) == 1 else _one_of(options)
    if origin is tuple:
        return {"type": "array", "items": _value(arguments[0])}
    if origin is dict:
        return {"type": "object", "additionalProperties": _value(arguments[1])}
    if wanted in CONSTRUCTS:
        return {"$ref": f"#/$defs/{wanted.__name__}"}
    return _scalar(wanted)


def _one_of(options: list[type]) -> Schema:
    """Return the schema of one of several constructs: the first key of each tells which is meant."""
    return {
        "type": "object",
        "oneOf": [{"$ref": f"#/$defs/{option.__name__}", "required": [next(iter(keys(option)))]} for option in options],
    }


def _scalar(wanted: type) -> Schema:
    if wanted in _SCALARS:
        return dict(_SCALARS[wanted])
    return {"oneOf": [{"const": str(member), "title": text} for member, text in _WORDS[wanted].items()]}
