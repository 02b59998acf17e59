"""The digest as a mail, through the SMTP server that the user names."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from urllib.parse import unquote, urlsplit

from slatewatch.errors import BadInput, Undelivered
from slatewatch.terminal import printable

from .digest import Told, as_html, as_text, heading

#: Seconds for each answer of the server.
PATIENCE = 30.0
#: Where a password may go without encryption: nowhere but to this machine.
HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SmtpServer:
    """Where mail is handed in. `implicit`: encrypted from the first byte, else by STARTTLS where it is offered."""

    host: str
    port: int
    implicit: bool
    user: str | None = None
    password: str | None = None


def server_of(url: str, password: str | None) -> SmtpServer:
    """`smtp://USER@HOST:587`, `smtps://USER@HOST`. Raises BadInput for any other form, and for a password in it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise BadInput(f"{url[:200]!r} is no SMTP server: {error}; write smtp://USER@HOST:587") from error
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or parts.path.strip("/"):
        raise BadInput(f"{url[:200]!r} is no SMTP server: write smtp://USER@HOST:587 or smtps://USER@HOST")
    if parts.password:
        raise BadInput("others may read a password in an address: put it in SLATEWATCH_SMTP_PASSWORD instead")
    user = unquote(parts.username) if parts.username else None
    if user and not password:
        raise BadInput(f"the password of {user} is missing: put it in SLATEWATCH_SMTP_PASSWORD")
    implicit = parts.scheme == "smtps"
    return SmtpServer(
        host=parts.hostname, port=port or (465 if implicit else 587), implicit=implicit, user=user,
        password=password if user else None,
    )  # fmt: skip


def checked_mailbox(address: str) -> str:
    """A plain `name@host`. Raises BadInput for anything else."""
    try:
        found = Address(addr_spec=address)
    except (ValueError, IndexError, MessageError) as error:
        raise BadInput(f"{address[:200]!r} is no mail address: {error}") from error
    if not found.domain or not address.isprintable():
        raise BadInput(f"{address[:200]!r} is no mail address: write name@host")
    return address


def message_of(told: Sequence[Told], *, to: str, sender: str, today: str | None = None) -> EmailMessage:
    """The digest as plain text and as HTML, in one mail."""
    message = EmailMessage()
    titles = list(dict.fromkeys(printable(one.alert.title, limit=60) for one in told))
    more = f" and {len(titles) - 2} more" if len(titles) > 2 else ""
    message["Subject"] = printable(f"{', '.join(titles[:2])}{more}: {heading(told, today)}", limit=200)
    message["From"], message["To"] = checked_mailbox(sender), checked_mailbox(to)
    message["Date"], message["Message-ID"] = formatdate(localtime=True), make_msgid(domain=sender.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(as_text(told, today))
    message.add_alternative(as_html(told, today), subtype="html")
    return message


def send(server: SmtpServer, message: EmailMessage) -> None:
    """Hand a mail in. Raises Undelivered with what the server, or the network, said."""
    try:
        with _connected(server) as smtp:
            smtp.send_message(message)
    except (smtplib.SMTPException, OSError) as error:
        said = printable(str(error), limit=300) or type(error).__name__
        raise Undelivered(f"{server.host}:{server.port} did not take the mail to {message['To']}: {said}") from error


def _connected(server: SmtpServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.implicit:
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        smtp.ehlo()
        if not server.implicit and smtp.has_extn("starttls"):
            smtp.starttls(context=context)
            smtp.ehlo()
        elif not server.implicit and server.user and server.host not in HERE:
            raise Undelivered(f"{server.host} offers no encryption, and the password is not sent without: use smtps://")
        if server.user and server.password:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp
