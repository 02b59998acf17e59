"""Lists that are gone through page by page: each answer says where the next goes on, None at the end."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES, Evidence
from slatewatch.names import company_key, person_key
from slatewatch.store import browsing, reading, snapshot
from slatewatch.store.notes import notes_on
from slatewatch.store.rows import makers_of
from slatewatch.tabled import Tabled

from .making import article_row, change_row, name_row, project_row
from .records import ArticleRow, ChangeRow, FeedItem, NameRow, ProjectRow
from .stories import with_copies

#: A filtered page of the feed looks at so many changes, then says how far back it got: a filter that fits nothing
#: would read the whole store otherwise.
WINDOW = 600
Place = tuple[str, str]
END_OF_TIME: Place = ("9999", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the feed is wanted: changes in a role, to a modality, on projects of a format or status; of an outlet."""

    outlet: str | None = None
    role: str | None = None
    modality: str | None = None
    format: str | None = None
    status: str | None = None

    def asked(self) -> dict[str, str]:
        """What was asked for, by its name."""
        said = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: value for name, value in said.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedPage(Tabled):
    """`next` is where the next page begins; `searched` the day back to which a filter has looked."""

    items: tuple[FeedItem, ...]
    next: Place | None
    searched: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridPost(Tabled):
    """An open post in the grid, with the words for it."""

    role: str
    part: str | None
    why: str
    stated: bool
    since: str
    confirmed: str
    outlet: str | None
    evidence: Evidence | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GridRow(Tabled):
    """A project with its open posts, who leads it, its companies, and the private note on it."""

    project: ProjectRow
    posts: tuple[GridPost, ...]
    people: tuple[str, ...]
    companies: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GridLine(Tabled):
    """A project with its open posts in short, as in a spreadsheet: role -> the day it was last confirmed open."""

    project: ProjectRow
    posts: dict[str, str]
    people: tuple[str, ...]
    companies: tuple[str, ...]
    note: str


def browse(db: sqlite3.Connection, wanted: Wanted, after: Place = END_OF_TIME, *, limit: int = 20) -> FeedPage:
    """The feed from (day, article id) back, the newest first."""
    with snapshot(db):
        if wanted.role or wanted.modality or wanted.format or wanted.status:
            rows, place, searched = _filtered(db, wanted, after, limit)
        else:
            found = browsing.articles_after(db, *after, wanted.outlet, limit + 1)
            rows = [article_row(row) for row in found[:limit]]
            place, searched = ((rows[-1].day, rows[-1].id) if len(found) > limit else None), None
        rows = with_copies(db, rows)
        made: dict[str, list[ChangeRow]] = {}
        for row in reading.changes(db, articles=[row.id for row in rows]):
            made.setdefault(row["article"], []).append(change_row(row))
    items = tuple(FeedItem(article=row, changes=tuple(made.get(row.id, ()))) for row in rows)
    return FeedPage(items=items, next=place, searched=searched)


def _filtered(
    db: sqlite3.Connection, wanted: Wanted, after: Place, limit: int
) -> tuple[list[ArticleRow], Place | None, str | None]:
    places = browsing.articles_fitting(db, wanted.asked(), *after, WINDOW, limit + 1)
    articles = [article_row(row) for row in browsing.articles_by_id(db, [id_ for _, id_ in places[:limit]])]
    if len(places) > limit:
        return articles, places[limit - 1], None
    looked, ends = browsing.window_end(db, *after, WINDOW)
    if looked < WINDOW:
        return articles, None, None
    # The last article may have been looked at in part: the next page begins with it, unless it alone filled this one.
    if len(ends) == 1:
        return articles, ends[0], ends[0][0]
    return [row for row in articles if row.id != ends[1][1]], ends[0], ends[0][0]


GRID_ORDERS = tuple(browsing.GRID_WALKS)


def grid(
    db: sqlite3.Connection, order: str = "confirmed", *, role: str | None = None, format: str | None = None,
    status: str | None = None, since: str | None = None, dead: bool = False, limit: int = 50, offset: int = 0,
) -> tuple[tuple[GridRow, ...], int | None]:  # fmt: skip
    """Projects with open posts, a row each, and the offset of the next page.

    `order` is news (of the project, newest first), title, confirmed (a post, last first) or oldest (the same, first
    first). `role` and `since` ask for a post of that role, confirmed since that ISO day. `dead` adds projects that are
    completed, released or cancelled. Raises BadInput for an order that does not exist.
    """
    if order not in GRID_ORDERS:
        raise BadInput(f"there is no order {order!r}; there are {', '.join(GRID_ORDERS)}")
    with snapshot(db):
        walk = browsing.grid_projects(db, order, role=role, format=format, status=status, since=since, dead=dead)
        ids = list(islice(walk, offset, offset + limit + 1))
        more = offset + limit if len(ids) > limit else None
        return _grid_rows(db, ids[:limit]), more


def grid_ids(
    db: sqlite3.Connection, order: str = "confirmed", *, role: str | None = None, format: str | None = None,
    status: str | None = None, since: str | None = None, dead: bool = False, limit: int,
) -> list[str]:  # fmt: skip
    """The ids of the grid's first rows, asked for as in `grid`."""
    with snapshot(db):
        walk = browsing.grid_projects(db, order, role=role, format=format, status=status, since=since, dead=dead)
        return list(islice(walk, limit))


