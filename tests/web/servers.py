"""An invented store, servers over it, and where the browser is."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest
import uvicorn
from starlette.testclient import TestClient

from slatewatch.errors import SlatewatchError
from slatewatch.model import Article, Claim
from slatewatch.store import open_store
from slatewatch.store.adding import Read, add_articles
from slatewatch.web.app import make_app
from slatewatch.web.settings import Settings

WORLD = Path(__file__).parent / "world"
TOKEN = "a-token-for-tests"
#: Small articles beside the world, so that lists have more than one page.
FILLERS = 60
CHROMIUM = "/usr/bin/chromium"
ARGS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --disable-dev-shm-usage"
).split()


def filler(n: int) -> Read:
    """An article on one small project of its own."""
    title, name = f"The Tidemark {n}", f"Runa Velde-{chr(65 + n % 26)}{n}"
    headline, words = f"{title} finds its writer", f"{name} will write {title}. A director is sought."
    text, id_ = f"{headline}\n\n{words}", f"tide-{n}"

    def said(quote: str, **fields: object) -> Claim:
        start = text.index(quote)
        whole = {"article": id_, "project": title, "quote": quote, "start": start, "end": start + len(quote), **fields}
        return Claim(**whole)  # type: ignore[arg-type]

    day = (date(2022, 1, 1) + timedelta(days=n)).isoformat()
    article = Article(id=id_, title=headline, text=words, outlet="The Marquee Ledger", published=day)
    credit = said(f"{name} will write {title}", kind="credit", role="writer", value=name, modality="attached")
    return article, [credit, said("A director is sought", kind="open_role", role="director")]


def build(path: Path, articles: list[Read | SlatewatchError]) -> Path:
    db = open_store(path, write=True)
    _, bad = add_articles(db, articles)
    assert not bad
    # Back to one file without a log beside it, so that it can be copied.
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    return path


def client_of(store: Path, **settings: object) -> TestClient:
    """A client in this process, of a server that allows any pace unless told otherwise."""
    whole = {"store": store, "token": TOKEN, "rate": 0.0, **settings}
    app = make_app(Settings(**whole))  # type: ignore[arg-type]
    return TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False, follow_redirects=False)


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """A server on a free port, in a thread; gives its address."""
    app = make_app(Settings(store=store, token=TOKEN, rate=0.0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        until = time.monotonic() + 60
        while not server.started and time.monotonic() < until:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(30)
        assert not thread.is_alive()


def no_browser(why: str) -> None:
    """Skips, and says why; in CI nothing may be skipped."""
    if os.environ.get("CI"):
        pytest.fail(f"CI needs the browser tests: {why}")
    pytest.skip(f"browser tests: {why}")
