"""What is meant to do harm costs itself alone: bombs, files that kill their worker, senders who keep still, full disks."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.requests import Request as Asked

from perfxl.package.limits import DEFAULT
from perfxl.serve import uploads, work
from perfxl.serve.desk import identity
from perfxl.serve.uploads import RefusedError, posted
from support.command import Run
from support.handmade import zipped
from support.pile import bad, good
from support.visitor import Visitor, die, serving

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def visitor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitor]:
    with serving(tmp_path_factory.mktemp("desk"), officers=True) as visitor:
        yield visitor


def bomb() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b" " * 60_000_000})


@pytest.mark.slow
def test_a_bomb_costs_itself(tmp_path: Path) -> None:
    with serving(tmp_path, officers=True) as visitor:
        told = visitor.done(visitor.post("/returns", files=[("炸.xlsx", bomb()), ("甲.xlsx", bad())]))
        assert told["counts"] == {"读不了": 1, "退回": 1}
        assert "读不了" in visitor.client.post("/check", files={"file": ("炸.xlsx", bomb())}).text
        page = visitor.get(f"/returns/look/{identity('炸.xlsx')}")
        assert page.status_code == 200
        assert "读不了" in page.text


@pytest.mark.skipif(os.name == "nt", reason="a signal of POSIX")
def test_a_file_that_kills_its_worker_costs_itself(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor.done(visitor.post("/returns", files=[("乙.xlsx", good())]))
    with monkeypatch.context() as patch:
        patch.setattr(work, "look", die)
        assert visitor.get(f"/returns/look/{identity('乙.xlsx')}").status_code == 422
    assert visitor.get(f"/returns/look/{identity('乙.xlsx')}").status_code == 200
    with monkeypatch.context() as patch:
        patch.setattr(work, "check", die)
        answer = visitor.client.post("/check", files={"file": ("甲.xlsx", bad())})
        assert answer.status_code == 200
        assert "读不了" in answer.text


def test_a_sender_who_keeps_still_is_let_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_SILENCE", 0.05)
    begun = b'--b\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\nPK'
    messages = [{"type": "http.request", "body": begun, "more_body": True}]

    async def receive() -> Any:
        if messages:
            return messages.pop()
        return await asyncio.sleep(60)

    async def ask() -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/",
            "query_string": b"",
            "headers": [(b"content-type", b"multipart/form-data; boundary=b"), (b"x-token", b"t")],
        }
        async with posted(Asked(scope, receive), tmp_path, lambda given: given == "t", DEFAULT):
            pass

    with pytest.raises(RefusedError) as refused:
        asyncio.run(ask())
    assert refused.value.status == 408
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_told(visitor: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(uploads, "_append", full)
    answer = visitor.post("/returns", files=[("丙.xlsx", bad())])
    assert answer.status_code == 507
    assert "磁盘已满" in answer.text
    assert not list(visitor.desk.workspace.root.glob(".perfxl-*"))


def test_a_mistake_of_our_own_is_told_and_the_server_goes_on(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def wrong(*_: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("perfxl.serve.desk.import_into", lambda *_, **__: wrong())
    told = visitor.done(visitor.post("/returns/again"))
    assert told["state"] == "failed"
    assert "程序自己出了错" in told["message"]
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert visitor.get("/returns").status_code == 200


def _run(code: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command_line_starts_without_it() -> None:
    code = (
        "import sys, perfxl.cli; sys.argv = ['perfxl', 'serve', '--help']\n"
        "try: perfxl.cli.main()\nexcept SystemExit: pass\n"
        "print(sorted({'starlette', 'uvicorn', 'python_multipart', 'jinja2'} & set(sys.modules)))"
    )
    assert _run(code).stdout.rstrip().endswith("[]")


def test_where_it_is_not_installed_the_line_for_pip_is_told() -> None:
    code = (
        "import sys; sys.modules['uvicorn'] = None; import perfxl.cli\n"
        "sys.argv = ['perfxl', 'serve', '--no-browser']; perfxl.cli.main()"
    )
    ran = _run(code)
    assert ran.returncode == 2
    assert 'pip install "perfxl[serve]"' in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_port_that_another_program_has_is_told(run: Run, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        ran = run("serve", "--workspace", tmp_path, "--port", port, "--no-browser")
    assert ran.code == 2
    assert ran.out == ""
    assert (
        ran.err
        == f"错误：端口 {port} 已被别的程序占用，或不允许使用；请用 --port 另选一个，如 --port {port % 65535 + 1}\n"
    )
    assert not list(tmp_path.iterdir())
