"""From a Form and a record to a Layout: every cell with its place, role, style and path."""
