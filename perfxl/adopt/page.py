"""adopt.html: the original next to what was understood of it, each guess with its reason and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from perfxl.adopt.adopting import AdoptedForm
from perfxl.adopt.grid import Kind, Spot, shown
from perfxl.adopt.guess import Guess, Sure

_KINDS = {
    Kind.LABEL: "印的字",
    Kind.CAPTION: "印的字里留有填写的位置",
    Kind.INPUT: "填写",
    Kind.COMPUTED: "由公式得出",
    Kind.FRAME: "空框，不填写",
    Kind.VOID: "不是表上的格",
}
_STYLE = """body { font: 14px/1.5 "Noto Sans SC", "Microsoft YaHei", sans-serif; margin: 1.5rem; color: #222; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
li { margin: .15rem 0; }
"""


def page(form: AdoptedForm, file: str) -> str:
    """Return the page of one adopted form; ``file`` is the workbook's name. It needs nothing but itself."""
    title = escape(form.form.title)
    looks = "".join(f"<li>{escape(line)}</li>" for line in looked_at(form))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}{_part("page.css")}</style>'
        "</head><body>"
        f"<h1>{title}</h1><p>工作簿“{escape(file)}”，工作表“{escape(form.sheet)}”，表样 {escape(form.id)}/form.yaml。"
        "一边是原表，一边是读出的内容；指着或点一格，下面说明推断的理由。</p>"
        f"<h2>请核对</h2><ul>{looks or '<li>没有要特别核对的地方</li>'}</ul>"
        f"{sides(form)}<script>{_part('page.js')}</script></body></html>\n"
    )


def sides(form: AdoptedForm) -> str:
    """Return the original and what was understood of it next to each other, as a part of a page.

    Its page has the style ``page.css`` and the script ``page.js`` of this room.
    """
    return (
        f'<p class="understood">{_key()}</p>'
        f'<div class="sheets"><div><h2>原表</h2>{_table(form, original=True)}</div>'
        f"<div><h2>读出的内容</h2>{_table(form, original=False)}</div></div>"
        '<div id="said" role="status" aria-live="polite">指着或点一格</div>'
    )


def _part(name: str) -> str:
    return files("perfxl.adopt").joinpath(name).read_text(encoding="utf-8")


def looked_at(form: AdoptedForm) -> list[str]:
    """Return what wants a look: remarks, guesses that are not sure, what was not read back to its place."""
    return [
        *(f"{remark.cell}　{remark.text}".strip("　") for remark in form.remarks),
        *(f"{cell}　当作{guess.what}：{guess.why}" for cell, guess in form.unsure),
        *(f"试填时读不回原处：{problem.message}" for problem in form.proof),
    ]


def _key() -> str:
    kinds = (Kind.LABEL, Kind.CAPTION, Kind.INPUT, Kind.COMPUTED, Kind.FRAME)
    shown_kinds = "".join(f'<span class="{kind.value}">{_KINDS[kind]}</span>' for kind in kinds)
    return f"{shown_kinds}黄线：较有把握；红框：请核对"


def _table(form: AdoptedForm, *, original: bool) -> str:
    grid = form.adopted.grid
    rows = []
    for row in range(1, grid.sheet.rows + 1):
        cells = "".join(_cells(form, row, original=original))
        rows.append(f"<tr>{cells}</tr>")
    return f'<table class="adopted">{"".join(rows)}</table>'


def _cells(form: AdoptedForm, row: int, *, original: bool) -> Iterator[str]:
    grid = form.adopted.grid
    known = {guess.path: guess for guess in form.adopted.guesses.values() if guess.path}
    for column in range(1, grid.sheet.columns + 1):
        spot = grid.at(row, column)
        if spot.place != (row, column):
            continue
        guess = form.adopted.guesses.get(spot.place) or known.get(form.adopted.paths.get(spot.place, ""))
        sure = guess.sure.value if guess is not None and guess.sure is not Sure.CERTAIN else ""
        span = f' rowspan="{spot.height}"' if spot.height > 1 else ""
        span += f' colspan="{spot.width}"' if spot.width > 1 else ""
        text = _original(spot) if original else _understood(spot, guess)
        asked = spot.kind is not Kind.INPUT or form.adopted.paths.get(spot.place)
        kind = spot.kind if asked else Kind.FRAME
        yield f'<td class="{kind.value} {sure}"{span} tabindex="0" data-said="{escape(_said(spot, kind, guess))}">{escape(text)}</td>'


def _original(spot: Spot) -> str:
    if spot.cell.formula:
        return f"={spot.cell.formula}"
    return spot.cell.text or (shown(spot.cell) if spot.cell.value is not None else "")


def _understood(spot: Spot, guess: Guess | None) -> str:
    """Return what a cell was taken for: printed text as it is, a value by what it is."""
    if spot.kind is Kind.CAPTION and spot.caption is not None:
        return f"{spot.caption.text}〔{guess.what if guess is not None else ''}〕"
    if spot.kind is Kind.LABEL:
        return spot.text
    if guess is not None and spot.kind is not Kind.FRAME:
        return f"〔{guess.what}〕"
    return ""


def _said(spot: Spot, kind: Kind, guess: Guess | None) -> str:
    where = f"{spot.cell.box.name}：{_KINDS[kind]}"
    if spot.typed:
        where += "；原来的内容当作填报的内容，没有印"
    if guess is None:
        return where
    return f"{where}；当作{guess.what}（{guess.sure.chinese}：{guess.why}）"
