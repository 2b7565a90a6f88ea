"""A year's submissions added up: one set of tables, as a workbook (汇总), as a data base, as files for other programs."""
