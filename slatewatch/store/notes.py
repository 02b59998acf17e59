"""What people add by hand, as SQL: private notes on projects, rulings on claims."""

from __future__ import annotations

import dataclasses
import json
import sqlite3
from collections.abc import Iterable, Sequence

from slatewatch.model import Claim

from .rows import CLAIM_COLUMNS, LISTS, claim_of, parts

#: A claim is in doubt when the reader holds it right with a smaller probability; notes.sql has an index of the same.
DOUBT = 0.7


def notes_on(db: sqlite3.Connection, projects: Iterable[str]) -> dict[str, str]:
    """Project -> its note; of several, after a merge, all."""
    found: dict[str, list[str]] = {}
    for marks, part in parts(projects):
        for row in db.execute(
            "SELECT m.project, n.text FROM mentions m JOIN notes n ON n.project = m.id "
            f"WHERE m.project IN ({marks}) ORDER BY n.at",
            part,
        ):
            found.setdefault(row["project"], []).append(row["text"])
    return {project: "\n".join(texts) for project, texts in found.items()}


def put_note(db: sqlite3.Connection, project: str, text: str, *, by: str, at: str) -> None:
    """The note on a project from now on; an empty text takes it away."""
    db.execute("DELETE FROM notes WHERE project IN (SELECT id FROM mentions WHERE project = ?)", (project,))
    if text:
        db.execute("INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", (project, text, by, at))


def put_ruling(
    db: sqlite3.Connection, claim: Claim, verdict: str, instead: Claim | None, *, by: str, at: str, why: str
) -> None:
    said, other = _json(claim), _json(instead) if instead else None
    db.execute(
        "INSERT INTO rulings (article, claim, verdict, said, instead, by, at, why) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (claim.article, claim.id, verdict, said, other, by, at, why),
    )


def _json(claim: Claim) -> str:
    return json.dumps(dataclasses.asdict(claim), ensure_ascii=False)


def _claim(text: str) -> Claim:
    said = json.loads(text)
    # Rulings from before there was `also` do not have it.
    return Claim(**{**said, **{name: tuple(said.get(name) or ()) for name in LISTS}})


def rulings(db: sqlite3.Connection, *, article: str | None = None, limit: int = 1000) -> list[sqlite3.Row]:
    """The latest first; of one article or of all."""
    where, values = ("article = ?", [article]) if article is not None else ("1", [])
    return db.execute(f"SELECT * FROM rulings WHERE {where} ORDER BY n DESC LIMIT ?", (*values, limit)).fetchall()


def ruled(db: sqlite3.Connection, article: str, claims: Sequence[Claim]) -> list[Claim]:
    """The claims of an article after what people have said: without the rejected, the corrected as corrected."""
    words: dict[str, sqlite3.Row] = {}
    for row in rulings(db, article=article, limit=100_000):
        words.setdefault(row["claim"], row)
    if not words:
        return list(claims)
    found: dict[str, Claim] = {}
    for claim in claims:
        kept: Claim | None = claim
        seen: set[str] = set()
        while kept is not None and kept.id in words and kept.id not in seen:
            seen.add(kept.id)
            row = words[kept.id]
            if row["verdict"] == "accept":
                break
            kept = _claim(row["instead"]) if row["verdict"] == "correct" else None
        if kept is not None:
            found[kept.id] = kept
    return list(found.values())


def as_read(db: sqlite3.Connection, article: str) -> list[Claim]:
    """The claims of an article as if nobody had ruled on them."""
    rows = rulings(db, article=article, limit=100_000)
    made = {_claim(row["instead"]).id for row in rows if row["instead"]}
    query = f"SELECT {CLAIM_COLUMNS} FROM claims c WHERE c.article = ? ORDER BY c.start, c.end, c.id"
    current = [claim_of(row) for row in db.execute(query, (article,))]
    back = (_claim(row["said"]) for row in rows)
    every = {claim.id: claim for claim in (*current, *back) if claim.id not in made}
    return list(every.values())


def doubtful(db: sqlite3.Connection, limit: int) -> list[sqlite3.Row]:
    """Claims that the reader was least sure of and nobody has ruled on."""
    return db.execute(
        f"SELECT {CLAIM_COLUMNS}, c.id AS claim, p.id AS p_id, p.title AS p_title, a.outlet, a.day FROM claims c "
        "JOIN articles a ON a.id = c.article LEFT JOIN mentions m ON m.id = c.mention "
        "LEFT JOIN projects p ON p.id = m.project "
        f"WHERE c.sure < {DOUBT} AND NOT EXISTS "
        "(SELECT 1 FROM rulings r WHERE r.article = c.article AND r.claim = c.id) ORDER BY c.sure LIMIT ?",
        (limit,),
    ).fetchall()
