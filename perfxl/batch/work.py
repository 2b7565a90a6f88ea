"""One file of a batch, from its bytes on the disk to its outputs on the disk: what runs in a worker process."""

from __future__ import annotations

import errno
import signal
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

from perfxl.batch.inputs import Input
from perfxl.batch.outputs import MARKED_SUFFIXES, digest, write_whole
from perfxl.checks.catalog import CATALOG
from perfxl.forms.data import to_data
from perfxl.forms.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Source, Submission
from perfxl.pipeline import Asked, Library, process
from perfxl.report.document import submission_json
from perfxl.workbook.mark import CannotMark, mark, unmark

UNREADABLE = frozenset({"F01", "F02", "F03", "F13"})
"""Codes of files that could not be read at all."""

_REMEDIES = {code: rule.remedy for code, rule in CATALOG.items()}
_MARKED_FORMATS = frozenset({"xlsx", "xlsm"})
_KEEP = "请保留这个文件并反馈给软件维护人员，其他文件不受影响。"
_REASONS = {
    errno.EACCES: "没有权限，或者它正被其他程序打开",
    errno.EPERM: "没有权限，或者它正被其他程序打开",
    errno.ENOENT: "找不到它，可能已被移动或删除",
    errno.ENOSPC: "磁盘已满",
    errno.EROFS: "磁盘是只读的",
    errno.ENAMETOOLONG: "文件名太长",
    errno.EISDIR: "那里有一个同名的文件夹",
    errno.EEXIST: "那里有一个同名的文件",
    errno.ENOTDIR: "那里有一个同名的文件",
}


@dataclass(frozen=True, slots=True)
class Work:
    """What is to be done with each file: the same for a whole batch, and small enough to be sent with every file.

    ``folders`` hold form definitions beside the shipped ones, ``state`` tells definitions that changed from those that
    did not. ``output`` is None where nothing is to be written.
    """

    folders: tuple[Path, ...]
    state: str
    asked: Asked
    output: Path | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one file: its submission as JSON, and the SHA-256 of each file written, by name.

    ``content`` is the SHA-256 of what was read, "" where the file could not be read to the end. ``fault`` says what
    could not be written; ``trace`` is for the author of perfxl where an exception came up.
    """

    input: Input
    document: bytes
    content: str = ""
    written: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class _Examined:
    document: bytes
    content: str = ""
    format: str = ""
    marked: bytes | None = None
    trace: str = ""


def prepare(work: Work) -> None:
    """Make a worker process ready: load the forms, leave an interrupt to the process that started it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _library(work.folders, work.state)


def examine(work: Work, each: Input, stem: str) -> Outcome:
    """Read, check and mark one file and write what comes of it. Raises nothing, whatever the file holds."""
    try:
        found = _examined(work, each)
    except Exception:  # noqa: BLE001 - one file must not stop the others, whatever our mistake was
        message = f"读取这个文件时程序出了意外，没有读出内容。{_KEEP}"
        found = _Examined(_refusal(each, "F13", message), trace=traceback.format_exc())
    if work.output is None or each.passed_over:
        return Outcome(each, found.document, found.content, trace=found.trace)
    files = {f"{stem}.json": found.document}
    if found.marked is not None:
        files[f"{stem}.marked.{found.format}"] = found.marked
    try:
        for name, content in files.items():
            write_whole(work.output / name, content)
        _remove_outdated(work.output, stem, files)
    except OSError as error:
        return Outcome(each, found.document, fault=writing_failed(error), trace=found.trace)
    written = {name: digest(content) for name, content in files.items()}
    return Outcome(each, found.document, found.content, written, trace=found.trace)


def died(each: Input) -> Outcome:
    """Return the outcome of a file that took its worker process with it."""
    return Outcome(each, _refusal(each, "F13", f"处理这个文件时程序中断，没有读出内容。{_KEEP}"))


def writing_failed(error: OSError) -> str:
    """Return why a file could not be written, in words for the clerk."""
    name = error.filename2 or error.filename
    return f"写不了{f'“{name}”' if name else '文件'}：{_reason(error)}"


def _reason(error: OSError) -> str:
    return _REASONS.get(error.errno or 0, f"磁盘或网络出错（错误号 {error.errno}）")


@lru_cache(maxsize=2)
def _library(folders: tuple[Path, ...], _state: str) -> Library:
    """The forms, prepared once for each process and each state of the definitions."""
    return Library.of(load_forms(*folders))


def _examined(work: Work, each: Input) -> _Examined:
    try:
        data = each.path.read_bytes()
    except OSError as error:
        message = f"打不开这个文件：{_reason(error)}。请确认它没有被其他程序占用、本机有权读取，再试一次。"
        return _Examined(_refusal(each, "F01", message))
    if each.passed_over:
        message = f"“{each.path.name}”是系统或办公软件的临时文件，不是填报的表，已略过"
        return _Examined(_refusal(each, "F11", message, data, Severity.INFO), digest(data))
    library = _library(work.folders, work.state)
    submission = process(data, each.name, library, work.asked)
    marked, trace = None, ""
    if work.output is not None and _worth_marking(submission):
        submission, marked, trace = _marked(submission, data)
    datas = [to_data(library.forms[form.form], form.record) for form in submission.forms]
    document = submission_json(submission, datas)
    return _Examined(document, submission.source.sha256, submission.source.format, marked, trace)


def _refusal(each: Input, code: str, message: str, data: bytes = b"", severity: Severity = Severity.ERROR) -> bytes:
    """The JSON of a file of which nothing is known but this."""
    source = Source(each.name, digest(data), len(data), each.path.suffix.lower().lstrip("."))
    return submission_json(Submission(source, (), (Finding(code, severity, message),)), ())


def _worth_marking(submission: Submission) -> bool:
    codes = {finding.code for finding in submission.findings}
    grave = any(finding.severity is not Severity.INFO for finding in submission.findings)
    return grave and codes.isdisjoint(UNREADABLE) and submission.source.format in _MARKED_FORMATS


def _marked(submission: Submission, data: bytes) -> tuple[Submission, bytes | None, str]:
    """Return the submission with its marked copy; where none can be made, with a finding that says so (F14)."""
    trace = ""
    try:
        return submission, mark(data, submission.findings, _REMEDIES), trace
    except CannotMark as error:
        reason = error.detail
    except Exception:  # noqa: BLE001 - likewise; the findings are worth having without the marks
        reason, trace = "在文件中做标记时程序出了意外，请保留这个文件并反馈给软件维护人员", traceback.format_exc()
    message = f"没有生成标记副本：{reason}。审核意见见 findings.csv"
    finding = Finding("F14", Severity.WARNING, message)
    return replace(submission, findings=(finding, *submission.findings)), None, trace


def _remove_outdated(output: Path, stem: str, files: Mapping[str, bytes]) -> None:
    """Remove an earlier marked copy that no longer applies; a file of that name without our marks is not ours."""
    for name in (f"{stem}{suffix}" for suffix in MARKED_SUFFIXES):
        old = output / name
        if name not in files and old.is_file():
            content = old.read_bytes()
            if unmark(content) != content:
                old.unlink()
