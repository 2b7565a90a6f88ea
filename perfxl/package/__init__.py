"""Zip, XML and OLE under every format: opened within limits, scanned, changed in place."""
