"""How a sheet is printed: one page wide, centred, what stands above and below."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from perfxl.model.form import Page, Paper

_SIZES = {Paper.A4: 9, Paper.A3: 8}
_CENTIMETRE = 2.54
_LEAST_SCALE = 10
"""The least percentage at which Excel prints."""


def set_paper(sheet: Worksheet, page: Page, scale: int) -> None:
    """Set up a sheet's paper; ``scale`` is the percentage for who turns the fitting to one page's width off."""
    if page.landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(_SIZES[page.paper])
    left, right, top, bottom = (float(margin) / _CENTIMETRE for margin in page.margins)
    sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
    sheet.center_horizontally()
    # The scale is for who turns the fitting off. Fitted to the width only, a sheet keeps its breaks between rows;
    # a scale alone would lose columns wherever the fonts, and with them the columns, are wider than ours.
    sheet.set_print_scale(max(scale, _LEAST_SCALE))
    sheet.fit_to_pages(1, 1 if page.single else 0)
    # Fills are for the screen: Excel and WPS leave them out of the print when they are told so.
    sheet.print_black_and_white()
    sheet.hide_gridlines(2)
    if page.header:
        sheet.set_header(f"&C{_coded(page.header)}")
    if page.footer:
        sheet.set_footer(f"&C{_coded(page.footer)}")


def _coded(text: str) -> str:
    """Return a header or footer as Excel has it."""
    return text.replace("&", "&&").replace("{page}", "&P").replace("{pages}", "&N")
