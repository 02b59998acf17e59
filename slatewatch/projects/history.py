"""The steps of a project's history: what each article changed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from slatewatch.model import Change, Mention, Post
from slatewatch.names import is_untitled, same_title

from .dates import agree, is_finer
from .events import Event, Lane
from .standings import VAGUE


def changes(
    mentions: Sequence[Mention], lanes: Mapping[Lane, Sequence[Event]], steps: Iterable[tuple[Event, Post, bool]]
) -> tuple[Change, ...]:
    """Every step, oldest first. `mentions` in the order of time; `steps` as open_posts gives them."""
    found = [*_names(mentions)]
    for lane, events in lanes.items():
        if lane[0] == "open_role":
            continue
        before: str | None = None
        for event in events:
            after = _after(lane[0], before, event)
            if after is not None:
                found.append(_change(event, lane[0], lane[1], event.claim.value or "", before, after))
                before = after
    for event, post, opened in steps:
        value = post.part or post.role
        before_after = (None, "open") if opened else ("open", "filled")
        found.append(_change(event, "open_role", post.role, value, *before_after))
    return tuple(
        sorted(found, key=lambda c: (c.day, c.article, c.kind != "project", c.kind, c.role or "", c.value, c.id))
    )


def _after(kind: str, before: str | None, event: Event) -> str | None:
    """What the lane says from this event on, None where the event changes nothing."""
    state = event.state
    if kind in {"credit", "company"}:
        return state if state != before else None
    if kind in {"based_on", "location", "alias"}:
        return state if before is None else None
    if before is None:
        return state
    if kind == "date":
        return None if agree(before, state) and not is_finer(state, before) else state
    if kind == "format" and before in VAGUE.get(state, ()):
        return None
    return state if state != before else None


def _change(event: Event, kind: str, role: str, value: str, before: str | None, after: str) -> Change:
    claim, report = event.claim, event.report
    said = (kind, role, value, before or "", after, claim.id)
    return Change(
        id=hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:20], day=report.day,
        article=report.id, kind=kind, role=role or None, value=value, before=before, after=after,
        outlet=report.outlet, url=report.url, claim=claim.id, quote=claim.quote,
    )  # fmt: skip


def _names(mentions: Sequence[Mention]) -> Iterator[Change]:
    """The project's first article, and each new title it was called by after an older one."""
    shown: str | None = None
    for mention in mentions:
        title, report = mention.title, mention.report
        if shown is not None and (same_title(shown, title) or is_untitled(title)):
            continue
        kind, claim = ("project" if shown is None else "title"), mention.claims[0]
        said = (kind, title, shown or "", mention.id)
        yield Change(
            id=hashlib.sha256("\x1f".join(said).encode("utf-8", "surrogatepass")).hexdigest()[:20], day=report.day,
            article=report.id, kind=kind, role=None, value=title, before=shown, after="new" if shown is None else title,
            outlet=report.outlet, url=report.url, claim=claim.id, quote=claim.quote,
        )  # fmt: skip
        shown = title
