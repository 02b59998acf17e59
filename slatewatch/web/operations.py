"""What the API can be asked: one row an operation. Routes, checks and the OpenAPI document are made from these rows."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, get_args

from starlette.requests import Request

from slatewatch import answers
from slatewatch.answers import browsing, noting
from slatewatch.answers.listing import Order
from slatewatch.answers.overview import OutletScore
from slatewatch.answers.records import (
    ArticlePage,
    ChangeRow,
    Counts,
    DoubtRow,
    EditRow,
    FeedItem,
    Found,
    NamePage,
    NameRow,
    ProjectPage,
    ProjectRow,
)
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, MODALITIES, STATUSES, Change

from . import asked
from .reader_card import ReaderCard, reader_card
from .reading_pages import place, wanted

#: What an operation gives: the data, and the paging token of what comes after.
Given = tuple[Any, str | None]


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter. `allowed` are its only values, where there are such; `form` is date, date-time or none."""

    name: str
    what: str
    allowed: tuple[str, ...] = ()
    form: str | None = None
    kind: str = "string"
    needed: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """A question over GET. `gives` is the type of `data`; `ask` finds it."""

    path: str
    name: str
    what: str
    gives: Any
    ask: Callable[[Request, sqlite3.Connection], Given]
    params: tuple[Param, ...] = ()


NEXT = Param("next", "Where to go on: `next` of the answer before.")
LIMIT = Param("limit", "At most so many, 1 to 200 (50).", kind="integer")
FORMAT = Param("format", "Of projects of this format.", FORMATS)
STATUS = Param("status", "Of projects of this status.", STATUSES)
ROLE = Param("role", "Changes in this role.", CREDIT_ROLES + COMPANY_ROLES)


def _limit(request: Request) -> int:
    return asked.number(request, "limit", 50, 200)


def _feed(request: Request, db: sqlite3.Connection) -> Given:
    page = browsing.browse(db, wanted(request), place(request), limit=_limit(request))
    return page.items, asked.token(*page.next) if page.next else None


def _projects(request: Request, db: sqlite3.Connection) -> Given:
    limit, begin = _limit(request), asked.offset(request)
    order: Any = asked.choice(request, "order", get_args(Order)) or "newest"
    rows = answers.projects(
        db,
        status=asked.choice(request, "status", STATUSES),
        format=asked.choice(request, "format", FORMATS),
        since=asked.day(request, "since"),
        conflicting=asked.flag(request, "conflicting"),
        order=order,
        limit=limit + 1,
        offset=begin,
    )
    return rows[:limit], asked.token(begin + limit) if len(rows) > limit else None


def _project(request: Request, db: sqlite3.Connection) -> Given:
    as_of = asked.day(request, "as_of")
    with asked.known():
        return answers.project(db, request.path_params["id"], as_of=as_of), None


def _project_changes(request: Request, db: sqlite3.Connection) -> Given:
    with asked.known():
        return answers.project(db, request.path_params["id"]).project.changes, None


def _article(request: Request, db: sqlite3.Connection) -> Given:
    with asked.known():
        return answers.article(db, request.path_params["id"]), None


def _open(request: Request, db: sqlite3.Connection) -> Given:
    rows, more = browsing.grid(
        db,
        asked.choice(request, "order", browsing.GRID_ORDERS) or "confirmed",
        role=asked.choice(request, "role", CREDIT_ROLES),
        format=asked.choice(request, "format", FORMATS),
        status=asked.choice(request, "status", STATUSES),
        since=asked.day(request, "since"),
        dead=asked.flag(request, "dead"),
        limit=_limit(request),
        offset=asked.offset(request),
    )
    # Notes are private: they are given to who brings the token.
    signed = "authorization" in request.headers and request.app.state.sessions.bearer(request)
    shown = rows if signed else tuple(replace(row, note="") for row in rows)
    return shown, asked.token(more) if more else None


def _names(about: str) -> Callable[[Request, sqlite3.Connection], Given]:
    def ask(request: Request, db: sqlite3.Connection) -> Given:
        query, after = asked.text(request, "q"), asked.after(request, str)
        if query:
            asker = answers.people if about == "person" else answers.companies
            return asker(db, query, limit=_limit(request)), None
        rows, more = browsing.names_after(db, about, str(after[0]) if after else "", limit=_limit(request))
        return rows, asked.token(more) if more else None

    return ask


def _person(request: Request, db: sqlite3.Connection) -> Given:
    with asked.known():
        return answers.person(db, request.path_params["name"]), None


def _company(request: Request, db: sqlite3.Connection) -> Given:
    with asked.known():
        return answers.company(db, request.path_params["name"]), None


def _find(request: Request, db: sqlite3.Connection) -> Given:
    return answers.find(db, asked.text(request, "q") or "", limit=asked.number(request, "limit", 20, 50)), None


def _changes(request: Request, db: sqlite3.Connection) -> Given:
    noted, project, id_ = asked.after(request, str, str, str) or ("", "", "")
    since = asked.moment(request, "since") or ""
    rows, more = browsing.changes_since(db, since, (str(noted), str(project), str(id_)), limit=_limit(request))
    return rows, asked.token(*more) if more else None


