"""What people, companies and works are called elsewhere, as SQL. Writing runs inside `transaction(db)`."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from .reading import Rows
from .rows import parts

#: Whose word outweighs every import's.
PERSON = "a person"


def identifiers(db: sqlite3.Connection, about: str, things: Iterable[str]) -> Rows:
    """The ids of people, companies or works by their keys, of projects by the ids of their mentions."""
    found: Rows = []
    for marks, part in parts(things):
        found += db.execute(
            f"SELECT * FROM identifiers WHERE about = ? AND thing IN ({marks}) AND value IS NOT NULL "
            "ORDER BY scheme, at DESC, thing", (about, *part),
        ).fetchall()  # fmt: skip
    return found


def put_identifier(
    db: sqlite3.Connection, about: str, thing: str, scheme: str, value: str | None, *, name: str, why: str, by: str,
    at: str,
) -> bool:  # fmt: skip
    """Keep an id; None keeps it away. No import overwrites what a person has said. True where this is new."""
    old = db.execute(
        "SELECT value, by FROM identifiers WHERE about = ? AND thing = ? AND scheme = ?", (about, thing, scheme)
    ).fetchone()
    if old and ((old["by"] == PERSON and by != PERSON) or old["value"] == value):
        return False
    db.execute(
        "INSERT OR REPLACE INTO identifiers VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (about, thing, scheme, value, name, why, by, at),
    )
    return True


def things_with(db: sqlite3.Connection, scheme: str, value: str) -> list[tuple[str, str]]:
    """(about, thing) of all that has an id."""
    query = "SELECT about, thing FROM identifiers WHERE scheme = ? AND value = ? ORDER BY about, thing"
    return [(row["about"], row["thing"]) for row in db.execute(query, (scheme, value))]


def all_identifiers(db: sqlite3.Connection) -> Rows:
    return db.execute("SELECT about, thing, scheme, value FROM identifiers WHERE value IS NOT NULL").fetchall()


def put_status(db: sqlite3.Connection, project: str, scheme: str, word: str, at: str) -> None:
    db.execute("INSERT OR REPLACE INTO statuses_elsewhere VALUES (?, ?, ?, ?)", (project, scheme, word, at))


def statuses(db: sqlite3.Connection, mentions: Iterable[str]) -> Rows:
    """What other catalogues call the status of the project of these mentions, the latest word of each first."""
    found: Rows = []
    for marks, part in parts(mentions):
        found += db.execute(
            f"SELECT * FROM statuses_elsewhere WHERE project IN ({marks}) ORDER BY scheme, at DESC", part
        ).fetchall()
    return found


def names_on_record(db: sqlite3.Connection, kind: str) -> Iterable[sqlite3.Row]:
    """Every spelling of the people or companies that articles name, with its key."""
    return db.execute("SELECT ref, text FROM entries WHERE kind = ?", (kind,))


def credits_on_record(db: sqlite3.Connection, kind: str) -> Rows:
    """Key, role and first day of the people or companies on projects."""
    return db.execute(
        "SELECT c.key, c.role, min(p.first_day) AS first_day FROM credits c JOIN projects p ON p.id = c.project "
        "WHERE c.kind = ? GROUP BY c.key, c.role", (kind,),
    ).fetchall()  # fmt: skip


def titles_on_record(db: sqlite3.Connection) -> Rows:
    """The titles of every mention with its project."""
    return db.execute(
        "SELECT m.id, m.title, m.project, p.format, p.first_day, p.last_day FROM mentions m "
        "JOIN projects p ON p.id = m.project"
    ).fetchall()


def works_on_record(db: sqlite3.Connection, kind: str) -> Rows:
    """Claims of source works (`based_on`) or of works that somebody is known for (`known_for`)."""
    return db.execute(
        "SELECT DISTINCT role, value, subject, creators, year FROM claims WHERE kind = ?", (kind,)
    ).fetchall()
