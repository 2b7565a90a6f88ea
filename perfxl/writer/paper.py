"""How a sheet is printed: A4, one page wide, centred, page numbers."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from perfxl.model.form import Page

_A4 = 9
_CENTIMETRE = 2.54


def set_paper(sheet: Worksheet, page: Page, scale: int) -> None:
    """Set up a sheet's paper; ``scale`` is the percentage for who turns the fitting to one page's width off."""
    if page.landscape:
        sheet.set_landscape()
    else:
        sheet.set_portrait()
    sheet.set_paper(_A4)
    left, right, top, bottom = (float(margin) / _CENTIMETRE for margin in page.margins)
    sheet.set_margins(left=left, right=right, top=top, bottom=bottom)
    sheet.center_horizontally()
    # The scale is for who turns the fitting off. Fitted to the width only, a sheet keeps its breaks between rows;
    # a scale alone would lose columns wherever the fonts, and with them the columns, are wider than ours.
    sheet.set_print_scale(scale)
    sheet.fit_to_pages(1, 0)
    # Fills are for the screen: Excel and WPS leave them out of the print when they are told so.
    sheet.print_black_and_white()
    sheet.hide_gridlines(2)
    sheet.set_footer("&C第 &P 页，共 &N 页")
