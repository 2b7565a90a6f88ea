"""Workbooks of lists: sheets whose rows are streamed, native tables, links and pivots, laid in after XlsxWriter."""
