"""Which articles are of the same words, as SQL: sketches of texts, where they meet, and which is whose copy."""

from __future__ import annotations

import dataclasses
import sqlite3
from collections.abc import Iterable

from slatewatch.model import Article, Mention
from slatewatch.projects.copies import COPY, Telling, original_of, roots
from slatewatch.shingles import Sketch, shares, sketch

from .rows import load_mentions, parts


def put_sketch(db: sqlite3.Connection, article: Article, *, wanted: bool) -> set[str]:
    """Sketch an article's text anew, and settle whose copy it is and which are copies of it.

    Only `wanted` articles are sketched: one that states nothing needs no copies. Returns the articles for which this
    may have changed something, it among them; none where it has no others.
    """
    orphans, met = _forget(db, article.id)
    made = sketch(article.text) if wanted else None
    if made is not None:
        insert = "INSERT INTO sketches (article, size, least) VALUES (?, ?, ?)"
        db.execute(insert, (article.id, made.size, made.least))
        n = db.execute("SELECT n FROM sketches WHERE article = ?", (article.id,)).fetchone()["n"]
        db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, n) for band in made.bands()])
        met |= _settle(db, article.id, made)
    for orphan in sorted(orphans):
        row = db.execute("SELECT size, least FROM sketches WHERE article = ?", (orphan,)).fetchone()
        met |= _settle(db, orphan, Sketch(row["size"], row["least"]), alone=True)
    return met | {article.id} if met else met


def _forget(db: sqlite3.Connection, article: str) -> tuple[set[str], set[str]]:
    """Take away what is known of an article's words. Returns the copies it had, and all articles it was tied to."""
    row = db.execute("SELECT * FROM sketches WHERE article = ?", (article,)).fetchone()
    if row is None:
        return set(), set()
    gone = [(band, row["n"]) for band in Sketch(row["size"], row["least"]).bands()]
    db.executemany("DELETE FROM bands WHERE band = ? AND n = ?", gone)
    db.execute("DELETE FROM sketches WHERE n = ?", (row["n"],))
    orphans = {row[0] for row in db.execute("SELECT article FROM copies WHERE original = ?", (article,))}
    original = {row[0] for row in db.execute("SELECT original FROM copies WHERE article = ?", (article,))}
    db.execute("DELETE FROM copies WHERE article = ? OR original = ?", (article, article))
    return orphans, orphans | original


def _settle(db: sqlite3.Connection, article: str, made: Sketch, *, alone: bool = False) -> set[str]:
    """Find the original of an article and, unless `alone`, those it is the original of. Returns whom that concerns."""
    bands = made.bands()
    shared = {
        row["article"]: shares(made, Sketch(row["size"], row["least"]))
        for row in db.execute(
            "SELECT article, size, least FROM sketches WHERE article <> ? AND n IN "
            f"(SELECT n FROM bands WHERE band IN ({','.join('?' * len(bands))}))",
            (article, *bands),
        )
    }
    shared = {other: parts for other, parts in shared.items() if max(parts) >= COPY}
    if not shared:
        return set()
    before = dict(_pairs(db, "article", shared))
    tellings = _tellings(db, {article, *shared, *before.values()})
    mine = tellings[article]
    met = set()
    if found := original_of(mine, [(tellings[other], of_mine) for other, (of_mine, _) in shared.items()]):
        db.execute("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", (article, found[0].id, found[1]))
        met.add(found[0].id)
    for other, (_, of_other) in () if alone else shared.items():
        rival = tellings.get(before.get(other, ""))
        if original_of(tellings[other], [(mine, of_other)]) and (rival is None or mine.moment < rival.moment):
            db.execute("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", (other, article, of_other))
            met.add(other)
    return met


def _pairs(db: sqlite3.Connection, column: str, articles: Iterable[str]) -> list[tuple[str, str]]:
    """(copy, original) of these articles, as copies or (`column` is original) as originals."""
    found: list[tuple[str, str]] = []
    for marks, part in parts(articles):
        rows = db.execute(f"SELECT article, original FROM copies WHERE {column} IN ({marks})", part)
        found += [(row["article"], row["original"]) for row in rows]
    return found


def stories(db: sqlite3.Connection, articles: Iterable[str]) -> tuple[set[str], dict[str, str]]:
    """All articles of the stories of these, they too, and each copy among them with what it was taken over from."""
    reached: set[str] = set()
    parents: dict[str, str] = {}
    edge = set(articles)
    while edge:
        reached |= edge
        pairs = _pairs(db, "article", edge) + _pairs(db, "original", edge)
        parents.update(pairs)
        edge = {id_ for pair in pairs for id_ in pair} - reached
    return reached, parents


def copies_among(db: sqlite3.Connection, articles: Iterable[str]) -> dict[str, str]:
    """Copy -> its original at the beginning of the chain, of these articles and of all in their stories."""
    return roots(stories(db, articles)[1])


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
    originals = copies_among(db, asked)
    told: dict[str, set[str]] = {}
    for copy, root in originals.items():
        told.setdefault(root, {root}).add(copy)
    rows: dict[str, sqlite3.Row] = {}
    for marks, part in parts(id_ for ids in told.values() for id_ in ids):
        query = f"SELECT id, outlet, day, title FROM articles WHERE id IN ({marks})"
        rows.update({row["id"]: row for row in db.execute(query, part)})
    found: dict[str, tuple[str | None, list[sqlite3.Row]]] = {}
    for id_ in asked:
        others = told.get(originals.get(id_, id_), set()) - {id_}
        if others:
            ordered = sorted((rows[other] for other in others if other in rows), key=lambda r: (r["day"], r["id"]))
            found[id_] = (originals.get(id_), ordered)
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
    originals = copies_among(db, {mention.report.id for mention in mentions})
    if not originals:
        return mentions
    return [
        dataclasses.replace(m, report=dataclasses.replace(m.report, copy_of=originals[m.report.id]))
        if m.report.id in originals
        else m
        for m in mentions
    ]
