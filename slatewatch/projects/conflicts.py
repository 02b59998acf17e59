"""Conflicts: what one outlet says against another on the same matter at the same time. Change with time is history."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations

from slatewatch.model import Conflict
from slatewatch.names import compare_companies, fold

from .dates import agree
from .events import FIRMNESS, Event, Lane, days_between
from .standings import BOOKISH, VAGUE

#: Two outlets speak of the same time when so many days lie between them: nobody leaves, comes back and is reported on
#: within a month, but a person in talks may well sign within a week.
SAME_TIME = 30
SAME_WEEK = 7
#: Roles that one holder fills: two names in them at one time contradict each other.
ONE_HOLDER = frozenset({"director", "showrunner", "composer", "cinematographer", "studio", "network", "distributor"})
ALIVE = frozenset({"greenlit", "pre_production", "filming", "post_production", "completed", "released"})
DEAD = frozenset({"cancelled", "stalled", "turnaround"})
SURE_TO_GO = frozenset({"greenlit", "pre_production"})
UNSURE = frozenset({"pitch", "optioned", "development"})
SHOT = ("filming", "post_production", "completed", "released")

Pair = tuple[Event, Event]


def conflicts(lanes: Mapping[Lane, Sequence[Event]]) -> tuple[Conflict, ...]:
    """Every contradiction between two voices, one a matter and a pair of values, the earliest first."""
    found: dict[tuple[str, frozenset[str]], tuple[tuple[str, str], list[Event], str]] = {}
    for finder in FINDERS:
        for role, values, pair, why in finder(lanes):
            key = (role, frozenset(fold(value) for value in values))
            if key in found:
                found[key][1].extend(pair)
            elif len(key[1]) == 2:
                found[key] = (values, list(pair), why)
    made = [_conflict(role, *rest) for (role, _), rest in found.items()]
    return tuple(sorted(made, key=lambda c: (c.evidence[0].day, c.role, c.values)))


def _conflict(role: str, values: tuple[str, str], events: Sequence[Event], why: str) -> Conflict:
    unique = {event.claim.id: event for event in sorted(events, key=lambda e: (e.day, e.report.id, e.claim.start))}
    articles = tuple(dict.fromkeys(event.report.id for event in unique.values()))
    return Conflict(
        role=role, values=values, articles=articles, why=why, evidence=tuple(e.evidence() for e in unique.values())
    )


def _outlet(event: Event) -> str:
    """Who says it. An outlet that credits another and yet says otherwise contradicts it."""
    return fold(event.report.outlet or event.report.id)


Found = tuple[str, tuple[str, str], Pair, str]


def _firmness(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    """Two outlets on how firmly one person or company is in."""
    for lane, events in lanes.items():
        if lane[0] in {"credit", "company"}:
            for first, second, gap in _near(events, 36_500):
                why = _against(first, second, gap, events)
                if why:
                    name = second.claim.value or ""
                    yield lane[1], (f"{name}: {first.state}", f"{name}: {second.state}"), (first, second), why


def _against(first: Event, second: Event, gap: int, events: Sequence[Event]) -> str | None:
    states = (first.state, second.state)
    if states[0] == states[1] or set(states) == {"interest", "in_talks"}:
        return None
    if states in {("denied", "exited"), ("attached", "denied"), ("exited", "denied")}:
        changed = any(first.day < e.day < second.day and e.state not in states for e in events)
        return None if changed else "one says it was so, the other that it never was"
    if "denied" in states:
        return "one denies what the other reports" if gap <= SAME_WEEK * 2 and "interest" not in states else None
    if gap == 0:
        return "on the same day"
    if gap <= SAME_TIME and FIRMNESS[first.claim.modality] > FIRMNESS[second.claim.modality]:
        return f"{gap} days apart, the later report less far along"
    return None


def _near(events: Sequence[Event], days: int) -> Iterator[tuple[Event, Event, int]]:
    """Pairs of different outlets within so many days, in the order of time; the nearest word of each outlet alone."""
    for at, first in enumerate(events):
        heard: set[str] = set()
        for second in events[at + 1 :]:
            gap = days_between(first.day, second.day)
            outlet = _outlet(second)
            if gap > days:
                break
            if outlet != _outlet(first) and outlet not in heard:
                heard.add(outlet)
                yield first, second, gap


def _holders(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    """Two names for one post: the one director, or one part."""
    rivals: dict[tuple[str, str], list[Event]] = {}
    for lane, events in lanes.items():
        if lane[0] not in {"credit", "company"}:
            continue
        for event in events:
            if event.state not in {"attached", "in_talks"}:
                continue
            if lane[1] in ONE_HOLDER:
                rivals.setdefault((lane[1], ""), []).append(event)
            elif lane[1] == "cast" and event.claim.character:
                rivals.setdefault(("cast", fold(event.claim.character).split(" ")[0]), []).append(event)
    said = _said_in(lanes)
    for (role, _), events in rivals.items():
        ordered = sorted(events, key=lambda e: (e.day, e.report.id))
        for first, second, gap in _close(ordered):
            window = SAME_WEEK * 2 if first.state == second.state == "attached" else SAME_WEEK
            if gap <= window and _rivals(first, second, said):
                values = (first.claim.value or "", second.claim.value or "")
                yield role, values, (first, second), f"different names, {gap} days apart"


def _close(ordered: Sequence[Event]) -> Iterator[tuple[Event, Event, int]]:
    for at, first in enumerate(ordered):
        for second in ordered[at + 1 :]:
            gap = days_between(first.day, second.day)
            if gap > SAME_WEEK * 2:
                break
            if first.lane != second.lane and _outlet(first) != _outlet(second):
                yield first, second, gap


def _said_in(lanes: Mapping[Lane, Sequence[Event]]) -> set[tuple[str, Lane]]:
    return {(event.report.id, lane) for lane, events in lanes.items() for event in events}


def _rivals(first: Event, second: Event, said: set[tuple[str, Lane]]) -> bool:
    """Neither article knows of the other's name: one that does tells of a change, or of two who share the post."""
    if first.lane[0] == "company" and compare_companies(first.claim.value or "", second.claim.value or "").score >= 0.4:
        return False
    return (first.report.id, second.lane) not in said and (second.report.id, first.lane) not in said


