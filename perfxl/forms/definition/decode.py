"""Typed decoding of YAML nodes into frozen structs, with every mistake at its line.

A struct is a construct of the definition language: its fields are the keys, their types what may stand there, a
field without default must be given. Where a type is a union of constructs, the first key of each tells which is meant.
Ready-made decoders stop at the first mistake or know no lines; see docs/decisions.
"""

from __future__ import annotations

import difflib
import re
import types
import typing
from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import fields

from perfxl.forms.definition.problem import Place, Problems
from perfxl.forms.definition.syntax import Items, Node, Pairs, Word

_PLACE = "place"
"""The field of every construct that holds where it stands; no key."""

_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
_NUMBER = re.compile(r"(-?\d{1,15}(?:\.\d{1,9})?)(%?)", re.ASCII)


class Refused(Exception):  # noqa: N818 - it never leaves this room
    """A scalar that a type does not take; carries the message and the remedy."""

    def __init__(self, message: str, remedy: str = "") -> None:
        self.message = message
        self.remedy = remedy
        super().__init__(message)


class Scalar(Struct, frozen=True):
    """A type of the language that is written as one word; ``parse`` raises Refused."""

    @classmethod
    def parse(cls, text: str) -> typing.Self:
        raise NotImplementedError


class Key(typing.NamedTuple):
    """A key of a construct: the field that holds its value, what may stand there, whether it must be given."""

    name: str
    field: str
    wanted: typing.Any
    required: bool


@lru_cache(maxsize=64)
def keys(construct: type[Struct]) -> Mapping[str, Key]:
    """Return the keys that a construct knows, in order."""
    found = [Key(one.encode_name, one.name, one.type, one.required) for one in fields(construct) if one.name != _PLACE]
    return MappingProxyType({key.name: key for key in found})


