"""Other people's forms: from an official workbook to a definition that generates it."""
