"""The server: where it listens, the address with the key, and how it ends."""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from perfxl.model.error import Error
from perfxl.serve.app import application
from perfxl.serve.bounds import MOST_CONNECTIONS
from perfxl.serve.desk import Desk
from perfxl.serve.security import Keyring
from perfxl.serve.workspace import Workspace

_TAKEN = {errno.EADDRINUSE, errno.EACCES}


class PortTakenError(Error):
    """Another program listens at the port; ``port`` is which."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.port = port

    def __str__(self) -> str:
        return f"端口 {self.port} 已被别的程序占用，或不允许使用"


class NoAddressError(Error):
    """There is no such address on this machine; ``host`` is which."""

    def __init__(self, host: str) -> None:
        super().__init__(host)
        self.host = host

    def __str__(self) -> str:
        return f"这台电脑没有“{self.host}”这个地址"


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises PortTakenError, NoAddressError."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError):
        raise NoAddressError(host) from None
    taken = socket.socket(family, kind, protocol)
    try:
        if os.name == "posix":  # on Windows it would let two programs listen at one port
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(address)
        taken.listen(MOST_CONNECTIONS)
    except OSError as error:
        taken.close()
        if error.errno in _TAKEN:
            raise PortTakenError(port) from None
        raise NoAddressError(host) from None
    return taken


def serve(taken: socket.socket, workspace: Path, host: str, *, officers: bool, told: Callable[[str], object]) -> None:
    """Serve a workspace until somebody ends it. ``told`` gets the address with the key as soon as it can be opened.

    Raises OSError where the workspace's folders cannot be made.
    """
    port = taken.getsockname()[1]
    keyring = Keyring(port)
    desk = Desk(Workspace(workspace.resolve()), keyring, officers=officers)
    desk.workspace.prepare()  # what cannot be made is told before anything is opened
    config = uvicorn.Config(
        application(desk, host),
        log_level="error",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        lifespan="on",
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=3,
    )
    server = _Telling(config, lambda: told(f"http://{_named(host)}:{port}/?key={keyring.key}"))
    server.run(sockets=[taken])


class _Telling(uvicorn.Server):
    """Says when it can be reached."""

    def __init__(self, config: uvicorn.Config, told: Callable[[], object]) -> None:
        super().__init__(config)
        self._told = told

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if not self.should_exit:
            self._told()


def _named(host: str) -> str:
    """Return how an address is written where a browser is to open it."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 - it is what was asked for
        return socket.gethostname()
    return f"[{host}]" if ":" in host else host
