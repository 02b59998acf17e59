"""Webhooks: what is sent verifies with the convention's library; what fails is tried again; nothing private is told."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from conftest import Run
from makers import article, said
from standardwebhooks import Webhook, WebhookVerificationError

from slatewatch.errors import BadInput, Undelivered
from slatewatch.watching import rounds, webhooks
from slatewatch.watching.digest import Told
from slatewatch.watching.finding import alerts
from slatewatch.watching.telling import with_sources

from .conftest import Desk

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
KEY = webhooks.key_of(SECRET)


class Receiver(BaseHTTPRequestHandler):
    """Answers with the next of `answers`, then 200; keeps what it got."""

    answers: list[tuple[int, dict[str, str]]]
    got: list[tuple[dict[str, str], bytes]]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        self.send_response(status)
        for name, value in {"Content-Length": "0", **headers}.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Nothing: the test's output is no place for it."""


@pytest.fixture
def receiver() -> Iterator[tuple[str, type[Receiver]]]:
    handler = type("Hook", (Receiver,), {"answers": [], "got": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/hook?token=secret", handler
    server.shutdown()
    server.server_close()


@pytest.fixture
def told(desk: Desk) -> list[Told]:
    desk.reads(article("a", "2026-01-01", said("Harbour Lights", "format", "film")))
    desk.watches()
    desk.hears(
        article(
            "b",
            "2026-01-02",
            said("Harbour Lights", "director", "Ines Marrow"),
            said("Harbour Lights", "writer", "Ada Vole"),
        )
    )
    return with_sources(desk.db, alerts(desk.db))


def test_what_is_sent_is_signed(receiver: tuple[str, type[Receiver]], told: list[Told]) -> None:
    url, hook = receiver
    webhooks.deliver(url, told[0], KEY, private=["127.0.0.1"])
    ((headers, body),) = hook.got
    data = Webhook(SECRET).verify(body, headers)
    assert data["type"] == "fact.changed"
    assert data["data"]["id"] == headers["webhook-id"] == told[0].alert.id
    assert {data["data"][name] for name in ("before", "after")} == {None, "attached"}
    assert data["data"]["sources"][0]["quote"]
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body.replace(b"attached", b"exited"), headers)


def test_trouble_is_tried_again_with_growing_patience(receiver: tuple[str, type[Receiver]], told: list[Told]) -> None:
    url, hook = receiver
    hook.answers[:] = [(503, {}), (429, {"Retry-After": "20"}), (500, {})]
    waits: list[float] = []
    webhooks.deliver(url, told[0], KEY, private=["127.0.0.1"], sleep=waits.append)
    assert len(hook.got) == 4
    assert len({headers["webhook-id"] for headers, _ in hook.got}) == 1
    assert 0.5 <= waits[0] <= 1.5
    assert waits[1] == 20
    assert 4.5 <= waits[2] <= 13.5


def test_patience_ends(receiver: tuple[str, type[Receiver]], told: list[Told]) -> None:
    url, hook = receiver
    hook.answers[:] = [(500, {"Retry-After": "999999"})] * 9
    waits: list[float] = []
    with pytest.raises(Undelivered, match="answered 500, 5 times"):
        webhooks.deliver(url, told[0], KEY, private=["127.0.0.1"], sleep=waits.append)
    assert (len(hook.got), max(waits)) == (5, webhooks.LONGEST_WAIT)


@pytest.mark.parametrize("status", [302, 400, 401, 404, 410])
def test_a_refusal_is_no_trouble(receiver: tuple[str, type[Receiver]], told: list[Told], status: int) -> None:
    url, hook = receiver
    hook.answers[:] = [(status, {"Location": "http://127.0.0.1:1/"})]
    with pytest.raises(Undelivered, match=f"answered {status}") as error:
        webhooks.deliver(url, told[0], KEY, private=["127.0.0.1"])
    assert len(hook.got) == 1
    assert "secret" not in str(error.value)


@pytest.mark.parametrize("url", [
    "http://127.0.0.1:9/", "http://localhost:9/", "http://10.0.0.1/", "http://169.254.169.254/latest", "http://[::1]/",
    "http://[::ffff:192.168.0.1]/", "http://2130706433/", "http://0/",
])  # fmt: skip
def test_nothing_private_is_told(url: str, told: list[Told], monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*args: object, **more: object) -> None:
        raise AssertionError("a request went out")

    monkeypatch.setattr("httpx.Client.send", never)
    with pytest.raises(Undelivered, match=r"private address|no host"):
        webhooks.deliver(url, told[0], KEY, private=["hooks.example"], sleep=lambda seconds: None)


def test_a_name_that_leads_home_is_private(told: list[Told], monkeypatch: pytest.MonkeyPatch) -> None:
    answer = [(2, 1, 6, "", ("10.1.2.3", 443))]
    monkeypatch.setattr("slatewatch.fetching.socket.getaddrinfo", lambda *args, **more: answer)
    with pytest.raises(Undelivered, match=r"--allow-private hooks\.example"):
        webhooks.deliver("https://hooks.example/x", told[0], KEY)


def test_a_receiver_that_is_gone_is_told_the_next_time(
    desk: Desk, told: list[Told], receiver: tuple[str, type[Receiver]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, hook = receiver
    monkeypatch.setenv("SLATEWATCH_WEBHOOK_SECRET", SECRET)
    monkeypatch.setattr("slatewatch.watching.telling.LONGEST_MEMORY", webhooks_memory())
    hook.answers[:] = [(404, {})]
    (tell,) = rounds.hooks_of([url], ["127.0.0.1"])
    assert len(tell(desk.db)) == 1
    assert tell(desk.db) == []
    assert tell(desk.db) == []
    ids = [json.loads(body)["data"]["id"] for _, body in hook.got]
    assert len(ids) == 3
    assert sorted(set(ids[1:])) == sorted(one.alert.id for one in told)
    assert "secret" not in str([tuple(row) for row in desk.db.execute("SELECT * FROM deliveries")])


def webhooks_memory() -> object:
    from datetime import timedelta

    return timedelta(days=36500)


@pytest.mark.parametrize(
    "secret", [None, "", "whsec_", "hunter2", "whsec_" + base64.b64encode(b"short").decode(), "whsec_ü"]
)
def test_secrets_that_are_none(secret: str | None) -> None:
    with pytest.raises(BadInput, match="SLATEWATCH_WEBHOOK_SECRET"):
        webhooks.key_of(secret)


def test_a_webhook_without_a_secret_stops_before_anything_is_done(
    run: Run, tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SLATEWATCH_WEBHOOK_SECRET", raising=False)
    ran = run("--db", f"{tmp_path}/slate.db", "watch", "run", "--webhook", "https://hooks.example/")
    assert (ran.code, len(ran.err.splitlines())) == (2, 1)
    monkeypatch.setenv("SLATEWATCH_WEBHOOK_SECRET", SECRET)
    assert run("--db", f"{tmp_path}/slate.db", "watch", "run", "--webhook", "ftp://hooks.example/").code == 2
