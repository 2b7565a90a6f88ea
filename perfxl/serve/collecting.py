"""What a round of collecting is held against, kept where the work lies: the forms that are expected, the results of before.

``要收的表.txt`` has a form a line, as ``import --expect`` takes it; ``上一环节`` is a folder for ``import --against``.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from msgspec import Struct

from perfxl.outputs import reachable, write_whole
from perfxl.reporting.document import documents_in

EXPECTED, EARLIER = "要收的表.txt", "上一环节"


class Collecting(Struct, frozen=True):
    """What is kept in a workspace at ``root``."""

    root: Path

    @property
    def earlier(self) -> Path:
        return self.root / EARLIER

    @property
    def _file(self) -> Path:
        return self.root / EXPECTED

    def expected(self) -> tuple[str, ...]:
        """Return the forms that are expected, none where all count. Raises OSError."""
        if not self._file.is_file():
            return ()
        return tuple(filter(None, map(str.strip, self._file.read_text("utf-8-sig", errors="replace").splitlines())))

    def expect(self, forms: Iterable[str]) -> None:
        """Keep which forms are expected. Raises OSError."""
        lines = "".join(f"{form}\n" for form in forms)
        if lines:
            write_whole(self._file, lines.encode())
        else:
            self._file.unlink(missing_ok=True)

    def documents(self) -> tuple[Path, ...]:
        """Return the results of before that there are."""
        return tuple(documents_in(self.earlier, lambda _: None))

    def against(self) -> Path | None:
        """Return the folder with the results of before, None where there are none."""
        return self.earlier if self.documents() else None

    def lay_up(self, results: Path, names: Iterable[str]) -> None:
        """Keep copies of results, under their names; later ones take the place of earlier ones. Raises OSError."""
        for name in names:
            place = self.earlier / name
            reachable(place.parent).mkdir(parents=True, exist_ok=True)
            write_whole(place, reachable(results / name).read_bytes())

    def clear(self) -> None:
        """Take away the results of before. Raises OSError."""
        for path in self.documents():
            reachable(path).unlink()
