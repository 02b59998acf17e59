"""People, companies and outlets."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from slatewatch import answers
from slatewatch.answers.browsing import names_after
from slatewatch.answers.overview import collaborators
from slatewatch.answers.records import CreditRow, NamePage
from slatewatch.model import STATUSES
from slatewatch.projects.stages import OVER

from . import asked, links
from .pictures import circle
from .rendering import page

NAMES = 40
#: Parts of one person or company shown at most.
SHOWN = 50
About = Literal["person", "company"]
FOLDER: dict[About, str] = {"person": "people", "company": "companies"}


def people(request: Request) -> Response:
    return _names(request, "person")


def companies(request: Request) -> Response:
    return _names(request, "company")


def person(request: Request) -> Response:
    return _one(request, "person", request.path_params["name"])


def company(request: Request) -> Response:
    return _one(request, "company", request.path_params["name"])


def _names(request: Request, about: About) -> Response:
    name = request.query_params.get("name")
    if name is not None:
        return _one(request, about, name)
    query, after = asked.text(request, "q"), asked.after(request, str)
    folder = FOLDER[about]
    with request.app.state.connections.reading() as db:
        if query:
            asker = answers.people if about == "person" else answers.companies
            rows, more = tuple(asker(db, query, limit=NAMES)), None
        else:
            rows, more = names_after(db, about, str(after[0]) if after else "", limit=NAMES)
    return page(
        request, "names.html", here=f"/{folder}", rows=rows, about=about, folder=folder, asked=query,
        next=links.with_query(f"/{folder}", next=asked.token(more)) if more else None,
    )  # fmt: skip


def _one(request: Request, about: About, name: str) -> Response:
    with request.app.state.connections.reading() as db:
        with asked.known():
            found = (answers.person if about == "person" else answers.company)(db, name)
        beside = collaborators(db, found) if about == "person" else ()
    now, past = now_and_past(found.credits)
    return page(
        request, f"{about}.html", here=f"/{FOLDER[about]}", found=found, now=now[:SHOWN], past=past[:SHOWN],
        slate=slate(found), beside=beside, dots=circle(beside), shown=SHOWN,
    )  # fmt: skip


def now_and_past(credits: Iterable[CreditRow]) -> tuple[list[CreditRow], list[CreditRow]]:
    """Parts in what is still being made, and all others: left, denied, or the project is over."""
    now: list[CreditRow] = []
    past: list[CreditRow] = []
    for credit in credits:
        over = credit.modality in {"exited", "denied"} or credit.project.status in OVER
        (past if over else now).append(credit)
    return now, past


def slate(found: NamePage) -> list[tuple[str | None, list[CreditRow]]]:
    """A company's projects by how far they are, the furthest first; those of no known status last."""
    by_status: dict[str | None, list[CreditRow]] = {}
    for credit in found.credits[: SHOWN * 2]:
        by_status.setdefault(credit.project.status, []).append(credit)
    return sorted(by_status.items(), key=lambda one: -STATUSES.index(one[0]) if one[0] in STATUSES else 99)


def outlets(request: Request) -> Response:
    scores = request.app.state.figures.ask("outlets")
    return page(request, "outlets.html", here="/outlets", scores=scores[:200], more=max(0, len(scores) - 200))
