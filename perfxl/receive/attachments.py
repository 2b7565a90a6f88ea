"""Scans and reports that come with a return: named as its attachments, where by itself each would be no return at all.

Whose they are is told by their names, else by where they lie: in a folder or an archive in which only one unit has
returned anything. What lies where several units have returned, or is called after one that has not, stays by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from perfxl.model.finding import Finding
from perfxl.model.roster import Roster, code_key, name_key
from perfxl.model.submission import Submission
from perfxl.outputs import MARKED
from perfxl.readers.refusal import RefusedKind, refuse_kind
from perfxl.rules.files import F01, F11, attached
from perfxl.values.label_text import NamesIn

_NOT_RETURNED = ""


def by_itself(submission: Submission) -> Submission:
    """Return a submission as it was before an earlier run named it somebody's attachment."""
    what = _kind(submission, F11.code)
    return (
        submission
        if what is None
        else Submission(submission.source, (), (refuse_kind(RefusedKind(what, attaches=True)),))
    )


def attachments(submissions: Iterable[tuple[int, Submission]], roster: Roster | None) -> dict[int, Finding]:
    """Return the files that come with a return, by number, each with what is to be said of it instead of F01.

    ``submissions`` are gone through twice, the second time only where one of them is a loose file.
    """
    loose = {
        number: (one.source.file, what) for number, one in submissions if (what := _kind(one, F01.code)) is not None
    }
    found: dict[int, Finding] = {}
    if not loose:
        return found
    places = _Places((one for _, one in submissions), roster)
    for number, (file, what) in loose.items():
        whose = places.return_of(file)
        if whose is not None:
            found[number] = attached(PurePosixPath(file).name, what, whose)
    return found


def _kind(submission: Submission, code: str) -> str | None:
    """Return what a file is of which nothing is said but that with this code, None of any other file."""
    if submission.forms or len(submission.findings) != 1:
        return None
    (finding,) = submission.findings
    return finding.value if finding.code == code and isinstance(finding.value, str) else None


class _Places:
    """Which units have returned something, under which names and in which folders; of each its first file is known."""

    def __init__(self, submissions: Iterable[Submission], roster: Roster | None) -> None:
        self._by_stem: dict[str, str] = {}
        self._below: dict[str, dict[str, str]] = defaultdict(dict)
        self._in: set[str] = set()
        first: dict[str, str] = {}
        names: list[tuple[str, str]] = []
        for submission in submissions:
            file = submission.source.file
            for unit in {form.unit for form in submission.forms}:
                self._by_stem.setdefault(_stem(file), file)
                whose = name_key(unit.name or "") or code_key(unit.code or "") or file
                own = first.setdefault(whose, file)
                names += [(name, own) for name in (unit.name, unit.code) if name]
                self._in.add(_folders(file)[0])
                for folder in _folders(file):
                    self._below[folder].setdefault(whose, file)
        units = roster.units if roster is not None else ()
        names += [(one.name, _NOT_RETURNED) for one in units if one.name and name_key(one.name) not in first]
        self._names = NamesIn(names)
        self._one_expected = len(units) <= 1

    def return_of(self, file: str) -> str | None:
        """Return the file of the return that a file comes with, None where that is not sure."""
        if _stem(file) in self._by_stem:
            return self._by_stem[_stem(file)]
        named = set(self._names.longest(PurePosixPath(file).name))
        if named:
            return named.pop() or None if len(named) == 1 else None
        own, *above = _folders(file)
        # A return in its folder or below that, else one in the nearest folder above: never one in a folder beside it.
        folder = own if own in self._below else next((one for one in above if one in self._in), "")
        whose = list(self._below.get(folder, {}).values())
        if folder == "" and not (own == "" and "" in self._in and self._one_expected):
            return None
        return whose[0] if len(whose) == 1 else None


def _stem(file: str) -> str:
    return file.removesuffix(PurePosixPath(file).suffix).removesuffix(MARKED)


def _folders(file: str) -> list[str]:
    """Return the folders and archives that a file lies in, the nearest first, the whole pile last."""
    return ["" if str(folder) == "." else str(folder) for folder in PurePosixPath(file).parents]
