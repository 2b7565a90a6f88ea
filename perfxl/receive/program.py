"""What tells one perfxl from another: the hash of its own code."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path


@cache
def program_digest() -> str:
    """Return the hash of perfxl's own code: another version may read the same file otherwise."""
    package = Path(__file__).resolve().parent.parent
    code = [path.relative_to(package).as_posix().encode() + path.read_bytes() for path in sorted(package.rglob("*.py"))]
    return hashlib.sha256(b"\0".join(code)).hexdigest()
