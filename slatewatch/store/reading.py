"""Questions to the store, as SQL. Each function gives rows; `answers` makes records of them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any

from .rows import CLAIM_COLUMNS, parts

Rows = list[sqlite3.Row]

PROJECT = (
    "p.id AS p_id, p.title AS p_title, p.titles AS p_titles, p.format AS p_format, p.status AS p_status, "
    "p.first_day AS p_first_day, p.last_day AS p_last_day, p.first_outlet AS p_first_outlet, "
    "p.first_clock AS p_first_clock, p.articles AS p_articles, p.open_roles AS p_open_roles, p.conflicts AS p_conflicts"
)
ARTICLE = (
    "a.id, a.title, a.outlet, a.url, a.day, a.published, a.clock, a.moved, a.version AS versions, "
    "(SELECT json_group_array(value) FROM (SELECT DISTINCT value FROM claims s WHERE s.article = a.id "
    "AND s.kind = 'source' ORDER BY s.start)) AS sources, "
    "(SELECT json_group_array(json_array(q.id, q.title)) FROM (SELECT DISTINCT p.id, p.title FROM mentions m "
    "JOIN projects p ON p.id = m.project WHERE m.article = a.id ORDER BY p.title) q) AS projects"
)
CHANGE = (
    # The fields of a change come first, in their order.
    "c.id, c.day, c.article, c.kind, c.role, c.value, c.before, c.after, a.outlet, a.url, c.claim, "
    "coalesce((SELECT quote FROM claims q WHERE q.article = c.article AND q.id = c.claim), '') AS quote, "
    "c.project, c.noted, p.title AS p_title"
)
CHANGED_ON = "JOIN projects p ON p.id = c.project JOIN articles a ON a.id = c.article"
CHANGES_FROM = f"FROM changes c {CHANGED_ON}"
ACTIVE = "(p.status IS NULL OR p.status NOT IN ('cancelled', 'released', 'completed'))"


def alive(db: sqlite3.Connection, id_: str) -> str | None:
    """The project that an id leads to now: that of its mention, or of the mention its id was passed on to."""
    seen: set[str] = set()
    while id_ not in seen:
        seen.add(id_)
        row = db.execute("SELECT project FROM mentions WHERE id = ?", (id_,)).fetchone()
        if row:
            return str(row["project"]) if row["project"] else None
        row = db.execute("SELECT new FROM redirects WHERE old = ?", (id_,)).fetchone()
        if row is None:
            return None
        id_ = row["new"]
    return None


def projects(
    db: sqlite3.Connection, where: Sequence[str], values: Sequence[Any], order: str, limit: int, offset: int
) -> Rows:
    condition = " AND ".join(["1", *where])
    query = f"SELECT {PROJECT} FROM projects p WHERE {condition} ORDER BY {order} LIMIT ? OFFSET ?"
    return db.execute(query, (*values, limit, offset)).fetchall()


def projects_by_id(db: sqlite3.Connection, ids: Iterable[str]) -> dict[str, sqlite3.Row]:
    found = {}
    for marks, part in parts(ids):
        for row in db.execute(f"SELECT {PROJECT} FROM projects p WHERE p.id IN ({marks})", part):
            found[row["p_id"]] = row
    return found


def project_ids(db: sqlite3.Connection) -> list[str]:
    return [row[0] for row in db.execute("SELECT id FROM projects ORDER BY first_day, id")]


def projects_titled(db: sqlite3.Connection, key: str) -> list[str]:
    """The projects that go by a title (see names.title_key), the one heard of last in front."""
    return [row[0] for row in db.execute(
        "SELECT DISTINCT p.id, p.last_day FROM keys k JOIN mentions m ON m.id = k.mention "
        "JOIN projects p ON p.id = m.project WHERE k.key = ? ORDER BY p.last_day DESC, p.id LIMIT 50", (f"t:{key}",),
    )]  # fmt: skip


def untitled_projects(db: sqlite3.Connection, title: str) -> list[str]:
    """The projects shown under exactly this title, case aside."""
    return [row[0] for row in db.execute(
        "SELECT id FROM projects WHERE title = ? COLLATE NOCASE ORDER BY last_day DESC, id LIMIT 50", (title,)
    )]  # fmt: skip


def mention_ids(db: sqlite3.Connection, project: str) -> list[str]:
    return [row[0] for row in db.execute("SELECT id FROM mentions WHERE project = ?", (project,))]


def mentions(db: sqlite3.Connection, project: str) -> Rows:
    return db.execute(
        "SELECT m.id, m.article, m.title, a.day, a.outlet FROM mentions m JOIN articles a ON a.id = m.article "
        "WHERE m.project = ? ORDER BY a.day, a.id, m.id", (project,),
    ).fetchall()  # fmt: skip


def mentions_in(db: sqlite3.Connection, article: str) -> Rows:
    return db.execute("SELECT id, title, project FROM mentions WHERE article = ? ORDER BY id", (article,)).fetchall()


def articles_of(db: sqlite3.Connection, project: str) -> Rows:
    return db.execute(
        f"SELECT {ARTICLE} FROM articles a WHERE a.id IN (SELECT article FROM mentions WHERE project = ?) "
        "ORDER BY a.day DESC, a.id", (project,),
    ).fetchall()  # fmt: skip


def articles(db: sqlite3.Connection, *, before: str | None, outlet: str | None, limit: int, offset: int) -> Rows:
    """The newest articles up to a day, of one outlet or of all."""
    where, values = "a.day <= ?", [before or "9999"]
    if outlet:
        where, values = f"a.outlet = ? AND {where}", [outlet, *values]
    query = f"SELECT {ARTICLE} FROM articles a WHERE {where} ORDER BY a.day DESC, a.id LIMIT ? OFFSET ?"
    return db.execute(query, (*values, limit, offset)).fetchall()


def article(db: sqlite3.Connection, id_: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = db.execute(
        f"SELECT {ARTICLE}, a.text, a.author, a.modified, a.language, a.first_seen FROM articles a WHERE a.id = ?",
        (id_,),
    ).fetchone()
    return row


def claims_in(db: sqlite3.Connection, article: str) -> Rows:
    return db.execute(
        f"SELECT {CLAIM_COLUMNS}, p.id AS p_id, p.title AS p_title FROM claims c "
        "LEFT JOIN mentions m ON m.id = c.mention LEFT JOIN projects p ON p.id = m.project "
        "WHERE c.article = ? ORDER BY c.start, c.end, c.id", (article,),
    ).fetchall()  # fmt: skip


def versions(db: sqlite3.Connection, article: str) -> Rows:
    return db.execute(
        "SELECT * FROM versions WHERE article = ? ORDER BY coalesce(modified, ''), first_seen, diff IS NOT NULL, hash",
        (article,),
    ).fetchall()


def changes(
    db: sqlite3.Connection, *, since: str | None = None, by: str = "noted", articles: Iterable[str] | None = None,
    project: str | None = None, limit: int = 1000,
) -> Rows:  # fmt: skip
    """Changes of articles, of a project, or since a day or time, by the clock `noted` or `day`; the newest first."""
    if articles is not None:
        found: Rows = []
        for marks, part in parts(articles):
            found += db.execute(
                f"SELECT {CHANGE} {CHANGES_FROM} WHERE c.article IN ({marks}) ORDER BY c.day, c.id", part
            )
        return found
    if project is not None:
        return db.execute(
            f"SELECT {CHANGE} {CHANGES_FROM} WHERE c.project = ? ORDER BY c.day DESC, c.id LIMIT ?", (project, limit)
        ).fetchall()
    clock = "noted" if by == "noted" else "day"
    # What is shown is chosen first: thousands may be of one moment, and to look up the rest of each takes long.
    newest = f"(SELECT * FROM changes WHERE {clock} >= ? ORDER BY {clock} DESC, day DESC, id LIMIT ?)"
    query = f"SELECT {CHANGE} FROM {newest} c {CHANGED_ON} ORDER BY c.{clock} DESC, c.day DESC, c.id"
    return db.execute(query, (since or "", limit)).fetchall()


def posts(
    db: sqlite3.Connection,
    *,
    role: str | None,
    format: str | None,
    dead: bool,
    since: str | None,
    limit: int,
    offset: int,
) -> Rows:
    where, values = ["1"], []
    for condition, value in (("o.role = ?", role), ("p.format = ?", format), ("o.confirmed >= ?", since)):
        if value:
            where.append(condition)
            values.append(value)
    if not dead:
        where.append(ACTIVE)
    return db.execute(
        f"SELECT {PROJECT}, o.*, c.quote, c.start, c.end, c.maker, c.also, a.outlet AS a_outlet, a.url, a.day "
        "FROM posts o "
        "JOIN projects p ON p.id = o.project LEFT JOIN claims c ON c.article = o.article AND c.id = o.claim "
        "LEFT JOIN articles a ON a.id = c.article "
        f"WHERE {' AND '.join(where)} ORDER BY o.confirmed DESC, p.title, o.role, o.part LIMIT ? OFFSET ?",
        (*values, limit, offset),
    ).fetchall()


def standing_on(db: sqlite3.Connection, projects: Iterable[str]) -> Rows:
    """Who is attached to these projects, and which companies."""
    found: Rows = []
    for marks, part in parts(projects):
        found += db.execute(
            "SELECT project, kind, role, name FROM credits WHERE modality = 'attached' "
            f"AND project IN ({marks}) ORDER BY project, since, name", part,
        )  # fmt: skip
    return found


def credits_of(db: sqlite3.Connection, kind: str, keys: Iterable[str]) -> Rows:
    found: Rows = []
    for marks, part in parts(keys):
        found += db.execute(
            f"SELECT {PROJECT}, c.* FROM credits c JOIN projects p ON p.id = c.project "
            f"WHERE c.key IN ({marks}) AND c.kind = ? ORDER BY c.confirmed DESC, p.title, c.role", (*part, kind),
        )  # fmt: skip
    return found


def names(db: sqlite3.Connection, kind: str, *, limit: int, offset: int) -> Rows:
    """People or companies, in the order of their keys."""
    return db.execute(
        "SELECT c.key, max(c.name) AS name, count(DISTINCT c.project) AS projects, max(c.confirmed) AS last_day "
        "FROM credits c WHERE c.kind = ? AND c.key IN (SELECT DISTINCT key FROM credits WHERE kind = ? "
        "ORDER BY key LIMIT ? OFFSET ?) GROUP BY c.key ORDER BY c.key", (kind, kind, limit, offset),
    ).fetchall()  # fmt: skip


def names_by_key(db: sqlite3.Connection, kind: str, keys: Iterable[str]) -> Rows:
    found: Rows = []
    for marks, part in parts(keys):
        found += db.execute(
            "SELECT c.key, max(c.name) AS name, count(DISTINCT c.project) AS projects, max(c.confirmed) AS last_day "
            f"FROM credits c WHERE c.kind = ? AND c.key IN ({marks}) GROUP BY c.key", (kind, *part),
        )  # fmt: skip
    return found


def spellings(db: sqlite3.Connection, kind: str, keys: Iterable[str]) -> list[str]:
    found: list[str] = []
    for marks, part in parts(keys):
        query = f"SELECT text FROM entries WHERE kind = ? AND ref IN ({marks}) ORDER BY text"
        found += [row[0] for row in db.execute(query, (kind, *part))]
    return found


def ties(db: sqlite3.Connection, column: str, names: Iterable[str]) -> Rows:
    """Ties whose subject (or, by `value`, whose object) is written in one of these ways, the newest first."""
    found: Rows = []
    for marks, part in parts(names):
        found += db.execute(
            f"SELECT {CLAIM_COLUMNS}, c.id AS claim, a.day, a.outlet, a.url FROM claims c "
            "JOIN articles a ON a.id = c.article "
            f"WHERE c.{'subject' if column == 'subject' else 'value'} IN ({marks}) AND c.subject IS NOT NULL "
            "ORDER BY a.day DESC, c.id LIMIT 500", part,
        )  # fmt: skip
    return found


def evidence_of(db: sqlite3.Connection, kind: str, projects: Iterable[str]) -> Rows:
    """The claims of one kind on these projects, with their articles, the newest first."""
    found: Rows = []
    for marks, part in parts(projects):
        found += db.execute(
            f"SELECT {CLAIM_COLUMNS}, c.id AS claim, m.project AS p_id, a.day, a.outlet, a.url FROM mentions m "
            f"JOIN claims c ON c.mention = m.id JOIN articles a ON a.id = c.article WHERE m.project IN ({marks}) "
            "AND c.kind = ? ORDER BY a.day DESC, c.start", (*part, kind),
        )  # fmt: skip
    return found


#: Of what holds a common word, so many of the newest are ranked: to rank all would take longer than anyone waits.
RANKED = 1500


def entries(db: sqlite3.Connection, match: str, kind: str, limit: int) -> Rows:
    return db.execute(
        "SELECT e.ref, e.text FROM (SELECT rowid AS n, rank FROM entry_words WHERE entry_words MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) w JOIN entries e ON e.n = w.n "
        "WHERE e.kind = ? ORDER BY w.rank, e.text LIMIT ?", (match, RANKED, kind, limit),
    ).fetchall()  # fmt: skip


def entries_by_kind(db: sqlite3.Connection, match: str, limit: int) -> dict[str, Rows]:
    """The same for titles, people and companies at once: what takes long is to rank, and that is done once for all."""
    found: dict[str, Rows] = {"title": [], "person": [], "company": []}
    ranked = db.execute(
        "SELECT e.kind, e.ref, e.text FROM (SELECT rowid AS n, rank FROM entry_words WHERE entry_words MATCH ? "
        "ORDER BY rowid DESC LIMIT ?) w JOIN entries e ON e.n = w.n ORDER BY w.rank, e.text", (match, RANKED),
    )  # fmt: skip
    for row in ranked:
        if len(found[row["kind"]]) < limit:
            found[row["kind"]].append(row)
    return found


def quotes(db: sqlite3.Connection, match: str, limit: int) -> Rows:
    return db.execute(
        "SELECT c.quote, c.article, a.outlet, a.day, a.url, p.id AS p_id, p.title AS p_title "
        "FROM (SELECT rowid FROM quote_words WHERE quote_words MATCH ? ORDER BY rowid DESC LIMIT ?) w "
        "JOIN claims c ON c.n = w.rowid JOIN articles a ON a.id = c.article LEFT JOIN mentions m ON m.id = c.mention "
        "LEFT JOIN projects p ON p.id = m.project ORDER BY a.day DESC, c.article, c.start", (match, limit * 4),
    ).fetchall()  # fmt: skip


def doubts(db: sqlite3.Connection, project: str | None = None, limit: int = 50) -> Rows:
    """Pairs of projects near the line; those with most articles and nearest to it first."""
    where, values = "1", list[str]()
    if project:
        where, values = "(d.left = ? OR d.right = ?)", [project, project]
    return db.execute(
        "SELECT d.left, d.right, d.score, d.why FROM doubts d JOIN projects a ON a.id = d.left "
        "JOIN projects b ON b.id = d.right "
        f"WHERE {where} ORDER BY min(a.articles, b.articles) > 1 DESC, d.score DESC, d.left, d.right LIMIT ?",
        (*values, limit),
    ).fetchall()  # fmt: skip


def decisions(db: sqlite3.Connection, about: str, things: Iterable[str]) -> Rows:
    rows: dict[int, sqlite3.Row] = {}
    for marks, part in parts(things):
        query = f"SELECT * FROM decisions WHERE about = ? AND (left IN ({marks}) OR right IN ({marks}))"
        rows.update({row["n"]: row for row in db.execute(query, (about, *part, *part))})
    return [rows[n] for n in sorted(rows)]


def all_decisions(db: sqlite3.Connection) -> Rows:
    return db.execute("SELECT * FROM decisions ORDER BY n").fetchall()


def outlets(db: sqlite3.Connection) -> Rows:
    return db.execute(
        "SELECT a.outlet, count(*) AS articles, min(a.day) AS first_day, max(a.day) AS last_day FROM articles a "
        "WHERE a.outlet IS NOT NULL GROUP BY a.outlet"
    ).fetchall()


def firsts(db: sqlite3.Connection) -> Rows:
    return db.execute(
        "SELECT first_outlet AS outlet, count(*) AS firsts, sum(first_clock = 'credited') AS credited FROM projects "
        "WHERE first_outlet IS NOT NULL GROUP BY first_outlet"
    ).fetchall()


def counts(db: sqlite3.Connection) -> sqlite3.Row:
    row: sqlite3.Row = db.execute(
        "SELECT (SELECT count(*) FROM articles) AS articles, (SELECT count(*) FROM claims) AS claims, "
        "(SELECT count(*) FROM projects) AS projects, "
        "(SELECT count(DISTINCT ref) FROM entries WHERE kind = 'person') AS people, "
        "(SELECT count(DISTINCT ref) FROM entries WHERE kind = 'company') AS companies, "
        "(SELECT count(DISTINCT outlet) FROM articles) AS outlets, (SELECT count(*) FROM posts) AS open_posts, "
        "(SELECT count(*) FROM changes) AS changes, (SELECT count(*) FROM decisions) AS decisions, "
        "(SELECT max(day) FROM articles) AS last_day"
    ).fetchone()
    return row
