"""Which articles are of the same words, as SQL: sketches of texts, where they meet, and which is whose copy."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable

from slatewatch.model import Article, Mention
from slatewatch.projects.copies import COPY, Telling, originals
from slatewatch.shingles import Sketch, shares, sketch

from .rows import load_mentions, parts


def put_sketch(db: sqlite3.Connection, article: Article, *, wanted: bool) -> set[str]:
    """Sketch an article's text anew and note those of the same words. Returns the articles it was or is now alike to.

    Only `wanted` articles are sketched: one that states nothing needs no copies.
    """
    met = _forget(db, article.id)
    made = sketch(article.text) if wanted else None
    if made is None:
        return met
    insert = "INSERT INTO sketches (article, size, least) VALUES (?, ?, ?)"
    n = db.execute(insert, (article.id, made.size, made.least)).lastrowid
    bands = made.bands()
    db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, n) for band in bands])
    for row in db.execute(
        "SELECT s.article, s.size, s.least FROM sketches s WHERE s.n <> ? AND s.n IN "
        f"(SELECT n FROM bands WHERE band IN ({','.join('?' * len(bands))}))",
        (n, *bands),
    ).fetchall():
        mine, others = shares(made, Sketch(row["size"], row["least"]))
        if max(mine, others) >= COPY:
            pair = (article.id, row["article"], mine, others)
            left, right, of_left, of_right = pair if pair[0] < pair[1] else (pair[1], pair[0], others, mine)
            db.execute("INSERT OR REPLACE INTO alike VALUES (?, ?, ?, ?)", (left, right, of_left, of_right))
            met.add(row["article"])
    return met


def _forget(db: sqlite3.Connection, article: str) -> set[str]:
    row = db.execute("SELECT * FROM sketches WHERE article = ?", (article,)).fetchone()
    if row is None:
        return set()
    gone = [(band, row["n"]) for band in Sketch(row["size"], row["least"]).bands()]
    db.executemany("DELETE FROM bands WHERE band = ? AND n = ?", gone)
    db.execute("DELETE FROM sketches WHERE n = ?", (row["n"],))
    met = {row["article"] for row in _beside(db, [article])}
    db.execute("DELETE FROM alike WHERE left = ? OR right = ?", (article, article))
    return met


def _beside(db: sqlite3.Connection, articles: Iterable[str]) -> list[sqlite3.Row]:
    rows: list[sqlite3.Row] = []
    for marks, part in parts(articles):
        for one, other in (("left", "right"), ("right", "left")):
            query = f"SELECT {other} AS article, left, right, of_left, of_right FROM alike WHERE {one} IN ({marks})"
            rows += db.execute(query, part).fetchall()
    return rows


def alike_to(db: sqlite3.Connection, articles: Iterable[str]) -> tuple[set[str], set[tuple[str, str, float, float]]]:
    """All articles that can be reached from these over pairs of the same words, these too, and the pairs."""
    reached: set[str] = set()
    pairs: set[tuple[str, str, float, float]] = set()
    edge = set(articles)
    while edge:
        reached |= edge
        rows = _beside(db, edge)
        pairs |= {(row["left"], row["right"], row["of_left"], row["of_right"]) for row in rows}
        edge = {row["article"] for row in rows} - reached
    return reached, pairs


def copies_among(db: sqlite3.Connection, articles: Iterable[str]) -> dict[str, str]:
    """Copy -> its original, of these articles and of all that are alike to them."""
    _, pairs = alike_to(db, articles)
    return originals(_tellings(db, {id_ for pair in pairs for id_ in pair[:2]}), pairs) if pairs else {}


def _tellings(db: sqlite3.Connection, articles: Iterable[str]) -> dict[str, Telling]:
    credits: dict[str, set[str]] = {}
    found: dict[str, Telling] = {}
    for marks, part in parts(articles):
        query = f"SELECT article, value FROM claims WHERE kind = 'source' AND article IN ({marks})"
        for row in db.execute(query, part):
            credits.setdefault(row["article"], set()).add(row["value"])
        for row in db.execute(f"SELECT id, day, published, outlet FROM articles WHERE id IN ({marks})", part):
            found[row["id"]] = Telling(**dict(row), credits=frozenset(credits.get(row["id"], ())))
    return found


def also_in(db: sqlite3.Connection, articles: Iterable[str]) -> dict[str, tuple[str | None, list[sqlite3.Row]]]:
    """Article -> (its original, if it is a copy; the other articles of its story, in the order of time)."""
    asked = set(articles)
    roots = copies_among(db, asked)
    stories: dict[str, set[str]] = {}
    for copy, root in roots.items():
        stories.setdefault(root, {root}).add(copy)
    rows: dict[str, sqlite3.Row] = {}
    for marks, part in parts(id_ for ids in stories.values() for id_ in ids):
        query = f"SELECT id, outlet, day, title FROM articles WHERE id IN ({marks})"
        rows.update({row["id"]: row for row in db.execute(query, part)})
    found: dict[str, tuple[str | None, list[sqlite3.Row]]] = {}
    for id_ in asked:
        others = stories.get(roots.get(id_, id_), set()) - {id_}
        if others:
            ordered = sorted((rows[other] for other in others if other in rows), key=lambda r: (r["day"], r["id"]))
            found[id_] = (roots.get(id_), ordered)
    return found


def projects_with(db: sqlite3.Connection, articles: Iterable[str]) -> set[str]:
    """The projects that articles speak of."""
    found: set[str] = set()
    for marks, part in parts(articles):
        query = f"SELECT DISTINCT project FROM mentions WHERE project IS NOT NULL AND article IN ({marks})"
        found.update(row[0] for row in db.execute(query, part))
    return found


def whole_mentions(db: sqlite3.Connection, ids: Iterable[str]) -> list[Mention]:
    """As load_mentions, and each report says whose copy it is."""
    mentions = load_mentions(db, ids)
    roots = copies_among(db, {mention.report.id for mention in mentions})
    if not roots:
        return mentions
    return [
        dataclasses.replace(m, report=dataclasses.replace(m.report, copy_of=roots[m.report.id]))
        if m.report.id in roots
        else m
        for m in mentions
    ]
