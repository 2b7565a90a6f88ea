"""Checks: from a bound record to findings."""
