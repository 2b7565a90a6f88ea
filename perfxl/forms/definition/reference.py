"""The reference of the definition language: docs/form.schema.json, and the tables in docs/authoring.md.

``python -m perfxl.forms.definition.reference`` writes both below the current folder; with ``--check`` it writes nothing and fails
when one of them is not what the language gives. The page is prose with places for tables: ``<!-- 表 CellSpec -->`` to
``<!-- 表完 -->``.
"""

from __future__ import annotations

import json
import re
import sys
import types
import typing
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum
from pathlib import Path

from perfxl.expr.check import SIGNATURES
from perfxl.forms.definition import glossary
from perfxl.forms.definition.decode import keys
from perfxl.forms.definition.json_schema import schema
from perfxl.forms.definition.language import Asked, At, Corner, FontSpec, Length

SCHEMA = Path("docs/form.schema.json")
PAGE = Path("docs/authoring.md")

_PLACE = re.compile(r"(<!-- 表 (\w+) -->\n)(?:(?!<!-- 表 ).)*?(<!-- 表完 -->)", re.DOTALL)
_SCALARS: Mapping[type, str] = {
    str: "文字",
    bool: "true 或 false",
    int: "整数",
    Decimal: "数",
    At: "列",
    Asked: "true、false 或算式",
    Corner: "单元格",
    Length: "字数",
    FontSpec: "字体",
}
_ENUMS: Mapping[str, tuple[str, Mapping[typing.Any, str]]] = {
    "Type": ("type", glossary.TYPES),
    "Stage": ("stage", glossary.STAGES),
    "Look": ("look", glossary.LOOKS),
    "Severity": ("severity", glossary.SEVERITIES),
    "Printed": ("printed 里另可写", glossary.PRINTED),
}


def page(text: str) -> str:
    """Return the page with its tables made anew. Raises KeyError for a table that there is not."""
    tables = dict(_tables())
    return _PLACE.sub(lambda found: f"{found[1]}\n{tables[found[2]]}\n{found[3]}", text)


def written_schema() -> str:
    """Return docs/form.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _tables() -> Iterator[tuple[str, str]]:
    for construct, entry in glossary.CONSTRUCTS.items():
        yield construct.__name__, f"{entry.purpose}\n\n{_construct(construct, entry.keys)}"
    for name, (head, texts) in _ENUMS.items():
        yield name, _table((head, "含义"), ((f"`{member}`", text) for member, text in texts.items()))
    usages = ((f"`{SIGNATURES[function].usage}`", text) for function, text in glossary.FUNCTIONS.items())
    yield "Function", _table(("函数", "得出"), usages)


def _construct(construct: type, texts: Mapping[str, str]) -> str:
    rows = (
        (f"`{key.name}`", "是" if key.required else "", _kind(key.wanted), texts[key.name])
        for key in keys(construct).values()
    )
    return _table(("项", "必写", "写成", "说明"), rows)


def _kind(wanted: typing.Any) -> str:
    """Return in words what is written at a key."""
    origin, arguments = typing.get_origin(wanted), typing.get_args(wanted)
    if origin in {typing.Union, types.UnionType}:
        return "或".join(_kind(option) for option in arguments if option is not types.NoneType)
    if origin is tuple:
        inner = arguments[0]
        return f"[{_kind(inner)}, …]" if inner in _SCALARS else f"清单：{_inner(inner)}"
    if origin is dict:
        return f"名称: {_kind(arguments[1])}"
    if wanted in glossary.CONSTRUCTS:
        return glossary.CONSTRUCTS[wanted].title
    return "、".join(wanted) if issubclass(wanted, StrEnum) and len(wanted) < 4 else _SCALARS.get(wanted, "见下表")


def _inner(wanted: typing.Any) -> str:
    options = typing.get_args(wanted)
    if len(options) > 3:
        return "各种内容"
    return _kind(wanted)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '&#124;') for cell in line)} |\n" for line in lines)


def main(arguments: Sequence[str]) -> int:
    """Write schema and page, or with ``--check`` compare them. Returns 0, 1 where stale, 2 for wrong usage."""
    if list(arguments) not in ([], ["--check"]):
        sys.stderr.write("usage: python -m perfxl.forms.definition.reference [--check]\n")
        return 2
    old = PAGE.read_text(encoding="utf-8") if PAGE.is_file() else ""
    stale = 0
    for path, text in ((SCHEMA, written_schema()), (PAGE, page(old))):
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        if arguments:
            sys.stderr.write(
                f"{path.as_posix()} is stale: run python -m perfxl.forms.definition.reference and commit it\n"
            )
            stale = 1
        else:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
    return stale


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
