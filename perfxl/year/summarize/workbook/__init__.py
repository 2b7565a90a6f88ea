"""The 汇总 workbook: what it has on which sheet, and the sheets themselves."""
