"""The feed, and an article with its claims marked in its words."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from slatewatch import answers
from slatewatch.answers.browsing import END_OF_TIME, Wanted, browse
from slatewatch.answers.records import FeedItem
from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, FORMATS, MODALITIES, STATUSES, Change

from . import asked, links
from .marking import marked
from .rendering import page
from .wording import told

#: Articles of one page of the feed.
FEED = 15


@dataclass(frozen=True, slots=True)
class Group:
    """What an article changed in one project."""

    id: str
    title: str
    changes: list[Change]


def wanted(request: Request) -> Wanted:
    """The filters of a feed, as asked for."""
    return Wanted(
        outlet=asked.text(request, "outlet"), role=asked.choice(request, "role", CREDIT_ROLES + COMPANY_ROLES),
        modality=asked.choice(request, "modality", MODALITIES), format=asked.choice(request, "format", FORMATS),
        status=asked.choice(request, "status", STATUSES),
    )  # fmt: skip


def place(request: Request) -> tuple[str, str]:
    """Where a page of the feed begins: after what its token says, else on the day asked for, else at the newest."""
    after = asked.after(request, str, str)
    if after:
        return str(after[0]), str(after[1])
    day = asked.day(request, "day")
    return (day, "") if day else END_OF_TIME


def feed(request: Request) -> Response:
    want, begin = wanted(request), place(request)
    with request.app.state.connections.reading() as db:
        found = browse(db, want, begin, limit=FEED)
    said = {name: getattr(want, name) for name in Wanted.__dataclass_fields__}
    next_ = links.with_query("/", **said, next=asked.token(*found.next)) if found.next else None
    outlets = [score.row.outlet for score in request.app.state.figures.ask("outlets")]
    return page(
        request, "feed.html", here="/", page=found, groups={item.article.id: groups(item) for item in found.items},
        asked=want, asked_day=asked.day(request, "day"), filtered=any(said.values()) or bool(asked.day(request, "day")),
        searched=found.searched, next=next_, outlets=outlets,
    )  # fmt: skip


def groups(item: FeedItem) -> list[Group]:
    """The changes of an article by project, those that came first in front."""
    found: dict[str, Group] = {}
    for row in item.changes:
        found.setdefault(row.project, Group(row.project, row.title, [])).changes.append(row.change)
    for group in found.values():
        group.changes[:] = told(group.changes)
    return sorted(found.values(), key=lambda group: -len(group.changes))


def article(request: Request) -> Response:
    name = request.path_params.get("name") or request.query_params.get("name", "")
    part = asked.number(request, "part", 1, 10_000)
    with request.app.state.connections.reading() as db, asked.known():
        found = answers.article(db, name)
    text = marked(found, part)
    again = links.article(name) or "/"
    return page(
        request, "article.html", found=found, text=text, part=part,
        next=f"{again}{'&' if '?' in again else '?'}part={part + 1}" if text.more else None,
    )  # fmt: skip
