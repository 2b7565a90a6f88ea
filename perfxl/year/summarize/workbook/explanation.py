"""说明: what was added up, which sheet has what, by which rules, what was left out and why."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from xlsxwriter.worksheet import Worksheet

from perfxl.forms.layout.row_heights import height
from perfxl.ledger.indicators import LEAST_RETURNS
from perfxl.ledger.ledger import is_indicators
from perfxl.model.form import Page
from perfxl.model.roster import code_key, name_key
from perfxl.writer.lists.book import ListBook
from perfxl.writer.lists.looks import CellLook
from perfxl.writer.paper import set_paper
from perfxl.year.summarize.stock import Stock
from perfxl.year.summarize.workbook.names import CHARTS, COMPARISON, FINDINGS, RANKING, STATISTICS
from perfxl.year.summarize.workbook.plan import FormPlan, year_words

_WIDTHS = tuple(map(Decimal, (38, 10, 9, 9, 32, 32)))
_RULES = (
    "金额和个数（人数等）相加；占比、执行率等比率不相加，用加总后的数按表上的公式重新计算；分值、得分取平均。",
    "空白不作零：每个数取自几份，写在各汇总表的下面。",
    "指标值不相加成一个指标；同名三级指标有 {least} 份以上填了同一计量单位的数的，见“{statistics}”。",
    "汇总单位和它的下属单位不重复计算：下属单位已分别计入的，汇总那一份不计入；只有汇总的，计入汇总。",
    "同一单位、同一年度的同一张表（项目表还看项目名称）有几份的，只计入最后一份。",
    "等级按未取整的总分定：90 分以上为优，80 分以上为良，60 分以上为中，不到 60 分为差。",
    "各汇总表、排名、图表里的数都是公式，改动明细里的数，都会跟着变；数据透视表在“数据”选项卡按“全部刷新”后更新。",
)
_SHEETS = {
    STATISTICS: "同名指标的合计、平均、最小、最大",
    RANKING: "执行率、得分、等级的排名和分布",
    CHARTS: "资金、执行率、等级、得分、审核意见的图",
    FINDINGS: "审核意见，按规则、按单位、逐份逐条",
    COMPARISON: "两个年度的资金和指标，目标与完成",
}
_PIVOT = "数据透视表，旁边用公式核对"


def write_explanation(
    book: ListBook, sheet: Worksheet, plans: Sequence[FormPlan], names: Sequence[str], stock: Stock
) -> None:
    """Write the sheet; ``names`` are those of all others, in their order."""
    about = dict(_SHEETS)
    for plan in plans:
        about |= _described(plan)
    _Page(book, sheet).write(plans, [(name, about.get(name, _PIVOT)) for name in names], stock)


def _described(plan: FormPlan) -> dict[str, str]:
    """What is on a form's own sheets."""
    lists = {
        one.sheet: "每行一条指标，按单位排列" if is_indicators(one.table) else "每行一条，按单位排列"
        for one in plan.growing
    }
    official = dict.fromkeys(plan.officials, "按原表式样汇总")
    return {**official, plan.details.sheet: "每行一份，可以筛选，最后一行合计", **lists}


