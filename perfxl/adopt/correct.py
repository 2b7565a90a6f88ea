"""Corrections to a definition's text in its place: what a field is called, its type, whether it is needed.

Comments, order and spelling of all else stay as they are: only the words that change are replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import yaml
from msgspec import Struct

from perfxl.model.field_type import Type

_FIELD, _NAME, _TYPE, _REQUIRED = "field", "name", "type", "required"


class FieldEntry(Struct, frozen=True):
    """A place of a definition where a field stands: its data name, words, type, whether it must be filled in."""

    field: str
    name: str
    type: str
    required: str


def fields(text: str) -> tuple[FieldEntry, ...]:
    """Return the fields of a definition in the order in which they stand in it; none where it is no YAML."""
    return tuple(
        FieldEntry(*(entry.text(key) for key in (_FIELD, _NAME, _TYPE, _REQUIRED))) for entry in _entries(text)
    )


def corrected(text: str, corrections: Mapping[int, FieldEntry]) -> str:
    """Return a definition with corrections to its fields, by number as ``fields`` has them; the data name stays.

    A name that is "" is taken out: the field is called by the words of the sheet again.

    Raises ValueError for a type that there is not.
    """
    changes: list[tuple[int, int, str]] = []
    for number, entry in enumerate(_entries(text)):
        wanted = corrections.get(number)
        if wanted is None:
            continue
        now = {key: entry.text(key) for key in (_NAME, _TYPE, _REQUIRED)}
        said = {_NAME: json.dumps(wanted.name, ensure_ascii=False), _TYPE: Type(wanted.type or Type.TEXT).value}
        said[_REQUIRED] = wanted.required if wanted.required in {"true", "false"} else now[_REQUIRED]
        asked = {_NAME: wanted.name, _TYPE: wanted.type, _REQUIRED: wanted.required}
        if now[_NAME] and not wanted.name:
            changes.append((*entry.span(_NAME, text), ""))
        for key, value in asked.items():
            if value == now[key] or not value or (key == _REQUIRED and value == "false" and not now[key]):
                continue
            if key in entry.values:
                changes.append((entry.values[key].start_mark.index, entry.values[key].end_mark.index, said[key]))
            else:
                end = entry.values[_FIELD].end_mark.index
                changes.append((end, end, f", {key}: {said[key]}"))
    for start, end, new in sorted(changes, reverse=True):
        text = text[:start] + new + text[end:]
    return text


class _Entry(Struct, frozen=True):
    """A mapping in braces: the nodes of its keys and of its plain values, by key."""

    keys: Mapping[str, yaml.ScalarNode]
    values: Mapping[str, yaml.ScalarNode]

    def text(self, key: str) -> str:
        return self.values[key].value if key in self.values else ""

    def span(self, key: str, text: str) -> tuple[int, int]:
        """Return where a key with its value stands, and the comma that parts it from the others."""
        start, end = self.keys[key].start_mark.index, self.values[key].end_mark.index
        before = text[:start].rstrip()
        if before.endswith(","):
            return len(before) - 1, end
        after = text[end:].lstrip()
        return start, len(text) - len(after.removeprefix(",").lstrip())


def _entries(text: str) -> Iterator[_Entry]:
    """Yield the plain values of each mapping in braces that has a field."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError:
        return
    waiting: list[yaml.Node] = [] if root is None else [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, yaml.SequenceNode):
            waiting += reversed(node.value)
        elif isinstance(node, yaml.MappingNode):
            plain = [
                (key, value)
                for key, value in node.value
                if isinstance(key, yaml.ScalarNode) and isinstance(value, yaml.ScalarNode)
            ]
            values = {key.value: value for key, value in plain}
            if _FIELD in values and node.flow_style:
                yield _Entry({key.value: key for key, _ in plain}, values)
            waiting += reversed([value for _, value in node.value])
