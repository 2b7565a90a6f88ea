"""What the tests lean on: a real spreadsheet program, and judges of workbooks that we did not write."""
