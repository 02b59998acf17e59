"""Lists: projects, open posts, changes, the feed, pairs to look at, outlets, numbers."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES, FORMATS, Evidence
from slatewatch.statuses import statuses_meant
from slatewatch.store import reading, snapshot
from slatewatch.store.rows import makers_of

from .making import article_row, change_row, project_row
from .records import ChangeRow, Counts, DoubtRow, FeedItem, OpenRow, OutletRow, ProjectRow
from .stories import with_copies

Order = Literal["newest", "title", "first", "articles"]
ORDERS: dict[Order, str] = {
    "newest": "p.last_day DESC, p.id",
    "title": "p.title COLLATE NOCASE, p.id",
    "first": "p.first_day, p.id",
    "articles": "p.articles DESC, p.id",
}


def projects(
    db: sqlite3.Connection, *, status: str | None = None, format: str | None = None, since: str | None = None,
    conflicting: bool = False, order: Order = "newest", limit: int = 100, offset: int = 0,
) -> list[ProjectRow]:  # fmt: skip
    """Projects, by default those heard of last first. `since` is the ISO day of the last news, at the earliest."""
    where, values = list[str](), list[Any]()
    if format:
        _known("format", format, FORMATS)
        where.append("p.format = ?")
        values.append(format)
    if status:
        # The words of IMDb and TMDB will do too: one of theirs may mean several of ours.
        meant = statuses_meant(status)
        where.append(f"p.status IN ({','.join('?' * len(meant))})")
        values += meant
    if since:
        where.append("p.last_day >= ?")
        values.append(since)
    if conflicting:
        where.append("p.conflicts > 0")
    with snapshot(db):
        return [project_row(row) for row in reading.projects(db, where, values, ORDERS[order], limit, offset)]


def _known(name: str, value: str, allowed: Sequence[str]) -> None:
    if value not in allowed:
        raise BadInput(f"there is no {name} {value!r}; there are {', '.join(allowed)}")


def open_posts(
    db: sqlite3.Connection, role: str | None = None, *, format: str | None = None, since: str | None = None,
    dead: bool = False, limit: int = 200, offset: int = 0,
) -> list[OpenRow]:  # fmt: skip
    """The grid of posts that stand open, the one confirmed last first.

    `since` is the ISO day it was last confirmed, at the earliest; `dead` adds projects that are completed, released or
    cancelled. Raises BadInput for a role or format that does not exist.
    """
    if role:
        _known("role", role, CREDIT_ROLES)
    if format:
        _known("format", format, FORMATS)
    with snapshot(db):
        rows = reading.posts(db, role=role, format=format, dead=dead, since=since, limit=limit, offset=offset)
        people: dict[str, list[str]] = {}
        companies: dict[str, list[str]] = {}
        for one in reading.standing_on(db, {row["project"] for row in rows}):
            kept = (
                people
                if one["kind"] == "credit" and one["role"] in LEADING
                else companies
                if one["kind"] == "company"
                else None
            )
            if kept is not None and one["name"] not in kept.setdefault(one["project"], []):
                kept[one["project"]].append(one["name"])
    return [
        OpenRow(
            project=project_row(row), role=row["role"], part=row["part"] or None, why=row["why"],
            stated=bool(row["stated"]), since=row["since"], confirmed=row["confirmed"], outlet=row["outlet"],
            evidence=_post_evidence(row),
            people=tuple(people.get(row["project"], ())[:6]), companies=tuple(companies.get(row["project"], ())[:4]),
        )
        for row in rows
    ]  # fmt: skip


#: Whose names say what kind of project it is.
LEADING = frozenset({"director", "writer", "creator", "showrunner", "cast"})


def _post_evidence(row: sqlite3.Row) -> Evidence | None:
    if row["quote"] is None:
        return None
    return Evidence(
        claim=row["claim"], article=row["article"], day=row["day"], quote=row["quote"], start=row["start"],
        end=row["end"], outlet=row["a_outlet"], voice=row["a_outlet"], url=row["url"],
        makers=makers_of(row),
    )  # fmt: skip


def changes(
    db: sqlite3.Connection, since: str | None = None, *, by: Literal["noted", "day"] = "noted", limit: int = 500
) -> list[ChangeRow]:
    """What changed since a day or time (ISO), newest first, by when the store learned of it, or by article."""
    with snapshot(db):
        return [change_row(row) for row in reading.changes(db, since=since, by=by, limit=limit)]


def feed(
    db: sqlite3.Connection, *, before: str | None = None, outlet: str | None = None, limit: int = 50, offset: int = 0
) -> list[FeedItem]:
    """The newest articles, each with what it changed."""
    with snapshot(db):
        found = reading.articles(db, before=before, outlet=outlet, limit=limit, offset=offset)
        rows = with_copies(db, map(article_row, found))
        made: dict[str, list[ChangeRow]] = {}
        for row in reading.changes(db, articles=[row.id for row in rows]):
            made.setdefault(row["article"], []).append(change_row(row))
    return [FeedItem(article=row, changes=tuple(made.get(row.id, ()))) for row in rows]


def doubt_rows(db: sqlite3.Connection, rows: Iterable[sqlite3.Row]) -> tuple[DoubtRow, ...]:
    pairs = list(rows)
    found = reading.projects_by_id(db, {row[side] for row in pairs for side in ("left", "right")})
    return tuple(
        DoubtRow(
            left=project_row(found[row["left"]]),
            right=project_row(found[row["right"]]),
            score=row["score"],
            why=row["why"],
        )
        for row in pairs
    )


def review(db: sqlite3.Connection, *, limit: int = 20) -> tuple[DoubtRow, ...]:
    """Pairs of projects that may be one: those where a person's word decides most first."""
    with snapshot(db):
        return doubt_rows(db, reading.doubts(db, limit=limit))


def outlets(db: sqlite3.Connection) -> list[OutletRow]:
    """Every outlet read or credited, the one that had most projects first in front."""
    with snapshot(db):
        read = {row["outlet"]: row for row in reading.outlets(db)}
        first = {row["outlet"]: row for row in reading.firsts(db)}
    found = []
    for name in {*read, *first}:
        mine, ahead = read.get(name), first.get(name)
        found.append(OutletRow(
            outlet=name, articles=mine["articles"] if mine else 0, first_day=mine["first_day"] if mine else "",
            last_day=mine["last_day"] if mine else "", firsts=ahead["firsts"] if ahead else 0,
            credited=ahead["credited"] if ahead else 0,
        ))  # fmt: skip
    return sorted(found, key=lambda row: (-row.firsts, -row.articles, row.outlet))


def counts(db: sqlite3.Connection) -> Counts:
    with snapshot(db):
        return Counts(**dict(reading.counts(db)))
