"""Write the shipped masters: ``python -m perfxl.documents.masters``; with ``--check`` only tell whether they are as written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping

from perfxl.documents.masters.notice import notice
from perfxl.documents.masters.report import report
from perfxl.forms.stock import shipped
from perfxl.outputs import write_whole

MASTERS: Mapping[str, Callable[[], bytes]] = {
    "hunan-self-eval-report/report.docx": report,
    "notice.docx": notice,
}


def main() -> None:
    """Write what is not as it should be, or with ``--check`` end with exit code 1."""
    stale = {name: made for name, make in MASTERS.items() if _held(name) != (made := make())}
    if "--check" in sys.argv[1:]:
        sys.exit("".join(f"{name}: run python -m perfxl.documents.masters\n" for name in stale) or None)
    for name, made in stale.items():
        write_whole(shipped() / name, made)


def _held(name: str) -> bytes:
    path = shipped() / name
    return path.read_bytes() if path.exists() else b""


if __name__ == "__main__":
    main()
