"""The 汇总 workbook: its sheets in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from perfxl.ledger.facts import gather_facts
from perfxl.ledger.indicators import Weights, indicators, numbers_of
from perfxl.ledger.ledger import Ledger, is_indicators
from perfxl.model.form import Form
from perfxl.writer.lists.book import ListBook, lossless
from perfxl.year.summarize.stock import Stock
from perfxl.year.summarize.workbook.across import library, pivots
from perfxl.year.summarize.workbook.charts import write_charts
from perfxl.year.summarize.workbook.comparison import comparison_sheet, is_compared, pair_years
from perfxl.year.summarize.workbook.explanation import write_explanation
from perfxl.year.summarize.workbook.findings import findings_sheet, plan_findings
from perfxl.year.summarize.workbook.names import EXPLANATION, SheetNames
from perfxl.year.summarize.workbook.official import write_official
from perfxl.year.summarize.workbook.plan import FormPlan, Listing, plan_form
from perfxl.year.summarize.workbook.ranking import rank, ranking_sheet
from perfxl.year.summarize.workbook.rows import list_sheet
from perfxl.year.summarize.workbook.statistics import ListedIndicator, statistics_sheet


def write_workbook(stock: Stock, ledger: Ledger, forms: Mapping[str, Form], output: Path, file: BinaryIO) -> None:
    """Write the workbook of what counts to a file; ``output`` is where it will lie. Raises OSError, sqlite3.Error."""
    known = [forms[name] for name in stock.forms]
    names = SheetNames(known)
    plans = [plan_form(form, stock, ledger, names) for form in known]
    with lossless():
        book = ListBook("汇总")
        first = book.sheet(EXPLANATION)
        found: list[ListedIndicator] = []
        for plan in plans:
            found += _add_form(book, plan, names, ledger, stock, output, _last(found))
        _add_common(book, plans, found, ledger, stock, output)
        write_explanation(book, first, plans, book.names[1:], stock)
        book.write(file)


def _add_form(
    book: ListBook, plan: FormPlan, names: SheetNames, ledger: Ledger, stock: Stock, output: Path, before: int
) -> list[ListedIndicator]:
    """Add the sheets of a form; return the indicators on them that enough returns have, numbered after those before."""
    write_official(book, plan)
    book.list(list_sheet(plan, plan.details, ledger, stock, output, {}))
    found: list[ListedIndicator] = []
    for listing in plan.growing:
        own = _indicators(plan, listing, ledger, max(before, _last(found)))
        found += own
        book.list(list_sheet(plan, listing, ledger, stock, output, numbers_of([one.indicator for one in own])))
    for across in pivots(plan, ledger, names):
        book.list(across.sheet)
        book.pivot(across.pivot)
    return found


def _add_common(
    book: ListBook,
    plans: Sequence[FormPlan],
    found: Sequence[ListedIndicator],
    ledger: Ledger,
    stock: Stock,
    output: Path,
) -> None:
    """Add the sheets about all forms."""
    ranked, findings = rank(plans, ledger), plan_findings(ledger)
    book.list(statistics_sheet(found))
    book.list(ranking_sheet(ranked, ledger))
    write_charts(book, plans, ranked, findings, ledger)
    book.list(findings_sheet(findings, ledger, stock, output))
    compared = [plan for plan in plans if is_compared(plan)]
    libraries = {plan.form.id: own for plan in compared if (own := library(plan)) is not None}
    gather_facts(ledger, [(plan.form, libraries[plan.form.id].table) for plan in compared if plan.form.id in libraries])
    pairs = pair_years(plans, ledger)
    if pairs:
        book.list(comparison_sheet(pairs, libraries, ledger))


def _indicators(plan: FormPlan, listing: Listing, ledger: Ledger, before: int) -> list[ListedIndicator]:
    if not is_indicators(listing.table):
        return []
    own = ledger.tables[plan.form.id][0]
    budget = plan.traits.budget
    weights = Weights(own.name, own.column(budget).name) if budget else None
    blocks = [(block.period, block.keys) for block in listing.blocks]
    return [
        ListedIndicator(plan, listing, one) for one in indicators(ledger, listing.table, blocks, weights, before + 1)
    ]


def _last(found: Sequence[ListedIndicator]) -> int:
    return max((one.indicator.number for one in found), default=0)
