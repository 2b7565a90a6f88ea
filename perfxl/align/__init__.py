"""A Grid as a Reading: recognised, its rows aligned with the rows of a form, its values gathered by path."""
