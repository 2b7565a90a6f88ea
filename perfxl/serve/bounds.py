"""How much is taken from a browser: bounds that nobody at work comes near."""

from __future__ import annotations

MOST_FIELDS = 1_000_000
"""Bytes of all that is typed into one form."""
MOST_FILES = 5_000
"""Files that are handed in at once, as many as an archive may have."""
MOST_SILENCE = 30.0
"""Seconds that a sender may keep still in the middle of a request."""
MOST_SECONDS = 1_800.0
"""Seconds that one request may take to come in."""
MOST_CONNECTIONS = 256
"""Connections at once; who comes after them is asked to wait."""
MOST_SESSIONS = 200
"""Browsers that have shown the key; the one that came first is forgotten first."""
MOST_JOBS = 100
"""Pieces of work that are remembered once they are done."""
CHECKS_AT_ONCE = 2
"""Workbooks of one address that are being checked on the officers' page."""
CHECKS_AT_ALL = 16
"""Workbooks of all addresses that are being checked or wait for it."""
CHECKS_A_WHILE, WHILE = 60, 600.0
"""Checks of one address in so many seconds."""
MOST_DRAFTS = 20
"""Definitions under way that are remembered."""
