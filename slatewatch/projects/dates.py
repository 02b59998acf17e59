"""Dates of a project: what still holds of the starts, wraps and releases that its articles name."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence

from .events import Event, Lane, days_between

SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 12)}
#: What a status tells of a date that has passed by: before it, the shoot had not begun, was not over, and so on.
UNBEGUN = frozenset(
    {"pitch", "optioned", "treatment", "script", "development", "greenlit", "pre_production", "turnaround"}
)
UNWRAPPED = UNBEGUN | {"filming"}
UNRELEASED = UNWRAPPED | {"post_production", "completed"}
GONE = frozenset({"cancelled"})
MISSED = {"start": UNBEGUN, "wrap": UNWRAPPED, "release": UNRELEASED, "premiere": UNRELEASED}
#: A shoot that is said to be going on so many days after its start date began on another day.
LONG_SHOOT = 270


def span(value: str) -> tuple[str, str]:
    """The first and last day that a date of the vocabulary may mean: `2015-Q2` -> (`2015-04-01`, `2015-06-30`)."""
    year, _, rest = value.partition("-")
    if rest.startswith("Q"):
        months = (3 * int(rest[1]) - 2, 3 * int(rest[1]))
    elif rest.startswith("H"):
        months = (1, 6) if rest == "H1" else (7, 12)
    elif rest in SEASONS:
        months = SEASONS[rest]
    elif not rest:
        months = (1, 12)
    else:
        month, _, day = rest.partition("-")
        if day:
            # A 31st of June is in no calendar: the last day of the month is meant.
            last = calendar.monthrange(int(year), int(month))[1]
            exact = f"{year}-{month}-{min(int(day), last):02}"
            return exact, exact
        months = (int(month), int(month))
    last = calendar.monthrange(int(year), months[1])[1]
    return f"{year}-{months[0]:02}-01", f"{year}-{months[1]:02}-{last:02}"


def agree(a: str, b: str) -> bool:
    """Whether one date is but a coarser way to say the other, or both may mean one day."""
    left, right = span(a), span(b)
    return left[0] <= right[1] and right[0] <= left[1]


def is_finer(a: str, b: str) -> bool:
    left, right = span(a), span(b)
    return days_between(*left) < days_between(*right)


def standing_dates(lanes: Mapping[Lane, Sequence[Event]]) -> list[tuple[list[Event], Sequence[Event]]]:
    """(the events that say it, all events of the lane) for each date that still holds.

    A date is dropped when a later article shows that it was missed or that the project is gone. A coarser date that
    agrees with a finer one takes nothing back.
    """
    statuses = lanes.get(("status", "", ""), ())
    found = []
    for lane in sorted(lane for lane in lanes if lane[0] == "date"):
        run: list[Event] = []
        for event in lanes[lane]:
            value = event.claim.value or ""
            held = run[-1].claim.value or "" if run and not _dropped(run, statuses, event.day) else ""
            if held and agree(held, value) and not is_finer(value, held):
                run.append(_as_said(event, held))
            else:
                run = [event]
        if run and not _dropped(run, statuses, "9999"):
            found.append((run, lanes[lane]))
    return found


def _as_said(event: Event, value: str) -> Event:
    """The event under the finer date that it agrees with."""
    fields = {name: getattr(event.claim, name) for name in type(event.claim).__dataclass_fields__}
    return Event(event.lane, type(event.claim)(**{**fields, "value": value}), event.report, event.voice, event.repeat)


def _dropped(run: Sequence[Event], statuses: Sequence[Event], until: str) -> bool:
    """Whether a status said after the date was last named, and before `until`, shows that it no longer holds."""
    role, value, said = run[-1].lane[1], run[-1].claim.value or "", run[-1].day
    end = span(value)[1]
    if end < run[0].day:
        return False
    reached = False
    for event in statuses:
        status = event.claim.value or ""
        reached = reached or (role == "start" and status not in UNBEGUN | GONE | {"stalled"})
        if not said < event.day < until:
            continue
        if status in GONE and not reached:
            return True
        if status == "stalled" and end >= event.day:
            return True
        if end < event.day and status in MISSED.get(role, ()):
            return True
        if role == "start" and status == "filming" and end < event.day and days_between(end, event.day) > LONG_SHOOT:
            return True
    return False
