"""The proof that a form works: filled in by its cells, read back, its rules and formulas tried."""
