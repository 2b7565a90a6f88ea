"""What the page holds in the places that its skeleton names (``page_main.html``): counts, choices, charts, tables.

Rows come from ``reporting.rows``; whatever was typed is escaped, kept on one line and cut to a length that can be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from msgspec import Struct

from perfxl.model.finding import Severity
from perfxl.reporting.cells import figure, status, text, word
from perfxl.reporting.chart import Bar, Chart, grade_chart, rule_chart
from perfxl.reporting.contents import Contents, Tile, groups
from perfxl.reporting.digest import RuleLine, Scores, lead
from perfxl.reporting.overview import Standing
from perfxl.reporting.rows import Rows

Section: TypeAlias = str | Iterable[str]
"""A part of the page, whole or piece by piece."""
_OPEN = 40
"""Units up to which their table is open from the beginning."""
_PARTLY = (
    '<p class="note partly">这批文件多，各表先显示一部分，往下翻接着显示。要找什么，请用上面的查找框；'
    "浏览器的查找（Ctrl+F）只找得到已经显示的。</p>"
)


class Marks(Struct, frozen=True):
    """What stands around parts that the page's script shows bit by bit, nothing where all is shown."""

    fold: str = ""
    unfold: str = ""
    hold: str = ""
    unhold: str = ""


def sections(contents: Contents, rows: Rows, marks: Marks) -> Mapping[str, Section]:
    """Return the parts of the page by the names that its skeleton has for them."""
    overview, told = contents.overview, contents.digest
    return {
        "lead": text(lead(overview, told.standings)),
        "kinds": _kinds(contents),
        "tiles": "".join(_group(name, tiles) for name, tiles in groups(overview, told)),
        "standing_options": _standing_options(contents),
        "kind_options": _kind_options(contents),
        "rule_options": "".join(
            f'<option value="{text(rule.code)}">{text(rule.code)} {text(rule.title)}</option>'
            for rule in sorted(told.rules, key=lambda rule: rule.code.lower())
        ),
        "unit_options": rows.options(),
        "partly": _PARTLY if marks.fold else "",
        "todo": _todo(contents, rows, marks),
        "figures": chain([_broken(told.rules)], map(_scores, told.scores, range(1, len(told.scores) + 1))),
        "open": " open" if len(overview.units) <= _OPEN else "",
        "unit_count": str(len(overview.units)),
        "no_roster": "" if overview.expected else "（没有名册，按交回的表统计）",
        "units": rows.units(),
        "return_count": str(len(overview.returns)),
        "returns": _returns(contents, rows, marks) if overview.returns else "",
        "passed_over": _passed_over(overview.passed_over) if overview.passed_over else "",
        "rule_count": str(len(told.rules)),
        "rules": _rules(told.rules, rows),
        "chapter_count": str(len(contents.chapters)),
        "chapters": rows.chapters(),
        "fold": marks.fold,
        "unfold": marks.unfold,
    }


def _kinds(contents: Contents) -> str:
    kinds = "".join(
        f"<span>{text(title, 60)}{_in_brackets(when)} <b>{count}</b> 份</span>"
        for (title, when), count in contents.digest.kinds.items()
    )
    return f'<p class="kinds">{kinds}</p>\n' if kinds else ""


def _in_brackets(when: str) -> str:
    return f"（{text(when)}）" if when else ""


def _group(name: str, tiles: Iterable[Tile]) -> str:
    shown = "".join(
        f'<li><a class="tile {tile.style}" href="#{tile.target}" data-field="{tile.field}" data-value="{tile.value}">'
        f'<b>{tile.count}</b> <span><i aria-hidden="true">{tile.symbol}</i> {tile.word}</span></a></li>\n'
        for tile in tiles
    )
    return f'<div class="group" role="group" aria-label="{name}">\n<p>{name}</p>\n<ul>\n{shown}</ul>\n</div>\n'


def _standing_options(contents: Contents) -> str:
    expected = contents.overview.expected
    shown = [standing for standing in Standing if expected or standing is not Standing.MISSING]
    returned = '<option value="returned">已报</option>' if expected else ""
    return returned + "".join(f'<option value="{each.value}">{word(each)}</option>' for each in shown)


def _kind_options(contents: Contents) -> str:
    kinds = ((title, text(when.replace("年度", ""))) for title, when in contents.digest.kinds)
    return "".join(
        f'<option value="{number}">{text(title, 30)}{f" {when}" if when else ""}</option>'
        for number, (title, when) in enumerate(kinds)
    )


def _todo(contents: Contents, rows: Rows, marks: Marks) -> Iterator[str]:
    """Yield what there is to do: units to be asked, files to be sent anew, returns to be corrected."""
    overview, count, missing = contents.overview, contents.digest.standings, contents.missing
    if not overview.returns:
        yield "<p>没有收到文件。</p>"
    if overview.expected and not missing:
        yield _all_well("名册上的单位都已报送。")
    if missing:
        yield f'<h3>{status(Standing.MISSING)} {missing} 家，请催报</h3>\n<ul class="chips">'
        yield from rows.missing()
        yield "</ul>\n"
    if unreadable := count.get(Standing.UNREADABLE, 0):
        yield f'<h3>{status(Standing.UNREADABLE)} {unreadable} 份，请另交文件</h3>\n<ul class="plain">'
        yield from rows.unreadable()
        yield "</ul>\n"
    if rejected := count.get(Standing.REJECTED, 0):
        yield (
            f"<h3>{status(Standing.REJECTED)} {rejected} 份，请把标注件发回改正</h3>\n{marks.fold}"
            '<table class="grid">\n<thead><tr><th scope="col">单位</th><th scope="col">要改正的</th>'
            '<th scope="col" class="n">错误</th><th scope="col" class="links">打开</th></tr></thead>\n'
            '<tbody class="rows">\n'
        )
        yield from rows.rejected()
        yield f"</tbody>\n</table>{marks.unfold}\n"
    elif overview.returns:
        yield _all_well("没有要退回的。") + "\n"


