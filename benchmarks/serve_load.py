"""How much one server bears: 200 uploads by 8 people at once, a slow one among them, kill -9 in the middle.

``python benchmarks/serve_load.py`` prints requests, latencies, memory, and whether what is promised held.
"""

from __future__ import annotations

import http
import http.client
import json
import re
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "tests"))

from support.pile import bad, good  # noqa: E402 - the folder is known by now
from support.server import Server, running  # noqa: E402 - likewise

PEOPLE, EACH = 8, 25
_BOUNDARY = "perfxl-load"


class Person:
    """A browser that has shown the key."""

    def __init__(self, server: Server) -> None:
        self.place = urlsplit(server.base).netloc
        self.line = http.client.HTTPConnection(self.place, timeout=120)
        self.line.request("GET", f"/?key={server.key}")
        answer = self.line.getresponse()
        answer.read()
        self.line.close()
        self.cookie = (answer.getheader("set-cookie") or "").partition(";")[0]
        found = re.search(r'name="token" content="(\w+)"', self.get("/returns").decode())
        self.token = found[1] if found else ""

    def get(self, path: str, accept: str = "text/html") -> bytes:
        """Ask for a page."""
        self.line.request("GET", path, headers={"cookie": self.cookie, "accept": accept})
        data = self.line.getresponse().read()
        self.line.close()  # the server lets go of a line that is still for five seconds
        return data

    def upload(self, name: str, data: bytes) -> dict[str, object]:
        """Hand in a file."""
        head = f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
        body = head.encode() + data + f"\r\n--{_BOUNDARY}--\r\n".encode()
        headers = {
            "cookie": self.cookie,
            "x-token": self.token,
            "accept": "application/json",
            "content-type": f"multipart/form-data; boundary={_BOUNDARY}",
        }
        self.line.request("POST", "/returns", body, headers)
        answer = self.line.getresponse()
        told: dict[str, object] = json.loads(answer.read())
        self.line.close()
        if answer.status != http.HTTPStatus.OK:
            raise RuntimeError(told)
        return told

    def until_done(self, job: object) -> dict[str, object]:
        """Wait for a piece of work."""
        while True:
            told: dict[str, object] = json.loads(self.get(f"/jobs/{job}", "application/json"))
            if told["state"] in {"done", "failed"}:
                return told
            time.sleep(0.1)


def memory(process: int) -> dict[str, int]:
    """Return the megabytes of a server and of all its workers together."""
    found = {"server": 0, "all": 0}
    family = {process}
    stats = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = path.read_text().rpartition(")")[2].split()
            stats[int(path.parent.name)] = (int(words[1]), int(words[21]) * 4096 // 1_000_000)
        except OSError:
            continue
    for _ in range(4):
        family |= {number for number, (parent, _) in stats.items() if parent in family}
    found["server"] = stats[process][1]
    found["all"] = sum(stats[number][1] for number in family if number in stats)
    return found


def main() -> None:
    """Try it all on a workspace of its own."""
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "工作"
        with running(root) as server:
            slow = _drip(server)
            latencies, peak = _many(server)
            print(f"{len(latencies)} uploads of {PEOPLE} people: {_percentiles(latencies)}; memory MB {peak}")
            person = Person(server)
            told = person.until_done(person.upload("最后.xlsx", good())["id"])
            print("all read:", told["state"], told["total"], told["counts"])
            pages = [_timed(lambda: person.get("/returns")) for _ in range(50)]
            print(f"the page 收表 with {told['total']} returns: {_percentiles(pages)}")
            pages = [_timed(lambda: person.get("/returns/overview/")) for _ in range(10)]
            print(f"the overview: {_percentiles(pages)}")
            print("a sender who keeps still is let go:", _gone(slow))
            for number in range(40):
                person.upload(f"再/{number}.xlsx", bad(f"再{number}局", f"9{number:05}"))
            server.kill()
        files = sorted(path.name for path in (root / "交回").rglob("*.xlsx"))
        with running(root) as server:
            person = Person(server)
            told = person.until_done(person.upload("重开.xlsx", good())["id"])
            print("after kill -9:", told["state"], told["total"], "of", len(files) + 1, told["counts"])
            left = [path.name for path in root.rglob(".perfxl-*.tmp")]
            print("left half written:", left)


def _many(server: Server) -> tuple[list[float], dict[str, int]]:
    latencies: list[float] = []
    peak = {"server": 0, "all": 0}
    done = threading.Event()

    returned = [
        [
            (
                f"青溪县第{number}镇{count}站",
                (bad if count % 5 == 0 else good)(f"青溪县第{number}镇{count}站", f"{number}{count:05}"),
            )
            for count in range(EACH)
        ]
        for number in range(PEOPLE)
    ]

    def one(number: int) -> None:
        person = Person(server)
        for unit, data in returned[number]:
            latencies.append(_timed(lambda: person.upload(f"{unit}.xlsx", data)))  # noqa: B023 - called at once

    def watch() -> None:
        while not done.wait(0.3):
            now = memory(server.process.pid)
            for name, figure in now.items():
                peak[name] = max(peak[name], figure)

    watcher = threading.Thread(target=watch)
    watcher.start()
    people = [threading.Thread(target=one, args=(number,)) for number in range(PEOPLE)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    last = Person(server)
    last.until_done(last.upload("青溪县.xlsx", good("青溪县", "0"))["id"])
    done.set()
    watcher.join()
    return latencies, peak


def _drip(server: Server) -> socket.socket:
    """Begin an upload and keep still."""
    person = Person(server)
    host, _, port = person.place.partition(":")
    line = socket.create_connection((host, int(port)))
    head = f"POST /returns HTTP/1.1\r\nHost: {person.place}\r\nCookie: {person.cookie}\r\nx-token: {person.token}\r\n"
    head += (
        f"Content-Type: multipart/form-data; boundary={_BOUNDARY}\r\nContent-Length: 1000000\r\n\r\n--{_BOUNDARY}\r\n"
    )
    line.sendall(head.encode())
    return line


def _gone(line: socket.socket) -> str:
    line.settimeout(60)
    try:
        return line.recv(100).decode(errors="replace").partition("\r\n")[0]
    except TimeoutError:
        return "no, it is still waited for"


def _timed(call: Callable[[], object]) -> float:
    begun = time.perf_counter()
    call()
    return (time.perf_counter() - begun) * 1000


def _percentiles(found: list[float]) -> str:
    cuts = statistics.quantiles(sorted(found), n=100, method="inclusive")
    return f"ms p50 {cuts[49]:.0f}, p95 {cuts[94]:.0f}, p99 {cuts[98]:.0f}, most {max(found):.0f}"


if __name__ == "__main__":
    main()
