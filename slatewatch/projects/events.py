"""Step 5 of merging: the claims of one project as events in lanes, each lane one matter: a person in a role, say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from slatewatch.model import STATUSES, Claim, Evidence, Mention, Modality, Report
from slatewatch.names import company_key, fold, person_key

from .copies import story
from .mentions import reading_order

#: How far along a modality is: what comes later in this list follows on what comes before.
FIRMNESS: dict[Modality | None, int] = {None: 0, "interest": 1, "in_talks": 2, "denied": 3, "attached": 4, "exited": 5}
#: Within so many days a report that credits an outlet only passes on what that outlet has said.
REPEAT_DAYS = 30

Lane = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Event:
    """One claim in its lane: (kind, role, key). `copies` are the same words in copies of its article."""

    lane: Lane
    claim: Claim
    report: Report
    voice: str
    repeat: bool = False
    copies: tuple[Event, ...] = ()

    @property
    def day(self) -> str:
        return self.report.day

    @property
    def state(self) -> str:
        """What the claim says of its lane: the modality of a credit or company, else the value."""
        return self.claim.modality or self.claim.value or ""

    def evidence(self) -> Evidence:
        claim, report = self.claim, self.report
        return Evidence(
            claim=claim.id, article=report.id, day=report.day, quote=claim.quote, start=claim.start, end=claim.end,
            outlet=report.outlet, voice=self.voice, url=report.url, modality=claim.modality, repeat=self.repeat,
            copy_of=report.copy_of, makers=claim.makers,
        )  # fmt: skip


def days_between(earlier: str, later: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def lanes_of(
    mentions: Iterable[Mention], people: Mapping[str, str], companies: Mapping[str, str]
) -> dict[Lane, list[Event]]:
    """Lane -> its events in the order of time. Of one article only the last word on a matter counts.

    Articles of one moment are ordered by how far along they say things are.
    """
    last: dict[tuple[Lane, str], Event] = {}
    for mention in mentions:
        for claim in sorted(mention.claims, key=reading_order):
            lane = _lane(claim, people, companies)
            if lane is not None:
                old = last.get((lane, mention.report.id))
                kept = old.claim.character if old and not claim.character else None
                last[lane, mention.report.id] = Event(lane, _with(claim, kept), mention.report, mention.voice)
    sorted_in: dict[Lane, list[Event]] = {}
    for event in sorted(last.values(), key=_when):
        sorted_in.setdefault(event.lane, []).append(event)
    lanes: dict[Lane, list[Event]] = {}
    for lane, events in sorted_in.items():
        for event in _folded(events):
            lane_events = lanes.setdefault(lane, [])
            lane_events.append(_marked(event, lane_events))
    return lanes


def _with(claim: Claim, character: str | None) -> Claim:
    if character is None:
        return claim
    fields = {name: getattr(claim, name) for name in Claim.__dataclass_fields__}
    return Claim(**{**fields, "character": character})


def _lane(claim: Claim, people: Mapping[str, str], companies: Mapping[str, str]) -> Lane | None:
    role, value = claim.role or "", claim.value or ""
    if claim.kind == "credit":
        key = person_key(value)
        return ("credit", role, people.get(key, key))
    if claim.kind == "company":
        key = company_key(value)
        return ("company", role, companies.get(key, key))
    if claim.kind in {"based_on", "location", "alias"}:
        return (claim.kind, role, fold(value))
    if claim.kind in {"status", "format", "date", "open_role"}:
        return (claim.kind, role, "")
    return None


def _when(event: Event) -> tuple[str, str, int, str]:
    claim = event.claim
    if claim.kind == "status" and claim.value in STATUSES:
        far = STATUSES.index(claim.value)
    else:
        far = FIRMNESS.get(claim.modality, 0)
    return (event.day, (event.report.published or "")[10:], far, event.report.id)


def _folded(events: Iterable[Event]) -> list[Event]:
    """The events of a lane, where what a copy says as its original does is no event of its own but one beside it.

    What a copy says otherwise, or beyond its original, stays its own.
    """
    ordered = list(events)
    if all(event.report.copy_of is None for event in ordered):
        return ordered
    heads: dict[tuple[str, str], int] = {}
    for at in sorted(range(len(ordered)), key=lambda n: (ordered[n].report.copy_of is not None, n)):
        heads.setdefault((story(ordered[at].report), ordered[at].state), at)
    found: dict[int, Event] = {}
    beside: dict[int, list[Event]] = {}
    for at, event in enumerate(ordered):
        head = heads[story(event.report), event.state]
        if head == at:
            found[at] = event
        else:
            beside.setdefault(head, []).append(replace(event, voice=ordered[head].voice, repeat=True))
    return [replace(found[at], copies=tuple(beside.get(at, ()))) for at in sorted(found)]


def _marked(event: Event, before: Sequence[Event]) -> Event:
    """The event, marked where it only repeats what the outlet it credits has said."""
    if event.voice == event.report.outlet:
        return event
    for old in reversed(before):
        if days_between(old.day, event.day) > REPEAT_DAYS:
            break
        if fold(old.voice) == fold(event.voice) and old.state == event.state:
            return replace(event, repeat=True)
    return event
