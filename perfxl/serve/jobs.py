"""Work that takes longer than a page: it goes on by itself, says how far it is, and its outcome waits to be looked at.

One clerk's work does not wait for another's but where both write into one folder: work with the same ``place`` is done
one after another, and of what is still waiting the very same is not asked for twice.
"""

from __future__ import annotations

import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from enum import StrEnum

from msgspec import Struct, field

from perfxl.model.error import Error, reason_of
from perfxl.reporting.typeset import visible
from perfxl.serve.bounds import MOST_JOBS
from perfxl.workers import Stopped

_LATEST = 200
"""Lines of a piece of work that are shown while it goes on."""


class State(StrEnum):
    """How far a piece of work is."""

    WAITING = "waiting"
    WORKING = "working"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"


class Begun(Struct, frozen=True):
    """A part of the work begins: what is being done, of how many (0: nobody can count)."""

    doing: str
    total: int = 0


class Step(Struct, frozen=True):
    """One of them is done: its name and what became of it; "" where there is nothing to say of each."""

    name: str = ""
    verdict: str = ""


class Job(Struct):
    """A piece of work: what it is called, how far it is, what came of it or why it failed.

    ``back`` is the page that shows what came of it, ``stopping`` whether somebody wants it no more.
    """

    title: str
    back: str
    identity: str = field(default_factory=lambda: secrets.token_urlsafe(9))
    state: State = State.WAITING
    doing: str = "正在进行"
    total: int = 0
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[str, str]] = field(default_factory=list)
    outcome: object = None
    notes: list[str] = field(default_factory=list)
    message: str = ""
    stopping: bool = False
    halt: Callable[[], object] = lambda: None

    def seen(self) -> Job:
        """Return the work as it is at this moment: it does not go on while a page is made of it."""
        now = copy(self)
        now.counts = Counter(now.counts)
        return now

    @property
    def over(self) -> bool:
        return self.state in {State.DONE, State.FAILED, State.STOPPED}

    def stop_by(self, halt: Callable[[], object]) -> None:
        """Take in what ends that which the work is at, and makes it raise Stopped."""
        self.halt = halt
        if self.stopping:  # in the meantime
            halt()

    def go_on(self) -> None:
        """Raise Stopped where somebody wants it no more."""
        if self.stopping:
            raise Stopped

    def hear(self, step: Begun | Step) -> None:
        """Take in how far the work is."""
        match step:
            case Begun():
                self.doing, self.total, self.done = step.doing, step.total, 0
                self.counts, self.lines = Counter(), []
            case Step():
                self.done += 1
                if step.verdict:
                    self.counts[step.verdict] += 1
                    self.lines = [*self.lines[-_LATEST:], (visible(step.name), step.verdict)]

    def told(self) -> dict[str, object]:
        """Return how far it is, for the script that asks again and again."""
        return {
            "id": self.identity,
            "title": self.title,
            "back": self.back,
            "state": self.state.value,
            "doing": self.doing,
            "total": self.total,
            "done": self.done,
            "counts": dict(self.counts),
            "lines": self.lines[-20:],
            "message": self.message,
            "stopping": self.stopping,
            "notes": self.notes,
        }


class _Waiting(Struct, frozen=True):
    """A piece of work that has not begun: where, and what was asked for."""

    place: str
    asked: object
    job: Job


class Jobs:
    """All work of one server."""

    def __init__(self, fault: Callable[[BaseException], object]) -> None:
        """``fault`` is told of what only a mistake of perfxl's own can have caused."""
        self._fault = fault
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lines: dict[str, ThreadPoolExecutor] = {}
        self._waiting: list[_Waiting] = []

    def start(self, place: str, title: str, back: str, work: Callable[[Job], object], asked: object = None) -> Job:
        """Begin a piece of work in a place of its own; one that still waits there and was ``asked`` the same is given instead."""
        with self._lock:
            for waiting in self._waiting:
                if (waiting.place, waiting.job.title, waiting.asked) == (place, title, asked):
                    return waiting.job
            job = Job(title, back)
            self._waiting.append(_Waiting(place, asked, job))
            self._jobs[job.identity] = job
            while len(self._jobs) > MOST_JOBS and next(iter(self._jobs.values())).over:
                self._jobs.popitem(last=False)
            line = self._lines.setdefault(place, ThreadPoolExecutor(1, thread_name_prefix=place))
        line.submit(self._run, job, work)
        return job

    def stop(self, job: Job) -> None:
        """Let a piece of work go no further: what it has done stays, what waits does not begin."""
        with self._lock:
            if job.over or job.stopping:
                return
            job.stopping = True
            self._begins(job)
            if job.state is State.WAITING:
                job.state, job.message = State.STOPPED, "还没有开始，已取消。"
        job.halt()

    def find(self, identity: str) -> Job | None:
        return self._jobs.get(identity)

    def all(self) -> tuple[Job, ...]:
        """Return all that is remembered, in the order in which it was begun."""
        with self._lock:
            return tuple(self._jobs.values())

    def latest(self, title: str) -> Job | None:
        """Return the last piece of work of a title."""
        with self._lock:
            return next((job for job in reversed(self._jobs.values()) if job.title == title), None)

    def close(self) -> None:
        """Begin nothing more; what has not begun is dropped."""
        for line in self._lines.values():
            line.shutdown(wait=False, cancel_futures=True)

    def _begins(self, job: Job) -> None:
        """Give this piece of work to nobody who asks for the same; what it is made of may be other by then."""
        self._waiting = [one for one in self._waiting if one.job is not job]

    def _run(self, job: Job, work: Callable[[Job], object]) -> None:
        with self._lock:
            if job.over:
                return
            self._begins(job)
            job.state = State.WORKING
        try:
            job.outcome = work(job)
        except Stopped:
            job.message = _stopped(job)
            job.state = State.STOPPED
            return
        except Error as error:
            job.message = str(error)
        except OSError as error:
            job.message = f"读写文件时出了错：{reason_of(error)}"
        except Exception as error:  # noqa: BLE001 - whoever waits for it has to be told, whatever it was
            self._fault(error)
            job.message = "程序自己出了错，没有做完；已写出的结果都是完整的。请把启动窗口里的提示告知维护人员。"
        job.state = State.FAILED if job.message else State.DONE


def _stopped(job: Job) -> str:
    """Say what a piece of work that was stopped has done, and what it has not."""
    if not job.counts:
        return "已停止，没有做完。没有写出新的文件，原来的文件没有动。"
    done = "、".join(f"{word} {count} 份" for word, count in job.counts.items())
    left = max(job.total - job.done, 0)
    rest = f"，还有 {left} 份没有做" if left else ""
    return f"已停止：{done}{rest}。做完的都保留着；要接着做，请再做一次。"
