"""The policy of a page that works from a disk: what stands in it may run, and nothing is fetched or sent."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence


def policy(style: str, scripts: Sequence[str], more: Mapping[str, str] | None = None) -> str:
    """Return a content security policy that allows this style and these scripts by their hashes, and nothing else from anywhere.

    ``more`` has what else is allowed, by directive: ``{"worker-src": "blob:"}``.
    """
    allowed = {"default-src": "'none'", "style-src": _hash(style), "script-src": " ".join(map(_hash, scripts))}
    allowed |= {"base-uri": "'none'", "form-action": "'none'"}
    for directive, sources in (more or {}).items():
        allowed[directive] = f"{allowed[directive]} {sources}" if directive in allowed else sources
    return "; ".join(f"{directive} {sources}" for directive, sources in allowed.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
