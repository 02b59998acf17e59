"""Questions of the pages to the store, as SQL: lists that are gone through page by page, and looks at all of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from .reading import ACTIVE, ARTICLE, CHANGE, CHANGED_ON, CHANGES_FROM, Rows
from .rows import parts


def articles_after(db: sqlite3.Connection, day: str, id_: str, outlet: str | None, limit: int) -> Rows:
    """Articles, the newest first, from a day back; of that day, those whose id comes after `id_`."""
    where, values = "a.day <= ? AND (a.day < ? OR a.id > ?)", [day, day, id_]
    if outlet:
        where, values = f"a.outlet = ? AND {where}", [outlet, *values]
    query = f"SELECT {ARTICLE} FROM articles a WHERE {where} ORDER BY a.day DESC, a.id LIMIT ?"
    return db.execute(query, (*values, limit)).fetchall()


def articles_by_id(db: sqlite3.Connection, ids: Sequence[str]) -> Rows:
    """In the order of the ids."""
    found = {}
    for marks, part in parts(ids):
        found.update(
            {r["id"]: r for r in db.execute(f"SELECT {ARTICLE} FROM articles a WHERE a.id IN ({marks})", part)}
        )
    return [found[id_] for id_ in ids if id_ in found]


#: Changes by their articles, the newest first, from (day, article) back: at most so many.
WINDOW = (
    "(SELECT day, article, project, role, after FROM changes WHERE day <= ? AND (day < ? OR article > ?) "
    "ORDER BY day DESC, article LIMIT ?)"
)
#: What a filter asks of a change -> its column, and what must be looked up for it.
FILTERS = {
    "role": ("c.role", ""),
    "modality": ("c.after", ""),
    "format": ("p.format", "JOIN projects p ON p.id = c.project"),
    "status": ("p.status", "JOIN projects p ON p.id = c.project"),
    "outlet": ("a.outlet", "JOIN articles a ON a.id = c.article"),
}


def articles_fitting(
    db: sqlite3.Connection, asked: dict[str, str], day: str, article: str, window: int, limit: int
) -> list[tuple[str, str]]:
    """(day, id) of the newest articles that made a change like this, among `window` changes from a place back."""
    joins = " ".join(dict.fromkeys(FILTERS[name][1] for name in asked))
    where = " AND ".join(f"{FILTERS[name][0]} = ?" for name in asked)
    query = f"SELECT DISTINCT c.day, c.article FROM {WINDOW} c {joins} WHERE {where} ORDER BY 1 DESC, 2 LIMIT ?"
    return [(row[0], row[1]) for row in db.execute(query, (day, day, article, window, *asked.values(), limit))]


def window_end(db: sqlite3.Connection, day: str, article: str, window: int) -> tuple[int, list[tuple[str, str]]]:
    """How many changes there are from a place back, at most `window`; and the last two articles among them."""
    query = f"SELECT day, article, count(*) FROM {WINDOW} GROUP BY day, article ORDER BY day DESC, article"
    rows = db.execute(query, (day, day, article, window)).fetchall()
    return sum(row[2] for row in rows), [(row[0], row[1]) for row in rows[-2:]]


def changes_of_projects(db: sqlite3.Connection, projects: Iterable[str], limit: int) -> Rows:
    found: Rows = []
    for marks, part in parts(projects):
        found += db.execute(
            f"SELECT {CHANGE} {CHANGES_FROM} WHERE c.project IN ({marks}) ORDER BY c.noted DESC, c.id LIMIT ?",
            (*part, limit),
        ).fetchall()
    return found


def changes_noted(db: sqlite3.Connection, since: str, noted: str, project: str, id_: str, limit: int) -> Rows:
    """Changes in the order the store learned of them, from a time on; after (noted, project, id) of a page before.

    The order is that of the index on `noted`, whose entries end with the key (project, id): nothing is sorted.
    """
    return db.execute(
        f"SELECT {CHANGE} {CHANGES_FROM} WHERE c.noted >= ? AND (c.noted, c.project, c.id) > (?, ?, ?) "
        "ORDER BY c.noted, c.project, c.id LIMIT ?",
        (max(since, noted), noted, project, id_, limit),
    ).fetchall()


def changes_in_role(db: sqlite3.Connection, role: str, window: int, limit: int) -> Rows:
    """The newest changes in a role, among the last `window` changes of all."""
    newest = (
        "(SELECT * FROM (SELECT * FROM changes ORDER BY noted DESC LIMIT ?) WHERE role = ? "
        "ORDER BY noted DESC, day DESC, id LIMIT ?)"
    )
    return db.execute(
        f"SELECT {CHANGE} FROM {newest} c {CHANGED_ON} ORDER BY c.noted DESC, c.day DESC, c.id", (window, role, limit)
    ).fetchall()


#: How the grid is walked through, by what it is sorted by: the columns, and where they come from. Each has an index.
GRID_WALKS = {
    "news": ("SELECT p.id FROM projects p WHERE p.open_roles <> '[]' AND {} ORDER BY p.last_day DESC, p.id", False),
    "title": (
        "SELECT p.id FROM projects p WHERE p.open_roles <> '[]' AND {} ORDER BY p.title COLLATE NOCASE, p.id",
        False,
    ),
    "confirmed": (
        "SELECT p.id FROM posts o JOIN projects p ON p.id = o.project WHERE {} ORDER BY o.confirmed DESC, p.id",
        True,
    ),
    "oldest": (
        "SELECT p.id FROM posts o JOIN projects p ON p.id = o.project WHERE {} ORDER BY o.confirmed, p.id",
        True,
    ),
}


def grid_projects(
    db: sqlite3.Connection,
    order: str,
    *,
    role: str | None,
    format: str | None,
    status: str | None,
    since: str | None,
    dead: bool,
) -> Iterator[str]:
    """The projects with an open post, in the order asked for, each once."""
    walk, by_post = GRID_WALKS[order]
    where, values = ["1" if dead or status else ACTIVE], list[Any]()
    for condition, value in (("p.format = ?", format), ("p.status = ?", status)):
        if value:
            where.append(condition)
            values.append(value)
    on_post = [(c, v) for c, v in (("o.role = ?", role), ("o.confirmed >= ?", since)) if v]
    if on_post and by_post:
        where += [c for c, _ in on_post]
    elif on_post:
        among = " AND ".join(["o.project = p.id", *(c for c, _ in on_post)])
        where.append(f"EXISTS (SELECT 1 FROM posts o WHERE {among})")
    values += [v for _, v in on_post]
    seen: set[str] = set()
    for row in db.execute(walk.format(" AND ".join(where)), values):
        if row[0] not in seen:
            seen.add(row[0])
            yield row[0]


def roles_open(db: sqlite3.Connection) -> set[str]:
    """The roles in which any post stands open."""
    return {row[0] for row in db.execute("SELECT DISTINCT role FROM posts")}


def posts_on(db: sqlite3.Connection, projects: Iterable[str]) -> Rows:
    found: Rows = []
    for marks, part in parts(projects):
        found += db.execute(
            "SELECT o.*, c.quote, c.start, c.end, c.maker, c.also, a.outlet AS a_outlet, a.url, a.day FROM posts o "
            "LEFT JOIN claims c ON c.article = o.article AND c.id = o.claim LEFT JOIN articles a ON a.id = c.article "
            f"WHERE o.project IN ({marks}) ORDER BY o.project, o.role, o.part",
            part,
        )
    return found


def roles_on(db: sqlite3.Connection, projects: Iterable[str]) -> Rows:
    """The roles open on these projects, each with the day it was last confirmed."""
    found: Rows = []
    for marks, part in parts(projects):
        query = f"SELECT project, role, max(confirmed) AS confirmed FROM posts WHERE project IN ({marks}) GROUP BY 1, 2"
        found += db.execute(query, part)
    return found


def names_after(db: sqlite3.Connection, kind: str, key: str, limit: int) -> Rows:
    """People or companies whose keys come after `key`, in their order."""
    return db.execute(
        "SELECT c.key, max(c.name) AS name, count(DISTINCT c.project) AS projects, max(c.confirmed) AS last_day "
        "FROM credits c WHERE c.kind = ? AND c.key IN (SELECT DISTINCT key FROM credits WHERE kind = ? AND key > ? "
        "ORDER BY key LIMIT ?) GROUP BY c.key ORDER BY c.key",
        (kind, kind, key, limit),
    ).fetchall()


def beside(db: sqlite3.Connection, projects: Sequence[str], but: Iterable[str], limit: int) -> Rows:
    """The people on these projects apart from those of the keys `but`: who with, on how many, last when."""
    marks = ",".join("?" * len(projects))
    keys = list(but)
    return db.execute(
        "SELECT c.key, max(c.name) AS name, count(DISTINCT c.project) AS projects, max(c.confirmed) AS last_day, "
        "group_concat(DISTINCT c.role) AS roles, min(c.project) AS project FROM credits c "
        # The plus keeps SQLite from going through everybody by an index of kinds.
        f"WHERE c.project IN ({marks}) AND +c.kind = 'credit' "
        f"AND c.modality NOT IN ('denied', 'interest') AND c.key NOT IN ({','.join('?' * len(keys))}) "
        "GROUP BY c.key ORDER BY projects DESC, last_day DESC, c.key LIMIT ?",
        (*projects, *keys, limit),
    ).fetchall()


def outlet_words(db: sqlite3.Connection) -> Rows:
    """Outlet -> of the people and companies that it said were in or in talks, how many are now in or out for good.

    Counted are those of which another outlet has spoken too, and that are no longer in talks.
    """
    return db.execute(
        "SELECT a.outlet, sum(r.modality IN ('attached', 'exited')) AS right, count(*) AS settled FROM "
        "(SELECT DISTINCT article, mention, kind, role, value FROM claims WHERE kind IN ('credit', 'company') "
        "AND modality IN ('attached', 'in_talks')) c JOIN articles a ON a.id = c.article "
        "JOIN mentions m ON m.id = c.mention JOIN credits r ON r.project = m.project AND r.kind = c.kind "
        "AND r.role = c.role AND r.name = c.value WHERE r.voices > 1 AND r.modality <> 'in_talks' "
        "AND a.outlet IS NOT NULL GROUP BY a.outlet"
    ).fetchall()


def outlet_lags(db: sqlite3.Connection) -> Rows:
    """(outlet, days) for each project and outlet: how long after the first article on it the outlet's first came."""
    return db.execute(
        "SELECT a.outlet, cast(julianday(min(a.day)) - julianday(p.first_day) AS INTEGER) AS days FROM mentions m "
        "JOIN articles a ON a.id = m.article JOIN projects p ON p.id = m.project "
        "WHERE p.articles > 1 AND a.outlet IS NOT NULL GROUP BY a.outlet, p.id"
    ).fetchall()


def coverage(db: sqlite3.Connection) -> dict[str, Rows]:
    """Articles by year; claims by kind; claims by who made them; projects by status and by format."""
    return {
        "years": db.execute(
            "SELECT substr(day, 1, 4) AS name, count(*) AS n FROM articles GROUP BY 1 ORDER BY 1"
        ).fetchall(),
        "kinds": db.execute("SELECT kind AS name, count(*) AS n FROM claims GROUP BY 1 ORDER BY 2 DESC").fetchall(),
        "readers": db.execute(
            "SELECT name, sum(n) AS n FROM (SELECT maker AS name, count(*) AS n FROM claims GROUP BY 1 UNION ALL "
            "SELECT j.value, count(*) FROM claims c, json_each(c.also) j GROUP BY 1) "
            "GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall(),
        "statuses": db.execute(
            "SELECT status AS name, count(*) AS n FROM projects GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall(),
        "formats": db.execute(
            "SELECT format AS name, count(*) AS n FROM projects GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall(),
        "clocks": db.execute(
            "SELECT first_clock AS name, count(*) AS n FROM projects GROUP BY 1 ORDER BY 2 DESC"
        ).fetchall(),
    }
