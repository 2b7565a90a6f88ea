"""What perfxl costs, beside its peers: ``python benchmarks/run.py [--short] [--json FILE] [ROOM …]``; see ``table``."""

from benchmarks.table import main

main()
