"""Servers on this machine that speak the OpenAI protocol, well or badly, and what a model might write."""

from __future__ import annotations

import json
import random
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from slatewatch.model import Claim


@dataclass(slots=True)
class Question:
    """One request as it came: its body, its headers, and the article between the marks of its last message."""

    body: dict[str, Any]
    headers: dict[str, str]
    path: str = ""

    @property
    def last(self) -> str:
        return str(self.body["messages"][-1]["content"])

    @property
    def words(self) -> str:
        found = re.findall(r"<<<article \w+>>>\n(.*)\n<<<end of article", self.last, re.DOTALL)
        return str(found[-1])


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back: the body, or one that comes too slowly."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    slow: float = 0.0


def chat(text: str, **more: Any) -> Reply:
    """A proper chat completion that says `text`."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", **more}
    usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
    return Reply(json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode())


def says(claims: Sequence[dict[str, Any]]) -> Reply:
    """A proper chat completion with these claims."""
    return chat(json.dumps({"claims": list(claims)}))


@dataclass(slots=True)
class Server:
    """A server that is running: its address, and every question that it was asked."""

    url: str
    asked: list[Question]
    most_at_once: int = 0


class _Listening(ThreadingHTTPServer):
    """One server: how it answers, and what its threads share."""

    daemon_threads = True

    def __init__(self, answer: Callable[[Question], Reply]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer, self.over = answer, threading.Event()
        self.told = Server(f"http://127.0.0.1:{self.server_address[1]}/v1", [])
        self._lock, self._under_way = threading.Lock(), 0

    @contextmanager
    def counting(self, question: Question) -> Iterator[None]:
        """Note the question, and that it is under way while the block lasts."""
        with self._lock:
            self.told.asked.append(question)
            self._under_way += 1
            self.told.most_at_once = max(self.told.most_at_once, self._under_way)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def handle_error(self, *_: object) -> None:
        """Nothing: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Listening

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        question = Question(json.loads(self.rfile.read(length)), dict(self.headers), self.path)
        with self.server.counting(question):  # over before it is answered: who has the answer may ask again at once
            reply = self.server.answer(question)
            if reply.slow:
                self.server.over.wait(reply.slow)
        try:
            self._send(reply)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def log_message(self, *_: object) -> None:
        """Nothing: the test's output is no place for it."""


@contextmanager
def serving(answer: Callable[[Question], Reply]) -> Iterator[Server]:
    """A server on a free port of this machine that answers each question with `answer`."""
    with _Listening(answer) as listening:
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield listening.told
        finally:
            listening.over.set()
            listening.shutdown()
            thread.join(10)


SUFFIXES = ("Jr.", "Jr", "Sr.", "II", "III")


def surname(name: str) -> str:
    """The last word of a name."""
    parts = name.split()
    return name if len(parts) < 2 or parts[-1] in SUFFIXES else parts[-1]


def deranged(claims: Sequence[Claim], chance: random.Random) -> str:
    """These claims as a careless model writes them.

    In another order; credits by surname alone; white space and quotation marks of
    quotes exchanged; roles as words; fields in any order, some left out; all in fences, chatter, or a bare list.
    """
    records = [_careless(claim, chance) for claim in claims]
    chance.shuffle(records)
    whole = json.dumps({"claims": records} if chance.random() < 0.7 else records, ensure_ascii=chance.random() < 0.5)
    if chance.random() < 0.3:
        whole = re.sub(r"\}\]", "},]", whole)
    forms = (
        whole,
        f"```json\n{whole}\n```",
        f"Here are the claims that I found:\n\n```\n{whole}\n```\n\nLet me know if you need {{more}}!",
        f"<think>The article says {{something}}. Let me see.</think>\n{whole}",
        f"Sure! {whole} I hope this helps.",
        json.dumps({"answer": {"claims": records}}, indent=2),
    )
    return chance.choice(forms)


def _careless(claim: Claim, chance: random.Random) -> dict[str, Any]:
    names = ("kind", "project", "subject", "role", "value", "modality", "character", "creators", "year", "quote")
    record: dict[str, Any] = {name: getattr(claim, name) for name in names}
    record["creators"] = list(claim.creators)
    record = {name: value for name, value in record.items() if value not in (None, []) or chance.random() < 0.5}
    if claim.kind == "credit":
        record["value"] = surname(claim.value or "")
    if "role" in record and record["role"] and chance.random() < 0.3:
        record["role"] = str(record["role"]).replace("_", " ").title()
    record["quote"] = _respaced(claim.quote, chance)
    fields = list(record.items())
    chance.shuffle(fields)
    return dict(fields)


def _respaced(quote: str, chance: random.Random) -> str:
    spaced = re.sub(r" ", lambda _: chance.choice((" ", " ", " ", "  ", "\n", "\u00a0")), quote)
    plain = spaced.translate(str.maketrans("‘’“”–—", "''\"\"--")) if chance.random() < 0.7 else spaced
    return chance.choice((plain, f" {plain} ", f'"{plain}"'))


def wait_for(condition: Callable[[], bool], seconds: float = 10.0) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.01)
    return False
