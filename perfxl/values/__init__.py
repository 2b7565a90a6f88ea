"""What was typed as a value: numbers, dates, indicator values, words."""
