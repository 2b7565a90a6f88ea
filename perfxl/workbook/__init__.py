"""Files: writing workbooks, reading any workbook into grids, marking a return in place."""
