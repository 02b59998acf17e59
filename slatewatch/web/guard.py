"""What stands before every route: who may ask by which name, how much, how often; and the headers of every answer."""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import origins
from .settings import Settings

#: Everything from our own files, nothing in the page itself, in no other page's frame.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS = (
    ("content-security-policy", POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("x-frame-options", "DENY"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
)
#: Bytes of a request's body and of its path with the query, at most.
LARGEST_BODY = 64 * 1024
LONGEST_TARGET = 8 * 1024
#: Addresses whose pace is remembered, the one heard of last longest.
REMEMBERED = 10_000
#: Seconds' worth of requests that may come at once.
BURST = 4.0


class Pace:
    """At most `rate` a second from each address, `rate * BURST` at once; a rate of 0 lets everything through."""

    def __init__(self, rate: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.rate, self.most, self.clock = rate, max(1.0, rate * BURST), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, address: str) -> bool:
        if not self.rate:
            return True
        now = self.clock()
        left, then = self._left.pop(address, (self.most, now))
        left = min(self.most, left + (now - then) * self.rate)
        allowed = left >= 1
        self._left[address] = (left - 1 if allowed else left, now)
        if len(self._left) > REMEMBERED:
            self._left.popitem(last=False)
        return allowed

    def forget(self, address: str) -> None:
        self._left.pop(address, None)


class Guard:
    """Middleware. `refuse` makes the answer to what is not let through, from a status and a sentence."""

    def __init__(self, app: ASGIApp, settings: Settings, refuse: Callable[[Scope, int, str], Response]) -> None:
        self.app, self.settings, self.refuse = app, settings, refuse
        self.pace = Pace(settings.rate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS:
                    headers[name] = value
                origins.loosen(scope, headers, self.settings)
            await send(message)

        problem = self._problem(scope)
        if problem:
            await self.refuse(scope, *problem)(scope, receive, send_guarded)
            return
        await self.app(scope, _bounded(receive), send_guarded)

    def _problem(self, scope: Scope) -> tuple[int, str] | None:
        headers = Headers(scope=scope)
        if not known_host(headers.get("host", ""), self.settings.hosts):
            return 421, "This server does not go by that name: start it with --allow-host NAME to let it."
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_TARGET:
            return 414, f"The address is too long: at most {LONGEST_TARGET} bytes."
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > LARGEST_BODY:
            return 413, f"That is too much to send: at most {LARGEST_BODY} bytes."
        client = scope.get("client")
        if not self.pace.allows(client[0] if client else ""):
            return 429, "Too many requests: wait a second and go on more slowly."
        return None


def known_host(host: str, names: tuple[str, ...]) -> bool:
    """Whether a browser may call the server so: loopback, a plain address, or a name it was told.

    Any other name may be a page elsewhere that points its own name at this machine in order to read what it shows.
    """
    name = host.rsplit("]", 1)[0].lstrip("[") if host.startswith("[") else host.rsplit(":", 1)[0]
    if name.lower() in {"localhost", *(n.lower() for n in names)}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class TooMuch(Exception):
    """A body grew past the bound while it was being read."""


def _bounded(receive: Receive) -> Receive:
    """Receive, for bodies that do not say beforehand how long they are."""
    seen = 0

    async def bounded() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > LARGEST_BODY:
            raise TooMuch
        return message

    return bounded
