"""The folder that a year's work lies in, the same for the commands and for the browser.

下发 holds what goes out, 交回 what came back, 结果 what an import made of it, 汇总 what was made of the results, templates the
definitions of one's own, 名册.csv the units; what is collected, and what it is held against, see ``collecting``.
"""

from __future__ import annotations

import csv
import dataclasses
import hashlib
import io
import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from perfxl.forms.stock import load_forms
from perfxl.model.form import Form
from perfxl.model.roster import Roster
from perfxl.outputs import OURS, cut_name, reachable, sweep, write_whole
from perfxl.receive.request import Request
from perfxl.roster.read import RosterError, read_roster
from perfxl.serve.collecting import Collecting
from perfxl.serve.uploads import Upload

ROSTER = "名册.csv"
_HEADS = ("单位代码", "单位名称")


class Taken(Struct, frozen=True):
    """What became of files that were handed in: those taken, by their names, and those that were there already."""

    taken: tuple[str, ...]
    known: tuple[str, ...]


@dataclasses.dataclass(frozen=True)
class Workspace:
    """A workspace at ``root``; its folders come to be when something goes into them."""

    root: Path
    _lock: threading.Lock = dataclasses.field(default_factory=threading.Lock, compare=False, repr=False)

    @property
    def sent(self) -> Path:
        return self.root / "下发"

    @property
    def returned(self) -> Path:
        return self.root / "交回"

    @property
    def results(self) -> Path:
        return self.root / "结果"

    @property
    def summaries(self) -> Path:
        return self.root / "汇总"

    @property
    def reports(self) -> Path:
        return self.summaries / "报告"

    @property
    def definitions(self) -> Path:
        return self.root / "templates"

    @property
    def roster_file(self) -> Path:
        return self.root / ROSTER

    @property
    def collecting(self) -> Collecting:
        return Collecting(self.root)

    def prepare(self) -> None:
        """Make the folders, and sweep up what a server that was killed left half written. Raises OSError."""
        for folder in (self.sent, self.returned, self.results, self.summaries, self.definitions):
            folder.mkdir(parents=True, exist_ok=True)
        sweep([self.root, self.returned])

    @property
    def templates(self) -> tuple[Path, ...]:
        """The folders of further definitions, as the commands take them."""
        return (self.definitions,) if self.definitions.is_dir() else ()

    def forms(self) -> Mapping[str, Form]:
        """Load the forms, those of one's own among them. Raises DefinitionError."""
        return load_forms(*self.templates)

    def roster(self) -> Roster | None:
        """Read the roster, None where there is none yet. Raises RosterError, OSError."""
        return read_roster(self.roster_file.read_bytes()) if self.roster_file.is_file() else None

    def roster_text(self) -> str:
        """Return the roster as somebody may go on typing at it, "" where there is none that can be read."""
        try:
            roster = self.roster()
        except (RosterError, OSError):
            return ""
        return "" if roster is None else _as_csv(roster).decode("utf-8-sig")

    def keep_roster(self, roster: Roster) -> None:
        """Keep a roster as a table, whatever it was read from. Raises OSError."""
        with self._lock:
            write_whole(self.roster_file, _as_csv(roster))

    def request(self) -> Request:
        """Return what is asked of returns.

        Raises RosterError, DefinitionError, UnknownFormError, ExpectationError, OSError.
        """
        return Request.of(
            templates=self.templates,
            roster=self.roster(),
            expect=self.collecting.expected(),
            against=self.collecting.against(),
        )

    def take_in(self, uploads: Iterable[Upload], folder: Path) -> Taken:
        """Put files that were handed in into a folder of the workspace; nothing that lies there is written over.

        The same bytes under the same name are there already; other bytes get a number: ``甲（2）.xlsx``. Raises OSError.
        """
        taken: list[str] = []
        known: list[str] = []
        for upload in uploads:
            with self._lock:
                place = _place(upload, folder)
                if place is None:
                    known.append(upload.name)
                    continue
                reachable(place.parent).mkdir(parents=True, exist_ok=True)
                upload.path.chmod(0o644)
                reachable(upload.path).replace(reachable(place))
                taken.append(place.relative_to(folder).as_posix())
        return Taken(tuple(taken), tuple(known))


def _place(upload: Upload, folder: Path) -> Path | None:
    """Return where a file goes below a folder, None where it is there already."""
    *folders, name = upload.name.split("/")
    for part in folders:
        folder = _folder(folder / part)
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    digest = ""
    for number in range(1, 10_000):
        place = folder / (name if number == 1 else cut_name(stem, f"（{number}）{suffix}"))
        if not os.path.lexists(reachable(place)):
            return place
        digest = digest or _hash(upload.path)
        if reachable(place).is_file() and _hash(place) == digest:
            return None
    raise FileExistsError(str(folder / name))


def _folder(path: Path) -> Path:
    """Return a folder by that name, another one where a file or a link stands in its place."""
    number = 1
    place = path
    while os.path.lexists(reachable(place)) and (place.is_symlink() or not place.is_dir()):
        number += 1
        place = path.with_name(cut_name(path.name, f"（{number}）"))
    return place


def _hash(path: Path) -> str:
    with reachable(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_below(folder: Path) -> Mapping[str, Path]:
    """Return the files below a folder by their names in it: what may be asked for by name. Links are not followed."""
    return dict(sorted(_files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    for root, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(OURS)]
        for name in names:
            path = Path(root) / name
            if not name.startswith(OURS) and path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix(), path


def _as_csv(roster: Roster) -> bytes:
    """Return a roster as a table that Excel opens as it is: codes, names, what prefills the forms."""
    heads = dict.fromkeys(head for unit in roster.units for head in unit.prefill)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([*_HEADS, *heads])
    for unit in roster.units:
        writer.writerow([unit.code or "", unit.name, *(unit.prefill.get(head, "") for head in heads)])
    return text.getvalue().encode("utf-8-sig")
