"""All that one server holds: the workspace, the workers, the work under way, what the last import came to."""

from __future__ import annotations

import hashlib
import os
import sys
import threading
import traceback
from collections.abc import Callable, Sequence
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import ParamSpec, TypeVar

from markupsafe import Markup
from msgspec import Struct, field

from perfxl.model.error import Error
from perfxl.outputs import JOURNAL, sweep
from perfxl.package.limits import DEFAULT
from perfxl.receive.conclude import troubles
from perfxl.receive.examine import DEBUG
from perfxl.receive.importing import Imported, import_into
from perfxl.receive.inputs import Input
from perfxl.receive.look import look
from perfxl.receive.pile import PileStep
from perfxl.receive.request import Request
from perfxl.reporting.document import as_element
from perfxl.reporting.overview import Overview
from perfxl.serve import work
from perfxl.serve.drafts import Drafts
from perfxl.serve.interrupting import Interruptible
from perfxl.serve.jobs import Begun, Job, Jobs, Step
from perfxl.serve.security import Keyring
from perfxl.serve.visitors import Gate
from perfxl.serve.workspace import Workspace
from perfxl.workers import OutOfMemory, OutOfTime, Stopped, WorkerDied, Workers

_P = ParamSpec("_P")
_T = TypeVar("_T")
RECEIVING = "收表审核"
_VERDICTS = {"accepted": "通过", "rejected": "退回", "unreadable": "读不了"}
_MAKING = 3_600.0
"""Seconds that making something for a whole county may take."""


class FaultError(Error):
    """perfxl itself is at fault."""


class Standings(Struct):
    """What the last import came to: each return by an identity that no name can be mistaken for."""

    done: Imported
    overview: Overview
    inputs: dict[str, Input] = field(default_factory=dict)
    shown: Markup | None = None
    """The overview as a part of a page, once somebody has looked at it."""

    @classmethod
    def of(cls, done: Imported) -> Standings:
        view = done.batch.overview.in_memory()  # pages are asked for again and again, by several at once
        return cls(done, view, {identity(item.name): item for item in done.pile.found.inputs})


def identity(name: str) -> str:
    """Return what a return is called in an address."""
    return hashlib.sha256(name.encode(errors="replace")).hexdigest()[:20]


class Desk:
    """What the pages work with. ``officers``: the page for officers is open, too."""

    def __init__(self, workspace: Workspace, keyring: Keyring, *, officers: bool = False) -> None:
        self.workspace = workspace
        self.keyring = keyring
        self.officers = officers
        self.gate = Gate()
        self.drafts = Drafts()
        self.jobs = Jobs(report)
        self.standings: Standings | None = None
        processors = os.cpu_count() or 1
        limits = DEFAULT
        self._readers = Workers(processors, limits.max_seconds, limits.max_memory)
        self._lookers = Workers(processors, limits.max_seconds, limits.max_memory)
        self._makers = Workers(1, _MAKING)
        self._closing = threading.Event()

    def begin(self) -> None:
        """Make the workspace ready, and go on where an earlier server stopped. Raises OSError."""
        self.workspace.prepare()
        self._lookers.submit(work.warm)
        if (self.workspace.results / JOURNAL).is_file():
            self.receive()

    def close(self) -> None:
        """End all workers at once; what they were at is done again by the next start."""
        self._closing.set()
        self.jobs.close()
        for workers in (self._readers, self._lookers, self._makers):
            workers.shutdown(wait=False, cancel_futures=True)

    def looking(self, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        """Have a file that was handed in looked into by a watched worker, bounded as an import is."""
        return self._lookers.submit(call, *args, **kwargs)

    def making(
        self, folder: Path, title: str, page: str, call: Callable[_P, object], *args: _P.args, **kwargs: _P.kwargs
    ) -> Job:
        """Begin to have something made into a folder, by a worker; ``page`` shows what came of it."""

        def work(job: Job) -> object:
            job.back = f"{page}?job={job.identity}"
            future = self._makers.follow(job.hear, call, *args, **kwargs)
            job.stop_by(lambda: self._makers.stop(future))
            try:
                return _waited(future)
            except (Stopped, CancelledError):
                sweep([folder])
                raise Stopped from None

        return self.jobs.start(str(folder), title, page, work, (call, args, kwargs))

    def receive(self) -> Job:
        """Import all that lies where the returns lie; what was read before and has not changed is not read again."""
        return self.jobs.start(str(self.workspace.results), RECEIVING, "/returns", self._receive)

    def _receive(self, job: Job) -> None:
        readers = Interruptible(self._readers)

        def begun(total: int) -> None:
            hear(Begun("正在审核", total))

        def told(step: PileStep) -> None:
            hear(Step(step.item.name, _VERDICTS[step.verdict.value]))

        def hear(step: Begun | Step) -> None:
            job.hear(step)
            if job.done == job.total:  # what is written of all of them together is written whole
                job.stop_by(lambda: None)
            job.go_on()

        workspace = self.workspace
        request = workspace.request()
        job.stop_by(readers.give_up)
        try:
            done = import_into([workspace.returned], workspace.results, request, readers, begun=begun, told=told)
        except CancelledError:
            raise Stopped from None
        self.standings = Standings.of(done)
        for fault in done.pile.faults:
            report(fault)
        job.notes = list(troubles(done.pile))
        if done.pile.faults:
            raise FaultError("程序自己出了错，没有全部做完；已写出的结果都是完整的。请告知维护人员。")

    def check(self, folder: Path, names: Sequence[str], request: Request) -> bytes:
        """Return what ``check --output-format json`` prints of files that lie in a folder, each in one by number."""
        pile = look([folder / str(number) / name for number, name in enumerate(names)], request, self._lookers)
        for _ in pile.read(self._lookers):
            pass
        documents = [as_element(pile.shelf.get(one.number)) for one in pile.settle(self._lookers)]
        for fault in pile.faults:
            report(fault)
        return b"[" + b",".join(b"\n" + one for one in documents) + (b"\n]\n" if documents else b"]\n")

    def document_of(self, item: Input) -> Path | None:
        """Return where a return's document lies, None where there is none."""
        return self._result(item, marked=False)

    def marked_of(self, item: Input) -> Path | None:
        """Return where a return's marked copy lies, None where there is nothing to mark."""
        return self._result(item, marked=True)

    def _result(self, item: Input, *, marked: bool) -> Path | None:
        if self.standings is None:
            return None
        found = (one for one in self.standings.overview.returns if one.file == item.name)
        name = next((one.marked if marked else one.document for one in found), "")
        return self.workspace.results / name if name else None


def _waited(future: Future[_T]) -> _T:
    try:
        return future.result()
    except (OutOfTime, OutOfMemory, WorkerDied):
        raise FaultError("这项工作中途断了，没有做完；已写出的文件都是完整的。请再试一次。") from None


def report(fault: BaseException) -> None:
    """Write where somebody looks after the server that perfxl itself is at fault, with the place for whoever asks."""
    if os.environ.get(DEBUG):
        traceback.print_exception(fault, file=sys.stderr)
    else:
        sys.stderr.write(f"程序自己出了错（{type(fault).__name__}）；设环境变量 {DEBUG}=1 再启动，可以看到出错的地方\n")
