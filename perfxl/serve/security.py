"""Who may see and change what: a key for each start, a cookie for each browser that has shown it, where requests come from.

The key stands in the address that is printed; who opens it gets a cookie that no script can read and that other sites
cannot make the browser send. A page of another site that posts here is known by where the request says it comes from,
and by the missing token of the form. A name that leads here by a trick of the name server is known by the Host header.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import socket
from collections import OrderedDict
from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit

from msgspec import Struct, field
from starlette.datastructures import Headers

from perfxl.serve.bounds import MOST_SESSIONS

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""What goes with every answer: nothing from elsewhere is loaded or shown, nothing is kept by the browser.

The policy for referrers must let our own pages be named: else browsers say of their forms that they come from nowhere.
"""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Keyring(Struct):
    """The key of this start and the browsers that have shown it. ``port`` tells the cookies of several servers apart."""

    port: int
    key: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    _sessions: OrderedDict[str, None] = field(default_factory=OrderedDict)

    @property
    def cookie(self) -> str:
        return f"perfxl-{self.port}"

    def fits(self, given: str) -> bool:
        """Tell whether this is the key."""
        return hmac.compare_digest(given.encode(errors="replace"), self.key.encode())

    def admit(self) -> str:
        """Return the ``Set-Cookie`` of a browser that has shown the key."""
        session = secrets.token_urlsafe(32)
        self._sessions[session] = None
        while len(self._sessions) > MOST_SESSIONS:
            self._sessions.popitem(last=False)
        return f"{self.cookie}={session}; Path=/; HttpOnly; SameSite=Strict"

    def session(self, headers: Headers) -> str:
        """Return the session that a request belongs to, "" where it shows no cookie of ours."""
        cookies: SimpleCookie = SimpleCookie()
        try:
            cookies.load(headers.get("cookie", ""))
        except CookieError:
            return ""
        found = cookies[self.cookie].value if self.cookie in cookies else ""
        return found if found in self._sessions else ""

    def bears(self, headers: Headers) -> bool:
        """Tell whether a program shows the key, as ``Authorization: Bearer``."""
        kind, _, given = headers.get("authorization", "").partition(" ")
        return kind.lower() == "bearer" and self.fits(given.strip())

    def token(self, session: str) -> str:
        """Return what the forms of a session carry, so that no other site can make one up."""
        return hmac.digest(self._secret, session.encode(), "sha256").hex()

    def is_token(self, session: str, given: str) -> bool:
        """Tell whether a form of this session was sent."""
        return bool(session) and hmac.compare_digest(given.encode(errors="replace"), self.token(session).encode())


def known_hosts(host: str) -> frozenset[str]:
    """Return the names under which a server that listens at ``host`` is reached; addresses in figures come besides."""
    if is_loopback(host):
        return _LOOPBACK
    here = socket.gethostname().lower()
    return _LOOPBACK | {host.lower(), here, here.partition(".")[0], socket.getfqdn().lower()}


def is_loopback(host: str) -> bool:
    """Tell whether an address is seen on this machine only."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def is_known(header: str, names: frozenset[str]) -> bool:
    """Tell whether a Host header names this server, and no name that somebody's name server leads here.

    An address in figures cannot be led elsewhere: it is taken wherever others than this machine are served.
    """
    try:
        host = urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return False
    if host in names:
        return True
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return names != _LOOPBACK


def is_from_here(headers: Headers) -> bool:
    """Tell whether a request that changes something comes from one of our own pages, or from no page at all."""
    if headers.get("sec-fetch-site", "none") not in {"none", "same-origin"}:
        return False
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")