def _denied_for(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    """One outlet denies a name and gives another; another outlet holds that the first was in."""
    for lane, events in lanes.items():
        denials = [e for e in events if e.state == "denied"] if lane[1] in ONE_HOLDER and lane[0] == "credit" else []
        for denial in denials:
            against = [e for e in events if e.state in {"attached", "exited"} and _outlet(e) != _outlet(denial)]
            for other_lane, others in lanes.items():
                if other_lane[:2] == lane[:2] and other_lane != lane:
                    instead = [e for e in others if e.report.id == denial.report.id and e.state == "attached"]
                    for one in instead[:1]:
                        for rival in against[:1]:
                            values = (one.claim.value or "", rival.claim.value or "")
                            yield lane[1], values, (denial, rival), "one names another and denies the first"


def _status(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    for first, second, gap in _near(lanes.get(("status", "", ""), ()), SAME_TIME):
        a, b = first.state, second.state
        dead = (a in DEAD and b in ALIVE) or (gap <= 3 and a in ALIVE and b in DEAD)
        vague = a in SURE_TO_GO and b in UNSURE and gap <= 2 * SAME_WEEK
        back = a in SHOT and (b not in SHOT or SHOT.index(b) < SHOT.index(a)) and b not in DEAD
        both = {a, b} <= DEAD and a != b and gap <= SAME_WEEK
        if dead or back or both or vague:
            yield "status", (a, b), (first, second), f"{gap} days apart"


def _format(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    for first, second, gap in _near(lanes.get(("format", "", ""), ()), SAME_TIME):
        a, b = first.state, second.state
        if a != b and a not in VAGUE.get(b, ()) and b not in VAGUE.get(a, ()):
            yield "format", (a, b), (first, second), f"{gap} days apart"


def _dates(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    for lane, events in lanes.items():
        if lane[0] == "date":
            for first, second, gap in _near(events, 3):
                if not agree(first.state, second.state):
                    yield lane[1], (first.state, second.state), (first, second), f"{gap} days apart"


def _sources(lanes: Mapping[Lane, Sequence[Event]]) -> Iterator[Found]:
    """Two works as the one source, or two kinds of work under one title."""
    works = [event for lane, events in sorted(lanes.items()) if lane[0] == "based_on" for event in events]
    for first, second in combinations(sorted(works, key=lambda e: (e.day, e.report.id, e.claim.start)), 2):
        if _outlet(first) == _outlet(second):
            continue
        a, b = first.lane, second.lane
        if a[1] != b[1] and a[2] == b[2] and _other_kind(a[1], b[1]):
            yield "based_on", (a[1], b[1]), (first, second), "two kinds of work under one title"
        elif a[1] == b[1] and a[1] not in {"life", "other"} and not (a[2].startswith(b[2]) or b[2].startswith(a[2])):
            yield "based_on", (first.claim.value or "", second.claim.value or ""), (first, second), "two source works"


def _other_kind(a: str, b: str) -> bool:
    """A film of a comic, and a remake of a film, may go by one title; a novel is no play."""
    written = {*BOOKISH, "article", "play", "podcast"}
    return a in written and b in written and "book" not in (a, b)


FINDERS: tuple[Callable[[Mapping[Lane, Sequence[Event]]], Iterator[Found]], ...] = (
    _firmness, _holders, _denied_for, _status, _format, _dates, _sources,
)  # fmt: skip
