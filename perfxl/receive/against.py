"""Submissions accepted earlier, read from the folder that an import wrote them to."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from msgspec import Struct

from perfxl.model.form import Form
from perfxl.model.submission import Status
from perfxl.reporting.document import documents_in
from perfxl.reporting.reread import NoSubmission, Why, reread
from perfxl.rules.accepted import Accepted, AcceptedForm


class Against(Struct, frozen=True):
    """A folder of submissions as it was looked at: its documents' hash tells whether they are still the same.

    ``strange`` are its ``.json`` files that cannot be used, each with what it is; they are passed over.
    """

    folder: Path
    digest: str
    strange: tuple[tuple[str, str], ...] = ()


def look_at(folder: Path, forms: Mapping[str, Form]) -> Against:
    """Look through a folder and all below it. Raises OSError where it or a document in it cannot be read."""
    if not folder.is_dir():
        raise NotADirectoryError(folder)
    hashed, strange = hashlib.sha256(), []
    for path in documents_in(folder, _raise):
        data = path.read_bytes()
        try:
            reread(data, forms)
        except NoSubmission as error:
            if error.why is not Why.BATCH:
                strange.append((path.relative_to(folder).as_posix(), error.said))
            continue
        hashed.update(hashlib.sha256(data).digest())
    return Against(folder, hashed.hexdigest(), tuple(strange))


def accepted(against: Against, forms: Mapping[str, Form]) -> Accepted:
    """Return what was accepted: rejected submissions and forms that a later return replaced do not count.

    Raises OSError.
    """
    return Accepted(tuple(_filed(against.folder, forms)))


def _filed(folder: Path, forms: Mapping[str, Form]) -> Iterator[AcceptedForm]:
    for path in documents_in(folder, _raise):
        try:
            submission = reread(path.read_bytes(), forms)
        except NoSubmission:
            continue
        if submission.status is Status.ACCEPTED:
            counting = (form for form in submission.forms if form.superseded_by is None)
            yield from (AcceptedForm(submission.source.file, form) for form in counting)


def _raise(error: OSError) -> None:
    raise error
