"""Answers kept while the store stays as it is: the front of the feed or of the grid is made once for all who look."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .connections import Connections
from .rendering import ASK_AGAIN, had_already

#: Bytes of all answers kept, and of one of them.
ROOM, LARGEST = 4 * 2**20, 256 * 2**10
#: What is asked for once may never be asked for again: it is kept the second time, among so many that were asked for.
REMEMBERED = 500
#: Seconds an answer may be kept in a store where nothing changes: figures of the whole store are made anew meanwhile.
LASTS = 30.0
#: Who sends one of these may be shown something of their own.
PRIVATE = ("cookie", "authorization", "origin")
Key = tuple[str, str, bytes, bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """Headers and body as they were sent, in what state of the store and on what day, and how long they hold."""

    state: object
    until: float
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Kept:
    """Middleware. What is asked for again is kept until the store is written to; what nobody asks for makes room."""

    def __init__(self, app: ASGIApp, connections: Connections, clock: Callable[[], float] = time.monotonic) -> None:
        self.app, self.connections, self.clock = app, connections, clock
        self._answers: OrderedDict[Key, Answer] = OrderedDict()
        self._asked: OrderedDict[int, None] = OrderedDict()
        self._size = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope) if scope["type"] == "http" else None
        if headers is None or scope["method"] != "GET" or any(name in headers for name in PRIVATE):
            await self.app(scope, receive, send)
            return
        # Pages tell ages, and so change with the day.
        key, state = _key(scope, headers), (self.connections.state(), date.today())
        found = self._answers.get(key)
        if found and found.state == state and self.clock() < found.until:
            self._answers.move_to_end(key)
            await _give(found, headers, send)
        elif state[0] is None or not (found or self._again(key)):
            await self.app(scope, receive, send)
        else:
            # The state is that before the store was read: what is written meanwhile makes the answer stale at once.
            await self.app(scope, receive, self._keeping(key, state, send))

    def _again(self, key: Key) -> bool:
        """Whether this was asked for before; now it was."""
        name = hash(key)
        before = name in self._asked
        self._asked[name] = None
        self._asked.move_to_end(name)
        if len(self._asked) > REMEMBERED:
            self._asked.popitem(last=False)
        return before

    def _keeping(self, key: Key, state: object, send: Send) -> Send:
        """Hands on what is sent, and keeps it once it is whole."""
        headers: list[tuple[bytes, bytes]] | None = None
        parts: list[bytes] = []

        async def keeping(message: Message) -> None:
            nonlocal headers
            if message["type"] == "http.response.start":
                said = Headers(raw=message["headers"])
                fits = message["status"] == 200 and said.get("cache-control") == ASK_AGAIN and "set-cookie" not in said
                headers = list(message["headers"]) if fits and int(said.get("content-length", 0)) <= LARGEST else None
            elif headers is not None:
                parts.append(message.get("body", b""))
                if not message.get("more_body", False):
                    self._keep(key, Answer(state, self.clock() + LASTS, headers, b"".join(parts)))
            await send(message)

        return keeping

    def _keep(self, key: Key, answer: Answer) -> None:
        old = self._answers.pop(key, None)
        self._size += len(answer.body) - (len(old.body) if old else 0)
        self._answers[key] = answer
        while self._size > ROOM:
            self._size -= len(self._answers.popitem(last=False)[1].body)


def _key(scope: Scope, headers: Headers) -> Key:
    """What an answer may hang on besides the store: feeds say by which name the server was called."""
    return (
        scope["scheme"],
        headers.get("host", ""),
        scope.get("raw_path") or scope["path"].encode(),
        scope["query_string"],
    )


async def _give(found: Answer, asked: Headers, send: Send) -> None:
    tag = Headers(raw=found.headers).get("etag", "")
    if had_already(tag, asked.get("if-none-match", "")):
        kept = [(name, value) for name, value in found.headers if name not in {b"content-length", b"content-type"}]
        await send({"type": "http.response.start", "status": 304, "headers": kept})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": 200, "headers": list(found.headers)})
    await send({"type": "http.response.body", "body": found.body})
