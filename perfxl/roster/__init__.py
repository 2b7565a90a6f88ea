"""The roster: read from CSV or a workbook, and what it prefills."""
