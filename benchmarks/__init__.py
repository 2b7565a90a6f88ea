"""What perfxl costs, beside its peers; ``python benchmarks/run.py``."""
