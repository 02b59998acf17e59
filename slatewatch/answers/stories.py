"""One story in many articles: which of them are copies, and what edits of them brought and took away."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import replace

from slatewatch.model import Claim
from slatewatch.store import browsing, reading, snapshot
from slatewatch.store.copies import also_in
from slatewatch.store.edits import edited, kept_claims

from .making import article_row
from .records import AlsoIn, ArticleRow, EditRow, VersionRow


def with_copies(db: sqlite3.Connection, rows: Iterable[ArticleRow]) -> list[ArticleRow]:
    """The rows, each with its original, where it is a copy, and with the other articles of its words."""
    rows = list(rows)
    found = also_in(db, (row.id for row in rows))
    for n, row in enumerate(rows):
        if row.id in found:
            original, others = found[row.id]
            also = tuple(AlsoIn(article=o["id"], outlet=o["outlet"], day=o["day"]) for o in others)
            rows[n] = replace(row, copy_of=original, also_in=also)
    return rows


def what_it_says(claim: Claim) -> tuple[object, ...]:
    """A claim without the place and the wording of its quote: an edit that only moves words changes no claim."""
    return (
        claim.kind, claim.project, claim.subject, claim.role, claim.value, claim.modality, claim.character,
        claim.creators, claim.year,
    )  # fmt: skip


def versions(db: sqlite3.Connection, article: str) -> tuple[VersionRow, ...]:
    """The versions of an article, the oldest first, each with the claims that it brought and those that it dropped.

    Nothing is said of a version whose claims, or those of the one before, were not kept.
    """
    kept = kept_claims(db, [article])
    found: list[VersionRow] = []
    before: Sequence[Claim] | None = None
    for row in reading.versions(db, article):
        claims = kept.get((article, row["hash"]), []) if kept else None
        brought, dropped = _difference(before, claims) if found else ((), ())
        fields = ("hash", "title", "published", "modified", "first_seen", "diff")
        found.append(VersionRow(**{name: row[name] for name in fields}, brought=brought, dropped=dropped))
        before = claims
    return tuple(found)


def _difference(
    before: Sequence[Claim] | None, after: Sequence[Claim] | None
) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    if before is None or after is None:
        return (), ()
    old, new = {what_it_says(claim) for claim in before}, {what_it_says(claim) for claim in after}
    brought = {what_it_says(c): c for c in reversed(after) if what_it_says(c) not in old}
    dropped = {what_it_says(c): c for c in reversed(before) if what_it_says(c) not in new}
    return tuple(reversed(brought.values())), tuple(reversed(dropped.values()))


def edits(
    db: sqlite3.Connection, project: str | None = None, *, since: str | None = None, limit: int = 200
) -> list[EditRow]:
    """Edits of articles, the last first: of all, or of those on a project (an id); since a day or time (ISO)."""
    with snapshot(db):
        articles = None if project is None else {row["article"] for row in reading.mentions(db, project)}
        ids = edited(db, since=since, articles=articles, limit=limit)
        rows = {row["id"]: article_row(row) for row in browsing.articles_by_id(db, ids)}
        found = [
            EditRow(article=rows[id_], version=version)
            for id_ in ids
            for version in versions(db, id_)[1:]
            if id_ in rows and version.first_seen >= (since or "")
        ]
    return sorted(found, key=lambda row: (row.version.first_seen, row.article.id), reverse=True)[:limit]
