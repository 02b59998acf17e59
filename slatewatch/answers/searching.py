"""Search over titles, names and quotes."""

from __future__ import annotations

import re
import sqlite3

from slatewatch.errors import BadInput
from slatewatch.store import reading, snapshot

from .making import project_row
from .records import Found, NameRow, ProjectRow, QuoteRow


def match_of(text: str) -> str:
    """What a person typed, as a query of the search: all its words, the last one perhaps unfinished.

    Nothing typed can be read as an operator. Raises BadInput where there is no word in it.
    """
    words = re.findall(r"\w+", text)[:20]
    if not words:
        raise BadInput("there is no word to search for")
    return " ".join(f'"{word}"' for word in words) + " *"


def find(db: sqlite3.Connection, text: str, *, limit: int = 20) -> Found:
    """Projects, people, companies and quotes that hold the words of `text`."""
    from .naming import named

    match = match_of(text)
    with snapshot(db):
        projects = _projects(db, match, limit)
        people: list[NameRow] = named(db, "person", [row["ref"] for row in reading.entries(db, match, "person", limit)])
        firms: list[NameRow] = named(
            db, "company", [row["ref"] for row in reading.entries(db, match, "company", limit)]
        )
        quotes = reading.quotes(db, match, limit)
    unique = {(row["article"], row["quote"], row["p_id"]): row for row in quotes}
    return Found(
        projects=tuple(projects),
        people=tuple(people),
        companies=tuple(firms),
        quotes=tuple(
            QuoteRow(
                quote=row["quote"], article=row["article"], outlet=row["outlet"], day=row["day"], url=row["url"],
                project=row["p_id"], title=row["p_title"],
            )
            for row in list(unique.values())[:limit]
        ),
    )  # fmt: skip


def _projects(db: sqlite3.Connection, match: str, limit: int) -> list[ProjectRow]:
    ids: dict[str, None] = {}
    for row in reading.entries(db, match, "title", limit):
        found = reading.projects_titled(db, row["ref"]) or reading.untitled_projects(db, row["text"])
        ids.update(dict.fromkeys(found))
        if len(ids) >= limit:
            break
    rows = reading.projects_by_id(db, list(ids)[:limit])
    return [project_row(rows[id_]) for id_ in ids if id_ in rows]
