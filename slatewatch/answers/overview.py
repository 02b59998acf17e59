"""Looks at the whole store: how outlets do, what the data covers. They read all of it: ask now and then."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from statistics import median

from slatewatch.names import person_key
from slatewatch.store import browsing, snapshot
from slatewatch.tabled import Tabled

from .listing import outlets
from .records import NamePage, OutletRow


@dataclass(frozen=True, slots=True, kw_only=True)
class OutletScore(Tabled):
    """How an outlet does.

    `settled`: people and companies that it said were in, or in talks, on which another outlet has spoken since; `right`
    of those, how many came (left later or not). `shared`: projects that others wrote on too, `lag` the median of the
    days it came after the first of them.
    """

    row: OutletRow
    right: int
    settled: int
    shared: int
    lag: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside(Tabled):
    """Somebody who works with a person: on how many projects, in what roles, one of them by id."""

    key: str
    name: str
    projects: int
    last_day: str
    roles: tuple[str, ...]
    project: str


def outlet_scores(db: sqlite3.Connection) -> tuple[OutletScore, ...]:
    """Every outlet, the one that had most projects first in front."""
    rows = outlets(db)
    with snapshot(db):
        words = {row["outlet"]: row for row in browsing.outlet_words(db)}
        lags: dict[str, list[int]] = {}
        for row in browsing.outlet_lags(db):
            lags.setdefault(row["outlet"], []).append(row["days"])
    found = []
    for one in rows:
        said, days = words.get(one.outlet), lags.get(one.outlet, [])
        found.append(
            OutletScore(
                row=one,
                right=said["right"] if said else 0,
                settled=said["settled"] if said else 0,
                shared=len(days),
                lag=float(median(days)) if days else None,
            )
        )
    return tuple(found)


def coverage(db: sqlite3.Connection) -> dict[str, tuple[tuple[str | None, int], ...]]:
    """What the store holds, counted: articles by year, claims by kind and reader, projects by status, format, clock."""
    with snapshot(db):
        return {name: tuple((r["name"], r["n"]) for r in rows) for name, rows in browsing.coverage(db).items()}


def collaborators(db: sqlite3.Connection, page: NamePage, *, limit: int = 24) -> tuple[Beside, ...]:
    """Whom a person works, or worked, with: those with most projects in common first."""
    projects = sorted({credit.project.id for credit in page.credits})[:400]
    if not projects:
        return ()
    keys = {page.key, *(person_key(name) for name in page.names)}
    with snapshot(db):
        rows = browsing.beside(db, projects, keys, limit)
    return tuple(
        Beside(
            key=r["key"],
            name=r["name"],
            projects=r["projects"],
            last_day=r["last_day"],
            roles=tuple(r["roles"].split(",")),
            project=r["project"],
        )
        for r in rows
    )
