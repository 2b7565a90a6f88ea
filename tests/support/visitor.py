"""Somebody with a browser before a server of our own: what can be asked of it without one that runs."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from httpx2 import Response
from starlette.testclient import TestClient

from perfxl.receive.examine import perform
from perfxl.serve.app import application
from perfxl.serve.desk import Desk
from perfxl.serve.jobs import Begun, Step
from perfxl.serve.security import Keyring
from perfxl.serve.workspace import Workspace
from perfxl.workers import tell

HERE = "http://127.0.0.1:8300"
_PATIENCE = 120
_TOKEN = re.compile(r'name="token" content="([0-9a-f]+)"')


class Visitor:
    """A browser that has shown the key."""

    def __init__(self, client: TestClient, desk: Desk) -> None:
        self.client = client
        self.desk = desk
        client.get("/", params={"key": desk.keyring.key})
        found = _TOKEN.search(client.get("/").text)
        assert found
        self.token = found[1]

    def get(self, address: str) -> Response:
        return self.client.get(address)

    def post(
        self, address: str, data: dict[str, Any] | None = None, files: list[tuple[str, bytes]] | None = None
    ) -> Response:
        """Send a form as a browser does, its token first."""
        sent = [("file", (name, content)) for name, content in files or ()]
        return self.client.post(address, data={"token": self.token, **(data or {})}, files=sent or None)

    def done(self, answer: Response) -> dict[str, Any]:
        """Wait for the work that an answer leads to, and return how it ended."""
        found = re.search(r'data-job="([^"]+)"', answer.text)
        address = str(answer.url) if "/jobs/" in str(answer.url) else f"/jobs/{found[1]}" if found else ""
        return self.finished(address) if address else self.latest()

    def latest(self) -> dict[str, Any]:
        (job,) = [*self.desk.jobs.all()][-1:]
        return self.finished(f"/jobs/{job.identity}")

    def finished(self, address: str) -> dict[str, Any]:
        deadline = time.monotonic() + _PATIENCE
        while time.monotonic() < deadline:
            told: dict[str, Any] = self.client.get(address, headers={"accept": "application/json"}).json()
            if told["state"] in {"done", "failed", "stopped"}:
                return told
            time.sleep(0.02)
        raise AssertionError(told)


def die(*_: Any) -> None:
    """Do what a file does that kills its worker; it stands here, for workers find it here."""
    os._exit(1)


def dawdle(place: Path) -> None:
    """Write one of three files, say so, and take for ever over the second; it stands here, for workers find it here."""
    tell(Begun("正在生成", 3))
    (place / "甲.xlsx").write_bytes(b"whole")
    tell(Step("甲.xlsx", "已生成"))
    time.sleep(3_600)


def linger(work: Any, packed: bytes, item: Any, *rest: Any) -> Any:
    """Do with a file what a worker does, but take for ever over one whose name begins with 慢."""
    if item.name.startswith("慢"):
        time.sleep(3_600)
    return perform(work, packed, item, *rest)


@contextmanager
def serving(root: Path, *, officers: bool = False) -> Iterator[Visitor]:
    """Serve a workspace, and visit it with the key."""
    desk = Desk(Workspace(root), Keyring(8300), officers=officers)
    with TestClient(application(desk), base_url=HERE) as client:
        yield Visitor(client, desk)
