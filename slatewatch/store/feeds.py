"""Feeds, the pages they lead to, and what is known of hosts, as SQL. What writes runs inside `transaction(db)`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence

from .rows import parts

Rows = list[sqlite3.Row]
#: After so many failures in a row a page is dropped: asked for again only if its feed changes it, or a person says so.
MOST_FAILURES = 5


def follow(db: sqlite3.Connection, url: str, title: str | None, *, now: str) -> bool:
    """Follow a feed; False where it is followed already."""
    row = (url, title, now)
    return db.execute("INSERT OR IGNORE INTO feeds (url, title, added) VALUES (?, ?, ?)", row).rowcount > 0


def unfollow(db: sqlite3.Connection, url: str) -> None:
    """Forget a feed, what it lists, and the pages that no other feed lists and that no article came of."""
    db.execute("DELETE FROM listings WHERE feed = ?", (url,))
    db.execute("DELETE FROM feeds WHERE url = ?", (url,))
    db.execute("DELETE FROM pages WHERE article IS NULL AND url NOT IN (SELECT url FROM listings)")


def feeds(db: sqlite3.Connection) -> Rows:
    """Every feed with its pages counted by state, in the order of their addresses."""
    return db.execute(
        "SELECT f.*, (SELECT count(*) FROM listings l WHERE l.feed = f.url) AS listed, "
        "(SELECT count(*) FROM listings l JOIN pages p ON p.url = l.url WHERE l.feed = f.url AND p.state = 'read') "
        "AS read, (SELECT count(*) FROM listings l JOIN pages p ON p.url = l.url WHERE l.feed = f.url "
        "AND p.state = 'waiting') AS waiting, (SELECT count(*) FROM listings l JOIN pages p ON p.url = l.url "
        "WHERE l.feed = f.url AND p.state IN ('failed', 'barred', 'dropped')) AS failed FROM feeds f ORDER BY f.url"
    ).fetchall()


def put_answer(
    db: sqlite3.Connection, url: str, *, now: str, etag: str | None, modified: str | None, title: str | None,
    site: str | None, kind: str, hash: str, reason: str | None,
) -> None:  # fmt: skip
    """A feed came, with other bytes than the last time."""
    db.execute(
        "UPDATE feeds SET asked = ?, changed = ?, etag = ?, modified = ?, title = coalesce(?, title), site = ?, "
        "kind = ?, hash = ?, failures = 0, reason = ? WHERE url = ?",
        (now, now, etag, modified, title, site, kind, hash, reason, url),
    )


def put_unchanged(db: sqlite3.Connection, url: str, *, now: str, etag: str | None, modified: str | None) -> None:
    """Nothing new in a feed; what it sent beside that is kept for the next time."""
    db.execute(
        "UPDATE feeds SET asked = ?, etag = coalesce(?, etag), modified = coalesce(?, modified), "
        "reason = iif(failures > 0, NULL, reason), failures = 0 "
        "WHERE url = ?", (now, etag, modified, url),
    )  # fmt: skip


def put_trouble(db: sqlite3.Connection, url: str, reason: str, *, now: str) -> None:
    """A feed could not be had."""
    db.execute(
        "UPDATE feeds SET asked = ?, failures = failures + 1, reason = ? WHERE url = ?", (now, reason, url)
    )  # fmt: skip


def move_feed(db: sqlite3.Connection, old: str, new: str) -> bool:
    """A feed has another address for good; False where that one is followed already, and nothing was done."""
    if db.execute("SELECT 1 FROM feeds WHERE url = ?", (new,)).fetchone():
        return False
    db.execute("UPDATE feeds SET url = ? WHERE url = ?", (new, old))
    db.execute("UPDATE listings SET feed = ? WHERE feed = ?", (new, old))
    return True


def digests(db: sqlite3.Connection, feed: str) -> dict[str, str]:
    """Address -> what the feed said of it the last time, as a digest."""
    return dict(db.execute("SELECT url, digest FROM listings WHERE feed = ?", (feed,)).fetchall())


def put_listing(
    db: sqlite3.Connection, feed: str, url: str, digest: str, *, title: str, published: str | None, anew: bool, now: str
) -> None:
    """A feed lists a page. One that is new, or of which it now says something else (`anew`), waits to be asked for."""
    db.execute("INSERT OR REPLACE INTO listings VALUES (?, ?, ?)", (feed, url, digest))
    db.execute(
        "INSERT OR IGNORE INTO pages (url, state, listed, published, title) VALUES (?, 'waiting', ?, ?, ?)",
        (url, now, published, title),
    )
    if anew:
        query = "UPDATE pages SET state = 'waiting', failures = 0, title = ? WHERE url = ?"
        db.execute(query, (title, url))


def due(db: sqlite3.Connection, feeds: Sequence[str], *, dropped: bool = False, again_since: str | None = None) -> Rows:
    """The pages to ask for, with the feed that lists each, the newest first: waiting, failed, barred.

    With `dropped` those given up too; with `again_since` (ISO time) those of that time on that were read, too.
    """
    states = "'waiting', 'failed', 'barred'" + (", 'dropped'" if dropped else "")
    found: Rows = []
    for marks, part in parts(feeds):
        found += db.execute(
            f"SELECT p.*, min(l.feed) AS feed FROM pages p JOIN listings l ON l.url = p.url "
            f"WHERE l.feed IN ({marks}) AND (p.state IN ({states}) OR "
            "(p.state = 'read' AND coalesce(p.published, p.listed) >= ?)) GROUP BY p.url",
            (*part, again_since or "9999"),
        ).fetchall()
    unique = {row["url"]: row for row in found}
    return sorted(unique.values(), key=lambda r: (r["published"] or r["listed"], r["url"]), reverse=True)


def put_page(
    db: sqlite3.Connection, url: str, state: str, *, now: str, reason: str | None = None, etag: str | None = None,
    modified: str | None = None, article: str | None = None,
) -> None:  # fmt: skip
    """A page was asked for, and this came of it."""
    db.execute(
        "UPDATE pages SET state = ?, asked = ?, reason = ?, failures = 0, etag = ?, modified = ?, "
        "article = coalesce(?, article) WHERE url = ?", (state, now, reason, etag, modified, article, url),
    )  # fmt: skip


def put_page_unchanged(db: sqlite3.Connection, url: str, *, now: str) -> None:
    """A page is as it was: read, if an article came of it, else empty."""
    db.execute(
        "UPDATE pages SET state = iif(article IS NULL, 'empty', 'read'), asked = ?, failures = 0, "
        "reason = iif(article IS NULL, reason, NULL) WHERE url = ?", (now, url),
    )  # fmt: skip


def put_page_trouble(db: sqlite3.Connection, url: str, reason: str, *, now: str, barred: bool = False) -> None:
    """A page could not be had: it is tried again, but not for ever."""
    if barred:
        db.execute("UPDATE pages SET state = 'barred', asked = ?, reason = ? WHERE url = ?", (now, reason, url))
        return
    db.execute(
        "UPDATE pages SET asked = ?, reason = ?, failures = failures + 1, "
        "state = iif(failures + 1 >= ?, 'dropped', 'failed') WHERE url = ?", (now, reason, MOST_FAILURES, url),
    )  # fmt: skip


def put_page_later(db: sqlite3.Connection, url: str, reason: str) -> None:
    """A page was not asked for this time, since its host rests."""
    db.execute("UPDATE pages SET reason = ? WHERE url = ?", (reason, url))


def article_at(db: sqlite3.Connection, url: str | None) -> str | None:
    row = db.execute("SELECT id FROM articles WHERE url = ? ORDER BY id LIMIT 1", (url,)).fetchone()
    return str(row["id"]) if row else None


def troubled_pages(db: sqlite3.Connection, limit: int = 10_000) -> Rows:
    """The pages that no article came of, with the reason, those asked for last in front."""
    return db.execute(
        "SELECT p.*, min(l.feed) AS feed FROM pages p JOIN listings l ON l.url = p.url "
        "WHERE p.reason IS NOT NULL AND p.state <> 'read' GROUP BY p.url ORDER BY p.asked DESC, p.url LIMIT ?",
        (limit,),
    ).fetchall()  # fmt: skip


def hosts(db: sqlite3.Connection) -> Rows:
    return db.execute("SELECT * FROM hosts").fetchall()


def put_hosts(db: sqlite3.Connection, rows: Iterable[tuple[str, str | None, int, str | None, str | None]]) -> None:
    """(host, resting, failures, robots, looked) of each host that was asked."""
    db.executemany("INSERT OR REPLACE INTO hosts VALUES (?, ?, ?, ?, ?)", rows)
