"""Official Excel forms: generate, fill in offline, read back, check, mark."""
