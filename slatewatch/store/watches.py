"""Watches, alerts and deliveries, as SQL. Writing runs inside `transaction(db)`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from .reading import Rows
from .rows import parts


def put_watch(db: sqlite3.Connection, *, id_: str, name: str, asked: str, conditions: str, now: str) -> None:
    db.execute("INSERT INTO watches VALUES (?, ?, ?, ?, ?, ?)", (id_, name, asked, conditions, now, now))


def watches(db: sqlite3.Connection) -> Rows:
    return db.execute("SELECT * FROM watches ORDER BY made, name").fetchall()


def remove_watch(db: sqlite3.Connection, id_: str) -> None:
    """The watch goes, with the alerts that no other watch is for."""
    db.execute("DELETE FROM matches WHERE watch = ?", (id_,))
    db.execute("DELETE FROM watches WHERE id = ?", (id_,))
    db.execute("DELETE FROM deliveries WHERE alert NOT IN (SELECT alert FROM matches)")
    db.execute("DELETE FROM alerts WHERE id NOT IN (SELECT alert FROM matches)")


def looked(db: sqlite3.Connection, now: str) -> None:
    db.execute("UPDATE watches SET looked = max(looked, ?)", (now,))


def projects_changed(db: sqlite3.Connection, since: str) -> list[str]:
    """The projects with a change noted since a time."""
    return [r[0] for r in db.execute("SELECT DISTINCT project FROM changes WHERE noted >= ? ORDER BY 1", (since,))]


def steps_of(db: sqlite3.Connection, projects: Iterable[str]) -> Rows:
    """All changes of some projects, with the mention, quote and outlet of the article that made each."""
    found: Rows = []
    for marks, part in parts(projects):
        found += db.execute(
            "SELECT c.*, p.title, a.outlet, a.url, coalesce(q.quote, '') AS quote, coalesce(q.mention, (SELECT min(id) "
            "FROM mentions m WHERE m.article = c.article AND m.project = c.project)) AS mention "
            "FROM changes c JOIN projects p ON p.id = c.project JOIN articles a ON a.id = c.article "
            "LEFT JOIN claims q ON q.article = c.article AND q.id = c.claim "
            f"WHERE c.project IN ({marks}) ORDER BY c.project, c.day, c.article, c.id", part,
        ).fetchall()  # fmt: skip
    return found


ALERT = (
    "id", "mention", "title", "kind", "role", "value", "before", "after", "day", "noted", "found", "article", "claim",
    "quote", "outlet", "url",
)  # fmt: skip


def put_alert(db: sqlite3.Connection, values: Sequence[str | None], watch: str, *, silent: bool) -> None:
    """`values` in the order of ALERT. An alert that is there already only gets one more watch that it is for."""
    db.execute(f"INSERT OR IGNORE INTO alerts VALUES ({','.join('?' * len(ALERT))})", tuple(values))
    db.execute("INSERT OR IGNORE INTO matches VALUES (?, ?, ?)", (values[0], watch, silent))


def alerts_noted(db: sqlite3.Connection, since: str) -> Rows:
    """Alerts of changes noted since a time, a row for each watch that one is for."""
    return db.execute(
        "SELECT a.*, m.watch FROM alerts a JOIN matches m ON m.alert = a.id WHERE a.noted >= ? ORDER BY a.day, a.id",
        (since,),
    ).fetchall()


def alerts(
    db: sqlite3.Connection, *, watch: str | None = None, since: str = "", untold: str | None = None, limit: int = 1000
) -> Rows:
    """Alerts that somebody is told of, with the names of their watches, the newest first.

    Of one watch, or of all; found since a time; `untold`: those of which this channel has not been told.
    """
    where, values = ["NOT m.silent", "a.found >= ?"], [since]
    if watch is not None:
        where.append("a.id IN (SELECT alert FROM matches WHERE watch = ? AND NOT silent)")
        values.append(watch)
    if untold is not None:
        where.append("NOT EXISTS (SELECT 1 FROM deliveries d WHERE d.alert = a.id AND d.channel = ?)")
        values.append(untold)
    return db.execute(
        "SELECT a.*, json_group_array(w.name) AS watches FROM alerts a JOIN matches m ON m.alert = a.id "
        f"JOIN watches w ON w.id = m.watch WHERE {' AND '.join(where)} GROUP BY a.id "
        "ORDER BY a.noted DESC, a.day DESC, a.id LIMIT ?", (*values, limit),
    ).fetchall()  # fmt: skip


def put_deliveries(db: sqlite3.Connection, ids: Iterable[str], channel: str, now: str) -> None:
    db.executemany("INSERT OR IGNORE INTO deliveries VALUES (?, ?, ?)", [(id_, channel, now) for id_ in ids])


def last_delivery(db: sqlite3.Connection, channel: str) -> str | None:
    found: str | None = db.execute("SELECT max(at) FROM deliveries WHERE channel = ?", (channel,)).fetchone()[0]
    return found


def claim_is_there(db: sqlite3.Connection, article: str, claim: str | None) -> bool:
    return db.execute("SELECT 1 FROM claims WHERE article = ? AND id = ?", (article, claim)).fetchone() is not None


def known_as(db: sqlite3.Connection, kind: str, key: str) -> bool:
    """Whether an article has named a person, company or title (`kind`) with this key."""
    if kind == "title":
        query = (
            "SELECT 1 FROM keys k JOIN mentions m ON m.id = k.mention WHERE k.key = ? AND m.project IS NOT NULL LIMIT 1"
        )
        return db.execute(query, (f"t:{key}",)).fetchone() is not None
    return db.execute("SELECT 1 FROM entries WHERE kind = ? AND ref = ? LIMIT 1", (kind, key)).fetchone() is not None
