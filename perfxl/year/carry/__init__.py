"""Carrying over: the next form of the year, prefilled from what was accepted before, as forms declare it."""
