"""Sending out: names of workbooks, one workbook for each unit of a roster."""
