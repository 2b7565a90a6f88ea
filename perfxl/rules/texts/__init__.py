"""The texts of the catalogue, one module for each group of codes."""
