"""Step 6 of merging: lanes -> the lines of a project's state, each with the day it was last confirmed and by whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from slatewatch.model import COMPANY_ROLES, CREDIT_ROLES, Kind, Standing
from slatewatch.names import fold, fullest

from .dates import standing_dates
from .events import Event, Lane

#: A word for a format that says less than another: "series" of a limited series takes nothing back.
VAGUE = {"film": {"documentary", "tv_movie", "short"}, "series": {"limited_series", "docuseries"}}
#: Source works that a vaguer word may stand for.
BOOKISH = ("book", "novel", "memoir", "comic", "short_story")
ORDER: tuple[str, ...] = ("credit", "company", "status", "format", "based_on", "date", "location", "alias")
RANK: dict[str, int] = {role: n for n, role in enumerate((*CREDIT_ROLES, *COMPANY_ROLES))}


def standings(lanes: Mapping[Lane, Sequence[Event]]) -> tuple[Standing, ...]:
    """The state after the last event: credits and companies with their last modality, the last status, and so on."""
    found = [_person_or_company(events) for lane, events in lanes.items() if lane[0] in {"credit", "company"}]
    found += [_single(run) for lane, events in lanes.items() if lane[0] == "status" and (run := _last_run(events))]
    found += [_single(run) for lane, events in lanes.items() if lane[0] == "format" and (run := format_run(events))]
    found += _sources(lanes)
    found += [_listed(events) for lane, events in lanes.items() if lane[0] in {"location", "alias"}]
    found += [_single(run, whole=events) for run, events in standing_dates(lanes)]
    return tuple(
        sorted(found, key=lambda s: (ORDER.index(s.kind), RANK.get(s.role or "", 99), s.role or "", s.since, s.key))
    )


def _last_run(events: Sequence[Event]) -> list[Event]:
    """The events at the end that agree with the last."""
    run: list[Event] = []
    for event in reversed(events):
        if event.state != events[-1].state:
            break
        run.append(event)
    return run[::-1]


def format_run(events: Sequence[Event]) -> list[Event]:
    """As _last_run, where a vaguer word for the format neither ends nor makes a run."""
    run: list[Event] = []
    for event in events:
        if run and event.state != run[-1].state:
            if run[-1].state in VAGUE.get(event.state, ()):
                continue
            run = []
        run.append(event)
    return run


def line(run: Sequence[Event], *, value: str, key: str, whole: Sequence[Event], **more: Any) -> Standing:
    """A standing of the events of `run`, with every event of the lane as its evidence, the latest first.

    Repeats of another outlet's report are evidence, and confirm nothing.
    """
    fresh = [event for event in run if not event.repeat] or list(run)
    kind, role, _ = run[0].lane
    return Standing(
        kind=cast(Kind, kind), role=role or None, value=value, key=key, since=run[0].day, confirmed=fresh[-1].day,
        outlet=fresh[-1].report.outlet, voices=len({fold(event.voice) for event in run}),
        evidence=tuple(one.evidence() for event in reversed(whole) for one in (event, *event.copies)), **more,
    )  # fmt: skip


def _person_or_company(events: Sequence[Event]) -> Standing:
    run = _last_run(events)
    names = [(event.day, event.claim.value or "") for event in events]
    return line(
        run, value=fullest(names), key=events[0].lane[2], whole=events, modality=events[-1].claim.modality,
        character=part_of(events), names=tuple(sorted({name for _, name in names})),
    )  # fmt: skip


def part_of(events: Iterable[Event]) -> str | None:
    """The part an actor plays: as last named, in the fullest form."""
    named = [(event.day, event.claim.character) for event in events if event.claim.character]
    return fullest([(day, part) for day, part in named if part]) if named else None


def _single(run: Sequence[Event], whole: Sequence[Event] | None = None) -> Standing:
    value = run[-1].claim.value or ""
    return line(run, value=value, key=fold(value), whole=whole or run)


def _listed(events: Sequence[Event]) -> Standing:
    names = [(event.day, event.claim.value or "") for event in events]
    return line(events, value=fullest(names), key=events[0].lane[2], whole=events)


def _sources(lanes: Mapping[Lane, Sequence[Event]]) -> list[Standing]:
    """One line a source work: a subtitle left out and a vaguer word for it make no other work."""
    works: list[list[Event]] = []
    for lane in sorted(lane for lane in lanes if lane[0] == "based_on"):
        for work in works:
            if _one_work(work[0].lane, lane) and _one_title(work[0], lanes[lane][0]):
                work.extend(lanes[lane])
                break
        else:
            works.append(list(lanes[lane]))
    return [_source(sorted(work, key=lambda e: (e.day, e.report.id))) for work in works]


def _one_work(a: Lane, b: Lane) -> bool:
    return a[1] == b[1] or ("book" in (a[1], b[1]) and a[1] in BOOKISH and b[1] in BOOKISH)


def _one_title(a: Event, b: Event) -> bool:
    left, right = a.claim.value or "", b.claim.value or ""
    heads = {fold(left.partition(":")[0]), fold(right.partition(":")[0])}
    return fold(left) == fold(right) or (len(heads) == 1 and (":" in left) != (":" in right))


def _source(events: Sequence[Event]) -> Standing:
    finest = max(reversed(events), key=lambda event: (event.lane[1] != "book", event.day))
    creators = dict.fromkeys(name for event in events for name in event.claim.creators)
    years = [event.claim.year for event in events if event.claim.year]
    value = fullest([(event.day, event.claim.value or "") for event in events])
    ordered = [event for event in events if event.lane[1] == finest.lane[1]]
    return line(
        ordered, value=value, key=fold(value), whole=events, creators=tuple(creators), year=years[-1] if years else None
    )
