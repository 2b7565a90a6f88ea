"""Marks on a return, and taking them off again."""