def _edits(request: Request, db: sqlite3.Connection) -> Given:
    since, name = asked.moment(request, "since"), asked.text(request, "project")
    with asked.known():
        project = answers.project_id(db, name) if name else None
    return answers.edits(db, project, since=since, limit=_limit(request)), None


def _figure(name: str) -> Callable[[Request, sqlite3.Connection], Given]:
    return lambda request, db: (request.app.state.figures.ask(name), None)


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "/api/feed",
        "feed",
        "Articles, the newest first, each with what it changed.",
        list[FeedItem],
        _feed,
        (
            Param("outlet", "Of this outlet."),
            ROLE,
            Param("modality", "Changes to this modality.", MODALITIES),
            FORMAT,
            STATUS,
            Param("day", "Up to this day.", form="date"),
            NEXT,
            LIMIT,
        ),
    ),
    Operation(
        "/api/projects",
        "projects",
        "Projects.",
        list[ProjectRow],
        _projects,
        (
            FORMAT,
            STATUS,
            Param("since", "Heard of since this day.", form="date"),
            Param("conflicting", "Only those with contradictions.", ("0", "1", "true", "false")),
            Param("order", "Their order (newest).", get_args(Order)),
            NEXT,
            LIMIT,
        ),
    ),
    Operation(
        "/api/projects/{id}",
        "project",
        "Everything on one project, by its id or a title.",
        ProjectPage,
        _project,
        (Param("as_of", "As it stood on this day.", form="date"),),
    ),
    Operation(
        "/api/projects/{id}/changes",
        "projectChanges",
        "A project's history, the oldest first.",
        list[Change],
        _project_changes,
    ),
    Operation("/api/articles/{id:path}", "article", "An article, its words and its claims.", ArticlePage, _article),
    Operation(
        "/api/open",
        "open",
        "Projects with open posts.",
        list[browsing.GridRow],
        _open,
        (
            Param("role", "With this post open.", CREDIT_ROLES),
            FORMAT,
            STATUS,
            Param("since", "With a post confirmed since this day.", form="date"),
            Param("dead", "Finished and cancelled ones too.", ("0", "1", "true", "false")),
            Param("order", "Their order (confirmed).", browsing.GRID_ORDERS),
            NEXT,
            LIMIT,
        ),
    ),
    Operation(
        "/api/people",
        "people",
        "People, or those whose name holds the words `q`.",
        list[NameRow],
        _names("person"),
        (Param("q", "Words of the name."), NEXT, LIMIT),
    ),
    Operation("/api/people/{name:path}", "person", "A person's parts in projects.", NamePage, _person),
    Operation(
        "/api/companies",
        "companies",
        "Companies, or those whose name holds the words `q`.",
        list[NameRow],
        _names("company"),
        (Param("q", "Words of the name."), NEXT, LIMIT),
    ),
    Operation("/api/companies/{name:path}", "company", "A company's slate.", NamePage, _company),
    Operation("/api/outlets", "outlets", "How outlets do.", list[OutletScore], _figure("outlets")),
    Operation(
        "/api/find",
        "find",
        "Search over titles, names and quotes.",
        Found,
        _find,
        (Param("q", "The words.", needed=True), Param("limit", "Of each at most so many, 1 to 50.", kind="integer")),
    ),
    Operation(
        "/api/changes",
        "changes",
        "What changed, in the order the store learned of it: keep `next` or the last `noted`, and ask again.",
        list[ChangeRow],
        _changes,
        (Param("since", "Noted since this day or time.", form="date-time or date"), NEXT, LIMIT),
    ),
    Operation(
        "/api/edits",
        "edits",
        "Articles that were edited, the last first, each with the claims that the edit brought and dropped.",
        list[EditRow],
        _edits,
        (
            Param("project", "Of articles on this project, by its id or a title."),
            Param("since", "Edited since this day or time.", form="date-time or date"),
            LIMIT,
        ),
    ),
    Operation(
        "/api/reader",
        "reader",
        "The reader of articles: what it learned from, and how often it is right.",
        ReaderCard | None,
        lambda request, db: (reader_card(), None),
    ),
    Operation("/api/counts", "counts", "How much the store holds.", Counts, _figure("counts")),
    Operation(
        "/api/coverage",
        "coverage",
        "The store's articles, claims and projects, counted by what they are.",
        dict[str, list[tuple[str | None, int]]],
        _figure("coverage"),
    ),
    Operation(
        "/api/review",
        "review",
        "Pairs of projects that may be one.",
        list[DoubtRow],
        lambda request, db: (answers.review(db, limit=_limit(request)), None),
        (LIMIT,),
    ),
    Operation(
        "/api/doubts",
        "doubts",
        "Claims that the reader was not sure of.",
        list[noting.DoubtfulClaim],
        lambda request, db: (noting.doubtful(db, limit=_limit(request)), None),
        (LIMIT,),
    ),
)
