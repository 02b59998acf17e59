"""Who has been told of what: each channel is told of each changed fact once, and of what it missed the next time."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable
from datetime import datetime, timedelta

from slatewatch.store import snapshot, watches
from slatewatch.store.opening import transaction

from .digest import Told
from .finding import Alert, Watch, alerts, moment
from .sources import sources

#: A channel that is new, or was not heard of for long, is told of no more than the last so many days.
LONGEST_MEMORY = timedelta(days=30)
TERMINAL = "terminal"


def channel(kind: str, address: str) -> str:
    """The name that a mail address or webhook has in the store: who reads the store does not learn it."""
    return f"{kind}:{hashlib.sha256(address.encode()).hexdigest()[:16]}"


def untold(db: sqlite3.Connection, to: str, *, now: str | None = None) -> list[Told]:
    """What a channel has to be told, the oldest first. A fact that nobody states any more is left out."""
    since = (datetime.fromisoformat(now or moment()) - LONGEST_MEMORY).isoformat(timespec="seconds")
    found = with_sources(db, alerts(db, since=since, untold=to, limit=5000))
    return [one for one in reversed(found) if one.sources]


def with_sources(db: sqlite3.Connection, found: Iterable[Alert]) -> list[Told]:
    return [Told(alert=alert, sources=sources(db, alert)) for alert in found]


def of_watch(db: sqlite3.Connection, watch: Watch, *, since: str = "", limit: int = 100) -> list[Told]:
    """What a watch has found, the newest first, whoever has been told of it."""
    return with_sources(db, alerts(db, watch=watch.id, since=since, limit=limit))


def keep_told(db: sqlite3.Connection, told: Iterable[Told], to: str, *, now: str | None = None) -> None:
    """Note that a channel has been told. `db` is open to write."""
    with transaction(db):
        watches.put_deliveries(db, [one.alert.id for one in told], to, now or moment())


def told_today(db: sqlite3.Connection, to: str, *, now: str | None = None) -> bool:
    """Whether a channel has had its digest of the day (of this machine's calendar)."""
    with snapshot(db):
        last = watches.last_delivery(db, to)
    return last is not None and _day(last) == _day(now or moment())


def _day(time: str) -> str:
    return datetime.fromisoformat(time).astimezone().date().isoformat()
