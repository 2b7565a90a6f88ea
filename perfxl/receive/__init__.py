"""Taking in: one file to a Submission, and piles of them found, settled among each other, written."""
