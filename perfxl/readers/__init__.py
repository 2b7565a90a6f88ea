"""Any returned file as a Book of Grids: what format it is, and a reader for each."""
