"""The list of projects, and everything on one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from slatewatch import answers
from slatewatch.answers.listing import Order
from slatewatch.answers.noting import note
from slatewatch.answers.records import ProjectPage
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, STATUSES, Change, Conflict, Evidence, Standing

from . import asked, links
from .pictures import lanes
from .rendering import page
from .wording import told

PAGE = 50
#: People, steps of the history and articles of one project shown at most: its first load stays light.
SHOWN = 60
ORDERS: tuple[Order, ...] = get_args(Order)


def projects(request: Request) -> Response:
    name = request.query_params.get("name")
    if name is not None:
        return _project(request, name)
    status, form = asked.choice(request, "status", STATUSES), asked.choice(request, "format", FORMATS)
    order = asked.choice(request, "order", ORDERS) or "newest"
    conflicting, begin = asked.flag(request, "conflicting"), asked.offset(request)
    with request.app.state.connections.reading() as db:
        rows = answers.projects(
            db, status=status, format=form, conflicting=conflicting, order=order,  # type: ignore[arg-type]
            limit=PAGE + 1, offset=begin,
        )  # fmt: skip
    more = asked.token(begin + PAGE) if len(rows) > PAGE else None
    said: dict[str, Any] = {
        "status": status,
        "format": form,
        "order": order,
        "conflicting": "1" if conflicting else None,
    }
    return page(
        request, "projects.html", here="/projects", rows=rows[:PAGE], orders=ORDERS, **said,
        next=links.with_query("/projects", **said, next=more) if more else None,
    )  # fmt: skip


def project(request: Request) -> Response:
    return _project(request, request.path_params["name"])


def _project(request: Request, name: str) -> Response:
    as_of = asked.day(request, "as_of")
    with request.app.state.connections.reading() as db, asked.known():
        found = answers.project(db, name, as_of=as_of)
        session = request.app.state.sessions.session(request)
        text = note(db, found.project.id) if session else None
    if name != found.project.id:
        # Titles and the ids of projects that were merged lead to the one address.
        return RedirectResponse(links.with_query(links.project(found.project.id) or "/", as_of=as_of), 307)
    one = found.project
    return page(
        request, "project.html", here="/projects", found=found, project=one, note=text, picture=lanes(one),
        people=_by_role(one.current, "credit", CREDIT_ROLES), companies=_by_role(one.current, "company", COMPANY_ROLES),
        rest={kind: [s for s in one.current if s.kind == kind] for kind in ("based_on", "date", "location")},
        single={s.kind: s for s in one.current if s.kind in {"status", "format"}},
        sides=[(conflict, sides(conflict, found)) for conflict in one.conflicts[:12]], shown=SHOWN,
        history=history(one.changes),
    )  # fmt: skip


def _by_role(current: tuple[Standing, ...], kind: str, roles: tuple[str, ...]) -> list[Standing]:
    rows = [s for s in current if s.kind == kind]
    gone = {"exited", "denied"}
    return sorted(rows, key=lambda s: (s.modality in gone, roles.index(s.role or ""), s.since))[:SHOWN]


@dataclass(frozen=True, slots=True)
class Step:
    """What one article changed."""

    day: str
    article: str
    outlet: str | None
    changes: list[Change]


def history(changes: Sequence[Change]) -> list[Step]:
    """The newest first, an article a step."""
    steps: dict[str, Step] = {}
    for change in reversed(changes):
        steps.setdefault(change.article, Step(change.day, change.article, change.outlet, [])).changes.append(change)
    for step in steps.values():
        step.changes[:] = told(step.changes)
    return list(steps.values())[:SHOWN]


@dataclass(frozen=True, slots=True)
class Side:
    """One value of a contradiction, and those who say it."""

    value: str
    evidence: list[Evidence]


def sides(conflict: Conflict, found: ProjectPage) -> list[Side]:
    """The values of a contradiction side by side, each with the words of its articles.

    Words go to the value whose name, or firmness, they bear; what fits none stands with the first.
    """
    made = [Side(value, []) for value in conflict.values]
    for one in conflict.evidence:
        name = [s for s in made if s.value.partition(": ")[0].casefold() in one.quote.casefold()]
        firm = [s for s in made if one.modality and s.value.endswith(f": {one.modality}")]
        fits = firm if len(firm) == 1 else name if len(name) == 1 else []
        if not fits and len(made) == 2 and len(conflict.evidence) == 2:
            fits = [made[conflict.evidence.index(one)]]
        (fits or made[:1])[0].evidence.append(one)
    return made
