"""A server that is killed in the middle of its work: what lies there is whole, and the next one goes on."""

from __future__ import annotations

import json
import re
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest

import perfxl
from perfxl.outputs import HISTORY, JOURNAL
from support.pile import bad
from support.server import Server, running

pytestmark = [pytest.mark.client, pytest.mark.slow]


class Person:
    """A program that speaks as a browser does."""

    def __init__(self, server: Server) -> None:
        self.base = server.base
        with urllib.request.urlopen(server.address) as answer:  # noqa: S310 - our own server
            self.cookie = str(answer.headers["set-cookie"]).partition(";")[0]
        found = re.search(r'name="token" content="(\w+)"', self.ask("/returns").decode())
        assert found
        self.token = found[1]

    def ask(self, path: str, data: bytes | None = None, kind: str = "") -> bytes:
        headers = {"cookie": self.cookie, "accept": "application/json", "x-token": getattr(self, "token", "")}
        headers |= {"content-type": kind} if kind else {}
        asked = urllib.request.Request(self.base + path, data, headers)  # noqa: S310 - likewise
        with urllib.request.urlopen(asked) as answer:  # noqa: S310 - likewise
            found: bytes = answer.read()
            return found

    def hand_in(self, files: dict[str, bytes]) -> dict[str, Any]:
        parts = [
            f'--b\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode() + data + b"\r\n"
            for name, data in files.items()
        ]
        told: dict[str, Any] = json.loads(
            self.ask("/returns", b"".join(parts) + b"--b--\r\n", "multipart/form-data; boundary=b")
        )
        return told

    def until_done(self, job: str) -> dict[str, Any]:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            told: dict[str, Any] = json.loads(self.ask(f"/jobs/{job}"))
            if told["state"] in {"done", "failed"}:
                return told
            time.sleep(0.05)
        raise TimeoutError(told)


def test_the_next_one_goes_on(tmp_path: Path) -> None:
    root = tmp_path / "工作"
    files = {f"{number}.xlsx": bad(f"青溪县第{number}站", f"{number:06}") for number in range(40)}
    with running(root) as server:
        person = Person(server)
        job = person.hand_in(files)["id"]
        deadline = time.monotonic() + 60
        while json.loads(person.ask(f"/jobs/{job}"))["done"] < 5 and time.monotonic() < deadline:
            time.sleep(0.01)
        server.kill()
    assert sorted(path.name for path in (root / "交回").iterdir()) == sorted(files)
    with running(root) as server:
        person = Person(server)
        told = person.until_done(person.hand_in({"后.xlsx": bad()})["id"])
        assert (told["state"], told["total"], told["counts"]) == ("done", 41, {"退回": 41})
    assert not list(root.rglob(".perfxl-*.tmp"))
    perfxl.import_returns(root / "交回", tmp_path / "结果", templates=[root / "templates"])
    for file in (tmp_path / "结果").rglob("*"):
        if file.is_file() and file.name not in {HISTORY, JOURNAL}:
            assert file.read_bytes() == (root / "结果" / file.relative_to(tmp_path / "结果")).read_bytes(), file
