"""Atom feeds: of everything, a project, a person, a company, a role, a search."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from markupsafe import escape
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from slatewatch import answers
from slatewatch.answers import browsing
from slatewatch.answers.records import ChangeRow, QuoteRow
from slatewatch.answers.searching import quotes
from slatewatch.errors import BadInput
from slatewatch.model import CREDIT_ROLES

from . import asked, links
from .rendering import tagged
from .shown import shown
from .wording import sentence

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


#: id, title, address, day or time, text.
Entry = tuple[str, str, str, str, str]


def _of_changes(request: Request, title: str, page: str, rows: Iterable[ChangeRow]) -> Response:
    entries: list[Entry] = []
    for row in rows:
        change = row.change
        said = (
            f"“{change.quote}” {change.outlet or ''}, {change.day}"
            if change.quote
            else f"{change.outlet or ''}, {change.day}"
        )
        entries.append(
            (
                f"change:{row.project}:{change.id}",
                f"{shown(row.title)!s}: {sentence(change)}",
                links.project(row.project) or "/",
                row.noted,
                said,
            )
        )
    return _feed(request, title, page, entries)


def _of_quote(row: QuoteRow) -> Entry:
    name = f"quote:{row.article}:{row.quote}"
    return name, row.title or row.outlet or "quote", links.article(row.article) or "/", row.day, f"“{row.quote}”"


def _feed(request: Request, title: str, page: str, entries: list[Entry]) -> Response:
    base = str(request.base_url).rstrip("/")
    updated = max((_time(day) for _, _, _, day, _ in entries), default="1970-01-01T00:00:00Z")
    self_ = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>slatewatch: {_text(title)}</title><id>tag:slatewatch,2026:feed:{_text(quote(self_))}</id>",
        f"<updated>{updated}</updated><author><name>slatewatch</name></author>"
        f'<link rel="self" href="{_text(base + self_)}"/><link href="{_text(base + page)}"/>',
    ]
    for name, heading, link, day, text in entries:
        id_ = f"tag:slatewatch,2026:{_text(quote(name[:300], safe=':'))}"
        lines.append(
            f"<entry><title>{_text(heading)}</title><id>{id_}</id>"
            f'<updated>{_time(day)}</updated><link href="{_text(base + link)}"/>'
            f"<content>{_text(text)}</content></entry>"
        )
    return tagged(
        request, "\n".join([*lines, "</feed>\n"]).encode("utf-8", "replace"), "application/atom+xml; charset=utf-8"
    )


def _text(text: str) -> str:
    """Escaped, without what XML cannot hold."""
    return str(escape(str(shown(text)).replace("\ufffe", "").replace("\uffff", "")))


def _time(day: str) -> str:
    if re.fullmatch(r"\d{4}-\d\d-\d\d", day):
        return f"{day}T00:00:00Z"
    return day if re.search(r"(Z|[+-]\d\d:\d\d)$", day) else f"{day}Z"


ROUTES = (
    Route("/feeds/all.atom", everything),
    Route("/feeds/project/{id}.atom", project),
    Route("/feeds/person.atom", person),
    Route("/feeds/company.atom", company),
    Route("/feeds/role.atom", role),
    Route("/feeds/search.atom", search),
)
