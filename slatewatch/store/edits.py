"""What edits of articles changed in their claims, as SQL: the claims of every version are kept."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable

from slatewatch.model import Claim

from .rows import CLAIM_COLUMNS, LISTS, claim_of, parts


def keep_claims(db: sqlite3.Connection, article: str, hash: str, claims: Iterable[Claim]) -> None:
    """Keep the claims of one version of an article, in the place of those kept for it before."""
    db.execute("DELETE FROM version_claims WHERE article = ? AND hash = ?", (article, hash))
    rows = [(article, hash, claim.id, claim_json(claim)) for claim in claims]
    db.executemany("INSERT OR IGNORE INTO version_claims VALUES (?, ?, ?, ?)", rows)


def claim_json(claim: Claim) -> str:
    return json.dumps(dataclasses.asdict(claim), ensure_ascii=False)


def claim_from(text: str) -> Claim:
    said = json.loads(text)
    # What was kept before there was `also` does not have it.
    return Claim(**{**said, **{name: tuple(said.get(name) or ()) for name in LISTS}})


def present_claims(db: sqlite3.Connection, article: str) -> list[Claim]:
    query = f"SELECT {CLAIM_COLUMNS} FROM claims c WHERE c.article = ? ORDER BY c.start, c.end, c.id"
    return [claim_of(row) for row in db.execute(query, (article,))]


def kept_claims(db: sqlite3.Connection, articles: Iterable[str]) -> dict[tuple[str, str], list[Claim]]:
    """(article, hash) -> the claims of that version."""
    found: dict[tuple[str, str], list[Claim]] = {}
    for marks, part in parts(articles):
        for row in db.execute(f"SELECT * FROM version_claims WHERE article IN ({marks})", part):
            found.setdefault((row["article"], row["hash"]), []).append(claim_from(row["said"]))
    for claims in found.values():
        claims.sort(key=lambda c: (c.start, c.end, c.id))
    return found


def edited(
    db: sqlite3.Connection, *, since: str | None = None, articles: Iterable[str] | None = None, limit: int = 200
) -> list[str]:
    """Articles of more than one version, the one edited last first: all, or some; since a day or time (ISO)."""
    if articles is None:
        return [row[0] for row in db.execute(
            "SELECT article, max(first_seen) AS last FROM versions WHERE first_seen >= ? AND diff IS NOT NULL "
            "OR article IN (SELECT article FROM versions WHERE first_seen >= ?) "
            "GROUP BY article ORDER BY last DESC, article LIMIT ?", (since or "", since or "", limit),
        )]  # fmt: skip
    found: list[tuple[str, str]] = []
    for marks, part in parts(articles):
        query = f"SELECT max(first_seen), article FROM versions WHERE article IN ({marks}) GROUP BY article"
        found += [(row[0], row[1]) for row in db.execute(query, part) if row[0] >= (since or "")]
    return [article for _, article in sorted(found, reverse=True)][:limit]
