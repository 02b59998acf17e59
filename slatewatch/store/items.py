"""Items of Wikidata that the store knows of: where it has a table of ids known elsewhere, what stands in that."""

from __future__ import annotations

import sqlite3


def items(db: sqlite3.Connection) -> list[tuple[str, str, str]]:
    """(person, company, project or work; what names it in the store; its item) each, none without the table."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'identifiers'").fetchone():
        return []
    query = "SELECT about, thing, value FROM identifiers WHERE scheme = 'wikidata' AND value IS NOT NULL"
    return [(row["about"], row["thing"], row["value"]) for row in db.execute(query)]
