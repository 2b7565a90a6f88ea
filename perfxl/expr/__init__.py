"""The rule language: parsed once, printed as an Excel formula, evaluated with Decimal."""
