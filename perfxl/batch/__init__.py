"""Many returned files at once: which they are, what each gives, what is written, what need not be done again."""
