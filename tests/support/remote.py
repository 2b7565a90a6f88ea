"""Two browsers without a driver of their own, by the protocols that they speak: old Chromium (CDP), Firefox (BiDi)."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

import websocket

_PATIENCE = 120
_MIDDLE = (
    "((one) => { if (!one || document.readyState !== 'complete') return null; one.scrollIntoView({block: 'center'});"
    " const box = one.getBoundingClientRect();"
    " return JSON.stringify([box.x + box.width / 2, box.y + box.height / 2]); })(document.querySelector(%s))"
)


class RemoteBrowser(Protocol):
    """A browser with one page open."""

    def open(self, page: Path) -> None:
        """Open a page from the disk."""

    def visit(self, address: str) -> None:
        """Open a page of a server."""

    def ask(self, expression: str) -> Any:
        """Return what a JavaScript expression gives in the page: a text, a number, nothing."""

    def choose(self, file: Path) -> None:
        """Choose a file in the first field for files."""

    def click(self, wanted: str) -> None:
        """Click the middle of the first of what there is, as a mouse does."""


class _Line:
    """Questions and answers over a web socket."""

    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(address, timeout=_PATIENCE, suppress_origin=True)
        self._asked = 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._asked:
                found: dict[str, Any] = answer.get("result") or answer
                return found

    def until(self, kind: str, method: str, **params: Any) -> dict[str, Any]:
        """Ask until the answer has something of a kind: a browser that has just begun may have nothing to show yet."""
        deadline = time.monotonic() + _PATIENCE
        while not (answer := self.call(method, **params)).get(kind):
            assert time.monotonic() < deadline, answer
            time.sleep(0.1)
        return answer

    def close(self) -> None:
        self._socket.close()


class _Chromium:
    def __init__(self, line: _Line) -> None:
        self._line = line

    def open(self, page: Path) -> None:
        self.visit(page.resolve().as_uri())

    def visit(self, address: str) -> None:
        self._line.call("Page.navigate", url=address)

    def ask(self, expression: str) -> Any:
        answer = self._line.call("Runtime.evaluate", expression=expression, returnByValue=True)
        # Between two pages there is nobody to ask.
        return answer["result"].get("value") if "result" in answer else None

    def choose(self, file: Path) -> None:
        root = self._line.call("DOM.getDocument")["root"]["nodeId"]
        node = self._line.call("DOM.querySelector", nodeId=root, selector="input[type=file]")["nodeId"]
        self._line.call("DOM.setFileInputFiles", files=[str(file.resolve())], nodeId=node)

    def click(self, wanted: str) -> None:
        x, y = _steady_middle(self, wanted)
        for kind in ("mousePressed", "mouseReleased"):
            self._line.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)


class _Firefox:
    def __init__(self, line: _Line) -> None:
        self._line = line
        line.until("sessionId", "session.new", capabilities={})
        self._tab = line.until("contexts", "browsingContext.getTree")["contexts"][0]["context"]

    def open(self, page: Path) -> None:
        self.visit(page.resolve().as_uri())

    def visit(self, address: str) -> None:
        self._line.call("browsingContext.navigate", context=self._tab, url=address, wait="interactive")

    def ask(self, expression: str) -> Any:
        answer = self._line.call(
            "script.evaluate", expression=expression, target={"context": self._tab}, awaitPromise=False
        )
        assert answer.get("type") != "exception", answer
        # Between two pages there is nobody to ask.
        return answer["result"].get("value") if "result" in answer else None

    def choose(self, file: Path) -> None:
        wanted = {"type": "css", "value": "input[type=file]"}
        (node, *_) = self._line.until("nodes", "browsingContext.locateNodes", context=self._tab, locator=wanted)[
            "nodes"
        ]
        place = {"sharedId": node["sharedId"]}
        self._line.call("input.setFiles", context=self._tab, element=place, files=[str(file.resolve())])

    def click(self, wanted: str) -> None:
        x, y = _steady_middle(self, wanted)
        steps = [
            {"type": "pointerMove", "x": round(x), "y": round(y)},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        actions = [{"type": "pointer", "id": "mouse", "actions": steps}]
        self._line.call("input.performActions", context=self._tab, actions=actions)


def _steady_middle(browser: RemoteBrowser, wanted: str) -> tuple[float, float]:
    """Return where to click: a page under way is laid out more than once, and a click on what has moved is lost."""
    deadline = time.monotonic() + _PATIENCE
    before = None
    while time.monotonic() < deadline:
        middle = browser.ask(_MIDDLE % json.dumps(wanted))
        if middle is not None and middle == before:
            x, y = json.loads(middle)
            return x, y
        before = middle
        time.sleep(0.1)
    raise AssertionError(f"{wanted} is not there, or does not keep still")


@contextmanager
def chromium(program: Path) -> Iterator[RemoteBrowser]:
    """Run a Chromium that may be older than any driver at hand."""
    words = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0"]
    with _run(program, *words, profile="--user-data-dir={}") as home:
        port = _told(home / "DevToolsActivePort").split()[0]
        line = _Line(_page_at(port))
        yield _Chromium(line)
        line.close()


@contextmanager
def firefox(program: Path) -> Iterator[RemoteBrowser]:
    """Run a Firefox with a profile of its own."""
    words = ["--headless", "--no-remote", "--remote-debugging-port", "0"]
    with _run(program, *words, profile="--profile={}") as home:
        port = json.loads(_told(home / "WebDriverBiDiServer.json"))["ws_port"]
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                line = _Line(f"ws://127.0.0.1:{port}/session")
                break
            except (OSError, websocket.WebSocketException):  # it listens before it answers
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        yield _Firefox(line)
        line.close()


@contextmanager
def _run(program: Path, *words: str, profile: str) -> Iterator[Path]:
    """Run a browser with a home and a profile that are thrown away; it chooses its port itself, and writes it there."""
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home,
        subprocess.Popen(
            [str(program), *words, profile.format(home), "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": home},
        ) as running,
    ):
        try:
            yield Path(home)
        finally:
            running.kill()


def _told(file: Path) -> str:
    """Return what a browser that begins has written into a file, once it is whole."""
    deadline = time.monotonic() + _PATIENCE
    before = ""
    while time.monotonic() < deadline:
        text = file.read_text("utf-8") if file.is_file() else ""
        if text and text == before:
            return text
        before = text
        time.sleep(0.1)
    raise AssertionError(f"{file.name} was not written")


def _page_at(port: str) -> str:
    """Return the address at which the first page of a Chromium is spoken to."""
    deadline = time.monotonic() + _PATIENCE
    while True:
        with suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
            for page in json.load(answer):
                if page["type"] == "page":
                    return str(page["webSocketDebuggerUrl"])
        assert time.monotonic() < deadline, "there is no page"
        time.sleep(0.2)
