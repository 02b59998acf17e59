"""A site on this machine that misbehaves in every way a feed reader meets, and keeps account of what it was asked."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

#: Status, headers, body; or what makes them out of the headers of the request.
Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Site:
    """`answers` maps a path to its answer; `asked` keeps every request, `open_at_once` the most served at one time."""

    base: str = ""
    answers: dict[str, Answer | Callable[[dict[str, str]], Answer]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    slow: dict[str, float] = field(default_factory=dict)
    open_now: int = 0
    open_at_once: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def host(self) -> str:
        return self.base.removeprefix("http://")

    def paths(self) -> list[str]:
        """What was asked for, robots.txt aside, since the last time."""
        paths = [path for path, _ in self.asked if path != "/robots.txt"]
        self.asked.clear()
        return paths

    def feed(self, path: str, body: str | bytes, kind: str = "application/rss+xml", **headers: str) -> str:
        """Answer with a feed that has an ETag, and with 304 to who has it."""
        raw = body.encode() if isinstance(body, str) else body
        self.put(path, raw, kind, **headers)
        return f"{self.base}{path}"

    def put(self, path: str, body: str | bytes, kind: str = "text/html", **headers: str) -> str:
        raw = body.encode() if isinstance(body, str) else body
        tag = f'"{hash(raw) & 0xFFFFFF:x}"'
        said = {"Content-Type": kind, "ETag": tag, **{k.replace("_", "-"): v for k, v in headers.items()}}

        def answer(request: dict[str, str]) -> Answer:
            if request.get("If-None-Match") == said["ETag"]:
                return 304, {"ETag": said["ETag"]}, b""
            return 200, said, raw

        self.answers[path] = answer
        return f"{self.base}{path}"

    def redirect(self, path: str, to: str, status: int = 302) -> str:
        self.answers[path] = (status, {"Location": to}, b"")
        return f"{self.base}{path}"


@contextmanager
def serving() -> Iterator[Site]:
    """A site on 127.0.0.1, on a port of its own."""
    site = Site()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            with site.lock:
                site.asked.append((self.path, dict(self.headers)))
                site.open_now += 1
                site.open_at_once = max(site.open_at_once, site.open_now)
            try:
                time.sleep(site.slow.get(self.path, 0))
                found = site.answers.get(self.path, (404, {}, b""))
                status, headers, body = found(dict(self.headers)) if callable(found) else found
                with site.lock:
                    site.open_now -= 1
                self.send_response(status)
                for name, value in {"Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                # Who asked has gone: too slow, or too much.
                self.close_connection = True

        def log_message(self, *args: object) -> None:
            """Nothing: the test's output is no place for it."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *args: object) -> None:
            """Nothing: clients that hang up are part of the tests."""

    server = Server(("127.0.0.1", 0), Handler)
    site.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def rss(*links: str, title: str = "Reel Ledger", says: str = "", day: str = "Mon, 02 Nov 2026 10:00:00 GMT") -> str:
    items = "".join(
        f"<item><title>Entry {link[-12:]}</title><link>{link}</link><guid isPermaLink='false'>{link}</guid>"
        f"<pubDate>{day}</pubDate><description>{says}</description></item>"
        for link in links
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>{title}</title>{items}</channel></rss>'


def page(title: str, *paragraphs: str, head: str = "", published: str = "2026-11-02") -> str:
    """A page of an article, as an outlet would set it."""
    date = f'<meta property="article:published_time" content="{published}">' if published else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f"<html><head><title>{title}</title><meta property='og:site_name' content='Reel Ledger'>{date}{head}</head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


PROSE = (
    "Ines Marlow is set to direct Undertow for Lantern Row Films, from a script by Joel Brandt finished in May.",
    "The film is based on the novel by Hanne Birkeland, and it is the first that she has taken on since her debut.",
    "Brandt and Marlow had worked together on two short films before; Lantern Row hopes to begin to shoot in autumn.",
)


def bomb(size: int) -> bytes:
    """So many bytes of nothing, packed."""
    return gzip.compress(bytes(size), 9)
