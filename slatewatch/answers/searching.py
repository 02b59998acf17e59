"""Search over titles, names and quotes."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable

from slatewatch.errors import BadInput
from slatewatch.names import company_key, person_key, title_key
from slatewatch.store import reading, snapshot

from .making import project_row
from .records import Found, ProjectRow, QuoteRow


def match_of(text: str) -> str:
    """What a person typed, as a query of the search: all its words, the last one perhaps unfinished.

    Nothing typed can be read as an operator. Raises BadInput where there is no word in it.
    """
    words = re.findall(r"\w+", text)[:20]
    if not words:
        raise BadInput("there is no word to search for")
    return " ".join(f'"{word}"' for word in words) + " *"


def whole_words(match: str) -> str:
    """The same query for finished words alone: these are found at once, beginnings of words have to be gathered."""
    return match.removesuffix(" *")


def find(db: sqlite3.Connection, text: str, *, limit: int = 20) -> Found:
    """Projects, people, companies and quotes that hold the words of `text`; what is called exactly so comes first."""
    from .naming import named

    match = match_of(text)
    with snapshot(db):
        entries = reading.entries_by_kind(db, match, limit)
        projects = _projects(db, text, entries["title"], limit)
        people = [person_key(text), *(row["ref"] for row in entries["person"])]
        firms = [company_key(text), *(row["ref"] for row in entries["company"])]
        return Found(
            projects=tuple(projects), people=tuple(named(db, "person", people)[:limit]),
            companies=tuple(named(db, "company", firms)[:limit]), quotes=quotes(db, text, limit=limit),
        )  # fmt: skip


def quotes(db: sqlite3.Connection, text: str, *, limit: int = 20) -> tuple[QuoteRow, ...]:
    """Quotes that hold the words of `text`, those learned of last; with the last word unfinished, where need be."""
    match = match_of(text)
    with snapshot(db):
        rows = reading.quotes(db, whole_words(match), limit)
        if len(rows) < limit:
            rows = reading.quotes(db, match, limit)
    unique = {(row["article"], row["quote"], row["p_id"]): row for row in rows}
    return tuple(
        QuoteRow(
            quote=row["quote"], article=row["article"], outlet=row["outlet"], day=row["day"], url=row["url"],
            project=row["p_id"], title=row["p_title"],
        )
        for row in list(unique.values())[:limit]
    )  # fmt: skip


def _projects(db: sqlite3.Connection, text: str, entries: Iterable[sqlite3.Row], limit: int) -> list[ProjectRow]:
    ids = dict.fromkeys(reading.projects_titled(db, title_key(text)))
    for row in entries:
        if len(ids) >= limit:
            break
        found = reading.projects_titled(db, row["ref"]) or reading.untitled_projects(db, row["text"])
        ids.update(dict.fromkeys(found))
    rows = reading.projects_by_id(db, list(ids)[:limit])
    return [project_row(rows[id_]) for id_ in ids if id_ in rows]
