"""What formulas give: worked out as a spreadsheet does, as far as it is certain."""