def grid_lines(db: sqlite3.Connection, ids: Sequence[str]) -> tuple[GridLine, ...]:
    """A line for each of these projects, in their order; none for one that is no longer there."""
    with snapshot(db):
        rows = reading.projects_by_id(db, ids)
        posts: dict[str, dict[str, str]] = {}
        for row in browsing.roles_on(db, ids):
            posts.setdefault(row["project"], {})[row["role"]] = row["confirmed"]
        people, companies = _names_on(db, ids)
        notes = notes_on(db, ids)
    return tuple(
        GridLine(
            project=project_row(rows[id_]), posts=posts.get(id_, {}), people=people.get(id_, ()),
            companies=companies.get(id_, ()), note=notes.get(id_, ""),
        )
        for id_ in ids if id_ in rows
    )  # fmt: skip


def grid_roles(db: sqlite3.Connection) -> tuple[str, ...]:
    """The grid's columns: every role that is open on any project, so that all its pages have the same ones."""
    with snapshot(db):
        there = browsing.roles_open(db)
    return tuple(role for role in CREDIT_ROLES if role in there)


#: Whose names say what kind of project it is.
LEADING = ("director", "writer", "creator", "showrunner", "cast")


def _grid_rows(db: sqlite3.Connection, ids: Sequence[str]) -> tuple[GridRow, ...]:
    rows = reading.projects_by_id(db, ids)
    posts: dict[str, list[GridPost]] = {}
    for row in browsing.posts_on(db, ids):
        posts.setdefault(row["project"], []).append(_post(row))
    people, companies = _names_on(db, ids)
    notes = notes_on(db, ids)
    return tuple(
        GridRow(
            project=project_row(rows[id_]), posts=tuple(posts.get(id_, ())), people=people.get(id_, ()),
            companies=companies.get(id_, ()), note=notes.get(id_, ""),
        )
        for id_ in ids
    )  # fmt: skip


def _names_on(
    db: sqlite3.Connection, ids: Sequence[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Project -> who leads it, the first five; and its first four companies."""
    people: dict[str, dict[str, None]] = {}
    companies: dict[str, dict[str, None]] = {}
    for project, kind, role, name in reading.standing_on(db, ids):
        if kind == "company" or role in LEADING:
            (companies if kind == "company" else people).setdefault(project, {})[name] = None
    return (
        {id_: tuple(islice(names, 5)) for id_, names in people.items()},
        {id_: tuple(islice(names, 4)) for id_, names in companies.items()},
    )


def _post(row: sqlite3.Row) -> GridPost:
    said = None
    if row["quote"] is not None:
        said = Evidence(
            claim=row["claim"], article=row["article"], day=row["day"], quote=row["quote"], start=row["start"],
            end=row["end"], outlet=row["a_outlet"], voice=row["a_outlet"], url=row["url"],
            makers=makers_of(row),
        )  # fmt: skip
    return GridPost(
        role=row["role"], part=row["part"] or None, why=row["why"], stated=bool(row["stated"]), since=row["since"],
        confirmed=row["confirmed"], outlet=row["outlet"], evidence=said,
    )  # fmt: skip


def names_after(
    db: sqlite3.Connection, about: str, key: str = "", *, limit: int = 100
) -> tuple[tuple[NameRow, ...], str | None]:
    """People (`about` person) or companies in the order of their keys, after a key; and the key to go on after."""
    with snapshot(db):
        rows = browsing.names_after(db, "credit" if about == "person" else "company", key, limit + 1)
    names = tuple(name_row(row) for row in rows[:limit])
    return names, names[-1].key if len(rows) > limit else None


def changes_since(
    db: sqlite3.Connection, since: str = "", after: tuple[str, str, str] = ("", "", ""), *, limit: int = 100
) -> tuple[tuple[ChangeRow, ...], tuple[str, str, str] | None]:
    """Changes in the order the store learned of them, from a day or time (ISO) on, after (time, project, id)."""
    with snapshot(db):
        rows = browsing.changes_noted(db, since, *after, limit + 1)
    found = tuple(change_row(row) for row in rows[:limit])
    return found, (found[-1].noted, found[-1].project, found[-1].change.id) if len(rows) > limit else None


def changes_of(
    db: sqlite3.Connection, projects: Iterable[str], *, key: str | None = None, limit: int = 100
) -> list[ChangeRow]:
    """The newest changes of these projects; with `key`, those that name this person or company."""
    with snapshot(db):
        rows = [change_row(row) for row in browsing.changes_of_projects(db, projects, limit * 4)]
    if key is not None:
        rows = [r for r in rows if _key_of(r) == key]
    return sorted(rows, key=lambda r: (r.noted, r.change.day, r.change.id), reverse=True)[:limit]


def _key_of(row: ChangeRow) -> str | None:
    keys = {"credit": person_key, "company": company_key}
    return keys[row.change.kind](row.change.value) if row.change.kind in keys else None


def changes_in_role(db: sqlite3.Connection, role: str, *, limit: int = 100) -> list[ChangeRow]:
    """The newest changes in a role: people who came or left, posts that opened or were filled."""
    if role not in CREDIT_ROLES:
        raise BadInput(f"there is no role {role!r}; there are {', '.join(CREDIT_ROLES)}")
    with snapshot(db):
        return [change_row(row) for row in browsing.changes_in_role(db, role, WINDOW, limit)]
