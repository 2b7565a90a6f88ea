"""A Layout as a workbook: as printed officially, guarded, with live formulas and a stamp."""
