"""One round of telling: terminal, mail, webhooks, feeds, each channel by itself; what one misses is kept for it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path

from slatewatch.errors import BadInput, SlatewatchError, StoreError, Undelivered

from . import atom, finding, mail, telling, webhooks
from .digest import Told

#: Tells one channel what it has to be told; returns what went wrong.
Tell = Callable[[sqlite3.Connection], list[SlatewatchError]]


def preview(db: sqlite3.Connection) -> list[Told]:
    """What a round would print, without keeping anything."""
    with finding.tried(db):
        return telling.untold(db, telling.TERMINAL)


def tell_here(db: sqlite3.Connection, echo: Callable[[list[Told]], None]) -> None:
    """Print the digest. It counts as told once it is printed: who stops the program before sees it again."""
    told = telling.untold(db, telling.TERMINAL)
    echo(told)
    telling.keep_told(db, told, telling.TERMINAL)


def mail_of(addresses: Sequence[str], sender: str | None, smtp: str | None, *, now: bool) -> list[Tell]:
    """One channel an address. Raises BadInput before anything is done where the mail could not go out."""
    if not addresses:
        return []
    if not smtp or not sender:
        missing = "--smtp (or SLATEWATCH_SMTP)" if not smtp else "--mail-from (or SLATEWATCH_MAIL_FROM)"
        raise BadInput(f"mail needs a server and a sender: name {missing}")
    server = mail.server_of(smtp, os.environ.get("SLATEWATCH_SMTP_PASSWORD"))
    from_ = mail.checked_mailbox(sender)
    return [_mailer(mail.checked_mailbox(to), from_, server, now=now) for to in addresses]


def _mailer(to: str, sender: str, server: mail.SmtpServer, *, now: bool) -> Tell:
    channel = telling.channel("mail", to.casefold())

    def tell(db: sqlite3.Connection) -> list[SlatewatchError]:
        if not now and telling.told_today(db, channel):
            return []
        told = telling.untold(db, channel)
        try:
            if told:
                mail.send(server, mail.message_of(told, to=to, sender=sender))
        except Undelivered as error:
            return [error]
        telling.keep_told(db, told, channel)
        return []

    return tell


def hooks_of(urls: Sequence[str], private: Sequence[str]) -> list[Tell]:
    """One channel a webhook. Raises BadInput for an address that is none, and where there is no secret to sign with."""
    if not urls:
        return []
    key = webhooks.key_of(os.environ.get("SLATEWATCH_WEBHOOK_SECRET"))
    return [_hook(webhooks.checked_url(url), key, frozenset(private)) for url in urls]


def _hook(url: str, key: bytes, private: frozenset[str]) -> Tell:
    channel = telling.channel("webhook", url)

    def tell(db: sqlite3.Connection) -> list[SlatewatchError]:
        for one in telling.untold(db, channel):
            try:
                webhooks.deliver(url, one, key, private=private)
            except Undelivered as error:
                return [error]
            telling.keep_told(db, [one], channel)
        return []

    return tell


def write_feeds(db: sqlite3.Connection, folder: str | Path) -> list[Path]:
    """An Atom feed a watch in a folder, each file replaced whole. Raises StoreError where they cannot be written."""
    made = []
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for watch in finding.all_watches(db):
            path = Path(folder) / atom.file_name(watch)
            part = path.with_suffix(".part")
            part.write_bytes(atom.feed_of(watch, telling.of_watch(db, watch)))
            part.replace(path)
            made.append(path)
    except OSError as error:
        raise StoreError(f"the feeds cannot be written to {folder}: {error.strerror or error}") from error
    return made