class Decoder:
    """Decodes nodes into values of given types; what does not fit is added to ``problems`` and gives None."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems

    def decode(self, node: Node, wanted: typing.Any, what: str) -> typing.Any:
        """Return the value of ``node`` as ``wanted``, None where it does not fit. ``what`` names it in messages."""
        origin = typing.get_origin(wanted)
        if origin in {typing.Union, types.UnionType}:
            return self._union(node, [a for a in typing.get_args(wanted) if a is not type(None)], what)
        if origin is tuple:
            return self._list(node, typing.get_args(wanted)[0], what)
        if origin is dict:
            return self._mapping(node, typing.get_args(wanted)[1], what)
        if isinstance(wanted, type) and issubclass(wanted, Struct) and not issubclass(wanted, Scalar):
            return self._construct(node, wanted, what)
        return self._scalar(node, wanted, what)

    def _list(self, node: Node, item: typing.Any, what: str) -> tuple[typing.Any, ...] | None:
        if not isinstance(node, Items):
            self.problems.add(node.place, f"“{what}”要写成列表", "每项前加“- ”，或写成 [甲, 乙]")
            return None
        decoded = [self.decode(child, item, what) for child in node.items]
        self.problems.incomplete = self.problems.incomplete or None in decoded
        return tuple(value for value in decoded if value is not None)

    def _pairs(self, node: Pairs) -> dict[str, tuple[Node, Node]]:
        found: dict[str, tuple[Node, Node]] = {}
        for key, value in node.pairs:
            if not isinstance(key, Word):
                self.problems.add(key.place, "项目名称要写成一个词", "检查冒号左边")
            elif key.text in found:
                self.problems.add(key.place, f"“{key.text}”写了两次", "删去其中一个")
            else:
                found[key.text] = key, value
        return found

    def _mapping(self, node: Node, item: typing.Any, what: str) -> dict[str, typing.Any] | None:
        if not isinstance(node, Pairs):
            self.problems.add(node.place, f"“{what}”要写成“名称: 内容”的形式", "冒号用半角，后面空一格")
            return None
        decoded = {name: self.decode(value, item, name) for name, (_, value) in self._pairs(node).items()}
        self.problems.incomplete = self.problems.incomplete or None in decoded.values()
        return {name: value for name, value in decoded.items() if value is not None}

    def _union(self, node: Node, options: list[typing.Any], what: str) -> typing.Any:
        if len(options) == 1:
            return self.decode(node, options[0], what)
        if not isinstance(node, Pairs):
            self.problems.add(node.place, f"“{what}”里的每一项要写成“名称: 内容”的形式", "冒号用半角，后面空一格")
            return None
        given = set(self._pairs(node))
        tags = {tag: option for option in options for tag in [next(iter(keys(option)))]}
        for tag, option in tags.items():
            if tag in given:
                return self._construct(node, option, tag)
        known = "、".join(tags)
        guess = [g for word in given for g in difflib.get_close_matches(word, tags, 1)]
        remedy = f"是否想写 {guess[0]}" if guess else f"写明是哪一种：{known}"
        self.problems.add(node.place, f"“{what}”里有一项看不出是什么", remedy)
        return None

    def _construct(self, node: Node, cls: type[Struct], what: str) -> typing.Any:
        if not isinstance(node, Pairs):
            self.problems.add(node.place, f"“{what}”要写成“名称: 内容”的形式", f"可用的项：{'、'.join(keys(cls))}")
            return None
        pairs, known = self._pairs(node), keys(cls)
        for name in pairs.keys() - known.keys():
            guess = difflib.get_close_matches(name, known, 1)
            remedy = f"是否想写 {guess[0]}" if guess else f"可用的项：{'、'.join(known)}"
            self.problems.add(pairs[name][0].place, f"“{what}”里没有“{name}”这一项", remedy)
        at = Place(node.place.line, node.place.column, {key: _place(value) for key, (_, value) in pairs.items()})
        values: dict[str, typing.Any] = {_PLACE: at}
        for key in known.values():
            if key.name in pairs:
                self._value(pairs[key.name][1], key, values)
            elif key.required:
                self.problems.add(node.place, f"“{what}”缺少“{key.name}”", f"补上 {key.name}:")
        lost = [key for key in known.values() if key.required and key.field not in values]
        if any(key.wanted is not str for key in lost):
            self.problems.incomplete = True
            return None
        # Texts that are missing are left blank, so that the mistakes in the rest are still seen.
        return cls(**values, **{key.field: "" for key in lost})

    def _value(self, node: Node, key: Key, values: dict[str, typing.Any]) -> None:
        value = self.decode(node, key.wanted, key.name)
        if value is not None:
            values[key.field] = value
        if key.required and isinstance(value, str) and not value.strip():
            self.problems.add(node.place, f"“{key.name}”没有写内容", "写在冒号后面")

    def _scalar(self, node: Node, wanted: type, what: str) -> typing.Any:
        if not isinstance(node, Word):
            self.problems.add(node.place, f"“{what}”只能写一个值", "不要写成列表或下一级")
            return None
        try:
            return _convert(node.text, wanted, what)
        except Refused as refused:
            self.problems.add(node.place, refused.message, refused.remedy)
            return None


def _place(node: Node) -> Place:
    """Return where a value stands; that of a mapping knows where each of its values does."""
    if not isinstance(node, Pairs):
        return node.place
    inside = {key.text: value.place for key, value in node.pairs if isinstance(key, Word)}
    return Place(node.place.line, node.place.column, inside)


def _convert(text: str, wanted: type, what: str) -> typing.Any:
    """Return a scalar's text as a value of a type. Raises Refused."""
    if wanted is str:
        return text
    if wanted is bool:
        if text not in {"true", "false"}:
            raise Refused(f"“{what}”只能是 true 或 false，现在是“{text}”", "是写 true，否写 false")
        return text == "true"
    if wanted is int:
        if not _WHOLE.fullmatch(text):
            raise Refused(f"“{what}”要写整数，现在是“{text}”", "只写半角数字，不超过九位")
        return int(text)
    if wanted is Decimal:
        found = _NUMBER.fullmatch(text)
        if not found:
            raise Refused(f"“{what}”要写数字，现在是“{text}”", "只写半角数字、小数点和负号，或 10% 这样的百分数")
        return Decimal(found[1]) / 100 if found[2] else Decimal(found[1])
    if issubclass(wanted, StrEnum):
        offered = [str(member) for member in wanted]
        if text not in offered:
            guess = difflib.get_close_matches(text, offered, 1)
            raise Refused(f"“{what}”不能是“{text}”", f"是否想写 {guess[0]}" if guess else f"可选：{'、'.join(offered)}")
        return wanted(text)
    if issubclass(wanted, Scalar):
        return wanted.parse(text)
    raise TypeError(wanted)
