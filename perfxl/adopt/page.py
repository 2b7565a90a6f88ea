"""adopt.html: the original next to what was understood of it, each guess with its reason and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from importlib.resources import files

from msgspec.structs import replace

from perfxl.adopt.adopting import AdoptedForm
from perfxl.adopt.grid import Kind, Spot, shown
from perfxl.adopt.guess import Guess, Sure
from perfxl.adopt.reasons import reason_of

_KINDS = {
    Kind.LABEL: "印的字",
    Kind.CAPTION: "印的字里留有填写的位置",
    Kind.INPUT: "填写",
    Kind.COMPUTED: "由公式得出",
    Kind.FRAME: "空框，不填写",
    Kind.VOID: "不是表上的格",
}
_USUAL_WIDTH = 8.4
_PIXELS = 0.9
"""Of a point of height, on this page."""
_LARGE = 14.0
"""Points from which letters are drawn larger."""
_STYLE = """body { font: 14px/1.5 "Noto Sans SC", "Microsoft YaHei", sans-serif; margin: 1.2rem; color: #222; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
ul { margin: .3rem 0; padding-left: 1.2rem; }
li { margin: .15rem 0; overflow-wrap: anywhere; }
li button { font: inherit; color: #1a4f8b; background: none; border: 0; padding: 0; text-decoration: underline; cursor: pointer; }
"""


def page(form: AdoptedForm, file: str) -> str:
    """Return the page of one adopted form; ``file`` is the workbook's name. It needs nothing but itself."""
    title = escape(form.form.title)
    looks = "".join(_look(cell, text) for cell, text in _looks(form))
    return (
        '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{title}</title><style>{_STYLE}{_part("page.css")}</style>'
        "</head><body>"
        f"<h1>{title}</h1><p>工作簿“{escape(file)}”的工作表“{escape(form.sheet)}”，读出的表样是 {escape(form.id)}/form.yaml。"
        "点一格（或者把鼠标移到一格上），最下面说明这一格当作什么、为什么、有多大把握。</p>"
        f"<h2>请核对</h2>{f'<ul>{looks}</ul>' if looks else '<p>没有要特别核对的地方。</p>'}"
        f"{sides(form)}<script>{_part('page.js')}</script></body></html>\n"
    )


def _look(cell: str, text: str) -> str:
    """Return an item of what wants a look; its cell is a button that leads to it."""
    where = f'<button type="button" data-go="{escape(cell)}">{escape(cell)}</button>　' if cell else ""
    return f"<li>{where}{escape(text)}</li>"


def sides(form: AdoptedForm) -> str:
    """Return the original and what was understood of it next to each other, as a part of a page.

    Its page has the style ``page.css`` and the script ``page.js`` of this room.
    """
    return (
        f'<p class="understood">{_key()}</p>'
        f'<div class="sheets"><div><h2>原表</h2>{_table(form, original=True)}</div>'
        f"<div><h2>读出的内容</h2>{_table(form, original=False)}</div></div>"
        '<div id="said" role="status" aria-live="polite">点一格，这里说明当作什么、为什么</div>'
    )


def _part(name: str) -> str:
    return files("perfxl.adopt").joinpath(name).read_text(encoding="utf-8")


def looked_at(form: AdoptedForm) -> list[str]:
    """Return what wants a look: remarks, guesses that are not sure, what was not read back to its place."""
    return [f"{cell}　{text}".strip("　") for cell, text in _looks(form)]


def _looks(form: AdoptedForm) -> list[tuple[str, str]]:
    """Return what wants a look with its cell, "" for what is about the whole sheet."""
    return [
        *_doubtful(form),
        *((remark.cell, remark.text) for remark in form.remarks),
        *((cell, f"当作{guess.what}：{guess.why}") for cell, guess in form.unsure),
        *(("", f"试填时读不回原处：{problem.message}") for problem in form.proof),
    ]


def _doubtful(form: AdoptedForm) -> Iterator[tuple[str, str]]:
    """Yield that a sheet is hardly a form: most of what would be filled in is not read back."""
    count = sum(1 for field in form.form.fields.values() if not field.computed)
    if 2 * len(form.proof) > count:
        yield "", f"多半不是要填报的表：{count} 项里有 {len(form.proof)} 处试填以后读不回原处，没有印的字说明填的是什么"


def _key() -> str:
    kinds = (Kind.LABEL, Kind.CAPTION, Kind.INPUT, Kind.COMPUTED, Kind.FRAME)
    shown_kinds = "".join(f'<span class="{kind.value}">{_KINDS[kind]}</span>' for kind in kinds)
    return f'{shown_kinds}<span class="likely">较有把握</span><span class="unsure">请核对</span>'


def _table(form: AdoptedForm, *, original: bool) -> str:
    sheet = form.adopted.grid.sheet
    widths = [sheet.widths.get(column, _USUAL_WIDTH) for column in range(1, sheet.columns + 1)]
    columns = "".join(f'<col width="{100 * width / sum(widths):.1f}%">' for width in widths)
    rows = []
    for row in range(1, sheet.rows + 1):
        points = sheet.heights.get(row)
        height = f' height="{points * _PIXELS:.0f}"' if points is not None else ""
        rows.append(f"<tr{height}>{''.join(_cells(form, row, original=original))}</tr>")
    return f'<div class="drawn"><table class="adopted"><colgroup>{columns}</colgroup><tbody>{"".join(rows)}</tbody></table></div>'


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
        kind = _kind(form, spot)
        text = _original(spot) if original else _understood(form, spot, kind, guess)
        stands = (
            {"left": "left", "right": "right", "center": ""}.get(spot.cell.style.align, "left") if spot.text else ""
        )
        classes = " ".join(filter(None, (kind.value, sure, stands, *_letters(spot))))
        said = escape(_said(form, spot, kind, guess))
        name = spot.cell.box.name
        yield f'<td class="{classes}"{span} tabindex="0" data-cell="{name}" data-said="{said}">{escape(text)}</td>'


def _letters(spot: Spot) -> Iterator[str]:
    """Yield how the letters of a cell are drawn where they are not as most."""
    if spot.cell.style.bold:
        yield "bold"
    if spot.cell.style.size >= _LARGE:
        yield "large"


def _kind(form: AdoptedForm, spot: Spot) -> Kind:
    """Return what a cell turned out to be for: a blank box that no value came of is a frame, several places a caption."""
    if spot.kind is Kind.INPUT and not form.adopted.paths.get(spot.place):
        return Kind.FRAME
    return Kind.CAPTION if form.adopted.grid.places(spot) else spot.kind


def _original(spot: Spot) -> str:
    if spot.cell.formula:
        return "（公式）"
    return spot.cell.text or (shown(spot.cell) if spot.cell.value is not None else "")


def _understood(form: AdoptedForm, spot: Spot, kind: Kind, guess: Guess | None) -> str:
    """Return what a cell was taken for: printed text as it is, a value by what it is."""
    places = form.adopted.grid.places(spot)
    if places:
        return "　".join(f"{place.text}〔{place.type.traits.chinese}〕" for place in places)
    if kind is Kind.CAPTION and spot.caption is not None:
        return f"{spot.caption.text}〔{guess.what if guess is not None else ''}〕"
    if kind is Kind.LABEL:
        return spot.text
    return f"〔{guess.what}〕" if guess is not None and kind is not Kind.FRAME else ""


def _said(form: AdoptedForm, spot: Spot, kind: Kind, guess: Guess | None) -> str:
    """Return what is said of a cell that is pointed at: what it is for and why, what is filled in and why, its name."""
    where = f"{spot.cell.box.name}：{_KINDS[kind]}"
    if kind is Kind.FRAME and guess is not None:
        return f"{where}（{guess.sure.chinese}：{guess.why}）"
    reason = reason_of(form.adopted.grid, replace(spot, kind=kind))
    said = f"{where}（{reason.sure.chinese}：{reason.why}）" if kind in _DOUBTED else f"{where}（{reason.why}）"
    if spot.cell.formula:
        said += f"。原表的公式：={spot.cell.formula}"
    if guess is None:
        return said
    said += f"。当作{guess.what}（{guess.sure.chinese}：{guess.why}）"
    return f"{said}。数据名称 {guess.path}" if guess.path else said


_DOUBTED = {Kind.INPUT, Kind.FRAME}
"""What a sheet without locks does not say by itself."""
