"""Whose programs are in the page, and on what terms they may be handed on: the notices have to go with them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape
from importlib.metadata import PackageNotFoundError, files

from perfxl.page.runtime import MSGSPEC, PYODIDE, PYTHON

_PARTS = (
    "perfxl（MIT）",
    f"Pyodide {PYODIDE}（MPL-2.0，条款见 https://www.mozilla.org/MPL/2.0/，源代码见 https://github.com/pyodide/pyodide）",
    f"CPython {PYTHON}（PSF-2.0，Copyright © 2001 Python Software Foundation，条款见 https://docs.python.org/3/license.html）",
    f"msgspec {MSGSPEC}（BSD-3-Clause）",
    "XlsxWriter（BSD-2-Clause）",
)
_INSTALLED = {"perfxl": "perfxl", "XlsxWriter": "xlsxwriter"}


def licences(wheel: Mapping[str, bytes]) -> str:
    """Return as HTML what the page is made of, and the licences that have to be handed on in full.

    ``wheel`` has the files of the library that the page has from a wheel of its own, its licence among them.
    """
    texts = {"msgspec": next((data.decode() for name, data in wheel.items() if "/licenses/" in name), "")}
    texts |= {title: "\n".join(_installed(name)) for title, name in _INSTALLED.items()}
    full = "".join(
        f"<h2>{title}</h2><pre>{escape(text.strip())}</pre>" for title, text in sorted(texts.items()) if text.strip()
    )
    return f"<p>本页包含：{'；'.join(map(escape, _PARTS))}。</p>{full}"


def _installed(distribution: str) -> Iterator[str]:
    """Yield the texts of the licences that an installed distribution brought with it."""
    try:
        found = files(distribution) or ()
    except PackageNotFoundError:
        return
    for path in found:
        if ".dist-info/licenses/" in path.as_posix():
            yield path.read_text(encoding="utf-8")