def _all_well(said: str) -> str:
    return f'<p class="fine"><i aria-hidden="true">√</i> {said}</p>'


def _broken(rules: tuple[RuleLine, ...]) -> str:
    """Return the chart of the rules that were broken most often."""
    bars, title = rule_chart(rules), "审核意见最多的规则"
    if not bars.bars:
        return _all_well("没有错误和警告。") + "\n"
    rest = f'<p class="note">另有 {bars.rest} 条规则，见<a href="#rules">按规则看意见</a>。</p>' if bars.rest else ""
    return (
        f'<figure>\n<figcaption>{title} <span class="legend"><span class="key error"></span>错误 '
        f'<span class="key warning"></span>警告</span></figcaption>\n{_chart(bars, "bars", title)}\n{rest}</figure>\n'
    )


def _scores(scores: Scores, number: int) -> str:
    """Return the chart of the grades of one form and period."""
    highest, lowest = text(figure(scores.highest)), text(figure(scores.lowest))
    return (
        f"<figure>\n<figcaption>得分等次：{text(scores.title, 60)}{_in_brackets(scores.when)}</figcaption>\n"
        f"{_chart(grade_chart(scores), f'grades{number}', '得分等次')}\n"
        f'<p class="note">{scores.total} 份有总分：平均 {text(figure(scores.mean))}，最高 {highest}，最低 {lowest}。</p>\n'
        "</figure>\n"
    )


def _chart(drawn: Chart, name: str, title: str) -> str:
    width, height = drawn.width, drawn.height
    told = "".join(f"{_told(bar)}。" for bar in drawn.bars)
    bars = "".join(_bar(bar, drawn.label) for bar in drawn.bars)
    return (
        f'<svg role="img" aria-labelledby="{name}-title {name}-text" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}">\n<title id="{name}-title">{title}</title>\n'
        f'<desc id="{name}-text">{told}</desc>\n{bars}</svg>'
    )


def _told(bar: Bar) -> str:
    return f"{text(bar.name)}（{text(bar.note)}）：{text(bar.text)}"


def _bar(bar: Bar, label: int) -> str:
    pieces = "".join(
        f'<rect class="{piece.style}" x="{piece.x}" y="{bar.y + 2}" width="{piece.width}" height="17"/>'
        for piece in bar.pieces
    )
    return (
        f'<g><title>{_told(bar)}</title><text x="{label}" y="{bar.y + 15}" text-anchor="end">{text(bar.name)} '
        f'<tspan class="note">{text(bar.note)}</tspan></text>{pieces}'
        f'<text class="note" x="{bar.end + 7}" y="{bar.y + 15}">{text(bar.text)}</text></g>\n'
    )


def _returns(contents: Contents, rows: Rows, marks: Marks) -> Iterator[str]:
    """Yield the table of the files that were received."""
    scores = '<th scope="col" class="n">得分</th><th scope="col">等次</th>' if contents.digest.scores else ""
    yield (
        f'{marks.hold}<table class="grid sortable" data-kind="return">\n<thead><tr><th scope="col">状态</th>'
        '<th scope="col">单位</th><th scope="col">表式</th><th scope="col">文件</th><th scope="col" class="n">错误</th>'
        f'<th scope="col" class="n">警告</th><th scope="col" class="n">提示</th>{scores}'
        '<th scope="col">保存时间</th><th scope="col" class="links">打开</th></tr></thead>\n'
        '<tbody class="rows" data-count="份">\n'
    )
    yield from rows.returns()
    yield f"</tbody>\n</table>{marks.unhold}\n"


def _passed_over(said: Iterable[str]) -> str:
    lines = [f"<li>{text(each, 200)}</li>" for each in said]
    listed = "".join(lines)
    return f'<details><summary>跳过的文件 {len(lines)} 个</summary><ul class="plain">{listed}</ul></details>\n'


def _rules(rules: tuple[RuleLine, ...], rows: Rows) -> Iterator[str]:
    """Yield each rule that was broken, with where."""
    if not rules:
        yield _all_well("没有审核意见。") + "\n"
    for rule in rules:
        found = [(severity, rule.counts[severity]) for severity in Severity if rule.counts[severity]]
        levels = "".join(f"{severity.value} " for severity, _ in found)
        counts = "".join(
            f'<span class="count lv-{severity.value}">{word(severity)} {count}</span> ' for severity, count in found
        )
        remedy = f'<p class="remedy"><b>怎么办</b>　{text(rule.remedy)}</p>' if rule.remedy else ""
        code = text(rule.code)
        yield (
            f'<details id="rule-{code}" data-code="{code}" data-levels="{levels}">\n'
            f'<summary><b class="code">{code}</b> <b>{text(rule.title)}</b> {counts}'
            f'<small>涉及 {len(rule.returns)} 份</small></summary>\n{remedy}<table class="grid">\n'
            '<thead><tr><th scope="col">单位</th><th scope="col" class="n">处数</th><th scope="col">位置</th></tr></thead>\n'
            '<tbody class="rows">\n'
        )
        yield from rows.rule(rule)
        yield "</tbody>\n</table>\n</details>\n"
