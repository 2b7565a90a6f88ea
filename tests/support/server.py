"""``perfxl serve`` as a program of its own, on a free port."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

_PORTS = 5
_TAKEN = "已被别的程序占用"


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: the address with the key, and its process."""

    address: str
    process: subprocess.Popen[str]

    @property
    def key(self) -> str:
        return parse_qs(urlsplit(self.address).query)["key"][0]

    @property
    def base(self) -> str:
        return self.address.partition("/?")[0]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()


def free_port() -> int:
    """Return a port that nobody listens at just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@contextmanager
def running(workspace: Path, *words: str) -> Iterator[Server]:
    """Run a server on a workspace until the end of the block."""
    command = [sys.executable, "-m", "perfxl", "serve", "--workspace", str(workspace), "--no-browser", *words]
    with _started([*command, "--port"]) as server:
        try:
            yield server
        finally:
            server.process.send_signal(signal.SIGTERM)
            try:
                server.process.wait(20)
            except subprocess.TimeoutExpired:
                server.process.kill()


@contextmanager
def _started(command: list[str]) -> Iterator[Server]:
    """Start a server at a free port, and at another one where somebody was quicker to take it."""
    for _ in range(_PORTS):
        with subprocess.Popen(
            [*command, str(free_port())],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUTF8": "1"},
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            address = process.stdout.readline().strip()
            if address:
                yield Server(address, process)
                return
            said = process.stderr.read()
        assert _TAKEN in said, said
    raise AssertionError(said)
