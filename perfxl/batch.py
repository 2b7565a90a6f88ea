"""Many returned files: found in folders, read and checked in any executor, results in a fixed order."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path

from perfxl.api import CannotMark, data_of, marked
from perfxl.forms.load import load_forms
from perfxl.model.finding import Finding, Severity
from perfxl.model.submission import Source, Submission
from perfxl.outputs import MARKED, Input, stems
from perfxl.pipeline import Asked, Library, process
from perfxl.report.document import Data

DEBUG = "PERFXL_DEBUG"
_PASSED_OVER = {"thumbs.db": "系统文件", ".ds_store": "系统文件", "desktop.ini": "系统文件"}


@dataclass(frozen=True, slots=True)
class Task:
    """What workers need to know: folders of further definitions, and what was asked for."""

    templates: tuple[Path, ...]
    asked: Asked


@dataclass(frozen=True, slots=True)
class Outcome:
    """A file's submission with the data of its forms, and its marked copy (None where there is nothing to mark)."""

    submission: Submission
    datas: tuple[Data, ...]
    marked: bytes | None
    passed_over: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """The files to be read, and those that are passed over with the finding that says so."""

    inputs: tuple[Input, ...]
    passed_over: tuple[Submission, ...]


def find(paths: Sequence[Path], *, but: Path | None = None) -> Found:
    """Find returned files: files as they are, folders with all below them in the order of their names.

    Several folders each stand under their own name. ``but`` is a folder to be left out: the one for results.
    """
    folders = [path for path in paths if path.is_dir()]
    inputs: list[Input] = []
    passed: list[Submission] = []
    for path in paths:
        if not path.is_dir():
            inputs.append(Input(path, path.name))
            continue
        above = f"{path.resolve().name}/" if len(folders) > 1 else ""
        for file in _files(path, but):
            name = above + file.relative_to(path).as_posix()
            why = _why_passed_over(file.name)
            if why:
                passed.append(_passed_over(name, why))
            else:
                inputs.append(Input(file, name))
    return Found(tuple(inputs), tuple(passed))


def _files(folder: Path, but: Path | None) -> Iterator[Path]:
    """Yield the files below a folder; links to folders are not followed, so that none can loop."""
    left_out = but.resolve() if but is not None else None
    for root, names, files in os.walk(folder):
        names[:] = sorted(name for name in names if (Path(root) / name).resolve() != left_out)
        yield from (Path(root) / name for name in sorted(files))


def _why_passed_over(name: str) -> str:
    if name.startswith(("~$", ".~lock.")):
        return "Excel 或 WPS 打开文件时留下的临时文件"
    return _PASSED_OVER.get(name.lower(), "")


def _passed_over(name: str, why: str) -> Submission:
    finding = Finding("F11", Severity.INFO, f"“{name}”是{why}，没有读取")
    return Submission(Source(name, "", 0, ""), (), (finding,))


def run(inputs: Sequence[Input], task: Task, executor: Executor | None = None) -> Iterator[Outcome]:
    """Yield the outcome of each input, in their order; in this process where no executor is given.

    An executor's workers have to be started with :func:`prepare` and the task.
    """
    if executor is None:
        prepare(task)
        yield from map(examine, inputs)
    else:
        yield from executor.map(examine, inputs)


@dataclass(slots=True)
class _Desk:
    """What a worker has at hand once it is prepared."""

    task: Task | None = None
    library: Library | None = None


_DESK = _Desk()


def prepare(task: Task) -> None:
    """Load the definitions once for all files of a worker. Raises DefinitionError."""
    _DESK.task = task
    _DESK.library = Library.of(load_forms(*task.templates))


def examine(item: Input) -> Outcome:
    """Read and check one file. Whatever goes wrong with it becomes its finding; the batch goes on."""
    if _DESK.task is None or _DESK.library is None:
        raise RuntimeError("prepare() comes first")
    try:
        data = item.path.read_bytes()
    except OSError:
        return _failed(item, "F01", "文件打不开，可能没有权限或已被移走；请确认后重新导入")
    try:
        return _examined(data, item, _DESK.task.asked, _DESK.library)
    except Exception:  # noqa: BLE001 - one file must not stop the others; it is reported, not passed over
        if os.environ.get(DEBUG):
            traceback.print_exc(file=sys.stderr)
        return _failed(item, "F13", "读取这个文件时程序出了错，没有读完；请保留原件并告知维护人员，其余文件不受影响")


def _examined(data: bytes, item: Input, asked: Asked, library: Library) -> Outcome:
    submission = process(data, item.name, library, asked)
    datas = tuple(data_of(returned, library.forms) for returned in submission.forms)
    copy: bytes | None = None
    # Where no form was read there is nothing to mark; the finding says what to do.
    if submission.forms and any(f.severity is not Severity.INFO for f in submission.findings):
        try:
            copy = marked(data, submission)
        except CannotMark as why:
            said = Finding("F14", Severity.WARNING, f"这个文件不能做标注（{why}），请按审核意见逐项修改")
            submission = Submission(submission.source, submission.forms, (*submission.findings, said))
    return Outcome(submission, datas, copy)


def _failed(item: Input, code: str, message: str) -> Outcome:
    suffix = item.path.suffix.removeprefix(".").lower()
    finding = Finding(code, Severity.ERROR, message)
    return Outcome(Submission(Source(item.name, "", 0, suffix), (), (finding,)), (), None)


def result_names(inputs: Sequence[Input], submissions: Sequence[Submission]) -> list[tuple[str, str]]:
    """Return the names of the JSON and of the marked copy of each input, relative and with ``/``."""
    kinds = ["xlsm" if submission.source.format == "xlsm" else "xlsx" for submission in submissions]
    return [(f"{stem}.json", f"{stem}{MARKED}.{kind}") for stem, kind in zip(stems(inputs), kinds, strict=True)]


def exit_code(submissions: Iterable[Submission], fail_on: Severity = Severity.ERROR) -> int:
    """Return 3 where a file could not be read at all, 1 where one is rejected, else 0; ``fail_on`` warnings too."""
    code = 0
    for submission in submissions:
        if submission.unreadable:
            return 3
        failed = submission.count(Severity.ERROR) or (fail_on is Severity.WARNING and submission.count(fail_on))
        code = 1 if failed else code
    return code
