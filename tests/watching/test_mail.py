"""The digest by mail, taken by an SMTP server on this machine (aiosmtpd)."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from conftest import Run
from lxml import html
from makers import article, labelled, said

from slatewatch.errors import BadInput, Undelivered
from slatewatch.watching import mail
from slatewatch.watching.finding import alerts
from slatewatch.watching.telling import with_sources

from .conftest import Desk

H = "Harbour Lights"


class Postbox:
    """Keeps what is handed in; `refuse` is what it answers instead."""

    def __init__(self) -> None:
        self.mails: list[tuple[str, EmailMessage]] = []
        self.refuse: str | None = None
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        if self.refuse:
            return self.refuse
        message = BytesParser(policy=default).parsebytes(envelope.content)
        assert isinstance(message, EmailMessage)
        self.mails += [(to, message) for to in envelope.rcpt_tos]
        return "250 kept"

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def postbox() -> Iterator[tuple[str, Postbox]]:
    box = Postbox()
    port = free_port()
    controller = Controller(
        box, hostname="127.0.0.1", port=port, authenticator=box.authenticate, auth_require_tls=False
    )
    controller.start()
    yield f"127.0.0.1:{port}", box
    controller.stop()


@pytest.fixture
def store(tmp_path: Path, run: Run) -> tuple[str, Path]:
    """A store with a watch, and a folder for news."""
    news = tmp_path / "news"
    news.mkdir()
    (news / "a.json").write_text(json.dumps(labelled(article("a", "2026-01-01", said(H, "format", "film")))), "utf-8")
    db = str(tmp_path / "slate.db")
    run("--db", db, "add", "--claims", news)
    assert run("--db", db, "watch", "add", H).code == 0
    hostile = '<script>alert(1)</script> & "x"'
    for name, value in (("b", "Ines Marrow"), ("c", hostile)):
        read = article(
            name,
            "2026-01-02",
            said(H, "director" if name == "b" else "writer", value),
            url=f"https://outlet.example/{name}",
        )
        (news / f"{name}.json").write_text(json.dumps(labelled(read)), "utf-8")
    run("--db", db, "add", "--claims", news)
    return db, news


def mailing(db: str, server: str, *more: str) -> list[str]:
    return ["--db", db, "watch", "run", "--mail-to", "desk@agency.example", "--mail-from", "slate@agency.example",
            "--smtp", f"smtp://{server}", *more]  # fmt: skip


def test_one_mail_a_day_with_every_change(store: tuple[str, Path], postbox: tuple[str, Postbox], run: Run) -> None:
    (db, news), (server, box) = store, postbox
    ran = run(*mailing(db, server))
    assert ran.code == 0, ran.err
    ((to, message),) = box.mails
    assert (to, message["From"], message["Auto-Submitted"]) == (
        "desk@agency.example",
        "slate@agency.example",
        "auto-generated",
    )
    assert "2 changes on 1 project" in message["Subject"]
    plain, page = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert page is not None
    assert "director Ines Marrow: not said → attached" in plain.get_content()
    tree = html.document_fromstring(page.get_content())
    assert tree.xpath("//script") == []
    assert '<script>alert(1)</script> & "x"' in tree.text_content()
    assert tree.xpath("//a/@href") == ["https://outlet.example/b", "https://outlet.example/c"]
    # Nothing new: no mail. Something new on the same day: kept for tomorrow, or sent when asked for.
    assert run(*mailing(db, server, "--now")).code == 0
    more(news, "d", said(H, "cast", "Jo Vane"))
    run("--db", db, "add", "--claims", news)
    assert run(*mailing(db, server)).code == 0
    assert len(box.mails) == 1
    assert run(*mailing(db, server, "--now")).code == 0
    later = box.mails[1][1].get_body(("plain",))
    assert later is not None
    assert later.get_content().count("→") == 1


def more(news: Path, name: str, claim: Any) -> None:
    (news / f"{name}.json").write_text(json.dumps(labelled(article(name, "2026-01-03", claim))), "utf-8")


def test_a_mail_that_is_refused_is_sent_the_next_time(
    store: tuple[str, Path], postbox: tuple[str, Postbox], run: Run
) -> None:
    (db, _), (server, box) = store, postbox
    box.refuse = "451 come back later"
    ran = run(*mailing(db, server))
    assert (ran.code, "come back later" in ran.err, len(ran.err.splitlines())) == (1, True, 1)
    box.refuse = None
    assert run(*mailing(db, server)).code == 0
    assert len(box.mails) == 1


def test_a_password_is_sent_to_the_named_server(
    store: tuple[str, Path], postbox: tuple[str, Postbox], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (db, _), (server, box) = store, postbox
    monkeypatch.setenv("SLATEWATCH_SMTP_PASSWORD", "open sesame")
    assert run(*mailing(db, f"desk@{server}")).code == 0
    assert box.logins == [(b"desk", b"open sesame")]
    assert len(box.mails) == 1


def test_a_password_goes_nowhere_else_without_encryption(
    postbox: tuple[str, Postbox], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, box = postbox
    monkeypatch.setattr(mail, "HERE", frozenset())
    with pytest.raises(Undelivered, match="no encryption"):
        mail.send(mail.server_of(f"smtp://desk@{server}", "open sesame"), EmailMessage())
    assert box.logins == []


def test_a_server_with_an_unknown_certificate_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    box, port = Postbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port, tls_context=context, require_starttls=True)
    controller.start()
    message = EmailMessage()
    message["From"], message["To"] = "slate@agency.example", "desk@agency.example"
    server = mail.server_of(f"smtp://localhost:{port}", None)
    try:
        with pytest.raises(Undelivered, match="certificate"):
            mail.send(server, message)
        assert box.mails == []
        believing = ssl.create_default_context()
        authority.configure_trust(believing)
        monkeypatch.setattr("ssl.create_default_context", lambda: believing)
        mail.send(server, message)
        assert len(box.mails) == 1
    finally:
        controller.stop()


@pytest.mark.parametrize(
    "url", ["localhost", "http://localhost", "smtp://", "smtp://h:99999", "smtp://u:p@h", "smtp://u@h", "smtp://h/x"]
)
def test_servers_that_are_none(url: str) -> None:
    with pytest.raises(BadInput):
        mail.server_of(url, None)


@pytest.mark.parametrize("address", ["", "desk", "desk@", "a@b\nBcc: c@d", "a@b, c@d", "Desk <a@b.c>", "@"])
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(BadInput):
        mail.checked_mailbox(address)


def test_a_title_cannot_add_a_header(desk: Desk) -> None:
    desk.watches()
    desk.hears(article("a", "2026-01-01", said("Gull\r\nBcc: all@example.org", "writer", "Ada Vole")))
    message = mail.message_of(with_sources(desk.db, alerts(desk.db)), to="a@b.example", sender="c@d.example")
    assert message["Bcc"] is None
    assert "Bcc: all@example.org" in message["Subject"]


def test_mail_needs_a_server_and_a_sender(store: tuple[str, Path], run: Run) -> None:
    for args in (["--mail-to", "a@b.c"], ["--mail-to", "a@b.c", "--smtp", "smtp://localhost"]):
        ran = run("--db", store[0], "watch", "run", *args)
        assert (ran.code, ran.out) == (2, "")
        assert "mail needs" in ran.err
