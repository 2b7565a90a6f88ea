"""What lies in the folders that a clerk points at: returned files, archives of them, and what is passed over."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from pathlib import Path

from msgspec import Struct, field
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Source, Submission
from perfxl.outputs import JOURNAL, MARKED, is_ours, reachable, real
from perfxl.package.limits import Limits
from perfxl.places import Address, AddressError, Place, read_at_most
from perfxl.receive.archive import SUFFIX as ARCHIVE
from perfxl.receive.archive import ArchiveMember, unpack
from perfxl.receive.inputs import FoundInputs, Input
from perfxl.receive.journal import Journal
from perfxl.receive.leftovers import why_passed_over
from perfxl.receive.run import Job, Lost, explain, run

_SYSTEM_FOLDERS = frozenset({"__macosx", "$recycle.bin", "system volume information", "@eadir", "#recycle"})
_OUR_HEADS = {
    ".json": b'{\n  "perfxl":',
    ".csv": b"\xef\xbb\xbffile,sheet,cell,code,severity,",
    ".html": b'<meta name="generator" content="perfxl">',
}
"""What is near the beginning of results: whoever puts them beside the returns does not hand them in."""
_HEAD = 1000


def find(
    paths: Sequence[Place], limits: Limits, *, but: Path | None = None, executor: Executor | None = None
) -> FoundInputs:
    """Find returned files: files as they are, folders and archives with all below them in the order of their names.

    Several folders each stand under their own name. ``but`` is the folder for results: what lies below it is no
    return, unless it is itself one of the folders. What perfxl wrote is no return anywhere in a folder: documents, lists
    and pages by how they begin, marked copies by the journal of the folder where they were written. Archives are opened
    by ``executor``, in this process where there is none. Raises AddressError where nothing can be read at an address.
    """
    search = _Search(limits, real(but) if but is not None else None)
    if but is not None:
        search.look_for_journal(but)
    found = [_looked_at(path) for path in paths]
    folders = sum(file is None for _, file in found)
    for path, file in found:
        if file is not None:
            search.file(file, file.name)
        elif isinstance(path, Address):
            search.folder_at(path, f"{path.name}/" if folders > 1 else "")
        else:
            search.folder(path, f"{path.resolve().name}/" if folders > 1 else "")
    archives = search.archives()
    calls = (Job(number, unpack, (path, limits)) for number, path in archives.items())
    return search.opened(dict(run(calls, executor, limits)))


def _looked_at(path: Place) -> tuple[Place, Place | None]:
    """Return a place with the file that is there, None for a folder. Whoever reads it need not be where it was given."""
    if isinstance(path, Address):
        return path, path.found()
    whole = path.absolute()
    return whole, None if path.is_dir() else whole


class _Search(Struct):
    """One walk; what is found gathers on the way."""

    limits: Limits
    but: Path | None
    lying: list[Input] = field(default_factory=list)
    """Files as they lie on the disk, archives among them."""
    inputs: list[Input] = field(default_factory=list)
    passed: list[Submission] = field(default_factory=list)
    ours: list[str] = field(default_factory=list)
    names: dict[str, int] = field(default_factory=dict)
    """The names given, with how often each was wanted."""
    journals: set[Path] = field(default_factory=set)
    """The folders that have one."""
    read: Journal | None = None

    def look_for_journal(self, folder: Path) -> None:
        if os.path.isfile(reachable(folder / JOURNAL)):  # noqa: PTH113 - false, too, where a path is too long for the system
            self.journals.add(real(folder))

    def folder(self, folder: Path, above: str) -> None:
        top = real(folder)
        seen = {top}

        def name_of(path: Path) -> str:
            return above + path.relative_to(folder).as_posix()

        def unlisted(error: OSError) -> None:
            place = Path(error.filename) if error.filename else folder
            message = "这个文件夹打不开，可能没有权限；里面的文件都没有读取，请确认后重新导入"
            refusal = Finding("F01", Severity.ERROR, message)
            self.lying.append(Input(place, name_of(place), name_of(place), refused=refusal))

        for root, folders, files in os.walk(reachable(folder), onerror=unlisted):
            here = folder / Path(root).relative_to(reachable(folder))
            inside = above + "".join(f"{part}/" for part in here.relative_to(folder).parts)
            self.look_for_journal(here)
            folders[:] = [name for name in sorted(folders) if self.enters(here / name, inside + name, top, seen)]
            for name in sorted(files):
                self.take(here / name, inside + name)

    def enters(self, path: Path, name: str, top: Path, seen: set[Path]) -> bool:
        """Tell whether a folder is gone into: not results, not a system's own, none twice by links."""
        place = real(path)
        if place == self.but and place != top:
            return False
        if path.name.lower() in _SYSTEM_FOLDERS:
            self.pass_over(name, "系统文件夹")
        elif os.path.islink(path) or place in seen:  # noqa: PTH114 - likewise
            self.pass_over(name, "指向别的文件夹的链接")
        else:
            seen.add(place)
            return True
        return False

    def take(self, path: Path, name: str) -> None:
        """Take a file that lies in a folder: who puts a folder in front of us has not looked at each."""
        if is_ours(path.name) or _is_result(path):
            return
        why = why_passed_over(path.name) or _why_no_file(path)
        writer = None if why else self.writer(path)
        if writer is not None and writer == self.but:
            self.ours.append(name)
        elif writer is not None:
            self.pass_over(name, "以前导入时写的标注件，此后没有改动")
        elif why:
            self.pass_over(name, why)
        else:
            self.file(path, name)

    def writer(self, taken: Path) -> Path | None:
        """Return the folder above whose journal has a marked copy as it is, None where the file is no such copy.

        A journal is only a file: whoever made it, it can hide no more than what is called a marked copy, and that is
        said; of the folder for results only on the terminal, so that importing again gives the same results.
        """
        if not self.journals:
            return None
        path = real(taken)
        if Path(path.stem).suffix != MARKED:
            return None
        above = (folder for folder in path.parents if folder in self.journals)
        return next((f for f in above if self.journal(f).wrote(path.relative_to(f).as_posix())), None)

    def journal(self, folder: Path) -> Journal:
        """Return the journal of a folder; one at a time is kept, for they may be many and large."""
        if self.read is None or self.read.folder != folder:
            self.read = Journal.of(folder)
        return self.read

    def folder_at(self, folder: Address, above: str) -> None:
        """Take what lies below an address, as if it were a folder on the disk; there are neither links nor journals."""
        system: set[tuple[str, ...]] = set()
        for parts, file in sorted(folder.below(), key=lambda found: _walked(found[0])):
            inside = next((n for n, part in enumerate(parts[:-1]) if part.lower() in _SYSTEM_FOLDERS), None)
            if inside is not None:
                if parts[: inside + 1] not in system:
                    system.add(parts[: inside + 1])
                    self.pass_over(above + "/".join(parts[: inside + 1]), "系统文件夹")
            elif why := why_passed_over(parts[-1]):
                self.pass_over(above + "/".join(parts), why)
            elif not is_ours(parts[-1]) and not _is_result(file):
                self.file(file, above + "/".join(parts))

    def file(self, path: Place, name: str) -> None:
        self.lying.append(Input(path, name, name))

    def archives(self) -> Mapping[int, Place]:
        """Return what may be archives, by number among the files."""
        found = ((number, item) for number, item in enumerate(self.lying) if item.refused is None)
        return {number: item.path for number, item in found if item.path.suffix.lower() == ARCHIVE}

    def opened(self, archives: Mapping[int, tuple[ArchiveMember, ...] | Lost | None]) -> FoundInputs:
        """Return what was found, archives with what is in them."""
        for number, item in enumerate(self.lying):
            inside = archives.get(number)
            if inside is None:
                self.add(item)
            elif isinstance(inside, Lost):
                self.add(replace(item, refused=explain(inside, self.limits)))
            else:
                self.unpacked(item, inside)
        return FoundInputs(tuple(self.inputs), tuple(self.passed), tuple(self.ours))

    def unpacked(self, archive: Input, inside: Sequence[ArchiveMember]) -> None:
        for entry in inside:
            whole = f"{archive.name}/{entry.name}" if entry.name else archive.name
            why = entry.passed_over or why_passed_over(whole.rpartition("/")[2])
            if why:
                self.pass_over(whole, why)
                continue
            # The archive stands for the folder that it would be once unpacked.
            result = f"{archive.result[: -len(ARCHIVE)]}/{entry.result}" if entry.result else archive.result
            self.add(Input(archive.path, whole, result, entry.slices, entry.refused))

    def add(self, item: Input) -> None:
        """Take an input under a name that no other one has."""
        plain = item.name.encode(errors="surrogateescape").decode(errors="replace")  # a name need not be UTF-8
        name, number = plain, self.names.get(plain, 0) + 1
        while number > 1 and (name := f"{plain}（{number}）") in self.names:
            number += 1
        self.names[plain] = number
        self.names.setdefault(name, 1)
        self.inputs.append(Input(item.path, name, item.result, item.slices, item.refused))

    def pass_over(self, name: str, why: str) -> None:
        finding = Finding("F11", Severity.INFO, f"“{name}”是{why}，没有读取")
        self.passed.append(Submission(Source(name, "", 0, ""), (), (finding,)))


def _walked(parts: Sequence[str]) -> tuple[tuple[int, str], ...]:
    """Return what sorts files as they come from a disk: of a folder first what is passed over, then files, then folders."""
    return (*((0 if part.lower() in _SYSTEM_FOLDERS else 2, part) for part in parts[:-1]), (1, parts[-1]))


def _is_result(path: Place) -> bool:
    """Tell whether a file is a document, a list or a page that perfxl wrote: nothing of these is a workbook."""
    head = _OUR_HEADS.get(path.suffix.lower())
    if head is None:
        return False
    try:
        return head in read_at_most(path, _HEAD)
    except (OSError, AddressError):
        return False


def _why_no_file(path: Path) -> str:
    try:
        mode = reachable(path).stat().st_mode
    except OSError:
        return "失效的链接" if os.path.islink(path) else ""  # noqa: PTH114 - likewise
    return "" if stat.S_ISREG(mode) else "系统的特殊文件"
