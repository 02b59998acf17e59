"""A store that a test writes to, with the time in its hands, and what its watches find."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from makers import Read

from slatewatch.store import open_store
from slatewatch.store.adding import add_articles
from slatewatch.watching.conditions import made_of
from slatewatch.watching.finding import Watch, add_watch, alerts, find_alerts

#: (kind, role, value, before, after).
Change = tuple[str, str | None, str, str | None, str]


class Desk:
    """A store over days of news: every call comes an hour after the one before."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db, self.time = db, datetime(2026, 3, 1, 8, tzinfo=UTC)

    def later(self) -> str:
        self.time += timedelta(hours=1)
        return self.time.isoformat(timespec="seconds")

    def reads(self, *articles: Read) -> None:
        add_articles(self.db, articles, now=self.later())

    def watches(self, name: str = "watch", **asked: list[str]) -> Watch:
        said, _ = made_of(self.db, asked)
        return add_watch(self.db, name, name, said, now=self.later())

    def hears(self, *articles: Read, watch: Watch | None = None) -> list[Change]:
        """What the articles change that is told, in the order of their kinds."""
        before = {alert.id for alert in alerts(self.db)}
        if articles:
            self.reads(*articles)
        find_alerts(self.db, now=self.later())
        new = [a for a in alerts(self.db, watch=watch.id if watch else None) if a.id not in before]
        return sorted(((a.kind, a.role, a.value, a.before, a.after) for a in new), key=str)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    db = open_store(tmp_path / "slate.db", write=True)
    yield Desk(db)
    db.close()
