"""Atom feeds: of everything, a project, a person, a company, a role, a search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from slatewatch import answers
from slatewatch.answers import browsing
from slatewatch.answers.records import ChangeRow, QuoteRow
from slatewatch.answers.searching import quotes
from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES
from slatewatch.watching import atom as watch_atom
from slatewatch.watching import finding, telling

from . import asked, atom, links
from .atom import Entry
from .rendering import tagged

ENTRIES = 60


def everything(request: Request) -> Response:
    with request.app.state.connections.reading() as db:
        rows = answers.changes(db, limit=ENTRIES)
    return _of_changes(request, "everything", "/", rows)


def project(request: Request) -> Response:
    with request.app.state.connections.reading() as db, asked.known():
        id_ = answers.project_id(db, request.path_params["id"])
        rows = browsing.changes_of(db, [id_], limit=ENTRIES)
    return _of_changes(request, rows[0].title if rows else id_, links.project(id_) or "/", rows)


def person(request: Request) -> Response:
    return _named(request, answers.person, links.person)


def company(request: Request) -> Response:
    return _named(request, answers.company, links.company)


def _named(request: Request, ask: Any, link: Any) -> Response:
    name = asked.text(request, "name")
    if name is None:
        raise BadInput("say whose feed: ?name=NAME")
    with request.app.state.connections.reading() as db, asked.known():
        found = ask(db, name)
        projects = [credit.project.id for credit in found.credits][:400]
        rows = browsing.changes_of(db, projects, key=found.key, limit=ENTRIES)
    return _of_changes(request, found.name, link(found.name) or "/", rows)


def role(request: Request) -> Response:
    wanted = asked.choice(request, "role", CREDIT_ROLES)
    if wanted is None:
        raise BadInput(f"say which: ?role= one of {', '.join(CREDIT_ROLES)}")
    with request.app.state.connections.reading() as db:
        rows = browsing.changes_in_role(db, wanted, limit=ENTRIES)
    return _of_changes(request, wanted.replace("_", " "), links.with_query("/", role=wanted), rows)


def search(request: Request) -> Response:
    query = asked.text(request, "q")
    if query is None or not re.search(r"\w", query):
        raise BadInput("say what to search for: ?q=WORDS")
    with request.app.state.connections.reading() as db:
        found = quotes(db, query, limit=ENTRIES)
    return _feed(request, f"“{query}”", links.with_query("/search", q=query), [_of_quote(row) for row in found])


def watch(request: Request) -> Response:
    """The feed of a watch. Its id cannot be guessed, and nothing else leads to it: what is watched for is private."""
    with request.app.state.connections.reading() as db:
        found = next((w for w in finding.all_watches(db) if w.id == request.path_params["id"]), None)
        if found is None:
            raise HTTPException(404, "There is no such watch.")
        body = watch_atom.feed_of(found, telling.of_watch(db, found, limit=ENTRIES), address=str(request.url))
    return tagged(request, body, "application/atom+xml; charset=utf-8")


def _of_changes(request: Request, title: str, page: str, rows: Iterable[ChangeRow]) -> Response:
    entries = [
        atom.entry_of(row.project, row.title, row.change, links.project(row.project) or "/", row.noted) for row in rows
    ]
    return _feed(request, title, page, entries)


def _of_quote(row: QuoteRow) -> Entry:
    name = f"quote:{row.article}:{row.quote}"
    return name, row.title or row.outlet or "quote", links.article(row.article) or "/", row.day, f"“{row.quote}”"


def _feed(request: Request, title: str, page: str, entries: list[Entry]) -> Response:
    base = str(request.base_url).rstrip("/")
    self_ = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    return tagged(request, atom.document(title, base, self_, page, entries), "application/atom+xml; charset=utf-8")


ROUTES = (
    Route("/feeds/all.atom", everything),
    Route("/feeds/project/{id}.atom", project),
    Route("/feeds/person.atom", person),
    Route("/feeds/company.atom", company),
    Route("/feeds/role.atom", role),
    Route("/feeds/search.atom", search),
    Route("/feeds/watch/{id}.atom", watch),
)
