"""The catalogue for people: one rule explained, all on a page, docs/rules.md, and what only the import checks.

``python -m perfxl.reporting.rulebook`` writes docs/rules.md and the table in docs/selfcheck.md below the current folder; with
``--check`` it writes nothing and fails when one of them is not what the catalogue gives.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from itertools import groupby
from pathlib import Path

from perfxl.reporting.typeset import columns, padded, wrap
from perfxl.rules.catalog import CATALOG, Rule
from perfxl.rules.rule import LiveHalf, OnlyAtImport

PAGE, SELFCHECK = Path("docs/rules.md"), Path("docs/selfcheck.md")
_BEFORE, _AFTER = "<!-- 表 填报时 -->\n", "<!-- 表完 -->"
"""What stands around the table on docs/selfcheck.md."""

_WIDTH = 78
_PREFACE = """\
# 审核规则目录

<!-- 本页由程序生成，请勿手工修改：python -m perfxl.reporting.rulebook -->

每条审核意见都带有代码。代码固定不变，可以按代码在本页查找，也可以用命令 `perfxl rules 代码` 查看。

- **错误**：须退回改正。
- **警告**：不退回，由审核人员查看。
- **提示**：只作记录，一般不必处理。

列有几种级别的，视情形而定，第一种最常见。文中的界限是通用值，各表可以另行规定。某一格空白或不能识别时，用到它的规则不再审核，以免一处差错引出许多条意见。
"""


def severity_names(rule: Rule) -> str:
    """Return the severities of a rule as people read them: ``错误、警告``."""
    return "、".join(severity.chinese for severity in rule.severities)


def explain(rule: Rule) -> str:
    """Return one rule as plain text for a terminal of 80 columns: when it is raised, an example, what to do."""
    lines = [f"{rule.code} {rule.title}", f"{rule.group} · {severity_names(rule)}"]
    for head, text in _sections(rule):
        lines += ["", head, *(f"  {line}" for line in wrap(text, _WIDTH - 2))]
    return "\n".join(lines) + "\n"


def overview(rules: Iterable[Rule]) -> str:
    """Return a list of rules as plain text: code, severities and title, group by group."""
    listed = list(rules)
    room = max((columns(severity_names(rule)) for rule in listed), default=0)
    blocks = [
        "\n".join([group, *(f"  {rule.code}  {padded(severity_names(rule), room)}  {rule.title}" for rule in members)])
        for group, members in groupby(listed, lambda rule: rule.group)
    ]
    return "\n\n".join(blocks) + "\n"


def markdown(rules: Iterable[Rule]) -> str:
    """Return the page docs/rules.md: for each group a table of its codes, then each rule in full."""
    groups = [(group, list(members)) for group, members in groupby(rules, lambda rule: rule.group)]
    return "\n".join([_PREFACE, *(_chapter(group, members) for group, members in groups)])


def selfcheck(page: str, rules: Iterable[Rule]) -> str:
    """Return docs/selfcheck.md with its table of the named rules whose live half is none, or another than their check."""
    reasons: dict[tuple[str, str], list[str]] = {}
    for rule in rules:
        match rule.named and rule.named.live:
            case OnlyAtImport(because):
                reasons.setdefault(("没有", because), []).append(rule.code)
            case LiveHalf(_, unlike) if unlike:
                reasons.setdefault(("有出入", unlike), []).append(rule.code)
    rows = [f"| {'、'.join(codes)} | {state} | {reason} |\n" for (state, reason), codes in reasons.items()]
    head, before, rest = page.partition(_BEFORE)
    _, after, tail = rest.partition(_AFTER)
    return "".join([head, before, "| 代码 | 填报时 | 原因 |\n| --- | --- | --- |\n", *rows, after, tail])


def _chapter(group: str, rules: Sequence[Rule]) -> str:
    rows = [f"| [{rule.code}](#{rule.code.lower()}) | {rule.title} | {severity_names(rule)} |" for rule in rules]
    head = [f"## {group}", "", "| 代码 | 名称 | 级别 |", "| --- | --- | --- |", *rows, ""]
    return "\n".join(head + [line for rule in rules for line in _entry(rule)])


def _entry(rule: Rule) -> list[str]:
    # The anchor is set by hand: those that sites make out of Chinese headings differ from one to the other.
    head = [f'<a id="{rule.code.lower()}"></a>', "", f"### {rule.code} {rule.title}", ""]
    body = [f"- **{name}**：{text}" for name, text in [("级别", severity_names(rule)), *_sections(rule)]]
    return [*head, *body, ""]


def _sections(rule: Rule) -> tuple[tuple[str, str], ...]:
    told = ("何时出现", rule.meaning), ("举例", rule.example), ("怎么办", rule.remedy)
    return tuple((head, text) for head, text in told if text)


def main(arguments: Sequence[str]) -> int:
    """Write the pages, or with ``--check`` compare them. Returns 0, 1 where one is stale, 2 for wrong usage."""
    pages = {PAGE: markdown(CATALOG.values())}
    if SELFCHECK.is_file():
        pages[SELFCHECK] = selfcheck(SELFCHECK.read_text(encoding="utf-8"), CATALOG.values())
    match arguments:
        case []:
            for path, page in pages.items():
                path.parent.mkdir(exist_ok=True)
                path.write_text(page, encoding="utf-8", newline="\n")
            return 0
        case ["--check"]:
            stale = [path for path, page in pages.items() if not path.is_file() or path.read_text("utf-8") != page]
            for path in stale:
                sys.stderr.write(f"{path.as_posix()} is stale: run python -m perfxl.reporting.rulebook and commit it\n")
            return 1 if stale else 0
        case _:
            sys.stderr.write("usage: python -m perfxl.reporting.rulebook [--check]\n")
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