class _Page:
    def __init__(self, book: ListBook, sheet: Worksheet) -> None:
        self._book, self._sheet = book, sheet
        self._row = 1
        for number, width in enumerate(_WIDTHS):
            sheet.set_column(number, number, float(width))

    def write(self, plans: Sequence[FormPlan], sheets: Sequence[tuple[str, str]], stock: Stock) -> None:
        self._sheet.set_row(0, 30)
        self._sheet.write_string(0, 0, "汇总说明", self._book.look(CellLook.TITLE))
        units = {code_key(entry.unit.code or "") or name_key(entry.unit.name or "") for entry in stock.entries}
        years = sorted({one.period.year for one in stock.entries if one.period.year is not None}, reverse=True)
        spoken = "、".join(f"{year}" for year in years)
        self._row = 2
        self._note(f"计入 {len(stock.entries)} 份，{len(units)} 个单位" + (f"，{spoken} 年度。" if spoken else "。"))
        self._caption("一、计入的表")
        self._scope(plans, stock)
        self._caption("二、各工作表")
        for name, about in sheets:
            self._link(name, about)
        self._caption("三、怎样汇总")
        for number, text in enumerate(_RULES, start=1):
            self._note(f"{number}. {text.format(least=LEAST_RETURNS, statistics=STATISTICS)}")
        self._caption(f"四、没有计入的（{len(stock.left_out)} 项）")
        if not stock.left_out:
            self._note("没有。")
        for one in stock.left_out:
            self._pair(one.name, one.said)
        self._roster(stock)
        set_paper(self._sheet, Page(), 80)
        self._sheet.print_area(0, 0, self._row - 2, len(_WIDTHS) - 1)

    def _scope(self, plans: Sequence[FormPlan], stock: Stock) -> None:
        self._cells(("表式", "年度", "份数", "单位数", "汇总表", "明细"), CellLook.HEAD)
        for plan in plans:
            for period in plan.periods:
                entries = [one for one in stock.entries if (one.form, one.period) == (plan.form.id, period)]
                units = {code_key(one.unit.code or "") or name_key(one.unit.name or "") for one in entries}
                row = self._row
                named = f"{plan.form.title}（{plan.form.region}）" if plan.form.region else plan.form.title
                when = year_words(plan.form, period)
                self._cells((named, when, str(len(entries)), str(len(units)), "", ""), CellLook.MIDDLE)
                for column, name in ((4, plan.officials[0]), (5, plan.details.sheet)):
                    self._internal(row, column, name)

    def _roster(self, stock: Stock) -> None:
        if stock.missing:
            self._caption(f"五、名册上还没有可用结果的单位（{len(stock.missing)} 个）")
            for unit in stock.missing:
                self._pair(unit.name, unit.code or "")
        if stock.strangers:
            self._caption(f"{'六' if stock.missing else '五'}、计入了、但不在名册的单位（{len(stock.strangers)} 个）")
            for stranger in stock.strangers:
                self._pair(stranger.name or "", stranger.code or "")

    # -- lines ------------------------------------------------------------------------------------------------------

    def _caption(self, text: str) -> None:
        self._row += 1
        self._sheet.set_row(self._row - 1, 22)
        self._sheet.write_string(self._row - 1, 0, text, self._book.look(CellLook.CAPTION))
        self._row += 1

    def _note(self, text: str) -> None:
        self._merged(0, text, CellLook.NOTE)
        self._row += 1

    def _pair(self, name: str, said: str) -> None:
        self._sheet.write_string(self._row - 1, 0, name, self._book.look(CellLook.LABEL))
        self._merged(1, said, CellLook.LABEL, beside=name)
        self._row += 1

    def _link(self, name: str, about: str) -> None:
        self._internal(self._row, 0, name)
        self._merged(1, about, CellLook.LABEL, beside=name)
        self._row += 1

    def _internal(self, row: int, column: int, name: str) -> None:
        quoted = name.replace("'", "''")
        self._sheet.write_url(row - 1, column, f"internal:'{quoted}'!A1", self._book.look(CellLook.LINK), name)

    def _cells(self, texts: Sequence[str], look: CellLook) -> None:
        for column, text in enumerate(texts):
            self._sheet.write_string(self._row - 1, column, text, self._book.look(look))
        self._row += 1

    def _merged(self, first: int, text: str, look: CellLook, beside: str = "") -> None:
        last = len(_WIDTHS) - 1
        self._sheet.merge_range(self._row - 1, first, self._row - 1, last, "", self._book.look(look))
        self._sheet.write_string(self._row - 1, first, text, self._book.look(look))
        needed = max(height(text, (first + 1, last + 1), _WIDTHS), height(beside, (1, 1), _WIDTHS))
        self._sheet.set_row(self._row - 1, float(needed))
