"""The lists that are chosen from, on a hidden sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from perfxl.model import stamp
from perfxl.model.address import column_letter
from perfxl.model.code_list import CodeList, Listed
from perfxl.model.layout import Layout
from perfxl.writer.content import plain
from perfxl.writer.form_book import FormBook
from perfxl.writer.list_ranges import BETWEEN, Part, range_name


def write_lists(book: FormBook, layouts: Sequence[Layout]) -> None:
    """Write the lists of some forms, each once, onto a hidden sheet of their own, where there are any."""
    wanted = {
        range_name(one, layout.stamp.year, Part.OFFERED): (one, layout.stamp.year)
        for layout in layouts
        for one in layout.lists.values()
        if one.entries and not layout.issued
    }
    if not wanted:
        return
    sheet = book.add_worksheet(stamp.LISTS)
    for number, (listed, year) in enumerate(wanted.values()):
        # What ended stands below what is offered: a return may still hold it.
        entries = sorted(listed.entries, key=lambda entry: entry.ended(year))
        offered = sum(not entry.ended(year) for entry in entries)
        for at, (part, texts) in enumerate(_columns(entries), start=number * (len(Part) - 1)):
            sheet.write_string(0, at, stamp.LISTS)
            for row, text in enumerate(texts, start=1):
                if text:
                    sheet.write_string(row, at, plain(text))
            _name(book, listed, year, part, at, len(entries))
            if part is Part.CODE:
                _name(book, listed, year, Part.OFFERED, at, max(offered, 1))
    sheet.very_hidden()
    sheet.protect()


def _columns(entries: Sequence[Listed]) -> Iterator[tuple[Part, list[str]]]:
    yield Part.CODE, [entry.code for entry in entries]
    yield Part.NAME, [entry.name for entry in entries]
    yield Part.UNDER, [entry.under for entry in entries]
    yield Part.KEY, [f"{entry.under}{BETWEEN}{entry.code}" for entry in entries]


def _name(book: FormBook, listed: CodeList, year: int | None, part: Part, at: int, count: int) -> None:
    letter = column_letter(at + 1)
    book.define_name(range_name(listed, year, part), f"='{stamp.LISTS}'!${letter}$2:${letter}${count + 1}")
