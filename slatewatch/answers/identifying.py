"""What people, companies, projects and their source works are called elsewhere, and how far others say a project is."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from slatewatch.errors import BadInput
from slatewatch.model import Project
from slatewatch.names import fold
from slatewatch.statuses import statuses_elsewhere
from slatewatch.store import identifiers

from .records import Identifier, StatusElsewhere

#: Scheme -> where an id leads. `{}` is the id.
PAGES = {"tmdb": "https://www.themoviedb.org/{}", "wikidata": "https://www.wikidata.org/wiki/{}"}
IMDB = {
    "nm": "https://www.imdb.com/name/{}/",
    "tt": "https://www.imdb.com/title/{}/",
    "co": "https://www.imdb.com/company/{}/",
}


def ids_of(db: sqlite3.Connection, about: str, things: Iterable[str]) -> tuple[Identifier, ...]:
    """The ids of one person, company, project or work, of each scheme one: a person's word first, then the latest."""
    rows = identifiers.identifiers(db, about, things)
    best: dict[str, sqlite3.Row] = {}
    for row in sorted(rows, key=lambda r: r["by"] != identifiers.PERSON):
        best.setdefault(row["scheme"], row)
    return tuple(_identifier(row) for _, row in sorted(best.items()))


def ids_of_project(db: sqlite3.Connection, record: Project, mentions: Iterable[str]) -> tuple[Identifier, ...]:
    """The ids of a project, then those of the works it is based on."""
    works = [f"{s.role}:{fold(s.value)}" for s in record.current if s.kind == "based_on"]
    return (*ids_of(db, "project", mentions), *(one for work in works for one in ids_of(db, "work", [work])))


def elsewhere(db: sqlite3.Connection, record: Project, mentions: Iterable[str]) -> tuple[StatusElsewhere, ...]:
    """What IMDb and TMDB were last said to call the status, and whether ours is one that the word may mean."""
    latest: dict[str, sqlite3.Row] = {}
    for row in identifiers.statuses(db, mentions):
        latest.setdefault(row["scheme"], row)
    own = next((s.value for s in record.current if s.kind == "status"), None)
    found = []
    for scheme, row in sorted(latest.items()):
        try:
            means = statuses_elsewhere(scheme, row["word"])
        except BadInput:
            means = ()
        agrees = own in means if own and means else None
        found.append(StatusElsewhere(scheme=scheme, word=row["word"], means=means, agrees=agrees, at=row["at"]))
    return tuple(found)


def _identifier(row: sqlite3.Row) -> Identifier:
    value = row["value"]
    page = IMDB.get(value[:2]) if row["scheme"] == "imdb" else PAGES[row["scheme"]]
    return Identifier(
        about=row["about"], name=row["name"], scheme=row["scheme"], value=value,
        url=page.format(value) if page else None, why=row["why"], by=row["by"],
    )  # fmt: skip
