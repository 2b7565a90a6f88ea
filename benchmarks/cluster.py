"""What reading through a cluster costs beside one machine: processor time and memory of each part, bytes on the network.

``python benchmarks/cluster.py [COUNT]`` starts a scheduler and two workers on this machine, imports COUNT returns (2,000)
without and with them (of one form, a third of them with a fault), and sends calls that do nothing, one a task and sixteen.
On Linux ``root`` counts the bytes in a network of its own: ``unshare -n sh -c 'ip link set lo up; python …'``; elsewhere
all bytes of this machine are counted. The figures are in docs/scale.md.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "tests")]

from perfxl import cluster as room  # noqa: E402 - likewise
from support.machines import environment, machines  # noqa: E402 - the folder is known by now
from support.pile import bad, good, lay  # noqa: E402 - likewise

CALLS, LOOK = 4000, 0.2


class Watch:
    """Processes with all that they start: processor seconds, and megabytes at the most, by the name of what was started."""

    def __init__(self, **roots: psutil.Process) -> None:
        self._roots = roots
        self._begun = {name: self._used(root) for name, root in roots.items()}
        self._used_last: dict[str, dict[int, float]] = {name: {} for name in roots}
        self.megabytes = dict.fromkeys(roots, 0.0)
        self.largest = dict.fromkeys(roots, 0.0)
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def end(self) -> dict[str, float]:
        """Return the processor seconds since the beginning."""
        self._done.set()
        self._thread.join()
        return {
            name: sum(used - self._begun[name].get(pid, 0) for pid, used in self._used_last[name].items())
            for name in self._roots
        }

    def _watch(self) -> None:
        while not self._done.wait(LOOK):
            for name, root in self._roots.items():
                self._used_last[name] |= self._used(root)
                held = [process.memory_info().rss / 1e6 for process in _tree(root)]
                self.megabytes[name] = max(self.megabytes[name], sum(held))
                self.largest[name] = max([self.largest[name], *held])

    @staticmethod
    def _used(root: psutil.Process) -> dict[int, float]:
        return {process.pid: sum(process.cpu_times()[:2]) for process in _tree(root)}


def _tree(root: psutil.Process) -> Iterator[psutil.Process]:
    try:
        for process in (root, *root.children(recursive=True)):
            if process.is_running() and process.status() != psutil.STATUS_ZOMBIE:
                yield process
    except psutil.NoSuchProcess:
        return


def _started(word: str) -> psutil.Process:
    return next(one for one in psutil.Process().children() if word in one.cmdline()[:5])


@contextmanager
def _network(what: str) -> Iterator[None]:
    before = psutil.net_io_counters(pernic=True)["lo"].bytes_sent
    yield
    sent = psutil.net_io_counters(pernic=True)["lo"].bytes_sent - before
    print(f"  {what}: {sent / 1e6:.1f} MB on the network")


def _command(place: Path, *words: str, **roots: psutil.Process) -> None:
    """Run the command, and print what it and the other processes took."""
    before = time.monotonic()
    started = subprocess.Popen(
        [sys.executable, "-m", "perfxl", *words, "--quiet"], env=environment(), cwd=place, stdout=subprocess.DEVNULL
    )
    watch = Watch(command=psutil.Process(started.pid), **roots)
    started.wait()
    used = watch.end()
    print(f"  {' '.join(words[:1] + words[2:])}: exit code {started.returncode}, {time.monotonic() - before:.0f} s")
    for name, seconds in used.items():
        print(
            f"    {name}: {seconds:.1f} s of processor, {watch.megabytes[name]:.0f} MB, largest {watch.largest[name]:.0f} MB"
        )


def _nothing(address: str, batch: int, scheduler: psutil.Process) -> None:
    """Send calls that do nothing, and print what one costs scheduler and command."""
    room.BATCH = batch
    with room.Cluster(address) as cluster:
        cluster.submit(len, "").result()
        used, own = sum(scheduler.cpu_times()[:2]), time.process_time()
        waiting = [cluster.submit(len, "") for _ in range(CALLS)]
        for one in waiting:
            one.result()
        used, own = sum(scheduler.cpu_times()[:2]) - used, time.process_time() - own
    print(f"  {batch} calls a task: scheduler {used / CALLS * 1e6:.0f} µs a call, command {own / CALLS * 1e6:.0f} µs")


def main() -> None:
    """Measure, and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with tempfile.TemporaryDirectory() as folder, machines(Path(folder), 2) as address:
        place = Path(folder)
        returned = ((bad if n % 3 == 0 else good)(f"青溪区第{n}局", f"{n:06}") for n in range(count))
        lay(place / "in", {f"{n:06}.xlsx": data for n, data in enumerate(returned)})
        paths = [*(place / "in").iterdir()]
        print(f"{count} returns, {sum(path.stat().st_size for path in paths) / count / 1000:.1f} kB each")
        scheduler, workers = _started("scheduler"), _started("worker")
        for name, process in (("scheduler", scheduler), ("workers", workers)):
            print(f"  {name} before: {sum(one.memory_info().rss for one in _tree(process)) / 1e6:.0f} MB")
        _command(place, "import", "in", "-o", "one", "--jobs", "2")
        with _network("import"):
            _command(place, "import", "in", "-o", "many", "--cluster", address, scheduler=scheduler, workers=workers)
        results = [*(place / "many").rglob("*.json"), *(place / "many").rglob("*.xlsx")]
        print(f"  results: {sum(path.stat().st_size for path in results) / count / 1000:.1f} kB a return")
        for name in ("report.html", "findings.csv", "summary.json", ".perfxl-journal.jsonl", ".perfxl-imports.jsonl"):
            size = (place / "many" / name).stat().st_size
            print(f"    {name}: {size / count:.0f} bytes a return")
        for batch in (1, 16):
            with _network(f"{CALLS} calls"):
                _nothing(address, batch, scheduler)
        print(f"  scheduler after: {scheduler.memory_info().rss / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
