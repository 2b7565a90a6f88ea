"""What people and programs read: JSON, tables on the terminal, CSV."""
