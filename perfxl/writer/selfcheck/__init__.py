"""The live half of a workbook: what it watches while it is filled in, and the sheet 填报自检 that says so."""
