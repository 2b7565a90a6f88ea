"""Submissions accepted earlier, read from the folder that an import wrote them to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from perfxl.model.form import Form
from perfxl.model.submission import Status, Submission
from perfxl.model.value import IndicatorValue
from perfxl.report.reread import NoSubmission, reread
from perfxl.rules.accepted import Accepted, Filed


@dataclass(frozen=True, slots=True)
class Against:
    """A folder of submissions as it was looked at: its documents' hash tells whether they are still the same.

    ``strange`` are its ``.json`` files that are no submissions; they are passed over.
    """

    folder: Path
    digest: str
    strange: tuple[str, ...] = ()


def look_at(folder: Path, forms: Mapping[str, Form]) -> Against:
    """Look through a folder and all below it. Raises OSError where it or a document in it cannot be read."""
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    hashed, strange = hashlib.sha256(), []
    for path in _documents(folder):
        data = path.read_bytes()
        if _submission(data, forms) is None:
            if not _ours(data):
                strange.append(path.relative_to(folder).as_posix())
            continue
        hashed.update(hashlib.sha256(data).digest())
    return Against(folder, hashed.hexdigest(), tuple(strange))


def accepted(against: Against, forms: Mapping[str, Form]) -> Accepted:
    """Return what was accepted: rejected submissions and forms that a later return replaced do not count.

    Raises OSError.
    """
    filed: list[Filed] = []
    for path in _documents(against.folder):
        submission = _submission(path.read_bytes(), forms)
        if submission is None or submission.status is not Status.ACCEPTED:
            continue
        counting = (form for form in submission.forms if form.superseded_by is None)
        filed += [Filed(submission.source.file, forms[form.form], form) for form in counting]
    return Accepted(tuple(filed))


def _documents(folder: Path) -> Iterator[Path]:
    """Yield the ``.json`` files below a folder by name; those whose names begin with a dot are not meant."""
    found = (path for path in folder.rglob("*.json") if path.is_file())
    yield from sorted(path for path in found if not path.name.startswith("."))


def _submission(data: bytes, forms: Mapping[str, Form]) -> Submission | None:
    try:
        found = reread(data, forms)
    except NoSubmission:
        return None
    return found if all(isinstance(text, str) for text in _texts(found)) else None


def _texts(submission: Submission) -> Iterator[object]:
    """Yield what has to be text: a document that somebody has edited may hold anything."""
    yield submission.source.file
    for form in submission.forms:
        yield from (part for part in (form.unit.name, form.unit.code) if part is not None)
        yield from (value.text for value in form.record.values.values() if isinstance(value, IndicatorValue))


def _ours(data: bytes) -> bool:
    """Tell whether a document is perfxl's own about a whole batch (summary.json), which is nothing strange."""
    try:
        tree = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(tree, dict) and "perfxl" in tree and "returns" in tree
