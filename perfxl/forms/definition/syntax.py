"""From YAML text to nodes: as much of YAML as definitions need, and its mistakes in an author's words.

Left out is what an author would write by accident or could do harm with: anchors, aliases and merge keys (a page of
them can stand for gigabytes, or for itself), tags (``label: !重要`` would be an empty text), a second document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NoReturn, Protocol, TypeAlias

import yaml
from msgspec import Struct
from yaml.reader import Reader

from perfxl.forms.definition.problem import Place, Problems

DEEPEST = 60
"""Levels of lists and mappings inside each other; a form in use has at most 20."""

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_UNPRINTABLE: re.Pattern[str] = Reader.NON_PRINTABLE
_QUOTE = "整段文字加上引号"
_FORMULA = '整段算式加上引号，如 formula: "ROUND(甲 / 乙, 6)"'
_BARE = re.compile(r"(?<![a-z_])([a-z_]+): +(?=[^\s\"'{\[])", re.ASCII)
"""A key with a value that has no quotes."""
_NAME = re.compile(r"[a-z_]+", re.ASCII)


class Word(Struct, frozen=True):
    """A single value as it was typed, quotes taken off."""

    place: Place
    text: str


class Items(Struct, frozen=True):
    """A list."""

    place: Place
    items: tuple[Node, ...]


class Pairs(Struct, frozen=True):
    """A mapping, in the order of the text; a key may come twice and be anything."""

    place: Place
    pairs: tuple[tuple[Node, Node], ...]


Node: TypeAlias = Word | Items | Pairs


def compose(text: str, problems: Problems) -> Node | None:
    """Parse YAML into nodes; a mistake in its writing becomes a problem and gives None."""
    strange = _UNPRINTABLE.search(text)
    if strange:
        before = text[: strange.start()]
        at = Place(before.count("\n") + 1, strange.start() - before.rfind("\n"))
        problems.add(at, "这里有一个不可见的控制字符", "删去这个字符")
        return None
    try:
        node = _Composer(problems).compose(yaml.parse(text, Loader=_LOADER))
    except yaml.MarkedYAMLError as error:
        _explain(error, text.split("\n"), problems)
        return None
    except _GivenUpError:
        return None
    if node is None:
        problems.add(Place(), "文件是空的", "参照已有的表样填写")
    return node


class _GivenUpError(Exception):
    """Nothing more can be said about a text; the problem is noted."""


class _Composer:
    """Builds nodes from events without recursion. ``open`` holds each level not yet closed: its place, its nodes."""

    def __init__(self, problems: Problems) -> None:
        self.problems = problems
        self.open: list[tuple[Place, list[Node]]] = [(Place(), [])]
        self.flows: list[bool] = []
        """Of each level whether it is written in brackets."""
        self.absent: list[Word] = []
        """The values of keys behind which nothing stands."""

    def compose(self, events: Iterator[yaml.Event]) -> Node | None:
        documents = 0
        for event in events:
            at = _at(event.start_mark)
            match event:
                case yaml.DocumentStartEvent():
                    documents += 1
                    if documents > 1:
                        self.refuse(at, "一个文件里只能有一份内容", "删去 --- 这一行，或分成两个文件")
                case yaml.AliasEvent():
                    self.refuse(at, "这里不能用 * 引用别处的内容", f"照原样再写一遍；文字以 * 开头的，{_QUOTE}")
                case yaml.ScalarEvent():
                    self.check(event, at)
                    word = Word(at, event.value)
                    if _at(event.end_mark) == at:
                        self.absent.append(word)
                    self.add(word)
                case yaml.CollectionStartEvent():
                    self.check(event, at)
                    if len(self.open) > DEEPEST:
                        self.refuse(at, f"内容套得太深，超过 {DEEPEST} 层", "检查缩进和括号")
                    self.open.append((at, []))
                    self.flows.append(bool(event.flow_style))
                case yaml.SequenceEndEvent():
                    begun, inner = self.open.pop()
                    self.flows.pop()
                    self.add(Items(begun, tuple(inner)))
                case yaml.MappingEndEvent():
                    begun, inner = self.open.pop()
                    pairs = tuple(zip(inner[::2], inner[1::2], strict=True))
                    self.add(Pairs(begun, self.whole(pairs) if self.flows.pop() else pairs))
                case _:
                    pass
        return next(iter(self.open[0][1]), None)

    def add(self, node: Node) -> None:
        self.open[-1][1].append(node)

    def whole(self, pairs: tuple[tuple[Node, Node], ...]) -> tuple[tuple[Node, Node], ...]:
        """Return the pairs of a mapping without a text that a comma cut in pieces: ``{formula: ROUND(a / b, 6)}``.

        What stands behind the comma looks like a key without a value.
        """
        for number, ((name, value), (piece, nothing)) in enumerate(pairwise(pairs)):
            match name, value, piece, nothing:
                case Word(_, key), Word(at, text), Word(_, rest), Word() if any(nothing is one for one in self.absent):
                    cut = text.count("(") > text.count(")")
                    if cut or not _NAME.fullmatch(rest):
                        self.problems.add(at, f"“{text}, {rest}”里有逗号，没有加引号", _remedy(key))
                        self.problems.incomplete = True
                        return pairs[:number]
                case _:
                    pass
        return pairs

    def check(self, event: yaml.ScalarEvent | yaml.CollectionStartEvent, at: Place) -> None:
        """Report an anchor or a tag; the rest can still be read."""
        if event.anchor is not None:
            self.problems.add(at, f"这里不能用 &{event.anchor} 起名", f"删去；文字以 & 开头的，{_QUOTE}")
        if event.tag is not None:
            self.problems.add(at, "文字不能以英文感叹号开头", _QUOTE)

    def refuse(self, at: Place, message: str, remedy: str) -> NoReturn:
        self.problems.add(at, message, remedy)
        raise _GivenUpError


def _at(mark: _Mark | None) -> Place:
    return Place() if mark is None else Place(mark.line + 1, mark.column + 1)


class _Mark(Protocol):
    """A place of libyaml's or of PyYAML's own, counted from 0."""

    line: int
    column: int


def _line(lines: Sequence[str], at: Place) -> str:
    return lines[at.line - 1] if at.line <= len(lines) else ""


def _sign(lines: Sequence[str], at: Place) -> str:
    return _line(lines, at)[at.column - 1 : at.column]


def _remedy(key: str) -> str:
    return _FORMULA if key in {"formula", "must"} else _QUOTE


def _explain(error: yaml.MarkedYAMLError, lines: Sequence[str], problems: Problems) -> None:
    """Note what is probably wrong where YAML cannot be read."""
    at, began = _at(error.problem_mark or error.context_mark), _at(error.context_mark)
    context, problem = str(error.context), str(error.problem)
    line, sign, opening = _line(lines, at), _sign(lines, at), _sign(lines, began)
    if "\t" in line[: at.column] and not line[: at.column].strip():
        problems.add(at, "缩进里有制表符（Tab）", "缩进只用空格，同一层的各行对齐")
    elif any(name in context for name in ("anchor", "alias", "tag")):
        problems.add(began, f"文字不能以“{opening}”开头", _QUOTE)
    elif "quoted scalar" in context:
        problems.add(began, "从这里开始的引号没有配对，或引号里有不能用的反斜杠 \\", "补上引号；双引号里换行写 \\n")
    elif "flow" in context:
        opened = f"第 {began.line} 行的“{opening}”" if began.line < at.line and line.strip() else f"“{opening}”"
        remedy = f"检查括号是否成对，各项之间用半角逗号隔开；文字里有冒号、逗号或括号的，{_QUOTE}"
        bare = [found for found in _BARE.finditer(line) if found.end() < at.column]
        if bare and opening == "{" and "," not in line[bare[-1].end() : at.column]:
            problems.add(at, f"花括号里 {bare[-1][1]} 后面的内容没有加引号", _remedy(bare[-1][1]))
            return
        # Where the bracket is never closed, the end of the file is no help.
        problems.add(at if line.strip() else began, f"{opened}后面的内容读不下去", remedy)
    elif "mapping values are not allowed" in problem:
        remedy = f"冒号用半角，后面空一格；同一层的各行左边对齐；文字里有冒号的，{_QUOTE}"
        problems.add(at, "这里不该有冒号，也可能是上一行少了冒号或冒号后的空格", remedy)
    elif "block" in context or "simple key" in context:
        remedy = "同一层的各行左边对齐；每项写成“名称: 内容”，冒号用半角，后面空一格"
        problems.add(at, "这一行与上面对不齐，或缺少冒号", remedy)
    elif "cannot start" in problem:
        problems.add(at, f"文字不能以“{sign}”开头", _QUOTE)
    else:
        problems.add(at, "YAML 写法有误，读不下去", "检查这一行及上一行的缩进、冒号后的空格、引号和括号是否成对")
