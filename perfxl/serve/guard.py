"""What every request passes first: is it for us, from one of our own pages, and of somebody who has shown the key."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from perfxl.serve.rendering import render
from perfxl.serve.security import HEADERS, Keyring, is_from_here, is_known

_READS = frozenset({"GET", "HEAD"})
KEY = "key"
NOT_FROM_HERE = "这个请求来自别的网站，没有执行。"


class Guard:
    """Lets through to the pages what may pass; every answer gets the headers that keep browsers careful."""

    def __init__(self, app: ASGIApp, *, keyring: Keyring, hosts: frozenset[str], officers: bool) -> None:
        self._app = app
        self._keyring = keyring
        self._hosts = hosts
        self._officers = officers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return

        async def careful(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        await (refusal or self._app)(scope, receive, careful)

    def _refusal(self, scope: Scope) -> Response | None:
        """Return what is answered to a request that does not pass, None to one that does."""
        headers, path = Headers(scope=scope), scope["path"]
        if not is_known(headers.get("host", ""), self._hosts):
            return PlainTextResponse("这个地址不是本服务的地址。请用启动时显示的地址打开。\n", 421)
        if scope["method"] not in _READS and not is_from_here(headers):
            return self._refused(scope, 403, NOT_FROM_HERE)
        if path.startswith("/api/"):
            return None if self._keyring.bears(headers) else self._refused(scope, 401, "没有密钥，或密钥不对。")
        if path.startswith("/static/") or path == "/key" or (self._officers and _for_officers(path)):
            return None
        given = dict(parse_qsl(scope["query_string"].decode("latin-1"))).get(KEY)
        if given is not None and scope["method"] in _READS:
            return self._admission(scope, given)
        session = self._keyring.session(headers)
        if not session:
            if headers.get("accept", "").startswith("application/json"):
                return self._refused(scope, 403, "密钥已经失效，请用启动时显示的新地址重新打开。")
            return HTMLResponse(render("key.html.j2", wrong=False, officers=self._officers), 403)
        scope.setdefault("state", {})["session"] = session
        return None

    def _admission(self, scope: Scope, given: str) -> Response:
        """Answer somebody who brings the key: with a cookie, and the same address without the key.

        It is a page and no redirection: after one that began on another site the browser would keep the cookie back.
        """
        if not self._keyring.fits(given):
            return HTMLResponse(render("key.html.j2", wrong=True, officers=self._officers), 403)
        rest = [pair for pair in parse_qsl(scope["query_string"].decode("latin-1")) if pair[0] != KEY]
        path = scope["path"] if not scope["path"].startswith("//") else "/"
        address = path + (f"?{urlencode(rest)}" if rest else "")
        answer = HTMLResponse(render("admitted.html.j2", address=address))
        answer.headers["set-cookie"] = self._keyring.admit()
        return answer

    def _refused(self, scope: Scope, status: int, message: str) -> Response:
        headers = Headers(scope=scope)
        if scope["path"].startswith("/api/") or "application/json" in headers.get("accept", ""):
            return JSONResponse({"message": message}, status)
        return HTMLResponse(render("refused.html.j2", messages=[message], leads=()), status)


def _for_officers(path: str) -> bool:
    return path == "/check"
