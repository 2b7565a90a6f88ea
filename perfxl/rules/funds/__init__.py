"""M: money, and how its figures depend on each other."""
