"""One returned file read, checked and marked: what a worker does, whatever executor it belongs to.

Nobody else opens a return: what comes back from here is what was found, as values and as whole results.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from enum import StrEnum
from functools import lru_cache
from typing import Concatenate, ParamSpec, TypeAlias, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from perfxl.model.finding import Finding, Severity
from perfxl.model.grid import Grid
from perfxl.model.reading import Sheets
from perfxl.model.submission import Source, Status, Submission
from perfxl.receive.copies import CannotMark, Copy, marked_copy
from perfxl.receive.gist import Noted, noted
from perfxl.receive.inputs import Input
from perfxl.receive.pipeline import read_and_check
from perfxl.receive.request import Request
from perfxl.reporting.document import submission_json
from perfxl.reporting.reread import reread

_P = ParamSpec("_P")
_T = TypeVar("_T")

DEBUG = "PERFXL_DEBUG"


class Verdict(StrEnum):
    """What became of a file, as it is counted while a batch runs."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    UNREADABLE = "unreadable"


class Examined(Struct, frozen=True):
    """A file's submission as JSON, and its marked copy (None where there is nothing to mark).

    ``noted`` is what the document says that settling needs, None where nobody has noted it.
    ``final``: the same bytes will always give the same outcome; not so where time ran out or the disk failed.
    """

    verdict: Verdict
    sha256: str
    document: bytes
    marked: bytes | None = None
    suffix: str = "xlsx"
    final: bool = True
    noted: Noted | None = None


Work: TypeAlias = Callable[[Request, Input, str], Examined | None]
"""What is done with a file: its request, the file, the hash of the bytes of which the outcome is known, "" for none.

Gives None where the file has these very bytes. Has to be picklable for executors with processes.
"""


def perform(work: Callable[Concatenate[Request, _P], _T], packed: bytes, *args: _P.args, **kwargs: _P.kwargs) -> _T:
    """Do a worker's work with a request that comes packed: a roster of thousands is unpacked once, not for every file."""
    return work(_unpacked(packed), *args, **kwargs)


@lru_cache(maxsize=2)
def _unpacked(packed: bytes) -> Request:
    request: Request = pickle.loads(packed)  # noqa: S301 - packed by this program
    return request


def examine(request: Request, item: Input, known: str = "") -> Examined | None:
    """Read, check and mark one file. Whatever goes wrong with it becomes its finding; the batch goes on.

    Raises MemoryError: whoever watches the process knows better what to do.
    """
    data = item.read(request.limits)
    if isinstance(data, Finding):
        return failed(source_of(item.name), data)
    if known and hashlib.sha256(data).hexdigest() == known:
        return None
    return examined(request, item.name, data)


def examined(request: Request, name: str, data: bytes) -> Examined:
    """Return what becomes of a file's bytes; raises as ``examine``."""
    return examined_and_read(request, name, data)[0]


def examined_and_read(request: Request, name: str, data: bytes) -> tuple[Examined, tuple[Grid, ...]]:
    """Return what becomes of a file's bytes, and its sheets as they were read, where they were; raises as ``examine``."""
    try:
        submission, sheets = read_and_check(data, name, request.library, request, request.accepted)
        submission, copy = with_copy(data, submission, sheets)
        outcome = outcome_of(submission, copy)
        if len(outcome.document) <= request.limits.max_result:
            return replace(outcome, noted=noted(submission, outcome.document)), sheets.grids
        most = request.limits.max_result // 1_000_000
        message = f"这个文件填写的内容读出后超过允许的 {most} MB；请删去表外的内容和多余的行，另存后重新交回"
        return failed(submission.source, Finding("F03", Severity.ERROR, message)), sheets.grids
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - one file must not stop the others; it is reported, not passed over
        _report_fault()
        message = "读取这个文件时程序出了错，没有读完；请保留原件并告知维护人员，其余文件不受影响"
        return failed(source_of(name, data), Finding("F13", Severity.ERROR, message)), ()


def mark_again(request: Request, item: Input, document: bytes, besides: frozenset[str]) -> Examined | None:
    """Return the outcome of a file with another document; the marked copy says what that has to say of it.

    What is said with the codes ``besides`` is not marked. None where the file is not the one any more that was read.
    Raises MemoryError as ``examine`` does.
    """
    try:
        data = item.read(request.limits)
        submission = reread(document, request.library.forms)
        if isinstance(data, Finding) or hashlib.sha256(data).hexdigest() != submission.source.sha256:
            return None
        own = tuple(finding for finding in submission.findings if finding.code not in besides)
        _, copy = with_copy(data, replace(submission, findings=own))
        return outcome_of(submission, copy)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - likewise
        _report_fault()
        return None


def _report_fault() -> None:
    if os.environ.get(DEBUG):
        traceback.print_exc(file=sys.stderr)


def with_copy(data: bytes, submission: Submission, sheets: Sheets | None = None) -> tuple[Submission, Copy | None]:
    """Return the submission and the marked copy of its file, None where there is nothing to mark.

    Where the file itself cannot be marked the submission says so. ``sheets`` as for ``marked_copy``.
    """
    # Where no form was read there is nothing to mark; the finding says what to do.
    if not submission.forms or all(finding.severity is Severity.INFO for finding in submission.findings):
        return submission, None
    try:
        copy = marked_copy(data, submission, sheets)
    except CannotMark as why:
        message = f"这个文件做不出标注件（{why}），问题请看审核结果；请对照原件改正"
        said = Finding("F14", Severity.WARNING, message)
        return replace(submission, findings=(*submission.findings, said)), None
    if copy.said is None or any(finding.code == copy.said.code for finding in submission.findings):
        return submission, copy
    return replace(submission, findings=(*submission.findings, copy.said)), copy


def failed(source: Source, finding: Finding) -> Examined:
    """Return the outcome of a file that could not be read, with the finding that says why."""
    submission = Submission(source, (), (finding,))
    return replace(outcome_of(submission), final=finding.code != "F13")


def source_of(name: str, data: bytes = b"") -> Source:
    """Return what there is to say of a file that was not read: its bytes, as far as there are any, and its suffix."""
    suffix = name.rpartition(".")[2].lower() if "." in name else ""
    return Source(name, hashlib.sha256(data).hexdigest() if data else "", len(data), suffix)


def verdict(submission: Submission) -> Verdict:
    """Return what became of a file."""
    if submission.unreadable:
        return Verdict.UNREADABLE
    return Verdict.REJECTED if submission.status is Status.REJECTED else Verdict.ACCEPTED


def outcome_of(submission: Submission, copy: Copy | None = None) -> Examined:
    """Return what became of a file, with its results."""
    outcome = Examined(verdict(submission), submission.source.sha256, submission_json(submission))
    return outcome if copy is None else replace(outcome, marked=copy.data, suffix=copy.suffix)
