"""The grid of open assignments: projects by rows, posts by columns; and the same for a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from slatewatch.answers.browsing import GRID_ORDERS, GridLine, grid, grid_ids, grid_lines, grid_roles
from slatewatch.model import CREDIT_ROLES, FORMATS, STATUSES
from slatewatch.spreadsheets import harmless

from . import asked, links
from .rendering import page
from .wording import plain

ROWS = 25
#: Rows that are written to a spreadsheet at one time, so that other requests have their turn between; and at most.
BATCH, MOST = 100, 20_000
#: Characters of one cell.
LONGEST = 2000
FIELDS = ("id", "project", "format", "status", "last heard", "people", "companies")


def wanted(request: Request) -> dict[str, Any]:
    """The grid's filters and order, as asked for."""
    return {
        "order": asked.choice(request, "order", GRID_ORDERS) or "confirmed",
        "role": asked.choice(request, "role", CREDIT_ROLES),
        "format": asked.choice(request, "format", FORMATS),
        "status": asked.choice(request, "status", STATUSES),
        "since": asked.day(request, "since"),
        "dead": asked.flag(request, "dead"),
    }


def open_posts(request: Request) -> Response:
    want, begin = wanted(request), asked.offset(request)
    with request.app.state.connections.reading() as db:
        rows, more = grid(db, **want, limit=ROWS, offset=begin)
        roles = grid_roles(db)
    said = {**want, "dead": "1" if want["dead"] else None}
    here = {name: value for name, value in said.items() if name != "order"}
    return page(
        request, "grid.html", here="/open", rows=rows, roles=roles, **want,
        sorts={order: links.with_query("/open", order=order, **here) for order in GRID_ORDERS},
        only={role: links.with_query("/open", **{**said, "role": role}) for role in roles},
        csv=links.with_query("/open.csv", **said), again=links.with_query("/open", **said),
        next=links.with_query("/open", **said, next=asked.token(more)) if more else None,
    )  # fmt: skip


def open_csv(request: Request) -> Response:
    """A line a project, a column a role with the day its post was last confirmed; notes only for who is signed in."""
    want = wanted(request)
    signed = request.app.state.sessions.session(request) is not None
    return StreamingResponse(
        _lines(request, want, signed), media_type="text/csv; charset=utf-8",
        headers={"content-disposition": 'attachment; filename="open-posts.csv"', "cache-control": "private, no-store"},
    )  # fmt: skip


def _lines(request: Request, want: dict[str, Any], notes: bool) -> Iterator[str]:
    yield _csv([[*FIELDS, *map(plain, CREDIT_ROLES), *(["note"] if notes else [])]])
    connections = request.app.state.connections
    with connections.reading() as db:
        ids = grid_ids(db, **want, limit=MOST)
    for begin in range(0, len(ids), BATCH):
        # A slow reader holds no connection while it takes what was made.
        with connections.reading() as db:
            rows = grid_lines(db, ids[begin : begin + BATCH])
        yield _csv(_cells(row, notes) for row in rows)


def _cells(row: GridLine, notes: bool) -> list[str]:
    one = row.project
    said = [one.id, one.title, one.format or "", one.status or "", one.last_day, "; ".join(row.people)]
    days = [row.posts.get(role, "") for role in CREDIT_ROLES]
    return [*said, "; ".join(row.companies), *days, *([row.note] if notes else [])]


def _csv(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(
        [harmless(cell.replace("\x00", "")[:LONGEST]) for cell in row] for row in rows
    )
    return out.getvalue()
