"""Many returned files: found in folders and archives, read in any executor, settled among each other, written."""
